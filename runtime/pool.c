/* The pool: the word, parking and waking, finding work, helping. */
#include "pool.h"

#include <errno.h>
#include <stdlib.h>

#include "run_state.h"

#define LOOKS PRT_LOOKS(24) /* for work before a thread parks; about 30 microseconds */
#define EAGER_LOOKS PRT_LOOKS(20) /* the first of them, at short intervals */
#define EAGER_PAUSES 8
#define CALM_PAUSES 300
#define CALM_LOOKS PRT_LOOKS(8) /* in a row that found others at work, before the thread sleeps between looks */
#define CALM_NS 100000    /* for so long */
#define LONE_NS 1000000   /* and so long on one processor */
#define PATIENCE_NS 5000  /* a small backlog is left to whoever is at it for so long */
#define GATHERED 16
#define GATHER_NS 1000
#define PATIENCE_LOOKS PRT_LOOKS(200)
#define BOX_PATIENCE_NS 50000 /* the same where results would have to go to an outbox */
#define HELP_NS 20000     /* bodies that cost more are not run while helping */
#define WAKE_NS 12000     /* what waking a thread takes */
#define AT_ONCE_NS 20000  /* an item is run by its sender instead, unless it has just done so */
#define BUDGET 16         /* batches of one slot before a thread looks around */

/* ---- the word --------------------------------------------------------------------------------------------------- */

/* A thread that spins will find a new item, and so will the monitor while it watches unless somebody could be woken. */
static uint64_t word_needy(uint64_t word)
{
    const bool wakeable = prt_word_get_(word, PRT_PARKED) > 0 &&
                          prt_word_get_(word, PRT_ACTIVE) < prt_word_get_(word, PRT_PLACES);

    if (prt_word_get_(word, PRT_SPINNING) == 0 && (wakeable || !(word & PRT_WATCHING)))
        return word | PRT_NEEDY;
    return word & ~PRT_NEEDY;
}

uint64_t prt_pool_change_(struct prt_pool *pool, int spinning, int parked, int active)
{
    uint64_t word = prt_load_relaxed(&pool->word);
    uint64_t next;

    do
        next = word_needy(word + ((uint64_t)(int64_t)spinning << PRT_SPINNING) + ((uint64_t)(int64_t)parked << PRT_PARKED) +
                          ((uint64_t)(int64_t)active << PRT_ACTIVE));
    while (!prt_cas(&pool->word, &word, next));
    return next;
}

uint64_t prt_pool_flags_(struct prt_pool *pool, uint64_t set, uint64_t clear)
{
    uint64_t word = prt_load_relaxed(&pool->word);
    uint64_t next;

    do
        next = word_needy((word | set) & ~clear);
    while (!prt_cas(&pool->word, &word, next));
    return next;
}

uint64_t prt_pool_places_(struct prt_pool *pool, uint32_t places)
{
    uint64_t word = prt_load_relaxed(&pool->word);
    uint64_t next;

    do
        next = word_needy((word & ~((uint64_t)PRT_FIELD_MAX << PRT_PLACES)) | (uint64_t)places << PRT_PLACES);
    while (!prt_cas(&pool->word, &word, next));
    return next;
}

/* ---- waking ----------------------------------------------------------------------------------------------------- */

/* Takes a parked thread out of the lot and counts it as spinning on its behalf, so that one wake is in flight at most. */
bool prt_pool_wake_one_(struct prt_pool *pool)
{
    struct prt_thread *thread;

    prt_mutex_lock(&pool->lot_lock);
    thread = pool->lot;
    if (thread) {
        pool->lot = thread->next_parked;
        thread->parked = false;
        prt_pool_change_(pool, 1, -1, 0);
    }
    prt_mutex_unlock(&pool->lot_lock);
    if (thread)
        prt_event_set(&thread->event);
    return thread != NULL;
}

/* Wakes the monitor, which looks every millisecond from now on. */
static void watch(struct prt_run *run)
{
    prt_pool_flags_(&run->pool, PRT_WATCHING, 0);
    prt_event_set(&run->event);
}

void prt_pool_needs_(struct prt_pool *pool)
{
    const uint64_t word = prt_load(&pool->word);
    struct prt_run *run = (struct prt_run *)pool; /* its first member */

    if (!(word & PRT_NEEDY))
        return;
    if (prt_word_get_(word, PRT_ACTIVE) < prt_word_get_(word, PRT_PLACES) && prt_pool_wake_one_(pool))
        return;
    if (!(word & PRT_WATCHING))
        watch(run);
}

void prt_pool_wake_dedicated_(struct prt_stage *stage, uint64_t n)
{
    if (prt_load(&stage->nparked) == 0)
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

/* As many threads as there are items; at the end of the channel all of them. */
static void wake_dedicated(struct prt_chan *chan)
{
    const uint64_t n = prt_load(&chan->closed) ? UINT64_MAX : prt_chan_queued_(chan);

    for (uint32_t i = 0; i < chan->nto; i++)
        if (chan->to[i]->spec.blocking)
            prt_pool_wake_dedicated_(chan->to[i], n);
}

void prt_pool_published_(struct prt_chan *chan)
{
    if (chan->wakes_dedicated)
        wake_dedicated(chan);
    if (prt_load(&chan->run->pool.word) & PRT_NEEDY)
        prt_pool_needs_(&chan->run->pool);
}

/* ---- slots that may go on --------------------------------------------------------------------------------------- */

void prt_pool_queue_(struct prt_pool *pool, struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;
    const bool helpable = stage->spec.leaf &&
                          (slot->phase == PRT_PHASE_FLUSH || prt_load_relaxed(&stage->cost) <= HELP_NS);
    const int which = !helpable;

    slot->next_queued = NULL;
    prt_mutex_lock(&pool->queue_lock);
    *(pool->queues[which].last ? &pool->queues[which].last->next_queued : &pool->queues[which].first) = slot;
    pool->queues[which].last = slot;
    prt_add(&pool->queues[which].n, 1);
    prt_mutex_unlock(&pool->queue_lock);
    prt_pool_needs_(pool);
}

static struct prt_slot *queue_pop(struct prt_pool *pool, int which)
{
    struct prt_slot *slot;

    if (prt_load(&pool->queues[which].n) == 0)
        return NULL;
    prt_mutex_lock(&pool->queue_lock);
    slot = pool->queues[which].first;
    if (slot) {
        pool->queues[which].first = slot->next_queued;
        if (!slot->next_queued)
            pool->queues[which].last = NULL;
        prt_sub(&pool->queues[which].n, 1);
        prt_store(&slot->state, PRT_SLOT_RUNNING);
    }
    prt_mutex_unlock(&pool->queue_lock);
    return slot;
}

/* ---- fewer threads ---------------------------------------------------------------------------------------------- */

bool prt_pool_has_extra_(struct prt_pool *pool)
{
    bool extra;

    prt_mutex_lock(&pool->entry_lock);
    extra = pool->threads > pool->first_threads;
    prt_mutex_unlock(&pool->entry_lock);
    return extra;
}

/* One thread less, unless bodies are inside that entered because there were more. */
static bool give_up_thread(struct prt_pool *pool)
{
    bool spare;

    prt_mutex_lock(&pool->entry_lock);
    spare = pool->threads > pool->first_threads && pool->threads > pool->inside + pool->empty_stages + 1;
    pool->threads -= spare;
    prt_mutex_unlock(&pool->entry_lock);
    return spare;
}

struct prt_thread *prt_pool_retire_(struct prt_pool *pool, uint64_t since)
{
    struct prt_thread **last = &pool->lot;
    struct prt_thread *thread;

    if (!prt_pool_has_extra_(pool))
        return NULL;
    prt_mutex_lock(&pool->lot_lock);
    while (*last && (*last)->next_parked)
        last = &(*last)->next_parked;
    thread = *last;
    if (thread && (thread->parked_at > since || !give_up_thread(pool)))
        thread = NULL;
    if (thread) {
        *last = NULL;
        thread->parked = false;
        thread->retire = true;
        prt_pool_change_(pool, 0, -1, 0);
    }
    prt_mutex_unlock(&pool->lot_lock);
    return thread;
}

/* ---- rule T1 ---------------------------------------------------------------------------------------------------- */

/* A further slot of a stage that may wait is entered only if a thread is left for each such stage that has nobody inside
 * and one for leaves. With that, waiting bodies can never hold every thread. */
static bool entry_allowed(const struct prt_stage *stage)
{
    const struct prt_pool *pool = &stage->run->pool;

    return stage->inside == 0 || pool->threads > pool->inside + pool->empty_stages + 1;
}

static bool enter(struct prt_stage *stage, bool always)
{
    struct prt_pool *pool = &stage->run->pool;
    bool allowed;

    prt_mutex_lock(&pool->entry_lock);
    allowed = always || entry_allowed(stage);
    if (allowed) {
        pool->empty_stages -= stage->inside++ == 0;
        pool->inside++;
    }
    prt_mutex_unlock(&pool->entry_lock);
    return allowed;
}

bool prt_pool_enter_(struct prt_stage *stage)
{
    return enter(stage, false);
}

void prt_pool_queue_tick_(struct prt_slot *slot)
{
    if (slot->stage->may_wait)
        enter(slot->stage, true);
    prt_store(&slot->state, PRT_SLOT_QUEUED);
    prt_pool_queue_(&slot->stage->run->pool, slot);
}

void prt_pool_leave_(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;

    prt_mutex_lock(&pool->entry_lock);
    pool->empty_stages += --stage->inside == 0;
    pool->inside--;
    prt_mutex_unlock(&pool->entry_lock);
}

void prt_pool_stage_over_(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;

    if (!stage->may_wait && !stage->final_waits)
        return;
    prt_mutex_lock(&pool->entry_lock);
    pool->empty_stages--;
    prt_mutex_unlock(&pool->entry_lock);
}

bool prt_pool_may_enter_(struct prt_stage *stage)
{
    bool allowed;

    if (!stage->may_wait)
        return true;
    prt_mutex_lock(&stage->run->pool.entry_lock);
    allowed = entry_allowed(stage);
    prt_mutex_unlock(&stage->run->pool.entry_lock);
    return allowed;
}

/* ---- finding work ----------------------------------------------------------------------------------------------- */

bool prt_pool_has_work_(struct prt_run *run)
{
    bool barred = false;

    if (prt_load(&run->pool.shutdown) || prt_load(&run->pool.queues[0].n) || prt_load(&run->pool.queues[1].n))
        return true;
    for (uint32_t i = 0; i < run->nstages; i++) {
        struct prt_stage *stage = run->order[i];
        const enum prt_ready ready = prt_stage_ready_(stage);

        if (ready == PRT_READY_FINISH || (ready == PRT_READY_WORK && prt_pool_may_enter_(stage)))
            return true;
        barred = barred || ready == PRT_READY_WORK;
    }
    /* What rule T1 keeps back is no work for those who are there: only the monitor can bring the thread that it lacks. */
    if (barred && !(prt_load(&run->pool.word) & PRT_WATCHING))
        watch(run);
    return false;
}

static uint64_t patience(const struct prt_stage *stage, bool room)
{
    if (stage->may_wait) /* its sender cannot run it: the wait only lets items gather */
        return GATHER_NS;
    return room ? PATIENCE_NS : BOX_PATIENCE_NS;
}

/* A thread that looks for work leaves a small backlog of quick bodies to the sender, who will run them on its own core
 * when its channel is full: taking them would cost more than it saves. It takes what is worth it, and what nobody has
 * touched for a while. */
static bool is_worth_taking(struct prt_thread *thread, const struct prt_stage *stage)
{
    const struct prt_chan *chan = stage->spec.nins > 0 ? stage->ins[0].chans[0] : NULL;
    const uint64_t cost = prt_load_relaxed(&stage->mean);
    struct prt_seen *seen = &thread->seen[stage->index];
    uint64_t queued, head, now;
    bool room;

    if (!chan || cost == 0 || stage->spec.rate)
        return true;
    if (prt_load_relaxed(&chan->waiting)) /* its sender has given up: nobody is at it */
        return true;
    if (prt_load_relaxed(&chan->filler) == (uintptr_t)thread)
        return true;
    queued = prt_chan_queued_(chan);
    room = prt_stage_has_room_(stage);
    if (stage->may_wait ? queued >= GATHERED : cost >= PRT_SPREAD_NS && queued * cost >= PRT_WORTH_NS && room)
        return true;
    head = prt_load_relaxed(&chan->head);
    now = prt_now();
    if (seen->head != head + 1) {
        seen->head = head + 1;
        seen->since = now;
        seen->looks = 0;
        thread->moved++;
        return false;
    }
    /* Looks count too, for a clock that stands still. */
    return now - seen->since >= patience(stage, room) || ++seen->looks >= PATIENCE_LOOKS;
}

void prt_pool_pass_on_(struct prt_run *run)
{
    if (!(prt_load(&run->pool.word) & PRT_NEEDY))
        return;
    prt_barrier_all();
    if (prt_pool_has_work_(run))
        prt_pool_needs_(&run->pool);
}

/* The thread has found work and does not look any more. */
static void give_up(struct prt_thread *thread, int spinning, int active)
{
    prt_pool_change_(&thread->run->pool, spinning, 0, active);
    prt_pool_pass_on_(thread->run);
}

static void stop_spinning(struct prt_thread *thread, bool *spinning)
{
    if (*spinning)
        give_up(thread, -1, 1);
    *spinning = false;
}

void prt_pool_hold_place_(struct prt_thread *thread)
{
    prt_store_relaxed(&thread->waits, prt_load_relaxed(&thread->waits) + 1);
    if (prt_load_relaxed(&thread->placed) == 0) { /* nobody else makes it 1 */
        prt_pool_change_(&thread->run->pool, 0, 0, 1);
        prt_store(&thread->placed, 1); /* only now may the monitor take the place away: the count never falls below 0 */
    }
}

void prt_pool_drop_place_(struct prt_thread *thread)
{
    if (prt_load_relaxed(&thread->placed) == 1 && prt_swap(&thread->placed, 0) == 1)
        prt_pool_change_(&thread->run->pool, 0, 0, -1);
}

/* Runs a slot of a stage that may wait: its place is free for another thread meanwhile. The stage's entry counts until
 * the slot lets go for good. */
static void run_waiting(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    give_up(thread, 0, -1);
    if (prt_slot_run_(thread, slot, BUDGET))
        prt_pool_leave_(stage);
    if (prt_swap(&thread->placed, 0) == 0)
        prt_pool_change_(&thread->run->pool, 0, 0, 1);
}

/* A thread that looks for work still counts as looking while it runs a quick batch: it will be back before a wake-up
 * could help anybody. Should the body block all the same, the monitor, which does not sleep while anybody spins, sees
 * that `quick` stays and takes the thread out of the count. */
static void run_quick(struct prt_thread *thread, struct prt_slot *slot, bool *spinning)
{
    prt_store(&thread->quick, thread->quick_runs += 2);
    prt_slot_run_(thread, slot, BUDGET);
    if (prt_swap(&thread->quick, 0) == PRT_QUICK_OVER)
        *spinning = false;
}

static void run_slot(struct prt_thread *thread, struct prt_slot *slot, bool *spinning)
{
    if (*spinning && prt_stage_is_quick_(slot->stage) && (prt_load(&thread->run->pool.word) & PRT_WATCHING)) {
        run_quick(thread, slot, spinning);
        return;
    }
    stop_spinning(thread, spinning);
    if (slot->stage->may_wait)
        run_waiting(thread, slot);
    else
        prt_slot_run_(thread, slot, BUDGET);
}

static bool run_finish(struct prt_thread *thread, struct prt_stage *stage, bool *spinning)
{
    bool finished;

    stop_spinning(thread, spinning);
    give_up(thread, 0, -1);
    finished = prt_stage_finish_(thread, stage);
    if (prt_swap(&thread->placed, 0) == 0)
        prt_pool_change_(&thread->run->pool, 0, 0, 1);
    return finished;
}

static bool run_stage(struct prt_thread *thread, struct prt_stage *stage, bool *spinning)
{
    struct prt_slot *slot;

    switch (prt_stage_ready_(stage)) {
    case PRT_READY_NOT:
        return false;
    case PRT_READY_FINISH:
        return run_finish(thread, stage, spinning);
    case PRT_READY_WORK:
        break;
    }
    if (!is_worth_taking(thread, stage)) {
        thread->left++;
        return false;
    }
    if (stage->may_wait && !prt_pool_enter_(stage))
        return false;
    slot = prt_stage_claim_(stage);
    if (slot)
        run_slot(thread, slot, spinning);
    else if (stage->may_wait)
        prt_pool_leave_(stage);
    return slot != NULL;
}

/* Slots that may go on first, then stages, furthest downstream first: queues stay short and caches warm. Every 64th time
 * the other way round, so that nothing upstream starves. */
static bool run_something(struct prt_thread *thread, bool *spinning)
{
    struct prt_run *run = thread->run;
    struct prt_slot *slot = queue_pop(&run->pool, 0);

    if (!slot)
        slot = queue_pop(&run->pool, 1);
    if (slot) {
        run_slot(thread, slot, spinning);
        return true;
    }
    thread->dispatches++;
    for (uint32_t i = 0; i < run->nstages; i++) {
        const uint32_t at = thread->dispatches % 64 ? i : run->nstages - 1 - i;

        if (run_stage(thread, run->order[at], spinning))
            return true;
    }
    return false;
}

/* ---- parking ---------------------------------------------------------------------------------------------------- */

static void lot_enter(struct prt_thread *thread)
{
    struct prt_pool *pool = &thread->run->pool;
    const uint64_t now = prt_now();

    prt_mutex_lock(&pool->lot_lock);
    thread->next_parked = pool->lot;
    thread->parked_at = now;
    pool->lot = thread;
    thread->parked = true;
    prt_pool_change_(pool, -1, 1, 0);
    prt_mutex_unlock(&pool->lot_lock);
}

/* False: somebody has taken the thread out already. */
static bool lot_leave(struct prt_thread *thread)
{
    struct prt_pool *pool = &thread->run->pool;
    bool left = false;

    prt_mutex_lock(&pool->lot_lock);
    for (struct prt_thread **at = &pool->lot; thread->parked && *at; at = &(*at)->next_parked)
        if (*at == thread) {
            *at = thread->next_parked;
            thread->parked = false;
            prt_pool_change_(pool, 1, -1, 0);
            left = true;
            break;
        }
    prt_mutex_unlock(&pool->lot_lock);
    return left;
}

static bool lot_holds(struct prt_thread *thread)
{
    struct prt_pool *pool = &thread->run->pool;
    bool parked;

    prt_mutex_lock(&pool->lot_lock);
    parked = thread->parked;
    prt_mutex_unlock(&pool->lot_lock);
    return parked;
}

/* A spinning thread goes to sleep; it spins when this returns. It announces itself, lets every publication so far become
 * visible, and looks once more: a publisher that saw it spin, and therefore woke nobody, is seen here. */
static void park(struct prt_thread *thread)
{
    struct prt_run *run = thread->run;

    lot_enter(thread);
    prt_barrier_all();
    if ((prt_load(&run->pool.shutdown) || ((prt_load(&run->pool.word) & PRT_NEEDY) && prt_pool_has_work_(run))) &&
        lot_leave(thread))
        return;
    while (lot_holds(thread))
        prt_event_wait(&thread->event, PRT_NEVER);
}

/* An active thread that found nothing spins; half the processors may. */
static bool start_spinning(struct prt_thread *thread)
{
    const struct prt_pool *pool = &thread->run->pool;
    const uint32_t most = pool->cpus / 2 > 1 ? pool->cpus / 2 : 1;
    const uint64_t word = prt_pool_change_(&thread->run->pool, 1, 0, -1);

    return prt_word_get_(word, PRT_SPINNING) <= most &&
           prt_word_get_(word, PRT_SPINNING) + prt_word_get_(word, PRT_ACTIVE) <= prt_word_get_(word, PRT_PLACES);
}

/* Between two looks of a thread that spins. What it left to others must not lie for ever, so it does not park then; but
 * while they get on, each look costs them the cache lines that it reads, so it sleeps in between: on one processor at
 * once, since it would only stand in their way. Returns false when it is time to park. */
static bool look_again(struct prt_thread *thread)
{
    const uint32_t cpus = thread->run->pool.cpus;
    const bool left = thread->left > 0;

    thread->calm = left && thread->moved > 0 ? thread->calm + 1 : 0;
    thread->idle = left && thread->idle > EAGER_LOOKS ? EAGER_LOOKS : thread->idle + 1;
    thread->left = thread->moved = 0;
    if (left && (thread->calm >= CALM_LOOKS || cpus == 1)) {
        prt_event_wait(&thread->event, prt_now() + (cpus == 1 ? LONE_NS : CALM_NS));
        return true;
    }
    if (thread->idle >= LOOKS || cpus == 1)
        return false;
    for (int i = 0; i < (thread->idle < EAGER_LOOKS ? EAGER_PAUSES : CALM_PAUSES); i++)
        prt_pause();
    return true;
}

void prt_pool_main_(void *opaque)
{
    struct prt_thread *thread = opaque;
    struct prt_pool *pool = &thread->run->pool;
    bool spinning = true; /* counted so by whoever started or woke it */

    while (!prt_load(&pool->shutdown)) {
        if (run_something(thread, &spinning)) {
            thread->idle = thread->calm = 0;
            continue;
        }
        if (!spinning)
            thread->idle = start_spinning(thread) ? 0 : LOOKS;
        spinning = true;
        if (!look_again(thread)) {
            park(thread);
            thread->idle = 0;
            if (thread->retire) /* counted nowhere any more */
                return;
        }
    }
    prt_pool_change_(pool, spinning ? -1 : 0, 0, spinning ? 0 : -1);
}

/* ---- helping ---------------------------------------------------------------------------------------------------- */

/* While the helper had the slot, others may have found the stage busy and gone to sleep. The helper returns to its body,
 * which may never come back: what it leaves is somebody else's to find. */
static void help_done(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;

    if (!(prt_load(&pool->word) & PRT_NEEDY))
        return;
    if (stage->spec.rate ? prt_pool_has_work_(stage->run) : prt_stage_ready_(stage) != PRT_READY_NOT)
        prt_pool_needs_(pool);
}

static bool help_stage(struct prt_thread *thread, struct prt_stage *stage)
{
    struct prt_slot *slot;

    if (!stage->spec.leaf || prt_load_relaxed(&stage->cost) > HELP_NS ||
        prt_stage_ready_(stage) != PRT_READY_WORK)
        return false;
    slot = prt_stage_claim_(stage);
    if (!slot)
        return false;
    prt_slot_run_(thread, slot, 1);
    help_done(stage);
    return true;
}

/* The receiver of the channel that is full, as long as it has room itself, is found without a look at all others. */
static bool help_receiver(struct prt_thread *thread, const struct prt_chan *chan)
{
    return chan->nto == 1 && prt_stage_has_room_(chan->to[0]) && help_stage(thread, chan->to[0]);
}

bool prt_pool_run_at_once_(struct prt_thread *thread, const struct prt_chan *chan)
{
    const struct prt_stage *stage = chan->to[0];
    const uint64_t cost = prt_load_relaxed(&stage->cost);
    uint64_t now;

    if (chan->nto != 1 || cost == 0 || cost > WAKE_NS)
        return false;
    now = prt_now();
    if (now - thread->at_once < AT_ONCE_NS) /* items come quickly: somebody else should look after them */
        return false;
    thread->at_once = now;
    return help_receiver(thread, chan);
}

bool prt_pool_help_(struct prt_thread *thread, const struct prt_chan *chan, bool into_outboxes)
{
    struct prt_run *run = thread->run;
    struct prt_slot *slot = queue_pop(&run->pool, 0);

    if (slot) {
        prt_slot_run_(thread, slot, 1);
        help_done(slot->stage);
        return true;
    }
    if (chan && help_receiver(thread, chan))
        return true;
    for (uint32_t i = 0; i < run->nstages; i++)
        if ((into_outboxes || prt_stage_has_room_(run->order[i])) && help_stage(thread, run->order[i]))
            return true;
    return false;
}
