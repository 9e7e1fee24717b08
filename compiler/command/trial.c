/* A child process compiles the test, as `pipec run` does, and becomes its program. It leads a group of its own. What the program
 * has started in other groups comes to us when it ends, since we are their reaper then; so nothing outlives its test.
 *
 * Signals are taken in ppoll() alone: so none gets lost between a look and the wait.
 */
#include "command/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command/scratch.h"

#define OUTPUT_MOST (64 * 1024)    /* bytes that are shown of what a test writes */
#define PATIENCE_NS 2000000000     /* for programs to end by SIGTERM, before SIGKILL */
#define LOOK_MS 200                /* between two looks at the time */
#define REPORT_FD 3

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

static void unwatch_signals(const struct watch *watch)
{
    for (size_t i = 0; i < NSIGNALS; i++)
        sigaction(signals[i], &watch->actions[i], NULL);
    sigaction(SIGCHLD, &watch->child, NULL);
    sigprocmask(SIG_SETMASK, &watch->before, NULL);
}

static uint64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* ---- the child ---------------------------------------------------------------------------------------------------- */

/* What the child has to tell before its program begins. */
enum news { NEWS_UNBUILT = 1, NEWS_UNTRIED };

_Noreturn static void give_up(int to, enum news news)
{
    const char byte = (char)news;

    fflush(stderr);
    if (write(to, &byte, 1) < 0)
        _exit(2);
    _exit(1);
}

/* Standard input is empty: a test gets what it is fed. */
static bool redirect(const struct trial *trial)
{
    const int in = open("/dev/null", O_RDONLY);

    return in >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(fileno(trial->output_file), STDOUT_FILENO) >= 0
        && dup2(fileno(trial->output_file), STDERR_FILENO) >= 0;
}

_Noreturn static void be_test(const struct trial *trial, const struct watch *watch, int started)
{
    struct program_options options = *trial->options;
    char *path, number[16];
    int report;

    setpgid(0, 0);
    unwatch_signals(watch);
    if (!redirect(trial))
        give_up(started, NEWS_UNTRIED);
    options.test = trial->number;
    path = program_cached(&options);
    fflush(stderr);
    if (!path)
        give_up(started, NEWS_UNBUILT);
    report = fcntl(fileno(trial->report_file), F_DUPFD, REPORT_FD);
    snprintf(number, sizeof number, "%d", report);
    if (report < 0 || setenv("PIPEC_TEST_REPORT", number, 1) != 0 || chdir(trial->scratch) != 0)
        give_up(started, NEWS_UNTRIED);
    execv(path, (char *[]){ path, NULL });
    perror(path);
    give_up(started, NEWS_UNTRIED);
}

/* ---- starting ----------------------------------------------------------------------------------------------------- */

static void finish(struct trial *trial, enum trial_end end, int status)
{
    trial->end = end;
    trial->status = status;
    trial->done = true;
}

/* Of what is open here a program gets only what be_test() hands it. */
static FILE *temporary_file(void)
{
    FILE *const file = tmpfile();

    if (!file || fcntl(fileno(file), F_SETFD, FD_CLOEXEC) == 0)
        return file;
    fclose(file);
    return NULL;
}

static void trial_start(struct trial *trial, const struct watch *watch)
{
    int started[2];

    trial->started = -1;
    trial->scratch = scratch_make();
    trial->report_file = temporary_file();
    trial->output_file = temporary_file();
    if (!trial->scratch || !trial->report_file || !trial->output_file || pipe2(started, O_CLOEXEC) != 0) {
        finish(trial, TRIAL_UNTRIED, errno);
        return;
    }
    fflush(NULL);
    trial->pid = fork();
    if (trial->pid == 0)
        be_test(trial, watch, started[1]);
    close(started[1]);
    if (trial->pid < 0) {
        trial->pid = 0;
        close(started[0]);
        finish(trial, TRIAL_UNTRIED, errno);
        return;
    }
    setpgid(trial->pid, trial->pid); /* here too, so that it is done before a signal is sent there */
    trial->started = started[0];
    trial->since = now();
}

/* ---- ending ------------------------------------------------------------------------------------------------------- */

static void signal_group(const struct trial *trial, int signal)
{
    kill(-trial->pid, signal);
    kill(-trial->pid, SIGCONT);
}

static bool is_running(const struct trials *trials, pid_t pid)
{
    for (size_t i = 0; i < trials->n; i++)
        if (trials->at[i].pid == pid)
            return true;
    return false;
}

/* Ends what became our child when its parent, a test, ended; and what such a process leaves behind, until nothing is left. */
static void end_orphans(const struct trials *trials)
{
    char path[64], *line = NULL;
    size_t room = 0;
    bool again = true;

    for (int i = 0; again && i < 1000; i++) {
        FILE *children;

        again = false;
        snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
        children = fopen(path, "re");
        if (children && getline(&line, &room, children) > 0)
            for (char *save, *word = strtok_r(line, " \n", &save); word; word = strtok_r(NULL, " \n", &save)) {
                const pid_t pid = (pid_t)atoi(word);

                if (is_running(trials, pid))
                    continue;
                kill(pid, SIGKILL);
                again = waitpid(pid, NULL, 0) == pid || again;
            }
        if (children)
            fclose(children);
    }
    free(line);
}

static size_t size_of(FILE *file)
{
    struct stat status;

    return fstat(fileno(file), &status) == 0 ? (size_t)status.st_size : 0;
}

/* The text of a file from its start; where there is more than `most`, the rest is left out. */
static char *read_file(FILE *file, size_t most)
{
    char *text = malloc(most + 64);
    size_t len;

    if (!text)
        return NULL;
    rewind(file);
    len = fread(text, 1, most, file);
    text[len] = '\0';
    if (len == most && fgetc(file) != EOF)
        memcpy(text + len, "\n(and more)\n", sizeof "\n(and more)\n");
    return text;
}

struct report_line { const char *text; size_t len; unsigned long number; };

static int by_number(const void *a, const void *b)
{
    const struct report_line *x = a, *y = b;

    return x->number != y->number ? (x->number < y->number ? -1 : 1) : x->text < y->text ? -1 : 1;
}

/* Lines came as threads wrote them; from now on they stand in the order of the file: FILE:LINE: … */
static char *sorted(char *report, size_t file_len)
{
    const size_t len = strlen(report);
    char *text = malloc(len + 1), *to = text;
    struct report_line *lines = NULL;
    size_t n = 0;

    for (const char *at = report; *at; at++)
        n += *at == '\n';
    lines = calloc(n + 1, sizeof *lines);
    n = 0;
    for (const char *at = report; text && lines && *at; at += lines[n++].len) {
        lines[n].text = at;
        lines[n].len = strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n');
        lines[n].number = lines[n].len > file_len ? strtoul(at + file_len + 1, NULL, 10) : 0;
    }
    if (!text || !lines) {
        free(text);
        free(lines);
        return report;
    }
    qsort(lines, n, sizeof *lines, by_number);
    for (size_t i = 0; i < n; to += lines[i++].len)
        memcpy(to, lines[i].text, lines[i].len);
    *to = '\0';
    free(lines);
    free(report);
    return text;
}

/* Cuts off the line that says that all has been looked at; false where it is not there. */
static bool take_end(char *report)
{
    static const char end[] = "end\n";
    const size_t len = report ? strlen(report) : 0, cut = sizeof end - 1;

    if (len < cut || strcmp(report + len - cut, end) != 0 || (len > cut && report[len - cut - 1] != '\n'))
        return false;
    report[len - cut] = '\0';
    return true;
}

static void set_end(struct trial *trial, int status)
{
    if (trial->killed)
        finish(trial, TRIAL_LATE, 0);
    else if (trial->end == TRIAL_UNBUILT)
        finish(trial, TRIAL_UNBUILT, 0);
    else if (trial->end == TRIAL_UNTRIED)
        finish(trial, TRIAL_UNTRIED, 0);
    else if (WIFSIGNALED(status))
        finish(trial, trial->built ? TRIAL_CRASHED : TRIAL_UNBUILT, WTERMSIG(status));
    else if (!take_end(trial->report))
        finish(trial, TRIAL_ENDED, WEXITSTATUS(status));
    else
        finish(trial, *trial->report ? TRIAL_FAILED : TRIAL_PASSED, 0);
}

/* Reads what the child had to tell; true where its program has begun, or it has ended. */
static void read_started(struct trial *trial)
{
    char byte = 0;
    const ssize_t n = trial->started >= 0 ? read(trial->started, &byte, 1) : -1;

    if (n > 0)
        trial->end = byte == NEWS_UNBUILT ? TRIAL_UNBUILT : TRIAL_UNTRIED;
    trial->built |= n == 0;
    if (trial->started < 0)
        return;
    close(trial->started);
    trial->started = -1;
    trial->since = now();
}

static void close_files(struct trial *trial)
{
    if (trial->report_file)
        trial->report = read_file(trial->report_file, size_of(trial->report_file));
    if (trial->output_file)
        trial->output = read_file(trial->output_file, OUTPUT_MOST);
    if (trial->report_file)
        fclose(trial->report_file);
    if (trial->output_file)
        fclose(trial->output_file);
    trial->report_file = trial->output_file = NULL;
}

/* Until it is waited for, the number of its group is nobody else's. */
static void trial_ended(struct trials *trials, struct trial *trial)
{
    int status = 0;

    kill(-trial->pid, SIGKILL);
    waitpid(trial->pid, &status, 0);
    trial->pid = 0;
    trial->seconds = (double)(now() - trial->since) / 1e9;
    read_started(trial);
    end_orphans(trials);
    close_files(trial);
    scratch_remove(trial->scratch);
    trial->scratch = NULL;
    set_end(trial, status);
    if (trial->report)
        trial->report = sorted(trial->report, strlen(trial->file));
}

/* ---- all of them -------------------------------------------------------------------------------------------------- */

static size_t reap(struct trials *trials)
{
    size_t ended = 0;

    for (size_t i = 0; i < trials->n; i++) {
        struct trial *trial = &trials->at[i];
        siginfo_t info = { .si_pid = 0 };

        if (trial->pid == 0 || waitid(P_PID, (id_t)trial->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
            continue;
        trial_ended(trials, trial);
        ended++;
    }
    return ended;
}

static void check_time(struct trials *trials)
{
    const uint64_t at = now();

    for (size_t i = 0; i < trials->n; i++) {
        struct trial *trial = &trials->at[i];

        if (trial->pid == 0 || trial->started >= 0 || at - trial->since < trials->limit)
            continue;
        trial->limit = (double)trials->limit / 1e9;
        if (!trial->killed)
            signal_group(trial, SIGTERM);
        else if (at - trial->since > trials->limit + PATIENCE_NS)
            signal_group(trial, SIGKILL);
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
            read_started(&trials->at[i]);
        k++;
    }
}

/* Those that run get SIGTERM, and SIGKILL when they have had time for that. */
static void end_all(struct trials *trials, const sigset_t *open, struct pollfd *fds)
{
    const uint64_t at = now();
    bool left = true;

    for (size_t i = 0; i < trials->n; i++)
        if (trials->at[i].pid > 0)
            signal_group(&trials->at[i], SIGTERM);
    while (left) {
        left = false;
        reap(trials);
        for (size_t i = 0; i < trials->n; i++) {
            left |= trials->at[i].pid > 0;
            if (trials->at[i].pid > 0 && now() - at > PATIENCE_NS)
                signal_group(&trials->at[i], SIGKILL);
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

/* Whether it runs then: it may be done before, or because it cannot be started. */
static bool start_next(struct trial *trial, const struct watch *watch)
{
    if (trial->done)
        return false;
    trial_start(trial, watch);
    if (!trial->done)
        return true;
    close_files(trial);
    scratch_remove(trial->scratch);
    trial->scratch = NULL;
    return false;
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
            running += start_next(&trials->at[next], &watch);
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

char *trial_why(const struct trial *trial)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    if (!to)
        return NULL;
    fputs(trial->report ? trial->report : "", to);
    if (trial->end != TRIAL_PASSED && trial->end != TRIAL_FAILED)
        fprintf(to, trial->line > 0 ? "%s:%u: " : "%s: ", trial->file, trial->line);
    switch (trial->end) {
    case TRIAL_PASSED:
    case TRIAL_FAILED: break;
    case TRIAL_UNBUILT: fputs("could not be built\n", to); break;
    case TRIAL_ENDED: fprintf(to, "ended with status %d before all had been looked at\n", trial->status); break;
    case TRIAL_CRASHED: fprintf(to, "ended by signal %d (%s)\n", trial->status, strsignal(trial->status)); break;
    case TRIAL_LATE: fprintf(to, "did not end within %g s\n", trial->limit); break;
    case TRIAL_UNTRIED: fprintf(to, "could not be started%s%s\n", trial->status ? ": " : "", trial->status ? strerror(trial->status) : "");
    }
    fclose(to);
    return text;
}

void trial_free(struct trial *trial)
{
    free(trial->title);
    free(trial->report);
    free(trial->output);
}
