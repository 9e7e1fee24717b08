/* How runs end: stop, fail, a signal at a random moment, with owned items everywhere. Every item that was allocated is
 * dropped exactly once, whatever happened to it; prt_run() itself checks that its counts add up.
 *
 * A case forks a child for each seed, since a run that a signal has drained ends by that signal. What the parent must
 * know is in shared memory.
 */
#include "stage_kit.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum event { NOTHING, STOP, FAIL, SKIP, INTERRUPT_SELF, INTERRUPT, INIT_FAILS, FINISH };

struct shared {
    _Atomic uint64_t made, dropped; /* owned items */
    _Atomic uint64_t inits, finals, failed_finals;
    _Atomic uint64_t bodies;        /* of the stage `work` */
    _Atomic uint64_t received;      /* by the sink */
    _Atomic uint64_t interrupted;   /* system calls that returned EINTR in a leaf */
    _Atomic uint64_t stopping;      /* bodies that saw stopping() */
};

struct pipe {
    struct shared *shared;
    enum event event;
    uint64_t when;  /* the event comes with this body of `work` */
    uint64_t items;
    uint64_t sleep; /* ns that a body of the sink sleeps; UINT64_MAX: for ever */
    bool blocking;  /* the sink; its `init` takes so long that others end first where one has failed */
};

static struct shared *shared_new(void)
{
    void *const memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        abort();
    return memory;
}

/* ---- owned items ------------------------------------------------------------------------------------------------ */

static struct shared *dropping; /* for the drop function, which has no argument for it */

static char *item_new(struct shared *shared, uint64_t id)
{
    char *text = NULL;

    if (asprintf(&text, "item %ju", (uintmax_t)id) < 0)
        abort();
    atomic_fetch_add(&shared->made, 1);
    return text;
}

static void item_drop(void *item)
{
    char *const text = *(char **)item;

    if (text) {
        KIT_CHECK(strncmp(text, "item ", 5) == 0, "dropped garbage");
        memset(text, '#', 5);
        free(text);
        atomic_fetch_add(&dropping->dropped, 1);
    }
}

static struct prt_chan *item_chan(struct prt_run *run, enum prt_chan_kind kind, uint64_t cap)
{
    return prt_chan_add(run, &(struct prt_chan_spec){ .name = "texts", .kind = kind, .item_size = sizeof(char *),
                                                      .cap = cap, .drop = item_drop });
}

/* ---- source -> work x3 (leaf) -> twice x2 (expander) -> sink x2 ------------------------------------------------- */

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->items; id++) {
        char *const text = item_new(pipe->shared, id);

        if (!prt_emit(&self->out[0], &text, sizeof text))
            return;
    }
}

static void work_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;
    char *text;

    while (prt_receive(&self->in[0], &text, sizeof text)) {
        const uint64_t n = atomic_fetch_add(&pipe->shared->bodies, 1);
        const enum event event = n == pipe->when || (pipe->event == SKIP && n % 7 == 0) ? pipe->event : NOTHING;

        if (event == STOP || n % 5 == 4)
            atomic_fetch_add(&pipe->shared->stopping, prt_stopping(base));
        if (event == STOP)
            prt_stop(base);
        if (event == INTERRUPT_SELF)
            kill(getpid(), SIGINT);
        if (event == FAIL || event == SKIP) {
            item_drop(&text);
            prt_fail(base, "body %ju", (uintmax_t)n);
            continue;
        }
        if (n % 5 == 0)
            item_drop(&text);
        else if (!prt_emit(&self->out[0], &text, sizeof text))
            return;
    }
}

static void twice_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;
    char *text;

    while (prt_receive(&self->in[0], &text, sizeof text)) {
        char *const copy = item_new(pipe->shared, 0);

        if (!prt_emit(&self->out[0], &copy, sizeof copy)) {
            item_drop(&text);
            return;
        }
        if (!prt_emit(&self->out[0], &text, sizeof text))
            return;
    }
}

static void sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;
    char *text;

    while (prt_receive(&self->in[0], &text, sizeof text)) {
        struct timespec left = { 0, (long)pipe->sleep };

        while (pipe->sleep == UINT64_MAX)
            pause();
        if (pipe->sleep && nanosleep(&left, &left) != 0)
            atomic_fetch_add(&pipe->shared->interrupted, 1);
        atomic_fetch_add(&pipe->shared->received, 1);
        item_drop(&text);
    }
}

static void count_init(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;

    if (pipe->event == INIT_FAILS && self->worker == 1)
        prt_fail(base, "no");
    else
        atomic_fetch_add(&pipe->shared->inits, 1);
}

static void slow_init(struct prt_worker *base)
{
    (void)base;
    kit_sleep(2000000);
}

static void count_final(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;
    char *const text = item_new(pipe->shared, 0);
    const bool sent = prt_emit(&self->out[0], &text, sizeof text);

    atomic_fetch_add(&pipe->shared->finals, 1);
    atomic_fetch_add(&pipe->shared->failed_finals, prt_failed(base));
    KIT_CHECK(!sent || !prt_failed(base), "final sent while torn down");
}

static int run_pipe(struct pipe *pipe)
{
    struct prt_run *const run = kit_run_new(pipe);
    struct prt_chan *const a = item_chan(run, PRT_ONE_TO_MANY, 4), *const b = item_chan(run, PRT_MANY_TO_MANY, 3);
    struct prt_chan *const c = item_chan(run, PRT_MANY_TO_MANY, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "work", .run = work_run, .leaf = true, .workers = 3,
                  .on_fail = pipe->event == SKIP ? PRT_THEN_SKIP : PRT_THEN_STOP, .init = count_init,
                  .final = count_final },
        .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "twice", .run = twice_run, .workers = 2 }, .in = { b },
                                      .out = { c } });
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = sink_run, .leaf = true, .workers = 2, .blocking = pipe->blocking,
                  .init = pipe->blocking ? slow_init : NULL },
        .in = { c } });
    return prt_run(run);
}

/* ---- children --------------------------------------------------------------------------------------------------- */

static char said[4096]; /* by the last child, on standard error */

enum { ENOUGH = -1 }; /* signals: as many as it takes */

/* Runs `function(pipe)` in a child, which gets SIGINT `signals` times, each after `delay` ns, once `*ready` is not 0.
 * Returns how it ended. */
static int in_child(int (*function)(struct pipe *), struct pipe *pipe, const _Atomic uint64_t *ready, int signals,
                    uint64_t delay)
{
    int ends[2], status = 0;
    ssize_t len = 0, n;
    siginfo_t ended = { 0 };
    pid_t child;

    if (pipe2(ends, O_CLOEXEC) != 0 || (child = fork()) < 0)
        abort();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a case that hangs is killed with all of its own */
        dup2(ends[1], STDERR_FILENO);
        status = function(pipe);
        exit(kit_failures ? 99 : status);
    }
    close(ends[1]);
    while (signals != 0 && ready && *ready == 0 && kill(child, 0) == 0)
        kit_sleep(1000000);
    while (signals == ENOUGH ? waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == 0
                             : signals-- > 0) {
        kit_sleep(delay);
        kill(child, SIGINT);
    }
    while (len < (ssize_t)sizeof said - 1 && (n = read(ends[0], said + len, sizeof said - 1 - (size_t)len)) > 0)
        len += n;
    said[len] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return status;
}

static void check_end(int status, int exit_status, int signal, unsigned seed)
{
    const bool right = signal ? WIFSIGNALED(status) && WTERMSIG(status) == signal
                              : WIFEXITED(status) && WEXITSTATUS(status) == exit_status;

    KIT_CHECK(right, "seed %u: wait status %#x; it said: %s", seed, (unsigned)status, said);
}

/* ---- random ends ------------------------------------------------------------------------------------------------ */

/* arg: event */
static void random_ends(const struct kit_case *self)
{
    const enum event event = (enum event)self->arg[0];
    const uint64_t seeds = KIT_SANITIZED ? self->items / 4 : self->items;

    for (unsigned seed = 1; seed <= seeds && !kit_failures; seed++) {
        struct pipe pipe = { .shared = shared_new(), .event = event, .items = event == NOTHING ? 500 : UINT64_MAX };
        struct shared *const shared = pipe.shared;
        unsigned state = seed;
        int status;

        dropping = shared;
        pipe.when = (uint64_t)rand_r(&state) % (seed % 2 ? 20 : 2000);
        if (event == SKIP || event == INIT_FAILS)
            pipe.items = 500;
        pipe.blocking = event == INIT_FAILS && seed % 2;
        status = in_child(run_pipe, &pipe, NULL, event == INTERRUPT, (uint64_t)rand_r(&state) % 3000000);
        /* A signal that comes before prt_run() has taken it over ends the child at once, and proves nothing. */
        if (event == INTERRUPT && atomic_load(&shared->bodies) == 0)
            continue;
        check_end(status, event == FAIL || event == SKIP || event == INIT_FAILS,
                  event == INTERRUPT || event == INTERRUPT_SELF ? SIGINT : 0, seed);
        KIT_CHECK(shared->made == shared->dropped, "seed %u: made %ju, dropped %ju", seed, (uintmax_t)shared->made,
                  (uintmax_t)shared->dropped);
        KIT_CHECK(shared->inits == shared->finals, "seed %u: inits %ju, finals %ju", seed, (uintmax_t)shared->inits,
                  (uintmax_t)shared->finals);
        KIT_CHECK((shared->failed_finals > 0) == (event == FAIL || (event == INIT_FAILS && shared->inits > 0)),
                  "seed %u: %ju finals saw failed()", seed, (uintmax_t)shared->failed_finals);
        KIT_CHECK((event == FAIL || event == SKIP || event == INIT_FAILS) == (said[0] != 0), "seed %u: it said: %s",
                  seed, said);
        munmap(shared, sizeof *shared);
    }
}

/* ---- what a signal does to a body that waits in the kernel ------------------------------------------------------ */

static void blocked_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;
    int ends[2];
    char c, *text = item_new(pipe->shared, 0);

    if (!prt_emit(&self->out[0], &text, sizeof text) || pipe2(ends, O_CLOEXEC) != 0)
        return;
    while (read(ends[0], &c, 1) < 0 && errno == EINTR && !prt_stopping(base))
        ;
    KIT_CHECK(prt_stopping(base), "interrupted without a stop");
    close(ends[0]);
    close(ends[1]);
}

static int run_blocked(struct pipe *pipe)
{
    struct prt_run *const run = kit_run_new(pipe);
    struct prt_chan *const a = item_chan(run, PRT_ONE_TO_ONE, 4);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "blocked", .run = blocked_run, .init = count_init,
                                                .final = count_final }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { a } });
    return prt_run(run);
}

/* A source that waits in read() is interrupted, so that one signal is enough; its final runs. */
static void blocked_source(const struct kit_case *self)
{
    for (unsigned seed = 1; seed <= self->items && !kit_failures; seed++) {
        struct pipe pipe = { .shared = shared_new() };
        int status;

        dropping = pipe.shared;
        status = in_child(run_blocked, &pipe, &pipe.shared->received, 1, 30000000);
        check_end(status, 0, SIGINT, seed);
        KIT_CHECK(pipe.shared->finals == 1 && pipe.shared->received == 2, "finals %ju, received %ju",
                  (uintmax_t)pipe.shared->finals, (uintmax_t)pipe.shared->received);
        KIT_CHECK(pipe.shared->made == pipe.shared->dropped, "an item was lost");
    }
}

static int run_helped(struct pipe *pipe)
{
    struct prt_run *const run = kit_run_new(pipe);
    struct prt_chan *const a = item_chan(run, PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { a } });
    return prt_run(run);
}

/* The body that a waiting source helps is not interrupted: it is not the one that a stop is meant for. */
static void helped_body(const struct kit_case *self)
{
    for (unsigned seed = 1; seed <= self->items && !kit_failures; seed++) {
        struct pipe pipe = { .shared = shared_new(), .items = UINT64_MAX, .sleep = 10000000 };
        int status;

        dropping = pipe.shared;
        status = in_child(run_helped, &pipe, &pipe.shared->made, 1, 40000000 + seed * 1000000);
        check_end(status, 0, SIGINT, seed);
        KIT_CHECK(pipe.shared->interrupted == 0, "%ju bodies were interrupted", (uintmax_t)pipe.shared->interrupted);
        KIT_CHECK(pipe.shared->made == pipe.shared->dropped, "an item was lost");
    }
}

/* The second signal ends the program although a body never returns. Two that a busy machine brings at once are one, so
 * there may be more. */
static void second_signal(const struct kit_case *self)
{
    for (unsigned seed = 1; seed <= self->items && !kit_failures; seed++) {
        struct pipe pipe = { .shared = shared_new(), .items = UINT64_MAX, .sleep = UINT64_MAX };

        dropping = pipe.shared;
        check_end(in_child(run_helped, &pipe, &pipe.shared->made, ENOUGH, 50000000), 0, SIGINT, seed);
        KIT_CHECK(pipe.shared->received == 0, "the body came to its end");
    }
}

/* ---- the drain's limit ------------------------------------------------------------------------------------------ */

static int run_limited(struct pipe *pipe)
{
    static const struct prt_settings settings = { .drain = 50000000 };
    const struct prt_run_spec spec = { .name = "kit", .pipe = pipe, .settings = &settings };
    struct prt_run *const run = prt_run_new(&spec);
    struct prt_chan *const a = item_chan(run, PRT_ONE_TO_ONE, 1000);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { a } });
    return prt_run(run);
}

static void drain_limit(const struct kit_case *self)
{
    for (unsigned seed = 1; seed <= self->items && !kit_failures; seed++) {
        struct pipe pipe = { .shared = shared_new(), .items = UINT64_MAX, .sleep = 10000000 };

        dropping = pipe.shared;
        check_end(in_child(run_limited, &pipe, &pipe.shared->made, 1, 50000000), 0, SIGINT, seed);
        KIT_CHECK(pipe.shared->received < 900, "%ju items were processed", (uintmax_t)pipe.shared->received);
        KIT_CHECK(pipe.shared->made == pipe.shared->dropped, "made %ju, dropped %ju", (uintmax_t)pipe.shared->made,
                  (uintmax_t)pipe.shared->dropped);
    }
}

/* ---- torn down while senders wait ------------------------------------------------------------------------------- */

static void refuse_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    char *text;

    while (prt_receive(&self->in[0], &text, sizeof text)) {
        kit_sleep(20000000); /* until every sender waits for room */
        item_drop(&text);
        prt_fail(base, "enough");
    }
}

/* arg: channel kind; leaves or expanders between */
static void torn_down(const struct kit_case *self)
{
    for (unsigned seed = 1; seed <= self->items && !kit_failures; seed++) {
        struct pipe pipe = { .shared = shared_new(), .items = UINT64_MAX, .when = UINT64_MAX };
        struct prt_run *const run = kit_run_new(&pipe);
        struct prt_chan *const a = item_chan(run, PRT_ONE_TO_MANY, 2);
        struct prt_chan *const b = item_chan(run, (enum prt_chan_kind)self->arg[0], 1);

        dropping = pipe.shared;
        kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
        kit_add(run, &(struct kit_stage){
            .spec = { .name = "work", .run = self->arg[1] ? work_run : twice_run, .leaf = self->arg[1], .workers = 8 },
            .in = { a }, .out = { b }, .most = { self->arg[1] ? 1 : PRT_ANY } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "refuse", .run = refuse_run }, .in = { b } });
        KIT_CHECK(prt_run(run) == 1, "a failure must show");
        KIT_CHECK(pipe.shared->made == pipe.shared->dropped, "made %ju, dropped %ju", (uintmax_t)pipe.shared->made,
                  (uintmax_t)pipe.shared->dropped);
    }
}

static const struct kit_case cases[] = {
    { "to-the-end", random_ends, 50, { NOTHING } },
    { "stop", random_ends, 200, { STOP } },
    { "fail", random_ends, 200, { FAIL } },
    { "skip", random_ends, 50, { SKIP } },
    { "signal-in-body", random_ends, 200, { INTERRUPT_SELF } },
    { "signal", random_ends, 200, { INTERRUPT } },
    { "init-fails", random_ends, 50, { INIT_FAILS } },
    { "blocked-source", blocked_source, 10, { 0 } },
    { "helped-body", helped_body, 10, { 0 } },
    { "second-signal", second_signal, 5, { 0 } },
    { "drain-limit", drain_limit, 5, { 0 } },
    { "torn-down-leaves", torn_down, 5, { PRT_MANY_TO_ONE, 1 } },
    { "torn-down-expanders", torn_down, 5, { PRT_MANY_TO_ONE, 0 } },
    { "torn-down-rendezvous", torn_down, 5, { PRT_RENDEZVOUS, 1 } },
    { "torn-down-rendezvous-expanders", torn_down, 5, { PRT_RENDEZVOUS, 0 } },
};

int main(int argc, char **argv)
{
    return kit_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
