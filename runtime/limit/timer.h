/* Deadlines: one heap, absolute monotonic time. The thread that called prt_run() keeps the earliest and does what each is
 * for when it is due. */
#ifndef PRT_TIMER_H
#define PRT_TIMER_H

#include <prt/platform.h>

#include "limit/heap.h"
#include "platform/memory.h"

struct prt_slot;
struct prt_stage;

enum prt_timer_kind {
    PRT_TIMER_SLOT,  /* the slot may go on */
    PRT_TIMER_STAGE, /* the stage may be ready: a permit, a tick of `every` */
    PRT_TIMER_FLUSH, /* a tick of the stage's `flush every` */
    PRT_TIMER_COLLECT, /* what the stage collects has waited for long enough */
    PRT_TIMER_STORE  /* items that the stage has set aside may begin */
};

struct prt_timer {
    struct prt_due due;
    enum prt_timer_kind kind;
    union {
        struct prt_slot *slot;
        struct prt_stage *stage;
    } of;
};

struct prt_timers {
    struct prt_mutex lock;
    struct prt_heap heap;
    prt_atomic_u64 earliest; /* in it, or PRT_NEVER */
    struct prt_event *keeper;
};

/* Makes room for `most` timers, all there will be. False: no memory. */
bool prt_timers_ready_(struct prt_timers *timers, struct prt_memory *memory, size_t most, struct prt_event *keeper);

/* Sets the timer to `at`; a timer that is set to an earlier time stays as it is. Any thread. */
void prt_timer_set_(struct prt_timers *timers, struct prt_timer *timer, uint64_t at);
void prt_timer_unset_(struct prt_timers *timers, struct prt_timer *timer);

/* Takes out one that is due at `now`: it has fired. NULL: none is. The keeper alone. */
struct prt_timer *prt_timers_due_(struct prt_timers *timers, uint64_t now);

#endif
