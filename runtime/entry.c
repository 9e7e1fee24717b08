/* Rule T1, which keeps enough threads free of bodies that wait (docs/runtime.md), and threads that end again. */
#include "run_state.h"

/* A further slot of a stage that may wait is entered only if a thread is left for each such stage that has nobody inside
 * and one for leaves. With that, waiting bodies can never hold every thread. */
static bool entry_allowed(const struct prt_stage *stage)
{
    const struct prt_pool *pool = &stage->run->pool;

    return stage->inside == 0 || pool->threads > pool->inside + pool->empty_stages + 1;
}

/* The caller holds `entry_lock`. */
static bool enter(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;

    if (!entry_allowed(stage))
        return false;
    pool->empty_stages -= stage->inside++ == 0;
    pool->inside++;
    return true;
}

bool prt_pool_enter_(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;
    bool entered;

    prt_mutex_lock(&pool->entry_lock);
    entered = enter(stage);
    prt_mutex_unlock(&pool->entry_lock);
    return entered;
}

/* One of the slots that were kept from their tick; NULL: there is none. The caller holds `entry_lock`. */
static struct prt_slot *late_take(struct prt_stage *stage)
{
    struct prt_slot *slot = stage->late;
    struct prt_stage **at = &stage->run->pool.late;

    if (!slot)
        return NULL;
    stage->late = slot->next_queued;
    if (stage->late)
        return slot;
    while (*at != stage)
        at = &(*at)->next_late;
    *at = stage->next_late;
    return slot;
}

/* Takes out those that may enter now, as a list. The caller holds `entry_lock`. A stage has such slots only while
 * somebody is inside: whoever leaves asks for them, and the last one lets one in. */
static struct prt_slot *late_entered(struct prt_pool *pool)
{
    struct prt_slot *entered = NULL;
    struct prt_stage *next;

    for (struct prt_stage *stage = pool->late; stage; stage = next) {
        next = stage->next_late;
        while (stage->late && enter(stage)) {
            struct prt_slot *slot = late_take(stage);

            slot->next_queued = entered;
            entered = slot;
        }
    }
    return entered;
}

static void queue_all(struct prt_pool *pool, struct prt_slot *slots)
{
    while (slots) {
        struct prt_slot *slot = slots;

        slots = slot->next_queued;
        prt_store(&slot->state, PRT_SLOT_QUEUED);
        prt_pool_queue_(pool, slot);
    }
}

/* Ends a section under `entry_lock` in which rule T1 may have come to allow more. */
static void unlock_and_let_in(struct prt_pool *pool)
{
    struct prt_slot *entered = late_entered(pool);

    prt_mutex_unlock(&pool->entry_lock);
    queue_all(pool, entered);
}

static void late_add(struct prt_stage *stage, struct prt_slot *slots)
{
    struct prt_pool *pool = &stage->run->pool;

    if (slots && !stage->late) {
        stage->next_late = pool->late;
        pool->late = stage;
    }
    while (slots) {
        struct prt_slot *slot = slots;

        slots = slot->next_queued;
        slot->next_queued = stage->late;
        stage->late = slot;
    }
}

void prt_pool_queue_ticks_(struct prt_stage *stage, struct prt_slot *slots)
{
    struct prt_pool *pool = &stage->run->pool;

    if (!stage->may_wait) {
        queue_all(pool, slots);
        return;
    }
    prt_mutex_lock(&pool->entry_lock);
    late_add(stage, slots);
    unlock_and_let_in(pool);
    if (prt_pool_has_late_(pool))
        prt_pool_watch_(stage->run); /* a further thread could let them in */
}

struct prt_slot *prt_pool_leave_(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;
    struct prt_slot *slot;

    prt_mutex_lock(&pool->entry_lock);
    slot = late_take(stage);
    if (slot) {
        prt_mutex_unlock(&pool->entry_lock);
        return slot;
    }
    pool->empty_stages += --stage->inside == 0;
    pool->inside--;
    unlock_and_let_in(pool);
    return NULL;
}

void prt_pool_add_thread_(struct prt_pool *pool)
{
    prt_mutex_lock(&pool->entry_lock);
    pool->threads++;
    unlock_and_let_in(pool);
}

bool prt_pool_has_late_(struct prt_pool *pool)
{
    bool late;

    prt_mutex_lock(&pool->entry_lock);
    late = pool->late != NULL;
    prt_mutex_unlock(&pool->entry_lock);
    return late;
}

void prt_pool_stage_over_(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;

    if (!stage->may_wait && !stage->final_waits)
        return;
    prt_mutex_lock(&pool->entry_lock);
    pool->empty_stages--;
    unlock_and_let_in(pool);
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

/* ---- fewer threads ---------------------------------------------------------------------------------------------- */

/* One thread less, unless bodies are inside that entered because there were more. */
static bool give_up_thread(struct prt_pool *pool)
{
    bool spare;

    prt_mutex_lock(&pool->entry_lock);
    spare = pool->threads > pool->inside + pool->empty_stages + 1;
    pool->threads -= spare;
    prt_mutex_unlock(&pool->entry_lock);
    return spare;
}

struct prt_thread *prt_pool_retire_(struct prt_pool *pool, uint64_t since)
{
    struct prt_thread **last = &pool->lot;
    struct prt_thread *thread;

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
