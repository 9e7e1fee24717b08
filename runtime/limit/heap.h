/* A heap of times, the earliest first. Its memory is the owner's, who sees to it that it has a place for each of them. */
#ifndef PRT_HEAP_H
#define PRT_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct prt_due {
    uint64_t at;  /* ns; valid while set, and what it was set to when it was taken out */
    size_t place; /* in the heap, from 1; 0: not set */
};

struct prt_heap {
    struct prt_due **places; /* [1..n] */
    size_t n;
};

/* Enters it with this time; what is there already must not move back. */
void prt_heap_set_(struct prt_heap *heap, struct prt_due *due, uint64_t at);
void prt_heap_remove_(struct prt_heap *heap, struct prt_due *due); /* which is there */

/* The earliest; NULL: there is none. */
static inline struct prt_due *prt_heap_first_(const struct prt_heap *heap)
{
    return heap->n > 0 ? heap->places[1] : NULL;
}

#endif
