/* Slots: the phases from taking a batch to emptying its outboxes, permits, waiting without a thread. */
#include "pool/slot.h"

#include "pool/gather.h"
#include "pool/inline.h"
#include "pool/linger.h"
#include "pool/look.h"
#include "pool/outbox.h"
#include "pool/pull.h"
#include "pool/retry.h"
#include "pool/run_state.h"
#include "pool/senders.h"
#include "pool/store_hands.h"
#include "pool/store_named.h"

/* ---- waking ----------------------------------------------------------------------------------------------------- */

void prt_slot_wake_(struct prt_slot *slot)
{
    uint64_t state = prt_load(&slot->state); /* handshake: hold */

    if (slot->owner) {
        prt_event_set(&slot->owner->event);
        return;
    }
    while (state == PRT_SLOT_RUNNING)
        if (prt_cas(&slot->state, &state, PRT_SLOT_WOKEN))
            return;
    if (state == PRT_SLOT_HELD && prt_cas(&slot->state, &state, PRT_SLOT_QUEUED))
        prt_pool_queue_(&slot->stage->run->pool, slot);
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

/* How every worker structure begins. There `pipe` has the type of the pipeline's structure, so bytes are copied. */
struct worker_head {
    struct prt_worker base;
    int worker;
    void *pipe;
};

void prt_slot_make_worker_(struct prt_slot *slot, struct prt_run *run)
{
    const struct worker_head head = { { slot, slot->stage, run }, (int)slot->index, run->spec.pipe };

    memcpy(slot->worker, &head, offsetof(struct worker_head, pipe) + sizeof head.pipe);
}

static bool payer_make(struct prt_slot *slot)
{
    slot->payer = prt_memory_new_(&slot->stage->run->memory, sizeof *slot->payer, sizeof(void *));
    if (slot->payer)
        slot->payer->slot = slot;
    return slot->payer != NULL;
}

bool prt_slot_ready_(struct prt_slot *slot, struct prt_stage *stage, uint32_t index)
{
    const struct prt_stage_spec *spec = &stage->spec;
    struct prt_memory *memory = &stage->run->memory;
    const size_t near = 2 * sizeof(void *); /* as malloc aligns; what one worker needs shares lines */
    bool made = true;

    slot->stage = stage;
    slot->index = index;
    slot->timer = (struct prt_timer){ .kind = PRT_TIMER_SLOT, .of.slot = slot };
    slot->worker = prt_memory_new_(memory, spec->size, spec->align > PRT_LINE ? spec->align : PRT_LINE);
    slot->takes = prt_memory_new_(memory, spec->nins * sizeof(struct prt_take), near);
    slot->ports = prt_memory_new_(memory, spec->nouts * sizeof(struct prt_port), near);
    slot->permits = prt_memory_new_(memory, spec->nbounds * sizeof(struct prt_permit), near);
    slot->ntakes = spec->nins;
    slot->nports = spec->nouts;
    if (!slot->worker || !slot->takes || !slot->ports || !slot->permits || (spec->cost && !payer_make(slot)))
        return false;
    prt_slot_make_worker_(slot, stage->run);
    made = prt_tries_make_(slot) && prt_inline_ready_(slot);
    for (size_t i = 0; i < spec->nins; i++)
        made = prt_take_make_(slot, i) && made;
    for (size_t i = 0; i < spec->nouts; i++)
        made = prt_port_make_(slot, i) && made;
    if (stage->npulls > 0)
        made = prt_pull_make_(slot) && made;
    for (size_t i = 0; i < spec->nbounds; i++)
        slot->permits[i] = (struct prt_permit){ .slot = slot, .bound = stage->bounds[i].bound };
    return made;
}

/* ---- waiting without a thread ----------------------------------------------------------------------------------- */

/* Where bodies hold permits while they wait for their turn to send, permits are granted in the order of the turns: an
 * earlier item would else wait for what a later one holds, and that one for it. */
static bool slot_may_begin(const struct prt_slot *slot)
{
    return !slot->stage->begins_in_turn || prt_load(&slot->stage->turns->permits) == slot->turn;
}

/* Whether the permit that was asked for last was granted; with none yet, whether it may ask. */
static bool slot_is_granted(const struct prt_slot *slot)
{
    return slot->asked > 0 ? prt_bound_granted_(&slot->permits[slot->asked - 1]) : slot_may_begin(slot);
}

static void slot_begun(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    if (!stage->tells_begin)
        return;
    if (stage->store && stage->store->begins_later)
        prt_store_begin_(slot);
    if (!stage->begins_in_turn)
        return;
    prt_store(&stage->turns->permits, slot->turn_end);
    prt_turns_wake_(stage->turns, slot->turn_end);
}

/* What the slot waits for may have come already. */
static bool slot_may_go_on(struct prt_slot *slot)
{
    if (prt_run_aborted_(slot->stage->run))
        return true;
    switch (slot->phase) {
    case PRT_PHASE_TAKE:
        return prt_stacks_handed_(slot);
    case PRT_PHASE_PERMITS:
        return slot_is_granted(slot);
    case PRT_PHASE_TICK:
    case PRT_PHASE_BODY:
    case PRT_PHASE_FINAL:
        return prt_wait_is_over_(slot) || prt_gather_may_send_(slot);
    case PRT_PHASE_FLUSH:
        return prt_batch_may_flush_(slot);
    case PRT_PHASE_BACKOFF:
        return prt_tries_are_due_(slot);
    case PRT_PHASE_KEYS:
        return prt_store_granted_(slot);
    case PRT_PHASE_RATE:
        return slot->rate_due == PRT_NEVER && prt_payer_is_first_(&slot->stage->payers, slot->payer);
    default:
        return false; /* the timer fires in any case */
    }
}

/* Where the receiver publishes without a barrier of its own, it must see the waiter or the waiter its publication. */
static void slot_enlist(struct prt_slot *slot)
{
    bool barrier = false;

    slot->waited = true;
    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];

        if (prt_port_is_settled_(port)) {
            prt_chan_pass_room_(port->chan);
        } else if (prt_port_has_turn_(port)) {
            if (port->len > 0)
                prt_chan_enlist_(port->chan, &port->waiter);
            else
                prt_chan_enlist_meeting_(port->chan, &port->waiter, port->ticket);
            barrier = barrier || port->chan->direct_receive;
        }
    }
    if (barrier)
        prt_barrier_all(); /* handshake: room */
}

bool prt_slot_await_room_(struct prt_slot *slot)
{
    slot_enlist(slot);
    return !prt_batch_may_flush_(slot) && !prt_run_aborted_(slot->stage->run); /* handshake: room */
}

static uint64_t rate_wake(const struct prt_slot *slot)
{
    return prt_rate_wake_(slot->stage->spec.rate, slot->rate_due);
}

static bool slot_is_inside(const struct prt_slot *slot)
{
    return slot->phase >= PRT_PHASE_TICK;
}

void prt_slot_says_permits_(struct prt_slot *slot, bool held)
{
    prt_slot_says_(slot, slot->asked > 0 ? PRT_FOR_BOUND : PRT_FOR_TURN, slot->asked > 0 ? slot->asked - 1 : 0, held);
}

void prt_slot_says_flush_(struct prt_slot *slot, bool held)
{
    size_t i = 0;

    while (i + 1 < slot->nports && prt_port_is_settled_(&slot->ports[i]))
        i++;
    prt_slot_says_(slot, slot->nports > 0 && prt_port_has_turn_(&slot->ports[i]) ? PRT_FOR_ROOM : PRT_FOR_TURN, i, held);
}

static void says_held(struct prt_slot *slot)
{
    switch (slot->phase) {
    case PRT_PHASE_TAKE:
        prt_slot_says_(slot, PRT_FOR_THREAD, 0, true);
        break;
    case PRT_PHASE_PERMITS:
        prt_slot_says_permits_(slot, true);
        break;
    case PRT_PHASE_RATE:
        prt_slot_says_(slot, PRT_FOR_RATE, 0, true);
        break;
    case PRT_PHASE_BACKOFF:
    case PRT_PHASE_KEYS:
        prt_slot_says_(slot, PRT_FOR_RETRY, 0, true);
        break;
    case PRT_PHASE_FLUSH:
        prt_slot_says_flush_(slot, true);
        break;
    case PRT_PHASE_TICK:
    case PRT_PHASE_BODY:
    case PRT_PHASE_FINAL:
        prt_slot_says_wait_(slot, true);
        break;
    }
}

/* The wait is announced first, then looked at once more: who ends it after that look finds the announcement, and makes
 * the slot WOKEN if it is not HELD yet. Who is held for want of a stack has announced that (stacks.c). */
bool prt_slot_hold_(struct prt_slot *slot)
{
    struct prt_thread *thread = slot->thread;
    uint64_t running = PRT_SLOT_RUNNING;

    if (slot->phase != PRT_PHASE_TAKE)
        prt_store(&slot->state, PRT_SLOT_RUNNING); /* forgets wake-ups for earlier waits */
    if (slot->phase == PRT_PHASE_FLUSH)
        slot_enlist(slot);
    if (slot_is_inside(slot)) {
        prt_batch_hand_back_(slot);
        prt_wait_announce_(slot);
    }
    if (slot->phase == PRT_PHASE_RATE && slot->rate_due != PRT_NEVER)
        prt_timer_set_(&slot->stage->run->timers, &slot->timer, rate_wake(slot));
    if (slot->phase == PRT_PHASE_BACKOFF)
        prt_timer_set_(&slot->stage->run->timers, &slot->timer, slot->tries->due);
    if (slot_may_go_on(slot)) /* handshake: hold */
        return false;
    slot->thread = NULL;
    says_held(slot);
    if (prt_cas(&slot->state, &running, PRT_SLOT_HELD))
        return true;
    slot->thread = thread;
    prt_store(&slot->state, PRT_SLOT_RUNNING);
    return false;
}

/* ---- permits ---------------------------------------------------------------------------------------------------- */

static uint64_t slot_weight(struct prt_slot *slot, size_t bound)
{
    const struct prt_bound_use *use = &slot->stage->bounds[bound];

    return use->weight ? use->weight(slot->worker, slot->takes[0].start) : 1;
}

bool prt_slot_take_bounds_(struct prt_slot *slot)
{
    if (!slot_is_granted(slot))
        return false;
    while (slot->asked < slot->stage->spec.nbounds) {
        const uint64_t units = slot_weight(slot, slot->asked);

        slot->asked++;
        if (!prt_bound_take_(&slot->permits[slot->asked - 1], units))
            return false;
    }
    return true;
}

void prt_slot_give_bounds_(struct prt_slot *slot)
{
    while (slot->asked > 0)
        prt_bound_give_(&slot->permits[--slot->asked]);
}

/* What has a cost stands in line. Who leaves it last makes the stage ready for the next item, and may be in a body for long. */
static void leave_line(struct prt_slot *slot, bool done)
{
    if (prt_payer_leave_(&slot->stage->payers, slot->payer, done))
        prt_pool_alert_stage_(slot->stage);
}

static __attribute__((noinline)) bool take_cost(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    const uint64_t cost = stage->spec.cost(slot->worker, slot->takes[0].start);
    const uint64_t now = prt_now();

    slot->rate_due = cost == 0 ? now : PRT_NEVER;
    if (cost > 0 && !prt_payer_stand_(&stage->payers, slot->payer))
        return false;
    if (cost > 0 && !prt_rate_take_(stage->spec.rate, &stage->asker, cost, now, &slot->rate_due))
        return false;
    leave_line(slot, true);
    return true;
}

bool prt_slot_take_rate_(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    if (slot->payer)
        return take_cost(slot);
    return prt_rate_take_(stage->spec.rate, &stage->asker, 1, prt_now(), &slot->rate_due);
}

void prt_slot_unask_rate_(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    if (!slot->payer || prt_payer_is_first_(&stage->payers, slot->payer))
        prt_rate_unask_(stage->spec.rate, &stage->asker);
    if (slot->payer)
        leave_line(slot, false);
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

static void cost_measured(struct prt_stage *stage, uint64_t ns, uint64_t bodies)
{
    const uint64_t each = prt_cost_each_(ns, bodies);

    prt_store_relaxed(&stage->cost, prt_cost_max_(prt_load_relaxed(&stage->cost), each));
    prt_store_relaxed(&stage->mean, prt_cost_mean_(prt_load_relaxed(&stage->mean), each));
}

/* Whose code a thread runs, for the message should that end it (away.c); no thread of the run: the one of prt_run(). */
static prt_atomic_u64 *running(struct prt_thread *thread, struct prt_slot *slot)
{
    return thread ? &thread->running : &slot->stage->run->running;
}

static inline void body_begin(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    const bool is_cheap = stage->may_wait || stage->turns ? prt_stage_hides_(stage) : prt_stage_is_quick_(stage);

    slot->mode = stage->spec.leaf ? PRT_MODE_LEAF : PRT_MODE_WAIT;
    slot->cut_now = false;
    slot->waits_ns = 0;
    slot->measured = slot->ntakes && (!is_cheap || ++slot->measures % PRT_MEASURE_EACH == 0);
    slot->begun_at = slot->measured || stage->timed ? prt_now() : 0;
    prt_store_relaxed(&stage->claims, prt_load_relaxed(&stage->claims) + 1);
    prt_store_relaxed(&slot->begins, prt_load_relaxed(&slot->begins) + 1);
    slot_begun(slot);
}

static void limits_end(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    if (slot->node)
        prt_store_end_(slot);
    /* Permits that came due while every worker was busy found nobody. Waking others, after the body, is not its time. */
    if (stage->spec.rate && slot->ntakes && !prt_stage_has_free_(stage) && prt_load(&stage->payers.n) == 0)
        prt_rate_clamp_(stage->spec.rate, slot->rate_due + (slot->returned - slot->begun_at));
}

/* `bodies`: that have run; none, where a tear-down was quicker. */
static inline void body_end(struct prt_slot *slot, uint64_t bodies)
{
    struct prt_stage *stage = slot->stage;

    prt_slot_give_bounds_(slot);
    if (slot->measured && bodies > 0)
        cost_measured(stage, prt_now() - slot->begun_at - slot->waits_ns, bodies);
    if (stage->limits)
        limits_end(slot);
}

void prt_slot_body_(struct prt_thread *thread, struct prt_slot *slot)
{
    uint64_t bodies;

    body_begin(slot);
    prt_store_relaxed(&thread->running, (uint64_t)(uintptr_t)slot);
    if (prt_stage_is_source_(slot->stage))
        prt_store_relaxed(&thread->in_source, (uint64_t)(uintptr_t)slot);
    bodies = prt_batch_run_(slot);
    if (slot->ntakes == 0)
        prt_linger_leave_source_(thread);
    prt_store_relaxed(&thread->running, 0);
    body_end(slot, bodies);
}

struct prt_stage *prt_slot_feeds_(const struct prt_chan *chan)
{
    struct prt_stage *stage = chan->nto == 1 ? chan->to[0] : NULL;

    if (!stage || chan->nsend_slots != 1 || !chan->direct_receive || chan->spec.cycle != 0)
        return NULL;
    if (!stage->spec.leaf || stage->spec.blocking || stage->spec.collect > 0 || stage->spec.nins != 1 ||
        stage->ins[0].nchans != 1)
        return NULL;
    for (size_t i = 0; i < stage->spec.nouts; i++)
        if (stage->outs[i].chan->spec.cycle != 0) /* what is sent there is to be counted */
            return NULL;
    if (stage->spec.rate || stage->spec.nbounds > 0 || stage->spec.flush || stage->spec.sleeps)
        return NULL;
    return stage->spec.attempts ? NULL : stage;
}

void prt_slot_feed_(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    const bool measured = ++slot->measures % PRT_MEASURE_FED_EACH == 0;
    const uint64_t from = measured ? prt_now() : 0;
    bool settled = true;
    uint64_t n;

    slot->thread = thread;
    slot->mode = PRT_MODE_LEAF;
    prt_store_relaxed(&stage->claims, prt_load_relaxed(&stage->claims) + 1);
    prt_store_relaxed(&slot->begins, prt_load_relaxed(&slot->begins) + 1);
    prt_store_relaxed(&thread->running, (uint64_t)(uintptr_t)slot);
    n = prt_batch_feed_(thread, slot);
    prt_store_relaxed(&thread->running, 0);
    if (measured && n > 0)
        cost_measured(stage, prt_now() - from, n);
    for (size_t i = 0; i < slot->nports; i++)
        settled = settled && slot->ports[i].len == 0;
    if (settled) {
        prt_senders_wake_(&slot->takes[0], PRT_SENDERS_LEFT); /* it may have been stolen meanwhile */
        prt_stage_release_(stage, slot);
        return;
    }
    slot->phase = PRT_PHASE_FLUSH;
    prt_slot_run_(thread, slot, 1);
}

/* The wait for room is over: nothing of it stays in the channels' lists, and room that others can use goes on to them. */
void prt_slot_forget_room_(struct prt_slot *slot)
{
    if (!slot->waited)
        return;
    slot->waited = false;
    for (size_t i = 0; i < slot->nports; i++) {
        prt_chan_delist_(slot->ports[i].chan, &slot->ports[i].waiter);
        prt_chan_pass_room_(slot->ports[i].chan);
    }
}

void prt_slot_discard_(struct prt_slot *slot)
{
    prt_tries_discard_(slot);
    prt_batch_discard_(slot);
    prt_slot_give_bounds_(slot);
    if (slot->payer)
        prt_payer_leave_(&slot->stage->payers, slot->payer, true);
}

/* Whether a tick has passed that the slot has not served; from now on it has. */
static bool tick_take(struct prt_slot *slot)
{
    const uint64_t ticks = prt_load(&slot->stage->ticks);

    if (slot->ticks == ticks || prt_stage_over_(slot->stage))
        return false;
    slot->ticks = ticks;
    slot->mode = PRT_MODE_SECTION;
    return true;
}

void prt_slot_tick_(struct prt_thread *thread, struct prt_slot *slot)
{
    if (!tick_take(slot))
        return;
    prt_store_relaxed(&thread->running, (uint64_t)(uintptr_t)slot);
    slot->stage->spec.flush(slot->worker);
    prt_store_relaxed(&thread->running, 0);
    prt_run_returned_(slot->stage->run);
}

void prt_slot_init_(struct prt_thread *thread, struct prt_slot *slot)
{
    prt_atomic_u64 *const at = running(thread, slot);

    slot->thread = thread;
    prt_store_relaxed(at, (uint64_t)(uintptr_t)slot);
    prt_inline_init_(slot);
    if (prt_run_aborted_(slot->stage->run)) {
        prt_store_relaxed(at, 0);
        return;
    }
    slot->mode = PRT_MODE_SECTION;
    slot->failed_now = false;
    if (slot->stage->spec.init)
        slot->stage->spec.init(slot->worker);
    prt_store_relaxed(at, 0);
    prt_run_returned_(slot->stage->run);
    slot->initialised = !slot->failed_now;
}

void prt_slot_final_(struct prt_slot *slot)
{
    prt_store_relaxed(&slot->ending, 1);
    slot->mode = PRT_MODE_SECTION;
    if (slot->initialised && slot->stage->spec.final)
        slot->stage->spec.final(slot->worker);
    prt_run_returned_(slot->stage->run);
    slot->initialised = false;
    prt_inline_final_(slot);
}

void prt_slot_final_here_(struct prt_thread *thread, struct prt_slot *slot)
{
    prt_atomic_u64 *const at = running(thread, slot);

    slot->thread = thread;
    prt_store_relaxed(at, (uint64_t)(uintptr_t)slot);
    prt_slot_final_(slot);
    prt_store_relaxed(at, 0);
}

/* Goes on with what lies on the slot's stack, or begins it. It may have been woken for a window of another output than it
 * waits for. False: the slot is not the thread's any more. */
static bool enter(struct prt_thread *thread, struct prt_slot *slot)
{
    if (slot->entered && !prt_wait_is_over_(slot)) {
        prt_gather_send_(slot);
        if (!prt_wait_is_over_(slot))
            return !prt_slot_hold_(slot);
    }
    return prt_linger_enter_(thread, slot);
}

/* What is due soon is slept for with the slot in hand: the monitor's timer would wake two threads for it. */
static bool nap(struct prt_thread *thread, struct prt_slot *slot)
{
    bool napped;

    if (!slot->naps)
        return false;
    prt_slot_says_(slot, PRT_FOR_RATE, 0, false);
    napped = prt_pool_nap_(thread, rate_wake(slot));
    prt_slot_says_(slot, PRT_FOR_NOTHING, 0, false);
    return napped;
}

static enum prt_phase phase_behind_body(const struct prt_slot *slot)
{
    return prt_tries_wait_(slot->tries) ? PRT_PHASE_BACKOFF : PRT_PHASE_FLUSH;
}

/* The item has failed and is to be tried again. Nobody has a permit meanwhile: its bodies have given them back. */
static __attribute__((noinline)) void step_backoff(struct prt_slot *slot, bool *held)
{
    if (!prt_tries_are_due_(slot)) {
        prt_senders_wake_all_(slot);
        *held = prt_slot_hold_(slot);
        return;
    }
    slot->asked = 0;
    slot->phase = slot->node ? PRT_PHASE_KEYS : PRT_PHASE_PERMITS;
    if (!prt_tries_go_on_(slot)) {
        prt_batch_close_cut_(slot);
        if (slot->node)
            prt_store_give_up_(slot);
        slot->phase = PRT_PHASE_FLUSH;
    }
}

static void step_keys(struct prt_slot *slot, bool *held)
{
    if (prt_store_ask_(slot)) {
        slot->phase = PRT_PHASE_PERMITS;
        return;
    }
    prt_senders_wake_all_(slot);
    *held = prt_slot_hold_(slot);
}

/* The steps of a slot whose bodies may wait. Apart, so that those of leaves stay short. */
static __attribute__((noinline)) void step_inside(struct prt_thread *thread, struct prt_slot *slot, bool *held)
{
    *held = !enter(thread, slot);
    if (*held || slot->entered)
        return;
    if (slot->phase == PRT_PHASE_TICK) {
        slot->phase = PRT_PHASE_TAKE;
        return;
    }
    body_end(slot, prt_batch_close_(slot));
    slot->phase = phase_behind_body(slot);
}

static __attribute__((noinline)) void begin_inside(struct prt_slot *slot)
{
    body_begin(slot);
    prt_batch_open_(slot);
    slot->phase = PRT_PHASE_BODY;
}

/* Before anything is taken: whether there is nothing else to do first. */
static __attribute__((noinline)) bool may_take_inside(struct prt_thread *thread, struct prt_slot *slot, bool *held)
{
    if (!prt_stacks_take_(thread, slot)) {
        *held = prt_slot_hold_(slot);
        return false;
    }
    if (!slot->stage->spec.flush || !tick_take(slot))
        return true;
    slot->phase = PRT_PHASE_TICK;
    return false;
}

/* One step; false: the slot has nothing more to do. `*held`: it is not the thread's any more. */
static bool slot_step(struct prt_thread *thread, struct prt_slot *slot, bool *held)
{
    struct prt_stage *stage = slot->stage;

    switch (slot->phase) {
    case PRT_PHASE_TAKE:
        if (stage->may_wait) {
            if (!may_take_inside(thread, slot, held))
                return true;
        } else if (stage->spec.flush) {
            prt_slot_tick_(thread, slot);
        }
        slot->asked = 0;
        if (!prt_batch_take_(slot))
            return false;
        slot->phase = PRT_PHASE_PERMITS;
        return true;
    case PRT_PHASE_TICK:
    case PRT_PHASE_BODY:
        step_inside(thread, slot, held);
        return true;
    case PRT_PHASE_PERMITS:
        if (prt_slot_take_bounds_(slot)) {
            slot->phase = PRT_PHASE_RATE;
            return true;
        }
        if (stage->spec.rate)
            prt_slot_unask_rate_(slot); /* others are not to wait for what this one waits for */
        prt_senders_wake_all_(slot);
        *held = prt_slot_hold_(slot);
        return true;
    case PRT_PHASE_RATE:
        if (stage->spec.rate && stage->spec.nins > 0 && !prt_slot_take_rate_(slot)) {
            prt_slot_give_bounds_(slot); /* nobody holds a bound while he waits for a time */
            *held = !nap(thread, slot) && prt_slot_hold_(slot);
            if (!*held)
                slot->phase = PRT_PHASE_PERMITS;
            return true;
        }
        if (stage->may_wait) {
            begin_inside(slot);
            return true;
        }
        prt_slot_body_(thread, slot);
        slot->phase = phase_behind_body(slot);
        return true;
    case PRT_PHASE_BACKOFF:
        step_backoff(slot, held);
        return true;
    case PRT_PHASE_KEYS:
        step_keys(slot, held);
        return true;
    case PRT_PHASE_FINAL: /* prt_slot_run_() sees to it */
        return false;
    case PRT_PHASE_FLUSH:
        if (prt_batch_flush_(slot)) {
            slot->phase = PRT_PHASE_TAKE;
            return true;
        }
        prt_senders_wake_all_(slot);
        *held = prt_slot_hold_(slot);
        return true;
    }
    return false;
}

static void slot_release(struct prt_slot *slot)
{
    if (prt_stage_is_by_(slot->stage))
        prt_store_let_go_(slot);
    else
        prt_stage_release_(slot->stage, slot);
}

/* Whether the slot is let go. */
static __attribute__((noinline)) bool slot_settle(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    if (stage->spec.rate && slot->ntakes > 0)
        prt_stage_rest_rate_(stage);
    if (!prt_stage_is_by_(stage))
        return false;
    prt_stacks_give_(slot->thread, slot);
    slot_release(slot);
    return true;
}

static void slot_let_go(struct prt_slot *slot)
{
    prt_senders_wake_all_(slot);
    if (slot->stage->settles && slot_settle(slot))
        return;
    if (slot->stack) {
        prt_stacks_give_(slot->thread, slot);
        if (slot->npulls > 0) {
            prt_stage_retire_(slot->stage, slot);
            return;
        }
    }
    prt_stage_release_(slot->stage, slot);
}

/* Whether to go on with the next batch at once: a few items of a quick body are left to gather, rather than taken one by
 * one from under the sender's hands. */
static bool slot_is_worth_more(const struct prt_slot *slot)
{
    const uint64_t mean = prt_load_relaxed(&slot->stage->mean);

    for (size_t i = 0; i < slot->nports; i++)
        if (!slot->ports[i].chan->drops && prt_room_is_low_(prt_chan_room_(slot->ports[i].chan), slot->ports[i].chan->cap))
            return false;
    if (slot->stage->may_wait || slot->stage->spec.rate || slot->ntakes != 1 || slot->takes[0].nchans != 1 || mean == 0)
        return true;
    return prt_backlog_is_worth_(prt_chan_queued_(slot->takes[0].chans[0]), mean);
}

bool prt_slot_run_(struct prt_thread *thread, struct prt_slot *slot, unsigned budget)
{
    struct prt_stage *stage = slot->stage;
    bool held = false;

    slot->thread = thread;
    slot->naps = budget > 1 && !stage->may_wait;
    if (slot->naps && prt_stage_is_paced_(stage))
        budget = PRT_PACED_BUDGET;
    if (slot->phase == PRT_PHASE_FINAL) {
        prt_stage_finals_(thread, stage, slot->index);
        return true;
    }
    if (slot->phase == PRT_PHASE_RATE) /* its bounds were given back for the wait */
        slot->phase = PRT_PHASE_PERMITS;
    while (slot_is_inside(slot) || !prt_run_aborted_(stage->run)) {
        const bool flushing = slot->phase == PRT_PHASE_FLUSH;

        if (!slot_step(thread, slot, &held)) {
            slot_let_go(slot);
            return true;
        }
        if (held) /* somebody else's by now */
            return false;
        if (!flushing || slot->phase != PRT_PHASE_TAKE)
            continue;
        prt_slot_forget_room_(slot);
        if (--budget == 0 || prt_load_relaxed(&stage->run->pool.queues[0].n) > 0 || !slot_is_worth_more(slot)) {
            slot_let_go(slot);
            return true;
        }
    }
    prt_slot_discard_(slot);
    slot->phase = PRT_PHASE_TAKE;
    prt_stacks_give_(thread, slot);
    slot_release(slot);
    return true;
}

bool prt_slot_run_final_(struct prt_thread *thread, struct prt_slot *slot)
{
    slot->phase = PRT_PHASE_FINAL;
    prt_stacks_take_(thread, slot); /* no other slot of the stage has its reserve */
    while (enter(thread, slot))
        if (!slot->entered) {
            prt_stacks_give_(thread, slot);
            return true;
        }
    return false;
}
