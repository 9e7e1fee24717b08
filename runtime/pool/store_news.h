/* News of a store: what a section under its lock has changed that others are to be told, once the lock is free (no other is taken
 * under it but the timers'). The section's caller has it on its stack, begins with PRT_NO_NEWS, and tells. */
#ifndef PRT_STORE_NEWS_H
#define PRT_STORE_NEWS_H

#include "pool/store.h"

struct prt_news {
    uint64_t able;          /* items, or slots, that have become so */
    struct prt_slot *woken; /* slots to be woken, by `next_woken` */
    uint64_t arm;           /* when the timer is to fire, prt_now() time; PRT_NEVER: as it is */
};

#define PRT_NO_NEWS { .arm = PRT_NEVER }

/* The slot is to be woken. Under the lock. One that some section's news have already stays theirs: that section has not woken it
 * yet, and then it finds what all of them have changed. */
void prt_store_wake_(struct prt_slot *slot, struct prt_news *news);

/* Tells them: sets the timer, wakes slots, and sees to it that threads find what is able. `own`: of that the caller goes on to
 * take so many. Any thread, without the store's lock; never blocks. */
void prt_store_tell_(struct prt_store *store, const struct prt_news *news, uint64_t own);

/* Something is able, or can be moved: sees to it that a thread finds it, unless no slot is free. The same. */
void prt_store_published_(struct prt_stage *stage);

#endif
