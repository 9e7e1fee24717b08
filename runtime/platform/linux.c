/* The platform layer on Linux: futex, membarrier, CLOCK_MONOTONIC, pthreads. What other systems have too is in
 * platform/posix.c. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "platform/children.h"
#include "platform/posix.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "platform/cgroup.h"
#include "platform/proc.h"

const uint64_t prt_grain_ = 150000;
bool prt_have_barrier_;

static void init_once(void)
{
    prt_have_barrier_ = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    prt_posix_interrupts_();
}

void prt_platform_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, init_once);
}

void prt_barrier_all(void)
{
    if (prt_have_barrier_)
        syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

/* ---- park and wake ---------------------------------------------------------------------------------------------- */

/* ThreadSanitizer keeps a signal back until its thread makes a call that it knows, and a futex is none: there, no sleep
 * is longer than this. 0: any sleep may be. */
#if PRT_SANITIZE_THREAD
#define LONGEST_SLEEP 20000000
#else
#define LONGEST_SLEEP 0
#endif

/* The kernel may make each deadline 50 us later, so that sleepers share interrupts. A thread that waits for one here does
 * without that from then on, that of prt_run() too; those that only run bodies keep it, since bodies of a pool that sleep
 * may be thousands. A new thread would have what its maker has. */
static _Thread_local unsigned long slack_before; /* 0: it has it still */

static void be_punctual(void)
{
    if (slack_before == 0) {
        const int slack = prctl(PR_GET_TIMERSLACK, 0UL, 0UL, 0UL, 0UL);

        slack_before = slack > 0 ? (unsigned long)slack : 1;
        prctl(PR_SET_TIMERSLACK, 1UL);
    }
}

/* As an absolute time of CLOCK_MONOTONIC, so that no time is lost between here and the kernel; NULL: never. */
static struct timespec *limit_of(uint64_t deadline, struct timespec *until)
{
    if (deadline != PRT_NEVER)
        be_punctual();
    if (LONGEST_SLEEP && deadline > prt_now() + LONGEST_SLEEP)
        deadline = prt_now() + LONGEST_SLEEP;
    if (deadline == PRT_NEVER)
        return NULL;
    until->tv_sec = (time_t)(deadline / 1000000000);
    until->tv_nsec = (long)(deadline % 1000000000);
    return until;
}

void prt_wait(prt_atomic_u32 *word, uint32_t seen, uint64_t deadline)
{
    struct timespec until;

    syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, seen, limit_of(deadline, &until), NULL, FUTEX_BITSET_MATCH_ANY);
}

void prt_wake(prt_atomic_u32 *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* In linux/futex.h and asm/unistd.h only from Linux 5.16 on; the number is the same on all machines. */
#define WAITV 449
#define WAITV_U32 2
#define WAITV_PRIVATE 128
#define WITHOUT_WAITV 1000000000 /* between two looks at the other word, on older kernels or where a filter refuses the call */

struct waitv {
    uint64_t seen, at;
    uint32_t flags, reserved;
};

/* False: the kernel does not do that. */
static bool wait_for_either(const struct prt_event *event, const struct prt_knock *knock, uint64_t deadline)
{
    const struct waitv words[] = {
        { .seen = event->seen, .at = (uintptr_t)&event->sets, .flags = WAITV_U32 | WAITV_PRIVATE },
        { .seen = knock->seen, .at = (uintptr_t)knock->word, .flags = WAITV_U32 },
    };
    struct timespec until;

    return syscall(WAITV, words, 2, 0, limit_of(deadline, &until), CLOCK_MONOTONIC) >= 0 || errno == EAGAIN ||
           errno == EINTR || errno == ETIMEDOUT;
}

void prt_event_wait_knocked(struct prt_event *event, uint64_t deadline, const struct prt_knock *knock)
{
    static prt_atomic_u64 refused;

    if (atomic_load_explicit(&event->sets, memory_order_seq_cst) == event->seen &&
        (prt_load_relaxed(&refused) || !wait_for_either(event, knock, deadline))) {
        const uint64_t soon = prt_now() + WITHOUT_WAITV;

        prt_store_relaxed(&refused, 1);
        prt_wait(&event->sets, event->seen, deadline < soon ? deadline : soon);
    }
    event->seen = atomic_load_explicit(&event->sets, memory_order_seq_cst);
}

/* ---- bells ------------------------------------------------------------------------------------------------------ */

/* Where the process has no descriptor left for the bell, waits are cut into pieces of this length. */
#define BELL_PIECE 50000000

void prt_bell_ring(struct prt_bell *bell)
{
    const uint64_t one = 1;
    uint64_t fd;

    atomic_store_explicit(&bell->rung, 1, memory_order_seq_cst);
    fd = prt_load(&bell->fd); /* handshake: bell */
    if (fd && write((int)(fd - 1), &one, sizeof one) < 0)
        return; /* the counter is full: it is readable */
}

/* An eventfd that becomes readable when the bell rings, and is never read; -1: there is none to be had. It is stored before
 * the caller looks at `rung`, which is stored before prt_bell_ring() looks here: one of the two sees the other's. */
static int bell_fd(struct prt_bell *bell)
{
    uint64_t seen = prt_load(&bell->fd);
    int fd;

    if (seen)
        return (int)(seen - 1);
    fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0 || prt_cas(&bell->fd, &seen, (uint64_t)fd + 1)) /* handshake: bell */
        return fd;
    close(fd);
    return (int)(seen - 1);
}

/* What poll() may sleep for, before it is to look again. */
static const struct timespec *piece_until(uint64_t deadline, uint64_t now, bool rings, struct timespec *piece)
{
    uint64_t ns = deadline > now ? deadline - now : 0;

    if (!rings && ns > BELL_PIECE)
        ns = BELL_PIECE;
    else if (deadline == PRT_NEVER)
        return NULL;
    piece->tv_sec = (time_t)(ns / 1000000000);
    piece->tv_nsec = (long)(ns % 1000000000);
    return piece;
}

int prt_bell_wait(struct prt_bell *bell, int fd, int events, uint64_t deadline)
{
    for (;;) {
        struct pollfd fds[2] = { { .fd = fd, .events = (short)events }, { .fd = bell_fd(bell), .events = POLLIN } };
        struct timespec piece;
        int n;

        if (atomic_load_explicit(&bell->rung, memory_order_seq_cst))
            return -1;
        n = ppoll(fds, 2, piece_until(deadline, prt_now(), fds[1].fd >= 0, &piece), NULL);
        if (n > 0 && fds[0].revents)
            return 1;
        if (n <= 0 && prt_now() >= deadline)
            return 0;
        if (n < 0 && errno != EINTR) /* the kernel has no memory now */
            poll(NULL, 0, 1);
    }
}

void prt_bell_free(struct prt_bell *bell)
{
    const uint64_t fd = prt_load(&bell->fd);

    if (fd)
        close((int)(fd - 1));
}

/* ---- time, processors ------------------------------------------------------------------------------------------- */

static uint64_t clock_read(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t prt_now(void)
{
    return clock_read(CLOCK_MONOTONIC);
}

/* At an early start the kernel may have none yet: the clock and an address are better than to wait. */
void prt_random(void *bytes, size_t n)
{
    const uint64_t else_seed[2] = { prt_now(), (uint64_t)(uintptr_t)&bytes };

    if (getrandom(bytes, n, GRND_NONBLOCK) == (ssize_t)n)
        return;
    for (size_t i = 0; i < n; i++)
        ((unsigned char *)bytes)[i] = ((const unsigned char *)else_seed)[i % sizeof else_seed];
}

uint64_t prt_cpu_time(void)
{
    return clock_read(CLOCK_PROCESS_CPUTIME_ID);
}

uint32_t prt_cpus(void)
{
    cpu_set_t set;
    uint32_t count = 1;

    if (sched_getaffinity(0, sizeof set, &set) == 0)
        count = (uint32_t)CPU_COUNT(&set);
    else if (sysconf(_SC_NPROCESSORS_ONLN) > 0)
        count = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
    return count > 1 ? prt_cgroup_cpus_("", count) : 1;
}

uint64_t prt_process(void)
{
    return (uint64_t)getpid();
}

/* ---- memory that others see -------------------------------------------------------------------------------------- */

const bool prt_shares_ = true;

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

/* A file beyond the limit of files' sizes would be answered with a signal that ends the process. */
static bool is_allowed(size_t bytes)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= bytes;
}

#define NOEXEC_SEAL 8U /* of memfd_create(), from Linux 6.3 on; where an administrator has said so, without it there is none */

static int memfd(const char *name)
{
    const int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | NOEXEC_SEAL);

    return fd < 0 && errno == EINVAL ? memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING) : fd;
}

/* It has its pages before anybody touches it: there is no other moment at which the system could refuse them. */
bool prt_shared_make(struct prt_shared *shared, const char *name, size_t bytes)
{
    const int fd = is_allowed(bytes) ? memfd(name) : -1;
    struct stat stat;
    void *at = MAP_FAILED;

    if (fd < 0)
        return false;
    if (fallocate(fd, 0, 0, (off_t)bytes) == 0 && fcntl(fd, F_ADD_SEALS, SEALS) == 0 && fstat(fd, &stat) == 0)
        at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) {
        close(fd);
        return false;
    }
    *shared = (struct prt_shared){ at, bytes, { (unsigned long)fd, (unsigned long)stat.st_dev, (unsigned long)stat.st_ino } };
    return true;
}

/* A body may have closed the descriptor, by mistake, and then it may be another file's. */
void prt_shared_free(struct prt_shared *shared)
{
    struct stat stat;

    munmap(shared->at, shared->bytes);
    if (fstat((int)shared->place[0], &stat) == 0 && (unsigned long)stat.st_dev == shared->place[1] &&
        (unsigned long)stat.st_ino == shared->place[2])
        close((int)shared->place[0]);
}

/* ---- threads ---------------------------------------------------------------------------------------------------- */

/* In prctl.h only from Linux 6.16 on. */
#define FUTEX_HASH 78
#define FUTEX_HASH_SET_SLOTS 1
#define FUTEX_HASH_GET_SLOTS 2
#define SLOTS_A_CPU 4        /* that the kernel gives by itself; and where it begins */
#define SLOTS_LEAST 16
#define SLOTS_MOST 65536     /* of 64 bytes */
#define SLEEPERS_A_SLOT 4

/* From Linux 6.16 on a process has a table of its own for those who sleep on futexes, made for as many as there are
 * processors: each wake goes past all sleepers of a slot, so thousands would make it slow. Kernels that have no such
 * table refuse, and need nothing. A larger one stays: it may be another run's. */
void prt_threads_expect(uint64_t n)
{
    const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned long slots = SLOTS_LEAST;
    int now;

    while (slots < SLOTS_MOST && slots * SLEEPERS_A_SLOT < n)
        slots *= 2;
    if (slots == SLOTS_LEAST || (cpus > 0 && slots <= (unsigned long)cpus * SLOTS_A_CPU))
        return;
    now = prctl(FUTEX_HASH, FUTEX_HASH_GET_SLOTS, 0UL, 0UL, 0UL);
    if (now < 0 || (unsigned long)now < slots)
        prctl(FUTEX_HASH, FUTEX_HASH_SET_SLOTS, slots, 0UL, 0UL);
}

struct start {
    struct prt_thread_handle *handle;
    void (*function)(void *);
    void *argument;
    unsigned long slack; /* 0: as it is */
};

static void *thread_main(void *opaque)
{
    const struct start start = *(struct start *)opaque;

    free(opaque);
    if (start.slack)
        prctl(PR_SET_TIMERSLACK, start.slack);
    prt_store_relaxed(&start.handle->task, (uint64_t)syscall(SYS_gettid));
    start.function(start.argument);
    return NULL;
}

int prt_thread_start(struct prt_thread_handle *handle, size_t stack, void (*function)(void *), void *argument)
{
    struct start *start = malloc(sizeof *start);
    pthread_t thread;
    int status;

    if (!start)
        return ENOMEM;
    prt_store_relaxed(&handle->task, 0);
    *start = (struct start){ handle, function, argument, slack_before };
    status = prt_posix_start_(&thread, stack, thread_main, start);
    if (status)
        free(start);
    else
        handle->id[0] = (unsigned long)thread;
    return status;
}

void prt_thread_join(struct prt_thread_handle *handle)
{
    pthread_join((pthread_t)handle->id[0], NULL);
}

enum prt_thread_state prt_thread_look(const struct prt_thread_handle *handle)
{
    return prt_proc_look_(prt_load_relaxed(&handle->task));
}

void prt_thread_interrupt(struct prt_thread_handle *handle)
{
    prt_posix_interrupt_((pthread_t)handle->id[0]);
}

/* ---- signals ---------------------------------------------------------------------------------------------------- */

/* Signals are the process's, so what handles them is too. */
static struct {
    void (*first)(int signal, void *argument);
    void *argument;
    struct sigaction before[2];
    bool taken[2];
    prt_atomic_u64 arrived;
} handler;

static const int handled[2] = { SIGINT, SIGTERM };

static void signal_arrived(int signal)
{
    const int saved = errno;
    const struct sigaction standard = { .sa_handler = SIG_DFL };

    /* The second signal has its default action, whichever of them it is and whatever state the program is in: it is pending
     * until this returns. */
    if (prt_add(&handler.arrived, 1) > 0) {
        prt_children_kill_();
        sigaction(signal, &standard, NULL);
        raise(signal);
    } else {
        handler.first(signal, handler.argument);
    }
    errno = saved;
}

void prt_signals(bool on, void (*first)(int signal, void *argument), void *argument)
{
    if (on) {
        handler.first = first;
        handler.argument = argument;
        prt_store(&handler.arrived, 0);
    }
    for (int i = 0; i < 2; i++) {
        struct sigaction action = { .sa_handler = signal_arrived, .sa_flags = SA_RESTART };

        sigemptyset(&action.sa_mask);
        if (on) {
            /* A program that was started with a signal ignored (nohup, a shell's background job) leaves it so. */
            handler.taken[i] = sigaction(handled[i], NULL, &handler.before[i]) == 0 &&
                               handler.before[i].sa_handler != SIG_IGN && sigaction(handled[i], &action, NULL) == 0;
        } else if (handler.taken[i]) {
            sigaction(handled[i], &handler.before[i], NULL);
            handler.taken[i] = false;
        }
    }
}
