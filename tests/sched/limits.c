/* Bounds, weights, rates: never more bodies at once than permits, nobody overtaken, no permit lost. */
#include "pipes.h"

#include "pool/run_state.h"

static void counted_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.inside += 1 + item.seq;
        if (pipe_state.inside > pipe_state.most_inside)
            pipe_state.most_inside = pipe_state.inside;
        pipe_state.begun[0][item.id]++;
        prt_load(&base->run->unfinished); /* others may run */
        sched_sleep(1000);
        pipe_state.inside -= 1 + item.seq;
        pipe_state.norder++;
    }
}

static uint64_t weight_of(struct prt_worker *base, const void *opaque)
{
    const struct kit_item *const item = opaque;

    (void)base;
    return 1 + item->seq;
}

static void heavy_run(struct prt_worker *base) /* items of weights 1, 2, 1, 2 */
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id, .seq = id % 2 };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void light_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

/* `workers` of one stage, or one of each of two, share a bound of `permits`. */
static void bounded(uint64_t permits, uint32_t workers, bool weights, bool blocking, uint64_t items)
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 2);
    const struct prt_bound_use use = {
        .bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "few", .permits = permits }),
        .weight = weights ? weight_of : NULL
    };

    pipe_source(run, a, weights ? heavy_run : light_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = counted_run, .leaf = !blocking,
                                                .workers = workers, .blocking = blocking, .bounds = &use,
                                                .nbounds = 1 },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.most_inside <= permits, "%llu units at once of %llu",
                (unsigned long long)pipe_state.most_inside, (unsigned long long)permits);
    pipe_check_all();
}

void bound_one(void)
{
    bounded(1, 2, false, false, 3);
}

void bound_two_of_three(void)
{
    bounded(2, 3, false, false, 4);
}

void bound_weights(void)
{
    bounded(2, 3, true, false, 4);
}

void bound_blocking(void)
{
    bounded(1, 2, false, true, 3);
}

/* Two bounds are taken in one order by all. */
void bound_two_bounds(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    const struct prt_bound_use uses[2] = {
        { .bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 }) },
        { .bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "two", .permits = 2 }) }
    };

    pipe_source(run, a, light_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = counted_run, .leaf = true, .workers = 2,
                                                .bounds = uses, .nbounds = 2 },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.most_inside == 1, "two bodies at once");
    pipe_check_all();
}

/* Torn down while slots wait for a permit. */
void bound_fail(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_bound *const one = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 });
    const struct prt_bound_use use = { .bound = one };

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .workers = 2,
                                                .bounds = &use, .nbounds = 1 },
                                      .in = { a } });
    pipe_state.fail_at = sched_choose(4);
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
}

/* ---- permits by hand -------------------------------------------------------------------------------------------- */

static struct prt_bound bound;
static struct prt_slot slots[3];
static struct prt_permit permits[3];
static struct prt_stage stage;
static struct prt_thread owners[3];
static uint64_t units_inside;

/* Three threads take one, two and two of two permits, twice each. The slots have owners: a grant sets their event. */
static void take_permits(void *opaque)
{
    const uintptr_t i = (uintptr_t)opaque;
    const uint64_t units = i == 0 ? 1 : 2;

    for (int times = 0; times < 2; times++) {
        if (!prt_bound_take_(&permits[i], units))
            while (!prt_bound_granted_(&permits[i]))
                prt_event_wait(&owners[i].event, PRT_NEVER);
        units_inside += units;
        SCHED_CHECK(units_inside <= 2, "%llu units of 2 are out", (unsigned long long)units_inside);
        prt_load(&slots[i].state);
        units_inside -= units;
        prt_bound_give_(&permits[i]);
    }
}

void bound_by_hand(void)
{
    stage = (struct prt_stage){ .run = unit_run() };
    bound = (struct prt_bound){ .spec = { .name = "two", .permits = 2 }, .free = 2 };
    units_inside = 0;
    for (int i = 0; i < 3; i++) {
        owners[i] = (struct prt_thread){ .next = NULL };
        slots[i] = (struct prt_slot){ .stage = &stage, .owner = &owners[i] };
        permits[i] = (struct prt_permit){ .slot = &slots[i], .bound = &bound };
    }
    sched_name(&bound, sizeof bound, "bound");
    for (uintptr_t i = 0; i < 3; i++)
        sched_spawn("taker", take_permits, (void *)i);
    sched_join_all();
    SCHED_CHECK(bound.free == 2 && !bound.first, "%llu of 2 permits are left", (unsigned long long)bound.free);
}

/* ---- rates ------------------------------------------------------------------------------------------------------ */

static uint64_t times[PIPE_ITEMS], started;

static void timed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    started = base->run->started;
    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        times[pipe_state.norder++] = sched_time();
    }
}

/* A permit that came late is made up, and while nobody wanted any, `burst` gathered; none comes before its time. */
static void check_times(uint64_t burst)
{
    for (uint64_t k = burst; k < pipe_state.norder; k++)
        SCHED_CHECK(times[k] >= started + (k - burst + 1) * 1000000, "body %llu began %llu ns after the start",
                    (unsigned long long)k, (unsigned long long)(times[k] - started));
}

static void rated(uint64_t burst, uint32_t workers, bool blocking, void (*source)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 2);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "thousand", .per_second = 1000, .burst = burst });

    pipe_source(run, a, source);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = timed_run, .leaf = !blocking,
                                                .blocking = blocking, .workers = workers, .rate = rate },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
    check_times(burst);
}

void rate_one_worker(void)
{
    rated(1, 1, false, light_run);
}

void rate_two_workers(void)
{
    rated(1, 2, false, light_run);
}

void rate_burst(void)
{
    rated(2, 2, false, light_run);
}

void rate_blocking(void)
{
    rated(1, 2, true, light_run);
}

void rate_source(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "thousand", .per_second = 1000, .burst = 1 });

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run, .rate = rate }, .out = { a } });
    pipe_sink(run, a, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* The item's number modulo 3, so that cheap ones and one that takes nothing would overtake it if they could. */
static uint64_t costs_some(struct prt_worker *worker, const void *item)
{
    (void)worker;
    return (((const struct kit_item *)item)->id + 2) % 3;
}

static void costed(uint64_t burst, uint32_t workers, bool blocking, void (*source)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 2);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "thousand", .per_second = 1000, .burst = burst });

    pipe_source(run, a, source);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = timed_run, .leaf = !blocking, .blocking = blocking,
                                                .workers = workers, .rate = rate, .cost = costs_some },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void rate_cost(void)
{
    costed(1, 2, false, light_run);
}

void rate_cost_burst(void)
{
    costed(2, 3, false, light_run);
}

void rate_cost_blocking(void)
{
    costed(1, 2, true, light_run);
}

/* Two slots stand in a line; the first leaves it for a bound, and when it comes back it is the first again. */
void rate_cost_place(void)
{
    static struct prt_stage at;
    static struct prt_slot two[2];
    static struct prt_payer places[2];
    struct prt_payers *const line = &at.payers;

    at = (struct prt_stage){ .run = unit_run() };
    for (int i = 0; i < 2; i++) {
        two[i] = (struct prt_slot){ .stage = &at };
        prt_store(&two[i].state, PRT_SLOT_RUNNING);
        places[i] = (struct prt_payer){ .slot = &two[i] };
    }
    SCHED_CHECK(prt_payer_stand_(line, &places[0]), "nobody stands before the first");
    SCHED_CHECK(!prt_payer_stand_(line, &places[1]), "the second comes first");
    SCHED_CHECK(!prt_payer_leave_(line, &places[0], false), "somebody stands there still");
    SCHED_CHECK(prt_payer_is_first_(line, &places[1]), "the second is not the first now");
    SCHED_CHECK(prt_load(&two[1].state) == PRT_SLOT_WOKEN, "nobody told it");
    SCHED_CHECK(prt_payer_stand_(line, &places[0]), "it has lost its place");
    prt_payer_leave_(line, &places[0], true);
    SCHED_CHECK(!prt_payer_stand_(line, &places[0]), "the next item has the place of the one before");
    SCHED_CHECK(!prt_payer_leave_(line, &places[1], true) && prt_payer_leave_(line, &places[0], true), "somebody is left");
    prt_memory_free_(&at.run->memory);
}

/* Items that come when all sleep: who has taken one, and is in its body, leaves a stage that is ready again. */
void rate_cost_idle(void)
{
    costed(1, 2, false, source_idle_run);
}

/* A stage has asked for a permit when its item was gone already. The other one, with an item every ten minutes, does not
 * wait for it. */
void rate_stale_ask(void)
{
    static struct prt_stage stages[2];
    static struct prt_asker *both[2];
    static struct prt_rate rate;
    struct prt_run *const run = unit_run();
    uint64_t due, now = 1000000000;

    for (int i = 0; i < 2; i++) {
        stages[i] = (struct prt_stage){ .run = run };
        stages[i].asker.stage = &stages[i];
        both[i] = &stages[i].asker;
    }
    rate = (struct prt_rate){ .spec = { .name = "minute", .per_second = 1.0 / 60, .burst = 1 }, .askers = both, .naskers = 2 };
    prt_rate_start_(&rate, now);
    prt_rate_ask_(&rate, &stages[0].asker);
    for (int item = 0; item < 3; item++) {
        SCHED_CHECK(prt_rate_take_(&rate, &stages[1].asker, 1, now, &due), "item %d waits for a stage that wants nothing", item);
        prt_rate_rest_(&rate);
        now += 600000000000;
    }
    prt_memory_free_(&run->memory);
}

/* A blocking stage has its item in hand and has asked first: the next permit is its. */
void rate_blocking_ask(void)
{
    static struct prt_stage stages[2];
    static struct prt_asker *both[2];
    static struct prt_rate rate;
    struct prt_run *const run = unit_run();
    uint64_t due, now = 1000000000;

    for (int i = 0; i < 2; i++) {
        stages[i] = (struct prt_stage){ .run = run };
        stages[i].asker.stage = &stages[i];
        both[i] = &stages[i].asker;
    }
    stages[0].spec.blocking = true;
    rate = (struct prt_rate){ .spec = { .name = "minute", .per_second = 1.0 / 60, .burst = 1 }, .askers = both, .naskers = 2 };
    prt_rate_start_(&rate, now);
    SCHED_CHECK(prt_rate_take_(&rate, &stages[1].asker, 1, now, &due), "the first permit is not due at once");
    SCHED_CHECK(!prt_rate_take_(&rate, &stages[0].asker, 1, now, &due), "two permits at once");
    SCHED_CHECK(!prt_rate_take_(&rate, &stages[1].asker, 1, now, &due), "two permits at once");
    now += 60000000000;
    SCHED_CHECK(!prt_rate_take_(&rate, &stages[1].asker, 1, now, &due), "overtakes the blocking stage, which asked first");
    SCHED_CHECK(prt_rate_take_(&rate, &stages[0].asker, 1, now, &due), "the blocking stage does not get its permit");
    prt_memory_free_(&run->memory);
}

/* Two stages share one rate: neither starves, and the channel behind the other does not matter. */
void rate_shared(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "thousand", .per_second = 1000, .burst = 1 });

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = pass_run, .leaf = true, .rate = rate },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .rate = rate },
                                      .in = { b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
    pipe_check_order();
}

/* ---- fast rates, whose senders sleep until half of the channel is free ------------------------------------------ */

static struct prt_rate *fast_rate(struct prt_run *run, const char *name)
{
    return prt_rate_add(run, &(struct prt_rate_spec){ .name = name, .per_second = 10000, .burst = 1 });
}

/* The first item's body hangs until a third was sent. */
static void third_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        while (pipe_state.sent < 3)
            sched_idle();
    }
}

static void fast_hangs(bool leaf, bool blocking)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = third_run, .leaf = leaf, .blocking = blocking,
                                                .rate = fast_rate(run, "fast") },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void rate_fast_hangs(void)
{
    fast_hangs(true, false);
}

void rate_fast_hangs_waiting(void)
{
    fast_hangs(false, false);
}

void rate_fast_hangs_blocking(void)
{
    fast_hangs(false, true);
}

/* Sends a fifth item to one input of a zip, which has room for it, before it sends a second to the other. */
static void ahead_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < 5; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item) || (id == 3 && !prt_emit(&self->out[1], &item, sizeof item)))
            return;
    }
    for (uint64_t id = 0; id < 4; id++)
        if (!prt_emit(&self->out[1], &(struct kit_item){ .id = id }, sizeof(struct kit_item)))
            return;
}

static void zip_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item, other;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        prt_receive_also(&self->in[1], &other, sizeof other);
        pipe_state.begun[0][item.id]++;
    }
}

static void fast_zip(bool blocking)
{
    struct prt_run *const run = pipe_begin(5);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 4);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 4);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = ahead_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "zip", .run = zip_run, .leaf = !blocking, .blocking = blocking,
                                                .rate = fast_rate(run, "fast") },
                                      .in = { a, b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void rate_fast_zip(void)
{
    fast_zip(false);
}

void rate_fast_zip_blocking(void)
{
    fast_zip(true);
}
