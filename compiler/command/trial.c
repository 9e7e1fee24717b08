/* A child process compiles the test, as `pipec run` does, and becomes its program. It leads a group of its own, and bears its
 * test's mark.
 */
#include "command/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "command/orphan.h"
#include "command/scratch.h"

#define OUTPUT_MOST (64 * 1024)    /* bytes that are shown of what a test writes */
#define REPORT_FD 3

uint64_t trial_now(void)
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

_Noreturn static void be_test(const struct trial *trial, void (*unwatch)(const void *data), const void *data, int started)
{
    struct program_options options = *trial->options;
    char *path, number[16];
    int report;

    setpgid(0, 0);
    unwatch(data);
    if (!redirect(trial) || !orphan_mark(trial))
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

/* Without what it had of memory and files. */
static void close_all(struct trial *trial)
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
    scratch_remove(trial->scratch);
    trial->scratch = NULL;
}

static void try_start(struct trial *trial, void (*unwatch)(const void *data), const void *data)
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
        be_test(trial, unwatch, data, started[1]);
    close(started[1]);
    if (trial->pid < 0) {
        trial->pid = 0;
        close(started[0]);
        finish(trial, TRIAL_UNTRIED, errno);
        return;
    }
    setpgid(trial->pid, trial->pid); /* here too, so that it is done before a signal is sent there */
    trial->started = started[0];
    trial->since = trial_now();
}

bool trial_start(struct trial *trial, void (*unwatch)(const void *data), const void *data)
{
    if (!trial->done)
        try_start(trial, unwatch, data);
    if (trial->done)
        close_all(trial);
    return !trial->done;
}

/* ---- ending ------------------------------------------------------------------------------------------------------- */

void trial_signal(const struct trial *trial, int signal)
{
    kill(-trial->pid, signal);
    kill(-trial->pid, SIGCONT);
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

void trial_read_started(struct trial *trial)
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
    trial->since = trial_now();
}

bool trial_ended(struct trial *trial, bool alone)
{
    siginfo_t info = { .si_pid = 0 };
    int status = 0;

    /* Until it is waited for, the number of its group is nobody else's. */
    if (trial->pid == 0 || waitid(P_PID, (id_t)trial->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        return false;
    kill(-trial->pid, SIGKILL);
    waitpid(trial->pid, &status, 0);
    trial->pid = 0;
    trial->seconds = (double)(trial_now() - trial->since) / 1e9;
    trial_read_started(trial);
    orphans_end(trial, alone);
    close_all(trial);
    set_end(trial, status);
    if (trial->report)
        trial->report = sorted(trial->report, strlen(trial->file));
    return true;
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
