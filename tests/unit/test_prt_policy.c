/* What the runtime decides by figures: where each decision turns, and what no figures may make it do. */
#include <pool/policy.h>

#include "unit.h"

#define MS ((uint64_t)1000000)

START_TEST(unknown_costs)
{
    ck_assert(!prt_cost_is_quick_(0) && !prt_cost_is_unnoticed_(0) && !prt_cost_is_a_wake_(0));
    ck_assert(prt_cost_is_quick_(300) && !prt_cost_is_quick_(301));
    ck_assert(prt_cost_is_unnoticed_(5000) && !prt_cost_is_unnoticed_(5001));
    ck_assert(prt_cost_is_least_(49) && !prt_cost_is_least_(50));
    ck_assert(prt_cost_is_beside_(20000) && !prt_cost_is_beside_(20001));
    ck_assert(prt_cost_is_a_wake_(12000) && !prt_cost_is_a_wake_(12001));
    ck_assert(prt_at_once_again_(20000) && !prt_at_once_again_(19999));
}
END_TEST

/* A body that took less than the clock itself still cost something: 0 would mean that nobody has measured it. */
START_TEST(measured_costs)
{
    ck_assert_uint_eq(prt_cost_each_(0, 1), 1);
    ck_assert_uint_eq(prt_cost_each_(39, 64), 1);
    ck_assert_uint_eq(prt_cost_each_(1040, 10), 101);
    ck_assert_uint_eq(prt_cost_max_(0, 7), 7);
    ck_assert_uint_eq(prt_cost_mean_(0, 7), 7);
}
END_TEST

START_TEST(costs_fade)
{
    uint64_t cost = prt_cost_max_(100, 1000000), mean = prt_cost_mean_(100, 1000000);

    ck_assert_uint_eq(cost, 1000000);
    ck_assert_uint_eq(mean, 125087);
    for (int i = 0; i < 200; i++) {
        cost = prt_cost_max_(cost, 100);
        mean = prt_cost_mean_(mean, 100);
        ck_assert_uint_ge(cost, 100);
        ck_assert_uint_ge(mean, 100);
    }
    ck_assert_uint_eq(cost, 100);
    ck_assert_uint_le(mean, 107); /* what is left is less than a step */
}
END_TEST

/* Never none, never longer than a batch may take. */
START_TEST(sizes_of_batches)
{
    for (uint64_t each = 1; each < 10 * MS; each += each / 7 + 1) {
        const uint64_t n = prt_batch_bodies_(each);

        ck_assert_uint_le(n, PRT_BATCH_MOST);
        ck_assert(n * each <= PRT_BATCH_NS);
        ck_assert(n == PRT_BATCH_MOST || (n + 1) * each > PRT_BATCH_NS);
    }
    ck_assert_uint_eq(prt_batch_bodies_(1), PRT_BATCH_MOST);
    ck_assert_uint_eq(prt_batch_bodies_(PRT_BATCH_NS + 1), 0); /* batch_size() makes it one */
}
END_TEST

/* What a worker holds has room for a body's items, however large, and for more only within the limit. */
START_TEST(sizes_of_boxes)
{
    for (uint64_t size = 1; size <= 65536; size *= 2)
        for (uint64_t body = 0; body <= 64; body += 8) {
            const uint64_t n = prt_box_bodies_(body, size);

            ck_assert_uint_ge(n, 1);
            ck_assert_uint_le(n, PRT_BATCH_MOST);
            ck_assert(n == 1 || n * body * size <= PRT_BOX_BYTES);
        }
    ck_assert_uint_eq(prt_window_items_(8), PRT_WINDOW_MOST);
    ck_assert_uint_eq(prt_window_items_(4096), 2);
    ck_assert_uint_eq(prt_window_items_(16384), 0); /* it is not gathered */
}
END_TEST

START_TEST(turns)
{
    for (uint64_t workers = 2; workers <= 100000; workers *= 3)
        for (uint64_t asked = 0; asked <= 1000000; asked = 10 * asked + 1) {
            const uint64_t ahead = prt_turns_ahead_(asked, workers);

            ck_assert_uint_ge(ahead, workers); /* or some worker could never have an item */
            ck_assert_uint_le(ahead, PRT_BATCH_MOST * workers);
            for (uint64_t cpus = 1; cpus <= 256; cpus *= 4)
                for (uint64_t cost = 1; cost <= 1000; cost *= 10) {
                    const uint64_t share = prt_turns_share_(ahead, workers, cpus, cost);

                    ck_assert_uint_ge(share, 1);
                    ck_assert_uint_le(share, ahead);
                }
        }
    ck_assert_uint_eq(prt_turns_ahead_(0, 4), 8);
    ck_assert_uint_eq(prt_turns_ahead_(64, 4), 64);
    ck_assert_uint_eq(prt_turns_share_(64, 16, 2, 10), 64);   /* of the least: all */
    ck_assert_uint_eq(prt_turns_share_(64, 16, 2, 100), 16);  /* a share in two pieces */
    ck_assert_uint_eq(prt_turns_share_(20, 16, 2, 100), 8);   /* no piece below 8 */
    ck_assert_uint_eq(prt_turns_share_(8, 16, 2, 100), 4);    /* a short one whole */
}
END_TEST

START_TEST(senders)
{
    ck_assert(prt_room_is_early_(0, 1) && !prt_room_is_early_(1, 1)); /* one place is more than half of one */
    ck_assert(prt_room_is_early_(32, 64) && !prt_room_is_early_(33, 64));
    ck_assert(!prt_queue_is_lull_(1000, 0, 1)); /* unknown */
    ck_assert(prt_queue_is_lull_(20, 1000, 1) && !prt_queue_is_lull_(19, 1000, 1));
    ck_assert(prt_queue_is_lull_(80, 1000, 4) && !prt_queue_is_lull_(79, 1000, 4));
    ck_assert(!prt_queue_is_lull_(1000, MS, 1) && prt_queue_is_lull_(1000, MS, 2));
    ck_assert(prt_sends_fast_(16, 15999) && !prt_sends_fast_(16, 16000));
}
END_TEST

START_TEST(backlogs)
{
    ck_assert(prt_backlog_is_worth_(20, 100) && !prt_backlog_is_worth_(19, 100));
    ck_assert(prt_backlog_is_taken_(20, 100, false, true));
    ck_assert(!prt_backlog_is_taken_(20, 100, false, false));  /* its results had to go to an outbox */
    ck_assert(!prt_backlog_is_taken_(1000, 49, false, true));  /* runs where its items are */
    ck_assert(prt_backlog_is_taken_(16, 1, true, false) && !prt_backlog_is_taken_(15, 1000, true, true));
}
END_TEST

/* Nobody leaves a backlog to others for ever, whatever the clock does. */
START_TEST(patience_ends)
{
    for (int i = 0; i < 4; i++) {
        const uint64_t patience = prt_patience_(i & 1, i & 2, 0);

        ck_assert_uint_le(patience, PRT_BATCH_NS);
        ck_assert(prt_patience_ends_(patience, 1, patience));
        ck_assert(prt_patience_ends_(0, PRT_STILL_LOOKS, patience));
        ck_assert(!prt_patience_ends_(patience - 1, 1, patience));
    }
    ck_assert_uint_eq(prt_patience_(false, true, 20), 25000); /* of twenty stages a us more for each */
    ck_assert_uint_eq(prt_patience_(true, true, 20), 1000);
}
END_TEST

START_TEST(looking)
{
    ck_assert(prt_may_spin_(1, 0, 1, 1)); /* one always may, where there is a place */
    ck_assert(!prt_may_spin_(2, 0, 2, 2) && prt_may_spin_(2, 0, 4, 4));
    ck_assert(!prt_may_spin_(1, 2, 2, 2)); /* no place */
    ck_assert(prt_may_spin_(1, 8, 100, 2) && !prt_may_spin_(1, 9, 100, 2)); /* one of those will look */
    ck_assert(prt_look_yields_(4, false) && !prt_look_yields_(4, true) && prt_look_yields_(8, true));
    ck_assert_int_lt(prt_look_pauses_(0), prt_look_pauses_(PRT_EAGER_LOOKS));
    ck_assert_uint_eq(prt_doze_ns_(2, true), 100000);
    ck_assert_uint_lt(prt_doze_ns_(1, false), prt_doze_ns_(1, true));
    ck_assert_uint_lt(prt_nap_ns_(false), prt_nap_ns_(true));
}
END_TEST

/* No thread is added while nothing is unserved or behind; what is unserved gets one in the end, whatever the processors. */
START_TEST(when_to_grow)
{
    for (uint64_t used = 0; used <= 100; used += 10) {
        ck_assert(!prt_may_grow_(&(struct prt_need){ .moving = true, .used = used }, 4, 2));
        ck_assert(prt_may_grow_(&(struct prt_need){ .any = true, .used = used }, 4, 2)); /* nothing moves */
        ck_assert(prt_may_grow_(&(struct prt_need){ .any = true, .moving = true, .unserved = 10, .used = used }, 4, 2));
    }
    ck_assert(prt_may_grow_(&(struct prt_need){ .any = true, .moving = true, .unserved = 1, .used = 89 }, 4, 2));
    ck_assert(!prt_may_grow_(&(struct prt_need){ .any = true, .moving = true, .unserved = 9, .used = 90 }, 4, 2));
    ck_assert(prt_may_grow_(&(struct prt_need){ .moving = true, .behind = 3, .used = 10 }, 4, 2));
    ck_assert(!prt_may_grow_(&(struct prt_need){ .moving = true, .behind = 2, .used = 10 }, 4, 2));
    ck_assert(!prt_may_grow_(&(struct prt_need){ .moving = true, .behind = 3, .used = 49 }, 2, 2)); /* two share one */
}
END_TEST

START_TEST(by_how_many)
{
    ck_assert_uint_eq(prt_grow_by_(0, 0), 1);
    ck_assert_uint_eq(prt_grow_by_(8, 0), 8);    /* twice as many */
    ck_assert_uint_eq(prt_grow_by_(8, 80), 2);   /* would use up the rest */
    ck_assert_uint_eq(prt_grow_by_(1000, 95), 1); /* nothing is left */
    for (uint64_t used = 0; used <= 100; used++)
        for (uint32_t running = 0; running < 20000; running = 3 * running + 1) {
            ck_assert_uint_ge(prt_grow_by_(running, used), 1);
            ck_assert_uint_le(prt_grow_by_(running, used), 128);
        }
}
END_TEST

START_TEST(the_tick)
{
    uint64_t recent = 0;

    ck_assert_uint_eq(prt_tick_ns_(0), PRT_TICK_NS);
    ck_assert_uint_eq(prt_tick_ns_(256), 2 * PRT_TICK_NS);
    for (int i = 0; i < 100; i++)
        recent = prt_recent_(recent, 1000);
    ck_assert_uint_ge(recent, 7990); /* eight ticks of it */
    ck_assert_uint_le(recent, 8000);
}
END_TEST

/* A hundred looks in a second, each tenth of the time between two as often as any other. */
START_TEST(looks)
{
    uint64_t random = 1, sum = 0, tenths[10] = { 0 };

    for (int i = 0; i < 10000; i++) {
        const uint64_t ns = prt_look_ns_(&random);

        ck_assert(ns >= PRT_LOOK_NS / 2 && ns < PRT_LOOK_NS * 3 / 2);
        sum += ns;
        tenths[(ns - PRT_LOOK_NS / 2) * 10 / PRT_LOOK_NS]++;
    }
    ck_assert(sum / 10000 > PRT_LOOK_NS * 98 / 100 && sum / 10000 < PRT_LOOK_NS * 102 / 100);
    for (int i = 0; i < 10; i++)
        ck_assert_msg(tenths[i] > 900 && tenths[i] < 1100, "%ju of 10,000", (uintmax_t)tenths[i]);
}
END_TEST

/* A quarter of a processor, of however many: what two threads that look on now and then use is less. */
START_TEST(at_work)
{
    ck_assert(!prt_is_at_work_(0, 2));
    ck_assert(!prt_is_at_work_(12, 2));
    ck_assert(prt_is_at_work_(13, 2));
    ck_assert(prt_is_at_work_(25, 1));
    ck_assert(prt_is_at_work_(1, 64));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { unknown_costs, measured_costs, costs_fade, sizes_of_batches, sizes_of_boxes, turns,
                                   senders, backlogs, patience_ends, looking, when_to_grow, by_how_many, the_tick, looks, at_work };

    return unit_run_all("policy", tests, sizeof tests / sizeof *tests);
}
