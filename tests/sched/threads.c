/* Threads that take turns: who can run, waiting, the clock, and what it means that nobody can.
 *
 * A thread runs until its next point. There the strategy says who goes on; everything between two points is a step.
 * A thread that waits in a loop says so with prt_pause(): as a rule it is not chosen again before somebody has changed
 * something, unless nobody else can run. And no thread runs for ever: after a long stretch it is another's turn, so
 * that what never ends is a livelock under a fair scheduler. Time moves a little with each step, and jumps to the next
 * deadline when nobody can run, or when the strategy says that the machine was busy elsewhere.
 */
#include "engine.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct world world;
enum sched_memory memory;
const struct sched_harness *harness;
uint32_t cpus = 2;

#define STEP_NS 4
#define FIRST_NOW 1000000000

/* ---- failing ---------------------------------------------------------------------------------------------------- */

static void leave(void)
{
    world.over = true;
    coro_switch(&world.self->coro, &world.host);
    abort();
}

void fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(world.reason, sizeof world.reason, format, args);
    va_end(args);
    world.failed = true;
    leave();
    abort();
}

void sched_fail(const char *file, int line, const char *format, ...)
{
    char reason[900];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    fail("%s:%d: %s", file, line, reason);
}

/* ---- who can run ------------------------------------------------------------------------------------------------ */

void changed(void)
{
    world.changes++;
    world.idles = 0;
    world.quiets = 0;
}

static bool eligible(const struct thread *thread)
{
    return thread->state == READY && !(thread->yielded && thread->yielded_at == world.changes);
}

/* Kept in world.earliest, which is looked at with each step. */
static void earliest_update(void)
{
    world.earliest = PRT_NEVER;
    for (unsigned i = 0; i < world.nthreads; i++)
        if (world.threads[i].state == BLOCKED && world.threads[i].deadline < world.earliest)
            world.earliest = world.threads[i].deadline;
}

void make_ready(struct thread *thread)
{
    thread->state = READY;
    thread->wait = WAIT_NOTHING;
    thread->yielded = false;
    if (thread->deadline == world.earliest)
        earliest_update();
    trace_note("T%u wakes", thread->id);
}

static void deadlines_pass(void)
{
    for (unsigned i = 0; world.earliest <= world.now && i < world.nthreads; i++)
        if (world.threads[i].state == BLOCKED && world.threads[i].deadline <= world.now)
            make_ready(&world.threads[i]);
}

static void clock_jump(void)
{
    if (world.earliest > world.now)
        world.now = world.earliest;
    trace_note("the clock moves to %llu ns", (unsigned long long)(world.now - FIRST_NOW));
    deadlines_pass();
}

static void flush_all(void)
{
    for (unsigned i = 0; i < world.nthreads; i++)
        memory_drain(&world.threads[i]);
}

/* Everybody who could run waits for a change, so nothing but time can bring it. */
static void quiet(void)
{
    if (++world.quiets > IDLE_MOST)
        fail("livelock: threads look again and again, and nobody changes anything");
    flush_all();
    world.now += (uint64_t)1000 << (world.quiets < 10 ? world.quiets : 10);
    deadlines_pass();
    for (unsigned i = 0; i < world.nthreads; i++)
        world.threads[i].yielded = false;
}

static struct thread *idler(void)
{
    for (unsigned i = 0; i < world.nthreads; i++)
        if (world.threads[i].state == BLOCKED && world.threads[i].wait == WAIT_IDLE)
            return &world.threads[i];
    return NULL;
}

static void nobody_runs(void)
{
    const bool time = world.earliest != PRT_NEVER;
    struct thread *const outside = idler();
    struct option options[2];
    unsigned n = 0;

    if (time && (!outside || world.idles < 4))
        options[n++] = (struct option){ OPTION_CLOCK, NULL, false };
    if (outside)
        options[n++] = (struct option){ OPTION_IDLE, outside, true };
    if (n == 0)
        fail("deadlock: nobody can run");
    flush_all();
    if (choose_option(options, n)->kind == OPTION_IDLE) {
        world.idles = 0;
        make_ready(outside);
        return;
    }
    if (++world.idles > IDLE_MOST)
        fail("livelock: time passes, and nothing else happens");
    clock_jump();
}

static bool may_go_on(const struct thread *self)
{
    return eligible(self) && world.stretch < STRETCH_MOST;
}

static unsigned options_list(struct option *options, bool may_stay)
{
    struct thread *const self = world.self;
    const bool stays = may_stay && may_go_on(self);
    unsigned n = 0;

    if (stays)
        options[n++] = (struct option){ OPTION_THREAD, self, false };
    for (unsigned i = self->id + 1; i < world.nthreads; i++)
        if (eligible(&world.threads[i]))
            options[n++] = (struct option){ OPTION_THREAD, &world.threads[i], stays };
    for (unsigned i = 0; i < self->id; i++)
        if (eligible(&world.threads[i]))
            options[n++] = (struct option){ OPTION_THREAD, &world.threads[i], stays };
    if (n == 0)
        return 0;
    for (unsigned i = 0; i < world.nthreads; i++) /* who looks again for nothing may give up looking */
        if (world.threads[i].state == READY && !eligible(&world.threads[i]))
            options[n++] = (struct option){ OPTION_THREAD, &world.threads[i], true };
    if (world.earliest != PRT_NEVER)
        options[n++] = (struct option){ OPTION_CLOCK, NULL, true };
    for (unsigned i = 0; memory == SCHED_TSO && i < world.nthreads; i++)
        if (world.threads[i].nbuffer > 0)
            options[n++] = (struct option){ OPTION_FLUSH, &world.threads[i], true };
    return n;
}

static bool some_ready(void)
{
    for (unsigned i = 0; i < world.nthreads; i++)
        if (world.threads[i].state == READY)
            return true;
    return false;
}

/* Who goes on. */
static struct thread *pick(bool may_stay)
{
    struct option options[OPTIONS];

    if (may_stay && may_go_on(world.self) && choice_plain())
        return world.self;
    for (;;) {
        const unsigned n = options_list(options, may_stay);
        const struct option *option;

        if (n == 0) {
            world.stretch = 0;
            if (some_ready())
                quiet();
            else
                nobody_runs();
            may_stay = true;
            continue;
        }
        option = choose_option(options, n);
        switch (option->kind) {
        case OPTION_CLOCK:
            clock_jump();
            break;
        case OPTION_FLUSH:
            memory_flush_one(option->thread);
            break;
        default:
            return option->thread;
        }
    }
}

static void go_on(bool may_stay)
{
    struct thread *const self = world.self;
    struct thread *next;

    if (++world.stretch == STRETCH_MOST)
        choice_yielded(self);
    next = pick(may_stay);
    if (next == self)
        return;
    world.stretch = 0;
    self->saved_errno = errno;
    world.self = next;
    coro_switch(&self->coro, &next->coro);
    errno = self->saved_errno;
}

void counted(void)
{
    if (++world.ops > OPS_MOST)
        fail("livelock: no end after %d operations", OPS_MOST);
}

void point(struct sched_site *site, const char *doing)
{
    counted();
    world.self->site = site;
    world.self->doing = doing;
    world.now += STEP_NS;
    if (memory_private(site))
        return;
    world.points++;
    deadlines_pass();
    go_on(true);
}

/* ---- waiting ---------------------------------------------------------------------------------------------------- */

void block(enum wait wait, const void *on, uint64_t deadline, struct sched_site *site, const char *doing)
{
    struct thread *const self = world.self;

    counted();
    memory_drain(self);
    self->state = BLOCKED;
    self->wait = wait;
    self->on = on;
    self->deadline = deadline;
    if (deadline < world.earliest)
        world.earliest = deadline;
    self->interrupted = false;
    self->site = site;
    self->doing = doing;
    self->polled = NULL;
    go_on(true);
}

static struct thread *waiter_of(enum wait wait, const void *on)
{
    for (unsigned i = 0; i < world.nthreads; i++) {
        struct thread *const thread = &world.threads[i];

        if (thread->state == BLOCKED && thread->wait == wait && thread->on == on)
            return thread;
    }
    return NULL;
}

bool unblock_one(enum wait wait, const void *on)
{
    struct thread *const thread = waiter_of(wait, on);

    if (thread)
        make_ready(thread);
    return thread != NULL;
}

void unblock_all(enum wait wait, const void *on)
{
    while (unblock_one(wait, on))
        ;
}

/* Of several pauses in a row the first counts. */
void yield(struct sched_site *site)
{
    struct thread *const self = world.self;

    counted();
    world.now += STEP_NS;
    if (self->doing && self->yielded_at == world.changes && self->site == site)
        return;
    self->site = site;
    self->doing = "pause";
    self->yielded = true;
    self->yielded_at = world.changes;
    choice_yielded(self);
    deadlines_pass();
    go_on(true);
    self->yielded = false;
    self->yielded_at = world.changes;
}

/* ---- threads ---------------------------------------------------------------------------------------------------- */

static void thread_main(void *opaque)
{
    static struct sched_site site = { .file = "harness", .text = "", .shared = true };
    struct thread *const self = opaque;

    self->function(self->argument);
    point(&site, "end"); /* its stores may still be delayed */
    memory_drain(self);
    self->state = DONE;
    memory_release_to(self);
    changed();
    trace_note("T%u ends", self->id);
    unblock_all(WAIT_JOIN, self);
    if (self->id == 0) {
        for (unsigned i = 1; i < world.nthreads; i++)
            if (world.threads[i].state != DONE)
                fail("the harness is done, but thread T%u %s is not", i, world.threads[i].name);
        leave();
    }
    go_on(false);
    abort();
}

struct thread *thread_new(const char *name, void (*function)(void *), void *argument)
{
    struct thread *thread;

    if (world.nthreads == THREADS)
        fail("more than %d threads: THREADS in engine.h", THREADS);
    thread = &world.threads[world.nthreads];
    memset(thread, 0, sizeof *thread);
    thread->id = world.nthreads++;
    snprintf(thread->name, sizeof thread->name, "%s", strchr(name, '?') ? "thread" : name);
    thread->state = READY;
    thread->deadline = PRT_NEVER;
    thread->function = function;
    thread->argument = argument;
    if (world.self)
        thread->clock = world.self->clock;
    if (world.self)
        world.self->clock.of[world.self->id]++;
    thread->clock.of[thread->id] = 1;
    choice_thread_made(thread);
    coro_make(&thread->coro, thread->id, thread_main, thread);
    return thread;
}

static void harness_main(void *unused)
{
    (void)unused;
    harness->run();
}

void world_run(void)
{
    struct thread *first;

    world.self = NULL;
    world.nthreads = 0;
    world.now = FIRST_NOW;
    world.ops = world.points = world.changes = 0;
    world.idles = world.quiets = world.stretch = 0;
    world.threads_left = UINT32_MAX;
    world.earliest = PRT_NEVER;
    world.failed = world.over = false;
    world.reason[0] = '\0';
    world.on_signal = NULL;
    world.raised = 0;
    trace_names_forget();
    stacks_begin();
    memory_begin();
    choice_begin();
    first = thread_new("harness", harness_main, NULL);
    world.self = first;
    coro_switch(&world.host, &first->coro);
}
