/* A platform for tests whose clock stands still while any thread runs, and jumps to the earliest deadline when all of
 * them wait. A rate of one a minute is then tested in microseconds, and exactly: whatever happens at an instant happens
 * before the clock moves. When all threads wait and nobody has a deadline, nothing can ever happen again: that is a lost
 * wake-up or a deadlock, and ends the program.
 *
 * The threads are real and run in parallel; only their waits go through here. Every wait is a record in one list under
 * one lock; a thread sleeps in the kernel on its own record, outside the lock. Signal handlers may not use it.
 */
#include "platform/virtual.h"

#include "platform/posix.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define POLLING 20 /* looks at the clock in a row */
#define POLLING_ROUNDS 1000 /* looks with waits of others between */

const uint64_t prt_grain_; /* 0: waking costs nothing here */
bool prt_have_barrier_; /* false: here the form without membarrier gets its tests */

struct waiter {
    prt_atomic_u32 *word; /* NULL: sleeps */
    uint64_t deadline;
    const struct thread *thread; /* NULL: one that this file did not start */
    prt_atomic_u32 woken;
    struct waiter *next;
};

struct thread {
    void (*function)(void *);
    void *argument;
    pthread_t id;
    prt_atomic_u32 done;
};

static _Thread_local const struct thread *self;
static _Thread_local bool polls; /* is one of world.polling */

static struct {
    pthread_mutex_t lock;
    struct waiter *waiters; /* oldest first */
    uint32_t running;       /* threads that are in no wait */
    uint32_t polling;       /* of these, those that do nothing but look at the clock */
    prt_atomic_u64 now;
    prt_atomic_u64 jumps;
    prt_atomic_u64 waits;   /* begun and ended */
} world = { .lock = PTHREAD_MUTEX_INITIALIZER, .running = 1, .now = 1000000000 };

static void world_lock(void)
{
    pthread_mutex_lock(&world.lock);
}

static void world_unlock(void)
{
    pthread_mutex_unlock(&world.lock);
}

/* ---- park and wake ---------------------------------------------------------------------------------------------- */

/* Takes the waiter at `link` out of the list and lets it run. Its record may be gone when this returns. A thread that
 * releases itself does not sleep yet. */
static void waiter_release(struct waiter **link)
{
    struct waiter *const waiter = *link;
    prt_atomic_u32 *const woken = &waiter->woken;
    const bool sleeps = !self || waiter->thread != self;

    *link = waiter->next;
    world.running++;
    prt_add(&world.waits, 1);
    atomic_store_explicit(woken, 1, memory_order_seq_cst);
    if (sleeps)
        syscall(SYS_futex, woken, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void waiters_release_until(uint64_t deadline)
{
    struct waiter **link = &world.waiters;

    while (*link)
        if ((*link)->deadline <= deadline)
            waiter_release(link);
        else
            link = &(*link)->next;
}

/* Called when a thread has begun to wait or has ended. */
static void world_advance(void)
{
    uint64_t earliest = PRT_NEVER;

    if (world.running > 0 || !world.waiters)
        return;
    for (const struct waiter *waiter = world.waiters; waiter; waiter = waiter->next)
        if (waiter->deadline < earliest)
            earliest = waiter->deadline;
    if (earliest == PRT_NEVER) {
        fprintf(stderr, "deadlock: every thread waits and none has a deadline\n");
        abort();
    }
    if (earliest > prt_virtual_now()) {
        prt_store(&world.now, earliest);
        prt_add(&world.jumps, 1);
    }
    waiters_release_until(earliest);
}

static void polling_set(bool on)
{
    if (on != polls)
        world.polling += on ? 1 : (uint32_t)-1;
    polls = on;
}

/* Waits until somebody releases the waiter. The world is locked before and unlocked after. */
static void waiter_wait(struct waiter *waiter)
{
    struct waiter **link = &world.waiters;

    while (*link)
        link = &(*link)->next;
    *link = waiter;
    polling_set(false);
    world.running--;
    prt_add(&world.waits, 1);
    world_advance();
    world_unlock();
    while (atomic_load_explicit(&waiter->woken, memory_order_seq_cst) == 0)
        syscall(SYS_futex, &waiter->woken, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

void prt_platform_init(void)
{
}

void prt_barrier_all(void)
{
}

void prt_wait(prt_atomic_u32 *word, uint32_t seen, uint64_t deadline)
{
    struct waiter waiter = { .word = word, .deadline = deadline, .thread = self };

    world_lock();
    if (atomic_load_explicit(word, memory_order_seq_cst) == seen && deadline > prt_virtual_now())
        waiter_wait(&waiter);
    else
        world_unlock();
}

void prt_wake(prt_atomic_u32 *word)
{
    struct waiter **link = &world.waiters;

    world_lock();
    while (*link && (*link)->word != word)
        link = &(*link)->next;
    if (*link)
        waiter_release(link);
    world_unlock();
}

bool prt_virtual_sleep(uint64_t ns)
{
    struct waiter waiter = { .deadline = prt_virtual_now() + ns, .thread = self };

    if (ns == 0)
        return true;
    world_lock();
    waiter_wait(&waiter);
    return prt_virtual_now() >= waiter.deadline;
}

/* ---- bells ------------------------------------------------------------------------------------------------------ */

#define BELL_LOOKS 1000000 /* ns between two looks at a descriptor, which is outside of this world */

void prt_bell_ring(struct prt_bell *bell)
{
    struct waiter **link = &world.waiters;

    atomic_store_explicit(&bell->rung, 1, memory_order_seq_cst);
    world_lock();
    while (*link)
        if ((*link)->word == &bell->rung)
            waiter_release(link);
        else
            link = &(*link)->next;
    world_unlock();
}

int prt_bell_wait(struct prt_bell *bell, int fd, int events, uint64_t deadline)
{
    for (;;) {
        struct pollfd polled = { .fd = fd, .events = (short)events };
        const uint64_t now = prt_virtual_now();

        if (atomic_load_explicit(&bell->rung, memory_order_seq_cst))
            return -1;
        if (poll(&polled, 1, 0) > 0)
            return 1;
        if (now >= deadline)
            return 0;
        prt_wait(&bell->rung, 0, fd >= 0 && deadline > now + BELL_LOOKS ? now + BELL_LOOKS : deadline);
    }
}

void prt_bell_free(struct prt_bell *bell)
{
    (void)bell;
}

/* ---- time, processors ------------------------------------------------------------------------------------------- */

uint64_t prt_virtual_now(void)
{
    return prt_load(&world.now);
}

uint64_t prt_virtual_jumps(void)
{
    return prt_load(&world.jumps);
}

/* A thread that looks at the clock again and again polls for something that takes time. It cannot come while the thread
 * runs, so such a look takes five microseconds; but only when all who run do nothing else and nobody else has begun or
 * ended a wait meanwhile: what they poll for may be done by one that happens to be preempted, and nothing is to be late
 * for that. Who has seen very many waits in one instant may be what they wait for. */
uint64_t prt_now(void)
{
    static _Thread_local uint64_t last, last_waits, looks, rounds;
    const uint64_t now = prt_virtual_now(), waits = prt_load(&world.waits);
    bool polling, alone;

    rounds = now == last ? rounds + (waits != last_waits) : 0;
    looks = now == last && waits == last_waits ? looks + 1 : 0;
    last = now;
    last_waits = waits;
    polling = looks >= POLLING || rounds >= POLLING_ROUNDS;
    if (!polling && !polls)
        return now;
    world_lock();
    polling_set(polling);
    alone = world.polling == world.running;
    world_unlock();
    if (!polling)
        return now;
    if (!alone) {
        sched_yield();
        return now;
    }
    looks = rounds = 0;
    prt_virtual_sleep(5000);
    return prt_virtual_now();
}

void prt_random(void *bytes, size_t n) /* the same in each run */
{
    memset(bytes, 1, n);
}

uint64_t prt_cpu_time(void) /* running takes no time here */
{
    return 0;
}

uint32_t prt_cpus(void)
{
    return 2;
}

/* ---- threads ---------------------------------------------------------------------------------------------------- */

void prt_threads_expect(uint64_t n)
{
    (void)n;
}

static void *thread_main(void *opaque)
{
    struct thread *const thread = opaque;

    self = thread;
    thread->function(thread->argument);
    atomic_store_explicit(&thread->done, 1, memory_order_seq_cst);
    prt_wake(&thread->done);
    world_lock();
    polling_set(false);
    world.running--;
    world_advance();
    world_unlock();
    return NULL;
}

static void world_count(uint32_t more)
{
    world_lock();
    world.running += more;
    world_unlock();
}

int prt_thread_start(struct prt_thread_handle *handle, size_t stack, void (*function)(void *), void *argument)
{
    struct thread *const thread = calloc(1, sizeof *thread);
    int status;

    if (!thread)
        return ENOMEM;
    *thread = (struct thread){ .function = function, .argument = argument };
    world_count(1);
    status = prt_posix_start_(&thread->id, stack, thread_main, thread);
    if (status) {
        world_count((uint32_t)-1);
        free(thread);
    } else {
        handle->id[0] = (unsigned long)thread;
    }
    return status;
}

void prt_thread_join(struct prt_thread_handle *handle)
{
    struct thread *const thread = (struct thread *)handle->id[0];

    while (atomic_load_explicit(&thread->done, memory_order_seq_cst) == 0)
        prt_wait(&thread->done, 0, PRT_NEVER);
    pthread_join(thread->id, NULL);
    free(thread);
}

void prt_guard(void (*function)(void *), void (*lost)(void *), void *argument)
{
    (void)lost;
    function(argument);
}

void prt_exit(int status, bool flushed)
{
    (void)flushed;
    exit(status);
}

void prt_forks(bool on, void (*child)(void *), void *argument)
{
    (void)on; /* nothing here forks */
    (void)child;
    (void)argument;
}

enum prt_thread_state prt_thread_look(const struct prt_thread_handle *handle)
{
    (void)handle;
    return PRT_THREAD_UNKNOWN;
}

/* Nobody else could move this clock. */
const bool prt_shares_ = false;

bool prt_shared_make(struct prt_shared *shared, const char *name, size_t bytes)
{
    (void)shared;
    (void)name;
    (void)bytes;
    return false;
}

void prt_shared_free(struct prt_shared *shared)
{
    (void)shared;
}

uint64_t prt_process(void)
{
    return 1;
}

void prt_event_wait_knocked(struct prt_event *event, uint64_t deadline, const struct prt_knock *knock)
{
    (void)knock;
    prt_event_wait(event, deadline);
}

void prt_thread_interrupt(struct prt_thread_handle *handle)
{
    const struct thread *const thread = (const struct thread *)handle->id[0];
    struct waiter **link = &world.waiters;

    world_lock();
    while (*link && ((*link)->thread != thread || (*link)->word))
        link = &(*link)->next;
    if (*link)
        waiter_release(link);
    world_unlock();
}

void prt_signals(bool on, void (*first)(int signal, void *argument), void *argument)
{
    (void)on; /* a test of signals needs real time */
    (void)first;
    (void)argument;
}
