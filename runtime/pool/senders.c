/* Senders that wait: whether to wake one now. */
#include "pool/senders.h"

#include "pool/run_state.h"

/* A rendezvous needs its sender at once. */
static bool is_early(const struct prt_chan *chan)
{
    return !chan->meets && prt_room_is_early_(prt_chan_room_(chan), chan->cap);
}

static bool is_lull(const struct prt_chan *chan, uint64_t mean)
{
    return prt_queue_is_lull_(prt_chan_queued_(chan), mean, chan->nrecv_slots);
}

/* After quick bodies their slot, or the monitor, looks again before long; after others nobody does, so the monitor looks
 * after the channel. */
void prt_senders_wake_waiting_(const struct prt_take *take, enum prt_senders_why why)
{
    struct prt_chan *chan = prt_take_chan_(take);

    if (why == PRT_SENDERS_QUICK && is_early(chan))
        return;
    if (why == PRT_SENDERS_SLOW && is_early(chan) && is_lull(chan, prt_load_relaxed(&take->in->worker->stage->mean)))
        prt_chan_lull_(chan);
    else
        prt_chan_pass_room_(chan);
}

void prt_senders_wake_all_(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->ntakes; i++)
        for (size_t j = 0; j < slot->takes[i].nchans; j++)
            prt_chan_pass_room_(slot->takes[i].chans[j]);
}
