/* Bodies of the harnesses' pipelines. */
#include "pipes.h"

#include "pool/run_state.h"

struct pipe_state pipe_state;

static struct prt_event pong;

struct prt_run *pipe_begin_with(uint64_t items, const struct prt_settings *settings)
{
    const struct prt_run_spec spec = { .name = "pipe", .pipe = &pipe_state, .settings = settings };
    struct prt_run *run;

    pipe_state = (struct pipe_state){ .items = items, .stop_at = PIPE_ITEMS, .fail_at = PIPE_ITEMS };
    pong = (struct prt_event){ 0 };
    prt_chan_start_ = 0;
    run = prt_run_new(&spec);
    sched_name(run, sizeof(prt_atomic_u64), "pool");
    return run;
}

struct prt_run *pipe_begin(uint64_t items)
{
    static const struct prt_settings settings;

    return pipe_begin_with(items, &settings);
}

struct prt_run *unit_run(void)
{
    static struct prt_run run;

    pipe_state = (struct pipe_state){ 0 };
    prt_chan_start_ = 0;
    memset(&run, 0, sizeof run);
    run.spec.name = "unit";
    run.drain_until = PRT_NEVER;
    run.last_chan = &run.chans;
    run.last_stage = &run.stages;
    sched_name(&run, sizeof(prt_atomic_u64), "pool");
    return &run;
}

struct prt_chan *pipe_chan(struct prt_run *run, const char *name, enum prt_chan_kind kind, uint64_t cap)
{
    struct prt_chan *const chan = kit_chan(run, name, kind, cap);

    sched_name(chan, 512, name);
    return chan;
}

/* ---- bodies ----------------------------------------------------------------------------------------------------- */

static bool send(struct kit_worker *self, uint64_t id)
{
    const struct kit_item item = { .id = id, .sender = (uint32_t)self->worker, .seq = (uint32_t)id };

    if (!prt_emit(&self->out[0], &item, sizeof item))
        return false;
    pipe_state.sent++;
    return true;
}

bool send_to(struct prt_worker *base, size_t to, uint64_t id)
{
    const struct kit_item item = { .id = id };

    return prt_emit(&((struct kit_worker *)base)->out[to], &item, sizeof item);
}

void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (id == pipe_state.stop_at)
            prt_stop(base);
        if (!send(self, id))
            return;
    }
}

void source_idle_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        while (!sched_idle())
            if (prt_stopping(base))
                return;
        if (!send(self, id))
            return;
    }
}

void source_pong_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (!send(self, id))
            return;
        while (pipe_state.norder <= id)
            prt_event_wait(&pong, PRT_NEVER);
    }
}

static void note(const struct kit_worker *self, const struct kit_item *item)
{
    const uint64_t stage = self->n[0];

    SCHED_CHECK(item->id < pipe_state.items, "item %llu was never sent", (unsigned long long)item->id);
    SCHED_CHECK(pipe_state.begun[stage][item->id]++ == 0, "item %llu came twice to stage %llu",
                (unsigned long long)item->id, (unsigned long long)stage);
}

void pass_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    self->n[0] = 1;
    while (prt_receive(&self->in[0], &item, sizeof item)) {
        note(self, &item);
        if (item.id == pipe_state.fail_at) {
            prt_fail(base, "as it was told");
            continue;
        }
        item.sender = (uint32_t)self->worker;
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

void sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        note(self, &item);
        pipe_state.order[pipe_state.norder++] = item.id;
        if (item.id == pipe_state.fail_at)
            prt_fail(base, "as it was told");
        prt_event_set(&pong);
    }
}

void on_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
}

void nothing_run(struct prt_worker *base)
{
    (void)base;
}

void final_note(struct prt_worker *base)
{
    pipe_state.finals[((struct kit_worker *)base)->n[0]]++;
}

/* ---- stages ----------------------------------------------------------------------------------------------------- */

void pipe_source(struct prt_run *run, struct prt_chan *to, void (*body)(struct prt_worker *))
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = body }, .out = { to } });
}

void pipe_pass(struct prt_run *run, struct prt_chan *from, struct prt_chan *to, uint32_t workers)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = pass_run, .leaf = true, .workers = workers },
                                      .in = { from }, .out = { to }, .most = { 1 } });
}

void pipe_sink(struct prt_run *run, struct prt_chan *from, uint32_t workers)
{
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .workers = workers },
                                      .in = { from } });
}

/* ---- checks ----------------------------------------------------------------------------------------------------- */

void pipe_check_all(void)
{
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[0][id] == 1, "item %llu is missing", (unsigned long long)id);
}

void end_well(struct prt_run *run)
{
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void pipe_check_some(void)
{
    SCHED_CHECK(pipe_state.norder <= pipe_state.sent, "%llu items came, %llu were sent",
                (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.sent);
}

void pipe_check_order(void)
{
    for (uint64_t i = 1; i < pipe_state.norder; i++)
        SCHED_CHECK(pipe_state.order[i] > pipe_state.order[i - 1], "item %llu came after %llu",
                    (unsigned long long)pipe_state.order[i], (unsigned long long)pipe_state.order[i - 1]);
}
