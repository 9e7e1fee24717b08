/* The pool: the word, parking and waking, what a thread does from start to end. */
#include "pool/pool.h"

#include "pool/collect.h"
#include "pool/dedicated.h"
#include "pool/look.h"
#include "pool/run_state.h"

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

void prt_pool_watch_(struct prt_run *run)
{
    prt_pool_flags_(&run->pool, PRT_WATCHING, 0);
    prt_event_set(&run->event);
}

void prt_pool_mind_(struct prt_run *run)
{
    if (!(prt_pool_flags_(&run->pool, PRT_MINDING, 0) & PRT_WATCHING)) /* else it will look, and see that */
        prt_event_set(&run->event);
}

void prt_pool_needs_(struct prt_pool *pool)
{
    const uint64_t word = prt_load(&pool->word);
    struct prt_run *run = (struct prt_run *)pool; /* its first member */

    if (!(word & PRT_NEEDY)) /* handshake: park, give-up, watch */
        return;
    if (prt_word_get_(word, PRT_ACTIVE) < prt_word_get_(word, PRT_PLACES) && prt_pool_wake_one_(pool))
        return;
    if (!(word & PRT_WATCHING))
        prt_pool_watch_(run);
}

void prt_pool_published_(struct prt_chan *chan)
{
    if (chan->collector && prt_collect_waits_(chan))
        return;
    if (chan->wakes_dedicated)
        prt_dedicated_wake_(chan);
    prt_pool_hint_(chan);
    if (prt_load(&chan->run->pool.word) & PRT_NEEDY) /* handshake: park, give-up, watch */
        prt_pool_needs_(&chan->run->pool);
}

/* ---- slots that may go on --------------------------------------------------------------------------------------- */

void prt_pool_queue_(struct prt_pool *pool, struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;
    const bool is_leaf = stage->spec.leaf && !slot->entered && !prt_stage_is_paced_(stage) &&
                         (slot->phase == PRT_PHASE_FLUSH ||
                          (!stage->spec.sleeps && prt_cost_is_beside_(prt_load_relaxed(&stage->cost))));
    const int which = !is_leaf;

    slot->next_queued = NULL;
    prt_mutex_lock(&pool->queue_lock);
    *(pool->queues[which].last ? &pool->queues[which].last->next_queued : &pool->queues[which].first) = slot;
    pool->queues[which].last = slot;
    prt_add(&pool->queues[which].n, 1);
    prt_mutex_unlock(&pool->queue_lock);
    prt_pool_needs_(pool);
}

struct prt_slot *prt_pool_dequeue_(struct prt_pool *pool, int which)
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
        prt_store_relaxed(&pool->queues[which].taken, prt_load_relaxed(&pool->queues[which].taken) + 1);
        prt_store(&slot->state, PRT_SLOT_RUNNING);
    }
    prt_mutex_unlock(&pool->queue_lock);
    return slot;
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

static bool lot_has(struct prt_thread *thread)
{
    struct prt_pool *pool = &thread->run->pool;
    bool parked;

    prt_mutex_lock(&pool->lot_lock);
    parked = thread->parked;
    prt_mutex_unlock(&pool->lot_lock);
    return parked;
}

struct prt_thread *prt_pool_retire_(struct prt_pool *pool, uint64_t since)
{
    struct prt_thread **last = &pool->lot;
    struct prt_thread *thread;

    prt_mutex_lock(&pool->lot_lock);
    while (*last && (*last)->next_parked)
        last = &(*last)->next_parked;
    thread = *last;
    if (thread && thread->parked_at > since)
        thread = NULL;
    if (thread) {
        *last = NULL;
        thread->parked = false;
        thread->retire = true;
        pool->threads--;
        prt_pool_change_(pool, 0, -1, 0);
    }
    prt_mutex_unlock(&pool->lot_lock);
    return thread;
}

/* A spinning thread goes to sleep; it spins when this returns. It announces itself, lets every publication so far become
 * visible, and looks once more: a publisher that saw it spin, and therefore woke nobody, is seen here. */
static void park(struct prt_thread *thread)
{
    struct prt_run *run = thread->run;

    lot_enter(thread);
    prt_barrier_all(); /* handshake: park, credit */
    if ((prt_load(&run->pool.shutdown) || ((prt_load(&run->pool.word) & PRT_NEEDY) && prt_pool_has_work_(run))) &&
        lot_leave(thread))
        return;
    while (lot_has(thread))
        prt_event_wait(&thread->event, PRT_NEVER);
}

/* An active thread that found nothing spins, if it may. */
static bool start_spinning(struct prt_thread *thread)
{
    const struct prt_pool *pool = &thread->run->pool;
    const uint64_t word = prt_pool_change_(&thread->run->pool, 1, 0, -1);

    return prt_may_spin_(prt_word_get_(word, PRT_SPINNING), prt_word_get_(word, PRT_ACTIVE),
                         prt_word_get_(word, PRT_PLACES), pool->cpus);
}

/* Sleeps between two looks, for `ns` at most: while others get on. Not if one of them has gone to sleep since the last
 * time; if that comes later, it sees whom to wake. False: another thread sleeps so, which is enough. */
static bool doze(struct prt_thread *thread, uint64_t ns)
{
    struct prt_pool *pool = &thread->run->pool;
    uint64_t dozer = 0, sleeps;

    if (!prt_cas(&pool->dozer, &dozer, (uint64_t)(uintptr_t)thread))
        return false;
    sleeps = prt_load(&pool->sleeps); /* handshake: doze */
    if (sleeps == thread->sleeps)
        prt_event_wait(&thread->event, prt_now() + ns);
    thread->sleeps = sleeps;
    dozer = (uint64_t)(uintptr_t)thread;
    prt_cas(&pool->dozer, &dozer, 0);
    return true;
}

/* Between two looks of a thread that spins. What it left to others must not lie for ever, so it does not park then, unless
 * another will look: one that sleeps so, or more than there are processors. But while they get on, each look costs them
 * the cache lines that it reads, so it sleeps in between: on one processor at once, since it would only stand in their
 * way. Returns false when it is time to park. */
static bool look_again(struct prt_thread *thread)
{
    const uint32_t cpus = thread->run->pool.cpus;
    const bool left = thread->spared && prt_word_get_(prt_load_relaxed(&thread->run->pool.word), PRT_SPINNING) <= cpus;
    const bool moved = thread->moved;

    thread->calm += moved;
    thread->idle = left && thread->idle > PRT_EAGER_LOOKS ? PRT_EAGER_LOOKS : thread->idle + 1;
    thread->spared = thread->moved = false;
    if (left && ((moved && thread->calm >= PRT_CALM_LOOKS) || cpus == 1)) {
        if (doze(thread, prt_doze_ns_(cpus, moved)))
            return true;
        prt_pool_sleeps_(&thread->run->pool);
        return false;
    }
    if (thread->idle >= PRT_PARK_LOOKS || cpus == 1)
        return false;
    if (prt_look_yields_(thread->idle, false))
        prt_yield();
    for (int i = prt_look_pauses_(thread->idle); i > 0; i--)
        prt_pause();
    return true;
}

static void look_for_work(struct prt_thread *thread)
{
    struct prt_pool *pool = &thread->run->pool;
    bool spinning = true; /* counted so by whoever started or woke it */

    while (!prt_load(&pool->shutdown)) {
        if (prt_pool_run_ready_(thread, &spinning)) {
            thread->idle = thread->calm = 0;
            continue;
        }
        if (!spinning)
            thread->idle = start_spinning(thread) ? 0 : PRT_PARK_LOOKS;
        spinning = true;
        if (!look_again(thread)) {
            park(thread);
            thread->idle = thread->calm = 0;
            if (thread->retire) /* counted nowhere any more */
                return;
        }
    }
    prt_pool_change_(pool, spinning ? -1 : 0, 0, spinning ? 0 : -1);
}

static void pool_main(void *thread)
{
    look_for_work(thread);
    prt_stacks_drop_(thread);
}

void prt_pool_main_(void *thread)
{
    prt_guard(pool_main, prt_away_thread_, thread);
}
