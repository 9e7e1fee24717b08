/* Slots, threads and time: claiming, hidden batches, growing, timers, ticks. */
#include "pipes.h"

#include "pool/run_state.h"

/* ---- the stack of free slots ------------------------------------------------------------------------------------ */

static struct prt_stage *stack;
static bool owned[3];

static void claim_often(void *unused)
{
    (void)unused;
    for (int times = 0; times < 2; times++) {
        struct prt_slot *const slot = prt_stage_claim_(stack);

        if (!slot)
            continue;
        SCHED_CHECK(!owned[slot->index], "slot %u has two owners", slot->index);
        owned[slot->index] = true;
        prt_load(&slot->state);
        owned[slot->index] = false;
        prt_stage_release_(stack, slot);
    }
}

/* A claim and a release change nothing of the word but its tag. */
static uint64_t tag_step(struct prt_stage *stage)
{
    const uint64_t word = prt_load(&stage->word);

    prt_stage_release_(stage, prt_stage_claim_(stage));
    return (prt_load(&stage->word) - word) / 2;
}

/* `changes`: of the stack, before its tag wraps around, or 0: far from there. */
static void stack_test(unsigned changes)
{
    static struct prt_stage stage;
    static struct prt_slot slots[2];
    unsigned left = 0;

    memset(&stage, 0, sizeof stage);
    memset(slots, 0, sizeof slots);
    memset(owned, 0, sizeof owned);
    stage.run = unit_run();
    stage.slots = slots;
    stage.nslots = 2;
    slots[0].stage = slots[1].stage = &stage;
    slots[1].index = 1;
    stack = &stage;
    sched_name(&stage, sizeof stage, "stage");
    sched_name(slots, sizeof slots, "slots");
    prt_stage_push_all_(stack);
    if (changes > 0) {
        const uint64_t step = tag_step(stack);

        prt_store(&stage.word, (prt_load(&stage.word) & (step - 1)) + PRT_WORD_FIN - changes * step);
    }
    for (int i = 0; i < 3; i++)
        sched_spawn("claimer", claim_often, NULL);
    sched_join_all();
    while (prt_stage_claim_(stack))
        left++;
    SCHED_CHECK(left == 2, "%u of 2 slots are left", left);
}

void slot_stack(void)
{
    stack_test(0);
}

/* The tag is a few bits wide and lies below FIN: after a million claims it begins again, and the stage is not over. */
void slot_stack_wraps(void)
{
    stack_test(3);
}

/* ---- hidden batches --------------------------------------------------------------------------------------------- */

static void hanging_pass_run(struct prt_worker *base) /* the sixth body waits until the first five items have arrived */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        while (item.id == 5 && pipe_state.norder < 5)
            sched_sleep(100000);
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void hidden(uint32_t receivers, void (*source)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(8);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 8);
    struct prt_chan *const b = pipe_chan(run, "b", kit_kind(1, receivers), 8);

    pipe_source(run, a, source);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = hanging_pass_run, .leaf = true }, .in = { a },
                                      .out = { b }, .most = { 1 } });
    pipe_sink(run, b, receivers);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void batch_hangs(void)
{
    hidden(1, source_run);
    pipe_check_order();
}

void batch_hangs_two(void)
{
    hidden(2, source_run);
}

/* Its results go to the outbox, since another worker sends there too. */
void batch_hangs_boxed(void)
{
    struct prt_run *const run = pipe_begin(8);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 8);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 8);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = hanging_pass_run, .leaf = true, .workers = 2 },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* ---- growing ---------------------------------------------------------------------------------------------------- */

static void meeting_run(struct prt_worker *base) /* no body leaves before all have come */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        pipe_state.inside++;
        while (pipe_state.inside < pipe_state.items)
            sched_sleep(200000);
    }
}

static void meeting(bool leaf)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 4);
    struct prt_chan *const b = leaf ? NULL : pipe_chan(run, "b", PRT_MANY_TO_ONE, 4);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "meeting", .run = meeting_run, .leaf = leaf, .workers = 3 },
                                      .in = { a }, .out = { b } });
    if (b)
        pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void grow_leaves(void)
{
    meeting(true);
}

void grow_expanders(void)
{
    meeting(false);
}

static struct prt_event second;

static void paced_twice_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = 0 };

    for (int i = 0; i < 2; i++)
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    pipe_state.told = true;
    prt_event_set(&second);
}

static void keeps_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        ;
}

static void until_second_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        while (!pipe_state.told)
            sched_sleep(100000000);
    }
}

/* A source waits for its second permit, without a thread; meanwhile all threads come to be in bodies that hang until it goes
 * on. Its slot is in the queue by then, and another thread must come for it. */
void grow_queued(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 4);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 4);
    struct prt_rate *const rate =
        prt_rate_add(run, &(struct prt_rate_spec){ .name = "ten", .per_second = 10, .burst = 1 });

    second = (struct prt_event){ 0 };
    kit_add(run, &(struct kit_stage){ .spec = { .name = "paced", .run = paced_twice_run, .rate = rate }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run, .blocking = true }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "hangs", .run = until_second_run, .leaf = true, .workers = 2 },
                                      .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "keeps", .run = keeps_run, .leaf = true }, .in = { b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* Growing fails: slower, but it ends. */
void grow_refused(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    sched_threads_left(2 + 1); /* two processors, a source */
    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "expander", .run = pass_run, .workers = 3 }, .in = { a },
                                      .out = { b } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* Starting fails at any thread: nothing has run, and that is said. */
void start_fails(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .blocking = true, .workers = 2,
                                                .final = final_note },
                                      .in = { a } });
    sched_threads_left(sched_choose(5)); /* of five */
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(pipe_state.norder == 0, "a body ran");
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

static struct prt_timers timers;
static struct prt_timer timer[3];
static struct prt_event keeper;
static unsigned fired[3];

static void timer_fired(struct prt_timer *self)
{
    const size_t i = (size_t)(self - timer);

    SCHED_CHECK(sched_time() >= self->due.at, "timer %zu fired early", i);
    fired[i]++;
}

/* Sets its timer, and the shared one, which keeps the earlier time; and takes its own back, too late or not. */
static void set_timers(void *opaque)
{
    const uintptr_t i = (uintptr_t)opaque;

    prt_timer_set_(&timers, &timer[i], 1000000000 + 5000000 * (i + 1));
    prt_timer_set_(&timers, &timer[2], 1000000000 + 3000000 * (i + 1));
    if (sched_choose(2))
        prt_timer_unset_(&timers, &timer[i]);
}

static void keep(void *unused)
{
    struct prt_timer *due;

    (void)unused;
    while (fired[2] == 0) {
        prt_event_wait(&keeper, prt_load(&timers.earliest));
        while ((due = prt_timers_due_(&timers, sched_time())))
            timer_fired(due);
    }
}

void timers_by_hand(void)
{
    struct prt_due *places[4] = { NULL };

    timers = (struct prt_timers){ .heap = { .places = places }, .keeper = &keeper };
    prt_store(&timers.earliest, PRT_NEVER);
    keeper = (struct prt_event){ 0 };
    for (int i = 0; i < 3; i++) {
        timer[i] = (struct prt_timer){ 0 };
        fired[i] = 0;
    }
    sched_name(&timers, sizeof timers, "timers");
    sched_spawn("keeper", keep, NULL);
    sched_spawn("setter", set_timers, (void *)0);
    sched_spawn("setter", set_timers, (void *)1);
    sched_join_all();
    SCHED_CHECK(fired[2] == 1 || fired[2] == 2, "the shared timer fired %u times", fired[2]);
    SCHED_CHECK(fired[0] <= 1 && fired[1] <= 1, "a timer fired twice");
}

static void tick_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = self->n[1]++ };

    if (self->n[1] == pipe_state.items)
        prt_finish(base);
    prt_emit(&self->out[0], &item, sizeof item);
}

void every_tick(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "tick", .run = tick_run, .every = 1000000 }, .out = { a } });
    pipe_sink(run, a, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
    pipe_check_order();
}

static void gather_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        self->n[1]++;
}

static void gather_flush(struct prt_worker *base) /* what was gathered, as one item whose id is the count */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = self->n[1] };

    if (self->n[1] == 0)
        return;
    self->n[1] = 0;
    prt_emit(&self->out[0], &item, sizeof item);
}

static void count_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.n[0] += item.id;
}

static void source_sleeping_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        sched_sleep(700000);
    }
}

static void flush_every(bool blocking)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, source_sleeping_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "gather", .run = gather_run, .flush = gather_flush,
                                                .final = gather_flush, .flush_every = 1000000, .workers = 2,
                                                .blocking = blocking },
                                      .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "count", .run = count_run, .leaf = true }, .in = { b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.n[0] == 4, "%llu of 4 items came", (unsigned long long)pipe_state.n[0]);
}

void flush_ticks(void)
{
    flush_every(false);
}

void flush_ticks_blocking(void)
{
    flush_every(true);
}

static void twice_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        for (unsigned i = 0; i < 2; i++)
            if (!prt_emit(&self->out[0], &item, sizeof item))
                return;
}

/* At the first tick only: with more, the priorities of a schedule could keep the source from its end for ever. */
static void three_flush(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = 1 };

    if (self->n[0]++ > 0)
        return;
    for (unsigned i = 0; i < 3; i++)
        prt_emit(&self->out[0], &item, sizeof item);
    pipe_state.n[1] += 3;
}

/* No thread can be added, and each of more workers than threads has more to flush than its channel holds: they are held in
 * their sections. */
void flush_held(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_ONE_TO_ONE, 1);

    sched_threads_left(1 + 1); /* a processor, a source */
    pipe_source(run, a, source_sleeping_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "gather", .run = gather_run, .flush = three_flush,
                                                .flush_every = 1000000, .workers = 5 },
                                      .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "twice", .run = twice_run }, .in = { b }, .out = { c } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "count", .run = count_run, .leaf = true }, .in = { c } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.n[0] == 2 * pipe_state.n[1], "%llu items came of %llu",
                (unsigned long long)pipe_state.n[0], (unsigned long long)pipe_state.n[1]);
}

/* ---- gathering -------------------------------------------------------------------------------------------------- */

static void two_windows_run(struct prt_worker *base) /* a window on one output, and long after one on the other */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item = { 0 };

    for (uint64_t id = 0; id < 72; id++) {
        if (id == 36)
            sched_sleep(2500000);
        item.id = id;
        if (!prt_emit(&self->out[id / 36], &item, sizeof item))
            return;
    }
}

static void two_sinks_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(item.id == pipe_state.n[0] || item.id == 36 + pipe_state.n[1], "item %llu came",
                    (unsigned long long)item.id);
        pipe_state.n[item.id / 36]++;
    }
}

/* The second window opens while the monitor looks after the first. */
void gather_two_outputs(void)
{
    struct prt_run *const run = pipe_begin(1);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 64);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 64);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "gather", .run = two_windows_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = nothing_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink_a", .run = two_sinks_run, .leaf = true }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink_b", .run = two_sinks_run, .leaf = true }, .in = { b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.n[0] == 36 && pipe_state.n[1] == 36, "items were lost");
}
