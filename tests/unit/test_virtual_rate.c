/* Rates with a clock that jumps: when exactly each body starts, from one a minute to 100,000 a second. */
#include "../torture/stage_kit.h"

#include <platform/virtual.h>

#include "unit.h"
#include "virtual_machine.h"

enum { MOST = 20000 };

/* ck_assert writes a line for each assertion, also for one that holds: too slow for every item. */
#define EACH(condition, ...)               \
    do {                                   \
        if (!(condition))                  \
            ck_abort_msg(__VA_ARGS__);     \
    } while (0)

/* Body i began `late` after the first that counts. */
#define BEGAN(i, first, late)                                                                                     \
    EACH(pipe_.times[i] - pipe_.times[first] == (uint64_t)(late), "%ju: %ju ns after the first", (uintmax_t)(i), \
         (uintmax_t)(pipe_.times[i] - pipe_.times[first]))

/* The same where threads may poll meanwhile, for which the clock moves a few times by 5 us. */
#define BEGAN_NEAR(i, first, late)                                                                                 \
    EACH(pipe_.times[i] - pipe_.times[first] + 50000 - (uint64_t)(late) <= 100000, "%ju: %ju ns after the first",  \
         (uintmax_t)(i), (uintmax_t)(pipe_.times[i] - pipe_.times[first]))

struct pipe {
    uint64_t items;
    uint64_t times[2 * MOST]; /* when each body began */
    uint64_t n;
    uint64_t emitted[1000];   /* when each emit of a source with a rate returned */
    uint64_t of_stage[3];
    _Atomic int lock;
    uint64_t sleep;           /* a body's, ns */
    uint64_t gap;             /* the source's, between two halves of the items */
    _Atomic uint64_t ended;
};

static struct pipe pipe_; /* too large for a stack */

static void note(int stage)
{
    while (atomic_exchange(&pipe_.lock, 1))
        ;
    if (pipe_.n < 2 * MOST)
        pipe_.times[pipe_.n++] = prt_virtual_now();
    pipe_.of_stage[stage]++;
    atomic_store(&pipe_.lock, 0);
}

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        const struct kit_item item = { .id = id };

        if (pipe_.gap && id == pipe_.items / 2)
            prt_virtual_sleep(pipe_.gap);
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void limited_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        note(0);
        if (pipe_.sleep)
            prt_virtual_sleep(pipe_.sleep);
        atomic_fetch_add(&pipe_.ended, 1);
    }
}

static void limited2_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        note(1);
}

static struct prt_rate *rate_new(struct prt_run *run, double per_second, uint64_t burst)
{
    return prt_rate_add(run, &(struct prt_rate_spec){ .name = "pace", .per_second = per_second, .burst = burst });
}

/* Runs `items` through a stage with a rate; the times are in pipe_ then. */
static void run_limited(double per_second, uint64_t burst, uint64_t items, uint32_t workers)
{
    struct prt_run *run;
    struct prt_chan *a;

    machine_cpus = workers > 1 ? 2 : 1; /* alone, no thread spins: a fifth of the time */
    run = kit_run_new(&pipe_);
    a = kit_chan(run, "a", kit_kind(1, workers), 64);

    pipe_.items = items;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "limited", .run = limited_run, .leaf = true, .workers = workers,
                                                .rate = rate_new(run, per_second, burst) }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.n, items);
}

/* Starts since time 0 never exceed what the rate gives in any window, and nothing is given away while work waits. */
static void check_pace(double per_second, uint64_t burst, uint64_t from, uint64_t to)
{
    const double ns = 1e9 / per_second;

    for (uint64_t i = from; i + 1 < to; i++)
        EACH(pipe_.times[i] <= pipe_.times[i + 1], "%ju before its predecessor", (uintmax_t)(i + 1));
    for (uint64_t i = from; i + burst < to; i++) {
        /* burst + 1 starts span at least one period; and from the first on, so many periods as there are others. */
        EACH((double)(pipe_.times[i + burst] - pipe_.times[i]) >= ns - 1.5, "burst exceeded at %ju", (uintmax_t)i);
        EACH((double)(pipe_.times[i + burst] - pipe_.times[from]) >= (double)(i + 1 - from) * ns - 1.5,
             "too fast at %ju", (uintmax_t)i);
    }
    ck_assert_msg((double)(pipe_.times[to - 1] - pipe_.times[from]) <= (double)(to - 1 - from) * ns + 1.5,
                  "too slow: %ju ns for %ju at %g/s", (uintmax_t)(pipe_.times[to - 1] - pipe_.times[from]),
                  (uintmax_t)(to - 1 - from), per_second);
}

static const struct {
    double per_second;
    uint64_t burst, items;
} paces[] = {
    { 1.0 / 60, 1, 1000 }, { 1.0 / 60, 10, 300 }, { 7.0 / 60, 1, 2000 }, { 3, 1, 2000 },
    { 5, 1, 2000 },        { 5, 10, 1000 },       { 1000, 1, 5000 },     { 1000, 10, 5000 },
    { 100000, 1, 5000 },   { 100000, 10, 5000 },  { 333333, 1, 5000 },
};

START_TEST(exact_pace)
{
    const uint64_t items = KIT_SANITIZED ? paces[_i].items / 5 : paces[_i].items;

    run_limited(paces[_i].per_second, paces[_i].burst, items, 1);
    check_pace(paces[_i].per_second, paces[_i].burst, 0, items);
}
END_TEST

/* With a burst of one, permit k is due at t0 + k / R, to the nanosecond: nothing drifts. */
START_TEST(no_drift)
{
    const uint64_t items = KIT_SANITIZED ? 5000 : MOST;

    run_limited(100000, 1, items, 1);
    for (uint64_t k = 0; k < items; k++)
        BEGAN(k, 0, k * 10000);
}
END_TEST

START_TEST(many_workers)
{
    const uint64_t items = KIT_SANITIZED ? 1000 : 5000;

    run_limited(1000, 1, items, 16);
    check_pace(1000, 1, 0, items);
}
END_TEST

/* Bodies that sleep five periods: the pool finds threads for them, and what came late meanwhile is made up. */
START_TEST(sleeping_bodies)
{
    const uint64_t items = 1000;

    pipe_.sleep = 50000000;
    run_limited(100, 1, items, 16);
    ck_assert_double_eq_tol((double)(pipe_.times[items - 1] - pipe_.times[0]), (double)(items - 1) * 1e7, 1e7);
    for (uint64_t i = items / 2; i < items; i++)
        BEGAN(i, 0, i * 10000000);
}
END_TEST

/* Permits that nobody wanted gather up to the burst, no further. */
START_TEST(burst_after_a_gap)
{
    pipe_.gap = 100000000000;
    run_limited(10, 5, 100, 1);
    check_pace(10, 5, 0, 50);
    check_pace(10, 5, 50, 100);
    for (int i = 51; i < 55; i++)
        BEGAN_NEAR(i, 50, 0);
    for (int i = 55; i < 100; i++)
        BEGAN_NEAR(i, 50, (i - 54) * 100000000LL);
}
END_TEST

START_TEST(no_burst_after_a_gap)
{
    pipe_.gap = 100000000000;
    run_limited(10, 1, 100, 1);
    for (int i = 50; i < 100; i++)
        BEGAN_NEAR(i, 50, (i - 50) * 100000000LL);
}
END_TEST

/* Two stages under one rate: together they keep it, and neither is starved. */
START_TEST(shared)
{
    static const uint64_t bursts[] = { 1, 10 };
    const uint64_t items = 500, burst = bursts[_i];
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 8), *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 8);
    struct prt_rate *const rate = rate_new(run, 50, burst);

    pipe_.items = items;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "one", .run = limited_run, .leaf = true, .rate = rate },
                                      .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "two", .run = limited2_run, .leaf = true, .rate = rate },
                                      .in = { b } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.n, 2 * items);
    check_pace(50, burst, 0, 2 * items);
    ck_assert_uint_eq(pipe_.of_stage[0], items);
    ck_assert_uint_eq(pipe_.of_stage[1], items);
}
END_TEST

static void watch_run(struct prt_worker *base) /* stops the run when it has seen enough */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        note(0);
        if (pipe_.n >= 1000)
            prt_stop(base);
    }
}

static void limited3_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        note(2);
}

START_TEST(shared_fairly)
{
    static void (*const runs[])(struct prt_worker *) = { watch_run, limited2_run, limited3_run };
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_rate *const rate = rate_new(run, 50, 1);

    machine_cpus = (uint32_t)_i;
    pipe_.items = UINT64_MAX;
    for (size_t i = 0; i < 3; i++) {
        struct prt_chan *const chan = kit_chan(run, "chan", PRT_ONE_TO_ONE, 8);

        kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { chan } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "watch", .run = runs[i], .leaf = true, .rate = rate },
                                          .in = { chan } });
    }
    ck_assert_int_eq(prt_run(run), 0);
    for (size_t i = 0; i < 3; i++)
        ck_assert_uint_ge(pipe_.of_stage[i], 330);
}
END_TEST

static void rated_source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        pipe_.emitted[id] = prt_virtual_now();
    }
}

/* A source with a rate may emit so often. */
START_TEST(source)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 8);

    pipe_.items = 1000;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = rated_source_run,
                                                .rate = rate_new(run, 5, 1) },
                                      .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = limited2_run, .leaf = true }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.of_stage[1], pipe_.items);
    for (uint64_t k = 0; k < pipe_.items; k++)
        EACH(pipe_.emitted[k] - pipe_.emitted[0] == k * 200000000, "permit %ju came after %ju ns", (uintmax_t)k,
             (uintmax_t)(pipe_.emitted[k] - pipe_.emitted[0]));
}
END_TEST

/* --rate pace=20/s */
START_TEST(overridden)
{
    const struct prt_override override = { .name = "pace", .is_rate = true, .per_second = 20 };
    const struct prt_settings settings = { .overrides = &override, .noverrides = 1 };
    const struct prt_run_spec spec = { .name = "kit", .pipe = &pipe_, .settings = &settings };
    struct prt_run *const run = prt_run_new(&spec);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 64);

    pipe_.items = 200;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "limited", .run = limited_run, .leaf = true,
                                                .rate = rate_new(run, 5, 1) }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    check_pace(20, 1, 0, 200);
}
END_TEST

/* A rate and a bound: a body that waits for its permit of the bound has not used one of the rate. */
START_TEST(rate_and_bound)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 64);
    const struct prt_bound_use use = {
        prt_bound_add(run, &(struct prt_bound_spec){ .name = "bound", .permits = 2 }), NULL
    };

    pipe_.items = 200;
    pipe_.sleep = 500000000; /* so the bound lets four a second start */
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "limited", .run = limited_run, .leaf = true, .workers = 4,
                                                .bounds = &use, .nbounds = 1, .rate = rate_new(run, 10, 1) },
                                      .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.ended, 200);
    for (int i = 0; i + 2 < 200; i++)
        EACH(pipe_.times[i + 2] - pipe_.times[i] >= 500000000, "three at once at %d", i);
    ck_assert_uint_le(pipe_.times[199] - pipe_.times[0], 100 * (uint64_t)520000000);
}
END_TEST

/* ---- items that have a cost -------------------------------------------------------------------------------------- */

static const uint64_t *costs; /* of an item, by its number */

static uint64_t cost_of(struct prt_worker *worker, const void *item)
{
    (void)worker;
    return costs[((const struct kit_item *)item)->id];
}

static struct {
    uint64_t began[MOST]; /* by the item's number */
    _Atomic uint64_t n;
    uint64_t order[MOST];
} costed;

static void costed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        costed.began[item.id] = prt_virtual_now();
        costed.order[atomic_fetch_add(&costed.n, 1)] = item.id;
        if (pipe_.sleep)
            prt_virtual_sleep(pipe_.sleep);
    }
}

/* Runs items of such costs through a stage with a rate; when they began is in `costed`. */
static void run_costed(double per_second, uint64_t burst, const uint64_t *costs_, uint64_t items, uint32_t workers,
                       uint32_t cpus, bool blocking)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, workers), 64);

    machine_cpus = cpus;
    costs = costs_;
    costed.n = 0;
    pipe_.items = items;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "costed", .run = costed_run, .leaf = true, .workers = workers,
                                                .blocking = blocking, .cost = cost_of,
                                                .rate = rate_new(run, per_second, burst) }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(costed.n, items);
}

/* With a burst of one an item begins when all before it are paid for, to the nanosecond, and the first at once. */
START_TEST(cost_of_each)
{
    static uint64_t each[1000];
    const uint64_t items = sizeof each / sizeof *each;
    uint64_t permits = 0;

    for (uint64_t i = 0; i < items; i++)
        each[i] = i % 7;
    run_costed(1000, 1, each, items, (uint32_t)_i, (uint32_t)_i, false);
    for (uint64_t i = 1; i < items; i++) {
        if (each[i] > 0)
            EACH(costed.began[i] - costed.began[1] == permits * 1000000, "%ju: %ju ns after the first", (uintmax_t)i,
                 (uintmax_t)(costed.began[i] - costed.began[1]));
        permits += each[i];
    }
}
END_TEST

/* What costs no more than the burst waits for all of its permits; what costs more begins when the burst is there, and who
 * comes next waits until the rest is paid. */
START_TEST(cost_and_burst)
{
    static const uint64_t each[] = { 1, 3, 5, 20, 1, 0, 5, 1000000, 1 };
    static const uint64_t due[] = { 0, 3, 8, 13, 29, 29, 34, 39, 1000035 }; /* ms: k of the last permit that it waits for */

    run_costed(1000, 5, each, 9, (uint32_t)_i, (uint32_t)_i, false);
    for (size_t i = 0; i < 9; i++)
        if (each[i] > 0)
            EACH(costed.began[i] - costed.began[0] == due[i] * 1000000, "%zu: %ju ns after the first", i,
                 (uintmax_t)(costed.began[i] - costed.began[0]));
}
END_TEST

/* However many workers want cheap items, an expensive one gets its turn: items begin in the order in which they asked. */
START_TEST(cost_in_order)
{
    static uint64_t each[2000];
    const uint64_t items = KIT_SANITIZED ? 400 : 2000;

    for (uint64_t i = 0; i < items; i++)
        each[i] = i % 10 == 9 ? 30 : 1;
    pipe_.sleep = 20000000;
    run_costed(1000, 30, each, items, 16, 2, _i);
    for (uint64_t i = 0; i < items; i++) /* workers that take at once may ask the other way round */
        EACH(costed.order[i] < i + 16 && costed.order[i] + 16 > i, "%ju began as number %ju", (uintmax_t)costed.order[i],
             (uintmax_t)i);
}
END_TEST

/* While an item waits for its permits no other is taken; when it begins, however long its body lasts, another worker finds
 * the next at once. */
START_TEST(cost_passes_on)
{
    static const uint64_t each[] = { 1, 500, 0 };
    static const uint64_t due[] = { 0, 1, 1 };

    pipe_.sleep = 10000000000;
    run_costed(1000, 1, each, 3, 3, 4, false);
    for (size_t i = 0; i < 3; i++)
        EACH(costed.began[i] - costed.began[0] + 50000 - due[i] * 1000000 <= 100000, "%zu: %ju ns after the first", i,
             (uintmax_t)(costed.began[i] - costed.began[0]));
}
END_TEST

/* A stage whose items cost as much as a burst, beside one whose cost one: neither starves. */
START_TEST(cost_shared)
{
    static const uint64_t bursts[] = { 1, 10 };
    static uint64_t each[100];
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 8), *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 8);
    struct prt_rate *const rate = rate_new(run, 100, bursts[_i]);

    for (size_t i = 0; i < 100; i++)
        each[i] = 10;
    costs = each;
    costed.n = 0;
    pipe_.items = 100;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "one", .run = costed_run, .leaf = true, .workers = 4, .cost = cost_of,
                                                .rate = rate }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "two", .run = limited2_run, .leaf = true, .rate = rate },
                                      .in = { b } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(costed.n, 100);
    ck_assert_uint_eq(pipe_.of_stage[1], 100);
    /* They take turns: the 100 of the one are through when about as many of the other are. */
    for (size_t i = 1; i < 100; i++)
        EACH(pipe_.times[i] - pipe_.times[i - 1] >= 10000000, "burst exceeded at %zu", i);
    EACH(pipe_.times[99] - pipe_.times[0] >= 98 * 110000000ULL, "the other came first: %ju",
         (uintmax_t)(pipe_.times[99] - pipe_.times[0]));
    EACH(costed.began[99] - costed.began[0] <= 100 * 110000000ULL, "too slow: %ju",
         (uintmax_t)(costed.began[99] - costed.began[0]));
}
END_TEST

/* Who waits for a bound is not waited for, and has used no permit. */
START_TEST(cost_and_bound)
{
    static uint64_t each[200];
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 64);
    const struct prt_bound_use use = {
        prt_bound_add(run, &(struct prt_bound_spec){ .name = "bound", .permits = 2 }), NULL
    };

    for (size_t i = 0; i < 200; i++)
        each[i] = i % 3;
    costs = each;
    costed.n = 0;
    pipe_.items = 200;
    pipe_.sleep = 500000000; /* so the bound lets four a second start, of a mean cost of one */
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "costed", .run = costed_run, .leaf = true, .workers = 4,
                                                .bounds = &use, .nbounds = 1, .cost = cost_of, .rate = rate_new(run, 10, 2) },
                                      .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(costed.n, 200);
    ck_assert_uint_le(costed.began[costed.order[199]] - costed.began[costed.order[0]], 100 * (uint64_t)520000000);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("rate");

    unit_add(suite, "exact_pace", exact_pace, 0, sizeof paces / sizeof *paces);
    unit_add(suite, "no_drift", no_drift, 0, 1);
    unit_add(suite, "many_workers", many_workers, 0, 1);
    unit_add(suite, "sleeping_bodies", sleeping_bodies, 0, 1);
    unit_add(suite, "burst_after_a_gap", burst_after_a_gap, 0, 1);
    unit_add(suite, "no_burst_after_a_gap", no_burst_after_a_gap, 0, 1);
    unit_add(suite, "shared", shared, 0, 2);
    unit_add(suite, "shared_fairly", shared_fairly, 1, 4);
    unit_add(suite, "source", source, 0, 1);
    unit_add(suite, "overridden", overridden, 0, 1);
    unit_add(suite, "rate_and_bound", rate_and_bound, 0, 1);
    unit_add(suite, "cost_of_each", cost_of_each, 1, 2);
    unit_add(suite, "cost_and_burst", cost_and_burst, 1, 2);
    unit_add(suite, "cost_in_order", cost_in_order, 0, 2);
    unit_add(suite, "cost_passes_on", cost_passes_on, 0, 1);
    unit_add(suite, "cost_shared", cost_shared, 0, 2);
    unit_add(suite, "cost_and_bound", cost_and_bound, 0, 1);
    return unit_run(suite);
}
