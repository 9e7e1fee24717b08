/* Items in the hand of a body that turns out slow, or waits: they go back to the channel, where the other workers find
 * them.
 */
#include "pipes.h"

#include "pool/run_state.h"

static struct prt_event came[3], cut; /* the first: an item has begun, for each that waits for it */
static struct prt_slot *stuck; /* its batch is about to be taken apart */

static struct prt_run *hand_begin(uint64_t items)
{
    came[0] = came[1] = came[2] = cut = (struct prt_event){ 0 };
    stuck = NULL;
    return pipe_begin(items);
}

static void note_begun(void)
{
    pipe_state.norder++;
    for (size_t i = 0; i < 3; i++)
        prt_event_set(&came[i]);
}

static void begun(const struct kit_item *item)
{
    SCHED_CHECK(item->id < pipe_state.items, "item %llu was never sent", (unsigned long long)item->id);
    SCHED_CHECK(pipe_state.begun[0][item->id]++ == 0, "item %llu came twice", (unsigned long long)item->id);
    note_begun();
}

/* Whether this body is the one that hangs: the first whose batch is of several. */
static bool first_of_several(const struct prt_worker *base)
{
    const bool first = base->slot->hidden && !pipe_state.told;

    pipe_state.told = pipe_state.told || first;
    return first;
}

enum { BODY, SOURCE, OTHER_SOURCE }; /* who waits */

static void wait_for(uint64_t n, size_t who)
{
    while (pipe_state.norder < n)
        prt_event_wait(&came[who], PRT_NEVER);
}

/* The first item tells what bodies cost; the others come when everything sleeps, all at once. */
static void burst_run(struct prt_worker *base)
{
    if (!send_to(base, 0, 0))
        return;
    wait_for(1, SOURCE);
    sched_idle();
    for (uint64_t id = 1; id < pipe_state.items; id++)
        if (!send_to(base, 0, id))
            return;
    wait_for(pipe_state.items, SOURCE);
    sched_search(false);
}

/* The first item was alone: the others come when everything sleeps. */
static void await_first(uint64_t id)
{
    if (id == 1) {
        wait_for(1, SOURCE);
        sched_idle();
    }
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */

static void count_dropped(void *item)
{
    (void)item;
    pipe_state.dropped++;
}

static void counts_source_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        await_first(id);
        pipe_state.sent++; /* or dropped by this emit */
        if (!send_to(base, 0, id))
            return;
    }
}

static struct prt_chan *drop_chan(struct prt_run *run, const char *name, enum prt_chan_kind kind)
{
    struct prt_chan *const chan = prt_chan_add(run, &(struct prt_chan_spec){
        .name = name, .kind = kind, .item_size = sizeof(struct kit_item), .cap = 8, .drop = count_dropped });

    sched_name(chan, 512, name);
    return chan;
}

static void check_none_lost(uint64_t arrived)
{
    SCHED_CHECK(arrived + pipe_state.dropped == pipe_state.sent, "%llu arrived, %llu dropped of %llu",
                (unsigned long long)arrived, (unsigned long long)pipe_state.dropped, (unsigned long long)pipe_state.sent);
}

/* ---- a body that hangs ------------------------------------------------------------------------------------------ */

/* The first body of a batch of several hangs until all items have begun but the one that stays in its hand. */
static void hangs_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool hangs = first_of_several(base);

        begun(&item);
        if (self->out[0].port && !prt_emit(&self->out[0], &item, sizeof item))
            return;
        if (hangs)
            wait_for(pipe_state.items - 1, BODY);
    }
}

static void arrives_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.n[1]++;
}

static void hangs(enum prt_chan_kind kind, uint64_t start, struct prt_stage_spec spec, bool sends)
{
    struct prt_run *const run = hand_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", kind, 8);
    struct prt_chan *const b = sends ? pipe_chan(run, "b", PRT_MANY_TO_ONE, 8) : NULL;

    prt_chan_start_ = start;
    pipe_source(run, a, burst_run);
    spec.name = "hangs";
    spec.run = hangs_run;
    spec.workers = 2;
    kit_add(run, &(struct kit_stage){ .spec = spec, .in = { a }, .out = { b }, .most = { spec.leaf } });
    if (b)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = arrives_run, .leaf = true }, .in = { b } });
    end_well(run);
    SCHED_CHECK(pipe_state.n[1] == (sends ? pipe_state.items : 0), "%llu items arrived", (unsigned long long)pipe_state.n[1]);
}

void hand_back_hangs(void)
{
    hangs(PRT_ONE_TO_MANY, 0, (struct prt_stage_spec){ .leaf = true }, false);
}

void hand_back_wraps(void)
{
    hangs(PRT_ONE_TO_MANY, UINT64_MAX - 2, (struct prt_stage_spec){ .leaf = true }, false);
}

void hand_back_growing(void)
{
    hangs(PRT_GROWING, 0, (struct prt_stage_spec){ .leaf = true }, false);
}

void hand_back_blocking(void)
{
    hangs(PRT_ONE_TO_MANY, 0, (struct prt_stage_spec){ .leaf = true, .blocking = true }, false);
}

void hand_back_waiting(void) /* a body that may wait, but hangs outside */
{
    hangs(PRT_ONE_TO_MANY, 0, (struct prt_stage_spec){ .leaf = false }, true);
}

static void sleeps_run(struct prt_worker *base) /* for longer than the monitor looks away */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        if (first_of_several(base))
            sched_sleep(5000000);
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void order_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.order[pipe_state.norder] = item.id;
        begun(&item);
    }
}

/* The last three come when others are stuck in a worker's hand. */
static void later_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        await_first(id);
        for (int i = 0; i < 50 && id == 5 && !pipe_state.told; i++) /* never, where each item went to another hand */
            sched_sleep(100000);
        if (!send_to(base, 0, id))
            return;
    }
}

/* Nothing of an ordered stage's hand is handed back to a channel that another stage takes from too: what that takes never
 * leaves the first one, whose turns would come to an end there. */
void hand_back_ordered_shared(void)
{
    struct prt_run *const run = hand_begin(8);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 8);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 8);

    pipe_source(run, a, later_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ordered", .run = sleeps_run, .leaf = true, .ordered = true,
                                                .workers = 2 },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = order_run, .leaf = true }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = order_run, .leaf = true }, .in = { b } });
    end_well(run);
}

/* ---- ... of an ordered stage ------------------------------------------------------------------------------------ */

enum { IN_TURN = 5 }; /* items behind the first, which one hand takes with all the credit that there is */

static void cheap_at_first(struct prt_slot *slot)
{
    if (pipe_state.told)
        return;
    slot->measured = false;
    prt_store_relaxed(&slot->stage->cost, 1);
    prt_store_relaxed(&slot->stage->mean, 1);
}

/* The first body of the hand that has all the credit hangs until another worker is at an item that this hand held. */
static void turns_hang_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct prt_slot *const slot = base->slot;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool hangs = slot->turn_end - slot->turn == IN_TURN && first_of_several(base);

        begun(&item);
        cheap_at_first(slot);
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        while (hangs && pipe_state.begun[0][item.id + 2] == 0)
            prt_event_wait(&came[BODY], PRT_NEVER);
        if (pipe_state.n[2] == item.id && pipe_state.told) {
            pipe_state.n[3]++;
            prt_fail(base, "as it was told");
        }
    }
}

static void in_order_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(item.id == pipe_state.n[1], "item %llu came instead of %llu", (unsigned long long)item.id,
                    (unsigned long long)pipe_state.n[1]);
        pipe_state.n[1]++;
    }
}

static int ordered_hangs(struct prt_run *run, uint32_t workers)
{
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_MANY), *const b = drop_chan(run, "b", PRT_MANY_TO_ONE);

    pipe_source(run, a, counts_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ordered", .run = turns_hang_run, .leaf = true, .ordered = true,
                                                .workers = workers, .ahead = IN_TURN },
                                      .in = { a }, .out = { b }, .most = { 1 } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = in_order_run, .leaf = true }, .in = { b } });
    return prt_run(run);
}

static void ordered_hangs_well(uint32_t workers)
{
    struct prt_run *const run = hand_begin(1 + IN_TURN + 2);

    pipe_state.n[2] = UINT64_MAX;
    SCHED_CHECK(ordered_hangs(run, workers) == 0, "the exit status is not 0");
    pipe_check_all();
    SCHED_CHECK(pipe_state.n[1] == pipe_state.items, "%llu items arrived", (unsigned long long)pipe_state.n[1]);
}

void hand_back_ordered(void)
{
    ordered_hangs_well(2);
}

void hand_back_ordered_three(void)
{
    ordered_hangs_well(3);
}

/* A body fails with an item that was handed back: what is left in the segment, in hands and in outboxes is dropped. */
void hand_back_ordered_fails(void)
{
    struct prt_run *const run = hand_begin(1 + IN_TURN + 2);

    pipe_state.n[2] = 3;
    SCHED_CHECK(ordered_hangs(run, 2) == (int)pipe_state.n[3], "the exit status does not tell of the failure");
    check_none_lost(pipe_state.n[1]);
}

/* ---- the room that a hidden batch has made ---------------------------------------------------------------------- */

/* The second body of a batch of several hangs until an item was sent for which there is room since the first began. */
static void needs_room_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    uint64_t at = 0;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool hangs = base->slot->hidden && ++at == 2 && first_of_several(base);

        begun(&item);
        if (self->out[0].port && !prt_emit(&self->out[0], &item, sizeof item))
            return;
        while (hangs && pipe_state.sent < item.id + 4 && pipe_state.sent < pipe_state.items)
            prt_event_wait(&came[BODY], PRT_NEVER);
    }
}

static void tells_sent_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        await_first(id);
        if (!send_to(base, 0, id))
            return;
        pipe_state.sent = id + 1;
        prt_event_set(&came[BODY]);
    }
}

/* Of three places two are those of bodies that have begun: the item behind the last one fits, and one more. */
static void room_hangs_of(bool leaf)
{
    struct prt_run *const run = hand_begin(9);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 3);
    struct prt_chan *const b = leaf ? NULL : pipe_chan(run, "b", PRT_ONE_TO_ONE, 16);

    pipe_source(run, a, tells_sent_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "needs", .run = needs_room_run, .leaf = leaf }, .in = { a },
                                      .out = { b } });
    if (b)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = arrives_run, .leaf = true }, .in = { b } });
    end_well(run);
}

void room_hangs(void)
{
    room_hangs_of(true);
}

void room_hangs_waiting(void)
{
    room_hangs_of(false);
}

/* ---- a body that waits ------------------------------------------------------------------------------------------ */

static void pairs_source_run(struct prt_worker *base) /* even, odd; then two even ones before the odd */
{
    static const uint64_t ids[] = { 0, 1, 2, 4, 3, 5 };

    for (size_t i = 0; i < 6; i++) {
        if (i == 2) {
            wait_for(2, SOURCE);
            sched_idle();
        }
        if (!send_to(base, 0, ids[i]))
            return;
    }
}

static void two_ways_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (!prt_emit(&self->out[item.id % 2], &item, sizeof item))
            return;
}

static void join_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item even, odd;

    while (prt_receive(&self->in[0], &even, sizeof even)) {
        prt_receive_also(&self->in[1], &odd, sizeof odd);
        begun(&even);
        begun(&odd);
    }
}

/* One body waits for room in the output of the even ones, and what the join needs lies behind it in the same hand: the other
 * worker must get it. */
void hand_back_held(void)
{
    struct prt_run *const run = hand_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 8);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, pairs_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ways", .run = two_ways_run, .workers = 2 }, .in = { a },
                                      .out = { b, c } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "join", .run = join_run, .leaf = true }, .in = { b, c } });
    end_well(run);
}

/* ---- torn down -------------------------------------------------------------------------------------------------- */

/* The first body of a batch of several hangs until others have begun with some of what it handed back, and fails; or one of
 * theirs does. */
static void fails_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool hangs = first_of_several(base);

        begun(&item);
        if (hangs)
            wait_for(pipe_state.n[0], BODY);
        if (hangs ? pipe_state.n[1] : pipe_state.norder >= pipe_state.n[0] && !(pipe_state.n[1] && pipe_state.told))
            prt_fail(base, "as it was told");
    }
}

/* What lies in a segment of the channel when all is torn down is dropped once. */
void hand_back_fail(void)
{
    struct prt_run *const run = hand_begin(7);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_MANY);

    pipe_state.n[0] = 3 + sched_choose(4);
    pipe_state.n[1] = sched_choose(2);
    pipe_source(run, a, counts_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "fails", .run = fails_run, .leaf = true, .workers = 2 },
                                      .in = { a } });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    check_none_lost(pipe_state.norder);
}

/* ---- merges ----------------------------------------------------------------------------------------------------- */

static void half_run(struct prt_worker *base) /* the other half of what the burst sends, when a body hangs */
{
    while (!pipe_state.told && pipe_state.norder < pipe_state.items)
        prt_event_wait(&came[OTHER_SOURCE], PRT_NEVER);
    for (uint64_t id = pipe_state.items; id < 2 * pipe_state.items; id++)
        if (!send_to(base, 0, id))
            return;
}

static void merges_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool hangs = first_of_several(base);

        SCHED_CHECK(pipe_state.begun[item.id / pipe_state.items][item.id % pipe_state.items]++ == 0,
                    "item %llu came twice", (unsigned long long)item.id);
        note_begun();
        if (hangs)
            wait_for(pipe_state.items, BODY);
    }
}

/* A hand with a segment of one channel is about to take from another. */
void hand_back_merge(void)
{
    struct prt_run *const run = hand_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 4);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_MANY, 4);

    pipe_source(run, a, burst_run);
    pipe_source(run, b, half_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "merge", .run = merges_run, .leaf = true, .workers = 2 },
                                      .merge = { a, b } });
    end_well(run);
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[1][id] == 1, "item %llu is missing", (unsigned long long)(pipe_state.items + id));
}

static void half_idle_run(struct prt_worker *base) /* the other half, at once too */
{
    wait_for(1, OTHER_SOURCE);
    sched_idle();
    for (uint64_t id = pipe_state.items; id < 2 * pipe_state.items; id++)
        if (!send_to(base, 0, id))
            return;
}

static void halves_run(struct prt_worker *base) /* the second body lasts until everybody waits */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(pipe_state.begun[item.id / pipe_state.items][item.id % pipe_state.items]++ == 0,
                    "item %llu came twice", (unsigned long long)item.id);
        note_begun();
        if (pipe_state.norder == 2)
            while (!sched_sleep(8000000) || !sched_idle())
                ;
    }
}

/* The same of bodies that are held, and are cheap all the same: hands take several items of one channel, and several of the
 * other when some of those lie there still. */
void hand_back_held_merge(void)
{
    struct prt_run *const run = hand_begin(5);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 4);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_MANY, 4);
    struct prt_chan *const c = pipe_chan(run, "c", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, burst_run);
    pipe_source(run, b, half_idle_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "merge", .run = on_run, .workers = 2 }, .merge = { a, b },
                                      .out = { c } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = halves_run, .leaf = true }, .in = { c } });
    end_well(run);
    for (uint64_t id = 0; id < pipe_state.items; id++)
        SCHED_CHECK(pipe_state.begun[1][id] == 1, "item %llu is missing", (unsigned long long)(pipe_state.items + id));
}

/* ---- the owner goes on while its window is cut ------------------------------------------------------------------ */

/* What the monitor does at a tick, at any moment from when a body of a batch of several runs on. */
static void cutter(void *unused)
{
    (void)unused;
    while (!stuck)
        prt_event_wait(&cut, PRT_NEVER);
    prt_batch_publish_(stuck, prt_load(&stuck->batch), 0);
}

static void cut_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;
    bool failed = false;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(!failed, "item %llu began after the batch had failed", (unsigned long long)item.id);
        begun(&item);
        if (self->out[0].port && !prt_emit(&self->out[0], &item, sizeof item))
            return;
        if (!base->slot->hidden || stuck)
            continue;
        stuck = base->slot;
        sched_search(true);
        prt_event_set(&cut);
        if (pipe_state.fail_at < PIPE_ITEMS) {
            prt_fail(base, "as it was told");
            failed = true;
        }
    }
}

static void cuts(bool leaf, bool fails)
{
    struct prt_run *const run = hand_begin(8);
    struct prt_chan *const a = drop_chan(run, "a", PRT_ONE_TO_MANY);
    struct prt_chan *const b = leaf ? NULL : pipe_chan(run, "b", PRT_MANY_TO_ONE, 8);

    if (fails)
        pipe_state.fail_at = 0;
    pipe_source(run, a, fails ? counts_source_run : burst_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "cut", .run = cut_run, .leaf = leaf, .workers = 2 },
                                      .in = { a }, .out = { b } });
    if (b)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = arrives_run, .leaf = true }, .in = { b } });
    sched_spawn("cutter", cutter, NULL);
    SCHED_CHECK(prt_run(run) == fails, "the exit status is not %d", fails);
    sched_join_all();
    if (fails)
        check_none_lost(pipe_state.norder);
    else
        pipe_check_all();
}

void moment_cut(void)
{
    cuts(true, false);
}

void moment_cut_waiting(void)
{
    cuts(false, false);
}

void moment_cut_fails(void)
{
    cuts(true, true);
}

/* ---- segments by hand ------------------------------------------------------------------------------------------- */

static struct prt_chan *lent_by;

static struct prt_chan *chan_by_hand(uint64_t size)
{
    struct prt_run *const run = unit_run();
    struct prt_chan *const chan = pipe_chan(run, "a", PRT_GROWING, 0);

    prt_chan_start_ = UINT64_MAX - 1; /* what is handed back is counted across the end */
    chan->nsend_slots = chan->nrecv_slots = 2;
    SCHED_CHECK(prt_chan_ready_(chan), "no memory");
    chan->size = size;
    prt_chan_start_ = 0;
    return chan;
}

static void chan_by_hand_free(struct prt_chan *chan)
{
    SCHED_CHECK(prt_load(&chan->head) == prt_load(&chan->tail) && prt_load(&chan->taken) == prt_load(&chan->tail),
                "the counters differ at the end");
    prt_chan_free_(chan);
    prt_memory_free_(&chan->run->memory);
}

static void got(uint64_t id)
{
    SCHED_CHECK(id < 8 && pipe_state.begun[0][id]++ == 0, "item %llu came twice", (unsigned long long)id);
    prt_chan_begin_(lent_by, 1);
    pipe_state.norder++;
}

static uint64_t take(struct kit_item *items, uint64_t n, uint64_t *at)
{
    return prt_chan_take_(lent_by, (unsigned char *)items, n, at, NULL, NULL);
}

static void put(uint64_t from, uint64_t to)
{
    struct kit_item item = { 0 };
    uint64_t ticket;

    for (item.id = from; item.id < to; item.id++)
        prt_chan_put_(lent_by, (const unsigned char *)&item, 1, &ticket);
}

static void put_rest(void *unused)
{
    (void)unused;
    put(4, 8);
}

static void take_rest(void *unused)
{
    (void)unused;
    while (pipe_state.norder < 8) {
        struct kit_item item;
        uint64_t at;

        if (take(&item, 1, &at) == 0)
            prt_pause();
        else
            got(item.id);
    }
}

/* Hands back all but the first item of its hand, takes one by one what is left of it, and goes on. */
static void lend(void *unused)
{
    struct kit_item hand[4];
    struct prt_segment segment = { .n = 0 };
    const unsigned char *item;
    uint64_t at, turn, n = take(hand, 4, &at);

    (void)unused;
    if (n > 0)
        got(hand[0].id);
    if (n > 1) {
        segment = (struct prt_segment){ .items = (unsigned char *)&hand[1], .n = n - 1, .at = at + 1 };
        prt_chan_hand_back_(lent_by, &segment);
        while ((item = prt_chan_take_own_(lent_by, &segment, &at, &turn)))
            got(((const struct kit_item *)item)->id);
        memset(hand, 0xff, sizeof hand); /* nobody looks at it any more */
    }
    take_rest(NULL);
}

/* While the ring grows: what lies in a segment does not lie in the ring. */
void chan_segment(void)
{
    lent_by = chan_by_hand(4);
    put(0, 4);
    sched_spawn("lend", lend, NULL);
    sched_spawn("put", put_rest, NULL);
    sched_spawn("take", take_rest, NULL);
    sched_join_all();
    SCHED_CHECK(pipe_state.norder == 8, "%llu of 8 items came", (unsigned long long)pipe_state.norder);
    chan_by_hand_free(lent_by);
}

/* Hands are given back in any order: what came first is taken first. */
void chan_segments_in_order(void)
{
    struct kit_item hand[3][2], item;
    struct prt_segment segments[3];
    uint64_t at;

    lent_by = chan_by_hand(8);
    put(0, 8);
    for (size_t i = 0; i < 3; i++) {
        SCHED_CHECK(take(hand[i], 2, &at) == 2, "too few items");
        segments[i] = (struct prt_segment){ .items = (unsigned char *)hand[i], .n = 2, .at = at };
    }
    for (unsigned left = 3, first = sched_choose(3), second = sched_choose(2); left > 0; left--) {
        const size_t i = left == 3 ? first : left == 2 ? (first + 1 + second) % 3 : (first + 2 - second) % 3;

        prt_chan_hand_back_(lent_by, &segments[i]);
    }
    for (uint64_t id = 0; id < 8; id++) {
        SCHED_CHECK(take(&item, 1, &at) == 1 && item.id == id, "item %llu instead of %llu",
                    (unsigned long long)item.id, (unsigned long long)id);
        SCHED_CHECK(at == UINT64_MAX - 1 + id, "it stands elsewhere");
        got(id);
    }
    chan_by_hand_free(lent_by);
}
