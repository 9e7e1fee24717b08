/* The proofs, from .pipe text: which groups of stages may wait for each other, and the shape of the cycle found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/deadlock.h"
#include "unit.h"
#include "unit_compile.h"

static struct unit_compiled it;
static const struct graph *graph;

static void release(void)
{
    unit_release(&it);
}

/* Through every pass, since the proofs stand on what the bodies promise. Returns how many errors there were. */
static size_t load(const char *text)
{
    it = unit_compile(text);
    graph = it.facts->graph;
    return diag_errors(it.diags);
}

static size_t count(const struct wait_cycle *cycle)
{
    size_t n = 0;

    for (; cycle; cycle = cycle->next)
        n++;
    return n;
}

struct proof { const char *what, *text; size_t channels, bounds; };

#define ANY "{ for (;;) emit(1); }"
#define ONE "{ emit(x); }"

#define SUM "{ (void)(x + y); }"

static const struct proof proofs[] = {
    { "a bound held before a zip whose partner needs it",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1]; channel int c[1]; channel int d[1];"
      "stage s -> a " ANY " stage t -> b " ANY " stage h (x <- a) -> c bound m " ANY " stage n (x <- b) -> d bound m " ONE
      " stage z (x <- c, y <- d) " SUM,
      0, 1 },
    { "the same, far behind it",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1]; channel int c[1]; channel int d[1]; channel int e[1];"
      "stage s -> a " ANY " stage t -> b bound m " ANY " stage h (x <- a) -> c bound m " ANY " stage n (x <- b) -> d " ONE
      " stage o (x <- d) -> e bound m " ONE " stage z (x <- c, y <- e) " SUM,
      0, 1 },
    { "a bound that each side of a zip needs and gives back",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1]; channel int c[1]; channel int d[1];"
      "stage s -> a " ANY " stage t -> b " ANY " stage h (x <- a) -> c bound m " ONE " stage n (x <- b) -> d bound m " ONE
      " stage z (x <- c, y <- d) bound m " SUM,
      0, 0 },
    { "a bound of one side of a zip",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1]; channel int c[1];"
      "stage s -> a " ANY " stage t -> b " ANY " stage h (x <- a) -> c bound m " ANY " stage z (x <- c, y <- b) " SUM,
      0, 0 },
    { "a chain",
      "pipeline p; channel int a[1]; channel int b[0];"
      "stage s -> a " ANY " stage t (x <- a) -> b " ANY " stage u (x <- b) { (void)x; }",
      0, 0 },
    { "a fork and a merge",
      "pipeline p; channel int a[1]; channel int b[1];"
      "stage s -> a, b { emit(a, 1); emit(b, 1); } stage u (x <- a | b) { (void)x; }",
      0, 0 },
    { "a stage that feeds itself",
      "pipeline p; channel int a[1];"
      "stage s -> a " ANY " stage t (x <- a) -> a " ONE,
      1, 0 },
    { "through a channel that grows",
      "pipeline p; channel int a[*];"
      "stage s -> a " ANY " stage t (x <- a) -> a " ONE,
      0, 0 },
    { "a cycle of three",
      "pipeline p; channel int a[1]; channel int b[1]; channel int c[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b " ONE " stage u (x <- b) -> c " ONE " stage v (x <- c) -> a " ONE,
      1, 0 },
    { "a cycle of three that grows at one place",
      "pipeline p; channel int a[1]; channel int b[*]; channel int c[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b " ONE " stage u (x <- b) -> c " ONE " stage v (x <- c) -> a " ONE,
      0, 0 },
    { "two cycles in one group, one of them bounded",
      "pipeline p; channel int a[1]; channel int b[*]; channel int c[1];"
      "stage s -> c " ANY " stage t (x <- a | b | c) -> a, b { emit(a, x); emit(b, x); }",
      1, 0 },
    { "two groups",
      "pipeline p; channel int a[1]; channel int b[1]; channel int c[*];"
      "stage s -> a " ANY " stage t (x <- a) -> a, c { emit(a, x); emit(c, x); }"
      "stage u (x <- b | c) -> b " ONE,
      2, 0 },
    { "a shared bound that leaves hold",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b bound m " ONE " stage u (x <- b) bound m { (void)x; }",
      0, 0 },
    { "a shared bound held while sending",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b bound m " ANY " stage u (x <- b) bound m { (void)x; }",
      0, 1 },
    { "the same upstream",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b bound m " ONE " stage u (x <- b) -> c bound m " ANY
      "stage v (x <- c) { (void)x; } channel int c[1];",
      0, 0 },
    { "behind a channel that grows",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[*]; channel int c[1];"
      "stage s -> a bound m " ANY " stage t (x <- a) -> b " ONE " stage u (x <- b) -> c " ANY
      "stage v (x <- c) bound m { (void)x; }",
      0, 0 },
    { "far downstream",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1]; channel int c[1];"
      "stage s -> a bound m " ANY " stage t (x <- a) -> b " ONE " stage u (x <- b) -> c " ANY
      "stage v (x <- c) bound m { (void)x; }",
      0, 1 },
    { "two bounds crosswise",
      "pipeline p; bound m = 1; bound n = 1; channel int a[1]; channel int b[1];"
      "stage s -> a bound m " ANY " stage t (x <- a) bound n { (void)x; }"
      "stage u -> b bound n " ANY " stage v (x <- b) bound m { (void)x; }",
      0, 1 },
    { "two bounds side by side",
      "pipeline p; bound m = 1; bound n = 1; channel int a[1]; channel int b[1];"
      "stage s -> a bound m " ANY " stage t (x <- a) bound n { (void)x; }"
      "stage u -> b " ANY " stage v (x <- b) bound m bound n { (void)x; }",
      0, 0 },
    { "65 items are no leaf's",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b[0..65] bound m " ANY " stage u (x <- b) bound m { (void)x; }",
      0, 1 },
    { "64 are",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b[0..64] bound m " ANY " stage u (x <- b) bound m { (void)x; }",
      0, 0 },
    { "a stage whose flush sends is no leaf",
      "pipeline p; bound m = 1; channel int a[1]; channel int b[1];"
      "stage s -> a " ANY " stage t (x <- a) -> b bound m flush every 1s { emit(1); } { emit(x); }"
      "stage u (x <- b) bound m { (void)x; }",
      0, 1 },
};

START_TEST(test_proofs)
{
    const struct proof *proof = &proofs[_i];
    const size_t errors = load(proof->text);
    const size_t channels = count(deadlock_channels(graph));
    const size_t bounds = channels ? 0 : count(deadlock_bounds(graph));

    ck_assert_msg(channels == proof->channels, "%s: %zu cycles of channels", proof->what, channels);
    ck_assert_msg(bounds == proof->bounds, "%s: %zu cycles through bounds", proof->what, bounds);
    ck_assert_msg(errors == proof->channels + proof->bounds, "%s: %zu errors", proof->what, errors);
    release();
}
END_TEST

START_TEST(test_shape_of_a_cycle)
{
    const struct wait_cycle *cycle;

    load("pipeline p; channel int a[1]; channel int b[1]; stage s -> a " ANY
         " stage t (x <- a) -> b " ONE " stage u (x <- b) -> a " ONE);
    cycle = deadlock_channels(graph);
    ck_assert_uint_eq(cycle->n, 4);
    ck_assert_uint_eq(cycle->nodes[0], 1); /* t, b, u, a */
    ck_assert_uint_eq(cycle->nodes[1], 4);
    ck_assert_uint_eq(cycle->nodes[2], 2);
    ck_assert_uint_eq(cycle->nodes[3], 3);
    release();
}
END_TEST

/* A ring of many stages and many bounds: found, and in time that grows with it only. */
START_TEST(test_large)
{
    const int n = 20000;
    char *text = malloc((size_t)n * 200);
    size_t len = (size_t)sprintf(text, "pipeline p; stage s -> c0 { emit(1); }\n");

    for (int i = 0; i < n; i++)
        len += (size_t)sprintf(text + len, "channel int c%d[1]; stage s%d (x <- c%d) -> c%d { emit(x); }\n", i, i, i,
                               (i + 1) % n);
    ck_assert_uint_eq(load(text), 1);
    ck_assert_uint_eq(deadlock_channels(graph)->n, 2 * (size_t)n);
    release();
    free(text);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("deadlock");
    TCase *t = tcase_create("proofs");

    tcase_add_loop_test(t, test_proofs, 0, (int)(sizeof proofs / sizeof *proofs));
    tcase_add_test(t, test_shape_of_a_cycle);
    tcase_add_test(t, test_large);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
