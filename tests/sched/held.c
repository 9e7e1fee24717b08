/* Bodies and sections that are held without a thread, go on in any, and what happens when there is no memory for their
 * stacks.
 */
#include "pipes.h"

#include "pool/gather.h"
#include "pool/run_state.h"

/* ---- bodies --------------------------------------------------------------------------------------------------- */

enum { OPENS = 32, REST = 4 }; /* items in the channel when a window opens; in the window */

static struct prt_event all_came, went_on;

/* Leaves items in a window on the first output, which is full, and waits for room in the second. */
static void two_waits_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < OPENS + REST; id++)
        if (!send_to(base, 0, id))
            return;
    for (uint64_t id = 0; id < 3; id++)
        if (!send_to(base, 1, id))
            return;
}

static void late_run(struct prt_worker *base) /* its first body lasts until everybody waits */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (pipe_state.n[0]++ == 0)
            while (!sched_sleep(8000000) || !sched_idle())
                ;
        prt_event_set(&went_on);
    }
}

/* The first body lasts until the source is about to wait in the second output. */
static void begun_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        while (!pipe_state.told)
            prt_event_wait(&all_came, PRT_NEVER);
        if (++pipe_state.n[0] < OPENS + REST)
            continue;
        sched_search(false);
        prt_event_set(&went_on);
    }
}

static void tells_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < OPENS + REST; id++)
        if (!send_to(base, 0, id))
            return;
    send_to(base, 1, 0);
    sched_search(true);
    pipe_state.told = true;
    prt_event_set(&all_came);
    send_to(base, 1, 1);
    send_to(base, 1, 2);
}

static void after_all_run(struct prt_worker *base) /* hangs until all that lies in the window has come */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        while (pipe_state.n[0] < OPENS + REST)
            prt_event_wait(&went_on, PRT_NEVER);
        pipe_state.n[1]++;
    }
}

/* A body is held for room in one output, and has a window with items for another that is full: they go when there is room
 * for them, and who makes it there need not know of the first. */
static void window(void (*source)(struct prt_worker *), void (*sink)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(0);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, OPENS);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    all_came = went_on = (struct prt_event){ 0 };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = nothing_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink, .leaf = true }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "after_all", .run = after_all_run, .leaf = true },
                                      .in = { b } });
    end_well(run);
    SCHED_CHECK(pipe_state.n[0] == OPENS + REST && pipe_state.n[1] == 3, "%llu and %llu items came",
                (unsigned long long)pipe_state.n[0], (unsigned long long)pipe_state.n[1]);
}

void hold_window(void)
{
    window(two_waits_run, late_run);
}

static void sticks_run(struct prt_worker *base) /* hangs outside until all has come */
{
    for (uint64_t id = 0; id < OPENS + REST; id++)
        if (!send_to(base, 0, id))
            return;
    while (pipe_state.n[0] < OPENS + REST)
        prt_event_wait(&went_on, PRT_NEVER);
    for (uint64_t id = 0; id < 3; id++)
        if (!send_to(base, 1, id))
            return;
}

static void slow_start_run(struct prt_worker *base) /* its first body lasts for longer than the monitor is quick to forget */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (pipe_state.n[0]++ == 0)
            sched_sleep(30000000);
        prt_event_set(&went_on);
    }
}

/* Not a body that waits, but one that is stuck in the kernel: for long there is no room for its window's items, and the
 * monitor does not forget them. */
void hold_window_stuck(void)
{
    window(sticks_run, slow_start_run);
}

/* The room for the window's items is made while the body is about to be held. */
void moment_window_held(void)
{
    window(tells_run, begun_run);
}

/* ---- room for others -------------------------------------------------------------------------------------------- */

static struct prt_chan *shared, *aside;

/* One of two, with threads of their own: a pool's thread would run the merge beside them. */
static void shares_run(struct prt_worker *base)
{
    while (pipe_state.n[0] < pipe_state.items) {
        if (!send_to(base, 0, pipe_state.n[0]++))
            return;
        pipe_state.sent++;
        prt_event_set(&went_on);
    }
}

static void two_aside_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < 2; id++)
        if (!prt_emit(&((struct kit_worker *)base)->out[0], &(struct kit_item){ .id = id, .sender = 1 },
                      sizeof(struct kit_item)))
            return;
}

/* The first body lasts until both senders wait, with three items queued. If those came next,
 * the second item from aside hangs until all was sent: there is room for it. */
static void merges_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool is_first = pipe_state.norder++ == 0;

        while (is_first && (prt_load(&shared->waiting) < 2 || prt_chan_queued_(shared) < 3 || prt_chan_queued_(aside) < 1))
            prt_pause();
        if (item.sender == 0)
            pipe_state.begun[0][item.id]++;
        pipe_state.n[1] += item.sender == 0;
        while (item.sender == 1 && item.id == 1 && pipe_state.n[1] >= 4 && pipe_state.sent < pipe_state.items)
            prt_event_wait(&went_on, PRT_NEVER);
    }
}

/* Two senders wait, places become free at once, and one of them is woken: it passes on what it leaves. */
void hold_passes_room(void)
{
    struct prt_run *const run = pipe_begin(6);

    shared = pipe_chan(run, "shared", PRT_MANY_TO_ONE, 3);
    aside = pipe_chan(run, "aside", PRT_ONE_TO_ONE, 1);
    went_on = (struct prt_event){ 0 };
    for (int i = 0; i < 2; i++)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = shares_run, .blocking = true },
                                          .out = { shared } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = two_aside_run, .blocking = true },
                                      .out = { aside } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "merge", .run = merges_run, .leaf = true },
                                      .merge = { shared, aside } });
    end_well(run);
}

/* A window's items take one of four places that somebody woke the body for: another sender waits for the others. */
void hold_window_passes_room(void)
{
    static struct prt_stage stage;
    static struct prt_thread sleeper;
    struct kit_item item = { .id = 1 };
    struct prt_run *const run = unit_run();
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 4);
    struct prt_worker worker = { .run = run };
    struct prt_out out = { .worker = &worker };
    struct prt_port port = { .out = &out, .chan = a, .box = (unsigned char *)&item, .box_size = 1, .boxed = true,
                             .gathers = true };
    struct prt_slot slot = { .stage = &stage, .ports = &port, .nports = 1 }, other = { .owner = &sleeper };
    struct prt_waiter waiter = { .slot = &other };

    stage = (struct prt_stage){ .run = run };
    sleeper = (struct prt_thread){ .run = run };
    a->nsend_slots = a->nrecv_slots = 2;
    SCHED_CHECK(prt_chan_ready_(a), "no memory");
    prt_ptr_publish(&out.next, port.box + sizeof item);
    prt_chan_enlist_(a, &waiter);
    prt_gather_send_(&slot);
    SCHED_CHECK(prt_chan_queued_(a) == 1, "%llu items were sent", (unsigned long long)prt_chan_queued_(a));
    SCHED_CHECK(prt_load(&a->waiting) == 0, "who waits for room stays asleep");
    prt_chan_free_(a);
    prt_memory_free_(&run->memory);
}

/* ---- drains ----------------------------------------------------------------------------------------------------- */

static void first_stops_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        pipe_state.norder++;
        if (sched_choose(2) == 1)
            sched_sleep(20000000);
        prt_stop(base);
    }
}

/* A source waits for a permit that is due in an hour when a drain begins. Judged by the clock, so nothing is searched. */
void moment_rate_drain(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "hour", .per_second = 1.0 / 3600, .burst = 1 });
    const uint64_t from = sched_time();

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run, .rate = rate }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = first_stops_run, .leaf = true }, .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder == 1 && pipe_state.sent == 1, "%llu items came, %llu were sent",
                (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.sent);
    SCHED_CHECK(sched_time() - from < (uint64_t)1000000000 * 10, "it waited for its permit");
}

static void until_idle_run(struct prt_worker *base) /* its first body lasts until everybody waits */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(pipe_state.begun[0][item.id]++ == 0, "item %llu came twice", (unsigned long long)item.id);
        if (pipe_state.norder++ == 0)
            while (!sched_sleep(8000000) || !sched_idle())
                ;
        if (item.id == pipe_state.fail_at)
            prt_fail(base, "as it was told");
    }
}

static void counted_on_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    pipe_state.inside++;
    while (prt_receive(&self->in[0], &item, sizeof item))
        if (!prt_emit(&self->out[0], &item, sizeof item))
            break;
    pipe_state.inside--;
}

/* Bodies that wait are more than threads, none of which can be added: each is held without one. */
static void more_than_threads(bool fails)
{
    struct prt_run *const run = pipe_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 4);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_MANY, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_MANY_TO_ONE, 1);

    sched_threads_left(1 + 1); /* a processor, a source */
    if (fails)
        pipe_state.fail_at = sched_choose(6);
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "first", .run = counted_on_run, .workers = 4 }, .in = { a },
                                      .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "second", .run = counted_on_run, .workers = 2 }, .in = { b },
                                      .out = { c } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = until_idle_run, .leaf = true }, .in = { c } });
    SCHED_CHECK(prt_run(run) == fails, "the exit status is not %d", fails);
    SCHED_CHECK(pipe_state.inside == 0, "%llu bodies did not return", (unsigned long long)pipe_state.inside);
    if (!fails)
        pipe_check_all();
}

void hold_more_than_threads(void)
{
    more_than_threads(false);
}

/* Torn down while bodies are held: they return. */
void hold_fail(void)
{
    more_than_threads(true);
}

/* ---- sections that wait ----------------------------------------------------------------------------------------- */

static void keep_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        ;
}

static void three_final(struct prt_worker *base)
{
    SCHED_CHECK(pipe_state.n[1]++ == 0, "two finals at once");
    for (uint64_t i = 0; i < 3; i++)
        if (!send_to(base, 0, pipe_state.n[0]++))
            return;
    pipe_state.n[1]--;
    pipe_state.finals[0]++;
}

/* Each worker's final has more to send than there is room for: it is held, and who goes on with it runs the next one's;
 * then the output closes. Beside it another source lingers, which must not run finals. */
static void finals(bool leaf, bool beside)
{
    struct prt_run *const run = pipe_begin(6);
    struct prt_chan *const x = pipe_chan(run, "x", PRT_ONE_TO_MANY, 1);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 1);
    struct prt_chan *const b = beside ? pipe_chan(run, "b", PRT_ONE_TO_ONE, 1) : NULL;

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = nothing_run }, .out = { x } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "keep", .run = keep_run, .leaf = leaf, .final = three_final,
                                                .workers = 2 },
                                      .in = { x }, .out = { a }, .most = { leaf ? 1 : 0 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = until_idle_run, .leaf = true }, .in = { a } });
    if (beside) {
        kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = source_run }, .out = { b } });
        kit_add(run, &(struct kit_stage){ .spec = { .name = "other_sink", .run = keep_run, .leaf = true },
                                          .in = { b } });
    }
    end_well(run);
    SCHED_CHECK(pipe_state.finals[0] == 2, "%llu finals ran", (unsigned long long)pipe_state.finals[0]);
}

void hold_finals(void)
{
    finals(sched_choose(2) == 0, false);
}

void hold_finals_beside(void)
{
    finals(true, true);
}

/* ---- no memory for stacks --------------------------------------------------------------------------------------- */

/* `left`: stacks that can be made; the source and the stage behind it have one each in reserve. Its workers take turns with
 * what there is. */
static struct prt_run *few_stacks(unsigned left, void (*sink)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(5);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 3);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    sched_stacks_left(left);
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "expander", .run = counted_on_run, .workers = 3 }, .in = { a },
                                      .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink, .leaf = true }, .in = { b } });
    return run;
}

void stacks_reserve(void)
{
    end_well(few_stacks(2, until_idle_run));
}

void stacks_few(void)
{
    end_well(few_stacks(3 + sched_choose(2), until_idle_run));
}

void stacks_none(void)
{
    struct prt_run *const run = few_stacks(sched_choose(2), until_idle_run);

    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(pipe_state.norder == 0, "a body ran");
}

/* A drain, or a tear-down, wakes slots that wait for a stack. */
static void first_ends_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (pipe_state.norder++ > 0)
            continue;
        sched_idle();
        if (pipe_state.told)
            prt_fail(base, "as it was told");
        else
            prt_stop(base);
    }
}

void stacks_end(void)
{
    struct prt_run *const run = few_stacks(2 + sched_choose(3), first_ends_run);
    const bool fails = sched_choose(2) == 1;

    pipe_state.told = fails;
    SCHED_CHECK(prt_run(run) == fails, "the exit status is not %d", fails);
    SCHED_CHECK(sched_stacks_used() == 0, "%u stacks are nobody's", sched_stacks_used());
    SCHED_CHECK(fails || pipe_state.norder == pipe_state.sent || pipe_state.norder == pipe_state.sent + 1,
                "%llu of %llu items came", (unsigned long long)pipe_state.norder, (unsigned long long)pipe_state.sent);
}

/* Two stages behind one another have fewer stacks than workers: what one gives back the other may need. */
void stacks_two_stages(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 3);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_MANY, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_MANY_TO_ONE, 1);

    sched_stacks_left(3 + sched_choose(2));
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "first", .run = counted_on_run, .workers = 2 }, .in = { a },
                                      .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "second", .run = counted_on_run, .workers = 2 }, .in = { b },
                                      .out = { c } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = until_idle_run, .leaf = true }, .in = { c } });
    end_well(run);
}
