/* Everything that the runtime asks of the machine: atomics, park and wake, time, threads, stacks.
 *
 * No other file of the runtime names an atomic operation, a futex, a clock or a thread call, so that a test can put
 * something else behind this header: platform/linux.c and platform/stack*.c are the real ones, platform/virtual.c has a
 * clock that jumps.
 *
 * The memory order is in each name; a name without one is sequentially consistent. There are no stand-alone fences,
 * which ThreadSanitizer cannot see. Where one side of a store-then-look handshake is hot and the other rare, the hot side
 * uses prt_publish() and then a relaxed load, the rare side its own store, prt_barrier_all() and then its look: either
 * the rare side sees the publication or the publisher sees the rare side's store (membarrier(2), as liburcu uses it).
 * Where the kernel refuses that call, nothing is published that way: channels have no direct ends (chan.c), and every
 * counter that others watch changes by prt_store() or stronger.
 */
#ifndef PRT_PLATFORM_H
#define PRT_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#include <prt/cxx.h>

extern "C" {
#else
#include <stdatomic.h>

typedef _Atomic uint64_t prt_atomic_u64;
typedef _Atomic uint32_t prt_atomic_u32;
typedef _Atomic(unsigned char *) prt_atomic_ptr;
#endif

/* Sanitizers that the runtime is compiled for. gcc defines macros, clang has features. */
#ifdef __has_feature
#define PRT_HAS_FEATURE_(name) __has_feature(name)
#else
#define PRT_HAS_FEATURE_(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || PRT_HAS_FEATURE_(address_sanitizer)
#define PRT_SANITIZE_ADDRESS 1
#else
#define PRT_SANITIZE_ADDRESS 0
#endif
#if defined(__SANITIZE_THREAD__) || PRT_HAS_FEATURE_(thread_sanitizer)
#define PRT_SANITIZE_THREAD 1
#else
#define PRT_SANITIZE_THREAD 0
#endif

#define PRT_NEVER UINT64_MAX /* a deadline that does not come */

/* Whether prt_barrier_all() is membarrier(2); set by prt_platform_init(), before the first thread starts. */
extern bool prt_have_barrier_;

/* ---- atomics ---------------------------------------------------------------------------------------------------- */

#ifndef __cplusplus
static inline uint64_t prt_load_relaxed(const prt_atomic_u64 *at)
{
    return atomic_load_explicit(at, memory_order_relaxed);
}

static inline uint64_t prt_load_acquire(const prt_atomic_u64 *at)
{
    return atomic_load_explicit(at, memory_order_acquire);
}

static inline uint64_t prt_load(const prt_atomic_u64 *at)
{
    return atomic_load_explicit(at, memory_order_seq_cst);
}

static inline void prt_store_relaxed(prt_atomic_u64 *at, uint64_t value)
{
    atomic_store_explicit(at, value, memory_order_relaxed);
}

static inline void prt_store_release(prt_atomic_u64 *at, uint64_t value)
{
    atomic_store_explicit(at, value, memory_order_release);
}

static inline void prt_store(prt_atomic_u64 *at, uint64_t value)
{
    atomic_store_explicit(at, value, memory_order_seq_cst);
}

static inline uint64_t prt_add(prt_atomic_u64 *at, uint64_t value) /* returns the old value */
{
    return atomic_fetch_add_explicit(at, value, memory_order_seq_cst);
}

static inline uint64_t prt_sub(prt_atomic_u64 *at, uint64_t value) /* returns the old value */
{
    return atomic_fetch_sub_explicit(at, value, memory_order_seq_cst);
}

static inline uint64_t prt_swap(prt_atomic_u64 *at, uint64_t value) /* returns the old value */
{
    return atomic_exchange_explicit(at, value, memory_order_seq_cst);
}

/* Replaces `*seen` by `value` iff it is still there; else `*seen` becomes what is. */
static inline bool prt_cas(prt_atomic_u64 *at, uint64_t *seen, uint64_t value)
{
    return atomic_compare_exchange_strong_explicit(at, seen, value, memory_order_seq_cst, memory_order_seq_cst);
}

static inline void prt_publish(prt_atomic_u64 *at, uint64_t value)
{
    atomic_store_explicit(at, value, memory_order_release);
    atomic_signal_fence(memory_order_seq_cst); /* for the compiler alone; no instruction */
}

static inline unsigned char *prt_ptr(const prt_atomic_ptr *at) /* by the only thread that changes it */
{
    return atomic_load_explicit(at, memory_order_relaxed);
}

static inline void prt_ptr_set(prt_atomic_ptr *at, unsigned char *value) /* relaxed */
{
    atomic_store_explicit(at, value, memory_order_relaxed);
}

static inline unsigned char *prt_ptr_acquire(const prt_atomic_ptr *at)
{
    return atomic_load_explicit(at, memory_order_acquire);
}

static inline void prt_ptr_publish(prt_atomic_ptr *at, unsigned char *value) /* release */
{
    atomic_store_explicit(at, value, memory_order_release);
}
#endif

static inline void prt_pause(void) /* tells the processor that this loop waits */
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* How often a loop looks before it does something that costs more. The test scheduler, to which looking again tells
 * nothing new, takes it for less. */
#define PRT_LOOKS(n) (n)

/* The same of how many places a sender that overwrites has to spare. */
#define PRT_SPARE(n) (n)

/* ---- park and wake ---------------------------------------------------------------------------------------------- */

/* prt_platform_init() must be called before anything below; any number of times. */
void prt_platform_init(void);

/* Makes every running thread of the process pass a full memory barrier. 0.4 to 5 microseconds; for rare sides only. */
void prt_barrier_all(void);

/* prt_wait() sleeps while `*word == seen`, at most until `deadline` (prt_now() time, or PRT_NEVER). It may return early
 * for no reason; callers look again. prt_wake() wakes one thread that sleeps on the word; async-signal-safe. */
void prt_wait(prt_atomic_u32 *word, uint32_t seen, uint64_t deadline);
void prt_wake(prt_atomic_u32 *word);

/* A wake-up that cannot be lost: prt_event_set() before or during prt_event_wait() ends that wait. One waiter. */
struct prt_event {
    prt_atomic_u32 sets; /* counts, so that it never returns to a value somebody sleeps on */
    uint32_t seen;       /* the waiter's */
};

void prt_event_set(struct prt_event *event); /* from any thread or signal handler; never blocks */
void prt_event_wait(struct prt_event *event, uint64_t deadline);

/* A word that other processes change, and then wake who sleeps on it, to have somebody here look. */
struct prt_knock {
    const prt_atomic_u32 *word; /* NULL: nobody can */
    uint32_t seen;              /* as it was when the last knock was answered */
};

#ifndef __cplusplus
static inline bool prt_knocked(const struct prt_knock *knock)
{
    return knock->word && atomic_load_explicit(knock->word, memory_order_seq_cst) != knock->seen;
}

static inline void prt_knock_answer(struct prt_knock *knock) /* before what it is about is looked at */
{
    knock->seen = atomic_load_explicit(knock->word, memory_order_seq_cst);
}
#endif

/* The same as prt_event_wait(), and ends also when somebody knocks. Where the system lets nobody sleep on two words, a knock ends
 * it within a second. */
void prt_event_wait_knocked(struct prt_event *event, uint64_t deadline, const struct prt_knock *knock);

/* A lock for short sections: spins for about a microsecond, then sleeps. Zero bytes are an unlocked one. */
struct prt_mutex {
    prt_atomic_u32 state; /* 0 free, 1 held, 2 held and somebody sleeps (Drepper, "Futexes are tricky", mutex 3) */
};

void prt_mutex_lock(struct prt_mutex *mutex);
void prt_mutex_unlock(struct prt_mutex *mutex);

/* A wait in the kernel that others can end. A bell is rung once and stays so: whoever waits then, or later, is told. So a
 * signal is not needed, which could come between a look and the wait. Zero bytes are one that has not rung. */
struct prt_bell {
    prt_atomic_u32 rung;
    prt_atomic_u64 fd; /* the platform's; 0: nobody has waited */
};

void prt_bell_ring(struct prt_bell *bell); /* from any thread, with any locks held; any number of times */

/* prt_bell_wait() waits until `fd` is ready for `events` (poll()'s; a negative `fd` never is), or broken: 1; until `deadline`
 * (prt_now() time, or PRT_NEVER): 0; or until the bell rings: -1, at once where it has. Any number of threads. Blocks. */
int prt_bell_wait(struct prt_bell *bell, int fd, int events, uint64_t deadline);
void prt_bell_free(struct prt_bell *bell); /* nobody waits, or will */

/* ---- time, processors ------------------------------------------------------------------------------------------- */

uint64_t prt_now(void);      /* monotonic, ns */
extern const uint64_t prt_grain_; /* ns; what comes due more often than this is better done several at a time: waking costs */
uint64_t prt_cpu_time(void); /* what the process has used, ns */
void prt_yield(void);        /* lets another thread that is ready have this processor; soon back where there is none */
void prt_random(void *bytes, size_t n); /* that nobody can foresee; a few, at a start */
uint32_t prt_cpus(void);     /* processors that this process may use: affinity and cgroup limit; from 1 */

/* ---- threads ---------------------------------------------------------------------------------------------------- */

/* Before so many threads are started, which may all sleep at once: only a hint, so that waking one stays cheap. */
void prt_threads_expect(uint64_t n);

struct prt_thread_handle {
    unsigned long id[2]; /* the platform's */
    prt_atomic_u64 task; /* the same, of the thread when it has begun */
};

/* Starts `function(argument)` on a stack of `stack` bytes. 0: 1,792 KiB, room for two bodies of 256 KiB beside what a
 * sanitizer takes of it; below 2 MiB, so that no huge page makes what is never touched real. Returns 0 or an errno
 * value. */
int prt_thread_start(struct prt_thread_handle *handle, size_t stack, void (*function)(void *), void *argument);
void prt_thread_join(struct prt_thread_handle *handle);

/* Calls `function(argument)`. Where that does not return because what it called ends the thread (pthread_exit(),
 * pthread_cancel()), calls `lost(argument)`, which must not return. On the main thread too. */
void prt_guard(void (*function)(void *), void (*lost)(void *), void *argument);

/* Writes what is printed to standard output and waits in memory. While nobody reads that, asks `gives_up(argument)`, some 20 times
 * a second, and where it is true forgets what waits. True where it is written, else false, with errno: ETIMEDOUT where
 * nobody has read. Blocks. The caller may hold the lock of standard output. */
bool prt_flush(bool (*gives_up)(void *), void *argument);

/* Ends the process at once with this status, whatever other threads do; `flushed`: standard output is written first, unless
 * nobody reads it. The programs of prt/child.h are killed. */
__attribute__((__noreturn__)) void prt_exit(int status, bool flushed);

/* While `on`, a child that some thread of the process forks calls `child(argument)` before fork() returns there. */
void prt_forks(bool on, void (*child)(void *), void *argument);

/* What a thread does, as the kernel knows: any thread may ask, while the other is not joined. Some 7 microseconds. */
enum prt_thread_state {
    PRT_THREAD_UNKNOWN, /* it has just begun, or the system does not tell */
    PRT_THREAD_AWAKE,   /* runs, or is ready to and has no processor */
    PRT_THREAD_ASLEEP   /* waits in the kernel */
};

enum prt_thread_state prt_thread_look(const struct prt_thread_handle *handle);

/* Makes a system call that the thread blocks in return with EINTR; nothing else happens to it. */
void prt_thread_interrupt(struct prt_thread_handle *handle);

/* SIGINT and SIGTERM: while `on`, the first calls `first(signal, argument)` in the handler; a second one, of either, kills the
 * programs of prt/child.h and ends the process by its default action. Off restores what was there before. */
void prt_signals(bool on, void (*first)(int signal, void *argument), void *argument);

/* ---- memory that others see -------------------------------------------------------------------------------------- */

/* Other processes of the user find it as a descriptor of this one, and may read and write there whatever they like. Nobody can
 * change its size, so touching it never fails. */
struct prt_shared {
    unsigned char *at;      /* zero bytes at first */
    size_t bytes;
    unsigned long place[3]; /* the platform's */
};

extern const bool prt_shares_; /* whether the platform has any */

/* prt_shared_make() makes some, called `name`. False: the system gives none; then nothing was made. */
bool prt_shared_make(struct prt_shared *shared, const char *name, size_t bytes);
void prt_shared_free(struct prt_shared *shared);

uint64_t prt_process(void); /* the number of this process */

/* ---- stacks of bodies ------------------------------------------------------------------------------------------- */

/* A stack that a body which may wait runs on. A thread enters it from its own stack, its base, and is back there when the
 * body leaves it or has returned; a thread that enters it later, this one or another, goes on where the body left.
 * A thread is on one of them at a time: none is entered by what a body calls.
 *
 * Only the registers go along that a function preserves, with the modes of floating point. What is the thread's stays
 * the thread's: errno, `_Thread_local`, locks. */
struct prt_stack;

#define PRT_STACK_PROMISED ((size_t)256 * 1024) /* what a body may use: docs/language.md */

/* What one takes, all of it real only once it was used: besides, a signal's frame and what the runtime needs above and
 * below a body; under a sanitizer, whose frames are several times as large, more. */
#if PRT_SANITIZE_ADDRESS || PRT_SANITIZE_THREAD
#define PRT_STACK_BYTES (4 * PRT_STACK_PROMISED)
#else
#define PRT_STACK_BYTES (PRT_STACK_PROMISED + (size_t)64 * 1024)
#endif

/* Where a thread is on its own stack while it runs on another one. One for each thread; zero bytes at first. */
struct prt_base {
    void *sp;
    bool returned;    /* the function that was entered last */
    void *fake;       /* AddressSanitizer's, of the thread's own stack; */
    const void *low;  /* that stack's lowest byte and its size, as it knows them */
    size_t size;
    void *fibre;      /* ThreadSanitizer's, of the thread */
};

/* Maps one, with pages below it that nobody may touch. NULL: there is no memory, or there are as many as the kernel
 * takes. Any thread may call it; it does not block.
 *
 * While there is any, and the process has no handler for SIGSEGV, it has one that says on standard error which body's
 * stack was too small, and lets the process end as it would have. */
struct prt_stack *prt_stack_new(void);

/* Unmaps it. Its function has returned, or was never begun, or will never go on. */
void prt_stack_free(struct prt_stack *stack);

/* Nothing lies on it for now: the kernel may have its pages, all but the topmost. */
void prt_stack_trim(struct prt_stack *stack);

/* The next prt_stack_enter() calls `function(argument)` on it. Its function has returned, if it had one. `run` and
 * `stage` are named when the stack is too small; they live until the function has returned. */
void prt_stack_begin(struct prt_stack *stack, const char *run, const char *stage, void (*function)(void *),
                     void *argument);

/* Leaves the thread's own stack for `stack`, which no other thread is on, and returns there: true when the function has
 * returned, false when prt_stack_leave() gave the stack away. Then it may be another thread's already, or gone. */
bool prt_stack_enter(struct prt_stack *stack, struct prt_base *base);

/* By the function on `stack`, which was entered from `base`: calls `meanwhile(argument)` on the thread's own stack. If
 * that returns true, goes on here, on the same thread; this is quick, a call and a return. If false, prt_stack_enter()
 * returns false at `base`, and this call returns in whatever thread enters the stack next. `meanwhile` may make `stack`
 * known to other threads, and they may be on it before it returns false; if so, it must not return true. */
void prt_stack_leave(struct prt_stack *stack, struct prt_base *base, bool (*meanwhile)(void *), void *argument);

#ifdef __cplusplus
}
#endif

#endif
