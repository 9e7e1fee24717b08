/* A bound: at most so many bodies, or units of weight, at once; first come, first served.
 *
 * Permits are handed over, never raced for: who gives back grants to the longest waiting that fits, and nobody overtakes
 * the queue. A weight above the bound waits until nothing runs and then runs alone. Only slots wait, without a thread,
 * or threads of blocking stages.
 */
#ifndef PRT_BOUND_H
#define PRT_BOUND_H

#include <prt/run.h>

struct prt_slot;

/* One slot's use of one bound; a slot has one for each bound of its stage. */
struct prt_permit {
    struct prt_permit *next;
    struct prt_slot *slot;
    struct prt_bound *bound;
    uint64_t units;  /* held, or asked for */
    bool granted;    /* under the bound's lock */
    bool queued;     /* under the bound's lock */
};

struct prt_bound {
    struct prt_bound_spec spec;
    struct prt_mutex lock;
    uint64_t free;
    struct prt_permit *first, *last;
    struct prt_bound *next; /* in the run's list */
};

/* Asks for `units`. True: granted now; else the permit is queued and its slot will be woken. */
bool prt_bound_take_(struct prt_permit *permit, uint64_t units);

/* Whether a queued permit was granted meanwhile. */
bool prt_bound_granted_(struct prt_permit *permit);

/* Gives back what was granted, or leaves the queue, whichever it is. */
void prt_bound_give_(struct prt_permit *permit);

#endif
