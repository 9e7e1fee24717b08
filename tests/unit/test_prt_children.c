/* The groups that bodies have started (prt/child.h): each that is told of is killed with the process, and none that is gone; by
 * several threads at once. kill(2) is this file's: it writes down whom it was to hit.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/types.h>

#include <platform/children.h>
#include <prt/child.h>

#include "unit.h"

enum { THREADS = 4, ROUNDS = 20000, KEPT_EACH = 200, MOST = THREADS * ROUNDS + 1 };

static atomic_uchar hits[MOST]; /* by group */
static atomic_uint strays;      /* that hit no group of these, or not by SIGKILL */

int kill(pid_t pid, int signal)
{
    if (signal != SIGKILL || pid >= 0 || -pid >= MOST)
        atomic_fetch_add(&strays, 1);
    else
        atomic_fetch_add(&hits[-pid], 1);
    return 0;
}

/* How many of the groups from `from` on are hit now, each once. */
static unsigned killed(int from, int to)
{
    unsigned n = 0;

    memset(hits, 0, sizeof hits);
    prt_children_kill_();
    for (int group = 1; group < MOST; group++) {
        ck_assert_uint_le(hits[group], 1);
        n += hits[group] == 1 && group >= from && group < to;
        ck_assert(hits[group] == 0 || (group >= from && group < to));
    }
    ck_assert_uint_eq(strays, 0);
    return n;
}

START_TEST(one)
{
    ck_assert_uint_eq(killed(0, 0), 0);
    ck_assert(prt_child(7));
    ck_assert_uint_eq(killed(7, 8), 1);
    prt_child_gone(7);
    ck_assert_uint_eq(killed(0, 0), 0);
}
END_TEST

/* More than have room at a time, and then others in the places of those that are gone. */
START_TEST(many)
{
    for (int group = 1; group <= 1000; group++)
        ck_assert(prt_child(group));
    ck_assert_uint_eq(killed(1, 1001), 1000);
    for (int group = 1; group <= 500; group++)
        prt_child_gone(group);
    ck_assert_uint_eq(killed(501, 1001), 500);
    for (int group = 1001; group <= 1500; group++)
        ck_assert(prt_child(group));
    ck_assert_uint_eq(killed(501, 1501), 1000);
}
END_TEST

START_TEST(forgotten)
{
    for (int group = 1; group <= 100; group++)
        ck_assert(prt_child(group));
    prt_children_forget_();
    ck_assert_uint_eq(killed(0, 0), 0);
    ck_assert(prt_child(7));
    ck_assert_uint_eq(killed(7, 8), 1);
}
END_TEST

/* Keeps every so manieth of its own. */
static void *start_and_end(void *opaque)
{
    const int first = 1 + (int)(intptr_t)opaque * ROUNDS;

    for (int group = first; group < first + ROUNDS; group++) {
        if (!prt_child(group))
            atomic_fetch_add(&strays, 1);
        if ((group - first) % KEPT_EACH > 0)
            prt_child_gone(group);
    }
    return NULL;
}

/* While they come and go somebody kills them all again and again, which hits only what there is. */
START_TEST(at_once)
{
    pthread_t threads[THREADS];

    for (intptr_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, start_and_end, (void *)i), 0);
    for (int i = 0; i < 1000; i++)
        prt_children_kill_();
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_eq(killed(1, MOST), THREADS * ROUNDS / KEPT_EACH);
    for (int i = 0; i < THREADS; i++)
        for (int group = 1 + i * ROUNDS; group < 1 + (i + 1) * ROUNDS; group += KEPT_EACH)
            ck_assert_uint_eq(hits[group], 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { one, many, forgotten, at_once };

    return unit_run_all("children", tests, sizeof tests / sizeof *tests);
}
