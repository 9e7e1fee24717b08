/* How many bodies run at once: never more than a bound, a weight or the workers allow, and as many as they allow
 * although bodies sleep in the kernel. Nothing here is judged by a clock: the counts are what must be right.
 */
#include "stage_kit.h"

#include <pthread.h>
#include <sys/resource.h>

struct gauge {
    _Atomic int64_t now, most;
};

static void gauge_enter(struct gauge *gauge, int64_t units)
{
    const int64_t now = atomic_fetch_add(&gauge->now, units) + units;
    int64_t most = atomic_load(&gauge->most);

    while (now > most && !atomic_compare_exchange_weak(&gauge->most, &most, now))
        ;
}

static void gauge_leave(struct gauge *gauge, int64_t units)
{
    atomic_fetch_sub(&gauge->now, units);
}

/* Returns when so many have been there at once. Where they never come the case hangs: it must not matter how long a
 * busy machine takes to let them in. */
static void gauge_gather(const struct gauge *gauge, int64_t together)
{
    while (atomic_load(&gauge->most) < together)
        kit_sleep(1000000);
}

struct pipe {
    uint64_t items;
    uint64_t sleep;           /* ns a body sleeps */
    int64_t together;         /* no body ends before so many have run at once */
    struct gauge stages[2];   /* bodies of each stage */
    struct gauge held;        /* units of the bound */
    uint64_t bound;
    _Atomic uint64_t received;
    _Atomic uint64_t alone;   /* bodies heavier than the bound */
    pthread_t threads[64];    /* blocking: which thread runs which worker */
    bool thread_known[64];
    bool rested;              /* a while came in which nothing happened */
};

static uint64_t weight_of(struct prt_worker *base, const void *item)
{
    (void)base;
    return ((const struct kit_item *)item)->seq;
}

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct pipe *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->items; id++) {
        /* Weights 1 to 4, and now and then 9. */
        const struct kit_item item = { .id = id, .seq = id % 13 == 0 ? 9 : (uint32_t)(id % 4) + 1 };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        if (self->out[1].port && !prt_emit(&self->out[1], &item, sizeof item))
            return;
    }
}

static void hold(struct pipe *pipe, int stage, int64_t units)
{
    gauge_enter(&pipe->stages[stage], 1);
    gauge_enter(&pipe->held, units);
    if (pipe->bound && units > (int64_t)pipe->bound) {
        KIT_CHECK(pipe->held.now == units, "a body of %jd does not run alone", (intmax_t)units);
        atomic_fetch_add(&pipe->alone, 1);
    }
    gauge_gather(pipe->bound ? &pipe->held : &pipe->stages[stage], pipe->together);
    if (pipe->sleep)
        kit_sleep(pipe->sleep);
    gauge_leave(&pipe->held, units);
    gauge_leave(&pipe->stages[stage], 1);
    atomic_fetch_add(&pipe->received, 1);
}

static void first_run(struct prt_worker *base) /* one unit each */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        hold(self->pipe, 0, 1);
}

static void second_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        hold(self->pipe, 1, 1);
}

static void weighted_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        hold(self->pipe, 0, item.seq);
}

/* ---- growth ----------------------------------------------------------------------------------------------------- */

/* Bodies that sleep until all workers run at once. There is an item for each worker in the channel, since a source that
 * finds it full runs such a body itself. arg: workers, blocking */
static void sleepers(const struct kit_case *self)
{
    const uint32_t workers = (uint32_t)self->arg[0];
    struct pipe pipe = { .items = self->items, .sleep = 1000000, .together = workers };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 64);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sleep", .run = first_run, .leaf = !self->arg[1],
                                                .blocking = self->arg[1], .workers = workers }, .in = { a } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == pipe.items, "%ju of %ju", (uintmax_t)pipe.received, (uintmax_t)pipe.items);
    KIT_CHECK(pipe.stages[0].most == workers, "%jd ran at once, of %u", (intmax_t)pipe.stages[0].most, workers);
}

/* Two stages of sleepers in a row, the first of which waits for room. */
static void pass_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        gauge_enter(&pipe->stages[1], 1);
        gauge_gather(&pipe->stages[1], pipe->together);
        kit_sleep(pipe->sleep);
        gauge_leave(&pipe->stages[1], 1);
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void sleepers_in_a_row(const struct kit_case *self)
{
    const uint32_t workers = (uint32_t)self->arg[0];
    struct pipe pipe = { .items = self->items, .sleep = 1000000, .together = workers };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 16);
    struct prt_chan *const b = kit_chan(run, "b", PRT_MANY_TO_MANY, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = pass_run, .workers = workers }, .in = { a },
                                      .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sleep", .run = first_run, .leaf = true, .workers = workers },
                                      .in = { b } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == pipe.items, "%ju of %ju", (uintmax_t)pipe.received, (uintmax_t)pipe.items);
    for (int i = 0; i < 2; i++)
        KIT_CHECK(pipe.stages[i].most == workers, "%jd ran at once, of %u", (intmax_t)pipe.stages[i].most, workers);
}

/* ---- blocking stages: a worker is always the same thread -------------------------------------------------------- */

static void same_thread_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (!pipe->thread_known[self->worker])
            pipe->threads[self->worker] = pthread_self();
        pipe->thread_known[self->worker] = true;
        KIT_CHECK(pthread_equal(pipe->threads[self->worker], pthread_self()), "worker %d moved", self->worker);
        atomic_fetch_add(&pipe->received, 1);
        if (self->out[0].port && !prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

/* arg: workers, capacity */
static void blocking(const struct kit_case *self)
{
    const uint32_t workers = (uint32_t)self->arg[0];
    struct pipe pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, workers), (uint64_t)self->arg[1]);
    struct prt_chan *const b = kit_chan(run, "b", kit_kind(workers, 1), (uint64_t)self->arg[1]);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "own", .run = same_thread_run, .blocking = true,
                                                .workers = workers }, .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = first_run, .leaf = true }, .in = { b } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == 2 * pipe.items, "%ju", (uintmax_t)pipe.received);
}

/* ---- bounds ----------------------------------------------------------------------------------------------------- */

static struct prt_bound *bound_new(struct prt_run *run, struct pipe *pipe, int permits)
{
    pipe->bound = (uint64_t)permits;
    return prt_bound_add(run, &(struct prt_bound_spec){ .name = "bound", .permits = pipe->bound });
}

/* One stage with more workers than permits. arg: workers, permits, weighted, us that a body sleeps, whether all permits
 * must come to be held at once: then the source must not run such a body itself, which would wait for its items */
static void bounded(const struct kit_case *self)
{
    struct pipe pipe = { .items = self->items, .sleep = (uint64_t)self->arg[3] * 1000,
                         .together = self->arg[4] ? self->arg[1] : 0 };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 4);
    const struct prt_bound_use use = { bound_new(run, &pipe, self->arg[1]), self->arg[2] ? weight_of : NULL };

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "work", .run = self->arg[2] ? weighted_run : first_run, .leaf = !self->arg[4],
                  .workers = (uint32_t)self->arg[0], .bounds = &use, .nbounds = 1 }, .in = { a } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == pipe.items, "%ju of %ju", (uintmax_t)pipe.received, (uintmax_t)pipe.items);
    if (self->arg[2])
        KIT_CHECK(pipe.alone > 0 && pipe.held.most <= 9, "alone %ju, most %jd", (uintmax_t)pipe.alone,
                  (intmax_t)pipe.held.most);
    else
        KIT_CHECK(pipe.held.most <= self->arg[1], "%jd of %d at once", (intmax_t)pipe.held.most, self->arg[1]);
}

/* Two stages share a bound; one of them is an expander or has threads of its own. arg: permits, kind of the second:
 * 0 a leaf, 1 not a leaf, 2 blocking; us that a body sleeps */
static void shared(const struct kit_case *self)
{
    struct pipe pipe = { .items = self->items, .sleep = (uint64_t)self->arg[2] * 1000 };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = kit_chan(run, "b", PRT_ONE_TO_MANY, 2);
    const struct prt_bound_use use = { bound_new(run, &pipe, self->arg[0]), NULL };

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "first", .run = first_run, .leaf = true, .workers = 4,
                                                .bounds = &use, .nbounds = 1 }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "second", .run = second_run, .leaf = self->arg[1] == 0,
                                                .blocking = self->arg[1] == 2, .workers = 4, .bounds = &use,
                                                .nbounds = 1 }, .in = { b } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == 2 * pipe.items, "%ju", (uintmax_t)pipe.received);
    KIT_CHECK(pipe.held.most <= self->arg[0], "%jd at once", (intmax_t)pipe.held.most);
}

/* One permit and bodies of a millisecond, so that the other workers always wait for it. That they get it in the order of
 * asking is for test_virtual_time to say: a thread that is preempted before it asks may be overtaken for long. */
static void in_turn_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pipe *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        gauge_enter(&pipe->held, 1);
        kit_sleep(1000000);
        gauge_leave(&pipe->held, 1);
        atomic_fetch_add(&pipe->received, 1);
    }
}

static void in_turn(const struct kit_case *self)
{
    struct pipe pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 32);
    const struct prt_bound_use use = { bound_new(run, &pipe, 1), NULL };

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "turn", .run = in_turn_run, .leaf = true, .workers = 4,
                                                .bounds = &use, .nbounds = 1 }, .in = { a } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == pipe.items && pipe.held.most == 1, "%ju, at once %jd", (uintmax_t)pipe.received,
              (intmax_t)pipe.held.most);
}

/* Two bounds on each of two stages, in the one global order. */
static void two_bounds(const struct kit_case *self)
{
    struct pipe pipe = { .items = self->items, .sleep = 1000 };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = kit_chan(run, "b", PRT_ONE_TO_MANY, 2);
    const struct prt_bound_use uses[2] = { { bound_new(run, &pipe, 3), NULL }, { bound_new(run, &pipe, 2), NULL } };

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "first", .run = first_run, .leaf = true, .workers = 4,
                                                .bounds = uses, .nbounds = 2 }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "second", .run = second_run, .leaf = true, .workers = 4,
                                                .bounds = uses, .nbounds = 2 }, .in = { b } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == 2 * pipe.items, "%ju", (uintmax_t)pipe.received);
    KIT_CHECK(pipe.held.most <= 2, "%jd at once", (intmax_t)pipe.held.most);
}

/* ---- an idle pipeline ------------------------------------------------------------------------------------------- */

static long microseconds(const struct timeval *t)
{
    return (long)t->tv_sec * 1000000 + (long)t->tv_usec;
}

/* Whether in 300 ms this process slept nearly all the time, and hardly ever woke up. A sanitizer's own thread does. */
static bool has_rest(void)
{
    struct rusage before, after;
    long switches, used;

    getrusage(RUSAGE_SELF, &before);
    kit_sleep(300000000);
    getrusage(RUSAGE_SELF, &after);
    switches = after.ru_nvcsw + after.ru_nivcsw - before.ru_nvcsw - before.ru_nivcsw;
    used = microseconds(&after.ru_utime) + microseconds(&after.ru_stime) - microseconds(&before.ru_utime) -
           microseconds(&before.ru_stime);
    return KIT_SANITIZED || (switches < 60 && used < 30000);
}

/* How soon the other threads come to rest depends on what else the machine does; that they do must not. */
static void idle_run(struct prt_worker *base)
{
    struct pipe *const pipe = ((struct kit_worker *)base)->pipe;

    for (int i = 0; i < 100 && !pipe->rested; i++)
        pipe->rested = has_rest();
}

/* A source that waits in its body, before many stages: nobody else wakes up. */
static void idle(const struct kit_case *self)
{
    struct pipe pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *chan = kit_chan(run, "first", PRT_ONE_TO_MANY, 4);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = idle_run }, .out = { chan } });
    for (int i = 0; i < 50; i++) {
        struct prt_chan *const next = kit_chan(run, "next", PRT_MANY_TO_MANY, 4);

        kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = same_thread_run, .workers = 2 },
                                          .in = { chan }, .out = { next } });
        chan = next;
    }
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = first_run, .leaf = true, .workers = 8 },
                                      .in = { chan } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.rested, "somebody wakes up again and again while nothing happens");
}

static const struct kit_case cases[] = {
    { "sleepers-50", sleepers, 400, { 50, 0 } },
    { "sleepers-50-blocking", sleepers, 400, { 50, 1 } },
    { "sleepers-3", sleepers, 40, { 3, 0 } },
    { "sleepers-in-a-row", sleepers_in_a_row, 300, { 30 } },
    { "blocking-1", blocking, 20000, { 1, 16 } },
    { "blocking-4", blocking, 50000, { 4, 16 } },
    { "blocking-4-cap-1", blocking, 10000, { 4, 1 } },
    { "bound-1", bounded, 100000, { 4, 1, 0, 0 } },
    { "bound-3", bounded, 100000, { 8, 3, 0, 0 } },
    { "bound-10-sleepers", bounded, 100, { 30, 10, 0, 1000, 1 } },
    { "bound-weights", bounded, 50000, { 6, 5, 1, 0 } },
    { "bound-weights-sleepers", bounded, 300, { 6, 5, 1, 500 } },
    { "bound-shared", shared, 50000, { 3, 0, 0 } },
    { "bound-shared-waiting", shared, 20000, { 3, 1, 0 } },
    { "bound-shared-blocking", shared, 10000, { 3, 2, 0 } },
    { "bound-shared-1", shared, 20000, { 1, 0, 0 } },
    { "bound-shared-sleepers", shared, 200, { 3, 1, 1000 } },
    { "bound-in-turn", in_turn, 300, { 0 } },
    { "bound-two", two_bounds, 2000, { 0 } },
    { "idle", idle, 1, { 0 } },
};

int main(int argc, char **argv)
{
    return kit_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
