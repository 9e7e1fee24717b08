/* What tests of the language call: what is told of items and failures, on which line, and the exit status that comes of it.
 * What the same looks like from outside is in tests/trials.sh.
 */
#include <stdlib.h>
#include <string.h>

#include <prt/record.h>
#include <prt/test.h>

#include "said.h"
#include "unit.h"

static const struct prt_test_failure failures[] = { { "read", "no shop", 7 }, { "read", "no room", 8 } };
static const struct prt_test_spec spec = { .file = "t.pipe", .line = 3 };
static const struct prt_test_spec failing = { .file = "t.pipe", .line = 3, .failures = failures, .nfailures = 2 };

static struct prt_test test;
static struct prt_test_expect expect;
static const unsigned lines[] = { 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22 };
static struct prt_test_fits *came[12];

/* What comes out of "out": `n` ints, in any order where `unordered`. */
static void expect_ints(int *items, size_t n, bool unordered)
{
    memset(came, 0, sizeof came);
    prt_test_expect(&expect, &(struct prt_test_expect){
        .test = &test, .channel = "out", .line = lines[n > 0 ? n - 1 : 0], .kind = PRT_TEST_SIGNED, .size = sizeof(int),
        .items = items, .lines = lines, .n = n, .came = unordered ? came : NULL });
}

static void ints_came(const int *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        prt_test_came(&expect, &items[i]);
}

/* The exit status of a test in which `got` come where `wanted` are to, and what it says in `said`. */
static int ints(const int *wanted, size_t nwanted, const int *got, size_t ngot, bool unordered)
{
    const struct saying saying = said_begin();
    int own[12] = { 0 }; /* which are dropped */
    int status;

    if (nwanted > 0)
        memcpy(own, wanted, nwanted * sizeof *wanted);
    prt_test_begin(&test, &spec);
    expect_ints(own, nwanted, unordered);
    ints_came(got, ngot);
    prt_test_ended(&expect);
    status = prt_test_end(&test, 0);
    said_end(saying);
    return status;
}

#define INTS(wanted, got, unordered) \
    ints(wanted, sizeof wanted / sizeof *wanted, got, sizeof got / sizeof *got, unordered)

START_TEST(all_as_wanted)
{
    const int wanted[] = { 1, 2, 2, 3 };
    const int got[] = { 1, 2, 2, 3 }, other[] = { 2, 3, 1, 2 };

    ck_assert_int_eq(INTS(wanted, got, false), 0);
    ck_assert_str_eq(said, "");
    ck_assert_int_eq(INTS(wanted, other, true), 0);
    ck_assert_str_eq(said, "");
    ck_assert_int_eq(ints(NULL, 0, NULL, 0, false), 0);
    ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(in_order)
{
    const int wanted[] = { 1, 2, 3 };
    const int got[] = { 1, 3, 2 };

    ck_assert_int_eq(INTS(wanted, got, false), 1);
    ck_assert_str_eq(said, "t.pipe:12: out: item 2: expected 2, got 3\nt.pipe:13: out: item 3: expected 3, got 2\n");
}
END_TEST

START_TEST(one_twice)
{
    const int wanted[] = { 1, 2, 2 };
    const int got[] = { 2, 1, 1 };

    ck_assert_int_eq(INTS(wanted, got, true), 1);
    ck_assert_str_eq(said, "t.pipe:13: out: got 1, which is not expected\nt.pipe:13: out: expected 2, which did not come\n");
}
END_TEST

START_TEST(too_many)
{
    const int wanted[] = { 1, 2 };
    const int got[] = { 1, 2, 3 };

    ck_assert_int_eq(INTS(wanted, got, false), 1);
    ck_assert_str_eq(said, "t.pipe:12: out: item 3: expected nothing, got 3\n");
    ck_assert_int_eq(INTS(wanted, got, true), 1);
    ck_assert_str_eq(said, "t.pipe:12: out: got 3, which is not expected\n");
    ck_assert_int_eq(ints(NULL, 0, got, 1, false), 1);
    ck_assert_str_eq(said, "t.pipe:11: out: item 1: expected nothing, got 1\n");
}
END_TEST

START_TEST(too_few)
{
    const int wanted[] = { 1, 2, 3 };
    const int got[] = { 1 };

    ck_assert_int_eq(INTS(wanted, got, false), 1);
    ck_assert_str_eq(said, "t.pipe:12: out: item 2: expected 2, got nothing\nt.pipe:13: out: item 3: expected 3, got nothing\n");
    ck_assert_int_eq(INTS(wanted, got, true), 1);
    ck_assert_str_eq(said, "t.pipe:12: out: expected 2, which did not come\nt.pipe:13: out: expected 3, which did not come\n");
}
END_TEST

START_TEST(ten_are_told)
{
    int wanted[12];
    const int got[12] = { 0 };
    size_t told = 0;

    for (int i = 0; i < 12; i++)
        wanted[i] = i + 1;
    ck_assert_int_eq(INTS(wanted, got, false), 1);
    for (const char *at = said; (at = strchr(at, '\n')); at++)
        told++;
    ck_assert_uint_eq(told, 11);
    ck_assert_ptr_nonnull(strstr(said, "t.pipe:21: out: and more\n"));
}
END_TEST

/* ---- failures ---- */

/* The exit status where the reasons come, of `read`, and then the run ends with `run_status`. */
static int fails(const struct prt_test_spec *of, const char *const *reasons, size_t n, bool stops, int run_status)
{
    const struct saying saying = said_begin();
    int status;

    prt_test_begin(&test, of);
    for (size_t i = 0; i < n; i++)
        prt_test_failed(&test, "read", reasons[i], stops);
    status = prt_test_end(&test, run_status);
    said_end(saying);
    return status;
}

START_TEST(failures_as_wanted)
{
    const char *const reasons[] = { "no room for it", "it is no shop" };

    ck_assert_int_eq(fails(&failing, reasons, 2, false, 1), 0);
    ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(failures_missing)
{
    const char *const reasons[] = { "it is no shop" };

    ck_assert_int_eq(fails(&failing, reasons, 1, false, 1), 1);
    ck_assert_str_eq(said, "t.pipe:8: read: expected to fail with 'no room', and did not\n");
}
END_TEST

START_TEST(failures_too_many)
{
    const char *const reasons[] = { "it is no shop", "it is no shop", "no room" };

    ck_assert_int_eq(fails(&failing, reasons, 3, false, 1), 1);
    ck_assert_str_eq(said, "t.pipe:3: read: failed: it is no shop\n");
    ck_assert_int_eq(fails(&spec, reasons, 1, true, 1), 1);
    ck_assert_str_eq(said, "t.pipe:3: read: failed: it is no shop\n");
}
END_TEST

/* A run that failed and nobody knows why has not passed; where bodies say status(3) it has. */
START_TEST(status_of_the_run)
{
    ck_assert_int_eq(fails(&spec, NULL, 0, false, 1), 1);
    ck_assert_str_eq(said, "t.pipe:3: the run failed\n");
    ck_assert_int_eq(fails(&spec, NULL, 0, false, 3), 0);
    ck_assert_str_eq(said, "");
}
END_TEST

/* What a failure that ends the run has kept away is not missed; what is wrong is told all the same. */
START_TEST(stopped)
{
    int wanted[] = { 1, 2 };
    const int got[] = { 3 };
    const struct saying saying = said_begin();

    prt_test_begin(&test, &failing);
    expect_ints(wanted, 2, false);
    ints_came(got, 1);
    prt_test_failed(&test, "read.inner", "no shop", true);
    prt_test_failed(&test, "read", "no room", true);
    prt_test_ended(&expect);
    ck_assert_int_eq(prt_test_end(&test, 1), 1);
    said_end(saying);
    ck_assert_str_eq(said, "t.pipe:11: out: item 1: expected 1, got 3\n");
}
END_TEST

/* ---- letters ---- */

struct letter {
    char *item;
    char *reason;
    int attempts;
    const char *stage;
};

static struct letter letter(const char *item, const char *reason, int attempts, const char *stage)
{
    struct letter made = { prt_test_string(item), (char *)reason, attempts, stage };

    prt_test_letter_expected(&made.reason, &made.stage);
    return made;
}

/* What each of them says; of those that letter() makes, what is no NULL or 0. */
static unsigned char says[12];

static int letters_of(struct letter *wanted, size_t nwanted, const struct letter *got, size_t ngot, bool unordered)
{
    const struct saying saying = said_begin();
    int status;

    for (size_t i = 0; i < nwanted; i++)
        says[i] = (unsigned char)((wanted[i].item ? PRT_TEST_ITEM : 0) | (wanted[i].reason ? PRT_TEST_REASON : 0)
                                  | (wanted[i].attempts ? PRT_TEST_ATTEMPTS : 0) | (wanted[i].stage ? PRT_TEST_STAGE : 0));
    memset(came, 0, sizeof came);
    prt_test_begin(&test, &spec);
    prt_test_expect(&expect, &(struct prt_test_expect){
        .test = &test, .channel = "lost", .line = lines[nwanted - 1], .kind = PRT_TEST_STRING, .size = sizeof(char *),
        .letter = PRT_TEST_LETTER(struct letter), .items = wanted, .lines = lines, .says = says,
        .n = nwanted, .came = unordered ? came : NULL });
    for (size_t i = 0; i < ngot; i++)
        prt_test_came(&expect, &got[i]);
    prt_test_ended(&expect);
    status = prt_test_end(&test, 0);
    said_end(saying);
    return status;
}

static int letters(struct letter *wanted, size_t nwanted, struct letter got, bool unordered)
{
    return letters_of(wanted, nwanted, &got, 1, unordered);
}

static const struct letter lost = { (char *)"a", (char *)"why", 2, "read" };

START_TEST(letters_as_wanted)
{
    struct letter item[] = { letter("a", NULL, 0, NULL) }, all[] = { letter("a", "why", 2, "read") };
    struct letter rest[] = { letter(NULL, "why", 0, NULL) };

    ck_assert_int_eq(letters(item, 1, lost, false), 0);
    ck_assert_int_eq(letters(all, 1, lost, true), 0);
    ck_assert_int_eq(letters(rest, 1, lost, false), 0);
    ck_assert_str_eq(said, "");
}
END_TEST

START_TEST(letters_not_so)
{
    const struct {
        struct letter wanted;
        const char *told;
    } cases[] = {
        { letter("b", NULL, 0, NULL), "t.pipe:11: lost: item 1: .item: expected \"b\", got \"a\"\n" },
        { letter("a", "no", 2, NULL), "t.pipe:11: lost: item 1: .reason: expected \"no\", got \"why\"\n" },
        { letter("a", NULL, 3, NULL), "t.pipe:11: lost: item 1: .attempts: expected 3, got 2\n" },
        { letter("a", NULL, 0, "show"), "t.pipe:11: lost: item 1: .stage: expected \"show\", got \"read\"\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct letter wanted = cases[i].wanted;

        ck_assert_int_eq(letters(&wanted, 1, lost, false), 1);
        ck_assert_str_eq(said, cases[i].told);
    }
}
END_TEST

/* Of two that would do, the one that says more: what is left says what is missing. */
START_TEST(letters_in_any_order)
{
    struct letter wanted[] = { letter("a", NULL, 0, NULL), letter("a", NULL, 2, "read") };

    ck_assert_int_eq(letters(wanted, 2, lost, true), 1);
    ck_assert_str_eq(said, "t.pipe:11: lost: expected { .item = \"a\" }, which did not come\n");
}
END_TEST

/* The first would have taken either of the two places, and the second has only one. */
START_TEST(letters_make_room)
{
    const struct letter got[] = { { (char *)"a", (char *)"why", 3, "read" }, { (char *)"a", (char *)"why", 1, "read" } };
    struct letter wanted[] = { letter("a", "why", 0, NULL), letter("a", NULL, 3, NULL) };

    ck_assert_int_eq(letters_of(wanted, 2, got, 2, true), 0);
    ck_assert_str_eq(said, "");
}
END_TEST

static bool is_so(const struct letter *wanted, const struct letter *got)
{
    return (!wanted->item || strcmp(wanted->item, got->item) == 0) && (!wanted->reason || strcmp(wanted->reason, got->reason) == 0)
        && (wanted->attempts == 0 || wanted->attempts == got->attempts);
}

/* How many of what came, from the i-th on, can have a place of their own: all ways are tried. */
static int most_places(const struct letter *wanted, const struct letter *got, size_t n, size_t i, unsigned taken)
{
    int most;

    if (i == n)
        return 0;
    most = most_places(wanted, got, n, i + 1, taken);
    for (size_t p = 0; p < n; p++) {
        const int with = taken & 1U << p || !is_so(&wanted[p], &got[i])
                         ? 0 : 1 + most_places(wanted, got, n, i + 1, taken | 1U << p);

        most = with > most ? with : most;
    }
    return most;
}

START_TEST(letters_have_most_places)
{
    enum { N = 5 };
    static char *const texts[] = { NULL, (char *)"a", (char *)"b", (char *)"c" };
    int whole = 0;

    srand(1);
    for (int round = 0; round < 3000; round++) {
        struct letter wanted[N], got[N];
        int places, told = 0;

        for (int i = 0; i < N; i++) {
            do
                wanted[i] = letter(texts[rand() % 3], texts[rand() % 3], rand() % 3, NULL);
            while (!wanted[i].item && !wanted[i].reason && wanted[i].attempts == 0);
            got[i] = (struct letter){ texts[1 + rand() % 2], texts[1 + rand() % 2], 1 + rand() % 2, "read" };
        }
        places = most_places(wanted, got, N, 0, 0);
        whole += places == N;
        ck_assert_int_eq(letters_of(wanted, N, got, N, true), places < N);
        for (const char *at = said; (at = strchr(at, '\n')); at++)
            told++;
        ck_assert_int_eq(told, 2 * (N - places)); /* each without a place, and each place without one */
    }
    ck_assert_int_gt(whole, 100);
}
END_TEST

START_TEST(letters_fed)
{
    struct letter said_all = { NULL, (char *)"why", 3, "read" }, said_nothing = { NULL, NULL, 0, NULL };

    prt_test_letter_fed(&said_all.reason, &said_all.attempts, &said_all.stage);
    ck_assert_str_eq(said_all.reason, "why");
    ck_assert_int_eq(said_all.attempts, 3);
    ck_assert_str_eq(said_all.stage, "read");
    prt_test_letter_fed(&said_nothing.reason, &said_nothing.attempts, &said_nothing.stage);
    ck_assert_str_eq(said_nothing.reason, "");
    ck_assert_int_eq(said_nothing.attempts, 1);
    ck_assert_str_eq(said_nothing.stage, "");
    free(said_all.reason);
    free(said_nothing.reason);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        all_as_wanted, in_order, one_twice, too_many, too_few, ten_are_told,
        failures_as_wanted, failures_missing, failures_too_many, status_of_the_run, stopped,
        letters_as_wanted, letters_not_so, letters_in_any_order, letters_make_room,
        letters_have_most_places, letters_fed };

    return unit_run_all("expect", tests, sizeof tests / sizeof *tests);
}
