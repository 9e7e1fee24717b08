/* A platform for tests whose clock stands still while any thread runs, and jumps to the earliest deadline when all of
 * them wait. A rate of one a minute is then tested in microseconds, and exactly: whatever happens at an instant happens
 * before the clock moves. When all threads wait and nobody has a deadline, nothing can ever happen again: that is a lost
 * wake-up or a deadlock, and ends the program.
 *
 * The threads are real and run in parallel; only their waits go through here. Every wait is a record in one list under
 * one lock; a thread sleeps in the kernel on its own record, outside the lock. Signal handlers may not use it.
 *
 * A program that is a test also waits for what is outside: for descriptors, and in system calls of its bodies. Nothing here
 * knows when that comes, so then the clock goes as fast as the real one (prt_virtual_open()): a thread of its own looks on, which
 * belongs to nobody. Who is ready and has no processor is not asleep, so a busy machine makes no time pass here.
 */
#include "platform/virtual.h"

#include "platform/posix.h"
#include "platform/proc.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define POLLING 20 /* looks at the clock in a row */
#define POLLING_ROUNDS 1000 /* looks with waits of others between */
#define LOOK_MS 1           /* between two looks at the world outside */
#define FDS_MOST 1024       /* descriptors that are waited for at once without a delay */

const uint64_t prt_grain_; /* 0: waking costs nothing here */
bool prt_have_barrier_; /* false: here the form without membarrier gets its tests */

struct waiter {
    prt_atomic_u32 *word; /* NULL: sleeps */
    uint64_t deadline;
    struct thread *thread; /* NULL: one that this file did not start */
    int fd, events;        /* waits for this too; fd -1: for none */
    prt_atomic_u32 woken;
    struct waiter *next;
};

struct thread {
    void (*function)(void *);
    void *argument;
    pthread_t id;
    prt_atomic_u32 done;
    prt_atomic_u64 task;   /* the kernel's number; 0: it has not begun */
    bool waits;            /* is one of world.waiters */
    struct thread *next;   /* of those that have not ended */
};

static _Thread_local struct thread *self;
static _Thread_local bool polls; /* is one of world.polling */

static struct {
    pthread_mutex_t lock;
    struct waiter *waiters; /* oldest first */
    uint32_t running;       /* threads that are in no wait */
    uint32_t polling;       /* of these, those that do nothing but look at the clock */
    prt_atomic_u64 now;
    prt_atomic_u64 jumps;
    prt_atomic_u64 waits;   /* begun and ended */
    struct thread *threads; /* that this file knows */
    bool open;              /* there is a world outside */
    uint32_t fds;           /* waiters for a descriptor */
    prt_atomic_u64 entering; /* threads that want the lock: they may be asleep, and are not outside */
    int poke;               /* an eventfd: there is one more of them */
} world = { .lock = PTHREAD_MUTEX_INITIALIZER, .running = 1, .now = 1000000000 };

static void world_lock(void)
{
    prt_add(&world.entering, 1);
    pthread_mutex_lock(&world.lock);
    prt_sub(&world.entering, 1);
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
    world.fds -= waiter->fd >= 0;
    if (waiter->thread)
        waiter->thread->waits = false;
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

    if (world.running > 0 || !world.waiters || world.fds > 0)
        return;
    for (const struct waiter *waiter = world.waiters; waiter; waiter = waiter->next)
        if (waiter->deadline < earliest)
            earliest = waiter->deadline;
    if (earliest == PRT_NEVER) {
        fprintf(stderr, "deadlock: every thread waits and none has a deadline, so nothing can happen any more\n");
        abort();
    }
    /* As in a world outside, nobody is back at the very instant that he has waited for: what lasts to its limit is late. */
    if (earliest + world.open > prt_virtual_now()) {
        prt_store(&world.now, earliest + world.open);
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

static void call_looker(void)
{
    const uint64_t one = 1;

    if (write(world.poke, &one, sizeof one) < 0)
        return; /* it is readable already */
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
    if (waiter->thread)
        waiter->thread->waits = true;
    if (waiter->fd >= 0) {
        world.fds++;
        call_looker();
    }
    world_advance();
    world_unlock();
    while (atomic_load_explicit(&waiter->woken, memory_order_seq_cst) == 0)
        syscall(SYS_futex, &waiter->woken, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}

void prt_platform_init(void)
{
    prt_posix_interrupts_();
}

void prt_barrier_all(void)
{
}

void prt_wait(prt_atomic_u32 *word, uint32_t seen, uint64_t deadline)
{
    struct waiter waiter = { .word = word, .deadline = deadline, .thread = self, .fd = -1 };

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
    struct waiter waiter = { .deadline = prt_virtual_now() + ns, .thread = self, .fd = -1 };

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

/* Until the descriptor may be ready, the bell rings or the deadline comes. */
static void wait_outside(struct prt_bell *bell, int fd, int events, uint64_t deadline)
{
    struct waiter waiter = { .word = &bell->rung, .deadline = deadline, .thread = self, .fd = fd, .events = events };

    world_lock();
    if (atomic_load_explicit(&bell->rung, memory_order_seq_cst) == 0 && deadline > prt_virtual_now())
        waiter_wait(&waiter);
    else
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
        if (fd >= 0 && world.open) {
            wait_outside(bell, fd, events, deadline);
            continue;
        }
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

/* The world is locked. */
static void thread_forget(struct thread *thread)
{
    struct thread **link = &world.threads;

    while (*link != thread)
        link = &(*link)->next;
    *link = thread->next;
}

static void *thread_main(void *opaque)
{
    struct thread *const thread = opaque;

    self = thread;
    prt_store_relaxed(&thread->task, (uint64_t)syscall(SYS_gettid));
    thread->function(thread->argument);
    world_lock();
    thread_forget(thread);
    world_unlock();
    atomic_store_explicit(&thread->done, 1, memory_order_seq_cst);
    prt_wake(&thread->done);
    world_lock();
    polling_set(false);
    world.running--;
    world_advance();
    world_unlock();
    return NULL;
}

int prt_thread_start(struct prt_thread_handle *handle, size_t stack, void (*function)(void *), void *argument)
{
    struct thread *const thread = calloc(1, sizeof *thread);
    int status;

    if (!thread)
        return ENOMEM;
    *thread = (struct thread){ .function = function, .argument = argument };
    world_lock();
    world.running++;
    thread->next = world.threads;
    world.threads = thread;
    world_unlock();
    status = prt_posix_start_(&thread->id, stack, thread_main, thread);
    if (status) {
        world_lock();
        world.running--;
        thread_forget(thread);
        world_unlock();
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
    struct thread *const thread = (struct thread *)handle->id[0];
    struct waiter **link = &world.waiters;

    world_lock();
    while (*link && ((*link)->thread != thread || (*link)->word))
        link = &(*link)->next;
    if (*link)
        waiter_release(link);
    else if (world.open && !thread->waits)
        prt_posix_interrupt_(thread->id);
    world_unlock();
}

void prt_signals(bool on, void (*first)(int signal, void *argument), void *argument)
{
    (void)on; /* a test of signals needs real time */
    (void)first;
    (void)argument;
}

/* ---- the world outside -------------------------------------------------------------------------------------------- */

/* Descriptors for which somebody waits; the first is what pokes. The world is locked. */
static nfds_t gather_fds(struct pollfd *fds)
{
    nfds_t n = 1;

    fds[0] = (struct pollfd){ .fd = world.poke, .events = POLLIN };
    for (const struct waiter *waiter = world.waiters; waiter && n < FDS_MOST; waiter = waiter->next)
        if (waiter->fd >= 0)
            fds[n++] = (struct pollfd){ .fd = waiter->fd, .events = (short)waiter->events };
    return n;
}

static bool is_ready(const struct waiter *waiter)
{
    struct pollfd fd = { .fd = waiter->fd, .events = (short)waiter->events };

    return waiter->fd >= 0 && poll(&fd, 1, 0) > 0;
}

/* Those whose descriptors are ready run. The world is locked. */
static void release_ready(void)
{
    struct waiter **link = &world.waiters;

    while (*link)
        if (is_ready(*link))
            waiter_release(link);
        else
            link = &(*link)->next;
}

/* Whether only what is outside can go on: nobody runs and somebody waits for a descriptor, or all who run are asleep in the
 * kernel, and not because the world is locked, which they are seen to want after they were seen asleep. */
static bool is_outside(void)
{
    if (world.running == 0)
        return world.fds > 0;
    for (const struct thread *thread = world.threads; thread; thread = thread->next)
        if (!thread->waits && prt_proc_look_(prt_load_relaxed(&thread->task)) != PRT_THREAD_ASLEEP)
            return false;
    return prt_load(&world.entering) == 0;
}

static uint64_t real_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Time has passed outside between two looks in a row which find that only what is there can go on, where nobody has begun or
 * ended a wait in between. */
static void *look_outside(void *unused)
{
    static struct pollfd fds[FDS_MOST];
    uint64_t since = 0, waits = 0, now;
    bool was_outside = false;
    nfds_t n;

    (void)unused;
    for (;;) {
        uint64_t pokes;

        pthread_mutex_lock(&world.lock);
        n = gather_fds(fds);
        world_unlock();
        poll(fds, n, LOOK_MS);
        if (fds[0].revents && read(world.poke, &pokes, sizeof pokes) < 0)
            continue;
        pthread_mutex_lock(&world.lock); /* as nobody who is looked at */
        release_ready();
        now = real_now();
        if (!is_outside()) {
            was_outside = false;
        } else {
            if (was_outside && waits == prt_load(&world.waits)) {
                prt_add(&world.now, now - since);
                waiters_release_until(prt_virtual_now());
            }
            was_outside = true;
        }
        since = now;
        waits = prt_load(&world.waits);
        world_unlock();
    }
    return NULL;
}

bool prt_virtual_open(void)
{
    static struct thread main_thread;
    sigset_t all, before;
    pthread_t looker;
    int status;

    main_thread.id = pthread_self();
    main_thread.task = (uint64_t)syscall(SYS_gettid);
    world.poke = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (world.poke < 0)
        return false;
    self = world.threads = &main_thread;
    world.open = true;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = prt_posix_start_(&looker, 0, look_outside, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = status;
    return status == 0;
}
