/* Threads that growth added end again. */
#include "pool/run_state.h"

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
