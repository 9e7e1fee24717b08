/* What plan_make() decides, and how it looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "unit.h"
#include "unit_compile.h"

static struct unit_compiled it;

static struct plan *plan_of(const char *text)
{
    it = unit_compile(text);
    diags_print(it.diags);
    ck_assert_uint_eq(diag_errors(it.diags), 0);
    return plan_make(it.facts);
}

static void release(void)
{
    unit_release(&it);
}

/* ---- channel kinds ---- */

struct kind { const char *sender, *receiver, *cap; enum channel_kind kind; };

static const struct kind kinds[] = {
    { "", "", "4", KIND_ONE_TO_ONE },
    { "workers 2", "", "4", KIND_MANY_TO_ONE },
    { "", "workers 2", "4", KIND_ONE_TO_MANY },
    { "workers 2", "workers auto", "4", KIND_MANY_TO_MANY },
    { "workers 1", "", "4", KIND_MANY_TO_ONE }, /* --workers may make it many */
    { "bound 3", "", "4", KIND_MANY_TO_ONE },
    { "bound 1", "", "4", KIND_ONE_TO_ONE },
    { "", "bound m", "4", KIND_ONE_TO_MANY },
    { "bound n", "", "4", KIND_MANY_TO_ONE },
    { "workers 2", "workers 2", "0", KIND_RENDEZVOUS },
    { "workers 2", "workers 2", "*", KIND_GROWING },
};

START_TEST(test_kinds)
{
    const struct kind *k = &kinds[_i];
    char text[500];

    snprintf(text, sizeof text,
             "pipeline p; bound m = 4; param int n = 1; channel int z[n]; channel int a[%s];"
             "stage s -> z { emit(1); } stage t (x <- z) -> a %s { emit(x); } stage u (x <- a) %s { (void)x; }"
             "channel int w[*]; stage v -> w { emit(1); } stage y (x <- w) bound m { (void)x; }",
             k->cap, k->sender, k->receiver);
    ck_assert_msg(plan_of(text)->channels[1].kind == k->kind, "%s -> [%s] -> %s", k->sender, k->cap, k->receiver);
    release();
}
END_TEST

START_TEST(test_several_stages_are_many)
{
    const struct plan *plan = plan_of("pipeline p; channel int a[4]; channel int b[4]; stage s -> a { emit(1); }"
                                      "stage t -> a, b { emit(a, 1); emit(b, 1); } stage u (x <- a | b) { (void)x; }"
                                      "stage v (x <- b) { (void)x; }");

    ck_assert_int_eq(plan->channels[0].kind, KIND_MANY_TO_ONE);
    ck_assert_int_eq(plan->channels[1].kind, KIND_ONE_TO_MANY);
    ck_assert_uint_eq(plan->stages[2].inputs[0].nsources, 2);
    ck_assert_ptr_eq(plan->stages[2].inputs[0].sources[1], &plan->channels[1]);
    release();
}
END_TEST

/* ---- workers ---- */

START_TEST(test_workers)
{
    const struct plan *plan =
        plan_of("pipeline p; channel int a[*]; bound m = 9; param int n = 3; stage s -> a bound m { emit(1); }"
                "stage t (x <- a) { (void)x; } stage u (x <- a) workers n { (void)x; } stage v (x <- a) workers auto { "
                "(void)x; }"
                "stage w (x <- a) bound 5 { (void)x; } stage y (x <- a) bound m bound 2 { (void)x; }"
                "stage z (x <- a) workers 2 bound 5 { (void)x; } stage k (x <- a) bound m weight (2) { (void)x; }");

    ck_assert_int_eq(plan->stages[0].workers.kind, AMOUNT_NONE); /* a source has one, whatever it shares */
    ck_assert_int_eq(plan->stages[1].workers.kind, AMOUNT_NONE);
    ck_assert(plan->stages[1].fixed);
    ck_assert_str_eq(plan->stages[2].workers.param, "n");
    ck_assert(!plan->stages[2].fixed);
    ck_assert(plan->stages[3].workers_auto && !plan->stages[3].fixed);
    ck_assert_int_eq(plan->stages[4].workers.n, 5);
    ck_assert(plan->stages[4].fixed);
    ck_assert_int_eq(plan->stages[5].workers.n, 2);
    ck_assert_int_eq(plan->stages[6].workers.n, 2);
    ck_assert_int_eq(plan->stages[7].workers.kind, AMOUNT_NONE); /* units, not bodies */
    ck_assert(plan->wiring_reads_params);
    release();
}
END_TEST

/* ---- leaves ---- */

struct leaf { const char *stage; bool leaf, may_wait; const char *why; };

static const struct leaf leaves[] = {
    { "stage t (x <- a) -> b { emit(x); }", true, false,
      "Sends exactly one item for each that it receives, so it never waits" },
    { "stage t (x <- a) -> b { if (x) emit(x); }", true, false,
      "Sends at most one item for each that it receives, so it never waits" },
    { "stage t (x <- a) -> b[3] { for (int i = 0; i < 3; i++) emit(x); }", true, false,
      "Sends exactly 3 items for each that it receives, so it never waits" },
    { "stage t (x <- a) -> b[0..64] = fn;", true, false,
      "Sends at most 64 items for each that it receives, so it never waits" },
    { "stage t (x <- a) -> b[0..65] = fn;", false, true,
      "Sends at most 65 items for each that it receives, more than a worker can keep, so its emit may wait for room" },
    { "stage t (x <- a) -> b = fn;", false, true, "Sends any number of items, so its emit may wait for room" },
    { "stage t (x <- a) -> b { while (x--) emit(x); }", false, true,
      "Sends any number of items, so its emit may wait for room" },
    { "stage t (x <- a) -> b { help(self); }", false, true,
      "Sends any number of items, so its emit may wait for room" },
    { "stage t (x <- a) -> b blocking { emit(x); }", false, true,
      "Each worker has a thread of its own, on which it may wait for room" },
    { "stage t (x <- a) -> b flush every 1s { emit(0); } { emit(x); }", false, true,
      "Its flush sends items, so it may wait for room" },
    { "stage t (x <- a) -> b final { emit(0); } { emit(x); }", true, false,
      "Sends exactly one item for each that it receives, so it never waits" },
    { "stage t (x <- a) -> g { while (x--) emit(x); }", false, false,
      "Sends any number of items, and nobody waits to send to a channel that grows" },
    { "stage t (x <- a) -> b, g { emit(b, x); if (x) emit(g, x); }", true, false,
      "Sends at most one item to each output for each that it receives, so it never waits" },
};

START_TEST(test_leaves)
{
    const struct leaf *l = &leaves[_i];
    const bool to_b = strstr(l->stage, "-> b") != NULL;
    char text[500];
    const struct plan *plan;

    snprintf(text, sizeof text, "pipeline p; channel int a[4]; channel int %s; stage s -> a { for (;;) emit(1); } %s"
             "stage u (x <- %s) { (void)x; } %s", to_b ? "b[4]" : "g[*]", l->stage, to_b ? "b" : "g",
             to_b && strstr(l->stage, ", g") ? "channel int g[*]; stage v (x <- g) { (void)x; }" : "");
    plan = plan_of(text);
    ck_assert_msg(plan->stages[1].leaf == l->leaf, "%s: leaf", l->stage);
    ck_assert_msg(plan->stages[1].may_wait == l->may_wait, "%s: may wait", l->stage);
    ck_assert_str_eq(plan->stages[1].why, l->why);
    ck_assert(!plan->stages[0].leaf);
    ck_assert(plan->stages[2].leaf);
    release();
}
END_TEST

START_TEST(test_counts_to_check)
{
    const struct plan *plan = plan_of(
        "pipeline p; channel int a[4]; channel int b[4]; channel int c[4]; stage s -> a[3] { for (;;) emit(1); }"
        "stage t (x <- a) -> b[0..2] { if (x) emit(x); } stage u (x <- b) -> c[1] final { emit(0); } { if (x) emit(x); "
        "}"
        "stage v (x <- c) { (void)x; }");

    ck_assert(plan->stages[0].outputs[0].check);
    ck_assert(!plan->stages[1].outputs[0].check); /* the body can be seen to keep it */
    ck_assert(plan->stages[2].outputs[0].check);
    ck_assert_int_eq(plan->stages[1].outputs[0].count.most, 2);
    ck_assert(plan->stages[2].outputs[0].emitted);
    release();
}
END_TEST

/* ---- types ---- */

START_TEST(test_types)
{
    const struct plan *plan = plan_of("pipeline p; type url = char * drop free; type id = long; channel string a[4]; "
                                      "channel bytes b[4]; channel url c[4];"
                                      "channel id d[4]; channel const char * e[4];"
                                      "stage s -> a, b, c, d, e { for (;;) { emit(a, 0); emit(b, (struct prt_bytes){ 0 "
                                      "}); emit(c, 0); emit(d, 1); emit(e, 0); } }"
                                      "stage t (x <- a) { (void)x; } stage u (x <- b) { (void)x; } stage v (x <- c) { "
                                      "(void)x; } stage w (x <- d) { (void)x; }"
                                      "stage y (x <- e) { (void)x; }");
    static const struct { const char *c_type, *drop;
    } wanted[] = { { "char *", "prt_string_drop" },
                   { "struct prt_bytes", "prt_bytes_drop" },
                   { "url", "p_drop_url_" },
                   { "id", NULL },
                   { "const char *", NULL } };

    for (size_t c = 0; c < 5; c++) {
        ck_assert_str_eq(plan->channels[c].c_type, wanted[c].c_type);
        ck_assert_pstr_eq(plan->channels[c].drop, wanted[c].drop);
        ck_assert_pstr_eq(plan->stages[c + 1].inputs[0].drop, wanted[c].drop);
        ck_assert_int_eq(plan->stages[c + 1].inputs[0].drop != NULL, wanted[c].drop != NULL);
    }
    release();
}
END_TEST

/* ---- inline stages ---- */

/* s calls t twice for each item, t calls u and v, u sends up to three items, v one. */
START_TEST(test_inline)
{
    const struct plan *plan = plan_of(
        "pipeline p; channel int in[4]; channel int a[4]; channel int b[4]; channel int c[4]; channel int d[4];"
        "channel int e[4]; stage from -> in { emit(1); }"
        "stage v (x <- c) -> e inline { emit(x); }"
        "stage s (x <- in) -> a workers 3 { emit(x); emit(x); }"
        "stage t (x <- a) -> b, c inline { emit(b, x); emit(c, x); }"
        "stage u (x <- b) -> d[0..3] inline { while (x--) emit(x); }"
        "stage end (x <- d | e) { (void)x; }");
    const struct planned_stage *s = &plan->stages[2], *t = &plan->stages[3], *u = &plan->stages[4];

    ck_assert(s->leaf);
    ck_assert_uint_eq(s->ninlines, 3);
    ck_assert_ptr_eq(s->inlines[0], t);
    ck_assert_ptr_eq(s->inlines[1], u);
    ck_assert_uint_eq(s->nsent, 2);
    ck_assert_ptr_eq(s->sent[0].by, u);
    ck_assert_int_eq(s->sent[0].most, 6);
    ck_assert_int_eq(s->sent[1].most, 2);
    ck_assert_ptr_eq(plan->stages[1].host, s);
    ck_assert_int_eq(s->outputs[0].channel->guard, GUARD_ENDING);
    ck_assert_int_eq(t->outputs[0].channel->guard, GUARD_ENDING);
    ck_assert_int_eq(plan->channels[1].kind, KIND_CALL);
    ck_assert_int_eq(plan->channels[4].kind, KIND_MANY_TO_ONE);
    release();
}
END_TEST

/* ---- cycles ---- */

START_TEST(test_cycles)
{
    const struct plan *plan = plan_of(
        "pipeline p; channel int in[4]; channel int a[*]; channel int b[4]; channel int out[4]; channel int c[*];"
        "stage s -> in { emit(1); } stage t (x <- in | a) -> b { emit(x); } stage u (x <- b) -> a, out { emit(a, x); "
        "emit(out, x); }"
        "stage v (x <- out | c) -> c { if (x) emit(x); }");
    const int stages[] = { 0, 1, 1, 2 };
    const int channels[] = { 1, 1, 1, 2, 2 };

    for (size_t s = 0; s < 4; s++)
        ck_assert_int_eq(plan->stages[s].cycle, stages[s]);
    for (size_t c = 0; c < 5; c++)
        ck_assert_int_eq(plan->channels[c].cycle, channels[c]);
    ck_assert(!plan->stages[0].sent[0].in_cycle); /* from outside */
    ck_assert(!plan->stages[1].sent[0].in_cycle); /* bounded: its items are processed while draining */
    ck_assert(plan->stages[2].sent[0].in_cycle);
    ck_assert(!plan->stages[2].sent[1].in_cycle); /* leaves the cycle */
    ck_assert(plan->stages[3].sent[0].in_cycle);
    release();
}
END_TEST

/* Beside a loop of `turn` through `back`: its stages, and the cycle that each ends with, `begin` and `turn` first. */
static const struct { const char *stages; int cycles[6]; } ends[] = {
    { "", { 0, 1 } },
    { "stage aside (n <- fresh) { (void)n; }", { 0, 1, 0 } },
    { "stage other (n <- fresh) -> back { emit(n); }", { 0, 1, 1 } },
    { "channel int far[4]; stage other (n <- fresh) -> far { emit(n); } stage last (n <- far) -> back { emit(n); }",
      { 0, 1, 1, 1 } },
    { "channel int far[4]; stage more -> far { emit(1); } stage other (n <- fresh | far) -> back { emit(n); }"
      "stage last (n <- far) -> back { emit(n); }", { 0, 1, 0, 1, 1 } },
    { "channel int far[4]; stage other (n <- fresh) -> far { emit(n); } stage last (n <- far) { (void)n; }",
      { 0, 1, 0, 0 } },
    { "channel int two[*]; stage second (n <- two) -> two { emit(n); } stage more -> two { emit(1); }",
      { 0, 1, 2, 0 } },
    { "channel int two[*]; stage second (n <- fresh | two) -> two { emit(n); }", { 0, 1, 1 } },
    { "channel int two[*]; channel int far[4]; stage second (n <- fresh | two) -> two { emit(n); }"
      "stage third (n <- far) -> two { emit(n); } stage more -> far { emit(1); }", { 0, 1, 1, 0, 0 } },
};

START_TEST(test_ends_with)
{
    const struct plan *plan;
    char text[900];

    snprintf(text, sizeof text,
             "pipeline p; channel int fresh[4]; channel int back[*]; stage begin -> fresh { emit(1); }"
             "stage turn (n <- fresh | back) -> back { emit(n); } %s", ends[_i].stages);
    plan = plan_of(text);
    for (size_t s = 0; s < plan->nstages; s++)
        ck_assert_msg(plan->stages[s].cycle == ends[_i].cycles[s], "%s: stage %zu ends with %d", ends[_i].stages, s,
                      plan->stages[s].cycle);
    release();
}
END_TEST

/* ---- pictures ---- */

struct picture { const char *text, *drawing; };

static const struct picture pictures[] = {
    { "channel int a[16]; channel int b[0]; stage s -> a { emit(1); } stage t (x <- a) -> b workers 3 { emit(x); }"
      "stage u (x <- b) { (void)x; }", "s --a[16]--> t x3 --b[0]--> u\n" },
    { "stage s every 1s { }", "s\n" },
    { "channel int a[*]; param int n = 4; stage u (x <- a) workers n { (void)x; } stage s -> a { emit(1); }",
      "s --a[*]--> u x n\n" },
    { "channel int a[4]; channel int b[4]; stage s -> a { emit(1); } stage t -> a { emit(1); }"
      "stage u (x <- a) -> b { emit(x); } stage v (x <- b) { (void)x; } stage w (x <- b) workers auto { (void)x; }",
      "s, t --a[4]--> u --b[4]--> v, w x auto\n" },
    { "channel int a[4]; channel int b[4]; channel int c[4]; stage s -> a { emit(1); }"
      "stage u (x <- a) -> b, c { emit(b, x); emit(c, x); } stage v (x <- b | c) { (void)x; }",
      "s --a[4]--> u --b[4]--> v\nu --c[4]--> v\n" },
    { "channel int a[*]; channel int b[4]; stage s -> a { emit(1); } stage t (x <- a) -> b { emit(x); }"
      "stage u (x <- b) -> a { if (x) emit(x); }", "s, u --a[*]--> t --b[4]--> u\n" },
    { "channel int a[*]; channel int b[4]; stage s -> a { emit(1); } stage t (x <- a) -> b inline { emit(x); }"
      "stage u (x <- b) workers 2 { (void)x; }", "s --a()--> t --b[4]--> u x2\n" },
};

START_TEST(test_pictures)
{
    char text[1000];

    snprintf(text, sizeof text, "pipeline p; %s", pictures[_i].text);
    ck_assert_str_eq(plan_of(text)->drawing, pictures[_i].drawing);
    release();
}
END_TEST

START_TEST(test_long_picture)
{
    char *text = malloc(100000);
    size_t len = (size_t)sprintf(text, "pipeline p; channel int c0[4]; stage s -> c0 { emit(1); }");
    const char *drawing;

    for (int i = 0; i < 300; i++)
        len += (size_t)sprintf(text + len, "channel int c%d[4]; stage s%d (x <- c%d) -> c%d { emit(x); }", i + 1, i, i,
                               i + 1);
    sprintf(text + len, "stage t (x <- c300) { (void)x; }");
    drawing = plan_of(text)->drawing;
    for (const char *end; (end = strchr(drawing, '\n')) != NULL; drawing = end + 1)
        ck_assert_int_lt(end - drawing, 130);
    ck_assert_int_eq(*drawing, '\0');
    release();
    free(text);
}
END_TEST

/* ---- the table ---- */

static const char table[] = "pipeline fanout: 3 stages, 2 channels\n"
                            "\n"
                            "  produce --todo[16]--> twice x3 --done[depth]--> report\n"
                            "\n"
                            "  stage    workers   how it runs\n"
                            "  produce  1         A source; sends any number of items, so its emit may wait for room\n"
                            "  twice    3         Sends exactly one item for each that it receives, so it never waits\n"
                            "  report   1         A sink; it never waits for room\n"
                            "\n"
                            "  channel  capacity  type          kind\n"
                            "  todo     16        int           one sender, many receivers\n"
                            "  done     depth     string        many senders, one receiver\n"
                            "\n"
                            "threads: one for each processor, 1 for the source; up to all workers "
                            "(5, by default) while bodies "
                            "wait in the kernel\n"
                            "memory of items, queued and in hand: at most 140 bytes, and what they own, by default\n"
                            "memory of stacks: 4096 bytes to 320 KiB, of bodies that may wait at once (1)\n"
                            "throughput:\n"
                            "  'report' gets at most 5 items a second, by 'produce'\n"
                            "  at most 3 bodies of 'twice' at once\n";

START_TEST(test_table)
{
    const struct plan *plan = plan_of(
        "pipeline fanout; param int depth = 4; channel int todo[16]; channel string done[depth];"
        "stage produce -> todo rate 5/s { for (;;) emit(1); }"
        "stage twice (j <- todo) -> done workers 3 bound 3 { emit(make(j)); } stage report (r <- done) { puts(r); }");
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);

    plan_print(plan, to);
    fclose(to);
    ck_assert_str_eq(text, table);
    free(text);
    release();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan");
    TCase *t = tcase_create("decisions");

    tcase_add_loop_test(t, test_kinds, 0, (int)(sizeof kinds / sizeof *kinds));
    tcase_add_test(t, test_several_stages_are_many);
    tcase_add_test(t, test_workers);
    tcase_add_loop_test(t, test_leaves, 0, (int)(sizeof leaves / sizeof *leaves));
    tcase_add_test(t, test_counts_to_check);
    tcase_add_test(t, test_types);
    tcase_add_test(t, test_inline);
    tcase_add_test(t, test_cycles);
    tcase_add_loop_test(t, test_ends_with, 0, (int)(sizeof ends / sizeof *ends));
    tcase_add_loop_test(t, test_pictures, 0, (int)(sizeof pictures / sizeof *pictures));
    tcase_add_test(t, test_long_picture);
    tcase_add_test(t, test_table);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
