/* Stages that collect: every item comes, by its number, its deadline, a full channel or the end. */
#include "pipes.h"

#include "channel/scale.h"
#include "pool/run_state.h"

static struct prt_event pong, second;

/* Notes what comes; the source, which may wait for it, goes on. */
static void collect_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    const struct kit_item *const items = prt_receive_batch(&self->in[0], &n);

    if (!items)
        return;
    SCHED_CHECK(n > 0 && n <= base->stage->spec.collect, "a batch of %zu items", n);
    for (size_t i = 0; i < n; i++) {
        SCHED_CHECK(items[i].id < pipe_state.items, "item %llu was never sent", (unsigned long long)items[i].id);
        SCHED_CHECK(pipe_state.begun[0][items[i].id]++ == 0, "item %llu came twice", (unsigned long long)items[i].id);
        pipe_state.norder++;
    }
    prt_event_set(&pong);
}

/* Sends an item when the last one has come. */
static void pong_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (!send_to(base, 0, id))
            return;
        while (pipe_state.norder <= id)
            prt_event_wait(&pong, PRT_NEVER);
    }
}

static struct prt_run *collect_begin(uint64_t items)
{
    pong = second = (struct prt_event){ 0 };
    return pipe_begin(items);
}

static void collect_add(struct prt_run *run, struct prt_chan *from, struct prt_stage_spec spec)
{
    spec.name = "collect";
    spec.leaf = !spec.blocking;
    if (!spec.run)
        spec.run = collect_run;
    kit_add(run, &(struct kit_stage){ .spec = spec, .in = { from } });
}

static void collect_all(void (*source)(struct prt_worker *), uint64_t items, enum prt_chan_kind kind, uint64_t cap,
                        struct prt_stage_spec spec)
{
    struct prt_run *const run = collect_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kind, cap);

    pipe_source(run, a, source);
    collect_add(run, a, spec);
    end_well(run);
}

/* Only the deadline brings each item. */
void collect_pong(void)
{
    collect_all(pong_run, 3, PRT_ONE_TO_ONE, 4, (struct prt_stage_spec){ .collect = 3, .within = 1000 });
}

void collect_pong_two(void)
{
    collect_all(pong_run, 3, PRT_ONE_TO_MANY, 4, (struct prt_stage_spec){ .collect = 3, .within = 1000, .workers = 2 });
}

void collect_pong_blocking(void)
{
    collect_all(pong_run, 3, PRT_ONE_TO_ONE, 4, (struct prt_stage_spec){ .collect = 3, .within = 1000, .blocking = true });
}

/* As many as a body gets, and at the end what is left of them. */
void collect_rest(void)
{
    collect_all(source_run, 5, PRT_ONE_TO_ONE, 4, (struct prt_stage_spec){ .collect = 2 });
}

/* More than the channel holds: when it is full. */
void collect_full(void)
{
    collect_all(source_run, 5, PRT_ONE_TO_ONE, 2, (struct prt_stage_spec){ .collect = 4 });
}

void collect_full_two(void)
{
    collect_all(source_run, 5, PRT_ONE_TO_MANY, 2, (struct prt_stage_spec){ .collect = 4, .workers = 2 });
}

/* The first item's body waits until another worker has begun with the second, which was sent at any moment: what comes
 * while nobody looks has its deadline all the same. */
static void waits_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    const struct kit_item *const items = prt_receive_batch(&self->in[0], &n);
    uint64_t first;

    if (!items)
        return;
    first = pipe_state.norder;
    for (size_t i = 0; i < n; i++)
        pipe_state.begun[0][items[i].id]++;
    pipe_state.norder += n;
    prt_event_set(&second);
    while (first == 0 && pipe_state.norder < pipe_state.items)
        prt_event_wait(&second, PRT_NEVER);
}

void collect_beside(void)
{
    collect_all(source_run, 2, PRT_ONE_TO_MANY, 4,
                (struct prt_stage_spec){ .collect = 8, .within = 1000, .workers = 2, .run = waits_run });
}

/* Two channels: a deadline for the items of either. */
void collect_merge(void)
{
    struct prt_run *const run = collect_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 2);

    pipe_source(run, a, pong_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "nothing", .run = nothing_run }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "collect", .run = collect_run, .leaf = true, .collect = 3,
                                                .within = 1000 },
                                      .merge = { b, a } });
    end_well(run);
}

/* Two may find that there are enough, and one takes them: the other begins with none before there are enough again. */
static void whole_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    const struct kit_item *const items = prt_receive_batch(&self->in[0], &n);

    for (size_t i = 0; i < n; i++)
        pipe_state.begun[0][items[i].id]++;
    SCHED_CHECK(n == 2 || (n == 1 && items[0].id + 1 == pipe_state.items), "a batch of %zu", n);
}

void collect_whole(void)
{
    collect_all(source_run, 7, PRT_ONE_TO_MANY, 4, (struct prt_stage_spec){ .run = whole_run, .collect = 2, .workers = 2 });
}

/* ---- by weight --------------------------------------------------------------------------------------------------- */

enum { WEIGHT = 3 }; /* what a body gets at most */

/* Items that have been dropped have no weight that anybody may ask for. */
static int64_t weigh(void *pipe, const void *item)
{
    const uint64_t id = ((const struct kit_item *)item)->id;

    (void)pipe;
    SCHED_CHECK(id < pipe_state.items, "item %llu is weighed", (unsigned long long)id);
    return id == 5 ? 2 * WEIGHT : (int64_t)(id % 3);
}

/* Anybody may come in between. */
static void drop_item(void *item)
{
    ((struct kit_item *)item)->id = PIPE_ITEMS;
    prt_yield();
    pipe_state.dropped++;
}

/* No body gets more than the weight, unless its first item alone does. */
static void weight_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    const struct kit_item *const items = prt_receive_batch(&self->in[0], &n);
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += weigh(NULL, &items[i]);
        pipe_state.begun[0][items[i].id]++;
        pipe_state.norder++;
    }
    SCHED_CHECK(sum <= WEIGHT || n == 1, "%zu items of %lld", n, (long long)sum);
    prt_event_set(&pong);
    if (pipe_state.norder >= pipe_state.stop_at)
        prt_finish(base);
}

static struct prt_stage_spec weight_spec(uint32_t workers, uint64_t within)
{
    return (struct prt_stage_spec){ .run = weight_run, .collect = 8, .within = within, .weight = WEIGHT, .weigh = weigh,
                                    .workers = workers };
}

/* Nothing but the weight brings these: 0, 1 and 2 are enough; 3 and 4 go when 5 is there, which goes alone. */
static void heavy_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (!send_to(base, 0, id))
            return;
        while (id % 3 == 2 && pipe_state.norder <= id)
            prt_event_wait(&pong, PRT_NEVER);
    }
}

void collect_weight(void)
{
    collect_all(heavy_run, 6, PRT_ONE_TO_ONE, 8, weight_spec(1, 0));
}

void collect_weight_blocking(void)
{
    struct prt_stage_spec spec = weight_spec(1, 0);

    spec.blocking = true;
    collect_all(heavy_run, 6, PRT_ONE_TO_ONE, 8, spec);
}

/* Each may find that there is enough, and the other takes it. */
void collect_weight_two(void)
{
    collect_all(source_run, 6, PRT_ONE_TO_MANY, 4, weight_spec(2, 1000));
}

void collect_weight_grows(void)
{
    collect_all(heavy_run, 6, PRT_GROWING, 0, weight_spec(1, 0));
}

static void odd_run(struct prt_worker *base)
{
    for (uint64_t id = 1; id < pipe_state.items; id += 2)
        if (!send_to(base, 0, id))
            return;
}

static void even_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id += 2)
        if (!send_to(base, 0, id))
            return;
}

/* What lies in both counts together, and goes together only if it fits. */
void collect_weight_merge(void)
{
    struct prt_run *const run = collect_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 4), *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 4);
    struct prt_stage_spec spec = weight_spec(1, 1000);

    spec.name = "collect";
    spec.leaf = true;
    pipe_source(run, a, odd_run);
    pipe_source(run, b, even_run);
    kit_add(run, &(struct kit_stage){ .spec = spec, .merge = { a, b } });
    end_well(run);
}

static struct prt_chan *collect_oldest(struct prt_run *run)
{
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);

    a->spec.full = PRT_DROPS_OLDEST;
    a->spec.drop = drop_item;
    return a;
}

/* What the sender drops was weighed, and weighs nothing any more. */
void collect_weight_oldest(void)
{
    struct prt_run *const run = collect_begin(6);
    struct prt_chan *const a = collect_oldest(run);

    pipe_source(run, a, source_run);
    collect_add(run, a, weight_spec(1, 0));
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_some();
    SCHED_CHECK(pipe_state.norder + pipe_state.dropped == 6, "%llu came, %llu were dropped",
                (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.dropped);
}

/* The stage finishes while its source sends: what is dropped then is weighed no more. */
void collect_weight_finish(void)
{
    struct prt_run *const run = collect_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 8);

    a->spec.drop = drop_item;
    pipe_state.stop_at = 1;
    pipe_source(run, a, source_run);
    collect_add(run, a, weight_spec(2, 0));
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_some();
}

/* ---- by hand ----------------------------------------------------------------------------------------------------- */

static struct prt_chan *weighed;

static void look(void *unused)
{
    uint64_t sum = 0;

    (void)unused;
    prt_scale_reaches_(weighed, &sum);
}

static void leave(void *unused)
{
    (void)unused;
    prt_chan_abandon_(weighed);
    prt_chan_drain_(weighed);
}

/* Who looks may come late: the stage has finished, and what it left is being dropped. */
void collect_weight_dropped(void)
{
    struct prt_scale scale = { .most = 100, .weigh = weigh, .told = &scale.said };
    uint64_t ticket;

    weighed = pipe_chan(unit_run(), "a", PRT_ONE_TO_ONE, 4);
    pipe_state.items = 4;
    weighed->spec.drop = drop_item;
    weighed->scale = &scale;
    weighed->nsend_slots = weighed->nrecv_slots = 1;
    SCHED_CHECK(prt_chan_ready_(weighed), "no memory");
    for (uint64_t id = 0; id < 4; id++)
        prt_chan_put_(weighed, (const unsigned char *)&(struct kit_item){ .id = id }, 1, &ticket);
    sched_spawn("looker", look, NULL);
    sched_spawn("leaver", leave, NULL);
    sched_join_all();
    SCHED_CHECK(pipe_state.dropped == 4, "%llu were dropped", (unsigned long long)pipe_state.dropped);
    prt_chan_free_(weighed);
    prt_memory_free_(&weighed->run->memory);
}
