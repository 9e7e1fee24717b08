/* Bodies that take their items themselves: waiting for one, and who claims whom. */
#include "pipes.h"

#include "pool/run_state.h"

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static bool send_on(struct kit_worker *self, struct kit_item *item)
{
    item->sender = (uint32_t)self->worker;
    return prt_emit(&self->out[0], item, sizeof *item);
}

/* Sends on all that comes, by its first input alone. */
static void next_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    while (prt_next(&self->in[0], &item))
        if (!send_on(self, &item))
            return;
}

/* One item alone: the stage ends when all of its bodies have. */
static void first_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    if (prt_next(&self->in[0], &item))
        send_on(self, &item);
}

/* Of two inputs in turn, then what is left of each. */
static void turns_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };
    bool more[2] = { true, true };

    for (size_t i = 0; more[0] || more[1]; i = 1 - i)
        if (more[i] && (more[i] = prt_next(&self->in[i], &item)) && !send_on(self, &item))
            return;
}

/* Of whichever has one first. */
static void any_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item l = { 0 }, r = { 0 };
    int which;

    while ((which = prt_next_any((struct prt_in *const[]){ &self->in[0], &self->in[1] }, (void *const[]){ &l, &r }, 2)) >= 0)
        if (!send_on(self, which == 0 ? &l : &r))
            return;
}

/* Waits for no longer than a tick, and after a few such waits for as long as it takes: else time alone could pass for ever. */
static void for_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };
    int got, late = 0;

    while ((got = prt_next_for(&self->in[0], &item, late < 3 ? 1000000 : -1)) >= 0) {
        late += got == 0;
        if (got > 0 && !send_on(self, &item))
            return;
    }
}

/* Takes what comes and sends nothing on: items are noted as a sink does. */
static void last_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    while (prt_next(&self->in[0], &item)) {
        SCHED_CHECK(pipe_state.begun[0][item.id]++ == 0, "item %llu came twice", (unsigned long long)item.id);
        pipe_state.order[pipe_state.norder++] = item.id;
        if (item.id == pipe_state.fail_at) {
            prt_fail(base, "as it was told");
            return;
        }
    }
}

/* Sends nothing before the end. */
static void hang_run(struct prt_worker *base)
{
    while (!prt_stopping(base))
        sched_idle();
}

/* Every second item, from 0 or 1. */
static void halves_run(struct prt_worker *base, uint64_t from, bool idles)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = from; id < pipe_state.items; id += 2) {
        const struct kit_item item = { .id = id };

        while (idles && !sched_idle())
            if (prt_stopping(base))
                return;
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void evens_run(struct prt_worker *base)
{
    halves_run(base, 0, false);
}

static void odds_run(struct prt_worker *base)
{
    halves_run(base, 1, false);
}

static void evens_idle_run(struct prt_worker *base)
{
    halves_run(base, 0, true);
}

/* ---- pipelines --------------------------------------------------------------------------------------------------- */

/* A source, bodies that pull, a leaf at the end. */
static struct prt_run *line(uint64_t items, uint32_t workers, bool blocking, void (*source)(struct prt_worker *),
                            void (*pull)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 1);
    struct prt_chan *const b = pipe_chan(run, "b", kit_kind(workers, 1), 1);

    pipe_source(run, a, source);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pull", .run = pull, .workers = workers, .blocking = blocking },
                                      .pull = { a }, .out = { b } });
    pipe_sink(run, b, 1);
    return run;
}

/* Two sources, one body that pulls from both. */
static struct prt_run *two(uint64_t items, bool blocking, void (*evens)(struct prt_worker *), void (*pull)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, evens);
    pipe_source(run, b, odds_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pull", .run = pull, .blocking = blocking }, .pull = { a, b },
                                      .out = { c } });
    pipe_sink(run, c, 1);
    return run;
}

void pull_next(void)
{
    end_well(line(3, 1, false, source_run, next_run));
    pipe_check_order();
}

void pull_next_idle(void)
{
    end_well(line(3, 1, false, source_idle_run, next_run));
    pipe_check_order();
}

void pull_next_pong(void)
{
    end_well(line(3, 1, false, source_pong_run, next_run));
}

void pull_workers(void)
{
    end_well(line(4, 2, false, source_run, next_run));
}

void pull_workers_idle(void)
{
    end_well(line(3, 2, false, source_idle_run, next_run));
}

void pull_workers_pong(void)
{
    end_well(line(3, 2, false, source_pong_run, next_run));
}

void pull_blocking(void)
{
    end_well(line(3, 2, true, source_run, next_run));
}

void pull_blocking_pong(void)
{
    end_well(line(3, 2, true, source_pong_run, next_run));
}

void pull_turns(void)
{
    end_well(two(4, false, evens_run, turns_run));
}

void pull_any(void)
{
    end_well(two(4, false, evens_run, any_run));
}

void pull_any_idle(void)
{
    end_well(two(4, false, evens_idle_run, any_run));
}

void pull_any_blocking(void)
{
    end_well(two(4, true, evens_idle_run, any_run));
}

void pull_for(void)
{
    end_well(line(2, 1, false, source_idle_run, for_run));
}

void pull_for_workers(void)
{
    end_well(line(3, 2, false, source_run, for_run));
}

/* Each of two workers takes one item, and goes on only when the other has the other: who was woken for both passes one on. */
static struct prt_event both;

static void either_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item l = { 0 }, r = { 0 };

    while (prt_next_any((struct prt_in *const[]){ &self->in[0], &self->in[1] }, (void *const[]){ &l, &r }, 2) >= 0) {
        if (++pipe_state.norder == 2)
            prt_event_set(&both);
        while (pipe_state.norder < 2)
            prt_event_wait(&both, PRT_NEVER);
    }
}

static void one_of_each_run(struct prt_worker *base)
{
    sched_idle();
    send_to(base, 0, 0);
    send_to(base, 1, 1);
    while (pipe_state.norder < 2) /* its end would wake them */
        sched_idle();
}

void pull_any_each(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_MANY, 1);

    both = (struct prt_event){ 0 };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = one_of_each_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "either", .run = either_run, .workers = 2, .blocking = true },
                                      .pull = { a, b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder == 2, "%llu items came", (unsigned long long)pipe_state.norder);
}

/* Bodies that pull from each other, with one place between them. */
void pull_chain(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_RENDEZVOUS, 0);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pull", .run = next_run }, .pull = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "last", .run = last_run }, .pull = { b } });
    end_well(run);
    pipe_check_order();
}

/* A pool stage and a blocking one take from one channel, each of whose items must find one of them. */
void pull_mixed(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, source_pong_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pull", .run = next_run }, .pull = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = next_run, .blocking = true }, .pull = { a },
                                      .out = { b } });
    pipe_sink(run, b, 1);
    end_well(run);
}

/* Both bodies return; the source waits for nobody. */
void pull_early(void)
{
    SCHED_CHECK(prt_run(line(6, 2, false, source_run, first_run)) == 0, "the exit status is not 0");
    pipe_check_some();
    SCHED_CHECK(pipe_state.norder == 2, "%llu items came through", (unsigned long long)pipe_state.norder);
}

/* One of two bodies says that the stage takes no more, while the other waits for an item; the source is asked to end. */
static void finish_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    while (prt_next(&self->in[0], &item)) {
        prt_finish(base);
        if (!send_on(self, &item))
            return;
    }
}

/* Its own end would wake who waits for an item: it stays until both bodies have ended. */
static void one_then_wait_run(struct prt_worker *base)
{
    send_to(base, 0, 0);
    while (pipe_state.finals[0] < 2)
        sched_idle();
}

static void finish_line(bool blocking)
{
    struct prt_run *const run = pipe_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, one_then_wait_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pull", .run = finish_run, .final = final_note, .workers = 2, .blocking = blocking },
                                      .pull = { a }, .out = { b } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder == 1, "%llu items came through", (unsigned long long)pipe_state.norder);
}

void pull_finish(void)
{
    finish_line(false);
}

void pull_finish_blocking(void)
{
    finish_line(true);
}

static void fail_line(bool blocking)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_state.fail_at = 1;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "last", .run = last_run, .blocking = blocking }, .pull = { a } });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(pipe_state.norder == 2, "%llu items came", (unsigned long long)pipe_state.norder);
}

void pull_fail(void)
{
    fail_line(false);
}

void pull_fail_blocking(void)
{
    fail_line(true);
}

/* The other stage fails while this one waits for an item that never comes. */
void pull_torn_down(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_state.fail_at = 1;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pull", .run = last_run }, .pull = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "hang", .run = hang_run }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "wait", .run = last_run }, .pull = { b } });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
}
