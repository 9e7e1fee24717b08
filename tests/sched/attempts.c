/* Items that are tried again: each arrives once, or its letter does, whatever its attempts wait for and whoever ends them. */
#include "pipes.h"

#include <stdlib.h>

enum { RETRIES = 2, BACKOFF = 1000 };

static unsigned tried[PIPE_ITEMS];
static unsigned fails[PIPE_ITEMS]; /* how many of them do, of each item */

static struct prt_run *begin(uint64_t items)
{
    struct prt_run *const run = pipe_begin(items);

    for (int i = 0; i < PIPE_ITEMS; i++)
        tried[i] = fails[i] = 0;
    return run;
}

/* Sends first, then fails: what was sent must not be seen. */
static void body(struct kit_worker *self, struct kit_item *item)
{
    item->sender = (uint32_t)self->worker;
    if (item->id == pipe_state.stop_at)
        prt_stop(&self->base);
    if (!prt_emit(&self->out[0], item, sizeof *item))
        return;
    if (tried[item->id]++ >= fails[item->id])
        return;
    prt_fail(&self->base, "as it was told");
}

static void try_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;
    struct prt_loss loss;

    while (prt_attempt(&self->in[0], &item)) {
        body(self, &item);
        if (!prt_settle(base, &item, &loss))
            continue;
        SCHED_CHECK(loss.attempts == RETRIES + 1, "a letter after %d attempts", loss.attempts);
        free(loss.reason);
        prt_emit(&self->out[1], &item, sizeof item);
    }
}

/* What does not arrive as an item arrives as a letter, in `begun` of stage 2. */
static void letters_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        SCHED_CHECK(pipe_state.begun[2][item.id]++ == 0, "a second letter about item %llu", (unsigned long long)item.id);
}

struct ends {
    uint32_t workers;
    bool ordered, blocking;
    const struct prt_bound_use *bound;
};

static void add(struct prt_run *run, struct prt_chan *from, const struct ends *ends)
{
    const bool many = ends->workers > 1;
    struct prt_chan *const to = pipe_chan(run, "to", many ? PRT_MANY_TO_ONE : PRT_ONE_TO_ONE, 1);
    struct prt_chan *const lost = pipe_chan(run, "lost", many ? PRT_MANY_TO_ONE : PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "try", .run = try_run, .leaf = true, .workers = ends->workers,
                                                .ordered = ends->ordered, .blocking = ends->blocking,
                                                .on_fail = PRT_THEN_LETTER, .retries = RETRIES, .backoff_low = BACKOFF,
                                                .backoff_high = 2 * BACKOFF, .bounds = ends->bound,
                                                .nbounds = ends->bound != NULL },
                                      .in = { from }, .out = { to, lost }, .most = { 1, 1 }, .letters = { false, true } });
    pipe_sink(run, to, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "late", .run = letters_run, .leaf = true }, .in = { lost } });
}

/* Of the items that the source sent each has come to an end that follows from how often it failed. */
static void check_ends(uint64_t items)
{
    for (uint64_t id = 0; id < items; id++) {
        const bool dies = fails[id] > RETRIES;

        SCHED_CHECK(pipe_state.begun[0][id] == !dies, "item %llu came %llu times", (unsigned long long)id,
                    (unsigned long long)pipe_state.begun[0][id]);
        SCHED_CHECK(pipe_state.begun[2][id] == dies, "%llu letters about item %llu",
                    (unsigned long long)pipe_state.begun[2][id], (unsigned long long)id);
    }
}

static void run_ends(void (*source)(struct prt_worker *), const struct ends *ends)
{
    struct prt_run *const run = begin(3);
    struct prt_chan *const from = pipe_chan(run, "from", ends->workers > 1 ? PRT_ONE_TO_MANY : PRT_ONE_TO_ONE, 1);

    fails[0] = 1;
    fails[1] = RETRIES + 1;
    pipe_source(run, from, source);
    add(run, from, ends);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    check_ends(3);
}

void attempts(void)
{
    run_ends(source_run, &(struct ends){ .workers = 1 });
}

void attempts_idle(void)
{
    run_ends(source_idle_run, &(struct ends){ .workers = 1 });
}

void attempts_two(void)
{
    run_ends(source_run, &(struct ends){ .workers = 2 });
}

void attempts_blocking(void)
{
    run_ends(source_run, &(struct ends){ .workers = 2, .blocking = true });
}

/* The first item waits while the others have results, in the order of all. */
void attempts_ordered(void)
{
    run_ends(source_run, &(struct ends){ .workers = 2, .ordered = true });
    pipe_check_order();
}

/* Who waits for its next attempt holds no permit: the other worker's item needs it, and its turn comes first. */
void attempts_bound(void)
{
    struct prt_run *const run = begin(2);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_MANY, 2);
    struct prt_bound *const one = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 });
    const struct prt_bound_use use = { .bound = one };

    fails[0] = 1;
    fails[1] = sched_choose(2);
    pipe_source(run, from, source_run);
    add(run, from, &(struct ends){ .workers = 2, .ordered = true, .bound = &use });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    check_ends(2);
    pipe_check_order();
}

/* A drain: what has begun, or is queued, has all its attempts. */
void attempts_stop(void)
{
    struct prt_run *const run = begin(4);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_MANY, 1);

    pipe_state.stop_at = sched_choose(2);
    fails[0] = 1;
    fails[1] = RETRIES + 1;
    pipe_source(run, from, source_run);
    add(run, from, &(struct ends){ .workers = 2 });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    check_ends(pipe_state.sent);
}

static void count_dropped(void *item)
{
    (void)item;
    pipe_state.dropped++;
}

static void counting_source_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id++) {
        pipe_state.n[1]++;
        if (!send_to(base, 0, id))
            return;
    }
}

/* A tear-down while one waits, or is about to: each item is dropped once, wherever it was. */
void attempts_fail(void)
{
    struct prt_run *const run = begin(3);
    const uint32_t workers = 1 + sched_choose(2);
    struct prt_chan *const from = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "from", .kind = workers > 1 ? PRT_ONE_TO_MANY : PRT_ONE_TO_ONE, .item_size = sizeof(struct kit_item),
        .cap = 1, .drop = count_dropped });

    pipe_state.fail_at = sched_choose(3);
    fails[0] = fails[1] = RETRIES;
    pipe_source(run, from, counting_source_run);
    add(run, from, &(struct ends){ .workers = workers });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    SCHED_CHECK(pipe_state.dropped == pipe_state.n[1], "%llu of %llu items were dropped",
                (unsigned long long)pipe_state.dropped, (unsigned long long)pipe_state.n[1]);
}

static void try_source_run(struct prt_worker *base)
{
    prt_attempt_here(base);
    if (tried[0]++ < fails[0])
        prt_fail(base, "as it was told");
    else
        source_run(base);
    prt_settle(base, NULL, NULL);
}

/* A source's body runs again. */
void attempts_source(void)
{
    struct prt_run *const run = begin(2);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_ONE, 1);

    fails[0] = 1 + sched_choose(2);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = try_source_run, .retries = RETRIES,
                                                .backoff_low = BACKOFF, .backoff_high = BACKOFF },
                                      .out = { from } });
    pipe_sink(run, from, 1);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    pipe_check_all();
}
