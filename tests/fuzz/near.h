/* What the programs that near.c draws may use: types of items of every kind, and functions over them. */
#ifndef NEAR_H
#define NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct point {
    int a, b;
};

typedef struct {
    double a;
    char b[3];
} pair;

enum color { RED, GREEN };

struct card {
    char *title;
    int number;
};

struct block {
    int n;
};

static inline void card_drop(struct card card)
{
    free(card.title);
}

static inline struct card card_clone(struct card card)
{
    return (struct card){ card.title ? strdup(card.title) : NULL, card.number };
}

static inline void block_free(struct block *block)
{
    free(block);
}

static inline struct block *block_new(int n)
{
    struct block *block = malloc(sizeof *block);

    if (block)
        block->n = n;
    return block;
}

#endif
