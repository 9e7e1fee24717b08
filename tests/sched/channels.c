/* Each kind of channel in a pipeline of its own: all items arrive, once, in each sender's order; and the same with a
 * source that sends the next item only when the last has arrived, or when everything sleeps: an end wakes everybody, so
 * a pipeline that only ends hides a lost wake-up.
 */
#include "pipes.h"

#include "pool/run_state.h"

static void one_to_one(uint64_t cap, uint64_t items, void (*body)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, cap);

    pipe_source(run, a, body);
    pipe_sink(run, a, 1);
    end_well(run);
    pipe_check_order();
}

void chan_one_to_one(void)
{
    one_to_one(1, 3, source_run);
}

void chan_one_to_one_pong(void)
{
    one_to_one(1, 3, source_pong_run);
}

void chan_one_to_one_idle(void)
{
    one_to_one(1, 2, source_idle_run);
}

/* ---- several workers -------------------------------------------------------------------------------------------- */

static void workers(uint32_t senders, uint32_t receivers, uint64_t cap, uint64_t items,
                    void (*body)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, senders), cap);
    struct prt_chan *const b = pipe_chan(run, "b", kit_kind(senders, receivers), cap);

    pipe_source(run, a, body);
    pipe_pass(run, a, b, senders);
    pipe_sink(run, b, receivers);
    end_well(run);
}

void chan_two_stages(void)
{
    workers(1, 1, 1, 3, source_run);
    pipe_check_order();
}

void chan_two_stages_idle(void)
{
    workers(1, 1, 1, 2, source_idle_run);
    pipe_check_order();
}

void chan_many_to_one(void)
{
    workers(2, 1, 1, 3, source_run);
}

void chan_many_to_one_pong(void)
{
    workers(2, 1, 1, 3, source_pong_run);
}

void chan_many_to_many(void)
{
    workers(2, 2, 2, 3, source_run);
}

void chan_many_to_many_idle(void)
{
    workers(2, 2, 1, 2, source_idle_run);
}

static void one_to_many(uint64_t items, void (*body)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);

    pipe_source(run, a, body);
    pipe_sink(run, a, 2);
    end_well(run);
}

void chan_one_to_many(void)
{
    one_to_many(4, source_run);
}

void chan_one_to_many_pong(void)
{
    one_to_many(3, source_pong_run);
}

/* ---- the other kinds -------------------------------------------------------------------------------------------- */

static void one_kind(enum prt_chan_kind kind, uint32_t receivers, uint64_t items, void (*body)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kind, 1);

    pipe_source(run, a, body);
    pipe_sink(run, a, receivers);
    end_well(run);
}

void chan_rendezvous(void)
{
    one_kind(PRT_RENDEZVOUS, 1, 2, source_run);
}

void chan_rendezvous_pong(void)
{
    one_kind(PRT_RENDEZVOUS, 1, 2, source_pong_run);
}

void chan_rendezvous_two(void)
{
    one_kind(PRT_RENDEZVOUS, 2, 3, source_run);
}

/* A rendezvous between two leaves: the item is put, and the slot held until somebody has begun with it. */
void chan_rendezvous_leaf(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_RENDEZVOUS, 1);

    pipe_source(run, a, source_run);
    pipe_pass(run, a, b, 1);
    pipe_sink(run, b, 1);
    end_well(run);
    pipe_check_order();
}

void chan_growing(void)
{
    one_kind(PRT_GROWING, 1, 4, source_run);
    pipe_check_order();
}

void chan_growing_idle(void)
{
    one_kind(PRT_GROWING, 2, 2, source_idle_run);
}

/* The receivers have threads of their own. */
static void blocking(uint32_t receivers, uint64_t items, void (*body)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kit_kind(1, receivers), 1);

    pipe_source(run, a, body);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .blocking = true,
                                                .workers = receivers },
                                      .in = { a } });
    end_well(run);
}

void chan_blocking(void)
{
    blocking(1, 3, source_run);
    pipe_check_order();
}

void chan_blocking_two(void)
{
    blocking(2, 3, source_run);
}

void chan_blocking_pong(void)
{
    blocking(2, 3, source_pong_run);
}

void chan_blocking_idle(void)
{
    blocking(1, 2, source_idle_run);
}

/* ---- shapes ----------------------------------------------------------------------------------------------------- */

static void half_run(struct prt_worker *base) /* one of two sources: sends the even or the odd items */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const uint64_t first = pipe_state.n[0]++;

    for (uint64_t id = first; id < pipe_state.items; id += 2) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

void chan_merge(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, half_run);
    pipe_source(run, b, half_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .merge = { a, b } });
    end_well(run);
}

/* Two sources that send into one channel. */
void chan_two_sources(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, half_run);
    pipe_source(run, a, half_run);
    pipe_sink(run, a, 1);
    end_well(run);
}

/* The same, into a rendezvous: one of them waits for the beginning of its item, the other one for room. */
void chan_rendezvous_sources(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_RENDEZVOUS, 1);

    pipe_source(run, a, half_run);
    pipe_source(run, a, half_run);
    pipe_sink(run, a, 1);
    end_well(run);
}

/* Senders with threads of their own, which run nothing else: both sleep, one for its beginning, one for room. */
void chan_rendezvous_blocking(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 4);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_RENDEZVOUS, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = pass_run, .blocking = true, .workers = 2 },
                                      .in = { a }, .out = { b } });
    pipe_sink(run, b, 1);
    end_well(run);
}

static void both_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item) || !prt_emit(&self->out[1], &item, sizeof item))
            return;
    }
}

static void fork_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (!prt_emit(&self->out[0], &item, sizeof item) || !prt_emit(&self->out[1], &item, sizeof item))
            return;
}

static void aside_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.n[1]++;
}

static void zip_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item one, other;

    while (prt_receive(&self->in[0], &one, sizeof one)) {
        prt_receive_also(&self->in[1], &other, sizeof other);
        SCHED_CHECK(one.id == other.id, "items %llu and %llu came as a pair", (unsigned long long)one.id,
                    (unsigned long long)other.id);
        pipe_state.begun[0][one.id]++;
    }
}

/* Two slots that send to two rendezvous: while one waits for room in the one, it waits for a beginning in the other. */
void chan_rendezvous_slots(void)
{
    struct prt_run *const run = pipe_begin(2);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_RENDEZVOUS, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_RENDEZVOUS, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "fork", .run = fork_run, .leaf = true, .workers = 2 },
                                      .in = { a }, .out = { b, c }, .most = { 1, 1 } });
    pipe_sink(run, b, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "aside", .run = aside_run, .leaf = true }, .in = { c } });
    end_well(run);
    SCHED_CHECK(pipe_state.n[1] == 2, "%llu items came aside", (unsigned long long)pipe_state.n[1]);
}

static struct prt_chan *met;

static void pair_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < 2; id++)
        if (!prt_emit(&self->out[0], &(struct kit_item){ .id = id }, sizeof(struct kit_item)))
            return;
}

static void last_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    prt_emit(&self->out[0], &(struct kit_item){ .id = pipe_state.items - 1 }, sizeof(struct kit_item));
}

/* Its bodies end when nobody else gets on any more: by then the next item is there, and whose item has begun goes on. */
static void met_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const uint64_t begun = ++pipe_state.norder;

        pipe_state.begun[0][item.id]++;
        while (!sched_sleep(3000000) || !sched_idle()) /* a thread may doze with the slot in its queue */
            ;
        SCHED_CHECK(prt_load(&met->tail) == begun + (begun < pipe_state.items), "who waited for room stays asleep");
        SCHED_CHECK(item.id != 0 || pipe_state.begun[1][1] == 1, "whose item has begun stays asleep");
    }
}

/* A slot and a thread send to a rendezvous whose bodies look on: there is no later beginning, end of a batch or pause that
 * could make up for a wake-up. */
void chan_rendezvous_long(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_RENDEZVOUS, 1);

    met = pipe_chan(run, "b", PRT_RENDEZVOUS, 1);
    pipe_source(run, a, pair_run);
    pipe_pass(run, a, met, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "last", .run = last_run, .blocking = true }, .out = { met } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = met_run, .blocking = true }, .in = { met } });
    end_well(run);
}

/* A source sends to a fork, which joins again behind a leaf: what runs beside it must not need what it has still to send. */
void chan_fork_join(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = both_run }, .out = { a, b } });
    pipe_pass(run, a, c, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "zip", .run = zip_run, .leaf = true }, .in = { c, b } });
    end_well(run);
}

static void first_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = 0 };

    prt_emit(&self->out[0], &item, sizeof item);
}

/* A zip whose other input is over receives no more: who waits for room there goes on, and its items are dropped. */
void chan_abandoned(void)
{
    struct prt_run *const run = pipe_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, first_run);
    pipe_source(run, b, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "zip", .run = zip_run, .leaf = true }, .in = { a, b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.begun[0][0] == 1 && pipe_state.sent <= 4, "%llu emits returned",
                (unsigned long long)pipe_state.sent);
}

/* ---- counters wrap around --------------------------------------------------------------------------------------- */

/* The sender of a rendezvous goes on when a body has begun with its item. */
static void source_met_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id, .seq = (uint32_t)id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        SCHED_CHECK(prt_load(&self->out[0].port->chan->head) - prt_chan_start_ == id + 1, "nobody began with item %llu",
                    (unsigned long long)id);
    }
}

/* Two stages of `workers` each; the counters of all channels wrap around after the first item. */
static void wraps(enum prt_chan_kind kind, uint32_t workers)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", kind, 1);
    struct prt_chan *const b = pipe_chan(run, "b", kind, 1);

    prt_chan_start_ = UINT64_MAX;
    pipe_source(run, a, kind == PRT_RENDEZVOUS ? source_met_run : source_run);
    pipe_pass(run, a, b, workers);
    pipe_sink(run, b, workers);
    end_well(run);
}

void chan_wraps(void)
{
    wraps(PRT_ONE_TO_ONE, 1);
    pipe_check_order();
}

void chan_wraps_many(void)
{
    wraps(PRT_MANY_TO_MANY, 2);
}

void chan_wraps_rendezvous(void)
{
    wraps(PRT_RENDEZVOUS, 1);
}

void chan_wraps_growing(void)
{
    wraps(PRT_GROWING, 2);
}

/* ---- ends, driven by hand --------------------------------------------------------------------------------------- */

static struct prt_chan *locked;
static uint64_t got;

/* A channel without a pipeline; both its ends are locked. */
static struct prt_chan *chan_alone(enum prt_chan_kind kind, uint64_t cap)
{
    struct prt_chan *const chan = pipe_chan(unit_run(), "a", kind, cap);

    chan->nsend_slots = chan->nrecv_slots = 2;
    SCHED_CHECK(prt_chan_ready_(chan), "no memory");
    return chan;
}

static struct prt_thread sleepers[3];
static struct prt_slot waiting[3]; /* of blocking stages: each has its thread */

static void wait_for_abandon(void *index)
{
    struct prt_thread *const thread = &sleepers[(uintptr_t)index];
    struct prt_waiter waiter = { .slot = &waiting[(uintptr_t)index] };

    if (index)
        prt_chan_enlist_(locked, &waiter);
    else
        prt_chan_enlist_meeting_(locked, &waiter, 1);
    prt_barrier_all();
    if (!prt_load(&locked->abandoned))
        prt_event_wait(&thread->event, PRT_NEVER);
    prt_chan_delist_(locked, &waiter);
}

/* Who comes in front of the list, while those in it are woken, takes no wake-up away from them. */
void chan_abandoned_meeting(void)
{
    locked = chan_alone(PRT_RENDEZVOUS, 1);
    for (uintptr_t i = 0; i < 3; i++) {
        sleepers[i] = (struct prt_thread){ .next = NULL };
        waiting[i] = (struct prt_slot){ .owner = &sleepers[i] };
        sched_spawn("sender", wait_for_abandon, (void *)i);
    }
    prt_chan_abandon_(locked);
    sched_join_all();
    prt_chan_free_(locked);
    prt_memory_free_(&locked->run->memory);
}

static void put_two(void *first)
{
    const uint64_t id = (uint64_t)(uintptr_t)first;

    for (uint64_t i = 0; i < 2; i++) {
        const struct kit_item item = { .id = id + i };
        uint64_t ticket;

        while (prt_chan_put_(locked, (const unsigned char *)&item, 1, &ticket) == 0)
            prt_pause();
    }
}

static void take_two(void *unused)
{
    (void)unused;
    for (unsigned n = 0; n < 2;) {
        struct kit_item items[2];
        uint64_t at;
        const uint64_t taken = prt_chan_take_(locked, (unsigned char *)items, 2 - n, &at, NULL, NULL);

        for (uint64_t i = 0; i < taken; i++) {
            SCHED_CHECK(items[i].id < 4 && pipe_state.begun[0][items[i].id]++ == 0, "item %llu came twice",
                        (unsigned long long)items[i].id);
            got++;
        }
        if (taken > 0)
            prt_chan_begin_(locked, taken);
        else
            prt_pause();
        n += (unsigned)taken;
    }
}

static void put_refused(void *unused)
{
    const struct kit_item item = { .id = 0 };
    uint64_t ticket;

    (void)unused;
    SCHED_CHECK(prt_chan_put_(locked, (const unsigned char *)&item, 1, &ticket) == 0, "an item was put without memory for it");
}

/* Several senders find that there is no memory: it is said once. */
void chan_cannot_grow(void)
{
    FILE *const usual = stderr;
    char *said = NULL;
    size_t length = 0, lines = 0;

    locked = chan_alone(PRT_GROWING, 0);
    locked->size = 2;
    locked->item_size = SIZE_MAX / 4;
    prt_store(&locked->tail, 2);
    stderr = open_memstream(&said, &length);
    sched_spawn("put", put_refused, NULL);
    sched_spawn("put", put_refused, NULL);
    sched_join_all();
    fclose(stderr);
    stderr = usual;
    for (size_t i = 0; i < length; i++)
        lines += said[i] == '\n';
    free(said);
    SCHED_CHECK(lines == 1, "%zu messages", lines);
    SCHED_CHECK(prt_run_aborted_(locked->run), "the pipeline goes on");
    prt_chan_free_(locked);
    prt_memory_free_(&locked->run->memory);
}

static void ends_by_hand(enum prt_chan_kind kind, uint64_t cap, uint64_t before)
{
    struct kit_item filler[64] = { { 0 } };
    uint64_t ticket, at;

    got = 0;
    locked = chan_alone(kind, cap);
    if (before > 0) { /* the ring is nearly full, and not at its beginning */
        prt_chan_put_(locked, (const unsigned char *)filler, before, &ticket);
        prt_chan_take_(locked, (unsigned char *)filler, before, &at, NULL, NULL);
        prt_chan_begin_(locked, before);
        locked->size = 2;
    }
    sched_spawn("put", put_two, (void *)0);
    sched_spawn("put", put_two, (void *)2);
    sched_spawn("take", take_two, NULL);
    sched_spawn("take", take_two, NULL);
    sched_join_all();
    SCHED_CHECK(got == 4, "%llu of 4 items came", (unsigned long long)got);
    SCHED_CHECK(prt_load(&locked->head) == prt_load(&locked->tail), "the counters differ at the end");
    prt_chan_free_(locked);
    prt_memory_free_(&locked->run->memory);
}

void chan_ends_by_hand(void)
{
    ends_by_hand(PRT_MANY_TO_MANY, 1, 0);
}

/* A ring of two that doubles while items are put and taken. */
void chan_ring_doubles(void)
{
    ends_by_hand(PRT_GROWING, 0, 3);
}

/* ---- senders that slow bodies leave asleep ---------------------------------------------------------------------- */

/* The second item's body hangs until a sixth was sent, for which there is room since it began. The first lasts until all
 * sleep, so that the second's length is known to be long, and who sends and the monitor sleep when it begins. */
static void sixth_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        if (item.id == 0) {
            sched_idle();
            sched_sleep(200000);
        }
        while (item.id == 1 && pipe_state.sent < 6)
            sched_idle();
    }
}

static void lulled(bool leaf, bool blocking)
{
    struct prt_run *const run = pipe_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 4);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sixth_run, .leaf = leaf, .blocking = blocking },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void chan_lulled(void)
{
    lulled(true, false);
}

void chan_lulled_waiting(void)
{
    lulled(false, false);
}

void chan_lulled_blocking(void)
{
    lulled(false, true);
}

static struct prt_chan *left_asleep;

static void begins(void *unused)
{
    (void)unused;
    prt_publish(&left_asleep->head, 1);
    prt_chan_lull_(left_asleep);
}

static void tick(void *unused)
{
    (void)unused;
    prt_chan_is_lulled_(left_asleep);
}

/* The sender has filled the channel again, and the monitor is about to see that it was left asleep for nothing by now,
 * when a body begins and it is left asleep once more: either the monitor sees the room, or the flag stays for its next look. */
void chan_lulled_again(void)
{
    struct prt_run *const run = unit_run();
    struct prt_slot sender = { .state = PRT_SLOT_RUNNING };
    struct prt_waiter waiter = { .slot = &sender };
    const struct kit_item item = { 0 };
    uint64_t ticket;

    left_asleep = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    left_asleep->nsend_slots = left_asleep->nrecv_slots = 1;
    SCHED_CHECK(prt_chan_ready_(left_asleep), "no memory");
    SCHED_CHECK(prt_chan_put_(left_asleep, (const unsigned char *)&item, 1, &ticket) == 1, "no room");
    prt_chan_enlist_(left_asleep, &waiter);
    prt_store(&left_asleep->lulled, 1);
    sched_spawn("receiver", begins, NULL);
    sched_spawn("monitor", tick, NULL);
    sched_join_all();
    while (prt_chan_is_lulled_(left_asleep))
        ;
    SCHED_CHECK(prt_load(&sender.state) == PRT_SLOT_WOKEN, "there is room, and the sender sleeps");
    prt_chan_free_(left_asleep);
    prt_memory_free_(&run->memory);
}
