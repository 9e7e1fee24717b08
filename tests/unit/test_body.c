/* What body_scan() sees in C text: calls and their places, counts, names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts/count.h"
#include "unit.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

enum { OUTPUT = 3 };

static struct obstack memory;
static struct sources *sources;

/* Each text is a file. */
static struct body *scan_bytes(const char *text, size_t len)
{
    struct source *const source = source_from_memory("x.pipe", text, len);

    ck_assert(sources_add(sources, source));
    return body_scan(&memory, sources, (struct span){ source->start, source_end(source) }, NULL, NULL, 0);
}

static struct body *scan(const char *text)
{
    return scan_bytes(text, strlen(text));
}

static void setup(void)
{
    obstack_init(&memory);
    sources = sources_new();
}

static void teardown(void)
{
    obstack_free(&memory, NULL);
    sources_free(sources);
}

/* All emits go to one output, as calls_find() would find. */
static struct count count(const char *text)
{
    struct body *body = scan(text);

    for (struct call *call = body->calls; call; call = call->next)
        if (call_sends(call->kind))
            call->output = OUTPUT;
    return body_count(body, OUTPUT);
}

static void expect_span(const char *text, struct span span, const char *wanted)
{
    ck_assert_uint_eq(span.end - span.start, strlen(wanted));
    ck_assert_int_eq(strncmp(text + span.start, wanted, strlen(wanted)), 0);
}

struct counted { const char *text; int64_t least, most; };

static const struct counted counts[] = {
    { "", 0, 0 },
    { "emit(x);", 1, 1 },
    { "f(); emit(x); g();", 0, COUNT_ANY },
    { "f(); if (x) { emit(x); } done;", 0, COUNT_ANY },
    { "f(); g(); emit(x);", 1, 1 },
    { "emit(x); f(); g();", 1, 1 },
    { "f(); { g(); } emit(x);", 1, 1 },
    { "{ f(); emit(x); } g();", 1, 1 },
    { "{ f(); emit(x); g(); } emit(y);", 0, COUNT_ANY },
    { "y = f(); emit(x); z = g();", 1, 1 },
    { "printf(\"x\"); memset(&y, 0, 4); emit(x); free(y);", 1, 1 },
    { "int f(int n); f(1); emit(x); f(2);", 1, 1 },
    { "{ emit(x); }", 1, 1 },
    { "emit(x); emit(y);", 2, 2 },
    { "BEGIN int y = 1; emit(y); END", 0, COUNT_ANY },
    { "AGAIN; emit(x); REPEAT_IF(x);", 0, COUNT_ANY },
    { "LOG(\"x\"); emit(x);", 0, COUNT_ANY },
    { "TOTAL += x; N[1] = 2; FILE *f = open(); emit(x);", 1, 1 },
    { "f(EOF, NULL); if (MAX > 1) g(); emit(x);", 1, 1 },
    { "if (x) emit(x);", 0, 1 },
    { "if (x) { emit(x); }", 0, 1 },
    { "if (x) emit(x); else emit(y);", 0, 2 },
    { "if (x) { emit(x); } else { emit(y); }", 0, 2 },
    { "if (x) f(); else if (y) emit(y); else emit(z);", 0, 2 },
    { "if (x) f(); emit(y);", 1, 1 },
    { "switch (x) { case 1: emit(x); break; default: emit(y); }", 0, 2 },
    { "switch (x) { case 1 ? 2 : 3: emit(x); }", 0, 1 },
    { "x = c ? 1 : 2; emit(x);", 1, 1 },
    { "int b : 3; emit(x);", 1, 1 },
    { "if (!emit_ok(x)) return;", 0, 1 },
    { "if (x && emit_ok(x)) f();", 0, 1 },
    { "ok = emit_ok(x);", 1, 1 },
    { "ok = try_emit(x);", 0, 1 },
    { "emit(x); (void)try_emit(y);", 1, 2 },
    { "emit(x); if (y) return;", 0, 1 },
    { "emit(x); if (y) fail(\"no\");", 0, 1 },
    { "struct point p = { 1, 2 }; emit(p);", 1, 1 },
    { "emit((struct point){ 1, 2 });", 1, 1 },
    { "__attribute__((unused)) int y = 1; emit(y);", 1, 1 },
    { "p->emit(x); q.emit(y);", 0, 0 },
    { "/* emit(x); */ \"emit(x);\"; // emit(y);\n", 0, 0 },
    { "'\"'; emit(x); '\"';", 1, 1 },
    { "n = 1'000; emit(x); c = '0';", 1, 1 },
    { "em\\\nit(x);", 1, 1 },
    { "emit /* here */ (x) ;", 1, 1 },
    { "while (n-->0) f(); emit(x);", 1, 1 },
    { "for (i = 0; i < 2; i++) emit(x);", 0, COUNT_ANY },
    { "for (i = 0; i < 2; i++) { if (i) emit(x); }", 0, COUNT_ANY },
    { "for (i = 0; i < 2; i++) if (i) f(); else emit(x);", 0, COUNT_ANY },
    { "for (i = 0; i < 2; i++) if (i) { f(); } else { emit(x); }", 0, COUNT_ANY },
    { "while (f()) emit(x);", 0, COUNT_ANY },
    { "do emit(x); while (f());", 0, COUNT_ANY },
    { "do { emit(x); } while (f());", 0, COUNT_ANY },
    { "while (emit_ok(x)) f();", 0, COUNT_ANY },
    { "do f(); while (emit_ok(x));", 0, COUNT_ANY },
    { "for (; emit_ok(x);) f();", 0, COUNT_ANY },
    { "switch (n) { case 0: do { emit(x); case 1: emit(y); } while (--n); }", 0, COUNT_ANY },
    { "again: emit(x); if (y) goto again;", 0, COUNT_ANY },
    { "out: emit(x);", 0, COUNT_ANY },
    { "list_for_each(p, list) emit(p);", 0, COUNT_ANY },
    { "list_for_each(p, list) { emit(p); }", 0, COUNT_ANY },
    { "forever { emit(x); }", 0, COUNT_ANY },
    { "FOREACH(p) *p = 1, emit_ok(*p);", 0, COUNT_ANY },
    { "REPEAT(emit_ok(x));", 0, COUNT_ANY },
    { "#define LOOP for (;;)\nemit(x);", 0, COUNT_ANY },
    { "#if A\nfor (;;)\n#endif\nemit(x);", 0, COUNT_ANY },
    { "help(self);", 0, COUNT_ANY },
    { "help(&self->left); emit(x);", 1, 1 },
    { "n = ({ int m = 1; m; }); emit(x);", 1, 1 },
    { "for (;;) f(); emit(x);", 1, 1 },
    { "do f(); while (x); emit(x);", 1, 1 },
    { "if (x) for (;;) f(); emit(x);", 1, 1 },
};

START_TEST(test_counts)
{
    const struct counted *c = &counts[_i];
    const struct count seen = count(c->text);

    ck_assert_msg(seen.least == c->least && seen.most == c->most, "%s: seen %lld to %lld, wanted %lld to %lld", c->text,
                  (long long)seen.least, (long long)seen.most, (long long)c->least, (long long)c->most);
}
END_TEST

struct placed { const char *text; enum call_place place; bool dangling; };

static const struct placed places[] = {
    { "emit(x);", PLACE_STATEMENT, false },
    { "if (a) emit(x);", PLACE_STATEMENT, false },
    { "if (a) emit(x); else f();", PLACE_STATEMENT, true },
    { "if (a) { emit(x); } else f();", PLACE_STATEMENT, false },
    { "if (a) for (;;) emit(x); else f();", PLACE_STATEMENT, true },
    { "if (a) emit(x); /* so */ else f();", PLACE_STATEMENT, true },
    { "if (a)\n#if B\nemit(x);\n#endif\n", PLACE_STATEMENT, true },
    { "if (a) f(); else emit(x);", PLACE_STATEMENT, false },
    { "case 1: emit(x);", PLACE_STATEMENT, false },
    { "out: emit(x);", PLACE_STATEMENT, false },
    { "do emit(x); while (1);", PLACE_STATEMENT, false },
    { "list_for_each(p, list) emit(p);", PLACE_STATEMENT, false },
    { "emit(x)", PLACE_UNENDED, false },
    { "emit(x), f();", PLACE_UNENDED, false },
    { "emit(x", PLACE_UNENDED, false },
    { "emit(x}", PLACE_UNENDED, false },
    { "return emit(x);", PLACE_EXPRESSION, false },
    { "a = emit(x);", PLACE_EXPRESSION, false },
    { "a && emit(x);", PLACE_EXPRESSION, false },
    { "(emit(x));", PLACE_EXPRESSION, false },
    { "(void)emit(x);", PLACE_EXPRESSION, false },
    { "f(emit(x));", PLACE_EXPRESSION, false },
    { "if (emit(x)) f();", PLACE_EXPRESSION, false },
    { "MACRO emit(x);", PLACE_EXPRESSION, false },
    { "a[emit(x)] = 1;", PLACE_EXPRESSION, false },
    { "f(({ emit(x); 1; }));", PLACE_EXPRESSION, false },
    { "int a[] = { emit(x) };", PLACE_EXPRESSION, false },
    { "void g(void) { emit(x); }", PLACE_EXPRESSION, false },
    { "*p++; emit(x);", PLACE_STATEMENT, false },
    { "}}} emit(x);", PLACE_STATEMENT, false },
};

START_TEST(test_places)
{
    const struct placed *p = &places[_i];
    const struct body *body = scan(p->text);

    ck_assert_ptr_nonnull(body->calls);
    ck_assert_msg(body->calls->place == p->place, "%s: place %d", p->text, body->calls->place);
    ck_assert_msg(body->calls->dangling == p->dangling, "%s: dangling %d", p->text, body->calls->dangling);
}
END_TEST

START_TEST(test_spans)
{
    static const char text[] = "f(); emit ( done , take(x) + g(1, 2) /* sum */ ) ; h();";
    const struct body *body = scan(text);
    const struct call *emit = body->calls;
    const struct call *take = emit->next;

    expect_span(text, emit->word, "emit");
    expect_span(text, emit->span, "emit ( done , take(x) + g(1, 2) /* sum */ ) ;");
    expect_span(text, emit->arguments, " done , take(x) + g(1, 2) /* sum */ ");
    ck_assert_uint_eq(emit->count, 2);
    expect_span(text, emit->list->span, "done");
    expect_span(text, emit->list->next->span, "take(x) + g(1, 2)");
    ck_assert_int_eq(take->kind, CALL_TAKE);
    expect_span(text, take->span, "take(x)");
    expect_span(text, take->list->span, "x");
    ck_assert_ptr_null(take->next);
}
END_TEST

START_TEST(test_empty_arguments)
{
    ck_assert_uint_eq(scan("emit();")->calls->count, 0);
    ck_assert_uint_eq(scan("emit( /* nothing */ );")->calls->count, 0);
    ck_assert_uint_eq(scan("emit(a, );")->calls->count, 2);
    ck_assert_uint_eq(scan("emit(, b);")->calls->count, 2);
    ck_assert_uint_eq(scan("emit((a, b));")->calls->count, 1);
    ck_assert_uint_eq(scan("emit({ a, b });")->calls->count, 1);
}
END_TEST

START_TEST(test_names)
{
    const struct body *body =
        scan("int jobs = limit; p->left = q.right; f(\"text\", 'c', 0x1f); /* comment */ x.y = x->z;");

    ck_assert(body_names(body, "jobs"));
    ck_assert(body_names(body, "limit"));
    ck_assert(body_names(body, "p"));
    ck_assert(!body_names(body, "left"));
    ck_assert(!body_names(body, "right"));
    ck_assert(!body_names(body, "text"));
    ck_assert(!body_names(body, "c"));
    ck_assert(!body_names(body, "x1f"));
    ck_assert(!body_names(body, "comment"));
    ck_assert(!body_names(NULL, "jobs"));
}
END_TEST

START_TEST(test_many_names)
{
    char *text = malloc(64 * 1024);
    size_t len = 0;

    for (int i = 0; i < 5000; i++)
        len += (size_t)sprintf(text + len, "v%d;", i);
    ck_assert(body_names(scan(text), "v0"));
    ck_assert(body_names(scan(text), "v4999"));
    ck_assert(!body_names(scan(text), "v5000"));
    free(text);
}
END_TEST

START_TEST(test_self)
{
    ck_assert(!scan("self->n = self->m;")->uses_self);
    ck_assert(!scan("x = &self -> n;")->uses_self);
    ck_assert(scan("f(self);")->uses_self);
    ck_assert(scan("(*self).n = 1;")->uses_self);
    ck_assert(!scan("x.self = \"self\";")->uses_self);
}
END_TEST

START_TEST(test_leaves_early)
{
    ck_assert(!scan("if (x) f();")->leaves_early);
    ck_assert(scan("if (x) return;")->leaves_early);
    ck_assert(scan("if (x) goto out;")->leaves_early);
    ck_assert(scan("out: f();")->leaves_early);
    ck_assert(scan("f();\n#line 3\n")->leaves_early);
    ck_assert(scan("fail(\"no\");")->leaves_early);
    ck_assert(!scan("a = b ? c : d;")->leaves_early);
    ck_assert(!scan("switch (x) { case A: default: f(); }")->leaves_early);
}
END_TEST

START_TEST(test_static)
{
    ck_assert_uint_ne(scan("static int n;")->mutable_static.end, 0);
    ck_assert_uint_ne(scan("{ static char buffer[8]; }")->mutable_static.end, 0);
    ck_assert_uint_eq(scan("static const int n = 1;")->mutable_static.end, 0);
    ck_assert_uint_eq(scan("const static int n = 1;")->mutable_static.end, 0);
    ck_assert_uint_eq(scan("static _Thread_local int n;")->mutable_static.end, 0);
    ck_assert_uint_ne(scan("const int a = 1; static int n;")->mutable_static.end, 0);
}
END_TEST

START_TEST(test_lock)
{
    ck_assert_uint_ne(scan("pthread_mutex_lock(&m); emit(x); pthread_mutex_unlock(&m);")->locked_emit.end, 0);
    ck_assert_uint_eq(scan("pthread_mutex_lock(&m); pthread_mutex_unlock(&m); emit(x);")->locked_emit.end, 0);
}
END_TEST

START_TEST(test_brackets)
{
    ck_assert_uint_eq(scan("f(a[1], (b)); { }")->mismatch.end, 0);
    ck_assert_uint_ne(scan("f(a[1)];")->mismatch.end, 0);
    ck_assert_uint_ne(scan("f(a;")->mismatch.end, 0);
    ck_assert_uint_eq(scan("#if A\n{\n#else\n{\n#endif\n}")->mismatch.end, 0);
}
END_TEST

/* The stack of the scan is its own: nesting costs memory, never the thread's stack. */
START_TEST(test_deep)
{
    const size_t deep = 1000000;
    char *text = malloc(2 * deep + 32);

    memset(text, '{', deep);
    strcpy(text + deep, "emit(x);");
    memset(text + deep + 8, '}', deep);
    text[2 * deep + 8] = '\0';
    ck_assert_int_eq(count(text).least, 1);
    memset(text, '(', deep);
    ck_assert_int_eq(scan(text)->calls->place, PLACE_EXPRESSION);
    free(text);
}
END_TEST

/* No text makes the scan read beyond its end. */
START_TEST(test_cut)
{
    static const char text[] =
        "if (a) /* c */ emit(\"s\\\"\", take(x)); #x\\\n 'a' 1.5e+3 p->q ... <: static int n[3] = { 1, };";

    for (size_t len = 0; len < sizeof text; len++)
        ck_assert_ptr_nonnull(scan_bytes(text, len));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("body");
    TCase *t = tcase_create("scan");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, test_counts, 0, (int)(sizeof counts / sizeof *counts));
    tcase_add_loop_test(t, test_places, 0, (int)(sizeof places / sizeof *places));
    tcase_add_test(t, test_spans);
    tcase_add_test(t, test_empty_arguments);
    tcase_add_test(t, test_names);
    tcase_add_test(t, test_many_names);
    tcase_add_test(t, test_self);
    tcase_add_test(t, test_leaves_early);
    tcase_add_test(t, test_static);
    tcase_add_test(t, test_lock);
    tcase_add_test(t, test_brackets);
    tcase_add_test(t, test_deep);
    tcase_add_test(t, test_cut);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
