/* Items that are told apart by a key, with a clock that jumps: when each begins for its key, in which order keys are served, how
 * many are remembered. */
#include "../torture/stage_kit.h"

#include <limit/key_limits.h>
#include <platform/virtual.h>
#include <pool/run_state.h>
#include <pool/store_blocks.h>
#include <pool/store_news.h>
#include <pool/store_nodes.h>

#include "unit.h"
#include "virtual_machine.h"

#define SECOND ((uint64_t)1000000000)
#define MS ((uint64_t)1000000)

enum { MOST = 100000, MOST_KEYS = 10000 };

/* ck_assert writes a line for each assertion, also for one that holds: too slow for every item. */
#define EACH(condition, ...)               \
    do {                                   \
        if (!(condition))                  \
            ck_abort_msg(__VA_ARGS__);     \
    } while (0)

/* An item's `id` is its number, `sender` its key, `seq` what it weighs. */
static struct pipe {
    uint64_t items;
    uint32_t keys;
    const uint32_t *script;   /* the key of each item; NULL: in turn */
    const uint32_t *weights;  /* NULL: 1 each */
    uint64_t gap_at, gap;     /* before that item the source waits so long */
    uint64_t gap_each;        /* before each, */
    uint64_t burst;           /* or each so many */
    uint64_t sleep;           /* a body's, ns */
    uint64_t sleeps_of;       /* only those of this key, plus 1; 0: of all */
    unsigned fails;           /* attempts of each item */
    uint64_t wary, quick, quick_again; /* bodies that began while slow ones were expected; that others would not miss; long after */
    _Atomic int lock;
    uint64_t n;
    struct begun {
        uint64_t id, at;
        uint32_t key;
        int worker;
    } begun[MOST];
    unsigned tried[MOST];
    uint64_t sent[MOST];      /* when */
    int64_t inside[MOST_KEYS], most_inside[MOST_KEYS], inside_all, most_inside_all;
    uint64_t most_remembered, remembered; /* of the first key, when the last body began */
    uint64_t blocks, all_blocks; /* in use at most, as far as bodies saw; that there are */
} pipe_;

static void begin(uint64_t items, uint32_t keys)
{
    memset(&pipe_, 0, sizeof pipe_);
    pipe_.items = items;
    pipe_.keys = keys;
    machine_cpus = 2;
}

static void sender_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(((const struct kit_item *)item)->sender);
}

static void parity_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(((const struct kit_item *)item)->sender % 2);
}

static uint64_t seq_weight(struct prt_worker *worker, const void *item)
{
    (void)worker;
    return ((const struct kit_item *)item)->seq;
}

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        const struct kit_item item = { .id = id,
                                       .sender = pipe_.script ? pipe_.script[id] : (uint32_t)(id % pipe_.keys),
                                       .seq = pipe_.weights ? pipe_.weights[id] : 1 };

        if (pipe_.gap && id == pipe_.gap_at)
            prt_virtual_sleep(pipe_.gap);
        if (pipe_.gap_each && (!pipe_.burst || id % pipe_.burst == 0))
            prt_virtual_sleep(pipe_.gap_each);
        pipe_.sent[id] = prt_virtual_now();
        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void lock(void)
{
    while (atomic_exchange(&pipe_.lock, 1))
        ;
}

static void enter(const struct kit_item *item, struct kit_worker *self)
{
    lock();
    if (pipe_.n < MOST)
        pipe_.begun[pipe_.n++] = (struct begun){ item->id, prt_virtual_now(), item->sender, self->worker };
    if (++pipe_.inside[item->sender] > pipe_.most_inside[item->sender])
        pipe_.most_inside[item->sender] = pipe_.inside[item->sender];
    if (++pipe_.inside_all > pipe_.most_inside_all)
        pipe_.most_inside_all = pipe_.inside_all;
    if (self->base.stage->store->nkeys > 0) {
        pipe_.remembered = self->base.stage->store->keys[0].n;
        pipe_.most_remembered = self->base.stage->store->keys[0].most_n;
    } else {
        pipe_.blocks = self->base.stage->store->nmade;
        pipe_.all_blocks = self->base.stage->store->nnodes;
    }
    atomic_store(&pipe_.lock, 0);
}

static void leave(const struct kit_item *item)
{
    lock();
    pipe_.inside[item->sender]--;
    pipe_.inside_all--;
    atomic_store(&pipe_.lock, 0);
}

static void body(const struct kit_item *item, struct kit_worker *self)
{
    enter(item, self);
    if (pipe_.sleep && (!pipe_.sleeps_of || pipe_.sleeps_of == item->sender + 1))
        prt_virtual_sleep(pipe_.sleep);
    leave(item);
}

static void keyed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item))
        body(&item, self);
}

static void try_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_attempt(&self->in[0], &item)) {
        body(&item, self);
        if (++pipe_.tried[item.id] <= pipe_.fails)
            prt_fail(base, "attempt %u", pipe_.tried[item.id]);
        prt_settle(base, &item, NULL);
    }
}

/* A source and the stage; capacity for all. Returns the virtual ns that it took. */
static uint64_t run_stage(struct prt_stage_spec spec, uint64_t cap)
{
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, spec.workers), cap);
    const uint64_t from = prt_virtual_now();

    spec.name = "keyed";
    spec.run = spec.run ? spec.run : keyed_run;
    spec.leaf = true;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = spec, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    return prt_virtual_now() - from;
}

static uint64_t run_keyed(const struct prt_keyed_spec *keyed, size_t n, uint32_t workers, uint64_t cap)
{
    return run_stage((struct prt_stage_spec){ .keyed = keyed, .nkeyed = n, .workers = workers }, cap);
}

static struct prt_keyed_spec rate_per(double per_second, uint64_t burst)
{
    return (struct prt_keyed_spec){ .kind = PRT_RATE_PER_KEY, .key = sender_key, .per_second = per_second, .burst = burst, .name = "key" };
}

static struct prt_keyed_spec bound_per(uint64_t permits)
{
    return (struct prt_keyed_spec){ .kind = PRT_BOUND_PER_KEY, .key = sender_key, .permits = permits, .name = "key" };
}

/* ---- rates -------------------------------------------------------------------------------------------------------- */

static const struct {
    double per_second;
    uint64_t burst;
    uint32_t keys, each, workers;
} paces[] = {
    { 10, 1, 1, 200, 1 },   { 10, 1, 10000, 5, 4 }, { 3, 4, 100, 50, 2 },     { 1.0 / 60, 1, 1000, 5, 3 },
    { 7, 3, 10000, 8, 4 },  { 1000, 1, 50, 500, 4 }, { 100000, 10, 10, 2000, 2 },
};

/* For threads that poll the clock moves by 5 us now and then, so thousands that come due at once are late; that adds up to
 * nothing. */
#define NEAR (ns / 5 > 200000 ? ns / 5 : 200000)

/* Of each key: item i begins when its permit is due, counted from the item that was sent first of those that it can make up
 * for, or when it was sent; so no window has more than rate x window + burst, and the average is exact. Items of one burst
 * begin at one time on several workers, each of which writes down its own when it comes to it: of each of the other workers those
 * in its hand, which were taken before, may be missing, as many as a burst has. */
START_TEST(paced_each)
{
    static uint64_t times[MOST_KEYS][2001];
    static uint32_t n[MOST_KEYS], after[MOST_KEYS];
    static bool seen[MOST];
    const double ns = 1e9 / paces[_i].per_second;
    const uint64_t burst = paces[_i].burst;
    const uint32_t each = KIT_SANITIZED && paces[_i].each > 50 ? 50 : paces[_i].each;
    const uint64_t missing = burst > 1 ? burst * (paces[_i].workers - 1) : 0;
    const struct prt_keyed_spec keyed = rate_per(paces[_i].per_second, burst);

    begin((uint64_t)paces[_i].keys * each, paces[_i].keys);
    memset(n, 0, sizeof n);
    memset(after, 0, sizeof after);
    memset(seen, 0, sizeof seen);
    run_keyed(&keyed, 1, paces[_i].workers, pipe_.items);
    ck_assert_uint_eq(pipe_.n, pipe_.items);
    for (uint64_t i = 0; i < pipe_.n; i++) {
        const struct begun *begun = &pipe_.begun[i];

        if (begun->id / pipe_.keys + 1 > after[begun->key])
            after[begun->key] = (uint32_t)(begun->id / pipe_.keys + 1);
        EACH(!seen[begun->id] && after[begun->key] <= n[begun->key] + 1 + missing, "item %ju out of order", (uintmax_t)begun->id);
        seen[begun->id] = true;
        times[begun->key][n[begun->key]++] = begun->at;
    }
    for (uint32_t key = 0; key < pipe_.keys; key++) {
        const uint64_t sent = pipe_.sent[key]; /* its first item */

        for (uint32_t i = 0; i < each; i++) {
            const double due = i < burst ? 0 : (double)(i + 1 - burst) * ns;
            const double came = (double)(pipe_.sent[key + (uint64_t)i * pipe_.keys] - sent);
            const double at = (double)(times[key][i] - sent);

            EACH(at >= due - 1.5, "key %u: item %u at %g ns, not %g", key, i, at, due);
            EACH(at <= (came > due ? came : due) + NEAR, "key %u: item %u at %g ns, not %g", key, i, at, due);
            EACH(i < burst || times[key][i] - times[key][i - burst] + NEAR >= ns, "key %u: burst exceeded at %u", key, i);
        }
    }
}
END_TEST

/* What nobody wanted gathers up to the burst, and no further. */
START_TEST(gathers)
{
    const struct prt_keyed_spec keyed = rate_per(10, 3);

    begin(10, 1);
    pipe_.gap_at = 4;
    pipe_.gap = 10 * SECOND;
    run_keyed(&keyed, 1, 1, 16);
    for (uint64_t i = 0; i < 10; i++) {
        static const uint64_t due[] = { 0, 0, 0, 1, 0, 0, 0, 1, 2, 3 };
        const uint64_t from = pipe_.begun[i < 4 ? 0 : 4].at;

        ck_assert_uint_eq(pipe_.begun[i].at - from, due[i] * 100 * MS);
    }
    ck_assert_uint_ge(pipe_.begun[4].at - pipe_.begun[0].at, 10 * SECOND);
}
END_TEST

/* --rate keyed=20/s: a stage's own rate, for each key. */
START_TEST(overridden)
{
    const struct prt_override override = { .name = "keyed", .is_rate = true, .per_second = 20 };
    const struct prt_settings settings = { .overrides = &override, .noverrides = 1 };
    const struct prt_keyed_spec keyed = rate_per(5, 1);
    struct prt_run *const run = prt_run_new(&(struct prt_run_spec){ .name = "kit", .pipe = &pipe_, .settings = &settings });
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_ONE, 16);

    begin(10, 1);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "keyed", .run = keyed_run, .leaf = true, .keyed = &keyed, .nkeyed = 1 },
                                      .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    for (uint64_t i = 0; i < 10; i++)
        ck_assert_uint_eq(pipe_.begun[i].at - pipe_.begun[0].at, i * 50 * MS);
}
END_TEST

/* What costs more than the burst begins when that has gathered, and the next waits for the rest. */
START_TEST(costs)
{
    static const uint32_t weights[] = { 1, 5, 1, 0, 2 };
    struct prt_keyed_spec keyed = rate_per(10, 2);

    begin(5, 1);
    keyed.weight = seq_weight;
    pipe_.weights = weights;
    run_keyed(&keyed, 1, 1, 16);
    for (uint64_t i = 0; i < 5; i++) {
        /* One of two is taken at 0; two are there at 1; five taken leave three owed: the next at 5; the last two at 7. */
        static const uint64_t due[] = { 0, 1, 5, 5, 7 };

        ck_assert_uint_eq(pipe_.begun[i].at - pipe_.begun[0].at, due[i] * 100 * MS);
    }
}
END_TEST

/* Bodies that keep the only worker: what comes due meanwhile is lost beyond the burst, as with a rate of the stage. */
START_TEST(busy)
{
    const struct prt_keyed_spec keyed = rate_per(10, 1);

    begin(20, 1);
    pipe_.sleep = 250 * MS;
    run_keyed(&keyed, 1, 1, 32);
    for (uint64_t i = 1; i < 20; i++)
        EACH(pipe_.begun[i].at - pipe_.begun[i - 1].at >= 100 * MS, "%ju: %ju", (uintmax_t)i,
             (uintmax_t)(pipe_.begun[i].at - pipe_.begun[i - 1].at));
}
END_TEST

/* The same beside another key's: a key whose item had to wait for a slot does not make up for it. */
START_TEST(busy_with_others)
{
    static const uint32_t script[] = { 1, 0, 1, 1, 1, 1 };
    const struct prt_keyed_spec keyed = rate_per(10, 1);
    uint64_t last = 0;

    begin(6, 2);
    pipe_.script = script;
    pipe_.sleep = 450 * MS;
    pipe_.sleeps_of = 0 + 1;
    run_keyed(&keyed, 1, 1, 32);
    for (uint64_t i = 0; i < pipe_.n; i++) {
        if (pipe_.begun[i].key != 1)
            continue;
        EACH(last == 0 || pipe_.begun[i].at - last >= 100 * MS, "%ju: %ju", (uintmax_t)i, (uintmax_t)(pipe_.begun[i].at - last));
        last = pipe_.begun[i].at;
    }
}
END_TEST

/* A bound of the stage comes after: whoever waits for that takes from its key when it begins. Key 1's only body keeps the second
 * item of key 0 waiting beyond its time; the third comes a period after that one's beginning. */
START_TEST(polite_behind_a_bound)
{
    static const uint32_t script[] = { 0, 1, 0, 0, 0, 0 };
    const struct prt_keyed_spec keyed = rate_per(10, 1);
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", PRT_ONE_TO_MANY, 64);
    const struct prt_bound_use use = {
        .bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "named", .permits = 1 })
    };
    uint64_t last = 0;

    begin(6, 2);
    pipe_.script = script;
    pipe_.sleep = 140 * MS;
    pipe_.sleeps_of = 1 + 1;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = { .name = "keyed", .run = keyed_run, .leaf = true, .workers = 3, .keyed = &keyed,
                                                .nkeyed = 1, .bounds = &use, .nbounds = 1 }, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    ck_assert_int_eq(pipe_.most_inside_all, 1);
    for (uint64_t i = 0; i < 6; i++) {
        if (pipe_.begun[i].key == 1)
            continue;
        EACH(last == 0 || pipe_.begun[i].at - last >= 100 * MS, "%ju: %ju", (uintmax_t)i, (uintmax_t)(pipe_.begun[i].at - last));
        last = pipe_.begun[i].at;
    }
}
END_TEST

/* ---- order -------------------------------------------------------------------------------------------------------- */

/* A key that is blocked holds up no other: one slow body of it, and all others are done meanwhile. */
START_TEST(others_pass)
{
    const struct prt_keyed_spec keyed = bound_per(1);

    begin(300, 100);
    pipe_.sleep = SECOND;
    pipe_.sleeps_of = 0 + 1;
    run_keyed(&keyed, 1, 2, 512);
    for (uint64_t i = 0; i < 300; i++)
        if (pipe_.begun[i].key != 0)
            EACH(pipe_.begun[i].at - pipe_.begun[0].at < SECOND, "item %ju waited", (uintmax_t)pipe_.begun[i].id);
}
END_TEST

/* Keys are served in turn, however many items each has: a key with one waits for one of each of the others, not for all. */
START_TEST(in_turn)
{
    static uint32_t script[103];
    const struct prt_keyed_spec keyed = bound_per(1);
    uint64_t place[4] = { 0 };

    for (size_t i = 0; i < 100; i++)
        script[i] = i % 2 ? 1 : 0; /* fifty of each of two keys, */
    script[100] = 2;               /* then one of each of three others */
    script[101] = 3;
    script[102] = 3;
    begin(103, 4);
    pipe_.script = script;
    pipe_.sleep = MS;
    run_keyed(&keyed, 1, 1, 128);
    for (uint64_t i = 103; i-- > 0;)
        place[pipe_.begun[i].key] = i;
    ck_assert_uint_le(place[2], 70); /* moved in with the second run of 64, and then served in turn */
    ck_assert_uint_le(place[3], 72);
}
END_TEST

/* The one that was able first: with a worker for each, by the order in which they came. */
START_TEST(first_come)
{
    const struct prt_keyed_spec keyed = bound_per(1);

    begin(50, 50);
    machine_cpus = 1;
    run_keyed(&keyed, 1, 1, 64);
    for (uint64_t i = 0; i < 50; i++)
        ck_assert_uint_eq(pipe_.begun[i].id, i);
}
END_TEST

/* Weights of a bound: what is heavier than all of it runs alone. */
START_TEST(weighs)
{
    static uint32_t weights[200];
    struct prt_keyed_spec keyed = bound_per(4);
    uint64_t took;

    for (size_t i = 0; i < 200; i++)
        weights[i] = i % 7 == 0 ? 9 : (uint32_t)(i % 3) + 1;
    begin(200, 1);
    keyed.weight = seq_weight;
    pipe_.weights = weights;
    pipe_.sleep = 10 * MS;
    took = run_keyed(&keyed, 1, 8, 256);
    ck_assert_int_le(pipe_.most_inside[0], 4);
    ck_assert_int_ge(pipe_.most_inside[0], 2);
    ck_assert_uint_lt(took, 200 * 10 * MS);
}
END_TEST

/* Two keys of one item: it waits for both, and nobody in a circle. */
START_TEST(two_keys)
{
    struct prt_keyed_spec keyed[] = { bound_per(1), bound_per(1) };

    begin(400, 10);
    keyed[1].key = parity_key;
    keyed[1].permits = 2;
    pipe_.sleep = MS;
    run_keyed(keyed, 2, 6, 512);
    ck_assert_uint_eq(pipe_.n, 400);
    for (uint32_t key = 0; key < 10; key++)
        ck_assert_int_eq(pipe_.most_inside[key], 1);
    ck_assert_int_eq(pipe_.most_inside_all, 4);
}
END_TEST

/* `by`: a key's items in order, on one worker; several workers at once. */
START_TEST(by_worker)
{
    const struct prt_keyed_spec keyed = { .kind = PRT_BY_KEY, .key = sender_key, .name = "key" };
    int worker[100];
    uint64_t last[100] = { 0 };

    memset(worker, -1, sizeof worker);
    begin(1000, 100);
    pipe_.sleep = MS;
    run_keyed(&keyed, 1, 4, 64);
    ck_assert_uint_eq(pipe_.n, 1000);
    ck_assert_int_eq(pipe_.most_inside_all, 4);
    for (uint64_t i = 0; i < 1000; i++) {
        const uint32_t key = pipe_.begun[i].key;

        EACH(worker[key] == -1 || worker[key] == pipe_.begun[i].worker, "key %u on two workers", key);
        EACH(last[key] == 0 || last[key] < pipe_.begun[i].id + 1, "key %u: %ju late", key, (uintmax_t)pipe_.begun[i].id);
        worker[key] = pipe_.begun[i].worker;
        last[key] = pipe_.begun[i].id + 1;
    }
}
END_TEST

/* ---- bodies that are slow now and then ------------------------------------------------------------------------------ */

/* Of cheap bodies those of one key sleep. Once that was seen, nothing lies in a hand behind such a body, and no thread that is in one
 * is taken to be back soon: so what comes meanwhile is looked for by others, and waits for no tick. Long after it is forgotten. */
static void sleeper_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    const struct prt_slot *slot = base->slot;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        const bool is_quick = slot->takes[0].n > 1 || prt_load(&slot->thread->quick) > PRT_QUICK_OVER;

        lock();
        pipe_.wary += item.id < pipe_.gap_at && prt_load(&base->stage->wary_until) != 0;
        pipe_.quick += item.id > 300 && item.id < pipe_.gap_at && is_quick;
        pipe_.quick_again += item.id > pipe_.gap_at && is_quick;
        pipe_.n++;
        atomic_store(&pipe_.lock, 0);
        if (item.sender == 0)
            prt_virtual_sleep(5 * MS);
    }
}

START_TEST(one_sleeps)
{
    static const struct {
        struct prt_keyed_spec keyed;
        uint32_t workers;
    } ways[] = { { { .kind = PRT_BOUND_PER_KEY, .key = sender_key, .permits = 1, .name = "key" }, 4 },
                 { { .kind = PRT_BY_KEY, .key = sender_key, .name = "key" }, 1000 } };
    static uint32_t script[4000];

    for (uint32_t i = 0; i < 4000; i++)
        script[i] = i < 3000 && i % 250 == 200 ? 0 : 1 + i % 97;
    begin(4000, 100);
    pipe_.script = script;
    pipe_.gap_each = MS;
    pipe_.burst = 20;
    pipe_.gap_at = 3001;
    pipe_.gap = 10 * SECOND;
    run_stage((struct prt_stage_spec){ .run = sleeper_run, .keyed = &ways[_i].keyed, .nkeyed = 1, .workers = ways[_i].workers }, 64);
    ck_assert_uint_eq(pipe_.n, 4000);
    ck_assert_uint_gt(pipe_.wary, 2000);
    ck_assert_uint_eq(pipe_.quick, 0);
    ck_assert_uint_gt(pipe_.quick_again, 0);
}
END_TEST

/* ---- what is remembered -------------------------------------------------------------------------------------------- */

/* Of keys that come one after the other, each once, about as many as begin within burst / R. */
START_TEST(forgets)
{
    const struct prt_keyed_spec keyed = rate_per(10, 2);

    begin(10000, 10000);
    pipe_.gap_each = MS;
    run_keyed(&keyed, 1, 2, 64);
    ck_assert_uint_ge(pipe_.most_remembered, 90); /* a permit comes back in 100 ms, in which 100 keys come */
    ck_assert_uint_le(pipe_.most_remembered, 250);
}
END_TEST

/* Of a bound, those with items here. */
START_TEST(forgets_bound)
{
    const struct prt_keyed_spec keyed = bound_per(1);

    begin(10000, 10000);
    run_keyed(&keyed, 1, 2, 64);
    ck_assert_uint_le(pipe_.most_remembered, 66);
}
END_TEST

/* ---- attempts ----------------------------------------------------------------------------------------------------- */

/* Who waits for its next attempt holds nothing of its key; then it comes before what waits there. */
START_TEST(tries_again)
{
    static const uint32_t script[] = { 0, 0, 0 };
    const struct prt_keyed_spec keyed = bound_per(1);

    begin(3, 1);
    pipe_.script = script;
    pipe_.fails = 1;
    pipe_.sleep = 100 * MS;
    run_stage((struct prt_stage_spec){ .keyed = &keyed, .nkeyed = 1, .workers = 2, .run = try_run, .retries = 1,
                                       .on_fail = PRT_THEN_SKIP, .backoff_low = 50 * MS, .backoff_high = 50 * MS }, 8);
    ck_assert_uint_eq(pipe_.n, 6);
    ck_assert_int_eq(pipe_.most_inside[0], 1);
    ck_assert_uint_eq(pipe_.begun[0].id, 0);
    ck_assert_uint_eq(pipe_.begun[1].id, 1); /* while 0 waits */
    ck_assert_uint_eq(pipe_.begun[2].id, 0); /* before 2 */
    ck_assert_uint_eq(pipe_.begun[3].id, 1);
    ck_assert_uint_eq(pipe_.begun[5].id, 2);
}
END_TEST

static void tries_all(const struct prt_keyed_spec *keyed, size_t n, uint32_t workers)
{
    begin(300, 10);
    pipe_.fails = 2;
    pipe_.sleep = MS;
    run_stage((struct prt_stage_spec){ .keyed = keyed, .nkeyed = n, .workers = workers, .run = try_run, .retries = 2,
                                       .on_fail = PRT_THEN_SKIP, .backoff_low = 3 * MS, .backoff_high = 20 * MS }, 64);
    ck_assert_uint_eq(pipe_.n, 900);
}

START_TEST(tries_many)
{
    struct prt_keyed_spec keyed[] = { bound_per(1), rate_per(100, 1), bound_per(3),
                                      { .kind = PRT_BY_KEY, .key = sender_key, .name = "key" } };

    keyed[2].key = parity_key;
    tries_all(keyed, 1 + (size_t)_i, 4);
    for (uint32_t key = 0; key < 10; key++)
        ck_assert_int_eq(pipe_.most_inside[key], 1);
}
END_TEST

/* Two items of a key are taken for one hand, the second when the key's permits have gathered since the first, and both are handed
 * back: the key has all that it may have, and no more. */
START_TEST(handed_back)
{
    struct prt_key_limit limit = { .is_rate = true, .per_second = 1000, .most = 2 };
    struct prt_keys keys = { .limits = &limit, .nlimits = 1, .seed = 1 };
    const uint64_t weights[] = { 1 }, later = 10 * SECOND;
    struct prt_entry *entry;

    ck_assert(prt_keys_make_(&keys));
    entry = prt_keys_use_(&keys, prt_key_of_unsigned(7), SECOND);
    prt_keys_take_(&keys, entry, weights, SECOND, false);
    prt_keys_take_(&keys, entry, weights, later, false);
    prt_keys_take_back_(&keys, entry, weights, later, false);
    prt_keys_take_back_(&keys, entry, weights, SECOND, false);
    ck_assert_uint_eq(prt_keys_able_at_(&keys, entry, weights, later), later);
    for (int i = 0; i < 2; i++)
        prt_keys_take_(&keys, entry, weights, later, false);
    ck_assert_uint_eq(prt_keys_able_at_(&keys, entry, weights, later), later + MS);
    prt_keys_free_(&keys);
}
END_TEST

/* The same, but another slot has the second, and keeps it: what was taken before the permits had gathered is not theirs to give. */
START_TEST(handed_back_behind)
{
    struct prt_key_limit limit = { .is_rate = true, .per_second = 1000, .most = 2 };
    struct prt_keys keys = { .limits = &limit, .nlimits = 1, .seed = 1 };
    const uint64_t weights[] = { 1 }, later = 10 * SECOND;
    struct prt_entry *entry;

    ck_assert(prt_keys_make_(&keys));
    entry = prt_keys_use_(&keys, prt_key_of_unsigned(7), SECOND);
    prt_keys_take_(&keys, entry, weights, SECOND, false);
    prt_keys_take_(&keys, entry, weights, later, false);
    prt_keys_take_back_(&keys, entry, weights, SECOND, false);
    ck_assert_uint_eq(prt_keys_able_at_(&keys, entry, weights, later), later);
    prt_keys_take_(&keys, entry, weights, later, false);
    ck_assert_uint_eq(prt_keys_able_at_(&keys, entry, weights, later), later + MS);
    prt_keys_free_(&keys);
}
END_TEST

/* A slot to which several things have come is woken once: by who tells the first of them. */
START_TEST(woken_once)
{
    static struct prt_slot slots[2];
    struct prt_news news = PRT_NO_NEWS, others = PRT_NO_NEWS;

    prt_store_wake_(&slots[0], &news);
    prt_store_wake_(&slots[1], &news);
    prt_store_wake_(&slots[1], &news);
    prt_store_wake_(&slots[0], &others);
    ck_assert_ptr_eq(news.woken, &slots[1]);
    ck_assert_ptr_eq(slots[1].next_woken, &slots[0]);
    ck_assert_ptr_null(slots[0].next_woken);
    ck_assert_ptr_null(others.woken);
}
END_TEST

/* ---- blocks ------------------------------------------------------------------------------------------------------- */

/* However many items lie in blocks that are partly empty, two of each worker, there is room for all, and not for many more. */
START_TEST(blocks_room)
{
    static const uint32_t workers[] = { 1, 2, 3, 4, 7, 16, 64, 1024, 10000 };

    for (size_t w = 0; w < sizeof workers / sizeof *workers; w++)
        for (uint64_t n = workers[w] + 1; n < 200000; n += n / 9 + 1) {
            struct prt_chan chan = { .item_size = 8 };
            struct prt_chan *chans[] = { &chan };
            struct prt_in_spec in = { .chans = chans, .nchans = 1 };
            struct prt_stage stage = { .ins = &in, .nslots = workers[w] };
            struct prt_store store = { .stage = &stage, .nlines = 1 };
            const uint64_t room = store.room = prt_blocks_room_(&store, n), blocks = prt_blocks_count_(&store, n);
            const uint64_t partly = n < 2 * workers[w] ? n : 2 * workers[w]; /* blocks of one item */

            EACH(blocks >= partly + (room > 1 ? (n - partly) / room : n - partly), "%ju items, %u workers: %ju blocks of %ju",
                 (uintmax_t)n, workers[w], (uintmax_t)blocks, (uintmax_t)room);
            EACH(2 * blocks * room <= 3 * n, "%ju items, %u workers: %ju blocks of %ju", (uintmax_t)n, workers[w],
                 (uintmax_t)blocks, (uintmax_t)room);
        }
}
END_TEST

/* A channel grows: there are as many blocks as may be the first of their workers, and what items fill. Where memory fails behind what
 * was moved in the same section, nothing more is moved. */
START_TEST(blocks_reserved)
{
    const struct prt_keyed_spec keyed = { .kind = PRT_BY_KEY, .key = sender_key, .name = "key" };
    struct prt_chan chan = { .item_size = 8 };
    struct prt_chan *chans[] = { &chan };
    struct prt_in_spec in = { .chans = chans, .nchans = 1 };
    struct prt_slot slot = { .index = 0 };
    struct prt_stage stage = { .ins = &in, .slots = &slot, .nslots = 8 };
    struct prt_store store = { .stage = &stage, .by = &keyed, .nlines = 1, .room = 32, .grows = true, .node_size = 64,
                               .total = 16, .most_moved = 256, .nback = 9 };

    prt_blocks_move_(&store, 0, 64);
    ck_assert_uint_eq(store.nnodes, 16); /* ten are wanted */
    prt_store_nodes_free_(&store);
    store.total = SIZE_MAX / 4;
    store.nnodes = 0;
    store.nback = 10;
    store.nmoved = 64;
    chan.tail = 100;
    ck_assert_uint_eq(prt_blocks_move_(&store, 0, 64), 0);
}
END_TEST

/* Workers that are at times quick and at times slow leave blocks partly empty: none is taken that is not there. */
START_TEST(blocks_fill)
{
    static const struct {
        uint32_t workers;
        uint64_t cap;
    } shapes[] = { { 1, 8 }, { 2, 20 }, { 4, 64 }, { 3, 1000 }, { 16, 300 }, { 40, 40 } };
    const struct prt_keyed_spec keyed = { .kind = PRT_BY_KEY, .key = sender_key, .name = "key" };
    static uint32_t script[40000];
    static uint64_t last[MOST_KEYS];
    uint64_t drawn = 88172645463325252u + (uint64_t)_i;

    for (size_t i = 0; i < sizeof script / sizeof *script; i++) {
        drawn ^= drawn << 13;
        drawn ^= drawn >> 7;
        drawn ^= drawn << 17;
        script[i] = (uint32_t)(drawn % (i / 1000 % 2 ? 3 : 200)); /* a few keys fill the channel, then all have some */
    }
    begin(sizeof script / sizeof *script, 200);
    pipe_.script = script;
    pipe_.sleep = MS;
    pipe_.sleeps_of = 1 + 1;
    run_keyed(&keyed, 1, shapes[_i].workers, shapes[_i].cap);
    ck_assert_uint_eq(pipe_.n, pipe_.items);
    ck_assert_uint_le(pipe_.blocks, pipe_.all_blocks);
    memset(last, 0, sizeof last);
    for (uint64_t i = 0; i < pipe_.n; i++) {
        EACH(pipe_.begun[i].id >= last[pipe_.begun[i].key], "item %ju out of order", (uintmax_t)pipe_.begun[i].id);
        last[pipe_.begun[i].key] = pipe_.begun[i].id;
    }
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("keys");

    unit_add(suite, "paced_each", paced_each, 0, sizeof paces / sizeof *paces);
    unit_add(suite, "gathers", gathers, 0, 1);
    unit_add(suite, "overridden", overridden, 0, 1);
    unit_add(suite, "costs", costs, 0, 1);
    unit_add(suite, "busy", busy, 0, 1);
    unit_add(suite, "busy_with_others", busy_with_others, 0, 1);
    unit_add(suite, "polite_behind_a_bound", polite_behind_a_bound, 0, 1);
    unit_add(suite, "others_pass", others_pass, 0, 1);
    unit_add(suite, "in_turn", in_turn, 0, 1);
    unit_add(suite, "first_come", first_come, 0, 1);
    unit_add(suite, "weighs", weighs, 0, 1);
    unit_add(suite, "two_keys", two_keys, 0, 1);
    unit_add(suite, "by_worker", by_worker, 0, 1);
    unit_add(suite, "one_sleeps", one_sleeps, 0, 2);
    unit_add(suite, "forgets", forgets, 0, 1);
    unit_add(suite, "forgets_bound", forgets_bound, 0, 1);
    unit_add(suite, "tries_again", tries_again, 0, 1);
    unit_add(suite, "tries_many", tries_many, 0, 4);
    unit_add(suite, "handed_back", handed_back, 0, 1);
    unit_add(suite, "handed_back_behind", handed_back_behind, 0, 1);
    unit_add(suite, "woken_once", woken_once, 0, 1);
    unit_add(suite, "blocks_room", blocks_room, 0, 1);
    unit_add(suite, "blocks_reserved", blocks_reserved, 0, 1);
    unit_add(suite, "blocks_fill", blocks_fill, 0, 6);
    return unit_run(suite);
}
