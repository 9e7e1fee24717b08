/* Retries and timeouts, with a clock that jumps: the delays between attempts, what they cost, when they end. */
#include "../torture/stage_kit.h"

#include <platform/virtual.h>

#include "unit.h"
#include "virtual_machine.h"

#define SECOND ((uint64_t)1000000000)
#define MS ((uint64_t)1000000)

enum { TIMES = 4000 };

static struct pipe {
    uint64_t items;
    unsigned fails;           /* attempts of each item */
    int64_t after;            /* what the second attempt asks for */
    uint64_t sleep;           /* a body's, ns */
    uint64_t asks;            /* sleep before the body asks whether it is in time, ns; 0: it does not ask */
    _Atomic uint64_t in_time; /* bodies that were */
    uint64_t times[TIMES];    /* when attempts began */
    _Atomic uint64_t n;
    _Atomic uint64_t done, late;
    _Atomic int64_t least;    /* remaining() when a body began */
    unsigned tried[TIMES];
} pipe_;

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void body(struct kit_worker *self, struct kit_item *item)
{
    const uint64_t n = atomic_fetch_add(&pipe_.n, 1);
    const unsigned attempt = ++pipe_.tried[item->id];

    if (n < TIMES)
        pipe_.times[n] = prt_virtual_now();
    atomic_store(&pipe_.least, prt_remaining(&self->base));
    if (pipe_.asks) {
        prt_virtual_sleep(pipe_.asks);
        atomic_fetch_add(&pipe_.in_time, prt_in_time(&self->base));
    }
    if (pipe_.sleep)
        prt_virtual_sleep(pipe_.sleep);
    if (self->out[0].port && !prt_emit_in_time(&self->out[0], item, sizeof *item)) {
        atomic_fetch_add(&pipe_.late, 1);
        return;
    }
    if (attempt <= pipe_.fails)
        prt_fail_after(&self->base, attempt == 2 ? pipe_.after : 0, "attempt %u", attempt);
}

static void try_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_attempt(&self->in[0], &item)) {
        body(self, &item);
        prt_settle(base, &item, NULL);
    }
}

static void count_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        atomic_fetch_add(&pipe_.done, 1);
}

/* A source, the stage of that specification, a sink. `per_second`: permits for the stage's attempts, one at a time; 0: it
 * has no rate. Returns the exit status; `took`: virtual ns. */
static int run_pipe(struct prt_stage_spec spec, double per_second, uint64_t *took)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    const bool many = spec.workers > 1;
    struct prt_chan *const a = kit_chan(run, "a", many ? PRT_ONE_TO_MANY : PRT_ONE_TO_ONE, 16);
    struct prt_chan *const b = kit_chan(run, "b", many ? PRT_MANY_TO_ONE : PRT_ONE_TO_ONE, 16);
    const uint64_t from = prt_virtual_now();
    int status;

    spec.name = "try";
    spec.run = try_run;
    spec.leaf = true;
    spec.on_fail = PRT_THEN_SKIP;
    if (per_second > 0)
        spec.rate = prt_rate_add(run, &(struct prt_rate_spec){ .name = "rate", .per_second = per_second, .burst = 1 });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = spec, .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = count_run, .leaf = true }, .in = { b } });
    status = prt_run(run);
    *took = prt_virtual_now() - from;
    return status;
}

/* Delay k lies within a quarter of LO * 2^(k - 1), and of HI; fail_after() wins over both. */
START_TEST(delays)
{
    static const uint64_t wanted[] = { 100 * MS, 500 * MS, 400 * MS, 800 * MS, 1000 * MS, 1000 * MS };
    uint64_t took;

    pipe_ = (struct pipe){ .items = 1, .fails = 6, .after = (int64_t)(500 * MS) };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .retries = 6, .backoff_low = 100 * MS,
                                                       .backoff_high = SECOND }, 0, &took), 0);
    ck_assert_uint_eq(pipe_.n, 7);
    ck_assert_uint_eq(pipe_.done, 1);
    for (int k = 0; k < 6; k++) {
        const uint64_t delay = pipe_.times[k + 1] - pipe_.times[k];
        const uint64_t spread = k == 1 ? 0 : wanted[k] / 4;

        ck_assert_msg(delay >= wanted[k] - spread && delay <= wanted[k] + spread + 5 * MS, "delay %d: %ju ns", k + 1,
                      (uintmax_t)delay);
    }
}
END_TEST

/* A time that has come, as of a delay that was computed from a clock, is no wait and no end. */
START_TEST(past)
{
    static const int64_t ago[] = { -2, -(int64_t)SECOND, INT64_MIN };

    for (size_t i = 0; i < sizeof ago / sizeof *ago; i++) {
        uint64_t took;

        pipe_ = (struct pipe){ .items = 1, .fails = 3, .after = ago[i] };
        ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .retries = 3, .backoff_low = SECOND,
                                                           .backoff_high = SECOND }, 0, &took), 0);
        ck_assert_uint_eq(pipe_.n, 4);
        ck_assert_uint_eq(pipe_.done, 1);
        ck_assert_msg(took >= 9 * SECOND / 4 && took < 4 * SECOND, "%ju ns", (uintmax_t)took);
    }
}
END_TEST

/* An attempt says that no other would do better: then there is none. */
START_TEST(no_next)
{
    uint64_t took;

    pipe_ = (struct pipe){ .items = 3, .fails = 6, .after = -1 };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .retries = 6, .backoff_low = SECOND,
                                                       .backoff_high = SECOND }, 0, &took), 1);
    ck_assert_uint_eq(pipe_.n, 6); /* the second attempt of each */
    ck_assert_uint_eq(pipe_.done, 0);
    ck_assert_uint_lt(took, 4 * SECOND);
}
END_TEST

/* Thousands wait at once, on no thread, and none of them for another. */
START_TEST(many_wait)
{
    uint64_t took;

    pipe_ = (struct pipe){ .items = 2000, .fails = 1 };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 2000, .retries = 1, .backoff_low = SECOND,
                                                       .backoff_high = SECOND }, 0, &took), 0);
    ck_assert_uint_eq(pipe_.done, 2000);
    ck_assert_uint_eq(pipe_.n, 4000);
    ck_assert_msg(took >= 3 * SECOND / 4 && took < 2 * SECOND, "%ju ns", (uintmax_t)took);
}
END_TEST

/* Each attempt takes a permit of the rate. */
START_TEST(permits)
{
    uint64_t took;

    pipe_ = (struct pipe){ .items = 10, .fails = 1 };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 4, .retries = 1 }, 10, &took), 0);
    ck_assert_uint_eq(pipe_.n, 20);
    ck_assert_msg(took >= 19 * SECOND / 10 && took < 22 * SECOND / 10, "%ju ns", (uintmax_t)took);
}
END_TEST

/* Each attempt has all of its time; a late one has failed at its emit, and what it sent is not there. */
START_TEST(timeouts)
{
    uint64_t took;

    pipe_ = (struct pipe){ .items = 3, .sleep = 2 * SECOND };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .retries = 1, .timeout = SECOND }, 0, &took), 1);
    ck_assert_uint_eq(pipe_.n, 6);
    ck_assert_uint_eq(pipe_.late, 6);
    ck_assert_uint_eq(pipe_.done, 0);
    ck_assert_int_eq(pipe_.least, SECOND);
    ck_assert_uint_ge(took, 12 * SECOND);

    pipe_ = (struct pipe){ .items = 3, .sleep = SECOND / 2 };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .timeout = SECOND }, 0, &took), 0);
    ck_assert_uint_eq(pipe_.done, 3);
}
END_TEST

/* Who has asked in time is not late by what follows, in each of its attempts; who asks when it is late, is. */
START_TEST(in_time)
{
    uint64_t took;

    pipe_ = (struct pipe){ .items = 3, .fails = 1, .asks = SECOND / 2, .sleep = 2 * SECOND };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .retries = 1, .timeout = SECOND }, 0, &took), 0);
    ck_assert_uint_eq(pipe_.in_time, 6);
    ck_assert_uint_eq(pipe_.n, 6);
    ck_assert_uint_eq(pipe_.late, 0);
    ck_assert_uint_eq(pipe_.done, 3);

    pipe_ = (struct pipe){ .items = 3, .asks = 2 * SECOND };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .timeout = SECOND }, 0, &took), 1);
    ck_assert_uint_eq(pipe_.in_time, 0);
    ck_assert_uint_eq(pipe_.late, 3);
    ck_assert_uint_eq(pipe_.done, 0);

    pipe_ = (struct pipe){ .items = 3, .asks = SECOND };
    ck_assert_int_eq(run_pipe((struct prt_stage_spec){ .workers = 1, .retries = 1 }, 0, &took), 0);
    ck_assert_uint_eq(pipe_.in_time, 3);
}
END_TEST

static void finish_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add(&pipe_.done, 1);
        prt_virtual_sleep(SECOND);
        prt_finish(base);
    }
}

static void one_fails_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_attempt(&self->in[0], &item)) {
        if (item.id > 0)
            prt_fail(base, "as it was told");
        else
            prt_emit(&self->out[0], &item, sizeof item);
        prt_settle(base, &item, NULL);
    }
}

/* Nobody wants results any more while an item waits for hours: it is cut then. */
static void run_finished(bool blocking)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 16);
    struct prt_chan *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 16);
    const uint64_t from = prt_virtual_now();

    pipe_ = (struct pipe){ .items = 2 };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "try", .run = one_fails_run, .leaf = true, .blocking = blocking,
                                                .retries = 3, .backoff_low = 10000 * SECOND, .backoff_high = 10000 * SECOND },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "finish", .run = finish_run, .leaf = true }, .in = { b } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_uint_eq(pipe_.done, 1);
    ck_assert_uint_lt(prt_virtual_now() - from, 100 * SECOND);
}

START_TEST(finished)
{
    run_finished(false);
    run_finished(true);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { delays, no_next, past, many_wait, permits, timeouts, in_time, finished };

    return unit_run_all("attempts", tests, sizeof tests / sizeof *tests);
}
