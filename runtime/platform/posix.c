/* Events and locks, of words to sleep on; how threads are started, interrupted and guarded; forks. */
#include "platform/children.h"
#include "platform/posix.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>

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

/* ---- interrupts -------------------------------------------------------------------------------------------------- */

/* The signal that interrupts a source. Its handler does nothing and lacks SA_RESTART: system calls return EINTR. */
#define INTERRUPT_SIGNAL (SIGRTMIN + 4)

static void ignore_signal(int signal)
{
    (void)signal;
}

void prt_posix_interrupts_(void)
{
    struct sigaction action = { .sa_handler = ignore_signal };

    sigemptyset(&action.sa_mask);
    sigaction(INTERRUPT_SIGNAL, &action, NULL);
}

void prt_posix_interrupt_(pthread_t thread)
{
    pthread_kill(thread, INTERRUPT_SIGNAL);
}

/* ---- ends -------------------------------------------------------------------------------------------------------- */

/* Where a signal's handler runs that has no room on a stack that is too small (platform/stack.c); pages that it does not
 * touch are never real. A sanitizer's thread has one. */
#define ALTERNATE_BYTES ((size_t)32 * 1024)

void prt_guard(void (*function)(void *), void (*lost)(void *), void *argument)
{
    unsigned char memory[ALTERNATE_BYTES];
    stack_t before, alternate = { .ss_sp = memory, .ss_size = sizeof memory };
    const bool given =
        sigaltstack(NULL, &before) == 0 && (before.ss_flags & SS_DISABLE) && sigaltstack(&alternate, NULL) == 0;

    pthread_cleanup_push(lost, argument);
    function(argument);
    pthread_cleanup_pop(0);
    alternate.ss_flags = SS_DISABLE;
    if (given)
        sigaltstack(&alternate, NULL);
}

#define LOOK_MS 50

/* As far as is known: a signal cuts the look short. */
static bool nobody_reads(void)
{
    return __fpending(stdout) > 0 && poll(&(struct pollfd){ fileno(stdout), POLLOUT, 0 }, 1, LOOK_MS) <= 0;
}

/* What stdio keeps for a pipe, where nobody has given it a larger buffer, is what one write takes without waiting, once there is
 * room at all. */
bool prt_flush(bool (*gives_up)(void *), void *argument)
{
    while (nobody_reads())
        if (gives_up(argument)) {
            __fpurge(stdout); /* or exit() would wait for ever */
            errno = ETIMEDOUT;
            return false;
        }
    return fflush(stdout) == 0;
}

static bool is_past(void *until)
{
    return prt_now() >= *(const uint64_t *)until;
}

void prt_exit(int status, bool flushed)
{
    uint64_t until = prt_now() + LOOK_MS * UINT64_C(1000000);

    if (flushed)
        prt_flush(is_past, &until);
    prt_children_kill_();
    _exit(status);
}

/* Like signals, forks are the process's. */
static struct {
    void (*child)(void *);
    void *argument;
} forks;

static void forked(void)
{
    prt_children_forget_();
    if (forks.child)
        forks.child(forks.argument);
}

static void forks_watch(void)
{
    pthread_atfork(NULL, NULL, forked);
}

void prt_forks(bool on, void (*child)(void *), void *argument)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, forks_watch);
    forks.argument = argument;
    forks.child = on ? child : NULL;
}
