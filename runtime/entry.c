/* Rule T1, which keeps enough threads free of bodies that wait (docs/runtime.md), and threads that end again. */
#include "run_state.h"

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
