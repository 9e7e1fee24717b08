/* Stages: the stack of free slots, readiness, finishing. */
#include "pool/stage.h"

#include "pool/collect.h"
#include "pool/cycle.h"
#include "pool/daemon.h"
#include "pool/finish.h"
#include "pool/inline.h"
#include "pool/pull.h"
#include "pool/run_state.h"
#include "pool/store.h"
#include "pool/store_named.h"

#define INDEX_BITS 21
#define INDEX_MASK (((uint64_t)1 << INDEX_BITS) - 1)
#define ACTIVE_SHIFT INDEX_BITS
#define TAG_SHIFT (2 * INDEX_BITS)
#define TAG_MASK (((uint64_t)1 << 21) - 1)

static uint64_t word_make(uint64_t top, uint64_t active, uint64_t tag)
{
    return top | active << ACTIVE_SHIFT | (tag & TAG_MASK) << TAG_SHIFT;
}

static uint64_t word_top(uint64_t word)
{
    return word & INDEX_MASK;
}

static uint32_t word_active(uint64_t word)
{
    return (uint32_t)(word >> ACTIVE_SHIFT & INDEX_MASK);
}

struct prt_slot *prt_stage_claim_(struct prt_stage *stage)
{
    uint64_t word = prt_load(&stage->word);
    struct prt_slot *slot;

    do {
        if ((word & PRT_WORD_FIN) || word_top(word) == 0)
            return NULL;
        slot = &stage->slots[word_top(word) - 1];
        /* The slot may be claimed and its next_free changed before the swap below, which then fails on the tag. */
    } while (!prt_cas(&stage->word, &word,
                      word_make(prt_load_relaxed(&slot->next_free), word_active(word) + 1, (word >> TAG_SHIFT) + 1)));
    prt_store_relaxed(&slot->state, PRT_SLOT_RUNNING);
    return slot;
}

void prt_stage_release_(struct prt_stage *stage, struct prt_slot *slot)
{
    uint64_t word = prt_load_relaxed(&stage->word);

    slot->thread = NULL;
    prt_store_relaxed(&slot->state, PRT_SLOT_FREE);
    do
        prt_store_relaxed(&slot->next_free, word_top(word));
    while (!prt_cas(&stage->word, &word,
                    word_make(slot->index + 1, word_active(word) - 1, (word >> TAG_SHIFT) + 1)));
}

bool prt_stage_enter_(struct prt_stage *stage)
{
    uint64_t word = prt_load(&stage->word);

    do
        if (word & PRT_WORD_FIN)
            return false;
    while (!prt_cas(&stage->word, &word, word_make(word_top(word), word_active(word) + 1, (word >> TAG_SHIFT) + 1)));
    return true;
}

void prt_stage_leave_(struct prt_stage *stage)
{
    uint64_t word = prt_load_relaxed(&stage->word);

    while (!prt_cas(&stage->word, &word, word_make(word_top(word), word_active(word) - 1, (word >> TAG_SHIFT) + 1)))
        ;
}

uint32_t prt_stage_active_(const struct prt_stage *stage)
{
    return word_active(prt_load(&stage->word));
}

void prt_stage_retire_(struct prt_stage *stage, struct prt_slot *slot)
{
    slot->thread = NULL;
    prt_slot_says_(slot, PRT_FOR_GOOD, 0, false);
    prt_store_relaxed(&slot->state, PRT_SLOT_FREE);
    prt_stage_leave_(stage);
}

bool prt_stage_has_free_(const struct prt_stage *stage)
{
    return word_top(prt_load(&stage->word)) != 0;
}

void prt_stage_push_all_(struct prt_stage *stage)
{
    uint64_t word = 0; /* else it is FIN: the run was torn down before it began, and a thread was quicker */

    for (uint32_t i = 0; i < stage->nslots; i++) /* worker 0 on top */
        prt_store_relaxed(&stage->slots[i].next_free, i + 1 < stage->nslots ? i + 2 : 0);
    prt_cas(&stage->word, &word, word_make(prt_stage_is_by_(stage) ? 0 : 1, 0, 0));
}

/* ---- readiness -------------------------------------------------------------------------------------------------- */

static bool input_has_items(const struct prt_in_spec *in)
{
    for (size_t i = 0; i < in->nchans; i++)
        if (prt_chan_queued_(in->chans[i]) > 0)
            return true;
    return false;
}

static bool inputs_have_items(const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.nins; i++)
        if (!input_has_items(&stage->ins[i]))
            return false;
    return stage->spec.nins > 0;
}

bool prt_stage_has_items_(struct prt_stage *stage)
{
    return stage->store ? prt_store_is_ready_(stage) : inputs_have_items(stage);
}

bool prt_stage_has_body_(struct prt_stage *stage)
{
    return prt_stage_has_items_(stage) && (!stage->collect || stage->store || prt_collect_ready_(stage));
}

/* An ordered stage runs no further ahead than it may. */
static inline bool may_take(const struct prt_stage *stage)
{
    return inputs_have_items(stage) && (!stage->turns || prt_turns_credit_(stage->turns) > 0);
}

static __attribute__((noinline)) bool may_pick(struct prt_stage *stage)
{
    return stage->store ? prt_store_is_ready_(stage) : may_take(stage) && prt_collect_ready_(stage);
}

/* Items first: a slot that has taken the last one is active already. No look asks for a blocking stage: its thread does,
 * with an item in hand or inside `emit`, and takes the permit or the ask back. */
bool prt_stage_may_ask_(struct prt_stage *stage)
{
    return stage->spec.blocking || (prt_stage_has_items_(stage) && !prt_load(&stage->asked)) ||
           word_active(prt_load(&stage->word)) > 0;
}

/* Closed is read before the queue: the other way round, items put in between would be taken for none. */
static bool input_is_over(const struct prt_stage *stage, const struct prt_in_spec *in)
{
    for (size_t i = 0; i < in->nchans; i++)
        if (!prt_load(&in->chans[i]->closed))
            return false;
    return !input_has_items(in) && (!stage->store || prt_store_is_empty_(stage->store));
}

static bool source_is_over(struct prt_stage *stage)
{
    if (stage->npulls > 0)
        return prt_pull_is_over_(stage);
    if (prt_load(&stage->ended))
        return true;
    if (!prt_stage_is_ending_(stage))
        return false;
    return stage->spec.every || !prt_load(&stage->started);
}

/* Items that were handed back or set aside have turns that later results wait for: of an ordered stage they are taken all the
 * same. */
static bool has_turns_left(const struct prt_stage *stage)
{
    if (stage->store && stage->store->turns && !prt_store_is_empty_(stage->store))
        return true;
    for (size_t j = 0; stage->turns && j < stage->ins[0].nchans; j++)
        if (prt_chan_has_handed_back_(stage->ins[0].chans[j]))
            return true;
    return false;
}

bool prt_stage_over_(struct prt_stage *stage)
{
    if (prt_run_aborted_(stage->run))
        return true;
    if (stage->spec.nins == 0)
        return source_is_over(stage);
    if (prt_load(&stage->asked))
        return !has_turns_left(stage);
    for (size_t i = 0; i < stage->spec.nins; i++)
        if (input_is_over(stage, &stage->ins[i]))
            return true;
    return false;
}

/* Time is all that is missing until `at`: whoever fires the timer wakes somebody. */
static bool due(struct prt_stage *stage, uint64_t at)
{
    if (at <= prt_now())
        return true;
    prt_timer_set_(&stage->run->timers, &stage->timer, at);
    return false;
}

static bool rate_is_due(struct prt_stage *stage)
{
    struct prt_rate *rate = stage->spec.rate;
    const uint64_t at = prt_load(&rate->due);

    if (at <= prt_now())
        return true;
    prt_rate_ask_(rate, &stage->asker);
    return due(stage, prt_rate_wake_(rate, at));
}

static bool source_is_ready(struct prt_stage *stage)
{
    if (stage->spec.every)
        return due(stage, prt_load(&stage->due));
    return stage->npulls > 0 || !prt_load(&stage->started); /* workers that are free have not begun */
}

/* Each batch of each stage begins with this look: as two calls it took 30 instructions more. */
static inline __attribute__((always_inline)) bool items_are_ready(struct prt_stage *stage)
{
    if (stage->picks ? !may_pick(stage) : !may_take(stage))
        return false;
    if (stage->spec.cost) /* what the next item costs shows when it is in hand: one at a time waits there for its permits */
        return prt_load(&stage->payers.n) == 0;
    if (stage->spec.rate)
        return rate_is_due(stage);
    return true;
}

/* No slot is free to anybody: whether one is claimed for what it alone can go on with. */
static bool named_is_ready(struct prt_stage *stage)
{
    return stage->npulls > 0 ? prt_pull_is_ready_(stage) : items_are_ready(stage);
}

struct prt_slot *prt_stage_claim_ready_(struct prt_stage *stage)
{
    struct prt_slot *slot = prt_stage_claim_(stage);

    if (!slot && stage->by_name)
        slot = stage->npulls > 0 ? prt_pull_claim_(stage) : prt_store_claim_(stage);
    return slot;
}

enum prt_ready prt_stage_ready_(struct prt_stage *stage)
{
    const uint64_t word = prt_load(&stage->word); /* no older one, for who has just announced that it parks */

    if ((word & PRT_WORD_FIN) || stage->spec.blocking)
        return PRT_READY_NOT;
    if (prt_stage_over_(stage))
        return word_active(word) == 0 ? PRT_READY_FINISH : PRT_READY_NOT;
    if (word_top(word) == 0)
        return stage->by_name && named_is_ready(stage) ? PRT_READY_WORK : PRT_READY_NOT;
    return (stage->spec.nins == 0 ? source_is_ready(stage) : items_are_ready(stage)) ? PRT_READY_WORK : PRT_READY_NOT;
}

bool prt_stage_has_room_(const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.nouts; i++)
        if (!prt_chan_accepts_(stage->outs[i].chan))
            return false;
    return true;
}

bool prt_stage_is_paced_(const struct prt_stage *stage)
{
    return stage->spec.rate && stage->spec.rate->fast;
}

bool prt_stage_is_quick_(const struct prt_stage *stage)
{
    return stage->spec.leaf && prt_cost_is_quick_(prt_load_relaxed(&stage->cost));
}

/* Nothing may have to be looked at between two bodies. */
bool prt_stage_hides_(const struct prt_stage *stage)
{
    const uint64_t shows_until = prt_load_relaxed(&stage->shows_until);

    return (stage->spec.leaf || (stage->may_wait && !stage->turns)) && stage->batches && !stage->shows &&
           stage->spec.cycle == 0 &&
           prt_cost_is_unnoticed_(prt_load_relaxed(&stage->cost)) && !(shows_until && prt_now() < shows_until);
}

void prt_stage_rest_rate_(const struct prt_stage *stage)
{
    const struct prt_rate *rate = stage->spec.rate;

    for (size_t i = 0; i < rate->naskers; i++) {
        if (prt_stage_has_body_(rate->askers[i]->stage) || prt_load(&rate->askers[i]->stage->payers.n) > 0)
            return;
    }
    prt_rate_rest_(stage->spec.rate);
}

/* ---- ticks of `flush every` ------------------------------------------------------------------------------------- */

/* The tick after this one that is not over yet: those in between found the monitor late, or the whole program stopped, and
 * are counted. So a timer that has fired is set to a time behind `now`, and what is due is soon done. */
static uint64_t next_flush(struct prt_stage *stage, uint64_t at)
{
    const uint64_t every = stage->spec.flush_every;
    const uint64_t now = prt_now();
    const uint64_t late = now > at ? (now - at) / every : 0;

    if (late > 0)
        prt_add(&stage->missed, late);
    return at + (late + 1) * every;
}

/* All free slots, before the first of them can be free again. */
static void queue_free(struct prt_stage *stage)
{
    struct prt_slot *claimed = NULL, *next, *slot;

    while ((slot = prt_stage_is_by_(stage) ? prt_store_claim_any_(stage) : prt_stage_claim_(stage))) {
        slot->next_queued = claimed;
        claimed = slot;
    }
    for (; claimed; claimed = next) {
        next = claimed->next_queued;
        prt_store(&claimed->state, PRT_SLOT_QUEUED);
        prt_pool_queue_(&stage->run->pool, claimed);
    }
}

void prt_stage_flush_(struct prt_stage *stage)
{
    struct prt_timer *timer = &stage->flush_timer;

    prt_add(&stage->ticks, 1);
    for (uint32_t i = 0; stage->spec.blocking && i < stage->nslots; i++)
        prt_slot_wake_(&stage->slots[i]);
    if (!stage->spec.blocking)
        queue_free(stage);
    if (!(prt_load(&stage->word) & PRT_WORD_FIN))
        prt_timer_set_(&stage->run->timers, timer, next_flush(stage, timer->due.at));
}

/* ---- finishing -------------------------------------------------------------------------------------------------- */

void prt_stage_closed_(struct prt_stage *stage)
{
    struct prt_run *run = stage->run;

    for (size_t i = 0; i < stage->spec.nouts; i++) {
        struct prt_chan *chan = stage->outs[i].chan;

        if (chan->spec.cycle && chan->spec.cycle != stage->spec.cycle)
            prt_cycle_sender_gone_(run, chan->spec.cycle);
        else if (!chan->spec.cycle && !stage->spec.daemon && prt_sub(&chan->senders, 1) == 1)
            prt_finish_close_(chan);
    }
    prt_finish_ended_(stage);
    prt_daemon_ended_(stage);
    if (prt_sub(&run->unfinished, 1) == 1)
        prt_event_set(&run->event);
}

void prt_stage_finals_(struct prt_thread *thread, struct prt_stage *stage, uint32_t from)
{
    for (uint32_t i = from; prt_inline_has_final_(stage) && i < stage->nslots; i++) {
        if (!thread || !stage->final_waits)
            prt_slot_final_here_(thread, &stage->slots[i]);
        else if (!prt_slot_run_final_(thread, &stage->slots[i]))
            return; /* who goes on with it goes on from here */
    }
    prt_stage_closed_(stage);
}

bool prt_stage_finish_(struct prt_thread *thread, struct prt_stage *stage)
{
    uint64_t word = prt_load(&stage->word);

    /* Nothing becomes active once it is over and nobody is: a claim after this look finds no input and lets go. */
    if (!prt_stage_over_(stage) || (word & PRT_WORD_FIN) || word_active(word) != 0 ||
        !prt_cas(&stage->word, &word, word | PRT_WORD_FIN))
        return false;
    if (stage->spec.flush)
        prt_timer_unset_(&stage->run->timers, &stage->flush_timer);
    prt_timer_unset_(&stage->run->timers, &stage->timer);
    if (stage->collect)
        prt_timer_unset_(&stage->run->timers, &stage->collect->timer);
    prt_stage_finals_(thread, stage, 0);
    return true;
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

/* One worker keeps the order by itself, and without outputs there is none to keep. */
static bool stage_has_turns(const struct prt_stage *stage)
{
    return stage->spec.ordered && stage->nslots > 1 && stage->spec.nouts > 0;
}

static bool make_turns(struct prt_stage *stage)
{
    const struct prt_stage_spec *spec = &stage->spec;

    if (!stage_has_turns(stage))
        return true;
    stage->turns = prt_turns_new_(&stage->run->memory, spec->nouts, prt_turns_ahead_(spec->ahead, stage->nslots));
    stage->begins_in_turn = !spec->leaf && (spec->rate || spec->nbounds > 0);
    return stage->turns != NULL;
}

/* What is looked at for each batch is one flag for all that asks for it. */
static void set_flags(struct prt_stage *stage)
{
    const struct prt_store *store = stage->store;

    stage->picks = stage->collect || store;
    stage->by_name = stage->npulls > 0 || prt_stage_is_by_(stage);
    stage->timed = stage->spec.rate || (store && store->has_rates);
    stage->limits = stage->spec.rate || (store && store->nkeys > 0);
    stage->settles = stage->spec.rate || prt_stage_is_by_(stage);
    stage->tells_begin = stage->begins_in_turn || (store && store->begins_later);
}

bool prt_stage_make_(struct prt_stage *stage)
{
    stage->slots = prt_memory_new_(&stage->run->memory, stage->nslots * sizeof(struct prt_slot), PRT_LINE);
    if (!stage->slots || !make_turns(stage) || !prt_collect_make_(stage) || !prt_store_make_(stage) || !prt_inline_make_(stage) ||
        !prt_stacks_reserve_(stage))
        return false;
    set_flags(stage);
    for (uint32_t i = 0; i < stage->nslots; i++)
        if (!prt_slot_ready_(&stage->slots[i], stage, i))
            return false;
    return true;
}
