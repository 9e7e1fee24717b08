/* Items that are tried again: each arrives once, or its letter does, whatever its attempts wait for and whoever ends them. */
#include "pipes.h"

#include <stdlib.h>

#include "pool/slot.h"

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

static uint64_t weigh(struct prt_worker *base, const void *item)
{
    (void)base;
    pipe_state.n[2 + (((const struct kit_item *)item)->id == 0)]++;
    return 1;
}

/* What weighs an item sees the one that is tried again, though its place in the ring is the sender's by then. */
void attempts_weight(void)
{
    struct prt_run *const run = begin(3);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_ONE, 1);
    struct prt_bound *const one = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 });
    const struct prt_bound_use use = { .bound = one, .weight = weigh };

    fails[0] = RETRIES;
    pipe_source(run, from, source_run);
    add(run, from, &(struct ends){ .workers = 1, .bound = &use });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.n[3] == RETRIES + 1 && pipe_state.n[2] == 2, "item 0 was weighed %llu times, the others %llu times",
                (unsigned long long)pipe_state.n[3], (unsigned long long)pipe_state.n[2]);
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

/* ---- who ends meanwhile ------------------------------------------------------------------------------------------ */

static void finish_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.norder++;
        prt_finish(base);
    }
}

/* Nobody wants the results any more while an item waits, or is about to: it is cut. */
static void run_finished(bool blocking)
{
    struct prt_run *const run = begin(2);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const to = pipe_chan(run, "to", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const lost = pipe_chan(run, "lost", PRT_ONE_TO_ONE, 1);

    fails[1] = 1;
    pipe_source(run, from, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "try", .run = try_run, .leaf = true, .blocking = blocking,
                                                .on_fail = PRT_THEN_LETTER, .retries = RETRIES, .backoff_low = BACKOFF,
                                                .backoff_high = BACKOFF },
                                      .in = { from }, .out = { to, lost }, .most = { 1, 1 }, .letters = { false, true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "finish", .run = finish_run, .leaf = true }, .in = { to } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "late", .run = letters_run, .leaf = true }, .in = { lost } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder == 1, "%llu items came", (unsigned long long)pipe_state.norder);
    SCHED_CHECK(pipe_state.begun[2][0] == 0 && pipe_state.begun[2][1] == 0, "a letter about an item that was to be tried again");
}

void attempts_finish(void)
{
    run_finished(false);
}

void attempts_finish_blocking(void)
{
    run_finished(true);
}

/* Sends for as long as it may. */
static void endless_run(struct prt_worker *base)
{
    for (uint64_t n = 0; send_to(base, 0, n % 2); n++) {
        SCHED_CHECK(n < 200, "the source is never told");
        if (n > 20)
            sched_sleep(1000);
    }
}

static void every_other_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;
    struct prt_loss loss;

    while (prt_attempt(&self->in[0], &item)) {
        if (item.id == 1)
            prt_fail(base, "as it was told");
        else
            prt_emit(&self->out[0], &item, sizeof item);
        if (prt_settle(base, &item, &loss)) {
            free(loss.reason);
            prt_emit(&self->out[1], &item, sizeof item);
        }
    }
}

static void take_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        pipe_state.n[2]++;
}

/* Letters do not keep a stage going. */
void attempts_finish_letters(void)
{
    struct prt_run *const run = begin(2);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const to = pipe_chan(run, "to", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const lost = pipe_chan(run, "lost", PRT_ONE_TO_ONE, 1);

    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = endless_run }, .out = { from } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "try", .run = every_other_run, .leaf = true,
                                                .on_fail = PRT_THEN_LETTER },
                                      .in = { from }, .out = { to, lost }, .most = { 1, 1 }, .letters = { false, true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "finish", .run = finish_run, .leaf = true }, .in = { to } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "late", .run = take_run, .leaf = true }, .in = { lost } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    SCHED_CHECK(pipe_state.norder == 1, "%llu items came", (unsigned long long)pipe_state.norder);
}

static void fail_all_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;
    struct prt_loss loss;

    while (prt_attempt(&self->in[0], &item)) {
        prt_fail(base, "as it was told");
        if (prt_settle(base, &item, &loss)) {
            free(loss.reason);
            prt_emit(&self->out[0], &item, sizeof item);
        }
    }
}

static void check_ledger(struct prt_worker *base)
{
    const struct prt_slot *slot = base->slot;

    SCHED_CHECK(slot->dead + slot->cut == slot->takes[0].received[0], "of %llu items %llu are dead and %llu cut",
                (unsigned long long)slot->takes[0].received[0], (unsigned long long)slot->dead,
                (unsigned long long)slot->cut);
}

static void until_failed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        while (!prt_failed(base))
            sched_sleep(1000);
}

static void break_run(struct prt_worker *base)
{
    sched_sleep(sched_choose(2) * 5000);
    prt_fail(base, "as it was told");
}

/* A letter finds no room, and then the pipeline is torn down: its item is dead already, and not cut too. */
void attempts_ended(void)
{
    struct prt_run *const run = begin(4);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_ONE, 1);
    struct prt_chan *const lost = pipe_chan(run, "lost", PRT_ONE_TO_ONE, 1);

    pipe_source(run, from, source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "lose", .run = fail_all_run, .on_fail = PRT_THEN_LETTER,
                                                .final = check_ledger },
                                      .in = { from }, .out = { lost }, .most = { 1 }, .letters = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "late", .run = until_failed_run, .leaf = true }, .in = { lost } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "break", .run = break_run } });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
}

/* ---- several items at once ---------------------------------------------------------------------------------------- */

/* An attempt fails while one of its items is to. Passes them on, which takes them out of the batch, before it does. */
static void batch_body(struct kit_worker *self, struct kit_item *items, size_t n)
{
    bool fail = false;

    for (size_t i = 0; i < n; i++) {
        const uint64_t id = items[i].id;

        SCHED_CHECK(id < PIPE_ITEMS && items[i].sender == 7, "no item lies in the batch at %zu", i);
        fail = tried[id]++ < fails[id] || fail;
        if (id == pipe_state.stop_at)
            prt_stop(&self->base);
    }
    for (size_t i = n; i-- > 0;)
        if (!prt_pass_of(&self->out[0], &items[i], sizeof items[i]))
            return;
    if (fail)
        prt_fail(&self->base, "as it was told");
}

static void try_batch_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    struct kit_item *const items = prt_attempt_batch(&self->in[0], &n);
    struct prt_loss loss;

    if (!items)
        return;
    batch_body(self, items, n);
    if (!prt_settle(base, items, &loss))
        return;
    for (size_t i = 0; i < n; i++) {
        free(prt_reason(&loss, i + 1 < n));
        prt_emit(&self->out[1], &items[i], sizeof items[i]);
    }
}

/* Items that tell whether they lie where they should. */
static void marked_source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_state.items; id++) {
        const struct kit_item item = { .id = id, .sender = 7 };

        pipe_state.n[1]++;
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
        pipe_state.sent++;
    }
}

/* What was taken is empty. */
static void drop_marked(void *item)
{
    pipe_state.dropped += ((const struct kit_item *)item)->sender == 7;
}

static void add_batch(struct prt_run *run, struct prt_chan *from, struct prt_stage_spec spec, void (*drop)(void *))
{
    const enum prt_chan_kind kind = spec.workers > 1 ? PRT_MANY_TO_ONE : PRT_ONE_TO_ONE;
    struct prt_chan *const to = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "to", .kind = kind, .item_size = sizeof(struct kit_item), .cap = 1, .drop = drop });
    struct prt_chan *const lost = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lost", .kind = kind, .item_size = sizeof(struct kit_item), .cap = 1, .drop = drop });

    spec.name = "try";
    spec.run = try_batch_run;
    spec.on_fail = PRT_THEN_LETTER;
    spec.retries = RETRIES;
    spec.leaf = true;
    spec.backoff_low = BACKOFF;
    spec.backoff_high = 2 * BACKOFF;
    kit_add(run, &(struct kit_stage){ .spec = spec, .in = { from }, .out = { to, lost },
                                      .most = { (uint32_t)spec.collect, 1 }, .letters = { false, true } });
    pipe_sink(run, to, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "late", .run = letters_run, .leaf = true }, .in = { lost } });
}

static void run_batches(uint64_t stop_at, struct prt_stage_spec spec)
{
    struct prt_run *const run = begin(4);
    struct prt_chan *const from = pipe_chan(run, "from", spec.workers > 1 ? PRT_ONE_TO_MANY : PRT_ONE_TO_ONE, 2);

    fails[0] = 1;
    fails[2] = RETRIES + 1;
    pipe_state.stop_at = stop_at;
    pipe_source(run, from, marked_source_run);
    add_batch(run, from, spec, NULL);
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    for (uint64_t id = 0; id < pipe_state.sent; id++) {
        SCHED_CHECK(pipe_state.begun[0][id] + pipe_state.begun[2][id] == 1, "item %llu came %llu times, %llu letters",
                    (unsigned long long)id, (unsigned long long)pipe_state.begun[0][id],
                    (unsigned long long)pipe_state.begun[2][id]);
        SCHED_CHECK(id != 2 || pipe_state.begun[2][id] == 1, "no letter about item 2");
    }
}

void attempts_batch(void)
{
    run_batches(PIPE_ITEMS, (struct prt_stage_spec){ .collect = 3, .workers = 1 });
}

void attempts_batch_two(void)
{
    run_batches(PIPE_ITEMS, (struct prt_stage_spec){ .collect = 2, .workers = 2 });
}

void attempts_batch_ordered(void)
{
    run_batches(PIPE_ITEMS, (struct prt_stage_spec){ .collect = 2, .workers = 2, .ordered = true });
}

void attempts_batch_blocking(void)
{
    run_batches(PIPE_ITEMS, (struct prt_stage_spec){ .collect = 2, .workers = 1, .blocking = true });
}

void attempts_batch_stop(void)
{
    run_batches(sched_choose(3), (struct prt_stage_spec){ .collect = 2, .workers = 2 });
}

/* A tear-down while a batch waits, or is about to: each item comes, or is dropped, once, wherever it was. */
void attempts_batch_fail(void)
{
    struct prt_run *const run = begin(4);
    const uint32_t workers = 1 + sched_choose(2);
    struct prt_chan *const from = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "from", .kind = workers > 1 ? PRT_ONE_TO_MANY : PRT_ONE_TO_ONE, .item_size = sizeof(struct kit_item),
        .cap = 2, .drop = drop_marked });
    uint64_t came = 0;

    pipe_state.fail_at = sched_choose(4);
    fails[0] = fails[2] = RETRIES;
    pipe_source(run, from, marked_source_run);
    add_batch(run, from, (struct prt_stage_spec){ .collect = 2, .workers = workers }, drop_marked);
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    for (uint64_t id = 0; id < 4; id++)
        came += pipe_state.begun[0][id] + pipe_state.begun[2][id];
    SCHED_CHECK(pipe_state.dropped + came == pipe_state.n[1], "of %llu items %llu came and %llu were dropped",
                (unsigned long long)pipe_state.n[1], (unsigned long long)came, (unsigned long long)pipe_state.dropped);
}

/* A body that may wait for room sends letters of its own: more than there is room for. */
static void lose_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    struct kit_item *const items = prt_attempt_batch(&self->in[0], &n);
    struct prt_loss loss;

    if (!items)
        return;
    prt_fail(base, "as it was told");
    SCHED_CHECK(prt_settle(base, items, &loss), "the batch is not lost");
    for (size_t i = 0; i < n; i++) {
        free(prt_reason(&loss, i + 1 < n));
        prt_emit(&self->out[0], &items[i], sizeof items[i]);
    }
}

void attempts_batch_letters(void)
{
    struct prt_run *const run = begin(4);
    struct prt_chan *const from = pipe_chan(run, "from", PRT_ONE_TO_ONE, 4);
    struct prt_chan *const lost = pipe_chan(run, "lost", PRT_ONE_TO_ONE, 1);

    pipe_source(run, from, marked_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "lose", .run = lose_run, .collect = 3, .on_fail = PRT_THEN_LETTER },
                                      .in = { from }, .out = { lost }, .most = { 1 }, .letters = { true } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "late", .run = letters_run, .leaf = true }, .in = { lost } });
    SCHED_CHECK(prt_run(run) == 0, "the exit status is not 0");
    for (uint64_t id = 0; id < 4; id++)
        SCHED_CHECK(pipe_state.begun[2][id] == 1, "no letter about item %llu", (unsigned long long)id);
}

/* One item of each input, which wait together. */
static void try_zip_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item a, b;

    while (prt_attempt(&self->in[0], &a)) {
        prt_attempt_also(&self->in[1], &b);
        SCHED_CHECK(a.id == b.id && a.sender == 7 && b.sender == 7, "items %llu and %llu are a pair",
                    (unsigned long long)a.id, (unsigned long long)b.id);
        if (prt_pass(&self->out[0], &self->in[0], &a, sizeof a) && prt_pass(&self->out[1], &self->in[1], &b, sizeof b)) {
            const uint64_t id = a.id;

            a = b = (struct kit_item){ 0 };
            if (tried[id]++ < fails[id])
                prt_fail(base, "as it was told");
        }
        prt_settle_all(base, (void *const[]){ &a, &b });
    }
}

static void count_come(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        pipe_state.begun[0][item.id]++;
        if (item.id == pipe_state.fail_at)
            prt_fail(base, "as it was told");
    }
}

static void run_zip(uint64_t items, uint64_t fail_at)
{
    struct prt_run *const run = begin(items);
    struct prt_chan *chans[4];
    uint64_t came = 0;

    for (int i = 0; i < 4; i++)
        chans[i] = prt_chan_add(run, &(struct prt_chan_spec){ .name = "pairs", .kind = PRT_ONE_TO_ONE, .cap = 1,
                                                              .item_size = sizeof(struct kit_item), .drop = drop_marked });
    fails[0] = 1;
    fails[1] = RETRIES + 1;
    pipe_state.fail_at = fail_at;
    pipe_source(run, chans[0], marked_source_run);
    pipe_source(run, chans[1], marked_source_run);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "try", .run = try_zip_run, .leaf = true, .on_fail = PRT_THEN_SKIP,
                                                .retries = RETRIES, .backoff_low = BACKOFF, .backoff_high = BACKOFF },
                                      .in = { chans[0], chans[1] }, .out = { chans[2], chans[3] }, .most = { 1, 1 } });
    for (int i = 2; i < 4; i++)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = count_come, .leaf = true }, .in = { chans[i] } });
    SCHED_CHECK(prt_run(run) == 1, "the exit status is not 1");
    for (uint64_t id = 0; id < items; id++) {
        came += pipe_state.begun[0][id];
        SCHED_CHECK(fail_at < items || pipe_state.begun[0][id] == (id == 1 ? 0 : 2), "of pair %llu %llu items came",
                    (unsigned long long)id, (unsigned long long)pipe_state.begun[0][id]);
    }
    SCHED_CHECK(pipe_state.dropped + came == pipe_state.n[1], "of %llu items %llu came and %llu were dropped",
                (unsigned long long)pipe_state.n[1], (unsigned long long)came, (unsigned long long)pipe_state.dropped);
}

void attempts_zip(void)
{
    run_zip(3, PIPE_ITEMS);
}

void attempts_zip_fail(void)
{
    run_zip(3, 2 * sched_choose(2));
}
