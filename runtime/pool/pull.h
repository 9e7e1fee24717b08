/* Stages whose bodies take their items themselves, by prt_next(). Such a body runs once in each worker, like a source's, on a
 * stack of its own; where it waits for an item its slot is held, and is claimed like a free one when there is an item in
 * a channel that it waits for, or none will come (channel/pulls.h).
 */
#ifndef PRT_PULL_H
#define PRT_PULL_H

#include "channel/pulls.h"
#include "pool/batch.h"

struct prt_wait;

/* The runtime's part of an input that a body pulls from. */
struct prt_pull {
    struct prt_take take;     /* what others ask of any input: where its items come from, and how many have begun */
    uint64_t tail;            /* of a ring that this worker reads in place, as it was seen last */
    struct prt_puller puller; /* in the channel's list */
};

/* Prepares the inputs of a slot whose stage and worker are set. False: no memory. */
bool prt_pull_make_(struct prt_slot *slot);

/* Whether a worker's body may begin: it does so once. And it has returned: the stage is over when all have. */
bool prt_pull_begin_(struct prt_slot *slot);
void prt_pull_returned_(struct prt_slot *slot);
bool prt_pull_is_over_(struct prt_stage *stage);

/* The stage was asked to finish: its bodies take no more, and none waits for an item. */
void prt_pull_end_waits_(struct prt_stage *stage);

/* Whether a held slot of the stage, or of another that pulls from one of its channels, may go on; and takes it, RUNNING.
 * NULL: there is none that the caller is to run. */
bool prt_pull_is_ready_(const struct prt_stage *stage);
struct prt_slot *prt_pull_claim_(struct prt_stage *stage);

/* Wakes as many of those that wait as there are items, or all where none will come: for threads of blocking stages. */
void prt_pull_wake_(struct prt_chan *chan);

/* The parts of a wait for an item (wait.h): whether it is over; announcing it, and taking that back. */
bool prt_pull_wait_is_over_(const struct prt_wait *wait);
void prt_pull_announce_(const struct prt_wait *wait);
void prt_pull_forget_(const struct prt_wait *wait);

/* Senders to the slot's inputs are woken, as prt_senders_wake_all_() does for batches: its body waits, or has returned. */
void prt_pull_wake_senders_(struct prt_slot *slot);

#endif
