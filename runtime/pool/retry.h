/* Items that may be tried again, be late, or leave a letter: those of one body at a time in each slot of a stage that says so.
 *
 * An attempt is a body, which has an item, one of each input, or a batch. When it has failed, what it sent is undone, and the
 * slot waits for the next one in the phase BACKOFF: it keeps the items and their turn, but no thread and no permit. What such
 * bodies send lies in the slot's outboxes until they have returned, so it can be undone; nobody else publishes it (batch.c),
 * since these batches are never hidden.
 */
#ifndef PRT_RETRY_H
#define PRT_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/memory.h"

struct prt_port;
struct prt_slot;

/* What an attempt has of one input: an item, or a batch. */
struct prt_lot {
    unsigned char *items;    /* memory for it while it waits for its next attempt; of a batch, the hand, which is the body's
                              * too */
    uint64_t empty;          /* how many of the items were, when they came */
    bool rescued;            /* what could not be passed in time lies in `items` */
    struct prt_port *passed; /* where the attempt sent the item itself; NULL: nowhere; */
    uint64_t passed_at;      /* and which of its items that was. Of a batch, see struct prt_port */
};

/* All its slot's owner's. */
struct prt_tries {
    struct prt_lot *lots;
    size_t nlots;         /* of the inputs; 0: a source */
    uint64_t attempt;     /* that runs, or ran last, from 1; 0: there is no item */
    bool waits;           /* the next attempt is to come: the items lie in the lots */
    bool goes_on;         /* it may begin */
    bool failed, taken, in_time; /* the attempt */
    char *reason;         /* why the last attempt failed */
    uint64_t after;       /* ns: the least delay that fail_after() asked for; PRT_NEVER: there is no next attempt */
    uint64_t due;         /* prt_now() time of the next attempt */
    uint64_t deadline;    /* of this one; PRT_NEVER: there is none */
    uint64_t random;
};

/* What the slot needs for its stage; nothing for most stages. False: no memory. */
bool prt_tries_make_(struct prt_slot *slot);

/* The body that runs has failed: the reason is kept until it has returned. `after`: as in prt_fail_after(). */
void prt_tries_fail_(struct prt_slot *slot, int64_t after, const char *reason);

/* prt_now() time at which the attempt that runs is late; PRT_NEVER: there is none, or it may take as long as it likes. */
uint64_t prt_tries_deadline_(const struct prt_slot *slot);

/* Whether the items wait for their next attempt (`tries`: the slot's, NULL in most, which pay no call for it). */
static inline bool prt_tries_wait_(const struct prt_tries *tries)
{
    return tries && (tries->waits || tries->goes_on);
}

/* Whether that attempt may begin by now, or never will. prt_tries_go_on_(): it begins; or, where nothing is to begin any more,
 * false: the items are cut, and dropped. */
bool prt_tries_are_due_(const struct prt_slot *slot);
bool prt_tries_go_on_(struct prt_slot *slot);

/* Torn down while the items wait: they are cut, and told with their last reason. */
void prt_tries_discard_(struct prt_slot *slot);

#endif
