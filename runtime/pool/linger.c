/* Lingering: leaving a stack, taking the body up again, stealing. */
#include "pool/linger.h"

#include "pool/gather.h"
#include "pool/look.h"
#include "pool/run_state.h"

/* ---- who lingers ------------------------------------------------------------------------------------------------ */

bool prt_linger_make_(struct prt_run *run)
{
    struct prt_pool *pool = &run->pool;

    pool->nlingerers = pool->cpus > 2 ? pool->cpus : 2;
    pool->lingerers = prt_memory_new_(&run->memory, pool->nlingerers * sizeof *pool->lingerers, PRT_LINE_PAIR);
    return pool->lingerers != NULL;
}

/* What `wanted` says: nothing; a thief has asked for the body; the thread has it back; the thief has it. */
enum { NOTHING, ASKED, DENIED, TAKEN };

bool prt_linger_is_on_(const struct prt_thread *thread)
{
    return prt_load(&thread->lingers) && prt_load_relaxed(&thread->wanted) != TAKEN;
}

/* Where other threads find this one. Only a hint: who finds no place, or loses it, is found by the monitor. */
static void enter_table(struct prt_thread *thread)
{
    struct prt_pool *pool = &thread->run->pool;
    const uint64_t self = (uint64_t)(uintptr_t)thread;

    if (prt_load_relaxed(&pool->lingerers[thread->linger_at]) == self)
        return;
    for (uint32_t i = 0; i < pool->nlingerers; i++) {
        const uint32_t at = (thread->linger_at + i) % pool->nlingerers;
        uint64_t other = prt_load_acquire(&pool->lingerers[at]);

        if (other && prt_linger_is_on_((struct prt_thread *)(uintptr_t)other))
            continue;
        if (prt_cas(&pool->lingerers[at], &other, self)) {
            thread->linger_at = at;
            return;
        }
    }
}

/* ---- in reach, taken up again, stolen --------------------------------------------------------------------------- */

/* What follows is plain where the other side passes a barrier of every thread; else both sides' are one after the other. */
static void publish(prt_atomic_u64 *at, uint64_t value)
{
    if (prt_have_barrier_)
        prt_publish(at, value);
    else
        prt_swap(at, value);
}

static uint64_t load_behind(const prt_atomic_u64 *at)
{
    return prt_have_barrier_ ? prt_load_relaxed(at) : prt_load(at);
}

/* The thread is not in the source's own code any more, and has stored that: a signal that is sent to it for the source
 * arrives before it runs another body. */
static void await_interrupt(struct prt_thread *thread)
{
    while (load_behind(&thread->run->pool.interrupting)) /* handshake: interrupt */
        prt_yield();
}

void prt_linger_leave_source_(struct prt_thread *thread)
{
    if (!prt_load_relaxed(&thread->in_source))
        return;
    publish(&thread->in_source, 0);
    await_interrupt(thread);
}

/* The thread is about to run a leaf: from now on the body may be stolen, if by nobody else then by the monitor. That watches
 * while the thread has a place, which who waits has; and it minds those who do not wait. Before it stops either it looks
 * here behind a barrier: one of the two sees the other's. */
static void put_in_reach(struct prt_thread *thread, struct prt_slot *slot)
{
    const bool waits = slot->wait.kind != PRT_WAIT_NOTHING; /* the slot may be another's from here on */

    publish(&thread->lingers, (uint64_t)(uintptr_t)slot); /* handshake: reach, interrupt */
    await_interrupt(thread);
    if (load_behind(&thread->placed))
        return;
    if (waits)
        prt_pool_take_place_(thread);
    else if (!(load_behind(&thread->run->pool.word) & PRT_MINDING))
        prt_pool_mind_(thread->run);
}

/* The leaf has returned. Whether the body is still the thread's. It looks at `wanted` behind its own store; a thief stores
 * that, makes every thread pass a barrier, and looks at `lingers`: not both can miss the other's store, and if both see
 * it, one of their swaps of ASKED decides. */
static bool take_up(struct prt_thread *thread)
{
    uint64_t wanted;

    publish(&thread->lingers, 0);
    wanted = load_behind(&thread->wanted); /* handshake: steal */
    if (wanted == NOTHING || (wanted == ASKED && prt_cas(&thread->wanted, &wanted, DENIED)) || wanted != TAKEN)
        return true;
    prt_linger_leave_source_(thread);
    prt_store(&thread->wanted, NOTHING);
    return false;
}

/* The slot whose body lingers with the victim, RUNNING and the caller's from now on; NULL: it was taken up meanwhile, or
 * another thief is at it. A thief that was denied asks no more, so that the next one can. */
static struct prt_slot *steal_from(struct prt_thread *victim)
{
    uint64_t wanted = NOTHING, slot;

    if (!prt_cas(&victim->wanted, &wanted, ASKED))
        return NULL;
    prt_barrier_all(); /* handshake: steal */
    slot = prt_load(&victim->lingers);
    wanted = ASKED;
    if (slot && prt_cas(&victim->wanted, &wanted, TAKEN))
        return (struct prt_slot *)(uintptr_t)slot;
    prt_store(&victim->wanted, NOTHING);
    return NULL;
}

struct prt_slot *prt_linger_steal_(struct prt_thread *thread, bool *some, bool *moved)
{
    const struct prt_pool *pool = &thread->run->pool;

    for (uint32_t i = 0; i < pool->nlingerers; i++) {
        struct prt_thread *victim = (struct prt_thread *)(uintptr_t)prt_load_acquire(&pool->lingerers[i]);
        struct prt_seen *seen = &thread->seen_lingers[i];
        struct prt_slot *slot;
        uint64_t now;

        if (!victim || victim == thread || !prt_linger_is_on_(victim))
            continue;
        *some = true;
        now = prt_now();
        if (prt_seen_moved_(seen, prt_load_relaxed(&victim->waits), now)) {
            *moved = true;
            continue;
        }
        if (!prt_patience_ends_(now - seen->since, ++seen->looks, PRT_UNNOTICED_NS))
            continue;
        seen->head = 0;
        slot = steal_from(victim);
        if (slot && !prt_slot_hold_(slot))
            return slot;
    }
    return NULL;
}

void prt_linger_rescue_(struct prt_thread *victim)
{
    struct prt_slot *slot = steal_from(victim);

    if (!slot || prt_slot_hold_(slot))
        return;
    prt_store(&slot->state, PRT_SLOT_QUEUED);
    prt_pool_queue_(&victim->run->pool, slot);
}

/* ---- on the base level ------------------------------------------------------------------------------------------ */

/* The body is about to go on in this thread. */
static void go_on(struct prt_thread *thread, struct prt_slot *slot)
{
    slot->thread = thread;
    prt_store_relaxed(&thread->running, (uint64_t)(uintptr_t)slot);
    if (prt_stage_is_source_(slot->stage) && slot->phase == PRT_PHASE_BODY && prt_load_relaxed(&thread->in_source) == 0)
        prt_store_relaxed(&thread->in_source, (uint64_t)(uintptr_t)slot);
}

/* A body that is off its stack while the thread runs one batch of a leaf's. */
struct beside {
    struct prt_slot *slot, *leaf;
    bool feeds;
};

/* Whether the body is still the thread's. `call` may lie on its stack, and is not looked at behind the batch. */
static bool run_beside(const struct beside *call)
{
    struct prt_thread *thread = call->slot->thread;
    struct prt_slot *leaf = call->leaf;
    struct prt_stage *stage = leaf->stage;
    const bool feeds = call->feeds;

    put_in_reach(thread, call->slot);
    if (feeds)
        prt_slot_feed_(thread, leaf);
    else
        prt_slot_run_(thread, leaf, 1);
    prt_pool_alert_stage_(stage);
    return take_up(thread);
}

static bool linger_once(void *opaque)
{
    struct prt_slot *slot = ((const struct beside *)opaque)->slot;
    struct prt_thread *thread = slot->thread;

    enter_table(thread);
    if (slot->wait.kind == PRT_WAIT_NOTHING)
        prt_store_relaxed(&thread->waits, prt_load_relaxed(&thread->waits) + 1);
    else
        prt_pool_take_place_(thread);
    if (!run_beside(opaque))
        return false;
    go_on(thread, slot);
    return true;
}

/* What is due soon is slept for with the body in hand: the monitor's timer would wake two threads for it. */
static bool nap(struct prt_thread *thread, uint64_t until)
{
    if (!prt_pool_may_nap_(&thread->run->pool, until, false))
        return false;
    prt_pool_drop_place_(thread);
    prt_pool_alert_(thread->run);
    prt_event_wait(&thread->event, until);
    return true;
}

/* The body cannot go on now, and there is nothing to run for it: whether to look again. Only for a leaf that somebody else
 * is at: any other receiver wants this very thread. */
static bool is_patient(const struct prt_thread *thread, const struct prt_chan *chan, unsigned *spins)
{
    const struct prt_pool *pool = &thread->run->pool;

    if (!chan || chan->nto != 1 || !chan->to[0]->spec.leaf)
        return false;
    if (++*spins > PRT_WAIT_LOOKS || pool->cpus == 1)
        return false;
    if (prt_pool_is_busy_(pool) && (*spins > PRT_BUSY_LOOKS || !prt_stage_is_quick_(chan->to[0])))
        return false;
    if (prt_look_yields_(*spins, true))
        prt_yield();
    for (int i = prt_look_pauses_(0); i > 0; i--)
        prt_pause();
    return true;
}

/* The thread's work while the body of `slot` is off its stack. True: it goes on, here; false: it is another's. */
static bool linger(void *opaque)
{
    struct prt_slot *slot = opaque;
    struct prt_thread *thread = slot->thread;
    const struct prt_chan *chan = slot->wait.port ? slot->wait.port->chan : NULL;
    unsigned spins = 0;

    enter_table(thread);
    while (!prt_wait_is_over_(slot)) {
        struct prt_slot *leaf;
        bool feeds;

        prt_pool_take_place_(thread);
        leaf = chan ? prt_pool_find_fed_(thread, chan) : NULL;
        feeds = leaf != NULL;
        if (!leaf)
            leaf = prt_pool_find_leaf_(thread, chan, spins >= PRT_WAIT_LOOKS);
        if (leaf) {
            if (!run_beside(&(struct beside){ slot, leaf, feeds }))
                return false;
            spins = feeds ? spins : 0;
        } else if (!is_patient(thread, chan, &spins) && !(slot->wait.kind == PRT_WAIT_TIME && nap(thread, slot->wait.until))) {
            prt_store_relaxed(&thread->running, 0);
            prt_linger_leave_source_(thread);
            if (prt_slot_hold_(slot))
                return false;
            prt_gather_send_(slot); /* there may be room, but for another output's window */
        }
    }
    go_on(thread, slot);
    return true;
}

/* ---- leaving and entering --------------------------------------------------------------------------------------- */

void prt_linger_(struct prt_slot *slot)
{
    prt_stack_leave(slot->stack, &slot->thread->base, linger, slot);
}

bool prt_linger_feed_(struct prt_slot *slot, struct prt_port *port)
{
    struct beside call = { .slot = slot, .feeds = true };

    if (!slot->stack || slot->ntakes > 0 || prt_load_relaxed(&slot->batch))
        return false;
    call.leaf = prt_pool_find_fed_(slot->thread, port->chan);
    if (!call.leaf)
        return false;
    slot->wait.kind = PRT_WAIT_ROOM;
    slot->wait.port = port;
    prt_slot_says_(slot, PRT_FOR_ROOM, port->index, false);
    prt_stack_leave(slot->stack, &slot->thread->base, linger_once, &call);
    prt_slot_says_(slot, PRT_FOR_NOTHING, 0, false);
    prt_wait_forget_(slot);
    return true;
}

bool prt_linger_at_once_(struct prt_slot *slot, const struct prt_chan *chan)
{
    struct beside call = { slot, prt_pool_find_at_once_(slot->thread, chan), false };
    bool numbered;

    if (!call.leaf)
        return false;
    slot->wait.kind = PRT_WAIT_NOTHING;
    slot->wait.port = NULL;
    numbered = prt_gather_put_away_(slot);
    prt_batch_show_(slot);
    prt_slot_says_(slot, PRT_FOR_THREAD, 0, false);
    prt_stack_leave(slot->stack, &slot->thread->base, linger_once, &call);
    prt_slot_says_(slot, PRT_FOR_NOTHING, 0, false);
    prt_wait_forget_(slot); /* a thief announced it, if windows of other outputs hold items */
    if (numbered)
        prt_gather_take_up_(slot);
    slot->thread->at_once = prt_now(); /* what it took, a wake-up perhaps, is not time without an item */
    return true;
}

static void body_main(void *opaque)
{
    struct prt_slot *slot = opaque;

    switch (slot->phase) {
    case PRT_PHASE_TICK:
        slot->stage->spec.flush(slot->worker);
        break;
    case PRT_PHASE_FINAL:
        prt_slot_final_(slot);
        break;
    default:
        slot->stage->spec.run(slot->worker);
        break;
    }
    prt_run_returned_(slot->stage->run);
}

bool prt_linger_enter_(struct prt_thread *thread, struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;

    if (!slot->entered)
        prt_stack_begin(slot->stack, stage->run->spec.name, stage->spec.name, body_main, slot);
    slot->entered = true;
    go_on(thread, slot);
    if (!prt_stack_enter(slot->stack, &thread->base))
        return false;
    slot->entered = false;
    prt_store_relaxed(&thread->running, 0);
    prt_linger_leave_source_(thread);
    return true;
}
