/* Items that are set aside for their keys: each arrives once, in order within its key, whatever sets it aside, lets it go or ends
 * it. */
#include "pipes.h"

#include "channel/turns.h"
#include "pool/run_state.h"
#include "pool/store_news.h"

enum { KEYS = 6 };

static uint64_t keys[PIPE_ITEMS]; /* of each item */
static uint64_t inside[KEYS], last[KEYS];
static int worker_of[KEYS];
static bool by, overtakes, paced; /* each key its worker; no order within a key; several bodies of one */
static unsigned fails;            /* attempts of each item */
static unsigned tried[PIPE_ITEMS];

static struct prt_run *begin(uint64_t items, const char *script)
{
    struct prt_run *const run = pipe_begin(items);

    for (size_t i = 0; i < PIPE_ITEMS; i++) {
        keys[i] = script[i % strlen(script)] - (uint64_t)'a';
        tried[i] = 0;
    }
    for (size_t i = 0; i < KEYS; i++) {
        inside[i] = last[i] = 0;
        worker_of[i] = -1;
    }
    fails = 0;
    prt_keys_most_ = UINT64_MAX;
    return run;
}

static void item_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(keys[((const struct kit_item *)item)->id]);
}

static const struct prt_keyed_spec by_key = { .kind = PRT_BY_KEY, .key = item_key, .name = "key" };
static const struct prt_keyed_spec one_each = { .kind = PRT_BOUND_PER_KEY, .key = item_key, .permits = 1, .name = "key" };
static const struct prt_keyed_spec paced_each = { .kind = PRT_RATE_PER_KEY, .key = item_key, .per_second = 1e5, .burst = 1, .name = "key" };

static void body_begins(const struct kit_item *item, const struct kit_worker *self)
{
    const uint64_t key = keys[item->id];

    SCHED_CHECK(paced || inside[key] == 0, "two bodies of key %llu", (unsigned long long)key);
    SCHED_CHECK(overtakes || last[key] <= item->id, "item %llu after %llu", (unsigned long long)item->id, (unsigned long long)last[key] - 1);
    SCHED_CHECK(!by || worker_of[key] == -1 || worker_of[key] == self->worker, "key %llu on two workers", (unsigned long long)key);
    inside[key]++;
    last[key] = item->id + (fails == 0);
    worker_of[key] = self->worker;
    pipe_state.begun[1][item->id]++;
}

static void body_ends(const struct kit_item *item, struct kit_worker *self)
{
    if (item->id == pipe_state.stop_at)
        prt_stop(&self->base);
    inside[keys[item->id]]--;
}

static void keyed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        body_begins(&item, self);
        prt_emit(&self->out[0], &item, sizeof item);
        if (item.id == pipe_state.fail_at)
            prt_fail(base, "as it was told");
        body_ends(&item, self);
    }
}

/* In the middle of a body others move, take and look. */
static void slow_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        body_begins(&item, self);
        sched_sleep(1000);
        prt_emit(&self->out[0], &item, sizeof item);
        body_ends(&item, self);
    }
}

static void finish_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        body_begins(&item, self);
        prt_emit(&self->out[0], &item, sizeof item);
        if (item.id == 1)
            prt_finish(base);
        body_ends(&item, self);
    }
}

static void try_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_attempt(&self->in[0], &item)) {
        body_begins(&item, self);
        prt_emit(&self->out[0], &item, sizeof item);
        if (tried[item.id]++ < fails)
            prt_fail(base, "as it was told");
        body_ends(&item, self);
        prt_settle(base, &item, NULL);
    }
}

/* Sends items two by two, each pair when both of the one before have arrived. */
static void pairs_run(struct prt_worker *base)
{
    for (uint64_t id = 0; id < pipe_state.items; id += 2) {
        while (pipe_state.norder < id)
            sched_idle();
        for (uint64_t i = id; i < id + 2 && i < pipe_state.items; i++)
            if (!send_to(base, 0, i))
                return;
    }
}

struct plan {
    struct prt_stage_spec spec;
    void (*source)(struct prt_worker *);
    uint64_t cap, room; /* of both channels; 0: 2 */
    bool grows, expands, merges;
};

static int run_plan(struct prt_run *run, const struct plan *plan, const struct prt_keyed_spec *keyed, uint32_t workers)
{
    const enum prt_chan_kind kind = plan->grows ? PRT_GROWING : kit_kind(1, workers);
    struct prt_chan *const a = pipe_chan(run, "a", kind, plan->cap ? plan->cap : 2);
    struct prt_chan *const b = pipe_chan(run, "b", kit_kind(workers, 1), plan->room ? plan->room : 2);
    struct kit_stage stage = { .spec = plan->spec, .in = { a }, .out = { b }, .most = { plan->expands ? 0 : 1 } };

    stage.spec.name = "keyed";
    stage.spec.run = stage.spec.run ? stage.spec.run : keyed_run;
    stage.spec.leaf = !plan->expands;
    stage.spec.workers = workers;
    stage.spec.keyed = keyed;
    stage.spec.nkeyed = 1;
    by = keyed->kind == PRT_BY_KEY;
    paced = keyed->kind == PRT_RATE_PER_KEY;
    overtakes = paced || (stage.spec.retries > 0 && !by);
    pipe_source(run, a, plan->source ? plan->source : source_run);
    kit_add(run, &stage);
    pipe_sink(run, b, 1);
    return prt_run(run);
}

static void run_well(struct prt_run *run, const struct plan *plan, const struct prt_keyed_spec *keyed, uint32_t workers)
{
    SCHED_CHECK(run_plan(run, plan, keyed, workers) == 0, "the exit status is not 0");
    pipe_check_all();
}

/* ---- bounds ------------------------------------------------------------------------------------------------------- */

void keys_bound(void)
{
    run_well(begin(3, "aab"), &(struct plan){ 0 }, &one_each, 2);
}

/* The second needs both units and waits for the first's end; the third needs one, and does not pass it. */
static uint64_t weight(struct prt_worker *worker, const void *item)
{
    (void)worker;
    return 1 + ((const struct kit_item *)item)->id % 2;
}

void keys_weighs(void)
{
    const struct prt_keyed_spec two_each = { .kind = PRT_BOUND_PER_KEY, .key = item_key, .permits = 2, .weight = weight, .name = "key" };

    run_well(begin(3, "a"), &(struct plan){ .spec = { .run = slow_run }, .cap = 4 }, &two_each, 2);
}

/* A body that lasts: the second waits for its end, the third passes. */
void keys_bound_slow(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .spec = { .run = slow_run } }, &one_each, 2);
}

void keys_bound_one(void)
{
    run_well(begin(3, "aba"), &(struct plan){ .cap = 1 }, &one_each, 1);
}

void keys_bound_pairs(void)
{
    run_well(begin(4, "aa"), &(struct plan){ .source = pairs_run }, &one_each, 2);
}

void keys_bound_idle(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .source = source_idle_run }, &one_each, 2);
}

void keys_bound_pong(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .source = source_pong_run }, &one_each, 2);
}

void keys_bound_expands(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .expands = true, .cap = 1 }, &one_each, 2);
}

void keys_bound_grows(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .grows = true }, &one_each, 2);
}

void keys_bound_blocking(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .spec = { .blocking = true } }, &one_each, 2);
}

void keys_bound_blocking_pairs(void)
{
    run_well(begin(4, "aa"), &(struct plan){ .spec = { .blocking = true }, .source = pairs_run }, &one_each, 2);
}

/* Results leave in order: the second slot is not for item 2, which would wait there for item 1. */
void keys_ordered(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .spec = { .run = slow_run, .ordered = true } }, &one_each, 2);
    pipe_check_order();
}

void keys_ordered_paced(void)
{
    run_well(begin(4, "aabc"), &(struct plan){ .spec = { .ordered = true }, .cap = 4 }, &paced_each, 2);
    pipe_check_order();
}

void keys_ordered_expands(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .spec = { .ordered = true }, .expands = true }, &one_each, 2);
    pipe_check_order();
}

/* ---- several at once ---------------------------------------------------------------------------------------------- */

/* The first item tells what bodies cost; the others come when everything sleeps, all at once. */
static void burst_run(struct prt_worker *base)
{
    pipe_state.sent = 1;
    if (!send_to(base, 0, 0))
        return;
    while (pipe_state.norder < 1)
        sched_idle();
    sched_idle();
    for (uint64_t id = 1; id < pipe_state.items; id++) {
        pipe_state.sent = id + 1;
        if (!send_to(base, 0, id))
            return;
    }
}

/* The first body of a batch of several hangs until all have begun but the one that stays in its hand, and the other of its key. */
static void hangs_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool first = base->slot->hidden && !pipe_state.told;

        pipe_state.told = pipe_state.told || first;
        body_begins(&item, self);
        pipe_state.n[0]++;
        while (first && pipe_state.n[0] < pipe_state.items - 2)
            sched_sleep(1000000);
        prt_emit(&self->out[0], &item, sizeof item);
        body_ends(&item, self);
    }
}

void keys_hand(void)
{
    run_well(begin(6, "dabcae"), &(struct plan){ .spec = { .run = hangs_run }, .source = burst_run, .cap = 8 }, &one_each, 2);
}

/* All of one key: they ride, in order, one after the other. */
void keys_ride(void)
{
    run_well(begin(5, "a"), &(struct plan){ .source = burst_run, .cap = 8 }, &one_each, 2);
}

/* The hand of a slot whose first body sleeps has others of its key, which ride. Handed back, they need again what they did not. */
static void naps_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool first = base->slot->hidden && !pipe_state.told;

        pipe_state.told = pipe_state.told || first;
        body_begins(&item, self);
        if (first)
            sched_sleep(10000000);
        prt_emit(&self->out[0], &item, sizeof item);
        body_ends(&item, self);
    }
}

void keys_hand_rides(void)
{
    run_well(begin(7, "daaaaab"), &(struct plan){ .spec = { .run = naps_run }, .source = burst_run, .cap = 8, .room = 8 },
             &one_each, 2);
}

void keys_hand_torn(void)
{
    struct prt_run *const run = begin(5, "abcab");

    pipe_state.fail_at = 1 + sched_choose(3);
    SCHED_CHECK(run_plan(run, &(struct plan){ .source = burst_run, .cap = 8 }, &one_each, 2) == 1, "the exit status is not 1");
    pipe_check_some();
}

void keys_hand_finish(void)
{
    struct prt_run *const run = begin(6, "aabbcc");

    SCHED_CHECK(run_plan(run, &(struct plan){ .spec = { .run = finish_run }, .source = burst_run, .cap = 8 }, &one_each, 2) == 0,
                "the exit status is not 0");
    pipe_check_some();
}

/* ---- rates -------------------------------------------------------------------------------------------------------- */

void keys_rate(void)
{
    run_well(begin(3, "aab"), &(struct plan){ 0 }, &paced_each, 2);
}

void keys_rate_idle(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .source = source_idle_run }, &paced_each, 2);
}

void keys_rate_blocking(void)
{
    run_well(begin(3, "aab"), &(struct plan){ .spec = { .blocking = true } }, &paced_each, 2);
}

/* ---- by ----------------------------------------------------------------------------------------------------------- */

static void run_by(uint64_t items, const char *script, const struct plan *plan, uint32_t workers)
{
    run_well(begin(items, script), plan, &by_key, workers);
}

void keys_by(void)
{
    run_by(4, "abca", &(struct plan){ .cap = 1 }, 2);
}

void keys_by_pairs(void)
{
    run_by(4, "ab", &(struct plan){ .source = pairs_run }, 2);
}

void keys_by_idle(void)
{
    run_by(3, "aab", &(struct plan){ .source = source_idle_run }, 2);
}

void keys_by_pong(void)
{
    run_by(3, "aab", &(struct plan){ .source = source_pong_run }, 2);
}

void keys_by_slow(void)
{
    run_by(3, "aab", &(struct plan){ .spec = { .run = slow_run } }, 2);
}

void keys_by_expands(void)
{
    run_by(3, "aab", &(struct plan){ .expands = true, .cap = 1 }, 2);
}

static void tick(struct prt_worker *base)
{
    (void)base;
}

/* A tick claims all workers that are free, also one that has something to do: it is claimed once. */
void keys_by_ticks(void)
{
    run_by(3, "aab", &(struct plan){ .spec = { .flush = tick, .flush_every = 1000 } }, 2);
}

void keys_by_blocking(void)
{
    run_by(3, "aab", &(struct plan){ .spec = { .blocking = true } }, 2);
}

void keys_by_blocking_idle(void)
{
    run_by(3, "aab", &(struct plan){ .spec = { .blocking = true }, .source = source_idle_run }, 2);
}

/* ---- memory ------------------------------------------------------------------------------------------------------- */

/* There is memory for one key: the second waits until the first is forgotten. */
void keys_starve(void)
{
    struct prt_run *const run = begin(4, "abac");

    prt_keys_most_ = 1;
    run_well(run, &(struct plan){ .cap = 4 }, &one_each, 2);
}

void keys_starve_slow(void)
{
    struct prt_run *const run = begin(3, "aba");

    prt_keys_most_ = 1;
    run_well(run, &(struct plan){ .spec = { .run = slow_run } }, &one_each, 2);
}

/* A rate's is forgotten by time alone. */
void keys_starve_rate(void)
{
    struct prt_run *const run = begin(3, "abc");

    prt_keys_most_ = 1;
    run_well(run, &(struct plan){ 0 }, &paced_each, 2);
}

void keys_starve_idle(void)
{
    struct prt_run *const run = begin(3, "aba");

    prt_keys_most_ = 1;
    run_well(run, &(struct plan){ .source = source_idle_run, .spec = { .blocking = true } }, &one_each, 2);
}

/* There was no memory for an item, and is some again, while the stage has run as far ahead as it may: the second item of the key is
 * set aside and has the last turn, a slot is free, and the third lies in the channel. Nothing can be moved then, whatever memory
 * there is, so nobody looks for ever: it is not a level. */
static void fed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct prt_store *const store = base->stage->store;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        body_begins(&item, self);
        while (item.id == 0 && (prt_turns_credit_(store->turns) > 0 || prt_load(&store->moving)))
            sched_sleep(1000);
        if (item.id == 0) {
            prt_store(&store->starved, PRT_STARVED_NO_MORE);
            prt_store_published_(base->stage);
            while (prt_load(&store->starved) != PRT_STARVED_NOT)
                sched_sleep(1000);
        }
        prt_emit(&self->out[0], &item, sizeof item);
        body_ends(&item, self);
    }
}

void keys_starve_credit(void)
{
    run_well(begin(3, "a"), &(struct plan){ .spec = { .run = fed_run, .ordered = true, .ahead = 2 }, .grows = true, .cap = 4 }, &one_each, 2);
    pipe_check_order();
}

/* Different keys of one bucket, in whatever order the table finds them. */
static uint64_t colliding[KEYS];

static void colliding_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(colliding[keys[((const struct kit_item *)item)->id]]);
}

/* So many low bits that a table of a harness's size never tells them apart. */
static void collide(uint64_t seed)
{
    const uint64_t bits = 255;
    uint64_t key = 0;

    for (size_t i = 0; i < KEYS; key++)
        if ((prt_key_mix_(prt_key_of_unsigned(key), seed) & bits) == 7)
            colliding[i++] = key;
}

void keys_collide(void)
{
    struct prt_keyed_spec keyed = one_each;
    struct prt_run *const run = begin(4, "abab");

    collide(run->key_seed[0] + 1); /* of stage 1's store */
    keyed.key = colliding_key;
    run_well(run, &(struct plan){ .cap = 4 }, &keyed, 2);
}

/* ---- attempts, ends ----------------------------------------------------------------------------------------------- */

/* The first item is tried twice; of a bound, what waits there may overtake it meanwhile. */
static void run_tries(const struct prt_keyed_spec *keyed, bool blocking)
{
    struct prt_run *const run = begin(3, "aab");

    fails = 1;
    tried[1] = tried[2] = 1;
    run_well(run, &(struct plan){ .spec = { .run = try_run, .retries = 1, .backoff_low = 1000, .backoff_high = 1000,
                                            .on_fail = PRT_THEN_SKIP, .blocking = blocking } }, keyed, 2);
}

void keys_tries_by(void)
{
    run_tries(&by_key, false);
}

void keys_tries_bound(void)
{
    run_tries(&one_each, false);
}

void keys_tries_rate(void)
{
    run_tries(&paced_each, false);
}

void keys_tries_blocking(void)
{
    run_tries(&one_each, true);
}

/* Torn down by a body that fails, while others are set aside: the ledger adds up, or the run says so. */
static void torn(const struct prt_keyed_spec *keyed, const struct plan *plan)
{
    struct prt_run *const run = begin(4, "aaba");

    pipe_state.fail_at = sched_choose(2);
    SCHED_CHECK(run_plan(run, plan, keyed, 2) == 1, "the exit status is not 1");
    pipe_check_some();
}

void keys_torn(void)
{
    torn(&one_each, &(struct plan){ .cap = 4 });
}

void keys_torn_by(void)
{
    torn(&by_key, &(struct plan){ .cap = 4 });
}

void keys_torn_rate(void)
{
    torn(&paced_each, &(struct plan){ .cap = 4 });
}

void keys_torn_blocking(void)
{
    torn(&one_each, &(struct plan){ .cap = 4, .spec = { .blocking = true } });
}

static void finished(const struct prt_keyed_spec *keyed, bool ordered)
{
    struct prt_run *const run = begin(4, "aaba");

    SCHED_CHECK(run_plan(run, &(struct plan){ .cap = 4, .spec = { .run = finish_run, .ordered = ordered } }, keyed, 2) == 0,
                "the exit status is not 0");
    pipe_check_some();
    SCHED_CHECK(pipe_state.begun[0][1] == 1, "the item that finished it was lost");
}

void keys_finish(void)
{
    finished(&one_each, false);
}

void keys_finish_by(void)
{
    finished(&by_key, false);
}

void keys_finish_ordered(void)
{
    finished(&one_each, true);
}

void keys_drained(void)
{
    struct prt_run *const run = begin(4, "aaba");

    pipe_state.stop_at = 1;
    SCHED_CHECK(run_plan(run, &(struct plan){ .cap = 4 }, &one_each, 2) == 0, "the exit status is not 0");
    pipe_check_some();
}
