/* The lock and the event of platform/linux.c itself, which every other harness takes for granted: its text, with its
 * atomics and its futex on the scheduler. Words of 32 bits are 64 here, which changes nothing that they do.
 */
#include "platform_sched.h"
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct real_mutex {
    prt_atomic_u64 state;
};

struct real_event {
    prt_atomic_u64 sets;
    uint32_t seen;
};

struct real_bell {
    prt_atomic_u64 rung, fd;
};

static enum sched_order order_of(int order)
{
    switch (order) {
    case memory_order_relaxed:
        return SCHED_RELAXED;
    case memory_order_acquire:
        return SCHED_ACQUIRE;
    case memory_order_release:
        return SCHED_RELEASE;
    default:
        return SCHED_SEQ_CST;
    }
}

static bool cas_u32(prt_atomic_u64 *at, uint32_t *seen, uint64_t value, struct sched_site *site)
{
    uint64_t wide = *seen;
    const bool swapped = sched_cas_(at, &wide, value, site);

    *seen = (uint32_t)wide;
    return swapped;
}

/* The futex calls; nothing else that the file asks of the kernel is used here. */
static long kernel(long number, ...)
{
    static struct sched_site site = { .file = "linux.c", .text = "the futex" };
    va_list args;

    if (number != SYS_futex)
        return -1;
    va_start(args, number);
    {
        prt_atomic_u32 *const word = (prt_atomic_u32 *)va_arg(args, void *);
        const int operation = va_arg(args, int);
        const uint32_t value = va_arg(args, uint32_t);

        if (operation == FUTEX_WAKE_PRIVATE)
            sched_wake_(word, &site);
        else
            sched_wait_(word, value, PRT_NEVER, &site);
    }
    va_end(args);
    return 0;
}

/* Descriptors that can be written to, once; a closed one is of no use to anybody. */
enum { EVENTFDS = 4 };
static struct {
    prt_atomic_u64 written[EVENTFDS];
    bool closed[EVENTFDS];
    unsigned n;
} eventfds;

static int kernel_eventfd(unsigned count, int flags)
{
    const unsigned fd = eventfds.n++;

    (void)flags;
    SCHED_CHECK(fd < EVENTFDS, "%u descriptors", fd + 1);
    prt_store_relaxed(&eventfds.written[fd], count);
    return (int)fd;
}

static ssize_t kernel_write(int fd, const void *from, size_t size)
{
    static struct sched_site site = { .file = "linux.c", .text = "the descriptor" };

    (void)from;
    SCHED_CHECK(!eventfds.closed[fd], "a closed descriptor is written to");
    prt_store(&eventfds.written[fd], 1);
    for (int i = 0; i < EVENTFDS; i++) /* poll() tells everybody */
        sched_wake_((prt_atomic_u32 *)(uintptr_t)&eventfds.written[fd], &site);
    return (ssize_t)size;
}

static int kernel_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask)
{
    static struct sched_site site = { .file = "linux.c", .text = "the descriptor" };
    struct pollfd *const bell = &fds[n - 1];

    SCHED_CHECK(!limit && !mask, "a wait for ever has a limit");
    SCHED_CHECK(!eventfds.closed[bell->fd], "a closed descriptor is polled");
    while (!prt_load(&eventfds.written[bell->fd]))
        sched_wait_((prt_atomic_u32 *)(uintptr_t)&eventfds.written[bell->fd], 0, PRT_NEVER, &site);
    bell->revents = bell->events;
    fds[0].revents = 0;
    return 1;
}

static int kernel_close(int fd)
{
    SCHED_CHECK(!eventfds.closed[fd], "a descriptor is closed twice");
    eventfds.closed[fd] = true;
    return 0;
}

#define syscall kernel
#define eventfd kernel_eventfd
#define write kernel_write
#define ppoll kernel_ppoll
#define close kernel_close
#undef atomic_load_explicit
#undef atomic_store_explicit
#undef atomic_exchange_explicit
#undef atomic_fetch_add_explicit
#undef atomic_compare_exchange_strong_explicit
#define atomic_load_explicit(at, order) ((uint32_t)SCHED_AT(#at, sched_load_(at, order_of(order), &site_)))
#define atomic_store_explicit(at, value, order) SCHED_AT(#at, sched_store_(at, value, order_of(order), &site_))
#define atomic_exchange_explicit(at, value, order) SCHED_AT(#at, sched_swap_(at, value, &site_))
#define atomic_fetch_add_explicit(at, value, order) SCHED_AT(#at, sched_add_(at, value, &site_))
#define atomic_compare_exchange_strong_explicit(at, seen, value, order, other) \
    SCHED_AT(#at, cas_u32(at, seen, value, &site_))

/* The file's own names, so that it can be told from the scheduler's. */
#undef prt_wait
#undef prt_wake
#undef prt_event_set
#undef prt_event_wait
#undef prt_mutex_lock
#undef prt_mutex_unlock
#undef prt_bell_ring
#undef prt_bell_wait
#undef prt_now
#undef prt_barrier_all
#undef prt_thread_start
#undef prt_thread_join
#undef prt_thread_interrupt
#define prt_atomic_u32 prt_atomic_u64
#define prt_mutex real_mutex
#define prt_event real_event
#define prt_bell real_bell
#define prt_have_barrier_ real_have_barrier
#define prt_platform_init real_platform_init
#define prt_barrier_all real_barrier_all
#define prt_wait real_wait
#define prt_wake real_wake
#define prt_event_set real_event_set
#define prt_event_wait real_event_wait
#define prt_mutex_lock real_mutex_lock
#define prt_mutex_unlock real_mutex_unlock
#define prt_bell_ring real_bell_ring
#define prt_bell_wait real_bell_wait
#define prt_bell_free real_bell_free
#define prt_now real_now
#define prt_cpu_time real_cpu_time
#define prt_random real_random
#define prt_cpus real_cpus
#define prt_yield real_yield
#define prt_threads_expect real_threads_expect
#define prt_thread_start real_thread_start
#define prt_thread_join real_thread_join
#define prt_thread_interrupt real_thread_interrupt
#define prt_thread_look real_thread_look
#define prt_guard real_guard
#define prt_exit real_exit
#define prt_flush real_flush
#define prt_forks real_forks
#define prt_signals real_signals
#define prt_posix_start_ real_posix_start
#define prt_event_wait_knocked real_event_wait_knocked
#define prt_shares_ real_shares
#define prt_shared_make real_shared_make
#define prt_shared_free real_shared_free
#define prt_process real_process
#define prt_posix_interrupts_ real_posix_interrupts
#define prt_posix_interrupt_ real_posix_interrupt
#define prt_proc_look_ real_proc_look
uint64_t real_now(void);
#include "../../runtime/platform/linux.c"
#include "../../runtime/platform/posix.c"
#include "../../runtime/platform/proc.c"
#include "../../runtime/platform/children.c"

static struct real_mutex mutex;
static struct real_event event;
static prt_atomic_u64 done;
static uint64_t inside, sum;

static void lock_twice(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        real_mutex_lock(&mutex);
        SCHED_CHECK(inside++ == 0, "two threads hold the lock");
        prt_load_relaxed(&done); /* others may run */
        memcpy(&sum, &(uint64_t){ sum + 1 }, sizeof sum);
        inside--;
        real_mutex_unlock(&mutex);
    }
}

static void lock_with(unsigned threads)
{
    mutex = (struct real_mutex){ 0 };
    inside = sum = 0;
    sched_name(&mutex, sizeof mutex, "lock");
    for (unsigned i = 0; i < threads; i++)
        sched_spawn("locker", lock_twice, NULL);
    sched_join_all();
    SCHED_CHECK(sum == 2 * (uint64_t)threads, "%llu sections ran", (unsigned long long)sum);
}

void linux_lock(void)
{
    lock_with(2);
}

void linux_lock_three(void)
{
    lock_with(3);
}

/* Work is announced twice; each time the waiter must come to see it, whether it sleeps or is about to. */
static void announce(void *unused)
{
    (void)unused;
    for (uint64_t i = 1; i <= 2; i++) {
        prt_store(&done, i);
        real_event_set(&event);
    }
}

static void wait_for_both(void *unused)
{
    (void)unused;
    while (prt_load(&done) < 2)
        real_event_wait(&event, PRT_NEVER);
}

static void event_from(uint32_t sets)
{
    event = (struct real_event){ .sets = sets, .seen = sets };
    prt_store(&done, 0);
    sched_name(&event, sizeof event, "event");
    sched_spawn("waiter", wait_for_both, NULL);
    sched_spawn("setter", announce, NULL);
    sched_join_all();
}

void linux_event(void)
{
    event_from(0);
}

/* Its count has 32 bits, and a program that runs for long sets it more often. */
void linux_event_wraps(void)
{
    event_from(UINT32_MAX);
}

/* A bell rings while two threads come to wait for it, the first of which makes its descriptor. */
static struct real_bell bell;

static void wait_for_ring(void *unused)
{
    (void)unused;
    SCHED_CHECK(real_bell_wait(&bell, -1, 0, PRT_NEVER) == -1, "a wait ended by something else");
}

static void ring(void *unused)
{
    (void)unused;
    real_bell_ring(&bell);
}

static void ring_with(unsigned waiters)
{
    memset(&bell, 0, sizeof bell);
    memset(&eventfds, 0, sizeof eventfds);
    sched_name(&bell, sizeof bell, "bell");
    for (unsigned i = 0; i < waiters; i++)
        sched_spawn("waiter", wait_for_ring, NULL);
    sched_spawn("ringer", ring, NULL);
    sched_join_all();
    real_bell_free(&bell);
    for (unsigned i = 0; i < eventfds.n; i++)
        SCHED_CHECK(eventfds.closed[i], "a descriptor is left open");
}

void linux_bell(void)
{
    ring_with(1);
}

void linux_bell_two(void)
{
    ring_with(2);
}
