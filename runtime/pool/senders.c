/* Senders that wait: whether to wake one now. */
#include "pool/senders.h"

#include "pool/run_state.h"

#define LULL_NS 20000 /* a sender that is woken is back before what is queued for so long has begun */

/* The slot goes on: a sender sleeps until more than half of the channel is free, but for a rendezvous, which needs it at
 * once. */
static bool is_early(const struct prt_chan *chan)
{
    return chan->spec.kind != PRT_RENDEZVOUS && prt_chan_room_(chan) <= chan->cap / 2;
}

/* What is queued keeps all workers busy until the sender is back. Where bodies stay in for longer than a tick it would be the
 * monitor that wakes it, in the receiver's stead. */
static bool is_lull(const struct prt_chan *chan, uint64_t mean)
{
    return mean > 0 && mean < chan->nrecv_slots * (uint64_t)PRT_TICK_NS &&
           prt_chan_queued_(chan) * mean >= chan->nrecv_slots * (uint64_t)LULL_NS;
}

/* After quick bodies their slot, or the monitor, looks again before long; after others nobody does, so the monitor looks
 * after the channel. */
void prt_senders_wake_waiting_(const struct prt_take *take, enum prt_senders_why why)
{
    struct prt_chan *chan = prt_take_chan_(take);

    if (why == PRT_SENDERS_QUICK && is_early(chan))
        return;
    if (why == PRT_SENDERS_SLOW && is_early(chan) && is_lull(chan, prt_load_relaxed(&take->in->worker->stage->mean)))
        prt_chan_hold_back_(chan);
    else
        prt_chan_pass_room_(chan);
}

void prt_senders_wake_all_(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->ntakes; i++)
        for (size_t j = 0; j < slot->takes[i].nchans; j++)
            prt_chan_pass_room_(slot->takes[i].chans[j]);
}
