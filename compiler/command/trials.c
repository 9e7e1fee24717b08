/* What tests have started in other groups comes to us when it ends, since we are their reaper then; so nothing outlives its
 * test.
 *
 * Signals are taken in ppoll() alone: so none gets lost between a look and the wait.
 */
#include "command/trials.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#define PATIENCE_NS 2000000000     /* for programs to end by SIGTERM, before SIGKILL */
#define LOOK_MS 200                /* between two looks at the time */

static volatile sig_atomic_t ending;
static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
#define NSIGNALS (sizeof signals / sizeof *signals)

static void take_signal(int signal)
{
    if (signal != SIGCHLD && !ending)
        ending = signal;
}

struct watch {
    sigset_t before;             /* what was blocked */
    struct sigaction actions[NSIGNALS], child;
};

/* From now on signals arrive in ppoll() alone. One that our caller ignores stays ignored. */
static void watch_signals(struct watch *watch)
{
    struct sigaction action = { .sa_handler = take_signal };
    sigset_t held;

    sigemptyset(&held);
    sigaddset(&held, SIGCHLD);
    for (size_t i = 0; i < NSIGNALS; i++) {
        sigaddset(&held, signals[i]);
        sigaction(signals[i], NULL, &watch->actions[i]);
        if (watch->actions[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
    sigaction(SIGCHLD, &action, &watch->child);
    sigprocmask(SIG_BLOCK, &held, &watch->before);
}

static void unwatch_signals(const void *data)
{
    const struct watch *const watch = data;

    for (size_t i = 0; i < NSIGNALS; i++)
        sigaction(signals[i], &watch->actions[i], NULL);
    sigaction(SIGCHLD, &watch->child, NULL);
    sigprocmask(SIG_SETMASK, &watch->before, NULL);
}

static size_t reap(struct trials *trials)
{
    size_t running = 0, ended = 0;

    for (size_t i = 0; i < trials->n; i++)
        running += trials->at[i].pid > 0;
    for (size_t i = 0; i < trials->n; i++)
        ended += trial_ended(&trials->at[i], running - ended == 1);
    return ended;
}

static void check_time(struct trials *trials)
{
    const uint64_t at = trial_now();

    for (size_t i = 0; i < trials->n; i++) {
        struct trial *trial = &trials->at[i];

        if (trial->pid == 0 || trial->started >= 0 || at - trial->since < trials->limit)
            continue;
        trial->limit = (double)trials->limit / 1e9;
        if (!trial->killed)
            trial_signal(trial, SIGTERM);
        else if (at - trial->since > trials->limit + PATIENCE_NS)
            trial_signal(trial, SIGKILL);
        trial->killed = true;
    }
}

/* Waits for something to happen: a child ends, a program begins, a signal comes, or some time has gone by. */
static void wait_a_while(const struct trials *trials, const sigset_t *open, struct pollfd *fds)
{
    const struct timespec while_ = { .tv_nsec = LOOK_MS * 1000000L };
    nfds_t n = 0;

    for (size_t i = 0; i < trials->n; i++)
        if (trials->at[i].pid > 0 && trials->at[i].started >= 0)
            fds[n++] = (struct pollfd){ .fd = trials->at[i].started, .events = POLLIN };
    ppoll(fds, n, &while_, open);
    for (size_t i = 0, k = 0; i < trials->n && k < n; i++) {
        if (trials->at[i].pid == 0 || trials->at[i].started < 0)
            continue;
        if (fds[k].revents)
            trial_read_started(&trials->at[i]);
        k++;
    }
}

/* Those that run get SIGTERM, and SIGKILL when they have had time for that. */
static void end_all(struct trials *trials, const sigset_t *open, struct pollfd *fds)
{
    const uint64_t at = trial_now();
    bool left = true;

    for (size_t i = 0; i < trials->n; i++)
        if (trials->at[i].pid > 0)
            trial_signal(&trials->at[i], SIGTERM);
    while (left) {
        left = false;
        reap(trials);
        for (size_t i = 0; i < trials->n; i++) {
            left |= trials->at[i].pid > 0;
            if (trials->at[i].pid > 0 && trial_now() - at > PATIENCE_NS)
                trial_signal(&trials->at[i], SIGKILL);
        }
        if (left)
            wait_a_while(trials, open, fds);
    }
}

static void tell_done(const struct trials *trials, size_t *told)
{
    for (; *told < trials->n && trials->at[*told].done; ++*told)
        trials->tell(trials->data, &trials->at[*told]);
}

int trials_run(struct trials *trials)
{
    struct pollfd *fds = calloc(trials->n + 1, sizeof *fds);
    struct watch watch;
    size_t next = 0, running = 0, told = 0;

    if (!fds)
        return SIGABRT;
    prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
    watch_signals(&watch);
    while (!ending && told < trials->n) {
        for (; running < trials->jobs && next < trials->n; next++)
            running += trial_start(&trials->at[next], unwatch_signals, &watch);
        if (running > 0)
            wait_a_while(trials, &watch.before, fds);
        running -= reap(trials);
        check_time(trials);
        tell_done(trials, &told);
    }
    if (ending)
        end_all(trials, &watch.before, fds);
    unwatch_signals(&watch);
    free(fds);
    return ending;
}
