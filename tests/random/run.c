/* Random pipelines: draws them, runs them, and judges each run by a sequential one.
 *
 *   pipes write SEED           the .pipe file of a seed
 *   pipes test SEED            the same with tests of it; status 1: none can be drawn
 *   pipes run SEED PROGRAM     runs what was built of it: as it is, with other numbers of workers, on one processor, stopped
 *                              by an item, by a signal at a random moment, with a limit to the drain, and with an item
 *                              that fails
 *
 * A run in which nothing moves for a while has hung; it shows where its threads stand, if gdb is there. RANDOM_TIMES=1
 * prints how long each run took, and how long its drain.
 */
#include "graph.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kit.h"

enum { HANG_SECONDS = 20 };

enum ending { END_FULL, END_STOP, END_SIGNAL, END_DRAIN_LIMIT, END_FAIL, ENDINGS };

static const char *const ending_names[] = { "full", "stop", "signal", "drain-limit", "fail" };

struct run {
    const struct graph *graph;
    const char *program;
    char *dir, *shared_path, *out_path, *err_path;
    struct kit_shared *shared;
    enum ending ending;
    bool one_processor;
    int workers[MAX_STAGES]; /* 0: as written */
    uint64_t target;         /* the item that stops or fails */
    int signal_ms;
    int status;
    bool hung, signalled;
    double seconds, drain_seconds;
    int failures;
    struct expected expected;
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

__attribute__((format(printf, 2, 3))) static void complain(struct run *run, const char *format, ...)
{
    __builtin_va_list args;

    if (run->failures++ >= 10)
        return;
    printf("seed %" PRIu64 " %s%s: ", run->graph->seed, ending_names[run->ending], run->one_processor ? " on one processor" : "");
    __builtin_va_start(args, format);
    vprintf(format, args);
    __builtin_va_end(args);
    putchar('\n');
}

/* ---- running -------------------------------------------------------------------------------------------------------- */

static void set_up(struct run *run)
{
    const char *tmp = getenv("TMPDIR");
    int fd;

    if (asprintf(&run->dir, "%s/random.XXXXXX", tmp && tmp[0] ? tmp : "/tmp") < 0 || !mkdtemp(run->dir) ||
        asprintf(&run->shared_path, "%s/shared", run->dir) < 0 || asprintf(&run->out_path, "%s/out", run->dir) < 0 ||
        asprintf(&run->err_path, "%s/err", run->dir) < 0) {
        perror("pipes: a directory for a run");
        exit(1);
    }
    fd = open(run->shared_path, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *run->shared)) {
        perror("pipes: memory shared with a run");
        exit(1);
    }
    run->shared = mmap(NULL, sizeof *run->shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (run->shared == MAP_FAILED) {
        perror("pipes: memory shared with a run");
        exit(1);
    }
}

static void clear_up(struct run *run)
{
    munmap(run->shared, sizeof *run->shared);
    unlink(run->shared_path);
    unlink(run->out_path);
    unlink(run->err_path);
    rmdir(run->dir);
    free(run->dir);
    free(run->shared_path);
    free(run->out_path);
    free(run->err_path);
    oracle_free(&run->expected);
}

static void child(const struct run *run)
{
    char words[MAX_STAGES + 4][48];
    char *argv[MAX_STAGES + 6] = { (char *)run->program, (char *)"--stats=json" };
    int argc = 2;

    if (run->ending == END_STOP || run->ending == END_FAIL) {
        snprintf(words[argc], sizeof words[argc], "--%s=%" PRId64, run->ending == END_STOP ? "stop_at" : "fail_at",
                 (int64_t)run->target);
        argv[argc] = words[argc];
        argc++;
    }
    if (run->ending == END_DRAIN_LIMIT)
        argv[argc++] = (char *)"--drain=5ms";
    for (int s = 0; s < run->graph->nstages; s++) {
        if (run->workers[s] == run->graph->stages[s].workers)
            continue;
        snprintf(words[argc], sizeof words[argc], "--workers=s%d=%d", s, run->workers[s]);
        argv[argc] = words[argc];
        argc++;
    }
    if (run->one_processor) {
        cpu_set_t all, one;
        int cpu = 0;

        sched_getaffinity(0, sizeof all, &all);
        while (!CPU_ISSET(cpu, &all))
            cpu++;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
    }
    setenv("RANDOM_SHARED", run->shared_path, 1);
    signal(SIGINT, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that is ended leaves nothing that runs */
    if (!freopen("/dev/null", "r", stdin) || !freopen(run->out_path, "w", stdout) || !freopen(run->err_path, "w", stderr))
        _exit(125);
    execv(run->program, argv);
    _exit(126);
}

/* How much has happened: items that sources have sent and stages have got. */
static uint64_t progress(const struct kit_shared *shared)
{
    uint64_t sum = 0;

    for (int s = 0; s < KIT_STAGES; s++)
        sum += *(const volatile uint64_t *)&shared->sent[s];
    for (size_t r = 0; r < KIT_RECORDS && r < shared->next; r++)
        sum += *(const volatile uint16_t *)&shared->records[r].stage != 0;
    return sum;
}

static void show_threads(pid_t pid)
{
    char command[200];

    snprintf(command, sizeof command,
             "gdb -p %d -batch -ex 'thread apply all backtrace 12' 2>/dev/null | grep -E '^(Thread|#)'", (int)pid);
    fflush(stdout);
    if (system(command) != 0)
        puts("(no gdb to show where its threads stand)");
}

static void wait_for_end(struct run *run, pid_t pid)
{
    const double begun = now();
    double signal_time = 0, moved = begun, looked = begun;
    uint64_t seen = 0;

    while (waitpid(pid, &run->status, WNOHANG) == 0) {
        nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL);
        if ((run->ending == END_SIGNAL || run->ending == END_DRAIN_LIMIT) && !run->signalled &&
            now() - begun >= run->signal_ms / 1000.0) {
            run->signalled = true;
            signal_time = now();
            kill(pid, SIGINT);
        }
        if (now() - looked < 0.5)
            continue;
        looked = now();
        if (progress(run->shared) != seen) {
            seen = progress(run->shared);
            moved = looked;
        } else if (looked - moved > HANG_SECONDS) {
            run->hung = true;
            show_threads(pid);
            kill(pid, SIGKILL);
            waitpid(pid, &run->status, 0);
            break;
        }
    }
    run->seconds = now() - begun;
    run->drain_seconds = run->signalled ? now() - signal_time : 0;
}

/* ---- judging -------------------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static int by_order(const void *a, const void *b)
{
    const struct kit_record *x = a, *y = b;

    return x->order < y->order ? -1 : x->order > y->order;
}

/* The keys that a stage and its twins got; in the order of its worker where it has one. */
static struct keys recorded(const struct run *run, int s)
{
    struct keys keys = { .n = 0 };
    struct kit_record *records = malloc(sizeof run->shared->records);
    size_t n = 0;

    keys.key = malloc(KIT_RECORDS * sizeof *keys.key);
    if (!records || !keys.key)
        abort();
    for (size_t r = 0; r < KIT_RECORDS; r++) {
        const struct kit_record *record = &run->shared->records[r];

        if (record->stage > 0 && run->graph->stages[record->stage - 1].twin_of == s)
            records[n++] = *record;
    }
    qsort(records, n, sizeof *records, by_order);
    for (size_t i = 0; i < n; i++)
        keys.key[keys.n++] = records[i].key;
    free(records);
    return keys;
}

static size_t least_of(const struct stage *stage, size_t sent)
{
    return (size_t)stage->limit < sent ? (size_t)stage->limit : sent * (stage->limit > 0);
}

/* `got` is sorted. */
static void judge_all_of(struct run *run, int s, const struct keys *got)
{
    const int source = run->graph->stages[s].all_of;

    for (int n = 0; n < run->graph->stages[source].items; n++) {
        const uint64_t key = kit_key((uint64_t)n, (unsigned)source, 0, 0);

        if (got->n == 0 || !bsearch(&key, got->key, got->n, sizeof key, by_value)) {
            complain(run, "stage s%d: item %d of s%d has not come", s, n, source);
            break;
        }
    }
}

/* For each key by itself. */
static void judge_order(struct run *run, int s, const struct keys *got, const struct keys *wanted)
{
    for (unsigned key = 0; key < wanted->alike; key++) {
        size_t at = 0;

        for (size_t i = 0; i < got->n; i++) {
            if (got->key[i] % wanted->alike != key)
                continue;
            while (at < wanted->n && wanted->key[at] % wanted->alike != key)
                at++;
            if (at < wanted->n && got->key[i] != wanted->key[at++]) {
                complain(run, "stage s%d: item %zu is not the one whose turn it is", s, i);
                return;
            }
        }
    }
}

static void judge_received(struct run *run, int s, bool exact)
{
    struct keys *wanted = &run->expected.received[s];
    struct keys got = recorded(run, s);
    size_t at = 0, skips = 0;

    /* Skipped items were received and not recorded. */
    if (run->graph->stages[s].skips) {
        for (size_t i = 0; i < wanted->n; i++) {
            if (kit_skips(wanted->key[i], (unsigned)s))
                skips++;
            else
                wanted->key[i - skips] = wanted->key[i];
        }
        wanted->n -= skips;
    }
    if (exact)
        judge_order(run, s, &got, wanted);
    if (wanted->n > 0)
        qsort(wanted->key, wanted->n, sizeof *wanted->key, by_value);
    if (got.n > 0)
        qsort(got.key, got.n, sizeof *got.key, by_value);
    for (size_t i = 0; i < got.n; i++) {
        while (at < wanted->n && wanted->key[at] < got.key[i])
            at++;
        if (at == wanted->n || wanted->key[at] != got.key[i]) {
            complain(run, "stage s%d: item %016" PRIx64 " came %s", s, got.key[i],
                     i > 0 && got.key[i - 1] == got.key[i] ? "twice" : "from nowhere");
            break;
        }
        at++;
    }
    /* Either a worker has got as many as end the stage, or all have come. */
    if (run->ending == END_FULL && !run->hung && !run->graph->drops &&
        got.n < least_of(&run->graph->stages[s], wanted->n))
        complain(run, "stage s%d: %zu items before it has finished", s, got.n);
    if (run->ending == END_FULL && !run->hung && !run->graph->drops && run->graph->stages[s].all_of > 0)
        judge_all_of(run, s, &got);
    if (exact && got.n != wanted->n)
        complain(run, "stage s%d: %zu items, not %zu", s, got.n, wanted->n);
    free(got.key);
}

/* The number behind "NAME": after the object that begins with "name":"OBJECT". */
static bool stat_of(const char *json, const char *object, const char *name, uint64_t *value)
{
    char head[40];
    const char *at, *end;

    snprintf(head, sizeof head, "{\"name\":\"%s\"", object);
    at = strstr(json, head);
    end = at ? strchr(at, '}') : NULL;
    snprintf(head, sizeof head, "\"%s\":", name);
    at = at ? strstr(at, head) : NULL;
    if (!at || at > end)
        return false;
    *value = strtoull(at + strlen(head), NULL, 10);
    return true;
}

static uint64_t stat_named(struct run *run, const char *json, const char *object, const char *name)
{
    uint64_t value = 0;

    if (!stat_of(json, object, name, &value))
        complain(run, "--stats say nothing of '%s' of %s", name, object);
    return value;
}

static uint64_t stat_must(struct run *run, const char *json, char kind, int n, const char *name)
{
    char object[16];

    snprintf(object, sizeof object, "%c%d", kind, n);
    return stat_named(run, json, object, name);
}

/* A row of channel `c` to stage `s`; of a broadcast there is one for each stage that receives. What is left of one side of
 * a zip is not received. */
static void judge_row(struct run *run, const char *json, const char *row, int c, int s, bool exact)
{
    const uint64_t wanted = run->graph->stages[s].is_zip ? run->expected.count[s] : run->expected.sent[c];
    const uint64_t sent = stat_named(run, json, row, "sent"), received = stat_named(run, json, row, "received");
    const uint64_t discarded = stat_named(run, json, row, "discarded"), left = stat_named(run, json, row, "left");

    if (sent != received + discarded + left)
        complain(run, "c%d: %" PRIu64 " sent are not %" PRIu64 " received, %" PRIu64 " discarded, %" PRIu64 " left", c, sent,
                 received, discarded, left);
    exact = exact && !run->graph->stages[s].may_leave;
    if (exact && (received != wanted || left != 0))
        complain(run, "c%d: %" PRIu64 " received and %" PRIu64 " left, not %" PRIu64, c, received, left, wanted);
    if (!exact && received > wanted)
        complain(run, "c%d: %" PRIu64 " received of at most %" PRIu64, c, received, wanted);
}

static void judge_channel(struct run *run, const char *json, int c, bool exact)
{
    const bool casts = run->graph->channels[c].tap > 0;
    char row[32];

    for (int s = 0; s < run->graph->nstages; s++)
        for (int i = 0; i < run->graph->stages[s].nin; i++)
            if (run->graph->stages[s].in[i] == c && (casts || run->graph->stages[s].twin_of == s)) {
                snprintf(row, sizeof row, casts ? "c%d>s%d" : "c%d", c, s);
                judge_row(run, json, row, c, s, exact);
            }
}

static bool has_own_row(const struct graph *graph, int c)
{
    for (int s = 0; s < graph->nstages; s++)
        if (graph->stages[s].is_inline && graph->stages[s].in[0] == c)
            return false;
    return true;
}

static void judge_stage(struct run *run, const char *json, int s, bool exact)
{
    static const char *const ways[] = { "done", "failed", "skipped", "dead", "cut" };
    uint64_t received = 0, ended = 0, skipped = 0, dead = 0;

    for (int t = s; t < run->graph->nstages; t++) {
        if (run->graph->stages[t].twin_of != s)
            continue;
        received += stat_must(run, json, 's', t, "received");
        skipped += stat_must(run, json, 's', t, "skipped");
        dead += stat_must(run, json, 's', t, "dead");
        for (int way = 0; way < 5; way++)
            ended += stat_must(run, json, 's', t, ways[way]);
    }
    if (received != ended)
        complain(run, "s%d: %" PRIu64 " items received, %" PRIu64 " ended", s, received, ended);
    if (exact && received != run->expected.count[s])
        complain(run, "s%d: %" PRIu64 " items received, not %" PRIu64, s, received, run->expected.count[s]);
    if (exact && skipped != run->expected.skipped[s])
        complain(run, "s%d: %" PRIu64 " items skipped, not %" PRIu64, s, skipped, run->expected.skipped[s]);
    if (exact && dead != run->expected.dead[s])
        complain(run, "s%d: %" PRIu64 " letters, not %" PRIu64, s, dead, run->expected.dead[s]);
}

static bool skips_any(const struct run *run)
{
    for (int s = 0; s < run->graph->nstages; s++)
        if (run->expected.skipped[s] > 0)
            return true;
    return false;
}

static void judge_status(struct run *run, bool exact)
{
    const int skipped = skips_any(run);

    if (WIFSIGNALED(run->status)) {
        if (WTERMSIG(run->status) != SIGINT || !run->signalled)
            complain(run, "ended by signal %d", WTERMSIG(run->status));
    } else if (WEXITSTATUS(run->status) > 1) {
        complain(run, "exit status %d", WEXITSTATUS(run->status));
    } else if (run->ending == END_FAIL && WEXITSTATUS(run->status) != 1 && !run->graph->drops) { /* it may be dropped */
        complain(run, "exit status 0 although an item failed");
    } else if (exact && run->ending != END_FAIL && WEXITSTATUS(run->status) != skipped) {
        complain(run, "exit status %d", WEXITSTATUS(run->status));
    } else if (run->graph->drops && run->ending == END_FULL && WEXITSTATUS(run->status) > skipped) {
        complain(run, "exit status %d although channels drop what they may", WEXITSTATUS(run->status));
    }
}

/* Nothing where a signal came before the program had even made the file. */
static char *file_text(const char *path)
{
    enum { MOST = 1 << 20 };
    FILE *file = fopen(path, "r");
    char *text = calloc(1, MOST + 1);

    if (!text)
        abort();
    if (!file || fread(text, 1, MOST, file) == 0)
        text[0] = '\0';
    if (file)
        fclose(file);
    return text;
}

static void judge(struct run *run)
{
    const bool torn = run->ending == END_FAIL || run->ending == END_DRAIN_LIMIT;
    const bool cut = run->ending != END_FULL;
    const bool exact = !torn && !(cut && run->graph->has_cycle) && !run->graph->drops;
    uint64_t sent[MAX_STAGES];
    char *err = file_text(run->err_path);
    const char *json = strstr(err, "{\"pipeline\"");

    if (run->hung)
        complain(run, "nothing moves for %d s", HANG_SECONDS);
    for (int s = 0; s < MAX_STAGES; s++)
        sent[s] = exact && cut ? run->shared->sent[s] : UINT64_MAX;
    oracle_run(run->graph, sent, run->workers, UINT64_MAX, &run->expected);
    if (!run->hung && run->signalled && !json && WIFSIGNALED(run->status) && run->shared->next == 0) {
        free(err); /* the signal came before the program was ready for it */
        return;
    }
    if (run->shared->errors > 0)
        complain(run, "%s", run->shared->error);
    judge_status(run, exact);
    for (int s = 0; s < run->graph->nstages; s++)
        if (run->graph->stages[s].nin > 0 && run->graph->stages[s].twin_of == s)
            judge_received(run, s, exact && !run->hung && !run->graph->stages[s].may_leave);
    if (!run->hung && run->shared->boxes != 0)
        complain(run, "%" PRId64 " items that own memory were not dropped", (int64_t)run->shared->boxes);
    if (!json && !run->hung)
        complain(run, "no --stats; it says: %.300s", err);
    for (int s = 0; json && s < run->graph->nstages; s++)
        if (run->graph->stages[s].nin > 0 && run->graph->stages[s].twin_of == s)
            judge_stage(run, json, s, exact && !run->graph->stages[s].may_leave);
    for (int c = 0; json && c < run->graph->nchannels; c++)
        if (has_own_row(run->graph, c))
            judge_channel(run, json, c, exact);
    if (run->failures > 0 && !json)
        printf("    it says: %.300s\n", err);
    free(err);
}

/* ---- all runs of a program ---------------------------------------------------------------------------------------- */

static uint64_t items, runs;

static double run_once(struct run *run)
{
    const bool times = getenv("RANDOM_TIMES") != NULL;
    pid_t pid;

    set_up(run);
    fflush(stdout);
    pid = fork();
    if (pid < 0) {
        perror("pipes: a run");
        exit(1);
    }
    if (pid == 0)
        child(run);
    wait_for_end(run, pid);
    judge(run);
    items += progress(run->shared);
    runs++;
    if (times)
        printf("time %8.3f s  drain %8.3f s  %8" PRIu64 " items  seed %" PRIu64 " %s%s\n", run->seconds, run->drain_seconds,
               run->expected.total, run->graph->seed, ending_names[run->ending], run->one_processor ? " one" : "");
    clear_up(run);
    return run->seconds;
}

/* An item that a stage with the property receives. */
static bool draw_target(const struct graph *graph, uint64_t *random, bool fail, uint64_t *target)
{
    uint64_t sent[MAX_STAGES];
    int workers[MAX_STAGES];
    struct expected expected;
    const int first = random_below(random, graph->nstages);
    bool found = false;

    for (int s = 0; s < graph->nstages; s++) {
        sent[s] = UINT64_MAX;
        workers[s] = graph->stages[s].workers;
    }
    oracle_run(graph, sent, workers, UINT64_MAX, &expected);
    for (int i = 0; i < graph->nstages && !found; i++) {
        const int s = (first + i) % graph->nstages;
        const struct stage *stage = &graph->stages[s];
        const struct keys *keys = &expected.received[s];

        if (stage->twin_of != s || stage->nin == 0 || keys->n == 0 || stage->may_leave || !(fail ? stage->may_fail && !stage->skips : stage->may_stop))
            continue;
        for (int t = s + 1; t < graph->nstages; t++) /* a twin might get it that does neither */
            found |= graph->stages[t].twin_of == s;
        if (found) {
            found = false;
            continue;
        }
        *target = keys->key[random_below(random, (int)keys->n)];
        found = true;
    }
    oracle_free(&expected);
    return found;
}

static int run_all(const struct graph *graph, const char *program)
{
    uint64_t random = graph->seed + 77;
    double seconds = 0.1;
    bool hung = false;
    int failures = 0;

    for (int n = 0; n < ENDINGS + 3 && !hung; n++) {
        struct run run = { .graph = graph, .program = program };

        run.ending = n < ENDINGS ? (enum ending)n : END_FULL;
        if (n == ENDINGS + 2) {
            run.ending = END_SIGNAL;
            run.one_processor = true;
        }
        run.one_processor |= n == ENDINGS;
        for (int s = 0; s < graph->nstages; s++) {
            run.workers[s] = graph->stages[s].workers;
            if (n == ENDINGS + 1 && run.workers[s] > 0 && !graph->stages[s].ordered && !graph->stages[s].to_zip)
                run.workers[s] = 1 + random_below(&random, 6);
        }
        run.signal_ms = 1 + random_below(&random, (int)(seconds * 1000) + 1);
        if ((run.ending == END_FAIL || run.ending == END_STOP) &&
            !draw_target(graph, &random, run.ending == END_FAIL, &run.target))
            continue;
        if (n == 0)
            seconds = run_once(&run);
        else
            run_once(&run);
        failures += run.failures;
        hung = run.hung;
    }
    return failures;
}

int main(int argc, char **argv)
{
    struct graph graph;

    if (argc == 3 && strcmp(argv[1], "write") == 0) {
        graph_make(&graph, strtoull(argv[2], NULL, 10));
        graph_write(&graph);
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "test") == 0) {
        graph_make(&graph, strtoull(argv[2], NULL, 10));
        graph_write(&graph);
        return !graph_write_tests(&graph);
    }
    if (argc == 4 && strcmp(argv[1], "run") == 0) {
        int failures;

        graph_make(&graph, strtoull(argv[2], NULL, 10));
        failures = run_all(&graph, argv[3]);
        printf("%" PRIu64 " runs, %" PRIu64 " items\n", runs, items);
        return failures > 0;
    }
    fprintf(stderr, "usage: pipes write SEED | pipes test SEED | pipes run SEED PROGRAM\n");
    return 2;
}
