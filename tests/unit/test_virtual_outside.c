/* The clock of programs that are tests: it stands still while any thread of the program can do something, and goes with the real
 * one while only what is outside can go on: a descriptor for which somebody waits, or a system call.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <platform/virtual.h>
#include <prt/platform.h>

#include "unit.h"

#define SECOND ((uint64_t)1000000000)
#define MS ((uint64_t)1000000)

enum { REAL_MS = 200 }; /* so long a thread of these tests computes, or is waited for */

static int ends[2]; /* of a pipe */
static atomic_bool done;
static atomic_bool started;

static void open_world(void)
{
    ck_assert(prt_virtual_open());
    ck_assert_int_eq(pipe(ends), 0);
}

static void start(struct prt_thread_handle *thread, void (*function)(void *))
{
    ck_assert_int_eq(prt_thread_start(thread, 0, function, NULL), 0);
}

static uint64_t real_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

/* ---- nothing outside ------------------------------------------------------------------------------------------------ */

/* An hour is over at once. */
START_TEST(sleeps)
{
    uint64_t before;

    open_world();
    before = prt_virtual_now();
    ck_assert(prt_virtual_sleep(3600 * SECOND));
    ck_assert_uint_ge(prt_virtual_now() - before, 3600 * SECOND);
    ck_assert_uint_lt(prt_virtual_now() - before, 3601 * SECOND);
}
END_TEST

/* How much virtual time has passed while a thread did something. */
static _Atomic uint64_t passed;

static void compute(void *unused)
{
    const uint64_t begun = real_now(), before = prt_virtual_now();

    (void)unused;
    while (real_now() - begun < REAL_MS * MS)
        ;
    atomic_store(&passed, prt_virtual_now() - before);
}

/* What a thread computes takes no time, however long it takes. */
START_TEST(computes)
{
    struct prt_thread_handle thread;

    open_world();
    start(&thread, compute);
    ck_assert(prt_virtual_sleep(SECOND));
    prt_thread_join(&thread);
    ck_assert_uint_eq(passed, 0);
}
END_TEST

/* Calls of which nobody waits or goes on: the lock of this world is all that they meet. */
static void call(void *unused)
{
    const uint64_t begun = real_now(), before = prt_virtual_now();
    prt_atomic_u32 word = 0;

    (void)unused;
    while (real_now() - begun < REAL_MS * MS)
        prt_wake(&word);
    atomic_store(&passed, prt_virtual_now() - before);
}

/* Nor does time pass for one who is often asleep, because it wants what the looker has. */
START_TEST(calls)
{
    struct prt_thread_handle thread;

    open_world();
    start(&thread, call);
    ck_assert(prt_virtual_sleep(SECOND));
    prt_thread_join(&thread);
    ck_assert_uint_eq(passed, 0);
}
END_TEST

/* ---- descriptors ---------------------------------------------------------------------------------------------------- */

static void write_late(void *unused)
{
    (void)unused;
    usleep(REAL_MS * 1000);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
}

/* While somebody waits for a descriptor the clock does not jump to when he would give up. */
START_TEST(is_ready_in_time)
{
    struct prt_bell bell = { 0 };
    pthread_t other; /* of which the platform knows nothing */
    uint64_t before;

    open_world();
    before = prt_virtual_now();
    ck_assert_int_eq(pthread_create(&other, NULL, (void *(*)(void *))(void (*)(void))write_late, NULL), 0);
    ck_assert_int_eq(prt_bell_wait(&bell, ends[0], 1 /* POLLIN */, before + 3600 * SECOND), 1);
    ck_assert_uint_lt(prt_virtual_now() - before, 3600 * SECOND);
    pthread_join(other, NULL);
    prt_bell_free(&bell);
}
END_TEST

/* But time passes meanwhile, for others as well. */
START_TEST(is_never_ready)
{
    struct prt_bell bell = { 0 };
    uint64_t before;

    open_world();
    before = prt_virtual_now();
    ck_assert_int_eq(prt_bell_wait(&bell, ends[0], 1 /* POLLIN */, before + REAL_MS * MS), 0);
    ck_assert_uint_ge(prt_virtual_now() - before, REAL_MS * MS);
    prt_bell_free(&bell);
}
END_TEST

static void wait_and_write(void *unused)
{
    (void)unused;
    prt_virtual_sleep(REAL_MS * MS);
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
}

START_TEST(others_sleep)
{
    struct prt_bell bell = { 0 };
    struct prt_thread_handle thread;

    open_world();
    start(&thread, wait_and_write);
    ck_assert_int_eq(prt_bell_wait(&bell, ends[0], 1 /* POLLIN */, prt_virtual_now() + 3600 * SECOND), 1);
    prt_thread_join(&thread);
    prt_bell_free(&bell);
}
END_TEST

/* ---- system calls --------------------------------------------------------------------------------------------------- */

static void read_one(void *unused)
{
    char byte;

    (void)unused;
    atomic_store(&started, true);
    ck_assert_int_eq(read(ends[0], &byte, 1), 1);
    atomic_store(&done, true);
}

/* A thread that is in the kernel keeps no other from going on. */
START_TEST(reads)
{
    struct prt_thread_handle thread;
    uint64_t before;

    open_world();
    before = prt_virtual_now();
    start(&thread, read_one);
    ck_assert(prt_virtual_sleep(REAL_MS * MS));
    ck_assert_uint_ge(prt_virtual_now() - before, REAL_MS * MS);
    ck_assert(!atomic_load(&done));
    ck_assert_int_eq(write(ends[1], "x", 1), 1);
    prt_thread_join(&thread);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { sleeps, computes, calls, is_ready_in_time, is_never_ready, others_sleep, reads };

    return unit_run_all("outside", tests, sizeof tests / sizeof *tests);
}
