/* Bodies on stacks of their own: what their thread runs beside them, and how they are stolen meanwhile. */
#include "pipes.h"

#include "pool/linger.h"
#include "pool/run_state.h"

static struct prt_event went_on; /* an emit of the source has returned */

static struct prt_run *linger_begin(uint64_t items)
{
    went_on = (struct prt_event){ 0 };
    return pipe_begin(items);
}

/* ---- the thread runs what the body waits for ------------------------------------------------------------------- */

static void two_leaves_of(uint64_t items, uint64_t cap, enum prt_chan_kind kind, enum prt_chan_kind next,
                          void (*body)(struct prt_worker *))
{
    struct prt_run *const run = pipe_begin(items);
    struct prt_chan *const a = pipe_chan(run, "a", kind, cap);
    struct prt_chan *const b = pipe_chan(run, "b", next, cap);

    pipe_source(run, a, body);
    pipe_pass(run, a, b, 1);
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
    pipe_check_order();
}

static void two_leaves(uint64_t items, uint64_t cap, void (*body)(struct prt_worker *))
{
    two_leaves_of(items, cap, PRT_ONE_TO_ONE, PRT_ONE_TO_ONE, body);
}

/* On one processor nobody looks twice: every item goes by a wake-up, or beside the source that waits. */
void linger_one_cpu(void)
{
    two_leaves(3, 1, source_run);
}

void linger_one_cpu_pong(void)
{
    two_leaves(3, 1, source_pong_run);
}

void linger_one_cpu_idle(void)
{
    two_leaves(3, 1, source_idle_run);
}

/* The source fills its channel, waits, and then hangs outside: what it left must be somebody's. */
static void burst_idle_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
    while (pipe_state.norder < pipe_state.items)
        sched_idle();
}

/* The same when everything slept before, the monitor too, and nobody looks again by himself. */
static void deep_idle_run(struct prt_worker *base)
{
    sched_idle();
    burst_idle_run(base);
}

void linger_deep_hang(void)
{
    two_leaves(4, 1, deep_idle_run);
}

void linger_deep_hang_one_cpu(void)
{
    two_leaves(4, 1, deep_idle_run);
}

void linger_then_hang(void)
{
    two_leaves(4, 1, burst_idle_run);
}

void linger_then_hang_one_cpu(void)
{
    two_leaves(4, 1, burst_idle_run);
}

/* Feeding (slot.h) begins with the third item: the first is in the channel when the second's emit has the body that
 * receives it measured. */
static void feed_kinds(enum prt_chan_kind kind, enum prt_chan_kind next, void (*body)(struct prt_worker *))
{
    two_leaves_of(5, 1, kind, next, body);
}

void feed(void)
{
    feed_kinds(PRT_ONE_TO_ONE, PRT_ONE_TO_ONE, source_run);
}

void feed_hang(void)
{
    feed_kinds(PRT_RENDEZVOUS, PRT_ONE_TO_ONE, deep_idle_run);
}

/* What the receiver sends stays in its outbox, and its slot is held. */
void feed_rendezvous(void)
{
    feed_kinds(PRT_ONE_TO_ONE, PRT_RENDEZVOUS, source_run);
}

/* Several sources share the items. */
static void share_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    while (pipe_state.n[0] < pipe_state.items) {
        const struct kit_item item = { .id = pipe_state.n[0]++ };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        pipe_state.sent++;
    }
}

/* The fourth item's body hangs until a fifth was sent. */
static void hang_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        if (++pipe_state.norder == 4)
            while (pipe_state.sent < 5)
                sched_idle();
    }
}

/* Here nobody is fed: another sender may wait for the room, another receiver have the next item. */
static void feed_ends(enum prt_chan_kind kind, int senders, uint32_t receivers)
{
    struct prt_run *const run = pipe_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", kind, 1);

    for (int i = 0; i < senders; i++)
        pipe_source(run, a, share_run);
    if (receivers > 1)
        pipe_sink(run, a, receivers);
    else
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = hang_run, .leaf = true }, .in = { a } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

void feed_two_senders(void)
{
    feed_ends(PRT_MANY_TO_ONE, 2, 1);
}

void feed_two_receivers(void)
{
    feed_ends(PRT_ONE_TO_MANY, 1, 2);
}

static void two_ways_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct kit_item item = { .id = 0 };

    sched_idle();
    for (int i = 0; i < 3; i++)
        if (!prt_emit(&self->out[i / 2], &item, sizeof item))
            return;
    while (pipe_state.n[0] < 3)
        sched_idle();
}

static void arrive_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.n[0]++;
}

/* Beside the source, which waits for a rendezvous, leaves run; the wait ends without its publishing anything, and it hangs. */
static void rendezvous_then_hang(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 2);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_RENDEZVOUS, 0);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = two_ways_run }, .out = { a, b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "a", .run = arrive_run, .leaf = true }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "b", .run = arrive_run, .leaf = true }, .in = { b } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.n[0] == 3, "%llu of 3 items came", (unsigned long long)pipe_state.n[0]);
}

void linger_rendezvous(void)
{
    rendezvous_then_hang();
}

void linger_rendezvous_one_cpu(void)
{
    rendezvous_then_hang();
}

/* Two stages whose bodies wait. */
void linger_expanders(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_source(run, a, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "expander", .run = pass_run }, .in = { a }, .out = { b } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
    pipe_check_order();
}

void linger_expanders_two(void)
{
    struct prt_run *const run = pipe_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_MANY, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_MANY_TO_ONE, 1);

    pipe_source(run, a, source_pong_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "expander", .run = pass_run, .workers = 2 }, .in = { a },
                                      .out = { b } });
    pipe_sink(run, b, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* ---- a leaf that needs the body beside it ----------------------------------------------------------------------- */

/* Everything sleeps, the monitor too, and for so long that an item that comes now is run at once (look.c). */
static void silence(void)
{
    sched_idle();
    sched_sleep(30000);
}

/* With `told` each item comes after silence; with n[3] after a time, since the monitor does not sleep while a body hangs that
 * has a further item in its window. */
static void sender_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (pipe_state.n[3])
            sched_sleep(5000000);
        else if (pipe_state.told)
            silence();
        if (!send_to(base, 0, id))
            return;
        SCHED_CHECK(pipe_state.sent++ == id, "emit %llu returned twice", (unsigned long long)id);
        prt_event_set(&went_on);
    }
}

/* From the n[1]th on bodies hang until one item more was sent than there was room for before they began. */
static void needy_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const uint64_t needed = pipe_state.norder + pipe_state.n[2];

        pipe_state.begun[0][item.id]++;
        while (pipe_state.norder >= pipe_state.n[1] && pipe_state.sent < needed && pipe_state.sent < pipe_state.items)
            prt_event_wait(&went_on, PRT_NEVER);
        pipe_state.norder++;
    }
}

/* In a channel of one place, that is the item behind its own. */
static void needs_sender(enum prt_chan_kind kind, uint64_t cap, bool idle)
{
    struct prt_run *const run = linger_begin(6);
    struct prt_chan *const a = pipe_chan(run, "a", kind, cap);

    pipe_state.told = idle;
    pipe_state.n[3] = idle && cap > 1;
    pipe_state.n[1] = sched_choose(5);
    pipe_state.n[2] = kind == PRT_RENDEZVOUS ? 1 : kind == PRT_GROWING || idle ? 2 : cap + 1;
    pipe_source(run, a, sender_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = needy_run, .leaf = true }, .in = { a } });
    end_well(run);
}

/* The thread that the source lingers with is in that leaf: the source goes on elsewhere. */
void linger_hangs(void)
{
    needs_sender(PRT_ONE_TO_ONE, 1, false);
}

void linger_hangs_one_cpu(void)
{
    needs_sender(PRT_ONE_TO_ONE, 1, false);
}

void linger_hangs_wide(void)
{
    needs_sender(PRT_ONE_TO_ONE, 3, false);
}

void linger_hangs_growing(void) /* the source never waits for room */
{
    needs_sender(PRT_GROWING, 0, true);
}

void linger_hangs_at_once(void) /* nor here: what it runs, it runs at once */
{
    needs_sender(PRT_ONE_TO_ONE, 8, true);
}

void linger_hangs_idle(void)
{
    needs_sender(PRT_ONE_TO_ONE, 1, true);
}

void linger_hangs_idle_one_cpu(void)
{
    needs_sender(PRT_ONE_TO_ONE, 1, true);
}

void linger_hangs_rendezvous(void)
{
    needs_sender(PRT_RENDEZVOUS, 1, sched_choose(2) == 1);
}

static struct prt_event began, ends;

static void occupies_run(struct prt_worker *base) /* until all is over */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.told = true;
        prt_event_set(&began);
        while (pipe_state.sent < pipe_state.items)
            prt_event_wait(&ends, PRT_NEVER);
    }
}

static void alone_run(struct prt_worker *base)
{
    while (!pipe_state.told)
        prt_event_wait(&began, PRT_NEVER);
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (!send_to(base, 0, id))
            return;
        pipe_state.sent++;
        prt_event_set(&went_on);
    }
    prt_event_set(&ends);
}

static void one_run(struct prt_worker *base)
{
    send_to(base, 0, 0);
}

/* The only other thread hangs elsewhere, and nothing is ready: the monitor alone can take the body away. */
void linger_hangs_alone(void)
{
    struct prt_run *const run = linger_begin(3);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    began = ends = (struct prt_event){ 0 };
    pipe_state.n[1] = 0;
    pipe_state.n[2] = 2;
    pipe_source(run, a, alone_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = needy_run, .leaf = true }, .in = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "other", .run = one_run, .blocking = true }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "occupies", .run = occupies_run, .leaf = true }, .in = { b } });
    end_well(run);
}

static void reaches_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        sched_search(id == pipe_state.n[3]);
        if (!send_to(base, 0, id))
            return;
        pipe_state.sent++;
        prt_event_set(&went_on);
    }
}

/* A body needs an item whose emit runs it: while that is about to put the source in reach, the monitor takes the thread's
 * place away, and finds nobody to watch. */
static void reach(uint64_t cap, uint64_t hangs, uint64_t emit)
{
    struct prt_run *const run = linger_begin(2 + 2 * cap);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, cap);

    pipe_state.n[1] = hangs;
    pipe_state.n[2] = cap + 1;
    pipe_state.n[3] = emit;
    pipe_source(run, a, reaches_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = needy_run, .leaf = true }, .in = { a } });
    end_well(run);
}

void moment_reach(void)
{
    reach(1, 1, 2);
}

void moment_reach_wide(void) /* several items are fed, and show by the monitor's hand */
{
    reach(3, 1, 4);
}

static void minded_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (id == 1)
            silence();
        if (id == 2) {
            sched_sleep(2 * 10000000 - 50000); /* until shortly before the last look */
            sched_search(true);
        }
        if (!send_to(base, 0, id))
            return;
        pipe_state.sent++;
        prt_event_set(&went_on);
    }
    sched_search(false);
}

/* The monitor has looked in vain for as long as it does after leaves that nobody waits for (here two looks), and ceases to, while
 * the third item is run at once, whose body needs the fourth. */
void moment_mind(void)
{
    struct prt_run *const run = linger_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 4);

    pipe_state.n[1] = 2;
    pipe_state.n[2] = 2;
    pipe_source(run, a, minded_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = needy_run, .leaf = true }, .in = { a } });
    end_well(run);
}

static void shares_run(struct prt_worker *base) /* one of several sources */
{
    while (pipe_state.n[0] < pipe_state.items) {
        if (!send_to(base, 0, pipe_state.n[0]++))
            return;
        pipe_state.sent++;
        prt_event_set(&went_on);
    }
}

/* Two sources wait for room; who is woken for two places passes one on, or the body that needs both hangs. */
void linger_hangs_two_senders(void)
{
    struct prt_run *const run = linger_begin(8);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_MANY_TO_ONE, 2);

    pipe_state.n[1] = 2 + sched_choose(3);
    pipe_state.n[2] = 3;
    pipe_source(run, a, shares_run);
    pipe_source(run, a, shares_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = needy_run, .leaf = true }, .in = { a } });
    end_well(run);
}

/* Behind an expander whose bodies are cheap, and which leaves the source asleep while it goes on: when it waits itself the
 * source is to fill the room that it has made. One item is in the body that hangs, one behind it, one in the expander. */
void linger_hangs_eased(void)
{
    struct prt_run *const run = linger_begin(14);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 4);
    struct prt_chan *const b = pipe_chan(run, "b", PRT_ONE_TO_ONE, 1);

    pipe_state.n[1] = 2 + sched_choose(4);
    pipe_state.n[2] = 1 + 1 + 1 + 4;
    pipe_source(run, a, sender_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "expander", .run = on_run }, .in = { a }, .out = { b } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = needy_run, .leaf = true }, .in = { b } });
    end_well(run);
}

/* ---- taken up again, or stolen ---------------------------------------------------------------------------------- */

static struct prt_thread *victim;
static struct prt_event theft;
static uint64_t thieves, stolen_at;

/* What the monitor does at a tick, and who looks for work, at any moment from when the leaf runs on. */
static void thief(void *unused)
{
    (void)unused;
    while (!victim)
        prt_event_wait(&theft, PRT_NEVER);
    prt_linger_rescue_(victim);
    pipe_state.n[3]++;
    prt_event_set(&went_on);
}

static void victims_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        SCHED_CHECK(pipe_state.begun[0][item.id]++ == 0, "item %llu came twice", (unsigned long long)item.id);
        if (item.id != stolen_at)
            continue;
        victim = base->slot->thread;
        sched_search(true);
        prt_event_set(&theft);
    }
}

static void robbed_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (id == stolen_at && pipe_state.told)
            silence();
        if (!send_to(base, 0, id))
            return;
        SCHED_CHECK(pipe_state.sent++ == id, "emit %llu returned twice", (unsigned long long)id);
        SCHED_CHECK(!base->slot->waited, "the body goes on, and stays in the lists of those who wait");
    }
    sched_search(false);
    while (pipe_state.n[3] < thieves)
        prt_event_wait(&went_on, PRT_NEVER);
}

/* The leaf with item `at` returns while `n` threads steal the body beside it. */
static void robbed(enum prt_chan_kind kind, uint64_t cap, uint64_t at, bool idle, uint64_t n)
{
    struct prt_run *const run = linger_begin(at + 2 + cap);
    struct prt_chan *const a = pipe_chan(run, "a", kind, cap);

    victim = NULL;
    theft = (struct prt_event){ 0 };
    thieves = n;
    stolen_at = at;
    pipe_state.told = idle;
    pipe_source(run, a, robbed_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = victims_run, .leaf = true }, .in = { a } });
    for (uint64_t i = 0; i < n; i++)
        sched_spawn("thief", thief, NULL);
    end_well(run);
    sched_join_all();
}

void moment_stolen(void) /* waits for room, beside the first body, which nobody has measured */
{
    robbed(PRT_ONE_TO_ONE, 1, 0, false, 1);
}

void moment_stolen_two(void)
{
    robbed(PRT_ONE_TO_ONE, 1, 0, false, 2);
}

void moment_stolen_feeding(void) /* the bodies are known to be quick by now: they are fed (slot.h) */
{
    robbed(PRT_ONE_TO_ONE, 1, 2, false, 1);
}

void moment_stolen_feeding_wide(void) /* several of them: they show when the last body is done */
{
    robbed(PRT_ONE_TO_ONE, 3, 2, false, 1);
}

void moment_stolen_beginning(void)
{
    robbed(PRT_RENDEZVOUS, 1, 0, false, 1);
}

void moment_stolen_at_once(void)
{
    robbed(PRT_ONE_TO_ONE, 3, 2, true, 1);
}

static void shown_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        if (id == stolen_at) {
            sched_search(true);
            victim = base->slot->thread;
            prt_event_set(&theft);
        }
        if (!send_to(base, 0, id))
            return;
        pipe_state.sent++;
        prt_event_set(&went_on);
    }
    sched_search(false);
}

/* An item is fed whose body needs the next one. The sender is stolen and held for the item's place before that shows
 * as free. */
void moment_stolen_shown(void)
{
    struct prt_run *const run = linger_begin(4);
    struct prt_chan *const a = pipe_chan(run, "a", PRT_ONE_TO_ONE, 1);

    victim = NULL;
    theft = (struct prt_event){ 0 };
    stolen_at = 2;
    pipe_state.n[1] = 1;
    pipe_state.n[2] = 2;
    pipe_source(run, a, shown_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = needy_run, .leaf = true }, .in = { a } });
    sched_spawn("thief", thief, NULL);
    end_well(run);
    sched_join_all();
}
