/* Deadlines: a heap under a lock. */
#include "limit/timer.h"

bool prt_timers_ready_(struct prt_timers *timers, struct prt_memory *memory, size_t most, struct prt_event *keeper)
{
    timers->heap.places = prt_memory_raw_(memory, (most + 1) * sizeof(struct prt_due *), PRT_LINE);
    timers->heap.n = 0;
    timers->keeper = keeper;
    prt_store_relaxed(&timers->earliest, PRT_NEVER);
    return timers->heap.places != NULL;
}

static void earliest_update(struct prt_timers *timers)
{
    prt_store(&timers->earliest, timers->heap.n > 0 ? prt_heap_first_(&timers->heap)->at : PRT_NEVER);
}

void prt_timer_set_(struct prt_timers *timers, struct prt_timer *timer, uint64_t at)
{
    bool first;

    prt_mutex_lock(&timers->lock);
    if (timer->due.place && timer->due.at <= at) {
        prt_mutex_unlock(&timers->lock);
        return;
    }
    prt_heap_set_(&timers->heap, &timer->due, at);
    first = timer->due.place == 1;
    earliest_update(timers);
    prt_mutex_unlock(&timers->lock);
    if (first)
        prt_event_set(timers->keeper);
}

void prt_timer_unset_(struct prt_timers *timers, struct prt_timer *timer)
{
    prt_mutex_lock(&timers->lock);
    if (timer->due.place) {
        prt_heap_remove_(&timers->heap, &timer->due);
        earliest_update(timers);
    }
    prt_mutex_unlock(&timers->lock);
}

struct prt_timer *prt_timers_due_(struct prt_timers *timers, uint64_t now)
{
    struct prt_due *first;

    if (prt_load(&timers->earliest) > now)
        return NULL;
    prt_mutex_lock(&timers->lock);
    first = prt_heap_first_(&timers->heap);
    if (first && first->at <= now) {
        prt_heap_remove_(&timers->heap, first);
        earliest_update(timers);
    } else {
        first = NULL;
    }
    prt_mutex_unlock(&timers->lock);
    return (struct prt_timer *)first; /* its first member */
}
