/* The order in which threads look at the stages: furthest downstream first. */
#ifndef PRT_ORDER_H
#define PRT_ORDER_H

#include <stdbool.h>

struct prt_run;

/* Fills run->order. False: no memory. */
bool prt_order_(struct prt_run *run);

#endif
