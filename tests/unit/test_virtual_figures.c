/* Where the time goes, with a clock that jumps: bodies take virtual time, so a worker's shares are what the pipeline makes of
 * them, whatever machine it runs on and what else that does. */
#include "../torture/stage_kit.h"

#include <platform/virtual.h>

#include "said.h"
#include "unit.h"

#define SECOND ((uint64_t)1000000000)
#define MS ((uint64_t)1000000)

static struct pipe {
    uint64_t items;
    uint64_t sleep; /* of a body, ns */
    uint64_t every; /* 0: each body sleeps; else each so-manieth alone */
} pipe_;

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++)
        if (!prt_emit(&self->out[0], &(struct kit_item){ .id = id }, sizeof(struct kit_item)))
            return;
}

static void slow_source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        prt_virtual_sleep(pipe_.sleep);
        if (!prt_emit(&self->out[0], &(struct kit_item){ .id = id }, sizeof(struct kit_item)))
            return;
    }
}

static void pausing_source_run(struct prt_worker *base)
{
    source_run(base);
    prt_virtual_sleep(SECOND);
}

static void waiting_source_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_.items; id++)
        prt_wait_for(base, -1, 0, (int64_t)pipe_.sleep);
}

/* Of the same bodies, one tick each. */
static void tick_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    if (self->n[0]++ == pipe_.items)
        prt_stop(base);
    else
        prt_emit(&self->out[0], &(struct kit_item){ .id = self->n[0] }, sizeof(struct kit_item));
}

static void work_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (pipe_.every == 0 || item.id % pipe_.every == 0)
            prt_virtual_sleep(pipe_.sleep);
        if (self->out[0].port)
            prt_emit(&self->out[0], &item, sizeof item);
    }
}

static void pull_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    while (prt_next(&self->in[0], &item))
        prt_emit(&self->out[0], &item, sizeof item);
}

static void try_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_attempt(&self->in[0], &item)) {
        if (self->n[0]++ % 2 == 0)
            prt_fail_after(base, (int64_t)pipe_.sleep, "not yet");
        prt_settle(base, &item, NULL);
    }
}

static void sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        ;
}

/* More to one of them than fits, and only then to the other. */
static void lopsided_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (size_t i = 0; i < 2; i++)
        for (uint64_t id = 0; id < pipe_.items; id++)
            if (!prt_emit(&self->out[i], &(struct kit_item){ .id = id }, sizeof(struct kit_item)))
                return;
}

static void copy_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        for (size_t i = 0; i < 2; i++)
            prt_emit(&self->out[i], &item, sizeof item);
}

/* As many of one as come, and none of the other before. */
static void one_first_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    while (prt_next(&self->in[0], &item))
        ;
    while (prt_next(&self->in[1], &item))
        ;
}

static void clock_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    if (++self->n[0] == 10)
        prt_stop(base);
}

/* ---- a run and what it says --------------------------------------------------------------------------------------- */

static const struct prt_settings watched = { .stats = true, .stats_json = true };

static struct prt_run *run_new(void)
{
    struct prt_run *run = prt_run_new(&(struct prt_run_spec){ .name = "kit", .pipe = &pipe_, .settings = &watched });

    ck_assert_ptr_nonnull(run);
    return run;
}

static void run_all(struct prt_run *run)
{
    const struct saying saying = said_begin();

    prt_run(run);
    said_end(saying);
}

/* A number of the stage or channel of that name. */
static double figure(const char *name, const char *key)
{
    char head[64];
    const char *at;

    snprintf(head, sizeof head, "\"name\":\"%s\"", name);
    at = strstr(said, head);
    ck_assert_msg(at != NULL, "nothing of %s: %s", name, said);
    snprintf(head, sizeof head, "\"%s\":", key);
    at = strstr(at, head);
    ck_assert_msg(at != NULL, "no %s of %s: %s", key, name, said);
    return strtod(at + strlen(head), NULL);
}

static void is_about(const char *name, const char *key, double wanted)
{
    const double is = figure(name, key);

    ck_assert_msg(is >= wanted - 0.1 && is <= wanted + 0.1, "%s of %s is %.3f and not %.3f: %s", key, name, is, wanted, said);
}

/* A source, the stage of that specification, a sink, and what they do. */
static void run_line(struct prt_stage_spec source, struct prt_stage_spec spec, uint64_t capacity)
{
    struct prt_run *const run = run_new();
    const bool many = spec.workers > 1;
    struct prt_chan *const a =
        kit_chan(run, "a", capacity == 0 ? PRT_RENDEZVOUS : many ? PRT_ONE_TO_MANY : PRT_ONE_TO_ONE, capacity);
    struct prt_chan *const b = kit_chan(run, "b", many ? PRT_MANY_TO_ONE : PRT_ONE_TO_ONE, 16);

    source.name = "source";
    spec.name = "work";
    spec.leaf = true;
    if (spec.rate)
        spec.rate = prt_rate_add(run, (const struct prt_rate_spec *)spec.rate);
    kit_add(run, &(struct kit_stage){ .spec = source, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = spec, .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .blocking = spec.blocking },
                                      .in = { b } });
    run_all(run);
}

/* ---- tests: `_i` says whether the stages have threads of their own ------------------------------------------------ */

START_TEST(slow_stage)
{
    pipe_ = (struct pipe){ .items = 200, .sleep = 10 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i }, 8);
    is_about("work", "busy", 1);
    is_about("source", "room", 0.95);
    is_about("source", "ended", 0.05);
    is_about("sink", "item", 1);
    is_about("a", "senders_waiting", 0.95);
    is_about("b", "empty", 1);
    ck_assert_msg(figure("a", "mean_fill") > 5, "%s", said);
    /* Little's law: as long as so many bodies take. */
    ck_assert_msg(figure("a", "wait_ns") > 50e6 && figure("a", "wait_ns") < 90e6, "%s", said);
}
END_TEST

/* It has waited, and does not any more. */
START_TEST(waited_before)
{
    pipe_ = (struct pipe){ .items = 10, .sleep = 10 * MS };
    run_line((struct prt_stage_spec){ .run = pausing_source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i }, 2);
    is_about("source", "busy", 0.95);
}
END_TEST

START_TEST(slow_source)
{
    pipe_ = (struct pipe){ .items = 200, .sleep = 10 * MS, .every = 1000000 };
    run_line((struct prt_stage_spec){ .run = slow_source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i }, 8);
    is_about("source", "busy", 1);
    is_about("work", "item", 1);
    is_about("a", "empty", 1);
}
END_TEST

START_TEST(rendezvous)
{
    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i }, 0);
    is_about("source", "room", 1);
    is_about("a", "senders_waiting", 1);
}
END_TEST

/* Bodies take half of the time between two permits. */
START_TEST(rate)
{
    const struct prt_rate_spec spec = { .name = "rate", .per_second = 25, .burst = 1 };

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i, .rate = (struct prt_rate *)&spec }, 8);
    is_about("work", "busy", 0.5);
    is_about("work", "rate", 0.5);
}
END_TEST

static void sender_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(((const struct kit_item *)item)->sender);
}

/* The same for each key, of which there is one: what is set aside waits for its rate, and so do free workers. */
START_TEST(rate_of_key)
{
    const struct prt_keyed_spec keyed = { .kind = PRT_RATE_PER_KEY, .key = sender_key, .per_second = 25, .burst = 1, .name = "rate" };

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i, .keyed = &keyed, .nkeyed = 1, .workers = 2 }, 8);
    is_about("work", "busy", 0.25);
    is_about("work", "rate", 0.75);
}
END_TEST

/* What is set aside waits for a body of its key, and a free worker for that. */
START_TEST(bound_of_key)
{
    const struct prt_keyed_spec keyed = { .kind = PRT_BOUND_PER_KEY, .key = sender_key, .permits = 1, .name = "bound" };

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i, .keyed = &keyed, .nkeyed = 1, .workers = 2 }, 8);
    is_about("work", "busy", 0.5);
    is_about("work", "bound", 0.5);
}
END_TEST

/* A worker by whose key nothing comes waits for an item. */
START_TEST(by_key)
{
    const struct prt_keyed_spec keyed = { .kind = PRT_BY_KEY, .key = sender_key, .name = "by" };

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i, .keyed = &keyed, .nkeyed = 1, .workers = 2 }, 8);
    is_about("work", "busy", 0.5);
    is_about("work", "item", 0.5);
}
END_TEST

static void id_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(((const struct kit_item *)item)->id);
}

/* Each worker has items of its own, and the first of them waits for a body that another has. */
START_TEST(by_key_and_bound)
{
    const struct prt_keyed_spec keyed[] = { { .kind = PRT_BY_KEY, .key = id_key, .name = "by" },
                                            { .kind = PRT_BOUND_PER_KEY, .key = sender_key, .permits = 1, .name = "bound" } };

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i, .keyed = keyed, .nkeyed = 2, .workers = 2 }, 64);
    is_about("work", "busy", 0.5);
    is_about("work", "bound", 0.5);
}
END_TEST

/* The same with a rate; and a worker by whose key nothing comes waits for an item, whatever the others' items lack. */
START_TEST(by_key_and_rate)
{
    const bool alone = _i >= 2;
    const struct prt_keyed_spec keyed[] = { { .kind = PRT_BY_KEY, .key = alone ? sender_key : id_key, .name = "by" },
                                            { .kind = PRT_RATE_PER_KEY, .key = sender_key, .per_second = 25, .burst = 1,
                                              .name = "rate" } };

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i & 1 },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i & 1, .keyed = keyed, .nkeyed = 2, .workers = 2 }, 64);
    is_about("work", "busy", 0.25);
    is_about("work", "rate", alone ? 0.25 : 0.75);
    is_about("work", "item", alone ? 0.5 : 0);
}
END_TEST

START_TEST(rate_of_source)
{
    const struct prt_rate_spec spec = { .name = "rate", .per_second = 25, .burst = 1 };

    pipe_ = (struct pipe){ .items = 100, .every = 1000000 };
    {
        struct prt_run *const run = run_new();
        struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 8);

        kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run, .blocking = _i,
                                                    .rate = prt_rate_add(run, &spec) }, .out = { a } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { a } });
        run_all(run);
    }
    is_about("source", "rate", 1);
    is_about("sink", "item", 1);
}
END_TEST

START_TEST(ticks)
{
    pipe_ = (struct pipe){ .items = 40, .every = 1000000 };
    run_line((struct prt_stage_spec){ .run = tick_run, .every = 50 * MS, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .blocking = _i }, 8);
    is_about("source", "rate", 1);
}
END_TEST

/* Two workers, one permit. */
START_TEST(bound)
{
    struct prt_run *const run = run_new();
    struct prt_bound *const one = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 });
    const struct prt_bound_use uses[] = { { one, NULL } };
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 8);

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "work", .run = work_run, .leaf = true, .workers = 2, .blocking = _i,
                                                .bounds = uses, .nbounds = 1 }, .in = { a } });
    run_all(run);
    is_about("work", "busy", 0.5);
    is_about("work", "bound", 0.5);
}
END_TEST

/* One item in four takes its time, and the other worker, which runs ahead by two, waits for its turn. */
START_TEST(turn)
{
    pipe_ = (struct pipe){ .items = 200, .sleep = 40 * MS, .every = 4 };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = work_run, .workers = 2, .ordered = true, .ahead = 2, .blocking = _i }, 8);
    is_about("work", "busy", 0.5);
    is_about("work", "turn", 0.5);
}
END_TEST

START_TEST(retry)
{
    pipe_ = (struct pipe){ .items = 50, .sleep = 40 * MS };
    run_line((struct prt_stage_spec){ .run = source_run, .blocking = _i },
             (struct prt_stage_spec){ .run = try_run, .retries = 2, .backoff_low = MS, .backoff_high = MS, .blocking = _i }, 8);
    is_about("work", "retry", 1);
}
END_TEST

START_TEST(kernel)
{
    struct prt_run *const run = run_new();

    pipe_ = (struct pipe){ .items = 50, .sleep = 40 * MS };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = waiting_source_run, .blocking = _i } });
    run_all(run);
    is_about("source", "kernel", 1);
}
END_TEST

START_TEST(pulled)
{
    struct prt_run *const run = run_new();
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 8);
    struct prt_chan *const b = kit_chan(run, "b", PRT_ONE_TO_ONE, 8);

    pipe_ = (struct pipe){ .items = 100, .sleep = 20 * MS };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = slow_source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "work", .run = pull_run, .blocking = _i }, .pull = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { b } });
    run_all(run);
    is_about("work", "item", 1);
}
END_TEST

/* Whoever once waited for room in the second of its channels waits for an item like any other. */
START_TEST(circle)
{
    const struct prt_settings settings = { .stats = true, .stats_json = true, .drain = SECOND };
    struct prt_run *const run = prt_run_new(&(struct prt_run_spec){ .name = "kit", .pipe = &pipe_, .settings = &settings });
    struct prt_chan *const early = kit_chan(run, "early", PRT_ONE_TO_ONE, 8);
    struct prt_chan *const late = kit_chan(run, "late", PRT_ONE_TO_ONE, 8);
    struct prt_chan *const copied = kit_chan(run, "copied", PRT_ONE_TO_ONE, 64);
    struct prt_chan *const slow = kit_chan(run, "slow", PRT_ONE_TO_ONE, 1);

    pipe_ = (struct pipe){ .items = 20, .sleep = 10 * MS };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "send", .run = lopsided_run, .blocking = _i }, .out = { early, late } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "copy", .run = copy_run, .leaf = true, .blocking = _i }, .in = { early },
                                      .out = { copied, slow }, .most = { 1, 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "join", .run = one_first_run, .blocking = _i }, .pull = { copied, late } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "work", .run = work_run, .leaf = true, .blocking = _i }, .in = { slow } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "clock", .run = clock_run, .every = SECOND, .daemon = true } });
    run_all(run);
    ck_assert_msg(strstr(said, "\"kind\":\"circle\"") != NULL, "%s", said);
}
END_TEST

/* More slots than one look has time for: each is looked at in turn. */
START_TEST(many_workers)
{
    pipe_ = (struct pipe){ .items = 6000, .sleep = SECOND };
    run_line((struct prt_stage_spec){ .run = source_run }, (struct prt_stage_spec){ .run = work_run, .workers = 3000 }, 64);
    ck_assert_msg(figure("work", "looks") < 1000.5 * (figure("source", "looks") + 400), "%s", said);
    is_about("work", "busy", 0.9);
}
END_TEST

/* Who looks wakes up a hundred times a second; nobody looks, and nothing happens. */
START_TEST(looks)
{
    uint64_t asleep, looked;
    struct prt_run *run = kit_run_new(&pipe_);

    pipe_ = (struct pipe){ .items = 1, .sleep = 10 * SECOND };
    asleep = prt_virtual_jumps();
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = waiting_source_run } });
    prt_run(run);
    asleep = prt_virtual_jumps() - asleep;
    run = run_new();
    looked = prt_virtual_jumps();
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = waiting_source_run } });
    run_all(run);
    looked = prt_virtual_jumps() - looked;
    ck_assert_msg(asleep < 100, "%ju wake-ups", (uintmax_t)asleep);
    ck_assert_msg(looked > 900 && looked < 1200, "%ju wake-ups", (uintmax_t)looked);
    ck_assert_msg(figure("source", "looks") > 900 && figure("source", "looks") < 1100, "%s", said);
}
END_TEST

int main(void)
{
    const struct {
        const char *name;
        const TTest *test;
        int kinds;
    } tests[] = {
        { "slow_stage", slow_stage, 2 }, { "waited_before", waited_before, 2 }, { "slow_source", slow_source, 2 },
        { "rendezvous", rendezvous, 2 }, { "rate", rate, 2 }, { "rate_of_key", rate_of_key, 2 },
        { "bound_of_key", bound_of_key, 2 }, { "by_key", by_key, 2 },
        { "by_key_and_bound", by_key_and_bound, 2 }, { "by_key_and_rate", by_key_and_rate, 4 },
        { "rate_of_source", rate_of_source, 2 }, { "ticks", ticks, 2 }, { "bound", bound, 2 }, { "turn", turn, 2 },
        { "retry", retry, 2 }, { "kernel", kernel, 2 }, { "pulled", pulled, 2 }, { "circle", circle, 2 }, { "many_workers", many_workers, 1 },
        { "looks", looks, 1 },
    };
    Suite *const suite = suite_create("figures");

    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        unit_add(suite, tests[i].name, tests[i].test, 0, tests[i].kinds);
    return unit_run(suite);
}
