/* Moments that lie deep in a run and are over after a few steps: a search of the whole run would not get there, so it
 * is confined to them. Before and after, everything goes on plainly.
 */
#include "pipes.h"

#include "pool/linger.h"
#include "pool/monitor.h"
#include "pool/gather.h"
#include "pool/run_state.h"

static struct prt_event answer, done;

static struct prt_run *moment_begin(uint64_t items)
{
    answer = done = (struct prt_event){ 0 };
    return pipe_begin(items);
}

/* ---- a thread parks --------------------------------------------------------------------------------------------- */

/* Everything slept, the monitor too; the second item follows the answer. */
static void twice_run(struct prt_worker *base)
{
    sched_idle();
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (!send_to(base, 0, id))
            return;
        while (pipe_state.norder <= id)
            prt_event_wait(&answer, PRT_NEVER);
    }
    sched_search(false);
}

static void answer_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        pipe_state.norder++;
        sched_search(true);
        prt_event_set(&answer);
    }
}

/* The thread that ran the first item is about to park when the second is published, and nobody else looks. */
void moment_park(void)
{
    struct prt_run *const run = moment_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);

    pipe_source(run, a, twice_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = answer_run, .leaf = true }, .in = { a } });
    end_well(run);
}

/* ---- a thread sleeps between two looks -------------------------------------------------------------------------- */

static void told_source_run(struct prt_worker *base)
{
    sched_search(true);
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        pipe_state.inside = 1;
        if (!send_to(base, 0, id))
            break;
        pipe_state.inside = 0;
    }
    pipe_state.told = true;
    sched_search(false);
}

/* Whenever nobody can go on unless time passes, the source does not wait for room: all that it needs is somebody's look. */
static void watch_source(void *unused)
{
    (void)unused;
    while (!pipe_state.told) {
        sched_idle();
        SCHED_CHECK(!pipe_state.inside || pipe_state.told, "the source waits for somebody who sleeps");
        sched_sleep(1000000);
    }
}

/* A thread leaves the items to the source, and is about to sleep for 50 microseconds or more when the source's own thread
 * goes to sleep itself. */
void moment_doze(void)
{
    struct prt_run *const run = moment_begin(5);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 8);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = told_source_run, .blocking = true }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "expander", .run = pass_run }, .in = { a }, .out = { b } });
    pipe_sink(run, b, 1);
    sched_spawn("watcher", watch_source, NULL);
    end_well(run);
    sched_join_all();
}

/* ---- a thread takes work ---------------------------------------------------------------------------------------- */

static void both_run(struct prt_worker *base)
{
    sched_idle();
    sched_search(true);
    if (!send_to(base, 0, 0) || !send_to(base, 1, 1))
        return;
    while (pipe_state.norder < 2)
        prt_event_wait(&answer, PRT_NEVER);
    sched_search(false);
}

static void needs_other_run(struct prt_worker *base) /* hangs until the other item has come */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        while (pipe_state.begun[0][1] == 0)
            prt_event_wait(&done, PRT_NEVER);
        pipe_state.begun[0][item.id]++;
        pipe_state.norder++;
        prt_event_set(&answer);
    }
}

static void other_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        pipe_state.norder++;
        prt_event_set(&done);
        prt_event_set(&answer);
    }
}

/* The thread that is woken for the first item takes it while the second is published: it must pass that on before it
 * enters a body that hangs. */
static void feed(bool leaf)
{
    struct prt_run *const run = moment_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = leaf ? NULL : pipe_chan(run, "c", PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = both_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "needs", .run = needs_other_run, .leaf = leaf }, .in = { a },
                                      .out = { c } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = other_run, .leaf = true }, .in = { b } });
    if (c)
        pipe_sink(run, c, 1);
    end_well(run);
}

void moment_alert(void)
{
    feed(true);
}

void moment_alert_waits(void)
{
    feed(false);
}

/* ---- a thread returns to its body ------------------------------------------------------------------------------- */

static void waits_run(struct prt_worker *base) /* the second item finds the channel full */
{
    sched_idle();
    for (uint64_t id = 0; id < pipe_state.items; id++)
        if (!send_to(base, 0, id))
            return;
    while (pipe_state.norder < pipe_state.items)
        prt_event_wait(&answer, PRT_NEVER);
    sched_search(false);
}

static void lets_look_run(struct prt_worker *base) /* who was woken for the first item finds the stage busy */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (item.id == 0) {
            sched_search(true);
            sched_sleep(1);
        }
        pipe_state.begun[0][item.id]++;
        pipe_state.norder++;
        prt_event_set(&answer);
    }
}

/* The first item's body runs beside the source while a thread that was woken for it looks; then the source sends the
 * second, and hangs. When that thread parks it must not see the stage as it was, still in the other's hands. */
void moment_lingered(void)
{
    struct prt_run *const run = moment_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, waits_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = lets_look_run, .leaf = true }, .in = { a } });
    end_well(run);
}

/* ---- credit in turn --------------------------------------------------------------------------------------------- */

enum { CREDIT_ITEMS = 12, AHEAD = 2 };
enum { DOZE_NS = 200000 }; /* longer than a thread sleeps between two looks, and shorter than the monitor's tick */
enum { BEFORE, CREDIT_IS_BACK, HANGS, CREDIT_IS_USED };

/* Bodies cost next to nothing at first. The first batch that takes all the credit is slow, so that all others go to sleep. The body after it, of a batch that
 * leaves some credit, hangs until somebody uses that. */
static void credit_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct prt_slot *slot = base->slot;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        if (pipe_state.n[0] == BEFORE) {
            slot->measured = false;
            prt_store_relaxed(&slot->stage->cost, 1);
            prt_store_relaxed(&slot->stage->mean, 1);
        }
        if (pipe_state.n[0] == BEFORE && slot->hidden && slot->turn_end - slot->turn == AHEAD) {
            pipe_state.n[0] = CREDIT_IS_BACK;
            pipe_state.n[1] = slot->turn;
            sched_sleep(20000000);
            sched_search(true);
        } else if (pipe_state.n[0] == CREDIT_IS_BACK && slot->turn != pipe_state.n[1]) {
            pipe_state.n[0] = HANGS;
            while (pipe_state.n[0] == HANGS)
                prt_event_wait(&answer, PRT_NEVER);
        } else if (pipe_state.n[0] == HANGS) {
            pipe_state.n[0] = CREDIT_IS_USED;
            sched_search(false);
            prt_event_set(&answer);
        }
    }
}

/* All are queued before the first body is done, and none waits for the source. */
static void all_at_once_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items && send_to(base, 0, id); id++)
        ;
}

static void watch_credit(void *unused)
{
    (void)unused;
    while (pipe_state.n[0] != CREDIT_IS_USED) {
        sched_idle();
        if (pipe_state.n[0] == HANGS) {
            sched_sleep(DOZE_NS);
            sched_idle();
            SCHED_CHECK(pipe_state.n[0] != HANGS, "there is credit again, and everybody sleeps");
        }
        sched_sleep(1000000);
    }
}

/* Who passes a turn on and takes a part of the credit that comes back must see to the rest: whoever was there for it has
 * gone to sleep, and nothing was sent that would wake anybody. */
void moment_credit(void)
{
    struct prt_run *const run = moment_begin(CREDIT_ITEMS);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, CREDIT_ITEMS);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, AHEAD);

    pipe_source(run, a, all_at_once_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ordered", .run = credit_run, .leaf = true, .workers = 2,
                                                .ordered = true, .ahead = AHEAD },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    pipe_sink(run, b, 1);
    sched_spawn("watcher", watch_credit, NULL);
    end_well(run);
    sched_join_all();
}

/* ---- permits in turn -------------------------------------------------------------------------------------------- */

static void search_source_run(struct prt_worker *base)
{
    sched_search(true);
    for (uint64_t id = 0; id < pipe_state.items; id++)
        if (!send_to(base, 0, id))
            return;
}

/* Two bodies that wait for their turn in emit, and one permit: who has drawn the later turn must not get it first. */
void moment_permits(void)
{
    struct prt_run *const run = moment_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 2);
    const struct prt_bound_use use = {
        .bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 })
    };

    pipe_source(run, a, search_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ordered", .run = on_run, .workers = 2,
                                                .ordered = true, .bounds = &use, .nbounds = 1 },
                                      .in = { a }, .out = { b } });
    pipe_sink(run, b, 1);
    end_well(run);
    pipe_check_order();
}

/* ---- a cycle goes on -------------------------------------------------------------------------------------------- */

static void first_id_run(struct prt_worker *base)
{
    send_to(base, 0, 0);
}

/* Two items for one, when nobody outside the cycle can send any more. */
static void twofold_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        sched_sleep(3000000);
        sched_search(true);
        for (uint64_t id = 0; id < 2; id++)
            if (!send_to(base, 0, id))
                return;
        sched_search(false);
    }
}

static void leave_cycle_run(struct prt_worker *base) /* what it sent back would go to output 0 */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (!prt_emit(&self->out[1], &item, sizeof item))
            return;
}

/* While its body sends, the one item that holds the cycle open is in a worker's hand: what that sends must be counted
 * before another can be done with it, or the cycle ends under the body. */
void moment_cycle(void)
{
    struct prt_run *const run = moment_begin(2);
    struct prt_chan_spec inner = { .name = "a", .kind = PRT_GROWING, .item_size = sizeof(struct kit_item), .cycle = 1 };
    struct prt_chan *const a = prt_chan_add(run, &inner);
    struct prt_chan *const c = (inner.name = "c", prt_chan_add(run, &inner));
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 2);

    pipe_source(run, a, first_id_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "twofold", .run = twofold_run, .cycle = 1 }, .in = { a },
                                      .out = { c }, .in_cycle = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "leave", .run = leave_cycle_run, .leaf = true, .cycle = 1 },
                                      .in = { c }, .out = { a, b }, .most = { 1, 1 }, .in_cycle = { true } });
    pipe_sink(run, b, 1);
    end_well(run);
    pipe_check_order();
}

/* ---- a thread goes on to the next stage of a cycle --------------------------------------------------------------- */

static void round_source_run(struct prt_worker *base) /* after the first item the stages are known to be quick */
{
    if (!send_to(base, 1, 0))
        return;
    while (pipe_state.norder < 1)
        prt_event_wait(&answer, PRT_NEVER);
    sched_idle();
    sched_search(true);
    if (!send_to(base, 1, 1) || !send_to(base, 1, 2))
        return;
    while (pipe_state.norder < 3)
        prt_event_wait(&answer, PRT_NEVER);
    sched_search(false);
}

static void round_first_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (item.id == 2) {
            pipe_state.told = true;
            prt_event_set(&done);
        }
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void round_second_run(struct prt_worker *base) /* hangs with item 1 until item 2 has come to the first stage */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        while (item.id == 1 && !pipe_state.told)
            prt_event_wait(&done, PRT_NEVER);
        pipe_state.begun[0][item.id]++;
        pipe_state.norder++;
        prt_event_set(&answer);
    }
}

/* Who was woken for the second item found the first stage busy, and then the second one: who goes from one to the other
 * must alert another to what came to the first meanwhile. That the source could send to the second stage puts it behind the
 * first where they are looked at. */
void moment_round(void)
{
    struct prt_run *const run = moment_begin(3);
    struct prt_chan_spec inner = { .name = "a", .kind = PRT_GROWING, .item_size = sizeof(struct kit_item), .cycle = 1 };
    struct prt_chan *const a = prt_chan_add(run, &inner);
    struct prt_chan *const c = (inner.name = "c", prt_chan_add(run, &inner));

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = round_source_run }, .out = { c, a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "second", .run = round_second_run, .leaf = true, .cycle = 1 },
                                      .in = { c }, .out = { a }, .most = { 1 }, .in_cycle = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "first", .run = round_first_run, .leaf = true, .cycle = 1 },
                                      .in = { a }, .out = { c }, .most = { 1 }, .in_cycle = { true } });
    end_well(run);
}

/* ---- a window opens --------------------------------------------------------------------------------------------- */

enum { WINDOW = 36 }; /* items to each output: the 32nd opens a window, when 16 came fast */

/* A window opens on the second output while the monitor looks after the one on the first, whose body was stuck. */
static void windows_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < 2 * WINDOW; id++) {
        if (id == WINDOW)
            sched_sleep(2500000);
        sched_search(id == WINDOW + 31);
        if (!send_to(base, id / WINDOW, id))
            return;
    }
    sched_search(false);
}

static void windows_sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(item.id == pipe_state.n[0] || item.id == WINDOW + pipe_state.n[1], "item %llu came",
                    (unsigned long long)item.id);
        pipe_state.n[item.id / WINDOW]++;
    }
}

void moment_window(void)
{
    struct prt_run *const run = moment_begin(0);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 64);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 64);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "gather", .run = windows_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = nothing_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink_a", .run = windows_sink_run, .leaf = true },
                                      .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink_b", .run = windows_sink_run, .leaf = true },
                                      .in = { b } });
    end_well(run);
    SCHED_CHECK(pipe_state.n[0] == WINDOW && pipe_state.n[1] == WINDOW, "items were lost");
}

/* ---- batches that the monitor watches --------------------------------------------------------------------------- */

/* By hand: what a thread does with numbered batches, and a monitor that has nothing else to watch. */
static struct prt_run *watched;
static struct prt_thread runner;
static struct prt_slot outer, inner;

static void watch_begin(void)
{
    static const struct prt_settings settings;
    static struct prt_stage stage;

    watched = unit_run();
    watched->spec.settings = &settings;
    stage = (struct prt_stage){ .run = watched };
    runner = (struct prt_thread){ .run = watched };
    outer = inner = (struct prt_slot){ .stage = &stage };
    watched->pool.cpus = 1;
    watched->threads = &runner;
    prt_store(&watched->timers.earliest, PRT_NEVER);
    prt_store(&watched->unfinished, 1);
    sched_name(&runner, sizeof runner, "runner");
}

static void watch(void (*run_batches)(void *))
{
    watch_begin();
    sched_spawn("runner", run_batches, NULL);
    prt_monitor_(watched);
    sched_join_all();
}

static void watch_ends(void)
{
    sched_search(false);
    sched_sleep(1000000); /* it may have been about to look */
    SCHED_CHECK(prt_load(&watched->pool.word) & PRT_WATCHING, "nobody watches the batch that goes on");
    prt_store(&watched->unfinished, 0);
    prt_event_set(&watched->event);
}

static void put_away_run(void *unused)
{
    (void)unused;
    inner.hidden = true;
    outer.thread = &runner;
    prt_batch_number_(&runner, &outer);
    sched_sleep(1500000); /* a tick */
    if (!prt_gather_put_away_(&outer))
        sched_fail(__FILE__, __LINE__, "the batch had no number");
    prt_batch_number_(&runner, &inner);
    prt_batch_unnumber_(&runner, &inner);
    SCHED_CHECK(prt_load(&outer.batch) == 0, "the monitor works on a body that waits");
    sched_search(true);
    prt_gather_take_up_(&outer);
    sched_sleep(3000000);
    watch_ends();
    prt_batch_unnumber_(&runner, &outer);
}

/* A body with windows waits, a batch runs beside it, and it goes on: from now on the monitor watches it again. */
void moment_put_away(void)
{
    watch(put_away_run);
}

static void alike_run(void *unused)
{
    (void)unused;
    inner.hidden = true;
    prt_batch_number_(&runner, &outer);
    sched_sleep(15000000);
    prt_batch_unnumber_(&runner, &outer);
    sched_search(true);
    prt_batch_number_(&runner, &inner);
    sched_sleep(3000000);
    watch_ends();
    prt_batch_unnumber_(&runner, &inner);
}

/* The monitor is done with a batch in which it found nothing to publish for long. The thread's next one, of another
 * slot, has the same number: it is watched. */
void moment_alike(void)
{
    watch(alike_run);
}

static void ended_run(void *unused)
{
    (void)unused;
    prt_batch_number_(&runner, &outer);
    prt_pool_flags_(&watched->pool, PRT_DRAINING, 0);
    sched_search(true);
    prt_event_set(&watched->event);
    prt_batch_unnumber_(&runner, &outer);
    prt_store_relaxed(&outer.eased, 1); /* a plain batch's */
    sched_sleep(3000000);
    sched_search(false);
    SCHED_CHECK(prt_load_relaxed(&outer.eased) == 1, "the monitor works on a slot without a numbered batch");
    prt_store(&watched->unfinished, 0);
    prt_event_set(&watched->event);
}

/* When a drain begins the monitor ends the windows of the batches that run, and of none that has just ended. */
void moment_ended(void)
{
    watch(ended_run);
}

static void leaves_run(void *unused)
{
    (void)unused;
    prt_store(&runner.in_source, (uint64_t)(uintptr_t)&outer);
    sched_search(true);
    prt_pool_flags_(&watched->pool, PRT_DRAINING, 0);
    prt_event_set(&watched->event);
    prt_linger_leave_source_(&runner);
    SCHED_CHECK(sched_sleep(1000), "a signal for the source interrupts what the thread does next");
    sched_search(false);
    prt_store(&watched->unfinished, 0);
    prt_event_set(&watched->event);
}

/* A drain begins, and the monitor is about to interrupt a source when that leaves its thread. */
void moment_signal_leaves(void)
{
    watch_begin();
    if (prt_thread_start(&runner.handle, 0, leaves_run, NULL))
        sched_fail(__FILE__, __LINE__, "no thread");
    prt_monitor_(watched);
    prt_thread_join(&runner.handle);
}

static struct prt_call call;

static void calls_run(void *unused)
{
    (void)unused;
    prt_store(&runner.in_source, (uint64_t)(uintptr_t)&outer);
    sched_search(true);
    prt_event_set(&done);
    if (prt_call_begin(&call)) {
        SCHED_CHECK(sched_sleep(1000), "a signal for the source interrupts the stage that it calls");
        prt_call_end(&call);
    }
    sched_search(false);
    sched_sleep(1000000); /* it is called again and again until it leaves */
    SCHED_CHECK(!prt_call_begin(&call) && prt_load(&call.inside) == 0, "it is called while the pipeline drains");
    prt_store(&watched->unfinished, 0);
    prt_event_set(&watched->event);
}

static void drain(void *unused)
{
    (void)unused;
    prt_event_wait(&done, PRT_NEVER);
    prt_pool_flags_(&watched->pool, PRT_DRAINING, 0);
    prt_event_set(&watched->event);
}

/* A drain begins, and the monitor is about to interrupt a source when that calls an inline stage. */
void moment_signal_call(void)
{
    struct prt_inline_spec within = { .by = 0, .call_at = 1 };
    struct prt_slot slot = { .call = &call };
    struct prt_stage called = { .slots = &slot };
    struct prt_worker worker = { .slot = &outer };

    watch_begin();
    done = (struct prt_event){ 0 };
    outer.mode = PRT_MODE_WAIT;
    outer.stage->spec.ninlines = 1;
    outer.stage->inlines = &within;
    outer.stage->inner = &called;
    worker.stage = outer.stage;
    worker.run = watched;
    call = (struct prt_call){ .word = &watched->pool.word, .sender = &worker };
    sched_name(&call, sizeof call, "call");
    if (prt_thread_start(&runner.handle, 0, calls_run, NULL))
        sched_fail(__FILE__, __LINE__, "no thread");
    sched_spawn("user", drain, NULL);
    prt_monitor_(watched);
    prt_thread_join(&runner.handle);
    sched_join_all();
}

/* ---- what is never lost, only late ------------------------------------------------------------------------------ */

/* These are judged by the clock, so nothing is searched: where the strategy moves it everything may be late. */

static void begun_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        pipe_state.n[item.id] = sched_time();
    }
}

static void busy_run(struct prt_worker *base) /* the third item, while the body of the second goes on */
{
    const struct prt_pool *pool = &base->run->pool;

    if (!send_to(base, 0, 0))
        return;
    sched_sleep(1200000);
    if (!send_to(base, 0, 1))
        return;
    sched_sleep(100000 + 200000 * sched_choose(3));
    if (!send_to(base, 1, 2))
        return;
    while (pipe_state.begun[0][2] == 0)
        sched_sleep(10000);
    SCHED_CHECK(pool->threads == pool->first_threads, "%u threads instead of %u", pool->threads, pool->first_threads);
}

static void second_slow_run(struct prt_worker *base) /* the first tells that the bodies are quick */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        if (item.id == 1)
            sched_sleep(1000000);
    }
}

/* A thread counts as one that looks for work while it runs what was quick. A tick finds the other stage unserved, and
 * adds no thread, since one looks; when the body is done, that one serves it. */
void moment_looking(void)
{
    struct prt_run *const run = moment_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 2);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = busy_run, .blocking = true },
                                      .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "quick", .run = second_slow_run, .leaf = true }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = begun_run, .leaf = true }, .in = { b } });
    end_well(run);
}

static void beside_run(struct prt_worker *base) /* the third item, while the body of the first goes on */
{
    if (!send_to(base, 0, 0) || !send_to(base, 0, 1))
        return;
    while (pipe_state.begun[0][0] == 0)
        sched_sleep(1000);
    pipe_state.n[3] = sched_time();
    send_to(base, 1, 2);
    sched_sleep(3000000);
}

static void slowly_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        sched_sleep(50000);
    }
}

static void nap(bool bound)
{
    struct prt_run *const run = moment_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 2);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "thousand", .per_second = 1000, .burst = 1 });
    const struct prt_bound_use use = {
        .bound = bound ? prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 }) : NULL
    };

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = beside_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "third_thread", .run = nothing_run } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "slow", .run = slowly_run, .leaf = true, .rate = rate,
                                                .bounds = &use, .nbounds = bound },
                                      .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = begun_run, .leaf = true, .bounds = &use,
                                                .nbounds = bound },
                                      .in = { b } });
    end_well(run);
    SCHED_CHECK(pipe_state.n[2] - pipe_state.n[3] < 300000, "the other item came after %llu ns",
                (unsigned long long)(pipe_state.n[2] - pipe_state.n[3]));
}

/* One thread may run leaves. While it does, an item comes for another stage and wakes nobody; then it naps for a permit,
 * and must have the other stage run by the thread that is parked. */
void moment_nap(void)
{
    nap(false);
}

/* The other stage needs the bound that the one which waits for its rate would hold. */
void moment_nap_bound(void)
{
    nap(true);
}

static uint64_t sent;

static void meanwhile_run(struct prt_worker *base) /* the last, for the other stage, while the third waits for its permit */
{
    if (!send_to(base, 0, 0))
        return;
    while (pipe_state.begun[0][0] == 0)
        sched_sleep(1000);
    if (!send_to(base, 0, 1) || !send_to(base, 0, 2))
        return;
    while (pipe_state.begun[0][1] == 0)
        sched_sleep(1000);
    sched_sleep(50000 + 100000 * sched_choose(4));
    SCHED_CHECK(pipe_state.begun[0][2] == 0, "the third item had its permit too soon");
    sent = sched_time();
    send_to(base, 1, 3);
    sched_sleep(3000000);
}

/* The first item tells that the bodies are quick, so the thread that looks for work and finds the second one due counts as
 * looking while it runs it. It naps for the third one's permit, and looks no more: an item that comes meanwhile for
 * another stage wakes the thread that is parked. */
void moment_nap_looking(void)
{
    struct prt_run *const run = moment_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 2);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "thousand", .per_second = 1000, .burst = 1 });

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = meanwhile_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "third_thread", .run = nothing_run } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "quick", .run = begun_run, .leaf = true, .rate = rate },
                                      .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = begun_run, .leaf = true }, .in = { b } });
    end_well(run);
    SCHED_CHECK(pipe_state.n[3] - sent < 300000, "the other item came after %llu ns",
                (unsigned long long)(pipe_state.n[3] - sent));
}
