/* What a body waits for, and how: a body on a stack of its own leaves its thread (linger.h); one of a `blocking` stage
 * sleeps with it.
 *
 * Each wait is a level that can be looked at again. Who holds a slot for it announces it first, then looks once more.
 */
#ifndef PRT_WAIT_H
#define PRT_WAIT_H

#include <stdbool.h>
#include <stdint.h>

struct prt_in;
struct prt_port;
struct prt_slot;

enum prt_wait_kind {
    PRT_WAIT_NOTHING,   /* it could go on */
    PRT_WAIT_TURN,      /* ordered: the output's turn */
    PRT_WAIT_ROOM,      /* in the output's channel */
    PRT_WAIT_BEGINNING, /* rendezvous: that a body begins with the item that was put */
    PRT_WAIT_TIME,      /* a source with a rate: that its permit is due */
    PRT_WAIT_ITEM       /* a body that pulls: an item of one of several channels, or that none will come */
};

struct prt_wait {
    enum prt_wait_kind kind;
    struct prt_port *port; /* of the first three that are waits */
    uint64_t ticket;       /* BEGINNING: of the item, which head must reach */
    uint64_t until;        /* TIME, ITEM: ns, prt_now() time; for an item also PRT_NEVER */
    struct prt_in *const *ins; /* ITEM: from where */
    int nins;
};

/* The body or section of the slot, whose owner calls it, waits until prt_wait_is_over_(). It may return in another thread
 * than it was called in. */
void prt_wait_(struct prt_slot *slot, struct prt_wait wait);

/* When a wait of `ns` ends that begins now, prt_now() time; below 0, or beyond all time: PRT_NEVER. */
uint64_t prt_wait_end_(int64_t ns);

/* Whether what the slot waits for has come, or the pipeline ends. */
bool prt_wait_is_over_(const struct prt_slot *slot);

/* Announces the wait: whoever ends it wakes the slot from now on. And takes that back. */
void prt_wait_announce_(struct prt_slot *slot);
void prt_wait_forget_(struct prt_slot *slot);

#endif
