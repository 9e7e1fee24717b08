/* When senders that wait for room are woken by who makes it.
 *
 * A wake-up costs as much as thousands of cheap bodies, so who makes room and goes on leaves a sender asleep for a while.
 * "Goes on" has an end: before a slot lets go or waits it wakes them, and while it is stuck in a body the monitor does.
 */
#ifndef PRT_SENDERS_H
#define PRT_SENDERS_H

#include "pool/batch.h"

/* Why somebody looks after the senders of an input. */
enum prt_senders_why {
    PRT_SENDERS_LEFT,  /* its slot stops or is stuck in a body: nobody looks later */
    PRT_SENDERS_QUICK, /* its slot goes on, with bodies of which thousands cost as much as a wake-up */
    PRT_SENDERS_SLOW   /* its slot goes on, with bodies that cost more */
};

void prt_senders_wake_waiting_(const struct prt_take *take, enum prt_senders_why why);

/* Places have become free in the channel that the items in hand came from, and `head` says so: wakes a sender that waits
 * for one, unless it is better left asleep. The slot's owner; the monitor under batch_lock. */
static inline void prt_senders_wake_(const struct prt_take *take, enum prt_senders_why why)
{
    if (prt_load(&prt_take_chan_(take)->waiting)) /* handshake: room */
        prt_senders_wake_waiting_(take, why);
}

/* The same for all inputs of a slot that stops, or waits. Its owner. */
void prt_senders_wake_all_(struct prt_slot *slot);

#endif
