/* Batches of items with one key, with a clock that jumps: when each goes, with which items, and in which order. */
#include "../torture/stage_kit.h"

#include <platform/virtual.h>
#include <pool/run_state.h>

#include "unit.h"
#include "virtual_machine.h"

#define MS ((uint64_t)1000000)

enum { MOST = 20000, MOST_BATCH = 64, MOST_KEYS = 2000 };

/* An item's `id` is its number, `sender` its key, `seq` what it weighs. */
static struct pipe {
    uint64_t items;
    uint32_t keys;
    const uint32_t *script;  /* the key of each item; NULL: in turn */
    const uint32_t *weights; /* NULL: 1 each */
    const uint64_t *gaps;    /* ns before each */
    uint64_t gap_each;       /* before all of them */
    uint64_t sleep;          /* a body's, ns */
    _Atomic int lock;
    uint64_t n;
    struct batch {
        uint64_t at, ids[MOST_BATCH];
        uint32_t key;
        size_t n;
        int worker;
    } batches[MOST];
    uint64_t sent[MOST];     /* when */
    uint64_t inside[MOST_KEYS], most_inside;
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

static int64_t seq_weigh(void *pipe, const void *item)
{
    (void)pipe;
    return ((const struct kit_item *)item)->seq;
}

/* Of a whole batch: how many items. */
static uint64_t whole_weight(struct prt_worker *worker, const void *item)
{
    struct kit_worker *const self = (struct kit_worker *)worker;

    ck_assert_ptr_eq(prt_waiting(&self->in[0]), item);
    return prt_waiting_n(&self->in[0]);
}

/* The same, and takes its time for key 1. */
static uint64_t slow_weight(struct prt_worker *worker, const void *item)
{
    if (((const struct kit_item *)item)->sender == 1)
        prt_virtual_sleep(50 * MS);
    return whole_weight(worker, item);
}

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t id = 0; id < pipe_.items; id++) {
        const struct kit_item item = { .id = id,
                                       .sender = pipe_.script ? pipe_.script[id] : (uint32_t)(id % pipe_.keys),
                                       .seq = pipe_.weights ? pipe_.weights[id] : 1 };

        if (pipe_.gaps && pipe_.gaps[id])
            prt_virtual_sleep(pipe_.gaps[id]);
        if (pipe_.gap_each)
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

static void batch_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    const struct kit_item *items = prt_receive_batch(&self->in[0], &n);
    struct batch *batch;

    if (!items)
        return;
    lock();
    batch = &pipe_.batches[pipe_.n++];
    *batch = (struct batch){ .at = prt_virtual_now(), .key = items[0].sender, .n = n, .worker = self->worker };
    for (size_t i = 0; i < n; i++) {
        batch->ids[i] = items[i].id;
        ck_assert_uint_eq(items[i].sender, batch->key);
    }
    pipe_.inside[batch->key] += n;
    if (pipe_.inside[batch->key] > pipe_.most_inside)
        pipe_.most_inside = pipe_.inside[batch->key];
    atomic_store(&pipe_.lock, 0);
    if (pipe_.sleep)
        prt_virtual_sleep(pipe_.sleep);
    lock();
    pipe_.inside[items[0].sender] -= n;
    atomic_store(&pipe_.lock, 0);
}

/* A source and the stage. Returns the virtual ns that it took. */
static uint64_t run_stage(struct prt_stage_spec spec, uint64_t cap)
{
    static const struct prt_keyed_spec per = { .kind = PRT_BATCH_PER_KEY, .key = sender_key, .name = "per" };
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const a = kit_chan(run, "a", kit_kind(1, spec.workers ? spec.workers : 1), cap);
    const uint64_t from = prt_virtual_now();

    if (!spec.keyed) {
        spec.keyed = &per;
        spec.nkeyed = 1;
    }
    spec.name = "batch";
    spec.run = batch_run;
    spec.leaf = true;
    kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run }, .out = { a } });
    kit_add(run, &(struct kit_stage){ .spec = spec, .in = { a } });
    ck_assert_int_eq(prt_run(run), 0);
    return prt_virtual_now() - from;
}

/* All items, once, those of a key in their order as they began. */
static void check_all(void)
{
    static uint64_t next[MOST_KEYS];
    uint64_t seen = 0;

    memset(next, 0, sizeof next);
    for (uint64_t b = 0; b < pipe_.n; b++)
        for (size_t i = 0; i < pipe_.batches[b].n; i++, seen++) {
            const uint64_t id = pipe_.batches[b].ids[i];

            if (id < next[pipe_.batches[b].key])
                ck_abort_msg("item %ju out of order", (uintmax_t)id);
            next[pipe_.batches[b].key] = id + 1;
        }
    ck_assert_uint_eq(seen, pipe_.items);
}

static void check_batch(uint64_t b, size_t n, const uint64_t *ids)
{
    ck_assert_uint_lt(b, pipe_.n);
    ck_assert_uint_eq(pipe_.batches[b].n, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(pipe_.batches[b].ids[i], ids[i]);
}

/* ---- deadlines ---------------------------------------------------------------------------------------------------- */

/* Each key has one of its own, from its first item on, whatever else there is. */
START_TEST(each_its_own)
{
    static const uint32_t script[] = { 0, 1, 0, 2, 1, 0, 0 };
    static const uint64_t gaps[] = { 0, 30 * MS, 30 * MS, 30 * MS, 5 * MS, 20 * MS, 500 * MS };

    begin(7, 3); /*                  0   30       60       90       95      115      615 */
    pipe_.script = script;
    pipe_.gaps = gaps;
    run_stage((struct prt_stage_spec){ .collect = 10, .within = 100 * MS, .workers = 1 + (uint32_t)_i }, 64);
    ck_assert_uint_eq(pipe_.n, 5);
    check_batch(0, 2, (const uint64_t[]){ 0, 2 });
    check_batch(1, 2, (const uint64_t[]){ 1, 4 });
    check_batch(2, 1, (const uint64_t[]){ 3 });
    check_batch(3, 1, (const uint64_t[]){ 5 });
    check_batch(4, 1, (const uint64_t[]){ 6 }); /* the end was sooner */
    for (uint64_t b = 0; b < 4; b++) {
        const uint64_t due = pipe_.sent[pipe_.batches[b].ids[0]] + 100 * MS;

        ck_assert_uint_ge(pipe_.batches[b].at, due);
        ck_assert_uint_le(pipe_.batches[b].at, due + MS);
    }
    ck_assert_uint_lt(pipe_.batches[4].at, pipe_.sent[6] + MS);
}
END_TEST

/* Thousands of keys: none of them waits longer than it may, nor goes sooner. */
START_TEST(many_keys)
{
    const uint64_t within = 50 * MS;

    begin(KIT_SANITIZED ? 4000 : MOST, MOST_KEYS);
    pipe_.gap_each = MS / 20; /* so a key's next item comes after 100 ms */
    run_stage((struct prt_stage_spec){ .collect = 4, .within = within, .workers = 2 }, 8192);
    check_all();
    ck_assert_uint_eq(pipe_.n, pipe_.items);
    for (uint64_t b = 0; b < pipe_.n; b++) {
        const uint64_t waited = pipe_.batches[b].at - pipe_.sent[pipe_.batches[b].ids[0]];

        if (waited > within + MS || (waited < within && pipe_.batches[b].ids[0] + 1000 < pipe_.items))
            ck_abort_msg("item %ju waited %ju ns", (uintmax_t)pipe_.batches[b].ids[0], (uintmax_t)waited);
    }
}
END_TEST

/* While all workers are busy a batch goes on to gather, and is taken whole. */
START_TEST(busy_worker)
{
    static const uint32_t script[] = { 0, 1, 1, 1, 0 };
    static const uint64_t gaps[] = { 0, 20 * MS, 20 * MS, 20 * MS, 0 };

    begin(5, 2);
    pipe_.script = script;
    pipe_.gaps = gaps;
    pipe_.sleep = 200 * MS;
    run_stage((struct prt_stage_spec){ .collect = 10, .within = 10 * MS, .workers = 1 }, 64);
    ck_assert_uint_eq(pipe_.n, 3);
    check_batch(0, 1, (const uint64_t[]){ 0 });
    check_batch(1, 3, (const uint64_t[]){ 1, 2, 3 });
    check_batch(2, 1, (const uint64_t[]){ 4 });
}
END_TEST

/* ---- number, weight, room, the end -------------------------------------------------------------------------------- */

/* What is left goes out in the order of the first items. */
START_TEST(rest_in_order)
{
    static const uint32_t script[] = { 5, 3, 5, 9, 3, 3, 5, 9 };

    begin(8, 10);
    pipe_.script = script;
    run_stage((struct prt_stage_spec){ .collect = 3 }, 64);
    ck_assert_uint_eq(pipe_.n, 3);
    check_batch(0, 3, (const uint64_t[]){ 1, 4, 5 });
    check_batch(1, 3, (const uint64_t[]){ 0, 2, 6 });
    check_batch(2, 2, (const uint64_t[]){ 3, 7 });
}
END_TEST

/* A channel that is full of items that wait for others: the key whose first item came first makes room, and no more than that. */
START_TEST(room)
{
    static const uint32_t script[] = { 7, 1, 2, 7, 3, 4, 1, 3, 3, 6 };

    begin(10, 8);
    pipe_.script = script;
    pipe_.gap_each = MS; /* so who makes room has begun before the next one comes */
    run_stage((struct prt_stage_spec){ .collect = 3 }, 4);
    ck_assert_uint_eq(pipe_.n, 8);
    check_batch(0, 2, (const uint64_t[]){ 0, 3 });
    check_batch(1, 1, (const uint64_t[]){ 1 });
    check_batch(2, 1, (const uint64_t[]){ 2 });
    check_batch(3, 2, (const uint64_t[]){ 4, 7 });
    check_batch(4, 1, (const uint64_t[]){ 5 });
    check_batch(5, 1, (const uint64_t[]){ 6 });
    check_batch(6, 1, (const uint64_t[]){ 8 });
    check_batch(7, 1, (const uint64_t[]){ 9 });
}
END_TEST

/* With room for what gathers all batches are whole: the places of those that were taken are free. */
START_TEST(whole)
{
    begin(4000, 40);
    run_stage((struct prt_stage_spec){ .collect = 4 }, 200);
    check_all();
    ck_assert_uint_eq(pipe_.n, 1000);
}
END_TEST

START_TEST(weights)
{
    static const uint32_t weigh[] = { 4, 9, 5, 3, 12, 1, 0, 10, 2 };

    begin(9, 1);
    pipe_.weights = weigh;
    run_stage((struct prt_stage_spec){ .collect = 4, .weight = 10, .weigh = seq_weigh }, 64);
    ck_assert_uint_eq(pipe_.n, 7);
    check_batch(0, 1, (const uint64_t[]){ 0 });
    check_batch(1, 1, (const uint64_t[]){ 1 });
    check_batch(2, 2, (const uint64_t[]){ 2, 3 });
    check_batch(3, 1, (const uint64_t[]){ 4 }); /* heavier than all may be */
    check_batch(4, 2, (const uint64_t[]){ 5, 6 });
    check_batch(5, 1, (const uint64_t[]){ 7 });
    check_batch(6, 1, (const uint64_t[]){ 8 });
}
END_TEST

/* ---- beside other options ----------------------------------------------------------------------------------------- */

/* A limit of the key is about its batches, or about what they weigh as they are. */
START_TEST(limited)
{
    struct prt_keyed_spec keyed[] = { { .kind = PRT_BATCH_PER_KEY, .key = sender_key, .name = "per" },
                                      { .kind = PRT_BOUND_PER_KEY, .key = sender_key, .permits = 5, .weight = whole_weight,
                                        .name = "bound" } };

    begin(600, 6);
    pipe_.sleep = MS;
    run_stage((struct prt_stage_spec){ .collect = 3, .keyed = keyed, .nkeyed = 2, .workers = 32 }, 600);
    check_all();
    ck_assert_uint_eq(pipe_.most_inside, 4); /* three, and the one that is left */

    begin(600, 6);
    pipe_.sleep = MS;
    keyed[1].weight = NULL;
    keyed[1].permits = 2;
    run_stage((struct prt_stage_spec){ .collect = 3, .keyed = keyed, .nkeyed = 2, .workers = 32 }, 600);
    ck_assert_uint_eq(pipe_.most_inside, 6);
}
END_TEST

/* What weighs a batch may take its time: meanwhile others end, and begin, but for those that are to be weighed behind it, and nobody
 * is busy with waiting for that, or the clock would stand. */
START_TEST(weighed_apart)
{
    static const uint32_t script[] = { 0, 0, 0, 0, 1, 1, 2, 2 };
    static const uint64_t gaps[] = { 0, 0, 0, 0, MS, 0, MS, 0 };
    const struct prt_keyed_spec keyed[] = { { .kind = PRT_BATCH_PER_KEY, .key = sender_key, .name = "per" },
                                            { .kind = PRT_BOUND_PER_KEY, .key = sender_key, .permits = 2, .weight = slow_weight,
                                              .name = "bound" } };

    begin(8, 3);
    pipe_.script = script;
    pipe_.gaps = gaps;
    pipe_.sleep = 5 * MS;
    run_stage((struct prt_stage_spec){ .collect = 2, .keyed = keyed, .nkeyed = 2, .workers = 4, .blocking = _i == 1 }, 64);
    check_all();
    check_batch(0, 2, (const uint64_t[]){ 0, 1 });
    check_batch(1, 2, (const uint64_t[]){ 2, 3 }); /* waits for the body of the first */
    ck_assert_uint_eq(pipe_.n, 4);
    ck_assert_uint_le(pipe_.batches[1].at, pipe_.batches[0].at + 20 * MS);
    for (uint64_t b = 2; b < 4; b++)
        ck_assert_uint_ge(pipe_.batches[b].at, pipe_.sent[5] + 50 * MS);
}
END_TEST

/* A rate is exact: batch k of a key begins at k / R. */
START_TEST(paced)
{
    const struct prt_keyed_spec keyed[] = { { .kind = PRT_BATCH_PER_KEY, .key = sender_key, .name = "per" },
                                            { .kind = PRT_RATE_PER_KEY, .key = sender_key, .per_second = 10, .burst = 1,
                                              .name = "rate" } };
    uint64_t first[5] = { 0 }, n[5] = { 0 };

    begin(200, 5);
    run_stage((struct prt_stage_spec){ .collect = 4, .keyed = keyed, .nkeyed = 2, .workers = 3 }, 200);
    check_all();
    ck_assert_uint_eq(pipe_.n, 50);
    for (uint64_t b = 0; b < pipe_.n; b++) {
        const struct batch *batch = &pipe_.batches[b];

        if (n[batch->key] == 0)
            first[batch->key] = batch->at;
        ck_assert_uint_ge(batch->at + MS, first[batch->key] + n[batch->key] * 100 * MS);
        ck_assert_uint_le(batch->at, first[batch->key] + n[batch->key] * 100 * MS + MS);
        n[batch->key]++;
    }
}
END_TEST

/* Each key has its worker, which has its batches in their order. */
START_TEST(by_worker)
{
    const struct prt_keyed_spec keyed[] = { { .kind = PRT_BATCH_PER_KEY, .key = sender_key, .name = "per" },
                                            { .kind = PRT_BY_KEY, .key = sender_key, .name = "by" } };
    int worker[40];

    begin(4000, 40);
    pipe_.sleep = MS / 100;
    run_stage((struct prt_stage_spec){ .collect = 7, .within = 2 * MS, .keyed = keyed, .nkeyed = 2, .workers = 9 }, 500);
    check_all();
    memset(worker, -1, sizeof worker);
    for (uint64_t b = 0; b < pipe_.n; b++) {
        const struct batch *batch = &pipe_.batches[b];

        ck_assert(worker[batch->key] < 0 || worker[batch->key] == batch->worker);
        worker[batch->key] = batch->worker;
    }
    ck_assert_uint_le(pipe_.most_inside, 7);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("per");

    unit_add(suite, "each_its_own", each_its_own, 0, 3);
    unit_add(suite, "many_keys", many_keys, 0, 1);
    unit_add(suite, "busy_worker", busy_worker, 0, 1);
    unit_add(suite, "rest_in_order", rest_in_order, 0, 1);
    unit_add(suite, "room", room, 0, 1);
    unit_add(suite, "whole", whole, 0, 1);
    unit_add(suite, "weights", weights, 0, 1);
    unit_add(suite, "limited", limited, 0, 1);
    unit_add(suite, "weighed_apart", weighed_apart, 0, 2);
    unit_add(suite, "paced", paced, 0, 1);
    unit_add(suite, "by_worker", by_worker, 0, 1);
    return unit_run(suite);
}
