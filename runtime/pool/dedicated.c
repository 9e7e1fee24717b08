/* Threads of `blocking` stages: their lot, and what they do from start to end. */
#include "pool/dedicated.h"

#include "pool/outbox.h"
#include "pool/pull.h"
#include "pool/run_state.h"
#include "pool/senders.h"
#include "pool/store_hands.h"

/* Sleeps until it is woken, or the deadline, for what the slot has said. */
static void sleep_until(struct prt_slot *slot, uint64_t deadline)
{
    prt_event_wait(&slot->owner->event, deadline);
    prt_slot_says_(slot, PRT_FOR_NOTHING, 0, false);
}

static void sleep_for(struct prt_slot *slot, enum prt_for what, uint64_t deadline)
{
    prt_slot_says_(slot, what, 0, false);
    sleep_until(slot, deadline);
}

static void lot_enter(struct prt_thread *thread, struct prt_stage *stage)
{
    prt_mutex_lock(&stage->lot_lock);
    thread->next_parked = stage->parked;
    stage->parked = thread;
    thread->parked = true;
    prt_add(&stage->nparked, 1);
    prt_mutex_unlock(&stage->lot_lock);
}

static void lot_leave(struct prt_thread *thread, struct prt_stage *stage)
{
    prt_mutex_lock(&stage->lot_lock);
    for (struct prt_thread **at = &stage->parked; thread->parked && *at; at = &(*at)->next_parked)
        if (*at == thread) {
            *at = thread->next_parked;
            thread->parked = false;
            prt_sub(&stage->nparked, 1);
            break;
        }
    prt_mutex_unlock(&stage->lot_lock);
}

/* Takes up to `n` threads out and wakes them. */
static void lot_wake(struct prt_stage *stage, uint64_t n)
{
    if (prt_load(&stage->nparked) == 0) /* handshake: lot */
        return;
    prt_mutex_lock(&stage->lot_lock);
    for (; n > 0 && stage->parked; n--) {
        struct prt_thread *thread = stage->parked;

        stage->parked = thread->next_parked;
        thread->parked = false;
        prt_sub(&stage->nparked, 1);
        prt_event_set(&thread->event);
    }
    prt_mutex_unlock(&stage->lot_lock);
}

void prt_dedicated_wake_all_(struct prt_stage *stage)
{
    lot_wake(stage, UINT64_MAX);
}

void prt_dedicated_wake_some_(struct prt_stage *stage, uint64_t n)
{
    lot_wake(stage, n);
}

/* As many threads as there are items; at the end of the channel all of them. */
void prt_dedicated_wake_(struct prt_chan *chan)
{
    const uint64_t n = prt_load(&chan->closed) ? UINT64_MAX : prt_chan_queued_(chan);

    prt_pull_wake_(chan);
    for (uint32_t i = 0; i < chan->nto; i++)
        if (chan->to[i]->spec.blocking)
            lot_wake(chan->to[i], n);
}

/* Sleeps until there may be something to do: an item, the end, a tick of `every` or `flush every`. A zip that lacks an
 * item may have left a sender of another input asleep. */
static void wait_for_work(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    const uint64_t deadline = stage->spec.every ? prt_load(&stage->due) : PRT_NEVER;

    prt_senders_wake_all_(slot);
    lot_enter(thread, stage);
    prt_barrier_all(); /* handshake: lot */
    /* Items first: the other way round another worker takes the last one of a closed channel in between, and nobody is
     * left to wake this one. */
    if (!prt_stage_has_body_(stage) && !prt_stage_over_(stage) &&
        (!stage->spec.flush || slot->ticks == prt_load(&stage->ticks)))
        sleep_for(slot, stage->spec.every ? PRT_FOR_RATE : PRT_FOR_ITEM, deadline);
    lot_leave(thread, stage);
}

/* Takes the bounds, then the rate's permit, sleeping for each. False: torn down meanwhile. */
static bool wait_for_permits(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    for (;;) {
        while (!prt_slot_take_bounds_(slot)) {
            if (prt_run_aborted_(stage->run))
                return false;
            if (stage->spec.rate)
                prt_slot_unask_rate_(slot);
            prt_senders_wake_all_(slot);
            prt_slot_says_permits_(slot, false);
            sleep_until(slot, PRT_NEVER);
        }
        if (prt_run_aborted_(stage->run))
            return false;
        if (!stage->spec.rate || stage->spec.nins == 0 || prt_slot_take_rate_(slot))
            return true;
        prt_slot_give_bounds_(slot);
        sleep_for(slot, PRT_FOR_RATE, prt_rate_wake_(stage->spec.rate, slot->rate_due));
    }
}

/* An item that is tried again asks for what its keys allow. */
static bool wait_for_keys(struct prt_slot *slot)
{
    while (slot->node && slot->tries && !prt_store_ask_(slot)) {
        if (prt_run_aborted_(slot->stage->run))
            return false;
        prt_senders_wake_all_(slot);
        sleep_for(slot, PRT_FOR_RETRY, PRT_NEVER);
    }
    return true;
}

/* The body has sent what it had to; where results are ordered, the next one's turn comes when this one's has. */
static void wait_for_turn(struct prt_slot *slot)
{
    while (!prt_batch_flush_(slot) && !prt_run_aborted_(slot->stage->run)) {
        prt_senders_wake_all_(slot);
        if (prt_slot_await_room_(slot)) {
            prt_slot_says_flush_(slot, false);
            sleep_until(slot, PRT_NEVER);
        }
        prt_slot_forget_room_(slot);
    }
}

/* The body, and as many attempts as its item is given. False: torn down meanwhile. */
static bool run_attempts(struct prt_thread *thread, struct prt_slot *slot)
{
    do {
        while (prt_tries_wait_(slot->tries) && !prt_tries_are_due_(slot)) {
            if (prt_run_aborted_(slot->stage->run))
                return false;
            prt_senders_wake_all_(slot);
            sleep_for(slot, PRT_FOR_RETRY, slot->tries->due);
        }
        if (prt_tries_wait_(slot->tries) && !prt_tries_go_on_(slot)) {
            prt_batch_close_cut_(slot);
            if (slot->node)
                prt_store_give_up_(slot);
            return true;
        }
        slot->asked = 0;
        if (!wait_for_keys(slot))
            return false;
        if (!wait_for_permits(slot))
            return false;
        prt_slot_body_(thread, slot);
    } while (prt_tries_wait_(slot->tries));
    return true;
}

static void run_items(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    while (!prt_stage_over_(stage)) {
        if (stage->spec.flush)
            prt_slot_tick_(thread, slot);
        if (!prt_batch_take_(slot)) {
            if (stage->spec.rate && stage->spec.nins > 0)
                prt_stage_rest_rate_(stage);
            wait_for_work(thread, slot);
            continue;
        }
        if (prt_stage_has_body_(stage)) /* whoever sent them may have woken this thread only */
            lot_wake(stage, 1);
        if (run_attempts(thread, slot))
            wait_for_turn(slot);
    }
    prt_slot_discard_(slot);
}

/* A body that takes its items itself: it runs once. */
static void run_once(struct prt_thread *thread, struct prt_slot *slot)
{
    if (prt_batch_take_(slot)) {
        prt_slot_body_(thread, slot);
        wait_for_turn(slot);
    }
    prt_slot_discard_(slot);
}

static void dedicated_main(void *opaque)
{
    struct prt_thread *thread = opaque;
    struct prt_slot *slot = thread->dedicated;
    struct prt_stage *stage = slot->stage;

    prt_slot_init_(thread, slot);
    if (prt_sub(&stage->run->starting, 1) == 1)
        prt_event_set(&stage->run->event);
    while (!prt_load(&stage->run->going) && !prt_run_aborted_(stage->run))
        prt_event_wait(&thread->event, PRT_NEVER);
    if (slot->npulls > 0)
        run_once(thread, slot);
    else
        run_items(thread, slot);
    prt_slot_final_here_(thread, slot);
    prt_slot_says_(slot, PRT_FOR_GOOD, 0, false);
    if (prt_sub(&stage->finals, 1) == 1)
        prt_stage_closed_(stage);
}

void prt_dedicated_main_(void *thread)
{
    prt_guard(dedicated_main, prt_away_thread_, thread);
}
