/* Shapes of pipelines in which a wrong rule of the runtime hangs: closed loops in which nothing but the next item wakes
 * anybody, zips whose branches meet with no slack to spare, chains, merges, several outputs, feedback.
 */
#include "stage_kit.h"

#include <semaphore.h>

static void pass_run(struct prt_worker *base) /* sends each item on, to every output */
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        for (int i = 0; i < KIT_ENDS && self->out[i].port; i++)
            if (!prt_emit(&self->out[i], &item, sizeof item))
                return;
}

/* ---- ping-pong: the source waits, in its body, until the sink has had the item ---------------------------------- */

struct pingpong {
    uint64_t rounds;
    sem_t back;
    _Atomic uint64_t received;
};

static void ping_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pingpong *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->rounds; id++) {
        const struct kit_item item = { .id = id };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        while (sem_wait(&pipe->back) != 0)
            ;
    }
}

static void pong_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pingpong *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        KIT_CHECK(item.id == atomic_load(&pipe->received), "item %ju", (uintmax_t)item.id);
        atomic_fetch_add(&pipe->received, 1);
        sem_post(&pipe->back);
    }
}

/* arg: capacity (0: a rendezvous), stages between, whether those and the sink are leaves */
static void pingpong(const struct kit_case *self)
{
    struct pingpong pipe = { .rounds = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    const enum prt_chan_kind kind = self->arg[0] ? PRT_ONE_TO_ONE : PRT_RENDEZVOUS;
    struct prt_chan *chan = kit_chan(run, "first", kind, (uint64_t)self->arg[0]);

    sem_init(&pipe.back, 0, 0);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "ping", .run = ping_run }, .out = { chan } });
    for (int i = 0; i < self->arg[1]; i++) {
        struct prt_chan *const next = kit_chan(run, "next", kind, (uint64_t)self->arg[0]);

        kit_add(run, &(struct kit_stage){ .spec = { .name = "pass", .run = pass_run, .leaf = self->arg[2] },
                                          .in = { chan }, .out = { next }, .most = { self->arg[2] ? 1 : PRT_ANY } });
        chan = next;
    }
    kit_add(run, &(struct kit_stage){ .spec = { .name = "pong", .run = pong_run, .leaf = self->arg[2] },
                                      .in = { chan } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == pipe.rounds, "received %ju", (uintmax_t)pipe.received);
    sem_destroy(&pipe.back);
}

/* ---- fork and join: `a` sends n to x, then n to z, for ever; b copies x to y; c takes one of y and one of z.
 * It runs iff the slack from a to c by way of b, x + 1 + y items, is really there. */

struct forkjoin {
    uint64_t rounds;
    uint32_t burst;
    uint64_t joined;
};

static void fork_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct forkjoin *const pipe = self->pipe;

    for (uint64_t round = 0; round < pipe->rounds; round++)
        for (int to = 0; to < 2; to++)
            for (uint32_t i = 0; i < pipe->burst; i++) {
                const struct kit_item item = { .id = round * pipe->burst + i };

                if (!prt_emit(&self->out[to], &item, sizeof item))
                    return;
            }
}

static void join_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct forkjoin *const pipe = self->pipe;
    struct kit_item y, z;

    while (prt_receive(&self->in[0], &y, sizeof y)) {
        prt_receive_also(&self->in[1], &z, sizeof z);
        KIT_CHECK(y.id == pipe->joined && z.id == pipe->joined, "y %ju, z %ju", (uintmax_t)y.id, (uintmax_t)z.id);
        pipe->joined++;
    }
}

/* arg: capacity of x and of y; whether b is a leaf */
static void forkjoin(const struct kit_case *self)
{
    const uint64_t cap = (uint64_t)self->arg[0];
    struct forkjoin pipe = { .rounds = self->items, .burst = (uint32_t)(2 * cap + 1) };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const x = kit_chan(run, "x", PRT_ONE_TO_ONE, cap);
    struct prt_chan *const y = kit_chan(run, "y", PRT_ONE_TO_ONE, cap);
    struct prt_chan *const z = kit_chan(run, "z", PRT_ONE_TO_ONE, pipe.burst);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "a", .run = fork_run }, .out = { x, z } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "b", .run = pass_run, .leaf = self->arg[1] }, .in = { x },
                                      .out = { y }, .most = { self->arg[1] ? 1 : PRT_ANY } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "c", .run = join_run, .leaf = true }, .in = { y, z } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.joined == pipe.rounds * pipe.burst, "joined %ju", (uintmax_t)pipe.joined);
}

/* ---- a source that has helped goes to sleep: it sends work to x, meets another thread at a rendezvous, running x's
 * bodies meanwhile, and then waits until all of x is done. What it leaves of x must find somebody. */

static void work_and_meet_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pingpong *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->rounds; id++) {
        const struct kit_item item = { .id = id };

        for (int i = 0; i < 20; i++)
            if (!prt_emit(&self->out[0], &item, sizeof item))
                return;
        if (!prt_emit(&self->out[1], &item, sizeof item))
            return;
        for (int i = 0; i < 20; i++)
            while (sem_wait(&pipe->back) != 0)
                ;
    }
}

static void ten_microseconds_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct pingpong *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        for (const uint64_t until = prt_now() + 10000; prt_now() < until;)
            ;
        atomic_fetch_add(&pipe->received, 1);
        sem_post(&pipe->back);
    }
}

static void meet_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        ;
}

static void helper_sleeps(const struct kit_case *self)
{
    struct pingpong pipe = { .rounds = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const x = kit_chan(run, "x", PRT_ONE_TO_ONE, 64);
    struct prt_chan *const r = kit_chan(run, "r", PRT_RENDEZVOUS, 0);

    sem_init(&pipe.back, 0, 0);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = work_and_meet_run }, .out = { x, r } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "work", .run = ten_microseconds_run, .leaf = true },
                                      .in = { x } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "meet", .run = meet_run, .blocking = true }, .in = { r } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    KIT_CHECK(pipe.received == 20 * pipe.rounds, "received %ju", (uintmax_t)pipe.received);
    sem_destroy(&pipe.back);
}

/* ---- chains, several outputs, several sources ------------------------------------------------------------------- */

struct counts {
    uint64_t items;
    _Atomic uint64_t received[4];
    _Atomic uint64_t sum[4];
    _Atomic bool enough;
};

static void count_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct counts *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add_explicit(&pipe->received[item.sender], 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&pipe->sum[item.sender], item.id, memory_order_relaxed);
    }
}

static void supply(struct kit_worker *self, uint32_t sender)
{
    const struct counts *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->items; id++) {
        const struct kit_item item = { .id = id, .sender = sender };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void supply0_run(struct prt_worker *base)
{
    supply((struct kit_worker *)base, 0);
}

static void supply1_run(struct prt_worker *base)
{
    supply((struct kit_worker *)base, 1);
}

static void supply2_run(struct prt_worker *base)
{
    supply((struct kit_worker *)base, 2);
}

static void (*const supplies[3])(struct prt_worker *) = { supply0_run, supply1_run, supply2_run };

static void check_counts(const struct counts *pipe, int sender, uint64_t times)
{
    KIT_CHECK(pipe->received[sender] == times * pipe->items, "sender %d: %ju of %ju", sender,
              (uintmax_t)pipe->received[sender], (uintmax_t)(times * pipe->items));
    KIT_CHECK(pipe->sum[sender] == times * (pipe->items * (pipe->items - 1) / 2), "sender %d: other items", sender);
}

/* arg: stages, capacity, workers of each stage, whether they are leaves */
static void chain(const struct kit_case *self)
{
    struct counts pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    const uint32_t workers = (uint32_t)self->arg[2];
    const uint64_t cap = (uint64_t)self->arg[1];
    struct prt_chan *chan = kit_chan(run, "first", cap ? kit_kind(1, workers) : PRT_RENDEZVOUS, cap);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = supply0_run }, .out = { chan } });
    for (int i = 0; i < self->arg[0]; i++) {
        struct prt_chan *const next = kit_chan(run, "next", cap ? kit_kind(workers, workers) : PRT_RENDEZVOUS, cap);

        kit_add(run, &(struct kit_stage){
            .spec = { .name = "pass", .run = pass_run, .leaf = self->arg[3], .workers = workers },
            .in = { chan }, .out = { next }, .most = { self->arg[3] ? 1 : PRT_ANY } });
        chan = next;
    }
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = count_run, .leaf = true, .workers = workers },
                                      .in = { chan } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    check_counts(&pipe, 0, 1);
}

/* One stage sends each item to three channels, which have sinks of their own. arg: capacity, leaf, workers */
static void outputs(const struct kit_case *self)
{
    struct counts pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    const uint32_t workers = (uint32_t)self->arg[2];
    struct prt_chan *const in = kit_chan(run, "in", kit_kind(1, workers), 8);
    struct kit_stage split = { .spec = { .name = "split", .run = pass_run, .leaf = self->arg[1], .workers = workers },
                               .in = { in } };

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = supply0_run }, .out = { in } });
    for (int i = 0; i < 3; i++) {
        split.out[i] = kit_chan(run, "out", kit_kind(workers, 1), (uint64_t)self->arg[0]);
        split.most[i] = self->arg[1] ? 1 : 0;
    }
    kit_add(run, &split);
    for (int i = 0; i < 3; i++)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = count_run, .leaf = true },
                                          .in = { split.out[i] } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    check_counts(&pipe, 0, 3);
}

/* Three sources into one channel, or merged from one channel each. arg: capacity, merged */
static void sources(const struct kit_case *self)
{
    struct counts pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    struct kit_stage sink = { .spec = { .name = "sink", .run = count_run, .leaf = true } };
    struct prt_chan *chan = NULL;

    for (int i = 0; i < 3; i++) {
        if (!chan || self->arg[1])
            chan = kit_chan(run, "items", self->arg[1] ? PRT_ONE_TO_ONE : PRT_MANY_TO_ONE, (uint64_t)self->arg[0]);
        sink.merge[self->arg[1] ? i : 0] = chan;
        kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = supplies[i] }, .out = { chan } });
    }
    kit_add(run, &sink);
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    for (int i = 0; i < 3; i++)
        check_counts(&pipe, i, 1);
}

/* Three channels that stay full, merged: none may be starved. `filler` has filled them before the sink's first body. */
static void merge_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct counts *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        uint64_t least, most;

        while (!pipe->enough)
            kit_sleep(100000);
        atomic_fetch_add(&pipe->received[item.sender], 1);
        least = most = pipe->received[0];
        for (int i = 1; i < 3; i++) {
            least = pipe->received[i] < least ? pipe->received[i] : least;
            most = pipe->received[i] > most ? pipe->received[i] : most;
        }
        /* Until the first of the three runs dry, turns are taken, in batches. */
        KIT_CHECK(most == pipe->items || most - least <= 64, "%ju against %ju", (uintmax_t)most, (uintmax_t)least);
    }
}

static void fill_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct counts *const pipe = self->pipe;

    for (uint64_t id = 0; id < pipe->items; id++)
        for (uint32_t i = 0; i < 3; i++) {
            const struct kit_item item = { .id = id, .sender = i };

            if (!prt_emit(&self->out[i], &item, sizeof item))
                return;
        }
    pipe->enough = true;
}

static void merge_fair(const struct kit_case *self)
{
    struct counts pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    struct kit_stage source = { .spec = { .name = "source", .run = fill_run } };
    struct kit_stage sink = { .spec = { .name = "sink", .run = merge_run } };

    for (int i = 0; i < 3; i++)
        source.out[i] = sink.merge[i] = kit_chan(run, "items", PRT_ONE_TO_ONE, self->items);
    kit_add(run, &source);
    kit_add(run, &sink);
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    for (int i = 0; i < 3; i++)
        KIT_CHECK(pipe.received[i] == pipe.items, "sender %d: %ju", i, (uintmax_t)pipe.received[i]);
}

/* ---- expanders: each stage sends several items for one, without a bounded count --------------------------------- */

static void expand_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        for (int i = 0; i < 3; i++)
            if (!prt_emit(&self->out[0], &item, sizeof item))
                return;
}

/* arg: stages, capacity, workers of each stage */
static void expanders(const struct kit_case *self)
{
    struct counts pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    const uint32_t workers = (uint32_t)self->arg[2];
    struct prt_chan *chan = kit_chan(run, "first", kit_kind(1, workers), (uint64_t)self->arg[1]);
    uint64_t times = 1;

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = supply0_run }, .out = { chan } });
    for (int i = 0; i < self->arg[0]; i++) {
        struct prt_chan *const next = kit_chan(run, "next", kit_kind(workers, workers), (uint64_t)self->arg[1]);

        kit_add(run, &(struct kit_stage){ .spec = { .name = "expand", .run = expand_run, .workers = workers },
                                          .in = { chan }, .out = { next } });
        chan = next;
        times *= 3;
    }
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = count_run, .leaf = true, .workers = workers },
                                      .in = { chan } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    check_counts(&pipe, 0, times);
}

/* ---- feedback: an item of value n goes back as n - 1 until it is 0; the cycle ends by itself -------------------- */

static void loop_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct counts *const pipe = self->pipe;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        atomic_fetch_add_explicit(&pipe->received[0], 1, memory_order_relaxed);
        if (item.id > 0) {
            item.id--;
            if (!prt_emit(&self->out[0], &item, sizeof item))
                return;
        }
    }
}

static void seeds_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct counts *const pipe = self->pipe;

    for (uint64_t i = 0; i < pipe->items; i++) {
        const struct kit_item item = { .id = i % 50 };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void round_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
}

/* arg: workers, whether the loop's stage is a leaf, whether items go back by way of another stage */
static void feedback(const struct kit_case *self)
{
    struct counts pipe = { .items = self->items };
    struct prt_run *const run = kit_run_new(&pipe);
    struct prt_chan *const again = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "again", .kind = PRT_GROWING, .item_size = sizeof(struct kit_item), .cycle = 1 });
    struct prt_chan *const forth = !self->arg[2] ? again : prt_chan_add(run, &(struct prt_chan_spec){
        .name = "forth", .kind = kit_kind((uint32_t)self->arg[0], (uint32_t)self->arg[0]), .cap = 1,
        .item_size = sizeof(struct kit_item), .cycle = 1 });
    uint64_t expected = 0;

    kit_add(run, &(struct kit_stage){ .spec = { .name = "seeds", .run = seeds_run }, .out = { again } });
    kit_add(run, &(struct kit_stage){
        .spec = { .name = "loop", .run = loop_run, .leaf = self->arg[1], .cycle = 1,
                  .workers = (uint32_t)self->arg[0] },
        .in = { again }, .out = { forth }, .most = { self->arg[1] ? 1 : PRT_ANY }, .in_cycle = { true } });
    if (self->arg[2])
        kit_add(run, &(struct kit_stage){
            .spec = { .name = "round", .run = round_run, .leaf = true, .cycle = 1, .workers = (uint32_t)self->arg[0] },
            .in = { forth }, .out = { again }, .most = { 1 }, .in_cycle = { true } });
    KIT_CHECK(prt_run(run) == 0, "the run failed");
    for (uint64_t i = 0; i < self->items; i++)
        expected += i % 50 + 1;
    KIT_CHECK(pipe.received[0] == expected, "%ju of %ju", (uintmax_t)pipe.received[0], (uintmax_t)expected);
}

static const struct kit_case cases[] = {
    { "pingpong-1", pingpong, 100000, { 1, 0, 1 } },
    { "pingpong-0", pingpong, 100000, { 0, 0, 1 } },
    { "pingpong-1-waiting-sink", pingpong, 50000, { 1, 0, 0 } },
    { "pingpong-1-long", pingpong, 20000, { 1, 3, 1 } },
    { "pingpong-1-long-expanders", pingpong, 20000, { 1, 3, 0 } },
    { "pingpong-0-long", pingpong, 20000, { 0, 3, 1 } },
    { "forkjoin-1", forkjoin, 100000, { 1, 1 } },
    { "forkjoin-1-expander", forkjoin, 20000, { 1, 0 } },
    { "forkjoin-2", forkjoin, 20000, { 2, 1 } },
    { "forkjoin-40", forkjoin, 5000, { 40, 1 } },
    { "forkjoin-100", forkjoin, 2000, { 100, 1 } },
    { "helper-sleeps", helper_sleeps, 3000, { 0 } },
    { "chain-200", chain, 20000, { 200, 4, 1, 1 } },
    { "chain-200-cap-1", chain, 2000, { 200, 1, 1, 1 } },
    { "chain-50-rendezvous", chain, 2000, { 50, 0, 1, 1 } },
    { "chain-20-pools", chain, 20000, { 20, 16, 3, 1 } },
    { "chain-20-expanders", chain, 20000, { 20, 4, 1, 0 } },
    { "chain-8-expander-pools", chain, 20000, { 8, 1, 3, 0 } },
    { "outputs-2", outputs, 200000, { 2, 1, 1 } },
    { "outputs-2-pool", outputs, 50000, { 2, 1, 3 } },
    { "outputs-2-expander", outputs, 50000, { 2, 0, 1 } },
    { "sources-1", sources, 50000, { 1, 0 } },
    { "sources-64", sources, 500000, { 64, 0 } },
    { "sources-merged-1", sources, 50000, { 1, 1 } },
    { "sources-merged-64", sources, 500000, { 64, 1 } },
    { "merge-fair", merge_fair, 5000, { 0 } },
    { "expanders-5", expanders, 100, { 5, 1, 1 } },
    { "expanders-5-pools", expanders, 100, { 5, 2, 4 } },
    { "feedback-1", feedback, 100000, { 1, 1 } },
    { "feedback-4", feedback, 20000, { 4, 1 } },
    { "feedback-expander", feedback, 20000, { 1, 0 } },
    { "feedback-round", feedback, 20000, { 1, 1, 1 } },
    { "feedback-round-pool", feedback, 10000, { 3, 1, 1 } },
    { "feedback-round-expander", feedback, 10000, { 1, 0, 1 } },
};

int main(int argc, char **argv)
{
    return kit_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
