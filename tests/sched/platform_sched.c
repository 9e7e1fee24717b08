/* What platform.h promises, on the scheduler. */
#include "engine.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platform/stack.h>

bool prt_have_barrier_;

void prt_platform_init(void)
{
}

static uint64_t *plain(const prt_atomic_u64 *at)
{
    return (uint64_t *)(uintptr_t)at;
}

static const char *load_name(enum sched_order order)
{
    return order == SCHED_RELAXED ? "load relaxed" : order == SCHED_ACQUIRE ? "load acquire" : "load";
}

/* ---- atomics ---------------------------------------------------------------------------------------------------- */

uint64_t sched_load_(const prt_atomic_u64 *at, enum sched_order order, struct sched_site *site)
{
    uint64_t value;

    point(site, "load");
    value = memory_load(plain(at), order, site);
    if (tracing)
        trace_op(site, load_name(order), (const void *)at, value, value != *plain(at) ? " (old)" : "");
    return value;
}

void sched_store_(prt_atomic_u64 *at, uint64_t value, enum sched_order order, struct sched_site *site)
{
    point(site, "store");
    memory_store(plain(at), value, order, site);
    if (tracing)
        trace_op(site, order == SCHED_RELAXED ? "store relaxed" : order == SCHED_RELEASE ? "store release" : "store",
                 (const void *)at, value, *plain(at) != value ? " (delayed)" : "");
}

uint64_t sched_add_(prt_atomic_u64 *at, uint64_t value, struct sched_site *site)
{
    uint64_t old;

    point(site, "add to");
    old = memory_rmw_begin(plain(at), site);
    memory_rmw_end(plain(at), old + value);
    trace_op(site, "add", (const void *)at, old + value, "");
    return old;
}

uint64_t sched_swap_(prt_atomic_u64 *at, uint64_t value, struct sched_site *site)
{
    uint64_t old;

    point(site, "swap");
    old = memory_rmw_begin(plain(at), site);
    memory_rmw_end(plain(at), value);
    trace_op(site, "swap", (const void *)at, value, "");
    return old;
}

bool sched_cas_(prt_atomic_u64 *at, uint64_t *seen, uint64_t value, struct sched_site *site)
{
    uint64_t old;

    point(site, "compare and swap");
    old = memory_rmw_begin(plain(at), site);
    if (old != *seen) {
        *seen = old;
        trace_op(site, "cas failed", (const void *)at, old, "");
        return false;
    }
    memory_rmw_end(plain(at), value);
    trace_op(site, "cas", (const void *)at, value, "");
    return true;
}

unsigned char *sched_ptr_(const prt_atomic_ptr *at, enum sched_order order, struct sched_site *site)
{
    return (unsigned char *)(uintptr_t)sched_load_((const prt_atomic_u64 *)(uintptr_t)at, order, site);
}

void sched_ptr_store_(prt_atomic_ptr *at, unsigned char *value, struct sched_site *site)
{
    sched_store_((prt_atomic_u64 *)(uintptr_t)at, (uintptr_t)value, SCHED_RELEASE, site);
}

void sched_pause_(struct sched_site *site)
{
    yield(site);
}

void sched_barrier_all_(struct sched_site *site)
{
    if (!prt_have_barrier_)
        return;
    point(site, "barrier");
    memory_barrier();
    trace_op(site, "barrier", NULL, 0, "");
}

void *sched_copy_(void *to, const void *from, size_t size, struct sched_site *site)
{
    memory_copied(to, from, size, site);
    return memcpy(to, from, size);
}

/* ---- park and wake ---------------------------------------------------------------------------------------------- */

/* A sleep may end for no reason. */
static bool ends_early(void)
{
    if (choose_value(VALUE_EARLY, 2) == 0)
        return false;
    trace_note("and it ends at once, for no reason");
    return true;
}

void sched_wait_(prt_atomic_u32 *word, uint32_t seen, uint64_t deadline, struct sched_site *site)
{
    point(site, "wait");
    memory_drain(world.self);
    trace_op(site, "wait", (const void *)word, *(uint32_t *)(uintptr_t)word, "");
    if (*(uint32_t *)(uintptr_t)word == seen && deadline > world.now && !ends_early())
        block(WAIT_WORD, (const void *)word, deadline, site, "wait");
}

void sched_wake_(prt_atomic_u32 *word, struct sched_site *site)
{
    point(site, "wake");
    trace_op(site, "wake", (const void *)word, *(uint32_t *)(uintptr_t)word, "");
    if (unblock_one(WAIT_WORD, (const void *)word))
        changed();
}

static uint32_t *sets(struct prt_event *event)
{
    return (uint32_t *)(uintptr_t)&event->sets;
}

void sched_event_set_(struct prt_event *event, struct sched_site *site)
{
    point(site, "set");
    memory_learn(event, site);
    memory_release_to(event);
    ++*sets(event);
    trace_op(site, "event set", event, *sets(event), "");
    unblock_all(WAIT_EVENT, event);
    changed();
}

void sched_event_wait_(struct prt_event *event, uint64_t deadline, struct sched_site *site)
{
    point(site, "wait for");
    memory_learn(event, site);
    trace_op(site, "event wait", event, *sets(event), *sets(event) == event->seen ? "" : " (set already)");
    if (*sets(event) == event->seen && deadline > world.now && !ends_early())
        block(WAIT_EVENT, event, deadline, site, "wait for");
    memory_acquire_from(event);
    event->seen = *sets(event);
}

/* Who sleeps is woken when the lock is free; who comes then may be quicker, as with the real one. */
void sched_mutex_lock_(struct prt_mutex *mutex, struct sched_site *site)
{
    uint32_t *const state = (uint32_t *)(uintptr_t)&mutex->state;

    point(site, "lock");
    memory_learn(mutex, site);
    memory_drain(world.self);
    while (*state != 0)
        block(WAIT_MUTEX, mutex, PRT_NEVER, site, "lock");
    *state = 1;
    memory_acquire_from(mutex);
    changed();
    trace_op(site, "lock", mutex, 1, "");
}

void sched_mutex_unlock_(struct prt_mutex *mutex, struct sched_site *site)
{
    uint32_t *const state = (uint32_t *)(uintptr_t)&mutex->state;

    if (*state == 0)
        fail("unlocks a lock that nobody holds (%s:%d, %s)", site->file, site->line, site->text);
    counted();
    memory_learn(mutex, site);
    memory_release_to(mutex);
    *state = 0;
    changed();
    trace_op(site, "unlock", mutex, 0, "");
    unblock_all(WAIT_MUTEX, mutex);
}

void sched_bell_ring_(struct prt_bell *bell, struct sched_site *site)
{
    point(site, "ring");
    memory_learn(bell, site);
    memory_release_to(bell);
    *(uint32_t *)(uintptr_t)&bell->rung = 1;
    trace_op(site, "bell ring", bell, 1, "");
    unblock_all(WAIT_WORD, (const void *)&bell->rung);
    changed();
}

/* A descriptor is outside of the scheduler's world: it is looked at every millisecond. */
int sched_bell_wait_(struct prt_bell *bell, int fd, int events, uint64_t deadline, struct sched_site *site)
{
    for (;;) {
        struct pollfd polled = { .fd = fd, .events = (short)events };

        point(site, "wait for");
        memory_learn(bell, site);
        memory_drain(world.self);
        trace_op(site, "bell wait", bell, *(uint32_t *)(uintptr_t)&bell->rung, "");
        if (*(uint32_t *)(uintptr_t)&bell->rung) {
            memory_acquire_from(bell);
            return -1;
        }
        if (poll(&polled, 1, 0) > 0)
            return 1;
        if (deadline <= world.now)
            return 0;
        block(WAIT_WORD, (const void *)&bell->rung, fd >= 0 && deadline > world.now + 1000000 ? world.now + 1000000 : deadline,
              site, "wait for");
    }
}

void prt_bell_free(struct prt_bell *bell)
{
    (void)bell;
}

/* ---- time, processors ------------------------------------------------------------------------------------------- */

/* A thread that reads the clock at one place again and again, and never sleeps, waits for time to pass: it does so ever
 * faster. */
uint64_t sched_now_(struct sched_site *site)
{
    struct thread *const self = world.self;

    counted();
    world.now += 8;
    if (self->polled == site)
        world.now += (uint64_t)500 << (self->polls < 12 ? self->polls++ : 12);
    else
        self->polls = 0;
    self->polled = site;
    return world.now;
}

void prt_random(void *bytes, size_t n)
{
    memset(bytes, 1, n);
}

uint64_t prt_cpu_time(void) /* as if the processors were idle: what is unserved gets a thread */
{
    return 0;
}

void prt_yield(void)
{
}

uint32_t prt_cpus(void)
{
    return cpus;
}

void prt_threads_expect(uint64_t n)
{
    (void)n;
}

uint64_t sched_time(void)
{
    return world.now;
}

bool sched_sleep(uint64_t ns)
{
    static struct sched_site site = { .file = "harness", .text = "" };

    block(WAIT_SLEEP, NULL, world.now + ns, &site, "sleep");
    return !world.self->interrupted;
}

bool sched_idle(void)
{
    static struct sched_site site = { .file = "harness", .text = "" };

    block(WAIT_IDLE, NULL, PRT_NEVER, &site, "idle");
    return !world.self->interrupted;
}

/* ---- threads ---------------------------------------------------------------------------------------------------- */

void sched_threads_left(unsigned n)
{
    world.threads_left = n;
}

int sched_thread_start_(struct prt_thread_handle *handle, void (*function)(void *), void *argument, const char *name,
                        struct sched_site *site)
{
    struct thread *thread;

    point(site, "start");
    if (world.threads_left == 0 || world.nthreads == THREADS) /* a pool that grows again and again meets a limit */
        return EAGAIN;
    if (world.threads_left != UINT32_MAX)
        world.threads_left--;
    memory_drain(world.self);
    thread = thread_new(name, function, argument);
    handle->id[0] = thread->id;
    changed();
    trace_op(site, "start", NULL, 0, "");
    trace_note("it is T%u", thread->id);
    return 0;
}

void sched_thread_join_(struct prt_thread_handle *handle, struct sched_site *site)
{
    struct thread *const thread = &world.threads[handle->id[0]];

    point(site, "join");
    while (thread->state != DONE)
        block(WAIT_JOIN, thread, PRT_NEVER, site, "join");
    memory_acquire_from(thread);
    trace_op(site, "join", NULL, 0, "");
}

void sched_thread_interrupt_(struct prt_thread_handle *handle, struct sched_site *site)
{
    struct thread *const thread = &world.threads[handle->id[0]];

    point(site, "interrupt");
    trace_op(site, "interrupt", NULL, 0, "");
    if (thread->state != BLOCKED || (thread->wait != WAIT_SLEEP && thread->wait != WAIT_IDLE))
        return;
    thread->interrupted = true;
    make_ready(thread);
    changed();
}

/* What others see is no part of what is searched. */
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

enum prt_thread_state prt_thread_look(const struct prt_thread_handle *handle)
{
    (void)handle;
    return PRT_THREAD_UNKNOWN;
}

void prt_guard(void (*function)(void *), void (*lost)(void *), void *argument)
{
    (void)lost; /* a thread here is a coroutine, which only its function can end */
    function(argument);
}

bool prt_flush(bool (*gives_up)(void *), void *argument)
{
    (void)gives_up; /* nothing here prints */
    (void)argument;
    return true;
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

void sched_spawn(const char *name, void (*function)(void *), void *argument)
{
    static struct sched_site site = { .file = "harness", .text = "" };
    struct prt_thread_handle handle;

    if (sched_thread_start_(&handle, function, argument, name, &site) == 0)
        world.threads[handle.id[0]].joined_by_harness = true;
}

void sched_join_all(void)
{
    static struct sched_site site = { .file = "harness", .text = "" };

    for (unsigned i = 1; i < world.nthreads; i++)
        if (world.threads[i].joined_by_harness)
            sched_thread_join_(&(struct prt_thread_handle){ .id = { i } }, &site);
}

void sched_search(bool on)
{
    choice.plain = !on;
    trace_note("the search %s", on ? "begins" : "ends");
}

unsigned sched_choose(unsigned n)
{
    const unsigned pick = choose_value(VALUE_HARNESS, n);

    trace_note("the harness chooses %u of %u", pick, n);
    return pick;
}

/* ---- stacks of bodies ------------------------------------------------------------------------------------------- */

/* They are kept from run to run, since mapping one takes longer than many runs, and given out in the same order in each.
 * What the platform makes of them is the real thing: a coroutine enters and leaves them like a thread. */
static struct {
    struct prt_stack *stack; /* NULL: not mapped */
    bool used;
} stacks[STACKS];

static unsigned stacks_left;

/* One in the middle of a function is of no use to another. */
static void stack_return(unsigned i)
{
    stacks[i].used = false;
    if (stacks[i].stack->function) {
        (prt_stack_free)(stacks[i].stack);
        stacks[i].stack = NULL;
    }
}

void stacks_begin(void)
{
    stacks_left = UINT_MAX;
    for (unsigned i = 0; i < STACKS; i++)
        if (stacks[i].used)
            stack_return(i);
}

static bool stack_holds(const struct prt_stack *stack, const void *at)
{
    const uintptr_t low = (uintptr_t)stack->low;

    return (uintptr_t)at >= low && (uintptr_t)at < low + PRT_STACK_BYTES;
}

bool stacks_hold(const void *at)
{
    for (unsigned i = 0; i < STACKS; i++)
        if (stacks[i].used && stack_holds(stacks[i].stack, at))
            return true;
    return coro_stacks_hold(at);
}

void sched_stacks_left(unsigned n)
{
    stacks_left = n;
}

unsigned sched_stacks_used(void)
{
    unsigned n = 0;

    for (unsigned i = 0; i < STACKS; i++)
        n += stacks[i].used;
    return n;
}

struct prt_stack *sched_stack_new_(void)
{
    unsigned i = 0;

    while (i < STACKS && stacks[i].used)
        i++;
    if (stacks_left == 0 || i == STACKS)
        return NULL;
    if (stacks_left != UINT_MAX)
        stacks_left--;
    if (!stacks[i].stack)
        stacks[i].stack = (prt_stack_new)();
    stacks[i].used = stacks[i].stack;
    return stacks[i].stack;
}

void sched_stack_free_(struct prt_stack *stack)
{
    unsigned i = 0;

    while (i < STACKS && stacks[i].stack != stack)
        i++;
    if (i == STACKS || !stacks[i].used)
        fail("frees a stack that it does not have");
    stack_return(i);
}

/* ---- signals ---------------------------------------------------------------------------------------------------- */

void prt_signals(bool on, void (*first)(int signal, void *argument), void *argument)
{
    world.on_signal = on ? first : NULL;
    world.signal_argument = argument;
}

void sched_signal(int signal)
{
    static struct sched_site site = { .file = "harness", .text = "" };

    point(&site, "signal");
    trace_note("signal %d", signal);
    if (world.on_signal)
        world.on_signal(signal, world.signal_argument);
}

int sched_raise_(int signal)
{
    world.raised = signal;
    return 0;
}

int sched_raised(void)
{
    return world.raised;
}
