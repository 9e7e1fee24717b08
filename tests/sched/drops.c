/* Channels that drop when they are full: nothing twice, in order, the latest arrives where the oldest goes, and the ledger
 * is right, whoever sends and receives. An exit status of 0 says that it adds up.
 */
#include "pipes.h"

#include "channel/drop.h"
#include "pool/run_state.h"

static struct prt_chan *drop_chan(struct prt_run *run, const char *name, enum prt_chan_kind kind,
                                  enum prt_when_full full, uint64_t cap)
{
    struct prt_chan *const chan = pipe_chan(run, name, kind, cap);

    chan->spec.full = full;
    return chan;
}

/* All that was sent came or was dropped; what was dropped last came before what came last. */
static void check(struct prt_run *run, const struct prt_chan *chan)
{
    const enum prt_when_full full = chan->spec.full;
    const uint64_t cap = chan->spec.cap;

    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_some();
    if (full == PRT_DROPS_NEWEST) /* the first ones find an empty channel */
        for (uint64_t id = 0; id < cap && id < pipe_state.items; id++)
            SCHED_CHECK(pipe_state.begun[0][id] == 1, "item %llu found room", (unsigned long long)id);
    if (full == PRT_DROPS_OLDEST) /* nothing comes after the last ones */
        for (uint64_t id = pipe_state.items; id > 0 && id + cap > pipe_state.items; id--)
            SCHED_CHECK(pipe_state.begun[0][id - 1] == 1, "item %llu was dropped for none", (unsigned long long)(id - 1));
}

static void count_drop(void *item)
{
    (void)item;
    pipe_state.dropped++;
}

/* Where the items own nothing, the source writes over the oldest; else it exchanges it under a lock. */
static void from_source(enum prt_when_full full, uint64_t cap, uint32_t receivers, bool owned)
{
    struct prt_run *const run = pipe_begin(cap + 2);
    struct prt_chan *const a = drop_chan(run, "a", kit_kind(1, receivers), full, cap);

    a->spec.drop = owned ? count_drop : NULL;
    pipe_source(run, a, source_run);
    pipe_sink(run, a, receivers);
    check(run, a);
    if (receivers == 1)
        pipe_check_order();
    SCHED_CHECK(!owned || pipe_state.norder + pipe_state.dropped == cap + 2, "%llu came, %llu were dropped",
                (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.dropped);
}

void drop_newest(void)
{
    from_source(PRT_DROPS_NEWEST, 1, 1, false);
}

void drop_newest_two(void)
{
    from_source(PRT_DROPS_NEWEST, 2, 2, false);
}

void drop_oldest(void)
{
    from_source(PRT_DROPS_OLDEST, 1, 1, false);
}

void drop_oldest_owned(void)
{
    from_source(PRT_DROPS_OLDEST, 1, 1, true);
}

void drop_oldest_owned_three(void)
{
    from_source(PRT_DROPS_OLDEST, 3, 1, true);
}

void drop_oldest_owned_two(void)
{
    from_source(PRT_DROPS_OLDEST, 1, 2, true);
}

void drop_oldest_three(void)
{
    from_source(PRT_DROPS_OLDEST, 3, 1, false);
}

void drop_oldest_two(void)
{
    from_source(PRT_DROPS_OLDEST, 1, 2, false);
}

/* Leaves with several workers send: outboxes, and a locked end. */
static void from_leaf(enum prt_when_full full, uint32_t workers)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 1);
    struct prt_chan *const b = drop_chan(run, "b", kit_kind(workers, 1), full, 1);

    pipe_source(run, a, source_run);
    pipe_pass(run, a, b, workers);
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    for (uint64_t id = 0; id < 3; id++)
        SCHED_CHECK(pipe_state.begun[1][id] == 1, "item %llu waited for room", (unsigned long long)id);
    SCHED_CHECK(pipe_state.norder > 0, "nothing came");
    if (workers == 1)
        pipe_check_order();
}

void drop_newest_leaf(void)
{
    from_leaf(PRT_DROPS_NEWEST, 1);
}

void drop_oldest_leaf(void)
{
    from_leaf(PRT_DROPS_OLDEST, 2);
}

/* Each item is sent when everything sleeps: a lost wake-up would leave the last one lying. */
void drop_oldest_idle(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_ONE, PRT_DROPS_OLDEST, 1);

    pipe_source(run, a, source_idle_run);
    pipe_sink(run, a, 1);
    end_well(run);
}

static struct prt_event came;

static void first_waits_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (item.id == 0)
            prt_event_wait(&came, PRT_NEVER);
        else
            prt_event_set(&came);
}

/* The body that has begun with the first item waits for what the other one does with the second: somebody must be woken
 * for that, also where it was sent while the first one was about to begin. */
void drop_oldest_meanwhile(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_MANY, PRT_DROPS_OLDEST, 1);

    came = (struct prt_event){ 0 };
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = first_waits_run, .leaf = true, .workers = 2 }, .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
}

/* ---- what a claim gets -------------------------------------------------------------------------------------------- */

/* The receiver holds no item while it waits for a permit: it begins with what is the oldest then. */
void drop_oldest_bound(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_ONE, PRT_DROPS_OLDEST, 1);
    struct prt_bound *const bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "bound", .permits = 1 });
    const struct prt_bound_use use = { .bound = bound };

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = sink_run, .leaf = true, .workers = 2, .bounds = &use, .nbounds = 1 }, .in = { a } });
    check(run, a);
    pipe_check_order(); /* claims are for no item: who begins first gets the oldest */
}

/* Turns are drawn with the items, so what leaves is in order. */
void drop_oldest_ordered(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_MANY, PRT_DROPS_OLDEST, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "pass", .run = pass_run, .leaf = true, .workers = 2, .ordered = true },
        .in = { a }, .out = { b }, .most = { 1 } });
    pipe_sink(run, b, 1);
    check(run, a);
    pipe_check_order();
}

/* ---- ends --------------------------------------------------------------------------------------------------------- */

/* What fails tears the pipeline down: each item was begun with, or is dropped once, also of whom waits for a permit with
 * a claim. */
void drop_oldest_torn(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_MANY, PRT_DROPS_OLDEST, 2);
    struct prt_bound *const bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "bound", .permits = 1 });
    const struct prt_bound_use use = { .bound = bound };

    a->spec.drop = count_drop;
    pipe_state.fail_at = 1;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = sink_run, .leaf = true, .workers = 2, .bounds = &use, .nbounds = 1 }, .in = { a } });
    prt_run(run);
    SCHED_CHECK(pipe_state.norder + pipe_state.dropped == pipe_state.sent + (pipe_state.sent < 3),
                "%llu came, %llu were dropped, %llu sent", (unsigned long long)pipe_state.norder,
                (unsigned long long)pipe_state.dropped, (unsigned long long)pipe_state.sent);
}

/* Sends an item round twice, then on. */
static void round_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool out = item.sender == 2;

        item.sender++;
        if (!prt_emit(&self->out[out], &item, sizeof item))
            return;
    }
}

/* A cycle: an item that is dropped is no longer in flight, so the cycle ends. */
static void cycle(enum prt_when_full full)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const back = drop_chan(run, "back", PRT_ONE_TO_ONE, full, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    a->spec.cycle = back->spec.cycle = 1;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "round", .run = round_run, .leaf = true, .cycle = 1 },
                                      .merge = { a, back }, .out = { back, b }, .most = { 1, 1 },
                                      .in_cycle = { true } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder > 0, "nothing came");
}

void drop_newest_cycle(void)
{
    cycle(PRT_DROPS_NEWEST);
}

void drop_oldest_cycle(void)
{
    cycle(PRT_DROPS_OLDEST);
}

/* ---- the counters wrap around -------------------------------------------------------------------------------------- */

void drop_oldest_wraps(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *a;

    prt_chan_start_ = (uint64_t)-2;
    a = drop_chan(run, "a", PRT_ONE_TO_ONE, PRT_DROPS_OLDEST, 1);
    pipe_source(run, a, source_run);
    pipe_sink(run, a, 1);
    check(run, a);
    pipe_check_order();
    prt_chan_start_ = 0;
}

static void watched_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        item.id = id;
        prt_emit(&self->out[0], &item, sizeof item);
    }
    while (pipe_state.begun[0][pipe_state.items - 1] == 0)
        prt_event_wait(&came, PRT_NEVER);
}

static void watcher_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        prt_event_set(&came);
    }
}

/* A sender that exchanges one by one, as one with a rate does: its item is not taken for promised by who looks and goes to sleep. */
void drop_oldest_paced(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_ONE, PRT_DROPS_OLDEST, 1);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "r", .per_second = 1000, .burst = 4 });

    came = (struct prt_event){ 0 };
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "source", .run = watched_run, .workers = 1, .blocking = true, .rate = rate }, .out = { a } });
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "sink", .run = watcher_run, .leaf = true, .workers = 1 }, .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
}
