/* Ordered stages: from several workers, results leave in the order of their inputs, and those of one input together. */
#include "pipes.h"

#include "pool/run_state.h"

static void pair_run(struct prt_worker *base) /* two results for each input: no leaf, it waits for its turn in emit */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[1][item.id]++;
        item.id *= 2;
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        item.id++;
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

/* The first item is done last. */
static void slow_first_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[1][item.id]++;
        if (item.id == 0)
            sched_sleep(1000000);
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

struct plan {
    uint64_t items;
    void (*source)(struct prt_worker *);
    void (*run)(struct prt_worker *);
    bool leaf;
    uint32_t workers;
    uint64_t cap;
    enum prt_chan_kind kind; /* of the channel behind it */
    enum prt_on_fail on_fail;
    const struct prt_bound_use *bounds;
    bool blocking;
    uint64_t ahead;
};

static int run_plan(struct prt_run *run, const struct plan *plan)
{
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, plan->workers), plan->cap);
    struct prt_chan *const b = pipe_chan(run, "b", plan->kind, plan->cap);
    const struct kit_stage ordered = {
        .spec = { .name = "ordered", .run = plan->run, .leaf = plan->leaf, .workers = plan->workers, .ordered = true,
                  .on_fail = plan->on_fail, .bounds = plan->bounds, .nbounds = plan->bounds ? 1 : 0,
                  .blocking = plan->blocking, .ahead = plan->ahead },
        .in = { a }, .out = { b }, .most = { plan->leaf ? 1 : 0 }
    };
    int status;

    pipe_source(run, a, plan->source);
    kit_add(run, &ordered);
    pipe_sink(run, b, 1);
    if (plan->run == pair_run)
        pipe_state.items *= 2;
    status = prt_run(run);
    pipe_check_order();
    return status;
}

static void ordered(struct plan plan)
{
    struct prt_run *const run = pipe_begin(plan.items);

    if (plan.cap == 0)
        plan.cap = 1;
    if (plan.workers == 0)
        plan.workers = 2;
    if (plan.kind == PRT_ONE_TO_ONE)
        plan.kind = PRT_MANY_TO_ONE;
    if (plan.source == NULL)
        plan.source = source_run;
    SCHED_CHECK(run_plan(run, &plan) == 0, "the exit status is not 0");
    pipe_check_all();
}

void ordered_leaf(void)
{
    ordered((struct plan){ .items = 3, .run = pass_run, .leaf = true });
}

void ordered_leaf_pong(void)
{
    ordered((struct plan){ .items = 3, .run = pass_run, .leaf = true, .source = source_pong_run });
}

void ordered_leaf_idle(void)
{
    ordered((struct plan){ .items = 2, .run = pass_run, .leaf = true, .source = source_idle_run });
}

void ordered_three(void)
{
    ordered((struct plan){ .items = 4, .run = pass_run, .leaf = true, .workers = 3, .cap = 2 });
}

void ordered_rendezvous(void)
{
    ordered((struct plan){ .items = 2, .run = pass_run, .leaf = true, .kind = PRT_RENDEZVOUS });
}

void ordered_growing(void)
{
    ordered((struct plan){ .items = 3, .run = pass_run, .leaf = true, .kind = PRT_GROWING });
}

void ordered_slow_first(void)
{
    ordered((struct plan){ .items = 3, .run = slow_first_run, .leaf = true });
}

void ordered_slow_first_waits(void)
{
    ordered((struct plan){ .items = 3, .run = slow_first_run });
}

void ordered_blocking(void)
{
    ordered((struct plan){ .items = 3, .run = slow_first_run, .blocking = true });
}

static void source_half_run(struct prt_worker *base) /* half of what the sink will get */
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items / 2; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        pipe_state.sent++;
    }
}

void ordered_pairs(void)
{
    ordered((struct plan){ .items = 3, .run = pair_run, .source = source_half_run });
}

/* What fails sends nothing; its turn is passed on all the same. */
void ordered_skip(void)
{
    struct prt_run *const run = pipe_begin(3);
    int status;

    pipe_state.fail_at = sched_choose(3);
    status = run_plan(run, &(struct plan){ .run = pass_run, .leaf = true, .workers = 2, .cap = 1, .source = source_run,
                                           .kind = PRT_MANY_TO_ONE, .on_fail = PRT_THEN_SKIP });
    SCHED_CHECK(status == 1, "the exit status is %d", status);
    SCHED_CHECK(pipe_state.norder == 2, "%llu of 2 items came", (unsigned long long)pipe_state.norder);
}

void ordered_fail(void)
{
    struct prt_run *const run = pipe_begin(3);

    pipe_state.fail_at = sched_choose(3);
    SCHED_CHECK(run_plan(run, &(struct plan){ .run = pass_run, .leaf = sched_choose(2) == 0, .workers = 2, .cap = 1,
                                              .source = source_run, .kind = PRT_MANY_TO_ONE }) == 1,
                "the exit status is not 1");
    pipe_check_some();
}

void ordered_stop(void)
{
    struct prt_run *const run = pipe_begin(3);

    pipe_state.stop_at = sched_choose(3);
    SCHED_CHECK(run_plan(run, &(struct plan){ .run = pass_run, .leaf = true, .workers = 2, .cap = 1,
                                              .source = source_run, .kind = PRT_MANY_TO_ONE }) == 0,
                "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder >= pipe_state.sent, "%llu of %llu items came", (unsigned long long)pipe_state.norder,
                (unsigned long long)pipe_state.sent);
}

/* One permit for two workers: who has it must not wait for the turn of one that has none. */
static void ordered_bound_with(void (*body)(struct prt_worker *), bool leaf)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_bound *const bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 });
    const struct prt_bound_use use = { .bound = bound };

    SCHED_CHECK(run_plan(run, &(struct plan){ .run = body, .leaf = leaf, .workers = 2, .cap = 1, .source = source_run,
                                              .kind = PRT_MANY_TO_ONE, .bounds = &use }) == 0,
                "the exit status is not 0");
    pipe_check_all();
}

void ordered_bound(void)
{
    ordered_bound_with(pass_run, true);
}

void ordered_bound_waits(void)
{
    ordered_bound_with(slow_first_run, false);
}

/* ---- windows that wait for their turn --------------------------------------------------------------------------- */

enum { EACH = 72, INPUTS = 4, ROOM = 40 }; /* results of an input: more than a window holds */

static struct prt_chan *full;

static void many_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        for (uint64_t i = 0; i < EACH; i++)
            if (!prt_emit(&self->out[0], &(struct kit_item){ .id = item.id * EACH + i }, sizeof item))
                return;
}

/* When windows have opened each body hangs until there is no room, as long as anything is still to come. */
static void refilled_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(item.id == pipe_state.norder, "item %llu came after %llu", (unsigned long long)item.id,
                    (unsigned long long)pipe_state.norder);
        pipe_state.norder++;
        while (pipe_state.norder > EACH && prt_chan_room_(full) > 0 &&
               prt_load(&full->tail) < (uint64_t)EACH * INPUTS)
            prt_pause();
    }
}

/* A body waits for its turn with a full window, and is not to be woken for room that is another's. */
void ordered_windows(void)
{
    struct prt_run *const run = pipe_begin(INPUTS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, INPUTS);

    full = pipe_chan(run, "b", PRT_MANY_TO_ONE, ROOM);
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ordered", .run = many_run, .workers = 2, .ordered = true },
                                      .in = { a }, .out = { full } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = refilled_run, .leaf = true }, .in = { full } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder == EACH * INPUTS, "%llu items came", (unsigned long long)pipe_state.norder);
}

/* ---- how far they run ahead ------------------------------------------------------------------------------------- */

enum { AHEAD = 2, OUTS = 2 };

/* Bodies that have begun, against whose turn it is at each output: what was passed on there has left. They cost next to
 * nothing, as far as the runtime is told, so a batch takes all the credit that there is. */
static void counted_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct prt_stage *stage = base->stage;
    const struct prt_turns *turns = stage->turns;
    struct kit_item item;

    base->slot->measured = false;
    prt_store_relaxed(&stage->cost, 1);
    prt_store_relaxed(&stage->mean, 1);

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const uint64_t begun = ++pipe_state.n[0]; /* before the looks: meanwhile others may begin, and more leave */
        uint64_t left = UINT64_MAX;

        pipe_state.begun[1][item.id]++;
        for (uint64_t i = 0; i < turns->nouts; i++) {
            const uint64_t out = prt_load(&turns->outs[i]);

            left = out < left ? out : left;
        }
        SCHED_CHECK(begun <= left + AHEAD, "%llu items have begun, and %llu have left", (unsigned long long)begun,
                    (unsigned long long)left);
        for (uint64_t i = 0; i < turns->nouts; i++)
            if (!prt_emit(&self->out[i], &item, sizeof item))
                return;
    }
}

void ordered_ahead(void)
{
    ordered((struct plan){ .items = 6, .run = counted_run, .leaf = true, .ahead = AHEAD, .cap = 4 });
}

void ordered_ahead_pong(void)
{
    ordered((struct plan){ .items = 4, .run = counted_run, .leaf = true, .ahead = AHEAD, .cap = 2,
                           .source = source_pong_run });
}

static void other_sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(item.id == pipe_state.n[1]++, "item %llu came out of order", (unsigned long long)item.id);
        if (item.id == 0)
            sched_sleep(1000000);
    }
}

/* What has left one output has not left. */
void ordered_ahead_two(void)
{
    struct prt_run *const run = pipe_begin(8);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 8);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 4);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_MANY_TO_ONE, 2);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ordered", .run = counted_run, .leaf = true, .workers = 2,
                                                .ordered = true, .ahead = AHEAD },
                                      .in = { a }, .out = { b, c }, .most = { 1, 1 } });
    pipe_sink(run, b, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = other_sink_run, .leaf = true }, .in = { c } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
    pipe_check_order();
    SCHED_CHECK(pipe_state.n[1] == 8, "%llu of 8 items came", (unsigned long long)pipe_state.n[1]);
}

/* Turns are drawn under the locks of several channels. */
static void draw_twice(void *opaque)
{
    struct prt_turns *turns = opaque;

    for (int i = 0; i < 2; i++) {
        uint64_t first = UINT64_MAX;
        const uint64_t n = prt_turns_draw_(turns, 2, &first);

        SCHED_CHECK(n == 0 || first + n <= 3, "turns up to %llu with an item each", (unsigned long long)(first + n));
        for (uint64_t t = 0; t < n; t++)
            SCHED_CHECK(pipe_state.begun[0][first + t]++ == 0, "turn %llu was drawn twice", (unsigned long long)(first + t));
    }
}

void ordered_ahead_merge(void)
{
    prt_atomic_u64 outs[OUTS];
    struct prt_turns turns = { .ahead = 3, .nouts = OUTS, .outs = outs };

    unit_run();
    for (int i = 0; i < OUTS; i++)
        prt_store_relaxed(&outs[i], 0);
    prt_store_relaxed(&turns.next, 0);
    sched_spawn("one", draw_twice, &turns);
    sched_spawn("two", draw_twice, &turns);
    sched_join_all();
    SCHED_CHECK(prt_load(&turns.next) == 3, "%llu turns were drawn of 3", (unsigned long long)prt_load(&turns.next));
}
