/* Deadlines: one heap, absolute monotonic time. The thread that called prt_run() keeps the earliest and fires what is
 * due; firing wakes somebody, it runs no body. */
#ifndef PRT_TIMER_H
#define PRT_TIMER_H

#include <prt/platform.h>

#include "platform/memory.h"

struct prt_timer {
    uint64_t at;      /* ns; valid while set */
    size_t place;     /* in the heap, from 1; 0: not set */
    void (*fire)(struct prt_timer *timer);
    void *owner;      /* whatever `fire` needs */
};

struct prt_timers {
    struct prt_mutex lock;
    struct prt_timer **heap; /* heap[1..n], the earliest first */
    size_t n;
    prt_atomic_u64 earliest; /* heap[1]->at, or PRT_NEVER */
    struct prt_event *keeper;
};

/* Makes room for `most` timers, all there will be. False: no memory. */
bool prt_timers_ready_(struct prt_timers *timers, struct prt_memory *memory, size_t most, struct prt_event *keeper);

/* Sets the timer to `at`; a timer that is set to an earlier time stays as it is. Any thread. */
void prt_timer_set_(struct prt_timers *timers, struct prt_timer *timer, uint64_t at);
void prt_timer_unset_(struct prt_timers *timers, struct prt_timer *timer);

/* Fires everything due at `now`. The keeper alone. */
void prt_timers_fire_(struct prt_timers *timers, uint64_t now);

#endif
