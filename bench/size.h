/* Items of ITEM_SIZE bytes: a number, and what makes them as large. */
#ifndef SIZE_H
#define SIZE_H

#include "job.h"

#ifndef ITEM_SIZE
#define ITEM_SIZE 64
#endif

struct item {
    uint64_t number[ITEM_SIZE / sizeof(uint64_t)];
};

#endif
