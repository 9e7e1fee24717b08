/* Bounds grant in the order of asking: with weights, and when somebody leaves the queue. One thread plays all slots, so
 * each order is the one that the test says.
 */
#include <stdlib.h>

#include <limit/bound.h>

#include "unit.h"

enum { MOST = 8 };

static struct prt_bound bound;
static struct prt_permit permits[MOST];
static int woken[100]; /* the permits whose slots were woken, in that order */
static size_t nwoken;

/* In the place of the runtime's: a slot here is only a number. */
void prt_slot_wake_(struct prt_slot *slot)
{
    ck_assert_uint_lt(nwoken, sizeof woken / sizeof *woken);
    woken[nwoken++] = (int)((struct prt_permit *)(void *)slot - permits);
}

static void start(uint64_t units)
{
    bound = (struct prt_bound){ .spec = { .name = "bound", .permits = units }, .free = units };
    for (size_t i = 0; i < MOST; i++)
        permits[i] = (struct prt_permit){ .slot = (struct prt_slot *)(void *)&permits[i], .bound = &bound };
    nwoken = 0;
}

static bool take(int who, uint64_t units)
{
    return prt_bound_take_(&permits[who], units);
}

static void give(int who)
{
    prt_bound_give_(&permits[who]);
}

static void expect_woken(size_t n, const int *order)
{
    ck_assert_uint_eq(nwoken, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(woken[i], order[i]);
    nwoken = 0;
}

#define WOKEN(...) expect_woken(sizeof (int[]){ __VA_ARGS__ } / sizeof(int), (int[]){ __VA_ARGS__ })
#define NOBODY_WOKEN() expect_woken(0, NULL)

START_TEST(in_the_order_of_asking)
{
    start(2);
    ck_assert(take(3, 1));
    ck_assert(take(0, 1));
    ck_assert(!take(7, 1));
    ck_assert(!take(1, 1));
    ck_assert(!take(5, 1));
    NOBODY_WOKEN();
    give(0);
    WOKEN(7);
    ck_assert(prt_bound_granted_(&permits[7]) && !prt_bound_granted_(&permits[1]));
    ck_assert(!take(0, 1)); /* behind those that wait already */
    give(7);
    WOKEN(1);
    give(3);
    WOKEN(5);
    give(1);
    WOKEN(0);
    give(5);
    give(0);
    NOBODY_WOKEN();
    ck_assert_uint_eq(bound.free, 2);
}
END_TEST

START_TEST(light_ones_do_not_overtake_a_heavy_one)
{
    start(10);
    ck_assert(take(0, 4));
    ck_assert(!take(1, 8));
    ck_assert(!take(2, 1)); /* would fit */
    ck_assert(!take(3, 1));
    ck_assert(!take(4, 8));
    ck_assert(!take(5, 1));
    NOBODY_WOKEN();
    give(0);
    WOKEN(1, 2, 3); /* 8 + 1 + 1, all that fit */
    give(2);
    give(3);
    NOBODY_WOKEN(); /* 2 are free, the next wants 8 */
    give(1);
    WOKEN(4, 5);
}
END_TEST

START_TEST(heavier_than_the_bound)
{
    start(10);
    ck_assert(take(0, 1));
    ck_assert(!take(1, 11));
    ck_assert(!take(2, 1));
    give(0);
    WOKEN(1);
    ck_assert_uint_eq(bound.free, 0);
    ck_assert(!take(3, UINT64_MAX)); /* so large is a negative weight */
    give(1);
    WOKEN(2);
    give(2);
    WOKEN(3);
    give(3);
    ck_assert_uint_eq(bound.free, 10);
}
END_TEST

START_TEST(without_weight)
{
    start(1);
    ck_assert(take(0, 0));
    ck_assert(take(1, 1));
    ck_assert(take(2, 0)); /* fits, and nobody waits */
    ck_assert(!take(3, 1));
    ck_assert(!take(4, 0)); /* somebody does */
    give(1);
    WOKEN(3, 4);
}
END_TEST

START_TEST(who_leaves_the_queue)
{
    start(4);
    ck_assert(take(0, 3));
    ck_assert(!take(1, 4));
    ck_assert(!take(2, 1));
    ck_assert(!take(3, 2));
    ck_assert(!take(4, 1));
    give(4); /* the last */
    give(1); /* the first, which kept the second waiting */
    WOKEN(2);
    ck_assert(!take(5, 1));
    give(3);
    NOBODY_WOKEN();
    give(2);
    WOKEN(5);
    give(0);
    give(5);
    ck_assert(!bound.first && !bound.last);
    ck_assert_uint_eq(bound.free, 4);
    ck_assert(take(3, 4));
}
END_TEST

/* What the bound promises, step by step at random: who asked first of those that wait is the next, everybody is granted
 * as soon as he can be, and no more is held than there is. */
START_TEST(at_random)
{
    const uint64_t units = 1 + (uint64_t)_i % 12;
    int waiting[MOST];
    uint64_t wants[MOST] = { 0 };
    bool holds[MOST] = { false }, waits[MOST] = { false };
    size_t n = 0;
    uint64_t held = 0;
    unsigned seed = (unsigned)_i;

    start(units);
    for (int step = 0; step < 2000; step++) {
        const int who = rand_r(&seed) % MOST;
        size_t granted = 0;

        if (!holds[who] && !waits[who]) {
            wants[who] = (uint64_t)rand_r(&seed) % (units + 3);
            holds[who] = take(who, wants[who]);
            wants[who] = wants[who] < units ? wants[who] : units;
            ck_assert_msg(holds[who] == (n == 0 && held + wants[who] <= units), "step %d", step);
            held += holds[who] ? wants[who] : 0;
            waits[who] = !holds[who];
            waiting[n] = who;
            n += waits[who];
        } else {
            give(who);
            held -= holds[who] ? wants[who] : 0;
            for (size_t i = 0, kept = 0; waits[who] && i < n; i++)
                if (waiting[i] != who)
                    waiting[kept++] = waiting[i];
            n -= waits[who];
            holds[who] = waits[who] = false;
        }
        for (; n > 0 && held + wants[waiting[0]] <= units; granted++) {
            ck_assert_msg(granted < nwoken && woken[granted] == waiting[0], "step %d: not %d", step, waiting[0]);
            held += wants[waiting[0]];
            holds[waiting[0]] = true;
            waits[waiting[0]] = false;
            for (size_t i = 1; i < n; i++)
                waiting[i - 1] = waiting[i];
            n--;
        }
        ck_assert_msg(nwoken == granted, "step %d: too many were granted", step);
        ck_assert_msg(bound.free == units - held, "step %d", step);
        nwoken = 0;
    }
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("bound");

    unit_add(suite, "in_the_order_of_asking", in_the_order_of_asking, 0, 1);
    unit_add(suite, "light_ones_do_not_overtake_a_heavy_one", light_ones_do_not_overtake_a_heavy_one, 0, 1);
    unit_add(suite, "heavier_than_the_bound", heavier_than_the_bound, 0, 1);
    unit_add(suite, "without_weight", without_weight, 0, 1);
    unit_add(suite, "who_leaves_the_queue", who_leaves_the_queue, 0, 1);
    unit_add(suite, "at_random", at_random, 0, 100);
    return unit_run(suite);
}
