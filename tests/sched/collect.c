/* Stages that collect: every item comes, by its number, its deadline, a full channel or the end. */
#include "pipes.h"

#include "pool/stage.h"

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
