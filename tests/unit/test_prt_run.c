/* Runs as a whole: exit statuses and messages, init and final, skipping, broken promises, what the settings change. */
#include "../torture/stage_kit.h"

#include "said.h"
#include "unit.h"

#include <sys/prctl.h>

static struct pipe {
    uint64_t items;
    _Atomic uint64_t received, sum, inits, finals, bodies;
    _Atomic uint64_t order;        /* pipeline's init 1, workers' init 2, workers' final 3, pipeline's final 4 */
    _Atomic bool out_of_order, stopped, failed;
    uint64_t burst;                /* how many a body of `many` emits */
    bool fail_init, fail_final;
} pipe_;

/* prt_run(), with what it prints on standard error in `said`. */
static int run_quietly(struct prt_run *run)
{
    const struct saying saying = said_begin();
    const int status = prt_run(run);

    said_end(saying);
    return status;
}

static void step(uint64_t to)
{
    const uint64_t from = atomic_exchange(&pipe_.order, to);

    if (from > to)
        pipe_.out_of_order = true;
}

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add(&pipe_.received, 1);
        atomic_fetch_add(&pipe_.sum, item.id);
    }
}

static struct prt_chan *source_to(struct prt_run *run, uint32_t receivers)
{
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, receivers), 8);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    return a;
}

START_TEST(all_done)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 1);

    pipe_.items = 1000;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { a } });
    ck_assert_int_eq(run_quietly(run), 0);
    ck_assert_str_eq(said, "");
    ck_assert_uint_eq(pipe_.received, 1000);
}
END_TEST

START_TEST(nothing_to_do)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 4);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .workers = 4 },
                                      .in = { a } });
    ck_assert_int_eq(run_quietly(run), 0);
    ck_assert_uint_eq(pipe_.received, 0);
}
END_TEST

/* ---- init and final --------------------------------------------------------------------------------------------- */

static void pipe_init(struct prt_worker *self, void *pipe)
{
    (void)pipe;
    step(1);
    if (pipe_.fail_init)
        prt_fail(self, "not today");
}

static void pipe_final(struct prt_worker *self, void *pipe)
{
    (void)pipe;
    step(4);
    pipe_.failed = prt_failed(self);
    if (pipe_.fail_final)
        prt_fail(self, "in the end");
}

static void worker_init(struct prt_worker *base)
{
    (void)base;
    step(2);
    atomic_fetch_add(&pipe_.inits, 1);
}

/* Emits how many items the worker had: 0 if none. */
static void worker_final(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = self->n[0] };

    step(3);
    atomic_fetch_add(&pipe_.finals, 1);
    prt_emit(&self->out[0], &item, sizeof item);
}

static void gather_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        self->n[0]++;
}

static int run_sections(uint32_t workers, bool blocking)
{
    static const struct prt_settings settings;
    const struct prt_run_spec spec = { .name = "kit", .pipe = &pipe_, .settings = &settings, .init = pipe_init,
                                       .final = pipe_final };
    struct prt_run *const run = prt_run_new(&spec);
    struct prt_chan *const a = source_to(run, workers), *const b = kit_chan(run, "b", kit_kind(workers, 1), 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "gather", .run = gather_run, .workers = workers,
                                                .blocking = blocking, .init = worker_init, .final = worker_final },
                                      .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { b } });
    return run_quietly(run);
}

START_TEST(finals_emit)
{
    const uint32_t workers = (uint32_t)_i;

    pipe_.items = 500;
    ck_assert_int_eq(run_sections(workers, _i == 7), 0);
    ck_assert_uint_eq(pipe_.inits, workers);
    ck_assert_uint_eq(pipe_.finals, workers);
    ck_assert_uint_eq(pipe_.received, workers);
    ck_assert_uint_eq(pipe_.sum, 500);
    ck_assert(!pipe_.out_of_order && !pipe_.failed);
    ck_assert_uint_eq(pipe_.order, 4);
}
END_TEST

START_TEST(pipeline_init_fails)
{
    pipe_.items = 500;
    pipe_.fail_init = true;
    ck_assert_int_eq(run_sections(2, false), 1);
    ck_assert_ptr_nonnull(strstr(said, "not today"));
    ck_assert_uint_eq(pipe_.sum, 0);
}
END_TEST

START_TEST(pipeline_final_fails)
{
    pipe_.items = 500;
    pipe_.fail_final = true;
    ck_assert_int_eq(run_sections(2, false), 1);
    ck_assert_ptr_nonnull(strstr(said, "in the end"));
    ck_assert_uint_eq(pipe_.sum, 500);
}
END_TEST

/* ---- failing ---------------------------------------------------------------------------------------------------- */

static void picky_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add(&pipe_.bodies, 1);
        if (item.id % 10 == 3)
            prt_fail(base, "item %d is bad", (int)item.id);
        else if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static int run_picky_on(enum prt_chan_kind kind, enum prt_on_fail on_fail, uint32_t workers)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", kind, 8), *const b = kit_chan(run, "b", kit_kind(workers, 1), 8);

    pipe_.items = 100;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "picky", .run = picky_run, .leaf = true, .workers = workers,
                                                .on_fail = on_fail }, .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { b } });
    return run_quietly(run);
}

/* No further body begins, whatever kind of channel the items lie in. */
START_TEST(fail_then_stop)
{
    static const enum prt_chan_kind kinds[] = { PRT_ONE_TO_ONE, PRT_RENDEZVOUS, PRT_GROWING };

    ck_assert_int_eq(run_picky_on(kinds[_i], PRT_THEN_STOP, 1), 1);
    ck_assert_ptr_nonnull(strstr(said, "picky"));
    ck_assert_ptr_nonnull(strstr(said, "item 3 is bad"));
    ck_assert_ptr_null(strstr(said, "item 13"));
    ck_assert_uint_eq(pipe_.bodies, 4);
}
END_TEST

START_TEST(fail_then_skip)
{
    ck_assert_int_eq(run_picky_on(kit_kind(1, (uint32_t)_i), PRT_THEN_SKIP, (uint32_t)_i), 1);
    ck_assert_ptr_nonnull(strstr(said, "picky"));
    ck_assert_ptr_nonnull(strstr(said, " is bad"));
    ck_assert_uint_eq(pipe_.bodies, 100);
    ck_assert_uint_eq(pipe_.received, 90);
}
END_TEST

/* A source that fails, with `then skip`: it ends, the rest goes on to its end. */
static void failing_source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = 1 };

    if (prt_emit(&self->out[0], &item, sizeof item))
        prt_fail(base, "no more");
}

START_TEST(source_fails_then_skip)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 1), *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_.items = 1000;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "failing", .run = failing_source_run,
                                                .on_fail = PRT_THEN_SKIP }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .merge = { a, b } });
    ck_assert_int_eq(run_quietly(run), 1);
    ck_assert_ptr_nonnull(strstr(said, "no more"));
    ck_assert_uint_eq(pipe_.received, 1001);
}
END_TEST

/* ---- stop, finish, stopping ------------------------------------------------------------------------------------- */

static void stopper_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add(&pipe_.received, 1);
        if (item.id >= 500) {
            prt_stop(base);
            prt_stop(base);
        }
        pipe_.stopped = prt_stopping(base);
        pipe_.failed = prt_failed(base);
    }
}

START_TEST(stop)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 1);

    pipe_.items = UINT64_MAX;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "stopper", .run = stopper_run, .leaf = true }, .in = { a } });
    ck_assert_int_eq(run_quietly(run), 0);
    ck_assert_str_eq(said, "");
    ck_assert_uint_ge(pipe_.received, 501);
    ck_assert(!pipe_.failed);
}
END_TEST

static void finishing_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = self->n[0]++ };

    if (self->n[0] == 5)
        prt_finish(base);
    prt_emit(&self->out[0], &item, sizeof item);
}

/* finish() ends its own source, also one that would tick for ever. */
START_TEST(finish)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 1), *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 8);

    pipe_.items = 1000;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "finishing", .run = finishing_run, .every = 1000000 },
                                      .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .merge = { a, b } });
    ck_assert_int_eq(run_quietly(run), 0);
    ck_assert_uint_eq(pipe_.received, 1005);
}
END_TEST

/* ---- promises --------------------------------------------------------------------------------------------------- */

static void many_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        prt_begin(&self->out[0]);
        for (uint64_t i = 0; i < pipe_.burst; i++)
            if (!prt_emit(&self->out[0], &item, sizeof item))
                break;
        if (!prt_kept(&self->out[0], 2, 3))
            return;
    }
}

/* A body that promised 2 or 3 items sends from 0 to 5. */
START_TEST(promises)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 1), *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 1);
    const bool kept = _i == 2 || _i == 3;

    pipe_.items = 100;
    pipe_.burst = (uint64_t)_i;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "many", .run = many_run, .leaf = true }, .in = { a },
                                      .out = { b }, .most = { 3 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { b } });
    ck_assert_int_eq(run_quietly(run), !kept);
    if (kept)
        ck_assert_uint_eq(pipe_.received, pipe_.burst * 100);
    else
        ck_assert_msg(strstr(said, "many") && strstr(said, "b"), "it said: %s", said);
}
END_TEST

/* ---- settings --------------------------------------------------------------------------------------------------- */

static int run_set(const struct prt_settings *settings, bool fixed)
{
    const struct prt_run_spec spec = { .name = "kit", .pipe = &pipe_, .settings = settings };
    struct prt_run *const run = prt_run_new(&spec);
    struct prt_chan *const a = source_to(run, 4), *const b = kit_chan(run, "b", kit_kind(4, 1), 1);

    pipe_.items = 100;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "gather", .run = gather_run, .workers = 2, .fixed = fixed,
                                                .init = worker_init, .final = worker_final },
                                      .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { b } });
    return run_quietly(run);
}

START_TEST(workers_overridden)
{
    const struct prt_override override = { .name = "gather", .workers = (uint64_t)_i };

    ck_assert_int_eq(run_set(&(struct prt_settings){ .overrides = &override, .noverrides = 1 }, false), 0);
    ck_assert_uint_eq(pipe_.inits, _i);
    ck_assert_uint_eq(pipe_.sum, 100);
}
END_TEST

START_TEST(stats)
{
    ck_assert_int_eq(run_set(&(struct prt_settings){ .stats = true }, false), 0);
    ck_assert_ptr_nonnull(strstr(said, "gather"));
    ck_assert_ptr_nonnull(strstr(said, "sink"));
    ck_assert_ptr_nonnull(strstr(said, "100"));
}
END_TEST

START_TEST(stats_json)
{
    ck_assert_int_eq(run_set(&(struct prt_settings){ .stats = true, .stats_json = true }, false), 0);
    ck_assert_int_eq(said[0], '{');
    ck_assert_str_eq(said + strlen(said) - 2, "}\n");
    ck_assert_ptr_nonnull(strstr(said, "\"gather\""));
}
END_TEST

/* Two copies of a pipeline in one process do not know of each other. */
static void nested_run(struct prt_worker *base)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 1);

    (void)base;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { a } });
    pipe_.stopped = prt_run(run) == 0;
}

START_TEST(nested)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_.items = 100;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "nested", .run = nested_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { a } });
    ck_assert_int_eq(run_quietly(run), 0);
    ck_assert(pipe_.stopped);
    ck_assert_uint_eq(pipe_.received, 100);
}
END_TEST

/* ---- many threads ----------------------------------------------------------------------------------------------- */

static _Atomic int futex_slots;

static void sleeper_run(struct prt_worker *base)
{
    futex_slots = prctl(78, 2, 0UL, 0UL, 0UL); /* PR_FUTEX_HASH_GET_SLOTS, where the kernel has it */
    sink_run(base);
}

/* The kernel's table of those who sleep grows with them, or each wake goes past hundreds. By itself it has 4 slots a
 * processor. */
START_TEST(many_sleep)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = source_to(run, 400);

    pipe_.items = 100;
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = sleeper_run, .leaf = true, .blocking = true, .workers = 400 }, .in = { a } });
    ck_assert_int_eq(run_quietly(run), 0);
    ck_assert_uint_eq(pipe_.received, 100);
    ck_assert(futex_slots < 0 || futex_slots >= 100);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("run");
    TCase *const tcase = tcase_create("run");

    tcase_set_timeout(tcase, UNIT_HANG);
    tcase_add_test(tcase, all_done);
    tcase_add_test(tcase, nothing_to_do);
    tcase_add_loop_test(tcase, finals_emit, 1, 8);
    tcase_add_test(tcase, pipeline_init_fails);
    tcase_add_test(tcase, pipeline_final_fails);
    tcase_add_loop_test(tcase, fail_then_stop, 0, 3);
    tcase_add_loop_test(tcase, fail_then_skip, 1, 4);
    tcase_add_test(tcase, source_fails_then_skip);
    tcase_add_test(tcase, stop);
    tcase_add_test(tcase, finish);
    tcase_add_loop_test(tcase, promises, 0, 6);
    tcase_add_loop_test(tcase, workers_overridden, 1, 5);
    tcase_add_test(tcase, stats);
    tcase_add_test(tcase, stats_json);
    tcase_add_test(tcase, nested);
    tcase_add_test(tcase, many_sleep);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
