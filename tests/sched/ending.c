/* Ends: failing, stopping, signals, limits of time, cycles; at any point, with items everywhere. */
#include "pipes.h"

#include "pool/run_state.h"

/* A source, a leaf, a sink; which of the last two fails, or where the source stops, the harness says. */
static int run_three(uint64_t items, uint32_t workers, enum prt_on_fail on_fail)
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 1);
    struct prt_chan *const b = pipe_chan(run, "b", kit_kind(workers, 1), 1);
    const uint64_t fail_at = sched_choose((unsigned)items + 1);

    pipe_state.fail_at = fail_at == items ? PIPE_ITEMS : fail_at;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = pass_run, .leaf = true, .workers = workers,
                                                .on_fail = on_fail, .final = final_note },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .on_fail = on_fail },
                                      .in = { b } });
    return prt_run(run);
}

/* The leaf that fails is run by whoever finds it: a pool thread, or the source that waits for room. */
void end_fail(void)
{
    const int status = run_three(3, 1, PRT_THEN_STOP);

    SCHED_CHECK(status == (pipe_state.fail_at < 3), "the exit status is %d", status);
    pipe_check_some();
    pipe_check_order();
    SCHED_CHECK(pipe_state.finals[1] + pipe_state.finals[0] == 1, "final ran %llu times",
                (unsigned long long)(pipe_state.finals[1] + pipe_state.finals[0]));
}

void end_fail_two(void)
{
    const int status = run_three(3, 2, PRT_THEN_STOP);

    SCHED_CHECK(status == (pipe_state.fail_at < 3), "the exit status is %d", status);
    pipe_check_some();
    SCHED_CHECK(pipe_state.finals[1] + pipe_state.finals[0] == 2, "final ran %llu times",
                (unsigned long long)(pipe_state.finals[1] + pipe_state.finals[0]));
}

void end_skip(void)
{
    const int status = run_three(3, 1, PRT_THEN_SKIP);

    SCHED_CHECK(status == (pipe_state.fail_at < 3), "the exit status is %d", status);
    SCHED_CHECK(pipe_state.norder == (pipe_state.fail_at < 3 ? 2 : 3), "%llu items came",
                (unsigned long long)pipe_state.norder);
}

void end_stop(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_state.stop_at = sched_choose(3);
    pipe_source(run, a, source_run);
    pipe_pass(run, a, b, 1);
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder >= pipe_state.sent && pipe_state.norder <= pipe_state.sent + 1,
                "%llu of %llu items came", (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.sent);
    pipe_check_order();
}

/* A sink that asks for the end: what is on its way still arrives. */
static void stopping_sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        pipe_state.order[pipe_state.norder++] = item.id;
        if (item.id == pipe_state.stop_at)
            prt_stop(base);
    }
}

void end_stop_sink(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = stopping_sink_run, .leaf = true },
                                      .in = { a } });
    pipe_state.stop_at = sched_choose(2);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder >= pipe_state.sent && pipe_state.norder <= pipe_state.sent + 1,
                "%llu of %llu items came", (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.sent);
}

/* ---- waits in the kernel ---------------------------------------------------------------------------------------- */

/* Sends, and waits for what never comes until there is nothing more to wait for. */
static void waiting_source_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++)
        if (!send_to(base, 0, id))
            return;
    SCHED_CHECK(prt_wait_for(base, -1, 0, -1) == -1, "a source's wait ended by something else");
}

/* The sink asks for the end at any moment of the source's. */
void end_wait_for(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);

    pipe_state.stop_at = sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = waiting_source_run,
                                                .blocking = sched_choose(2) }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = stopping_sink_run, .leaf = true },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
}

static void waiting_sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        SCHED_CHECK(prt_wait_for(base, -1, 0, -1) == -1, "a wait ended by something else");
}

static void failing_source_run(struct prt_worker *base)
{
    source_run(base);
    prt_fail(base, "as it was told");
}

/* Nobody but the source that fails ends the waits of the sink's bodies. */
void end_wait_for_failed(void)
{
    struct prt_run *const run = pipe_begin(2);
    const uint32_t workers = 1 + sched_choose(2);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, workers), 2);

    pipe_source(run, a, failing_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = waiting_sink_run, .leaf = true, .sleeps = true,
                                                .workers = workers }, .in = { a } });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
}

/* ---- signals ---------------------------------------------------------------------------------------------------- */

static void user(void *unused)
{
    (void)unused;
    if (sched_choose(2) == 1)
        sched_idle();
    sched_signal(SIGINT);
}

/* From the first moment at which the run handles signals. */
static void user_comes(struct prt_worker *unused)
{
    (void)unused;
    sched_spawn("user", user, NULL);
}

/* The source hangs in the kernel until it is interrupted, or is busy sending, when the signal comes. */
static void hung_source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        pipe_state.sent++;
    }
    while (!prt_stopping(base))
        sched_sleep((uint64_t)1000000000 * 3600);
}

void end_signal(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, hung_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .init = user_comes },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    sched_join_all();
    SCHED_CHECK(sched_raised() == SIGINT, "the signal was not raised again");
    SCHED_CHECK(pipe_state.norder >= pipe_state.sent && pipe_state.norder <= pipe_state.sent + 1,
                "%llu of %llu items came", (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.sent);
}

static void sleeps_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.norder++;
        SCHED_CHECK(sched_sleep(120000000), "a signal for the source interrupts a leaf");
    }
}

/* The source waits, and a leaf sleeps beside it for longer than it takes until sources are interrupted. Nothing is searched: a
 * signal that was on its way when the source began to wait may still come. */
void moment_signal_beside(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, hung_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sleeps_run, .leaf = true, .init = user_comes },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    sched_join_all();
    SCHED_CHECK(sched_raised() == SIGINT, "the signal was not raised again");
}

/* A signal for a source is on its way while that leaves its thread to another body: it waits, is held, was stolen, has
 * returned. From when it asks for the signal on all is searched, until that body has slept. */
static struct prt_event asked;

static void asked_user(void *unused)
{
    (void)unused;
    while (!pipe_state.told)
        prt_event_wait(&asked, PRT_NEVER);
    sched_signal(SIGINT);
}

static void ask(void)
{
    sched_search(true);
    pipe_state.told = true;
    prt_event_set(&asked);
}

static void undisturbed(void)
{
    SCHED_CHECK(sched_sleep(1000), "a signal for the source interrupts another body");
    sched_search(false);
}

static void asking_source_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id };

        if (id == pipe_state.stop_at)
            ask();
        if (!prt_emit(&((struct kit_worker *)base)->out[0], &item, sizeof item))
            return;
    }
    if (pipe_state.stop_at == pipe_state.items)
        ask();
}

static void undisturbed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (self->n[0]++ == 0 && pipe_state.n[0]) { /* lasts until the source is stolen */
            sched_sleep(5000000);
            ask();
            continue;
        }
        if (pipe_state.told)
            undisturbed();
    }
}

static void undisturbed_final(struct prt_worker *unused)
{
    (void)unused;
    undisturbed();
}

static void interrupted(uint64_t items, uint64_t asks_at, bool stolen, struct prt_stage_spec source, bool leaf)
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = leaf ? NULL : pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    asked = (struct prt_event){ 0 };
    pipe_state.stop_at = asks_at;
    pipe_state.n[0] = stolen;
    source.name = "source";
    source.run = asking_source_run;
    kit_add(run, &(struct kit_stage){ .spec = source, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "undisturbed", .run = undisturbed_run, .leaf = leaf },
                                      .in = { a }, .out = { b } });
    if (b)
        pipe_sink(run, b, 1);
    sched_spawn("user", asked_user, NULL);
    prt_run(run);
    sched_join_all();
}

void moment_signal_waits(void)
{
    interrupted(2, 1, false, (struct prt_stage_spec){ .leaf = false }, true);
}

void moment_signal_held(void) /* its receiver may wait itself, and has the thread for itself */
{
    interrupted(2, 1, false, (struct prt_stage_spec){ .leaf = false }, false);
}

void moment_signal_stolen(void)
{
    interrupted(4, PIPE_ITEMS, true, (struct prt_stage_spec){ .leaf = false }, true);
}

void moment_signal_returned(void)
{
    interrupted(1, 1, false, (struct prt_stage_spec){ .leaf = false }, true);
}

void moment_signal_final(void)
{
    interrupted(1, 1, false, (struct prt_stage_spec){ .blocking = true, .final = undisturbed_final }, true);
}

static void hung_sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.norder++;
        sched_sleep(5000000);
    }
}

/* A drain with a limit that may be too short: then what is left is dropped, and the exit status tells. */
void end_drain_limit(void)
{
    static const struct prt_settings settings = { .drain = 1000000 };
    struct prt_run *const run = pipe_begin_with(4, &settings);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 4);

    pipe_state.stop_at = 3;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = hung_sink_run, .leaf = true }, .in = { a } });
    if (prt_run(run) == 0)
        SCHED_CHECK(pipe_state.norder >= pipe_state.sent, "%llu of %llu items came, and the exit status is 0",
                    (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.sent);
}

static void waiting_final(struct prt_worker *worker, void *pipe)
{
    (void)pipe;
    SCHED_CHECK(prt_wait_for(worker, -1, 0, -1) == -1, "a wait of `final` ended by something else");
    pipe_state.told = true;
}

/* The pipeline's own `final` waits for ever, and the signal whose drain has a limit comes before it or meanwhile. */
void end_drain_final(void)
{
    static const struct prt_settings settings = { .drain = 1000000 };
    struct prt_run *const run = pipe_begin_with(1, &settings);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    run->spec.final = waiting_final;
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .init = user_comes },
                                      .in = { a } });
    prt_run(run);
    sched_join_all();
    SCHED_CHECK(pipe_state.told, "`final` has not run");
    SCHED_CHECK(sched_raised() == SIGINT, "the signal was not raised again");
}

/* ---- nested ----------------------------------------------------------------------------------------------------- */

/* A source and an expander both wait: a tear-down finds bodies on their stacks, in reach or held, and slots that hold what
 * did not fit. */
void end_fail_waiting(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_ONE_TO_ONE, 1);

    pipe_state.fail_at = sched_choose(4);
    pipe_source(run, a, source_run);
    pipe_pass(run, a, b, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "wide", .run = on_run }, .in = { b }, .out = { c } });
    pipe_sink(run, c, 1);
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
}

static void emit_final(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < 2; id++) {
        const struct kit_item item = { .id = pipe_state.items - 2 + id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void keep_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.n[0]++;
}

static void first_two_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < 2; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

/* A final that sends, and waits for room at base level. */
void end_final_emits(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, first_two_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "keep", .run = keep_run, .leaf = true, .final = emit_final },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.n[0] == 2 && pipe_state.norder == 2, "%llu items were kept, %llu came",
                (unsigned long long)pipe_state.n[0], (unsigned long long)pipe_state.norder);
    pipe_check_order();
}

static void failing_init(struct prt_worker *base)
{
    prt_fail(base, "as it was told");
}

void end_init_fails(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true, .init = failing_init,
                                                .final = final_note },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(pipe_state.norder == 0 && pipe_state.finals[0] == 0, "a body or final ran");
}

/* ---- cycles ----------------------------------------------------------------------------------------------------- */

static void again_run(struct prt_worker *base) /* each item goes round once more; the second time it goes on */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const size_t to = item.sender == 0 ? 0 : 1;

        item.sender++;
        if (!prt_emit(&self->out[to], &item, sizeof item))
            return;
    }
}

static struct prt_chan *cycle_chan(struct prt_run *run, const char *name)
{
    struct prt_chan *const chan = prt_chan_add(run, &(struct prt_chan_spec){ .name = name, .kind = PRT_GROWING,
                                                                             .item_size = sizeof(struct kit_item),
                                                                             .cycle = 1 });

    sched_name(chan, 512, name);
    return chan;
}

static void cycle(uint32_t workers, void (*source)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = cycle_chan(run, "a");
    struct prt_chan *const b = pipe_chan(run, "b", kit_kind(workers, 1), 1);

    pipe_source(run, a, source);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "again", .run = again_run, .leaf = true, .workers = workers,
                                                .cycle = 1 },
                                      .in = { a }, .out = { a, b }, .most = { 1, 1 }, .in_cycle = { true } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void end_cycle(void)
{
    cycle(1, source_run);
}

void end_cycle_two(void)
{
    cycle(2, source_run);
}

void end_cycle_idle(void)
{
    cycle(1, source_idle_run);
}

/* Two stages: while an item is in the hands of the second, the first has nothing, and must not end. */
void end_cycle_stages(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = cycle_chan(run, "a");
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = cycle_chan(run, "c");

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "again", .run = again_run, .leaf = true, .cycle = 1 },
                                      .in = { a }, .out = { c, b }, .most = { 1, 1 }, .in_cycle = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "back", .run = on_run, .leaf = true, .cycle = 1 },
                                      .in = { c }, .out = { a }, .most = { 1 }, .in_cycle = { true } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

static void half_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items / 2; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void twice_run(struct prt_worker *base) /* an item becomes two; when they have gone round they go on */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool first = item.sender == 0;
        struct kit_item other = { .id = item.id + pipe_state.items / 2, .sender = 1 };

        item.sender = 1;
        if (!prt_emit(&self->out[first ? 0 : 1], &item, sizeof item) ||
            (first && !prt_emit(&self->out[0], &other, sizeof other)))
            return;
    }
}

/* A leaf that sends more round the cycle than it received, and then nothing. */
void end_cycle_twofold(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = cycle_chan(run, "a");
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = cycle_chan(run, "c");

    pipe_source(run, a, half_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "twice", .run = twice_run, .leaf = true, .cycle = 1 },
                                      .in = { a }, .out = { c, b }, .most = { 2, 1 }, .in_cycle = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "back", .run = on_run, .leaf = true, .workers = 2,
                                                .cycle = 1 },
                                      .in = { c }, .out = { a }, .most = { 1 }, .in_cycle = { true } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

static void seed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < 2; id++)
        if (!prt_emit(&self->out[0], &(struct kit_item){ .id = id }, sizeof(struct kit_item)))
            return;
}

static void credited_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item, credit;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        prt_receive_also(&self->in[1], &credit, sizeof credit);
        if (!prt_emit(&self->out[0], &credit, sizeof credit) || !prt_emit(&self->out[1], &item, sizeof item))
            return;
    }
}

/* Credits go round. When no item comes any more, those that are left in the ring must not keep the cycle open. */
void end_cycle_abandoned(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const x = pipe_chan(run, "x", PRT_ONE_TO_ONE, 2);
    struct prt_chan *const credits = cycle_chan(run, "credits");
    struct prt_chan *const used = cycle_chan(run, "used");
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 2);

    pipe_source(run, x, source_run);
    pipe_source(run, credits, seed_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "credited", .run = credited_run, .leaf = true, .cycle = 1 },
                                      .in = { x, credits }, .out = { used, b }, .most = { 1, 1 },
                                      .in_cycle = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "back", .run = on_run, .leaf = true, .cycle = 1 },
                                      .in = { used }, .out = { credits }, .most = { 1 }, .in_cycle = { true } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* ---- two runs in one process ------------------------------------------------------------------------------------ */

static prt_atomic_u64 other_got;

static void other_sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        prt_add(&other_got, 1);
}

static void run_other(void *opaque)
{
    SCHED_CHECK(prt_run(opaque) == 0, "the other's exit status is not 0");
}

void end_two_runs(void)
{
    struct prt_run *const run = pipe_begin(1);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_run *const other = kit_run_new(NULL);
    struct prt_chan *const b = pipe_chan(other, "b", PRT_ONE_TO_ONE, 1);

    prt_store(&other_got, 0);
    pipe_source(run, a, source_run);
    pipe_sink(run, a, 1);
    pipe_source(other, b, source_run);
    kit_add(other, &(struct kit_stage){ .spec = { .name = "sink", .run = other_sink_run, .leaf = true }, .in = { b } });
    sched_spawn("other run", run_other, other);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    sched_join_all();
    pipe_check_all();
    SCHED_CHECK(prt_load(&other_got) == 1, "the other run lost its item");
}
