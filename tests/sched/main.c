/* Runs harnesses under every strategy and memory, says how many schedules that were, and repeats one that failed.
 *
 *   sched --list
 *   sched [--long] NAME...                what a test run does, or thirty times as much
 *   sched --replay SCHEDULE NAME          one schedule, as a failure prints it, with its trace
 *
 * How many schedules there are depends on the harness alone, never on time: a strategy that counts gets a share of
 * operations, and exhaustive search ends by itself or at a number of operations.
 */
#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CONFINED = 40, WARM_UP_RUNS = 150, TRIES_MOST = 3000, TEXT_MOST = 400, PRINTED_MOST = 1000 };

static uint64_t share = 450000;   /* operations for each strategy; depth first in a confined harness CONFINED times */
static uint64_t seeds_most = 3000;

static struct {
    uint64_t schedules, ops;
    uint64_t choices;  /* for PCT: in how many runs */
    uint64_t runs;
} total;

static uint64_t mean_ops; /* of a run */

static const char *const memory_names[] = { "sc", "tso", "weak" };
static const char *const strategy_names[] = { [STRATEGY_FEW] = "few", [STRATEGY_PCT] = "pct",
                                              [STRATEGY_RANDOM] = "random" };

/* ---- one run ---------------------------------------------------------------------------------------------------- */

static bool crashed; /* the current run did */
static uint64_t used_length;

static void schedule_run(void)
{
    crashed = false;
    used_length = choice.length;
    world_run();
    total.ops += world.ops;
    total.choices += choice.n;
    total.runs++;
    choice.length = total.choices / total.runs + 1;
    if (choice.broken && !world.failed) {
        world.failed = true;
        snprintf(world.reason, sizeof world.reason,
                 "the same choices led elsewhere: the harness depends on something that outlives a run");
    }
}

/* A crash ends the run like a failed check. The stack it happened on is abandoned. */
static void crash(int signal)
{
    struct coro here;

    if (world.over || !world.self || crashed)
        _exit(3);
    crashed = true;
    world.over = world.failed = true;
    snprintf(world.reason, sizeof world.reason, "crash: %s", strsignal(signal));
    coro_switch(&here, &world.host);
}

static void crashes_catch(void)
{
    static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
    static unsigned char stack[64 * 1024];
    const stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
    struct sigaction action = { .sa_handler = crash, .sa_flags = SA_ONSTACK | SA_NODEFER };

    sigaltstack(&own, NULL);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
}

/* ---- failures --------------------------------------------------------------------------------------------------- */

struct schedule {
    struct departure *departures;
    uint32_t n;
};

static struct schedule schedule_taken(void)
{
    struct schedule schedule = { malloc((choice.ntaken + 1) * sizeof *schedule.departures), choice.ntaken };

    if (!schedule.departures)
        abort();
    memcpy(schedule.departures, choice.taken, choice.ntaken * sizeof *choice.taken);
    return schedule;
}

static bool fails_with(const struct departure *departures, uint32_t n)
{
    choice.strategy = STRATEGY_REPLAY;
    choice.replay = (struct departure *)(uintptr_t)departures;
    choice.nreplay = n;
    world_run();
    return world.failed;
}

/* Leaves departures out, halves first, then smaller parts, as long as what is left still fails. */
static struct schedule schedule_shorten(struct schedule schedule)
{
    struct departure *const fewer = malloc((schedule.n + 1) * sizeof *fewer);
    unsigned tries = 0;

    for (uint32_t part = schedule.n / 2; fewer && part > 0; part /= 2)
        for (uint32_t from = 0; from < schedule.n && tries < TRIES_MOST; tries++) {
            const uint32_t to = from + part < schedule.n ? from + part : schedule.n;

            memcpy(fewer, schedule.departures, from * sizeof *fewer);
            memcpy(fewer + from, schedule.departures + to, (schedule.n - to) * sizeof *fewer);
            if (fails_with(fewer, schedule.n - (to - from)) && choice.ntaken < schedule.n && !crashed) {
                memcpy(schedule.departures, choice.taken, choice.ntaken * sizeof *fewer);
                schedule.n = choice.ntaken;
            } else {
                from = to;
            }
        }
    free(fewer);
    return schedule;
}

static void schedule_print(const struct schedule *schedule, bool barrier)
{
    printf("'%s%s/", memory_names[memory], barrier ? "" : "-nobarrier");
    for (uint32_t i = 0; i < schedule->n && i < PRINTED_MOST; i++)
        printf("%s%" PRIu32 "=%" PRIu32, i ? "," : "", schedule->departures[i].at, schedule->departures[i].pick);
    printf("'");
}

static void tell_failure(const char *how)
{
    const bool barrier = prt_have_barrier_;
    struct schedule schedule = schedule_taken();

    printf("    %s, %s%s: %s\n", how, memory_names[memory], barrier ? "" : " without membarrier", world.reason);
    if (!crashed) {
        schedule = schedule_shorten(schedule);
        prt_have_barrier_ = barrier;
        fails_with(schedule.departures, schedule.n);
        printf("    shortened to %" PRIu32 " departures: %s\n", schedule.n, world.reason);
    }
    printf("    see it with: sched --replay ");
    schedule_print(&schedule, barrier);
    printf(" %s\n", harness->name);
    trace_state();
    free(schedule.departures);
}

/* ---- strategies ------------------------------------------------------------------------------------------------- */

static bool count_run(uint64_t *runs)
{
    schedule_run();
    ++*runs;
    return !world.failed;
}

/* False: a schedule failed. `*runs`: how many there were, `*complete`: these were all. */
static bool run_depth(unsigned bound, bool all_cost, uint64_t *runs, bool *complete)
{
    const uint64_t most = total.ops + (harness->confined ? CONFINED : 1) * share;

    choice.strategy = STRATEGY_DEPTH;
    choice.bound = bound;
    choice.all_cost = all_cost;
    *complete = false;
    choice_depth_begin();
    do {
        if (!count_run(runs))
            return false;
        *complete = !choice_depth_next();
    } while (!*complete && total.ops < most);
    return true;
}

static bool run_seeds(enum strategy strategy, uint64_t most, uint64_t *runs)
{
    choice.strategy = strategy;
    choice.all_cost = false;
    for (choice.seed = 1; choice.seed <= most; choice.seed++)
        if (!count_run(runs))
            return false;
    return true;
}

/* Which places are shared must be known, and be the same for every schedule, before any is counted. What fails here
 * fails again there. */
static void warm_up(void)
{
    const uint64_t before = total.ops;
    uint64_t runs = 0;

    choice.strategy = STRATEGY_WARM_UP;
    for (int m = 0; m < SCHED_MEMORIES; m++)
        for (int barrier = 1; barrier >= 0; barrier--) {
            memory = (enum sched_memory)m;
            prt_have_barrier_ = barrier;
            for (choice.seed = 1; choice.seed <= WARM_UP_RUNS && (barrier || harness->no_barrier); choice.seed++)
                count_run(&runs);
        }
    mean_ops = (total.ops - before) / runs + 1;
}

static uint64_t seeds(void)
{
    const uint64_t n = share / mean_ops;

    return n > seeds_most ? seeds_most : n < 100 ? 100 : n;
}

/* Every strategy in one memory. Adds its words to `text`. Small harnesses are searched with up to three preemptions,
 * where it does not count who goes on when a thread has to wait; in others that alone is too much, and everything that
 * departs from the plain schedule counts; where the search is confined, up to three of them. */
static bool run_memory(char *text, size_t size)
{
    const unsigned bounds = harness->small || harness->confined ? 3 : 1;
    size_t at = (size_t)snprintf(text, size, "  %s%s", memory_names[memory], prt_have_barrier_ ? "" : "-nobarrier");
    uint64_t all = 0;
    char how[80];

    for (unsigned bound = 0; bound <= bounds; bound++) {
        const char *const what = harness->small ? "preemptions" : "departures";
        uint64_t runs = 0;
        bool complete = false;

        if (!run_depth(bound, !harness->small, &runs, &complete)) {
            snprintf(how, sizeof how, "depth first with %u %s, schedule %" PRIu64, bound, what, runs);
            tell_failure(how);
            return false;
        }
        total.schedules += runs;
        if (at < size)
            at += (size_t)snprintf(text + at, size - at, ", %u %s: %s%" PRIu64, bound, what, complete ? "all " : "",
                                   runs);
    }
    for (enum strategy strategy = STRATEGY_FEW; strategy <= STRATEGY_RANDOM; strategy++) {
        if (!run_seeds(strategy, strategy == STRATEGY_RANDOM ? 2 * seeds() : seeds(), &all)) {
            snprintf(how, sizeof how, "%s:%" PRIu64 ":%" PRIu64, strategy_names[strategy], choice.seed, used_length);
            tell_failure(how);
            return false;
        }
    }
    total.schedules += all;
    if (at < size)
        snprintf(text + at, size - at, ", few, pct, random: %" PRIu64, all);
    return true;
}

/* ---- a harness -------------------------------------------------------------------------------------------------- */

static bool run_memories(void)
{
    static char text[TEXT_MOST];
    bool fine = true;

    for (int m = 0; m < SCHED_MEMORIES; m++)
        for (int barrier = 1; barrier >= 0; barrier--) {
            const bool must_fail = harness->fails & SCHED_IN(m);
            bool passed;

            /* Without membarrier stores that are not delayed show nothing new. */
            if (!barrier && (!harness->no_barrier || m == SCHED_SC))
                continue;
            memory = (enum sched_memory)m;
            prt_have_barrier_ = barrier;
            passed = run_memory(text, sizeof text);
            if (passed)
                printf("%s\n", text);
            if (must_fail)
                printf("    %s\n", passed ? "and it should have failed" : "as it should");
            if (passed == must_fail)
                fine = false;
            if (!passed && !must_fail)
                return false;
        }
    return fine;
}

static bool run_harness(void)
{
    const uint64_t before = total.schedules, ops_before = total.ops;
    bool fine;

    cpus = harness->cpus ? harness->cpus : 2;
    total.runs = total.choices = 0;
    warm_up();
    fine = run_memories();
    printf("%s %s: %" PRIu64 " schedules, %" PRIu64 " operations a run\n", fine ? "ok" : "FAIL", harness->name,
           total.schedules - before, total.runs ? (total.ops - ops_before) / total.runs : 0);
    fflush(stdout);
    return fine;
}

/* ---- replaying -------------------------------------------------------------------------------------------------- */

/* STRATEGY:SEED:LENGTH, as a failure tells it. */
static bool seed_read(const char *text)
{
    for (enum strategy strategy = STRATEGY_FEW; strategy <= STRATEGY_RANDOM; strategy++) {
        const size_t length = strlen(strategy_names[strategy]);

        choice.strategy = strategy;
        if (!strncmp(text, strategy_names[strategy], length) &&
            sscanf(text + length, ":%" SCNu64 ":%" SCNu64, &choice.seed, &choice.length) == 2)
            return true;
    }
    return false;
}

static bool departures_read(const char *text, struct schedule *schedule)
{
    choice.strategy = STRATEGY_REPLAY;
    schedule->departures = calloc(strlen(text) + 1, sizeof *schedule->departures);
    for (; schedule->departures && *text; text += *text == ',') {
        struct departure *const departure = &schedule->departures[schedule->n];
        int used = 0;

        if (sscanf(text, "%" SCNu32 "=%" SCNu32 "%n", &departure->at, &departure->pick, &used) != 2)
            return false;
        schedule->n++;
        text += used;
    }
    choice.replay = schedule->departures;
    choice.nreplay = schedule->n;
    return schedule->departures != NULL;
}

/* MEMORY[-nobarrier]/ and one of the two. False: it is none. */
static bool schedule_read(const char *text, struct schedule *schedule)
{
    const char *const slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : 0;

    prt_have_barrier_ = true;
    if (length > 10 && !strncmp(slash - 10, "-nobarrier", 10)) {
        prt_have_barrier_ = false;
        length -= 10;
    }
    for (int m = 0; m < SCHED_MEMORIES; m++)
        if (length > 0 && length == strlen(memory_names[m]) && !strncmp(text, memory_names[m], length)) {
            memory = (enum sched_memory)m;
            return seed_read(slash + 1) || departures_read(slash + 1, schedule);
        }
    return false;
}

static int replay(const char *text)
{
    struct schedule schedule = { NULL, 0 };

    warm_up();
    if (!schedule_read(text, &schedule)) {
        fprintf(stderr, "sched: '%s' is no schedule: MEMORY/CHOICE=ANSWER,... or MEMORY/STRATEGY:SEED:LENGTH, where "
                "MEMORY is sc, tso or weak\n", text);
        return 2;
    }
    tracing = true;
    world_run();
    tracing = false;
    printf("%s\n", world.failed ? world.reason : "it does not fail");
    trace_state();
    free(schedule.departures);
    return world.failed;
}

/* ---- the command line ------------------------------------------------------------------------------------------- */

static bool find_harness(const char *name)
{
    for (harness = sched_harnesses; harness->name; harness++)
        if (!strcmp(harness->name, name))
            return true;
    fprintf(stderr, "sched: no harness '%s'; --list shows all\n", name);
    return false;
}

/* What failing pipelines say a thousand times is of interest for one alone. */
static void messages_hide(void)
{
    const int null = open("/dev/null", O_WRONLY);

    if (null >= 0 && dup2(null, STDERR_FILENO) >= 0)
        close(null);
}

int main(int argc, char **argv)
{
    const char *schedule = NULL;
    bool fine = true;
    int i = 1;

    if (argc == 2 && !strcmp(argv[1], "--list")) {
        for (harness = sched_harnesses; harness->name; harness++)
            puts(harness->name);
        return 0;
    }
    for (; i < argc && argv[i][0] == '-'; i++)
        if (!strcmp(argv[i], "--long")) {
            share *= 30, seeds_most *= 30;
        } else if (!strcmp(argv[i], "--replay") && i + 1 < argc) {
            schedule = argv[++i];
        } else {
            i = argc;
            break;
        }
    if (i >= argc) {
        fprintf(stderr, "usage: sched --list | sched [--long] NAME... | sched --replay SCHEDULE NAME\n");
        return 2;
    }
    coro_stacks_make(THREADS);
    crashes_catch();
    for (; i < argc; i++) {
        if (!find_harness(argv[i]))
            return 2;
        cpus = harness->cpus ? harness->cpus : 2;
        if (schedule)
            return replay(schedule);
        messages_hide();
        fine = run_harness() && fine;
    }
    return !fine;
}
