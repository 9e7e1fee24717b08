/* Finishing: a stage takes no more, at any moment, and whoever sends to it learns of that. The ledger of each run must add up:
 * the exit status tells. */
#include "pipes.h"

#include "pool/run_state.h"

/* Sends for as long as it may; at last slowly, since a schedule may leave aside for long who is about to ask it. */
static void endless_run(struct prt_worker *base)
{
    for (uint64_t id = 0; send_to(base, 0, id < PIPE_ITEMS ? id : PIPE_ITEMS - 1); id++) {
        SCHED_CHECK(id < 200, "the source is never told");
        if (id > 20)
            sched_sleep(1000);
    }
}

/* Sends two items, and then waits for what never comes, in the kernel or by prt_wait_for(). */
static void silent_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < 2; id++)
        if (!send_to(base, 0, id))
            return;
    if (pipe_state.n[0])
        while (!prt_stopping(base))
            sched_sleep((uint64_t)1000000000 * 3600);
    else
        SCHED_CHECK(prt_wait_for(base, -1, 0, -1) == -1, "a source's wait ended by something else");
}

static void take_until(struct prt_worker *base, uint64_t last, bool passes)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(self->n[1] == 0, "a body began behind the one that finished");
        if (!passes)
            pipe_state.order[pipe_state.norder++] = item.id;
        if (item.id >= last) {
            self->n[1] = 1;
            prt_finish(base);
        }
        if (passes && !prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void limit_run(struct prt_worker *base)
{
    take_until(base, pipe_state.stop_at, true);
}

static void last_run(struct prt_worker *base)
{
    take_until(base, pipe_state.n[1], false);
}

/* Gets whatever comes, some of it from several sources. */
static void keep_all_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.norder++;
}

static void add_limit(struct prt_run *run, struct prt_chan *from, struct prt_chan *to, uint32_t workers)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "limit", .run = limit_run, .leaf = true, .workers = workers },
                                      .in = { from }, .out = { to }, .most = { 1 } });
}

static void add_last(struct prt_run *run, struct prt_chan *from, bool blocking)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "last", .run = last_run, .leaf = !blocking, .blocking = blocking },
                                      .in = { from } });
}

static void run_well(struct prt_run *run)
{
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
}

/* source -> limit -> sink: so many items come as the stage took, in order, whatever else was sent. */
static void limited(uint64_t items, uint64_t cap, void (*source)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, cap);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    const uint64_t limit = sched_choose(2);

    pipe_state.stop_at = limit;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source }, .out = { a } });
    add_limit(run, a, b, 1);
    pipe_sink(run, b, 1);
    run_well(run);
    SCHED_CHECK(pipe_state.norder == limit + 1, "%llu items came", (unsigned long long)pipe_state.norder);
    pipe_check_order();
}

void finish_limit(void)
{
    limited(PIPE_ITEMS, 1, endless_run);
}

void finish_limit_window(void) /* the source has room for more than it sends: nothing but the monitor ends its window */
{
    limited(PIPE_ITEMS, 64, endless_run);
}

void finish_silent(void)
{
    limited(PIPE_ITEMS, 4, silent_run);
}

/* The end comes from the last stage, over one of two workers. */
void finish_back(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_state.n[1] = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "on", .run = on_run, .leaf = sched_choose(2), .workers = 2 },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    add_last(run, b, false);
    run_well(run);
}

/* Two stages finish, at any moments: what the first asks for by itself the second asks for as well. */
void finish_twice(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_state.stop_at = sched_choose(3);
    pipe_state.n[1] = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run }, .out = { a } });
    add_limit(run, a, b, 1);
    add_last(run, b, false);
    run_well(run);
}

/* Several workers take, under a lock, from a channel that several send to: who finishes while others are at it. */
void finish_many(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_MANY, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_state.stop_at = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = endless_run }, .out = { a } });
    add_limit(run, a, b, 2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = keep_all_run, .leaf = true }, .in = { b } });
    run_well(run);
}

void finish_blocking(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_state.n[1] = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run, .blocking = sched_choose(2) },
                                      .out = { a } });
    add_last(run, a, true);
    run_well(run);
}

void finish_rendezvous(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_RENDEZVOUS, 0);

    pipe_state.n[1] = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run }, .out = { a } });
    add_last(run, a, false);
    run_well(run);
}

/* Two stages receive from one channel, and one of them finishes: the other gets all that it has not begun with. */
static void first_only_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        SCHED_CHECK(self->n[1]++ == 0, "a body began behind the one that finished");
        prt_finish(base);
    }
}

static void rest_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.begun[0][item.id]++;
}

void finish_shared(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "first", .run = first_only_run, .leaf = true }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "rest", .run = rest_run, .leaf = true }, .in = { a } });
    run_well(run);
    pipe_check_all();
}

/* A cycle in which items never end: the stage outside finishes, or one within. */
static struct prt_chan *round_chan(struct prt_run *run, const char *name)
{
    struct prt_chan *const chan = prt_chan_add(run, &(struct prt_chan_spec){ .name = name, .kind = PRT_GROWING,
                                                                             .item_size = sizeof(struct kit_item),
                                                                             .cycle = 1 });

    sched_name(chan, 512, name);
    return chan;
}

static void round_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (pipe_state.n[2]++ == pipe_state.n[3])
            prt_finish(base);
        if (!prt_emit(&self->out[0], &item, sizeof item) || !prt_emit(&self->out[1], &item, sizeof item))
            return;
    }
}

void finish_cycle(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = round_chan(run, "a");
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = round_chan(run, "c");

    pipe_state.n[3] = sched_choose(2) ? 1 : UINT64_MAX;
    pipe_state.n[1] = 0;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "round", .run = round_run, .leaf = true, .cycle = 1 },
                                      .in = { a }, .out = { c, b }, .most = { 1, 1 }, .in_cycle = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "back", .run = on_run, .leaf = true, .workers = 2,
                                                .cycle = 1 },
                                      .in = { c }, .out = { a }, .most = { 1 }, .in_cycle = { true } });
    add_last(run, b, false);
    run_well(run);
}

/* An ordered stage that finishes while later results wait for their turn. */
void finish_ordered(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_state.stop_at = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "limit", .run = limit_run, .leaf = true, .ordered = true,
                                                .workers = 2 },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    pipe_sink(run, b, 1);
    run_well(run);
    pipe_check_order();
    SCHED_CHECK(pipe_state.norder > pipe_state.stop_at, "%llu items came", (unsigned long long)pipe_state.norder);
}

static void finishing_init(struct prt_worker *base)
{
    prt_finish(base);
}

/* Before it began: no item is taken. */
void finish_init(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    const bool blocking = sched_choose(2);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = !blocking, .blocking = blocking,
                                                .init = finishing_init }, .in = { a } });
    run_well(run);
    SCHED_CHECK(pipe_state.norder == 0, "%llu items came", (unsigned long long)pipe_state.norder);
}

/* One worker sleeps for long, and another finishes meanwhile: the source does not wait for the end of the stage. */
static void slow_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (item.id > 0) {
            prt_finish(base);
            continue;
        }
        while (!pipe_state.told)
            sched_sleep(1000000);
    }
}

static void leaving_run(struct prt_worker *base)
{
    endless_run(base);
    pipe_state.told = true;
}

void finish_slow(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = leaving_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "slow", .run = slow_run, .leaf = true, .workers = 2 },
                                      .in = { a } });
    run_well(run);
}

/* A source that sends seldom, with room for all of it: when the monitor has interrupted it, it leaves at its next emit. */
static void seldom_run(struct prt_worker *base)
{
    for (uint64_t id = 0; send_to(base, 0, id); id++) {
        SCHED_CHECK(id < 2, "the source goes on in its window");
        if (id == 1)
            while (sched_sleep((uint64_t)1000000000 * 3600))
                ;
    }
}

void finish_window(void)
{
    struct prt_run *const run = pipe_begin(PIPE_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 64);

    pipe_state.n[1] = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = seldom_run }, .out = { a } });
    add_last(run, a, false);
    run_well(run);
}

/* Several items at once behind the first, which tells that bodies cost nothing: they are in one hand, or one window, when
 * the body of the first of them finishes. */
static void burst_run(struct prt_worker *base)
{
    if (!send_to(base, 0, 0))
        return;
    while (!pipe_state.told)
        sched_sleep(1000);
    sched_idle();
    for (uint64_t id = 1; id < pipe_state.items; id++)
        if (!send_to(base, 0, id))
            return;
}

static void batch_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(self->n[1] == 0, "a body began behind the one that finished");
        base->slot->measured = false;
        prt_store_relaxed(&base->stage->cost, 1);
        prt_store_relaxed(&base->stage->mean, 1);
        pipe_state.told = true;
        pipe_state.n[0] += base->slot->hidden;
        if (base->slot->hidden || item.id > 2) {
            self->n[1] = 1;
            prt_finish(base);
        }
    }
}

void finish_batch(void)
{
    struct prt_run *const run = pipe_begin(5);
    const uint32_t workers = 1 + sched_choose(2);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 8);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = burst_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "batch", .run = batch_run, .leaf = true, .workers = workers },
                                      .in = { a } });
    run_well(run);
}
