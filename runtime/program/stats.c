/* The ledger: what was sent, received and lost adds up at every exit, and --stats prints it. */
#include "program/stats.h"

#include <inttypes.h>
#include <stdio.h>

#include "pool/fail.h"
#include "pool/finish.h"
#include "pool/pull.h"
#include "pool/run_state.h"
#include "program/report.h"

static uint64_t slot_received(const struct prt_slot *slot)
{
    uint64_t received = 0;

    while (slot->host && !slot->call)
        slot = slot->sender;
    if (slot->host)
        return slot->call->sent;
    for (size_t j = 0; slot->ntakes > 0 && j < slot->takes[0].nchans; j++)
        received += slot->takes[0].received[j];
    for (size_t i = 0; i < slot->npulls; i++)
        received += *slot->pulls[i].take.received;
    return received;
}

struct prt_stage_counts prt_stage_counts_(const struct prt_stage *stage)
{
    struct prt_stage_counts counts = { 0 };

    for (uint32_t i = 0; i < stage->nslots; i++) {
        const struct prt_slot *slot = &stage->slots[i];
        const uint64_t received = slot_received(slot);

        counts.received += received;
        if (stage->npulls > 0 && received == 0) /* no item failed with its body */
            continue;
        counts.cut += slot->host && prt_fail_is_cut_(slot); /* inline: the last body that a tear-down made leave */
        counts.failed += slot->failed;
        counts.skipped += slot->skipped;
        counts.dead += slot->dead;
        counts.cut += slot->cut;
    }
    if (!prt_stage_is_source_(stage))
        counts.done = counts.received - counts.failed - counts.skipped - counts.dead - counts.cut;
    return counts;
}

static uint64_t taken_from(const struct prt_take *take, const struct prt_chan *chan)
{
    uint64_t received = 0;

    for (size_t k = 0; k < take->nchans; k++)
        if (take->chans[k] == chan)
            received += take->received[k];
    return received;
}

static uint64_t received_from(const struct prt_stage *stage, const struct prt_chan *chan)
{
    uint64_t received = 0;

    for (uint32_t i = 0; i < stage->nslots; i++) {
        const struct prt_slot *slot = &stage->slots[i];

        for (size_t j = 0; j < slot->ntakes; j++)
            received += taken_from(&slot->takes[j], chan);
        for (size_t j = 0; j < slot->npulls; j++)
            received += taken_from(&slot->pulls[j].take, chan);
    }
    return received;
}

/* Sent is what reached the ring, what was dropped from an outbox, and what an emit consumed without sending it. */
struct prt_chan_counts prt_chan_counts_(const struct prt_chan *chan)
{
    struct prt_chan_counts counts = { 0 };
    const uint64_t boxed = prt_load(&chan->left_boxed);
    const uint64_t refused = prt_load(&chan->refused);
    const uint64_t dropped = prt_load(&chan->dropped);
    const uint64_t uncopied = prt_load(&chan->uncopied);

    counts.discarded = refused + dropped + uncopied + prt_load(&chan->discarded);
    counts.left = prt_load(&chan->left) + boxed;
    counts.sent = prt_load(&chan->tail) - prt_chan_start_ + boxed + refused + uncopied;
    if (chan->spec.full == PRT_DROPS_NEWEST) /* the oldest had reached the ring */
        counts.sent += dropped;
    for (uint32_t i = 0; i < chan->nto; i++)
        counts.received += received_from(chan->to[i], chan);
    return counts;
}

static bool chan_adds_up(const struct prt_chan *chan)
{
    const struct prt_chan_counts c = prt_chan_counts_(chan);

    if (c.sent == c.received + c.discarded + c.left)
        return true;
    prt_run_complain_(chan->run,
                      "internal error: channel %s does not add up: sent %" PRIu64 ", received %" PRIu64
                      ", discarded %" PRIu64 ", left %" PRIu64,
                      chan->spec.name, c.sent, c.received, c.discarded, c.left);
    return false;
}

/* Only a drain or a tear-down discards what a body sent, a zip that lacks its partner, a channel that drops when it is full,
 * a stage that has finished, and what a daemon sends to last; a copy that could not be made is told as a failure. Else
 * nobody would know of it. */
static bool chan_lost_nothing(const struct prt_chan *chan)
{
    const struct prt_chan_counts c = prt_chan_counts_(chan);
    const uint64_t lost = c.discarded - prt_load(&chan->dropped) - prt_load(&chan->uncopied) + c.left;

    for (uint32_t i = 0; i < chan->nto; i++)
        if (chan->to[i]->spec.nins > 1 || (prt_load(&chan->to[i]->asked) & PRT_ASKED))
            return true;
    if (lost == 0 || chan->has_daemons || prt_run_draining_(chan->run) || prt_run_aborted_(chan->run))
        return true;
    prt_run_complain_(chan->run, "%s: %" PRIu64 " item%s sent when nobody received any more, and discarded", chan->spec.name,
                      lost, lost == 1 ? " was" : "s were");
    return false;
}

static bool stage_adds_up(struct prt_stage *stage)
{
    const struct prt_stage_counts c = prt_stage_counts_(stage);

    if (prt_stage_is_source_(stage) || c.failed + c.skipped + c.dead + c.cut <= c.received)
        return true;
    prt_run_complain_(stage->run,
                      "internal error: stage %s does not add up: received %" PRIu64 ", failed %" PRIu64
                      ", skipped %" PRIu64 ", dead %" PRIu64 ", cut %" PRIu64,
                      stage->spec.name, c.received, c.failed, c.skipped, c.dead, c.cut);
    return false;
}

static bool report(struct prt_run *run)
{
    struct prt_account *account = prt_account_new_(run);

    if (!account) {
        prt_run_complain_(run, "not enough memory to print what was counted");
        return false;
    }
    prt_account_take_(account, run, run->figures, true);
    if (run->spec.settings->stats_json)
        prt_report_json_(account);
    else
        prt_report_table_(account);
    return !ferror(stderr); /* nobody is left to be told */
}

bool prt_stats_(struct prt_run *run)
{
    bool sound = true;

    for (struct prt_chan *chan = run->chans; chan; chan = chan->next)
        sound = chan_adds_up(chan) && chan_lost_nothing(chan) && sound;
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        sound = stage_adds_up(stage) && sound;
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        for (size_t i = 0; i < stage->spec.ninlines; i++)
            sound = stage_adds_up(&stage->inner[i]) && sound;
    if (run->spec.settings->stats)
        sound = report(run) && sound;
    return sound;
}
