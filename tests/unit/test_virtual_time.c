/* Everything else in which time has a part, with a clock that jumps: ticks, flush sections, bodies that sleep and the
 * threads found for them, the drain's limit, a system that gives too few threads.
 */
#include "../torture/stage_kit.h"

#include <platform/virtual.h>
#include <poll.h>
#include <pool/policy.h>
#include <pool/slot.h>

#include "unit.h"
#include "virtual_machine.h"

#define SECOND ((uint64_t)1000000000)
#define MS ((uint64_t)1000000)

enum { MOST = 10000 };

static struct pipe {
    uint64_t items;
    uint64_t pause;               /* the source's, ns after each item */
    uint64_t sleep;               /* a body's, ns */
    uint64_t spread;              /* so much longer at most */
    uint64_t times[MOST];
    _Atomic uint64_t n;
    _Atomic int64_t now, most;    /* bodies at once */
    _Atomic uint64_t received;
    _Atomic uint64_t both;        /* rendezvous: bodies that ran while the source slept */
    _Atomic bool asleep;
    _Atomic uint64_t late;
    _Atomic uint64_t again;       /* bodies of hidden batches, when all that is past */
    _Atomic uint64_t stuck;       /* when the first body slept that had others behind it in its hand */
    unsigned threads[4];
} pipe_;

static void note(void)
{
    const uint64_t n = atomic_fetch_add(&pipe_.n, 1);

    if (n < MOST)
        pipe_.times[n] = prt_virtual_now();
}

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        const struct kit_item item = { .id = id, .seq = (uint32_t)(prt_virtual_now() / MS) };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        atomic_store(&pipe_.asleep, true);
        if (pipe_.pause)
            prt_virtual_sleep(pipe_.pause);
        atomic_store(&pipe_.asleep, false);
    }
}

static void sleep_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const int64_t now = atomic_fetch_add(&pipe_.now, 1) + 1;
        int64_t most = atomic_load(&pipe_.most);

        while (now > most && !atomic_compare_exchange_weak(&pipe_.most, &most, now))
            ;
        note();
        if (pipe_.sleep)
            prt_virtual_sleep(pipe_.sleep + item.id * 37 % 100 * pipe_.spread / 100);
        atomic_fetch_sub(&pipe_.now, 1);
        atomic_fetch_add(&pipe_.received, 1);
        if (self->out[0].port && !prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

/* ---- every ------------------------------------------------------------------------------------------------------ */

static void tick_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = self->n[0]++ };

    note();
    if (pipe_.sleep)
        prt_virtual_sleep(pipe_.sleep);
    if (self->n[0] == pipe_.items)
        prt_finish(base);
    prt_emit(&self->out[0], &item, sizeof item);
}

static void run_ticks(uint64_t every)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 4);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "tick", .run = tick_run, .every = every }, .out = { a },
                                      .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sleep_run, .leaf = true }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
}

START_TEST(ticks)
{
    pipe_.items = 1000;
    run_ticks(60 * SECOND);
    for (uint64_t i = 0; i < 1000; i++) /* the sink notes the same instants */
        ck_assert_uint_eq(pipe_.times[2 * i] - pipe_.times[0], i * 60 * SECOND);
}
END_TEST

/* A body that takes 2.5 ticks misses two; the next starts on the grid. */
static void slow_tick_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    note();
    prt_virtual_sleep(2500 * MS);
    if (++self->n[0] == pipe_.items)
        prt_finish(base);
}

START_TEST(missed_ticks)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 4);

    pipe_.items = 100;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "tick", .run = slow_tick_run, .every = SECOND },
                                      .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sleep_run, .leaf = true }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.n, 100);
    for (uint64_t i = 0; i < 100; i++)
        ck_assert_uint_eq(pipe_.times[i] - pipe_.times[0], i * 3 * SECOND);
}
END_TEST

/* ---- flush every ------------------------------------------------------------------------------------------------ */

static void gather_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        self->n[0]++;
}

static void gather_flush(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = self->n[0] };

    note();
    self->n[0] = 0;
    prt_emit(&self->out[0], &item, sizeof item);
}

static void add_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        atomic_fetch_add(&pipe_.received, item.id);
}

START_TEST(flush)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    const uint32_t workers = (uint32_t)_i;
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, workers), 64);
    struct prt_chan *const b = kit_chan(run, "b", kit_kind(workers, 1), 1);

    pipe_.items = 200;
    pipe_.pause = 100 * MS; /* 20 s in all, so 3 flushes of each worker, and what is left in its final */
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "gather", .run = gather_run, .workers = workers,
                                                .flush = gather_flush, .flush_every = 6 * SECOND,
                                                .final = gather_flush }, .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "add", .run = add_run, .leaf = true }, .in = { b } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, 200);
    ck_assert_uint_eq(pipe_.n, 4 * workers);
    for (uint32_t i = 0; i < 4 * workers; i++)
        ck_assert_uint_eq((pipe_.times[i] - pipe_.times[0] + MS / 2) / MS, i / workers < 3 ? i / workers * 6000 : 14000);
}
END_TEST

/* ---- bodies that sleep ------------------------------------------------------------------------------------------ */

static void empty_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        ;
}

enum sleepers { SINKS, LEAVES, EXPANDERS, SLEEPERS }; /* EXPANDERS may have to wait for room */

static void run_sleepers(uint32_t workers, enum sleepers what)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, workers), 64);
    struct prt_chan *const b = what == EXPANDERS ? kit_chan(run, "b", kit_kind(workers, 1), 64) : NULL;

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sleep", .run = sleep_run, .leaf = what == LEAVES,
                                                .workers = workers }, .in = { a }, .out = { b } });
    if (b)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "empty", .run = empty_run, .leaf = true }, .in = { b } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, pipe_.items);
}

START_TEST(sleepers)
{
    pipe_.items = 2000;
    pipe_.sleep = SECOND;
    run_sleepers(50, (enum sleepers)_i);
    ck_assert_int_eq(pipe_.most, 50);
    /* 40 rounds of a second; the pool may take a tenth of one to grow, once. */
    ck_assert_uint_le(pipe_.times[1999] - pipe_.times[0], 39 * SECOND + 100 * MS);
}
END_TEST

/* With bodies that end at any time, there is none at which nobody takes an item: the pool grows all the same. */
START_TEST(sleepers_apart)
{
    pipe_.items = 40000;
    pipe_.sleep = 5 * MS;
    pipe_.spread = 10 * MS;
    run_sleepers(400, (enum sleepers)_i);
    ck_assert_int_eq(pipe_.most, 400);
}
END_TEST

/* Fifty bodies at once, then two minutes of nothing, then fifty again. */
static void bursts_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t burst = 0; burst < 2; burst++) {
        for (uint64_t id = 0; id < 50; id++)
            if (!prt_emit(&self->out[0], &(struct kit_item){ .id = burst * 50 + id }, sizeof(struct kit_item)))
                return;
        prt_virtual_sleep(500 * MS);
        pipe_.threads[2 * burst] = machine_nthreads();
        prt_virtual_sleep(120 * SECOND);
        pipe_.threads[2 * burst + 1] = machine_nthreads();
    }
}

START_TEST(shrinks)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, 50), 64);

    pipe_.sleep = SECOND;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = bursts_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sleep", .run = sleep_run, .leaf = _i, .workers = 50 },
                                      .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_int_eq(pipe_.most, 50);
    ck_assert_uint_eq(pipe_.received, 100);
    ck_assert_uint_ge(pipe_.threads[0], 51); /* and the source's */
    ck_assert_uint_eq(pipe_.threads[1], machine_cpus + 1); /* as many as at the start */
    ck_assert_uint_ge(pipe_.threads[2], 51);
    ck_assert_uint_eq(pipe_.threads[3], pipe_.threads[1]);
}
END_TEST

/* First come, first served: one permit and bodies of a millisecond. Every worker that has an item has asked before the
 * clock moves, so one of the four may be behind the others by what they hold, and no further. */
static void in_turn_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (item.id + 8 < pipe_.late)
            ck_abort_msg("item %ju began after %ju", (uintmax_t)item.id, (uintmax_t)pipe_.late);
        if (item.id > pipe_.late)
            pipe_.late = item.id;
        prt_virtual_sleep(MS);
        atomic_fetch_add(&pipe_.received, 1);
    }
}

START_TEST(bound_in_turn)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 32);
    const struct prt_bound_use use = {
        prt_bound_add(run, &(struct prt_bound_spec){ .name = "bound", .permits = 1 }), NULL
    };

    machine_cpus = (uint32_t)_i;
    pipe_.items = 1000;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "turn", .run = in_turn_run, .leaf = true, .workers = 4,
                                                .bounds = &use, .nbounds = 1 }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, pipe_.items);
}
END_TEST

/* One body in a hundred sleeps 20 ms; no other item waits for it, since fifteen workers are free. */
static void bimodal_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (prt_virtual_now() / MS - item.seq >= 15)
            atomic_fetch_add(&pipe_.late, 1);
        if (item.id % 100 == 0)
            prt_virtual_sleep(20 * MS);
        atomic_fetch_add(&pipe_.received, 1);
    }
}

START_TEST(bimodal)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 64);

    pipe_.items = 10000;
    pipe_.pause = MS / 4;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "bimodal", .run = bimodal_run, .leaf = true, .workers = 16 },
                                      .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, 10000);
    ck_assert_msg(pipe_.late == 0, "%ju items waited for a body that was not theirs", (uintmax_t)pipe_.late);
}
END_TEST

/* Some bodies sleep, among cheap ones that come as fast as they go. When the first was seen to keep items in its hand from
 * the others, that is for two ticks, no hand has more than one for a while. */
static void seldom_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const uint64_t since = atomic_load(&pipe_.stuck) ? prt_virtual_now() - atomic_load(&pipe_.stuck) : 0;

        if (base->slot->hidden && since > 2 * PRT_TICK_NS && since < PRT_SHOWS_NS)
            atomic_fetch_add(&pipe_.late, 1);
        if (base->slot->hidden && since > 2 * SECOND)
            atomic_fetch_add(&pipe_.again, 1);
        if (item.id % 500 == 250) {
            if (base->slot->hidden && since == 0)
                atomic_store(&pipe_.stuck, prt_virtual_now());
            prt_virtual_sleep(SECOND);
        }
        atomic_fetch_add(&pipe_.received, 1);
    }
}

/* And long after, once more. */
static void again_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    source_run(base);
    prt_virtual_sleep(10 * SECOND);
    for (uint64_t id = 1; id < 200; id++)
        if (!prt_emit(&self->out[0], &(struct kit_item){ .id = id }, sizeof(struct kit_item)))
            return;
}

START_TEST(seldom)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 64);

    pipe_.items = 20000;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = again_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "seldom", .run = seldom_run, .leaf = true, .workers = 40 },
                                      .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, pipe_.items + 199);
    ck_assert_uint_ne(pipe_.stuck, 0);
    ck_assert_uint_eq(pipe_.late, 0);
    ck_assert_uint_gt(pipe_.again, 0);
}
END_TEST

/* A rendezvous does not make its two sides take turns: the source sleeps while the sink does. */
START_TEST(rendezvous_overlaps)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_RENDEZVOUS, 0);

    pipe_.items = 500;
    pipe_.pause = 10 * MS;
    pipe_.sleep = 10 * MS;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sleep_run, .leaf = _i }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, 500);
    ck_assert_msg(pipe_.times[499] - pipe_.times[0] < 499 * 15 * MS, "%ju ms instead of 5000",
                  (uintmax_t)((pipe_.times[499] - pipe_.times[0]) / MS));
}
END_TEST

/* ---- the drain's limit ------------------------------------------------------------------------------------------ */

static void stop_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (item.id == 0) {
            prt_virtual_sleep(SECOND); /* the channel fills */
            prt_stop(base);
        }
        prt_virtual_sleep(SECOND);
        atomic_fetch_add(&pipe_.received, 1);
    }
}

static int run_stop(uint64_t drain)
{
    const struct prt_settings settings = { .drain = drain };
    const struct prt_run_spec spec = { .name = "kit", .pipe = &pipe_, .settings = &settings };
    struct prt_run *const run = prt_run_new(&spec);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 100);

    pipe_.items = UINT64_MAX;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "stop", .run = stop_run }, .in = { a } });
    return prt_run(run);
}

START_TEST(drain_without_limit)
{
    ck_assert_int_eq(run_stop(0), 0);
    ck_assert_uint_ge(pipe_.received, 100);
}
END_TEST

START_TEST(drain_limited)
{
    run_stop(20 * SECOND + SECOND / 2);
    ck_assert_uint_ge(pipe_.received, 20);
    ck_assert_uint_le(pipe_.received, 22);
}
END_TEST

/* ---- too few threads -------------------------------------------------------------------------------------------- */

/* With every number of threads that the system may give, from none: the run fails to start and says so, or does all of
 * its work. Two pools that wait for room stand behind each other, so all threads could sit in the first. */
START_TEST(few_threads)
{
    uint32_t threads = 0;
    int status = 1, started = 0;

    ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr));
    for (; threads < 40; threads++) {
        struct prt_run *const run = kit_run_new(&pipe_);
        struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 1);
        struct prt_chan *const b = kit_chan(run, "b", PRT_MANY_TO_MANY, 1);
        struct prt_chan *const c = kit_chan(run, "c", PRT_MANY_TO_MANY, 1);

        memset(&pipe_, 0, sizeof pipe_);
        pipe_.items = 200;
        pipe_.sleep = MS * (threads % 2);
        machine_threads = threads;
        kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "one", .run = sleep_run, .workers = 8 }, .in = { a },
                                          .out = { b } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "two", .run = sleep_run, .workers = 8 }, .in = { b },
                                          .out = { c } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "three", .run = sleep_run, .workers = 8,
                                                    .blocking = threads % 3 == 0, .leaf = threads % 3 != 0 },
                                          .in = { c } });
        status = prt_run(run);
        ck_assert_msg(status == 0 || status == 1, "status %d with %u threads", status, threads);
        ck_assert_uint_eq(pipe_.received, status ? 0 : 600);
        started += status == 0;
    }
    ck_assert_int_eq(status, 0);
    ck_assert_int_gt(started, 10);
}
END_TEST

/* ---- waits in the kernel ---------------------------------------------------------------------------------------- */

static int wait_ends[2];

static void writer_run(struct prt_worker *base)
{
    ck_assert_int_eq(prt_wait_for(base, -1, 0, (int64_t)(3600 * SECOND)), 0);
    ck_assert_int_eq((int)write(wait_ends[1], "x", 1), 1);
    ck_assert_int_eq(prt_wait_for(base, -1, 0, -1), -1);
}

static void reader_run(struct prt_worker *base)
{
    const uint64_t from = prt_virtual_now();

    ck_assert_int_eq(prt_wait_for(base, wait_ends[0], POLLIN, MS), 0);
    ck_assert_int_eq(prt_wait_for(base, wait_ends[0], POLLIN, -1), 1);
    ck_assert_uint_ge(prt_virtual_now() - from, 3600 * SECOND);
    ck_assert_uint_le(prt_virtual_now() - from, 3601 * SECOND);
    prt_stop(base);
}

/* A pipe that is written to after an hour; the writer's own wait has no end but the pipeline's. */
START_TEST(wait_for)
{
    struct prt_run *const run = kit_run_new(&pipe_);

    ck_assert_int_eq(pipe(wait_ends), 0);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "writer", .run = writer_run, .blocking = _i } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "reader", .run = reader_run } });
    ck_assert_int_eq(prt_run(run), 0);
    close(wait_ends[0]);
    close(wait_ends[1]);
}
END_TEST

static void note_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        note();
}

/* A fast source whose channel is full sleeps, and with it the monitor, whatever lies in the source's windows: over
 * five hours of one item a minute, nobody wakes up but for these items. */
START_TEST(nobody_ticks)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 64);
    struct prt_rate *const pace =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "pace", .per_second = 1.0 / 60, .burst = 1 });
    const uint64_t before = prt_virtual_jumps();

    machine_cpus = (uint32_t)_i;
    pipe_.items = 300;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "limited", .run = note_run, .leaf = true, .rate = pace },
                                      .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.n, pipe_.items);
    ck_assert_uint_le(prt_virtual_jumps() - before, 100 * pipe_.items);
}
END_TEST

static void two_outputs_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < 60; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[id < 40], &item, sizeof item))
            return;
    }
}

static void count_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        atomic_fetch_add(&pipe_.received, 1);
}

/* Of 40 items to one output some lie in a window when the source waits for room in the other, whose items are taken
 * one a minute: they come through meanwhile. */
START_TEST(other_window)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 4), *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 32);
    struct prt_rate *const pace =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "pace", .per_second = 1.0 / 60, .burst = 1 });
    const uint64_t from = prt_virtual_now();

    machine_cpus = (uint32_t)_i;
    pipe_.sleep = MS;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = two_outputs_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "limited", .run = count_run, .leaf = true, .rate = pace },
                                      .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "slow", .run = sleep_run, .leaf = true }, .in = { b } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.n, 40);
    ck_assert_uint_le(pipe_.times[39] - from, SECOND);
}
END_TEST

/* Sends on what it receives once, twice or not at all. */
static void expand_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        for (uint64_t i = 0; i < item.id % 3; i++)
            if (!prt_emit(&self->out[0], &item, sizeof item))
                return;
}

/* Through channels of a place or two, threads go to sleep after every few items: nobody rests then because others got on
 * a moment ago. Nothing takes time here but such rests. */
START_TEST(small_channels)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 1), *const b = kit_chan(run, "b", PRT_MANY_TO_ONE, 2);
    const uint64_t from = prt_virtual_now();

    machine_cpus = (uint32_t)_i;
    pipe_.items = 3000;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "expand", .run = expand_run, .workers = 5 },
                                      .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "count", .run = count_run, .leaf = true }, .in = { b } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.received, 3000);
    ck_assert_uint_le(prt_virtual_now() - from, 100 * MS);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("time");

    unit_add(suite, "ticks", ticks, 0, 1);
    unit_add(suite, "missed_ticks", missed_ticks, 0, 1);
    unit_add(suite, "flush", flush, 1, 4);
    unit_add(suite, "sleepers", sleepers, SINKS, SLEEPERS);
    unit_add(suite, "sleepers_apart", sleepers_apart, SINKS, SLEEPERS);
    unit_add(suite, "shrinks", shrinks, 0, 2);
    unit_add(suite, "bound_in_turn", bound_in_turn, 1, 4);
    unit_add(suite, "bimodal", bimodal, 0, 1);
    unit_add(suite, "seldom", seldom, 0, 1);
    unit_add(suite, "rendezvous_overlaps", rendezvous_overlaps, 0, 2);
    unit_add(suite, "drain_without_limit", drain_without_limit, 0, 1);
    unit_add(suite, "drain_limited", drain_limited, 0, 1);
    unit_add(suite, "few_threads", few_threads, 0, 1);
    unit_add(suite, "wait_for", wait_for, 0, 2);
    unit_add(suite, "nobody_ticks", nobody_ticks, 1, 4);
    unit_add(suite, "other_window", other_window, 1, 4);
    unit_add(suite, "small_channels", small_channels, 1, 3);
    return unit_run(suite);
}
