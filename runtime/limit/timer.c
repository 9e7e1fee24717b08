/* A binary heap of deadlines. */
#include "limit/timer.h"

bool prt_timers_ready_(struct prt_timers *timers, struct prt_memory *memory, size_t most, struct prt_event *keeper)
{
    timers->heap = prt_memory_raw_(memory, (most + 1) * sizeof(struct prt_timer *), PRT_LINE);
    timers->n = 0;
    timers->keeper = keeper;
    prt_store_relaxed(&timers->earliest, PRT_NEVER);
    return timers->heap != NULL;
}

static void heap_place(struct prt_timers *timers, size_t place, struct prt_timer *timer)
{
    timers->heap[place] = timer;
    timer->place = place;
}

static void heap_up(struct prt_timers *timers, size_t place, struct prt_timer *timer)
{
    for (; place > 1 && timers->heap[place / 2]->at > timer->at; place /= 2)
        heap_place(timers, place, timers->heap[place / 2]);
    heap_place(timers, place, timer);
}

static void heap_down(struct prt_timers *timers, size_t place, struct prt_timer *timer)
{
    for (size_t child; (child = 2 * place) <= timers->n; place = child) {
        if (child < timers->n && timers->heap[child + 1]->at < timers->heap[child]->at)
            child++;
        if (timers->heap[child]->at >= timer->at)
            break;
        heap_place(timers, place, timers->heap[child]);
    }
    heap_place(timers, place, timer);
}

static void heap_remove(struct prt_timers *timers, struct prt_timer *timer)
{
    const size_t place = timer->place;
    struct prt_timer *last = timers->heap[timers->n--];

    timer->place = 0;
    if (last == timer)
        return;
    if (place > 1 && timers->heap[place / 2]->at > last->at)
        heap_up(timers, place, last);
    else
        heap_down(timers, place, last);
}

static void earliest_update(struct prt_timers *timers)
{
    prt_store(&timers->earliest, timers->n > 0 ? timers->heap[1]->at : PRT_NEVER);
}

void prt_timer_set_(struct prt_timers *timers, struct prt_timer *timer, uint64_t at)
{
    bool first;

    prt_mutex_lock(&timers->lock);
    if (timer->place && timer->at <= at) {
        prt_mutex_unlock(&timers->lock);
        return;
    }
    if (!timer->place)
        timer->place = ++timers->n;
    timer->at = at;
    heap_up(timers, timer->place, timer);
    first = timer->place == 1;
    earliest_update(timers);
    prt_mutex_unlock(&timers->lock);
    if (first)
        prt_event_set(timers->keeper);
}

void prt_timer_unset_(struct prt_timers *timers, struct prt_timer *timer)
{
    prt_mutex_lock(&timers->lock);
    if (timer->place) {
        heap_remove(timers, timer);
        earliest_update(timers);
    }
    prt_mutex_unlock(&timers->lock);
}

struct prt_timer *prt_timers_due_(struct prt_timers *timers, uint64_t now)
{
    struct prt_timer *timer = NULL;

    if (prt_load(&timers->earliest) > now)
        return NULL;
    prt_mutex_lock(&timers->lock);
    if (timers->n > 0 && timers->heap[1]->at <= now) {
        timer = timers->heap[1];
        heap_remove(timers, timer);
        earliest_update(timers);
    }
    prt_mutex_unlock(&timers->lock);
    return timer;
}
