/* What has not moved for long, found by looks: a body that does not return, and stages that wait for each other in a circle. */
#ifndef PRT_STILL_H
#define PRT_STILL_H

#include "pool/slot.h"

#define PRT_CIRCLE_MOST 4 /* stages of a circle that are named */

struct prt_run;

/* Of a slot: since when every look has found it at the same thing, or woken from it and not run yet. */
struct prt_still {
    uint64_t sign;  /* what that is */
    uint64_t since, seen; /* prt_now() time; and of the last look */
    enum prt_for what;
    size_t which;   /* of ROOM and BEGINNING: port; of BOUND: which of the stage's; of ITEM: 0, or its wait has a limit of time */
};

/* A body that lasts longer than bodies of its stage do. */
struct prt_hang {
    const struct prt_stage *stage; /* NULL: there is none */
    uint32_t worker;
    uint64_t thread;       /* the kernel's number of the thread that ran it; 0: not known */
    uint64_t since, until; /* the first look that found it, and the last */
};

/* Stages of which each waits for the next, and the last for the first. */
struct prt_circle {
    uint32_t n; /* 0: there is none */
    struct prt_circle_part {
        const struct prt_stage *stage;
        const struct prt_chan *chan;
        bool room; /* it waits for room there, else for an item; */
        const struct prt_bound *bound; /* or, where this is not NULL, for it */
    } at[PRT_CIRCLE_MOST];
    bool more;      /* there are others, which are not named */
    uint64_t since;
};

struct prt_stillness {
    struct prt_still **slots; /* of each stage, in the order of the run's list, of each slot */
    bool *dead;               /* of each stage; for the search of a circle */
    uint64_t next;            /* when to search, prt_now() time */
    struct prt_hang longest;  /* of all so far, */
    struct prt_hang latest;   /* and of those that the last looks found: it may hang yet */
    struct prt_circle circle;
};

/* NULL: no memory; then nothing of this is known. */
struct prt_stillness *prt_still_new_(struct prt_run *run);

/* The monitor: a look has found that the slot does this; when all were looked at. */
void prt_still_look_(struct prt_stillness *still, const struct prt_slot *slot, enum prt_for what, size_t which, uint64_t now);
void prt_still_search_(struct prt_stillness *still, struct prt_run *run, uint64_t now);

#endif
