/* Events and locks, of words to sleep on; how threads are started. */
#include "platform/posix.h"

#include <errno.h>
#include <sched.h>

#define STACK_BYTES ((size_t)1792 * 1024) /* platform.h says why */

void prt_event_set(struct prt_event *event)
{
    const int saved = errno;

    atomic_fetch_add_explicit(&event->sets, 1, memory_order_seq_cst);
    prt_wake(&event->sets);
    errno = saved;
}

void prt_event_wait(struct prt_event *event, uint64_t deadline)
{
    if (atomic_load_explicit(&event->sets, memory_order_seq_cst) == event->seen)
        prt_wait(&event->sets, event->seen, deadline);
    event->seen = atomic_load_explicit(&event->sets, memory_order_seq_cst);
}

void prt_mutex_lock(struct prt_mutex *mutex)
{
    uint32_t seen = 0;

    for (int spins = 0; spins < PRT_LOOKS(40); spins++) {
        seen = 0;
        if (atomic_load_explicit(&mutex->state, memory_order_relaxed) == 0 &&
            atomic_compare_exchange_strong_explicit(&mutex->state, &seen, 1, memory_order_acquire, memory_order_relaxed))
            return;
        prt_pause();
    }
    while (atomic_exchange_explicit(&mutex->state, 2, memory_order_acquire) != 0)
        prt_wait(&mutex->state, 2, PRT_NEVER);
}

void prt_mutex_unlock(struct prt_mutex *mutex)
{
    if (atomic_exchange_explicit(&mutex->state, 0, memory_order_release) == 2)
        prt_wake(&mutex->state);
}

void prt_yield(void)
{
    sched_yield();
}

int prt_posix_start_(pthread_t *thread, size_t stack, void *(*function)(void *), void *argument)
{
    pthread_attr_t attributes;
    int status;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, stack ? stack : STACK_BYTES);
    status = pthread_create(thread, &attributes, function, argument);
    pthread_attr_destroy(&attributes);
    return status;
}
