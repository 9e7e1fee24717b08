/* Finishing: from a stage to those that send to it, and so on. A list takes the place of a recursion: pipelines may be long. */
#include "pool/finish.h"

#include "pool/cycle.h"
#include "pool/dedicated.h"
#include "pool/inline.h"
#include "pool/pull.h"
#include "pool/retry.h"
#include "pool/run_state.h"
#include "pool/store.h"

/* ---- who sends where -------------------------------------------------------------------------------------------- */

/* What is sent within a cycle keeps nobody going, since a cycle ends by its own count; nor do letters. */
static bool counts(const struct prt_stage *stage, const struct prt_out_spec *out)
{
    if (out->letters)
        return false;
    return !out->chan->spec.cycle || out->chan->spec.cycle != stage->spec.cycle;
}

static struct prt_stage *by_whom(struct prt_stage *stage, size_t place)
{
    return place == 0 ? stage : &stage->inner[place - 1];
}

/* Each output and each inline stage that is called keeps its stage going. */
static void count_outputs(struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.nouts; i++)
        if (counts(stage, &stage->outs[i])) {
            by_whom(stage, stage->outs[i].by)->live++;
            stage->outs[i].chan->nfrom++;
        }
    for (size_t i = 0; i < stage->spec.ninlines; i++) {
        stage->inner[i].caller = by_whom(stage, stage->inlines[i].by);
        stage->inner[i].caller->live++;
    }
}

static void link_outputs(struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.nouts; i++) {
        struct prt_chan *chan = stage->outs[i].chan;

        if (counts(stage, &stage->outs[i]))
            chan->from[chan->nfrom++] = by_whom(stage, stage->outs[i].by);
    }
}

bool prt_finish_make_(struct prt_run *run)
{
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        count_outputs(stage);
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next) {
        chan->from = prt_memory_new_(&run->memory, chan->nfrom * sizeof *chan->from, sizeof *chan->from);
        if (!chan->from)
            return false;
        chan->nfrom = 0;
    }
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        link_outputs(stage);
    return true;
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

/* Stages that were asked, whose inputs are still to be given up. */
struct asked {
    struct prt_stage *first;
};

static void ask(struct asked *asked, struct prt_stage *stage)
{
    uint64_t none = 0;

    if (!prt_cas(&stage->asked, &none, PRT_ASKED))
        return;
    stage->next_asked = asked->first;
    asked->first = stage;
}

/* Somebody whom the stage sends to has gone. */
static void lose_output(struct asked *asked, struct prt_stage *stage)
{
    if (prt_sub(&stage->live, 1) == 1)
        ask(asked, stage);
}

/* Who sends is asked first: while what it sends is refused it leaves. */
static void abandon(struct asked *asked, struct prt_chan *chan)
{
    const bool first = prt_swap(&chan->lost, 1) == 0;

    for (uint32_t i = 0; first && i < chan->nfrom; i++)
        lose_output(asked, chan->from[i]);
    prt_chan_abandon_(chan);
}

/* The stage receives no more. */
static void give_up_inputs(struct asked *asked, struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.nins; i++)
        for (size_t j = 0; stage->ins && j < stage->ins[i].nchans; j++)
            if (prt_sub(&stage->ins[i].chans[j]->receivers, 1) == 1)
                abandon(asked, stage->ins[i].chans[j]);
    for (size_t i = 0; i < stage->npulls; i++)
        if (prt_sub(&stage->pulls[i].chans[0]->receivers, 1) == 1)
            abandon(asked, stage->pulls[i].chans[0]);
}

/* Whoever has to end the stage, or to leave its body, finds that. */
static void tell(struct prt_stage *stage)
{
    struct prt_run *run = stage->run;

    if (stage->spec.blocking)
        prt_dedicated_wake_all_(stage);
    prt_pull_end_waits_(stage);
    for (uint32_t i = 0; stage->spec.attempts && i < stage->nslots; i++)
        prt_slot_wake_(&stage->slots[i]); /* its item may wait for another attempt */
    if (prt_stage_is_source_(stage)) {
        prt_store(&run->asks, 1);
        prt_event_set(&run->event);
    }
    prt_pool_needs_(&run->pool);
}

static void carry_out(struct asked *asked)
{
    while (asked->first) {
        struct prt_stage *stage = asked->first;

        asked->first = stage->next_asked;
        if (stage->caller) {
            lose_output(asked, stage->caller);
            continue;
        }
        give_up_inputs(asked, stage);
        tell(stage);
    }
}

void prt_finish_ask_(struct prt_stage *stage)
{
    struct asked asked = { NULL };

    ask(&asked, stage);
    carry_out(&asked);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

/* Torn down, what never began is left; else it was not wanted. */
static void discard(struct prt_chan *chan)
{
    const uint64_t n = prt_chan_drain_(chan);

    prt_add(prt_run_aborted_(chan->run) ? &chan->left : &chan->discarded, n);
    prt_cycle_lower_(chan->run, chan->spec.cycle, n);
}

/* Who was asked may have been so by another thread, which is at the inputs still: so the channel is abandoned here too,
 * before what is queued goes. Only then does nothing come behind it that a cycle would count for ever. */
static void take_no_more(struct asked *asked, struct prt_chan *chan)
{
    if (prt_sub(&chan->takers, 1) != 1)
        return;
    abandon(asked, chan);
    discard(chan);
}

void prt_finish_ended_(struct prt_stage *stage)
{
    struct asked asked = { NULL };

    if (!(prt_add(&stage->asked, PRT_ENDED) & PRT_ASKED))
        give_up_inputs(&asked, stage);
    if (stage->store)
        prt_store_drop_(stage);
    for (size_t i = 0; i < stage->spec.nins; i++)
        for (size_t j = 0; j < stage->ins[i].nchans; j++)
            take_no_more(&asked, stage->ins[i].chans[j]);
    for (size_t i = 0; i < stage->npulls; i++)
        take_no_more(&asked, stage->pulls[i].chans[0]);
    carry_out(&asked);
}

/* Abandoned first: behind what is closed nothing comes. */
void prt_finish_close_(struct prt_chan *chan)
{
    struct asked asked = { NULL };

    if (chan->has_daemons)
        abandon(&asked, chan);
    prt_chan_close_(chan);
    carry_out(&asked);
}

/* ---- sources ---------------------------------------------------------------------------------------------------- */

bool prt_finish_waits_(const struct prt_stage *stage)
{
    return prt_stage_is_source_(stage) && prt_load(&stage->asked) == PRT_ASKED;
}

/* Windows on the outbox, under the lock that they are worked on under. */
static void end_gathering(struct prt_run *run)
{
    for (struct prt_thread *thread = run->threads; thread; thread = thread->next) {
        struct prt_slot *slot = (struct prt_slot *)(uintptr_t)prt_load(&thread->slot);

        if (slot && prt_finish_waits_(slot->stage))
            prt_batch_publish_(slot, prt_load(&slot->batch), 0);
    }
}

/* Windows on rings. Their owner may be about to open one: it looks at `asked` behind its store of the limit, so either it sees
 * that, or its limit was stored before the barrier, and this one is the last. Nothing lies before NULL, so this limit ends
 * every window, whichever `next` belongs to it: that of an output which has not sent yet is NULL itself. */
static void end_windows(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->nports; i++)
        if (slot->ports[i].chan->direct_send)
            prt_ptr_set(&slot->ports[i].out->limit, NULL);
}

void prt_finish_sources_(struct prt_run *run)
{
    end_gathering(run);
    prt_barrier_all(); /* handshake: asked */
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        if (!prt_finish_waits_(stage))
            continue;
        prt_bell_ring(&stage->bell);
        for (uint32_t i = 0; i < stage->nslots; i++) {
            end_windows(&stage->slots[i]);
            if (stage->slots[i].owner || stage->may_wait)
                prt_slot_wake_(&stage->slots[i]);
        }
    }
}
