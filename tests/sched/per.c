/* Bodies that get several items of one key: each arrives once, with others of its key alone, in order where one body of a key runs
 * at a time; and none is left waiting for others that cannot come. */
#include "pipes.h"

#include "pool/run_state.h"

enum { MOST = 3 };

static const char *script; /* the key of each item */
static uint64_t inside[256], last[256];
static bool alone;         /* one body of a key at a time, in order */
static unsigned fails, tried[PIPE_ITEMS];
static bool weighs;        /* a batch is weighed */

static struct prt_run *begin(uint64_t items, const char *keys)
{
    struct prt_run *const run = pipe_begin(items);

    script = keys;
    memset(inside, 0, sizeof inside);
    memset(last, 0, sizeof last);
    memset(tried, 0, sizeof tried);
    alone = false;
    fails = 0;
    weighs = false;
    prt_keys_most_ = UINT64_MAX;
    return run;
}

static unsigned char key_at(uint64_t id)
{
    return (unsigned char)script[id % strlen(script)];
}

static void item_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(key_at(((const struct kit_item *)item)->id));
}

static const struct prt_keyed_spec per[] = { { .kind = PRT_BATCH_PER_KEY, .key = item_key, .name = "per" },
                                             { .kind = PRT_BY_KEY, .key = item_key, .name = "by" } };
static const struct prt_keyed_spec bounded[] = { { .kind = PRT_BATCH_PER_KEY, .key = item_key, .name = "per" },
                                                 { .kind = PRT_BOUND_PER_KEY, .key = item_key, .permits = 1, .name = "bound" } };

static const struct prt_keyed_spec two_each[] = { { .kind = PRT_BATCH_PER_KEY, .key = item_key, .name = "per" },
                                                  { .kind = PRT_BOUND_PER_KEY, .key = item_key, .permits = 2, .name = "bound" } };

/* While a batch is weighed others move, take and look; another is not weighed meanwhile. */
static uint64_t batch_weight(struct prt_worker *worker, const void *items)
{
    const uint64_t n = prt_waiting_n(&((struct kit_worker *)worker)->in[0]);

    SCHED_CHECK(!weighs, "two batches are weighed at a time");
    weighs = true;
    for (uint64_t i = 1; i < n; i++)
        SCHED_CHECK(key_at(((const struct kit_item *)items)[i].id) == key_at(((const struct kit_item *)items)->id), "two keys are weighed");
    sched_sleep(1000);
    weighs = false;
    return n + 1; /* one alone takes all that its key has */
}

static const struct prt_keyed_spec weighed[] = { { .kind = PRT_BATCH_PER_KEY, .key = item_key, .name = "per" },
                                                 { .kind = PRT_BOUND_PER_KEY, .key = item_key, .permits = 2, .weight = batch_weight,
                                                   .name = "bound" } };
static const struct prt_keyed_spec weighed_by[] = { { .kind = PRT_BATCH_PER_KEY, .key = item_key, .name = "per" },
                                                    { .kind = PRT_BOUND_PER_KEY, .key = item_key, .permits = 2, .weight = batch_weight,
                                                      .name = "bound" },
                                                    { .kind = PRT_BY_KEY, .key = item_key, .name = "by" } };

static void body_begins(const struct kit_item *items, size_t n)
{
    const unsigned char key = key_at(items[0].id);

    SCHED_CHECK(n > 0 && n <= MOST, "%zu items", n);
    SCHED_CHECK(!alone || inside[key] == 0, "two bodies of key %c", key);
    SCHED_CHECK(!alone || last[key] <= items[0].id, "item %llu out of order", (unsigned long long)items[0].id);
    inside[key]++;
    last[key] = fails ? items[0].id : items[n - 1].id + 1;
    for (size_t i = 0; i < n; i++) {
        SCHED_CHECK(key_at(items[i].id) == key, "item %llu among those of key %c", (unsigned long long)items[i].id, key);
        SCHED_CHECK(i == 0 || items[i - 1].id < items[i].id, "item %llu out of order", (unsigned long long)items[i].id);
        pipe_state.begun[1][items[i].id]++;
    }
}

static void body(struct kit_worker *self, const struct kit_item *items, size_t n)
{
    struct prt_worker *const base = &self->base;

    body_begins(items, n);
    for (size_t i = 0; i < n; i++) {
        prt_emit(&self->out[0], &items[i], sizeof *items);
        if (items[i].id == pipe_state.fail_at)
            prt_fail(base, "as it was told");
        if (items[i].id == pipe_state.stop_at)
            prt_stop(base);
    }
    inside[key_at(items[0].id)]--;
}

static void batch_run(struct prt_worker *base)
{
    size_t n;
    const struct kit_item *items = prt_receive_batch(&((struct kit_worker *)base)->in[0], &n);

    if (items)
        body((struct kit_worker *)base, items, n);
}

static void finish_run(struct prt_worker *base)
{
    size_t n;
    const struct kit_item *items = prt_receive_batch(&((struct kit_worker *)base)->in[0], &n);

    if (!items)
        return;
    body((struct kit_worker *)base, items, n);
    prt_finish(base);
}

static void try_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    struct kit_item *items = prt_attempt_batch(&self->in[0], &n);

    if (!items)
        return;
    body(self, items, n);
    if (tried[items[0].id]++ < fails)
        prt_fail(base, "as it was told");
    prt_settle(base, items, NULL);
}

struct plan {
    struct prt_stage_spec spec;
    const struct prt_keyed_spec *keyed; /* NULL: `per` alone */
    void (*source)(struct prt_worker *);
    uint64_t cap;                       /* 0: 4 */
    bool grows, expands;
};

static int run_plan(struct prt_run *run, const struct plan *plan, uint32_t workers)
{
    const enum prt_chan_kind kind = plan->grows ? PRT_GROWING : kit_kind(1, workers);
    struct prt_chan *const a = pipe_chan(run, "a", kind, plan->cap ? plan->cap : 4);
    struct prt_chan *const b = pipe_chan(run, "b", kit_kind(workers, 1), 2);
    struct kit_stage stage = { .spec = plan->spec, .in = { a }, .out = { b }, .most = { plan->expands ? 0 : MOST } };

    stage.spec.name = "batch";
    stage.spec.run = stage.spec.run ? stage.spec.run : batch_run;
    stage.spec.leaf = !plan->expands;
    stage.spec.workers = workers;
    stage.spec.keyed = plan->keyed ? plan->keyed : per;
    stage.spec.nkeyed = plan->keyed == weighed_by ? 3 : plan->keyed ? 2 : 1;
    stage.spec.collect = stage.spec.collect ? stage.spec.collect : 2;
    alone = plan->keyed && plan->keyed != two_each && (stage.spec.retries == 0 || plan->keyed == per);
    pipe_source(run, a, plan->source ? plan->source : source_run);
    kit_add(run, &stage);
    pipe_sink(run, b, 1);
    return prt_run(run);
}

static void run_well(struct prt_run *run, const struct plan *plan, uint32_t workers)
{
    SCHED_CHECK(run_plan(run, plan, workers) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* ---- number and the end ------------------------------------------------------------------------------------------- */

void per_number(void)
{
    run_well(begin(4, "abba"), &(struct plan){ 0 }, 2);
}

/* What is left goes out when the channel closes, whoever moves meanwhile. */
void per_rest(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .spec = { .collect = 3 } }, 2);
}

void per_rest_one(void)
{
    run_well(begin(3, "abc"), &(struct plan){ .spec = { .collect = 3 } }, 1);
}

void per_rest_blocking(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .spec = { .blocking = true, .collect = 3 } }, 2);
}

void per_rest_grows(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .grows = true }, 2);
}

void per_expands(void)
{
    run_well(begin(4, "aabb"), &(struct plan){ .expands = true }, 2);
}

/* ---- time --------------------------------------------------------------------------------------------------------- */

/* Each item is sent when nothing else can happen any more: time alone lets the one before it go. */
void per_within(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .source = source_pong_run, .spec = { .within = 1000 } }, 2);
}

void per_within_idle(void)
{
    run_well(begin(3, "abb"), &(struct plan){ .source = source_idle_run, .spec = { .within = 1000 } }, 1);
}

void per_within_blocking(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .source = source_pong_run, .spec = { .within = 1000, .blocking = true } }, 2);
}

/* ---- room --------------------------------------------------------------------------------------------------------- */

/* The channel is full of items that wait for others of their keys. */
void per_room(void)
{
    run_well(begin(4, "abcd"), &(struct plan){ .cap = 2 }, 2);
}

void per_room_one(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .cap = 1, .source = source_pong_run }, 1);
}

void per_room_blocking(void)
{
    run_well(begin(4, "abca"), &(struct plan){ .cap = 2, .spec = { .blocking = true } }, 2);
}

/* There is memory for one key: what has it goes as it is. */
void per_starve(void)
{
    struct prt_run *const run = begin(4, "abac");

    prt_keys_most_ = 1;
    run_well(run, &(struct plan){ .spec = { .collect = 3 } }, 2);
}

/* ---- beside other options ----------------------------------------------------------------------------------------- */

void per_by(void)
{
    run_well(begin(4, "abab"), &(struct plan){ .keyed = per, .cap = 2 }, 2);
}

void per_bound(void)
{
    run_well(begin(4, "aaab"), &(struct plan){ .keyed = bounded }, 2);
}

void per_ordered(void)
{
    run_well(begin(4, "abba"), &(struct plan){ .spec = { .ordered = true } }, 2);
}

/* Bounds of the stage come after its keys': what was taken stands first of its key, until its body begins. */
void per_named(void)
{
    struct prt_run *const run = begin(5, "aaaaa");
    struct prt_bound *const bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "one", .permits = 1 });
    const struct prt_bound_use use = { .bound = bound };

    run_well(run, &(struct plan){ .keyed = two_each, .cap = 8, .spec = { .collect = 2, .bounds = &use, .nbounds = 1, .within = 1 } }, 2);
}

static void run_tries(const struct prt_keyed_spec *keyed)
{
    struct prt_run *const run = begin(4, "aabb");

    fails = 1;
    run_well(run, &(struct plan){ .keyed = keyed, .spec = { .run = try_run, .retries = 1, .backoff_low = 1000, .backoff_high = 1000,
                                                            .on_fail = PRT_THEN_SKIP } }, 2);
}

void per_tries(void)
{
    run_tries(NULL);
}

void per_tries_bound(void)
{
    run_tries(bounded);
}

void per_tries_by(void)
{
    run_tries(per);
}

/* What failed waits for the end of the other body of its key, and others come meanwhile. */
void per_tries_again(void)
{
    struct prt_run *const run = begin(5, "a");

    fails = 1;
    tried[2] = tried[3] = tried[4] = 1;
    run_well(run, &(struct plan){ .keyed = bounded, .cap = 8, .spec = { .run = try_run, .retries = 1, .backoff_low = 1,
                                                                        .backoff_high = 1, .on_fail = PRT_THEN_SKIP,
                                                                        .collect = 3, .within = 1 } }, 2);
}

/* ---- weighed ------------------------------------------------------------------------------------------------------ */

void per_weighed(void)
{
    run_well(begin(5, "aabba"), &(struct plan){ .keyed = weighed }, 2);
}

void per_weighed_blocking(void)
{
    run_well(begin(4, "aabb"), &(struct plan){ .keyed = weighed, .spec = { .blocking = true } }, 2);
}

/* Time alone makes them complete: the monitor finds that, and weighs nothing. */
void per_weighed_within(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .keyed = weighed, .source = source_pong_run, .spec = { .within = 1000 } }, 2);
}

void per_weighed_within_blocking(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .keyed = weighed, .source = source_pong_run, .spec = { .within = 1000, .blocking = true } }, 2);
}

void per_weighed_room(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .keyed = weighed, .cap = 1, .source = source_pong_run }, 1);
}

void per_weighed_by(void)
{
    run_well(begin(4, "abab"), &(struct plan){ .keyed = weighed_by, .cap = 3, .spec = { .within = 1000 } }, 2);
}

void per_weighed_torn(void)
{
    struct prt_run *const run = begin(5, "aabba");

    pipe_state.fail_at = sched_choose(2);
    SCHED_CHECK(run_plan(run, &(struct plan){ .keyed = sched_choose(2) ? weighed : weighed_by, .spec = { .within = 1000 } }, 2) == 1,
                "the exit status is not 1");
    pipe_check_some();
}

/* ---- ends --------------------------------------------------------------------------------------------------------- */

void per_torn(void)
{
    struct prt_run *const run = begin(5, "aabba");

    pipe_state.fail_at = sched_choose(2);
    SCHED_CHECK(run_plan(run, &(struct plan){ 0 }, 1 + (uint32_t)sched_choose(2)) == 1, "the exit status is not 1");
    pipe_check_some();
}

void per_torn_by(void)
{
    struct prt_run *const run = begin(5, "aabba");

    pipe_state.fail_at = sched_choose(2);
    SCHED_CHECK(run_plan(run, &(struct plan){ .keyed = per }, 2) == 1, "the exit status is not 1");
    pipe_check_some();
}

void per_finish(void)
{
    struct prt_run *const run = begin(5, "aabba");

    SCHED_CHECK(run_plan(run, &(struct plan){ .spec = { .run = finish_run } }, 1 + (uint32_t)sched_choose(2)) == 0, "the exit status is not 0");
    pipe_check_some();
}

void per_finish_ordered(void)
{
    struct prt_run *const run = begin(5, "aabca");

    SCHED_CHECK(run_plan(run, &(struct plan){ .spec = { .run = finish_run, .ordered = true } }, 2) == 0, "the exit status is not 0");
    pipe_check_some();
}

void per_drained(void)
{
    struct prt_run *const run = begin(5, "aabca");

    pipe_state.stop_at = 1;
    SCHED_CHECK(run_plan(run, &(struct plan){ 0 }, 2) == 0, "the exit status is not 0");
    pipe_check_some();
}
