/* Ordered stages: from several workers, results leave in the order of their inputs, and those of one input together. */
#include "pipes.h"

#include "run_state.h"

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
};

static int run_plan(struct prt_run *run, const struct plan *plan)
{
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, plan->workers), plan->cap);
    struct prt_chan *const b = pipe_chan(run, "b", plan->kind, plan->cap);
    const struct kit_stage ordered = {
        .spec = { .name = "ordered", .run = plan->run, .leaf = plan->leaf, .workers = plan->workers, .ordered = true,
                  .on_fail = plan->on_fail, .bounds = plan->bounds, .nbounds = plan->bounds ? 1 : 0,
                  .blocking = plan->blocking },
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
