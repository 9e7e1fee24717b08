/* Text of the author's as C strings and comments, and numbers as C. */
#include <stdlib.h>
#include <string.h>

#include "build/words.h"
#include "emit/text.h"
#include "plan/make.h"
#include "unit.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

static struct emit emit;

static void start(void)
{
    emit = (struct emit){ .name = "test" };
    obstack_init(&emit.memory);
}

static void end(void)
{
    obstack_free(&emit.memory, NULL);
}

/* ---- strings and comments ---- */

static const struct { const char *text, *string, *comment; } texts[] = {
    { "", "\"\"", "" },
    { "plain", "\"plain\"", "plain" },
    { "a \"b\" \\n", "\"a \\\"b\\\" \\\\n\"", "a \"b\" \\n" },
    { "one\ntwo\tthree\r", "\"one\\ntwo\\tthree\\r\"", "one two three " },
    { "*/ /* **/", "\"*/ /* **/\"", "* / / * ** /" },
    { "what?\?/ ?\?\?", "\"what?\\?/ ?\\?\\?\"", "what? ?/ ? ? ?" },
    { "\001\177" "1", "\"\\001\\1771\"", "??1" },
    { "h\303\251", "\"h\303\251\"", "h\303\251" },             /* UTF-8 stays */
    { "\303(\377\340\200\200", "\"\\303(\\377\\340\\200\\200\"", "?(????" }, /* what is none does not */
    { "\355\240\200", "\"\\355\\240\\200\"", "???" },          /* half of a pair */
    { "\342\200\256x", "\"\\342\\200\\256x\"", "???x" },       /* turns the text round */
    { "a\302\255\342\200\213b", "\"a\\302\\255\\342\\200\\213b\"", "a?????b" }, /* cannot be seen */
    { "\360\237\230\200", "\"\360\237\230\200\"", "\360\237\230\200" },
};

START_TEST(test_texts)
{
    ck_assert_str_eq(text_string(&emit, texts[_i].text), texts[_i].string);
    ck_assert_str_eq(text_comment(&emit, texts[_i].text), texts[_i].comment);
}
END_TEST

/* ---- numbers ---- */

static const struct { int64_t permits; uint64_t per_ns; const char *text; } rates[] = {
    { 5, 1000000000, "5.0" },
    { 1, 200000000, "5.0" },
    { 1, 60000000000, "1.0 / 60" },
    { 7, 3000000000, "7.0 / 3" },
    { 1, 3600000000000, "1.0 / 3600" },
    { 100000, 1000000000, "100000.0" },
    { 1000, 7000000, "1000000.0 / 7" },
    { 1, 1, "1000000000.0" },
    { 2, 86400000000000, "1.0 / 43200" },
};

START_TEST(test_rates)
{
    const struct value value = { .kind = VALUE_RATE, .i = rates[_i].permits, .per_ns = rates[_i].per_ns };
    const struct fraction rate = make_fraction(&value);

    ck_assert_str_eq(text_rate(&emit, &rate), rates[_i].text);
}
END_TEST

static const struct { double value; const char *text; } doubles[] = {
    { 0, "0.0" }, { 1, "1.0" }, { -1.5, "-1.5" }, { 0.1, "0.1" }, { 1e300, "1e+300" }, { 1.0 / 3, "0.3333333333333333" },
    { 123456789012345678.0, "1.2345678901234568e+17" },
};

START_TEST(test_doubles)
{
    const char *text = text_double(&emit, doubles[_i].value);

    ck_assert_str_eq(text, doubles[_i].text);
    ck_assert(strtod(text, NULL) == doubles[_i].value);
}
END_TEST

START_TEST(test_ints)
{
    ck_assert_str_eq(text_int(&emit, -5), "-5");
    ck_assert_str_eq(text_int(&emit, INT64_MAX), "9223372036854775807");
    ck_assert_str_eq(text_int(&emit, INT64_MIN), "INT64_MIN");
}
END_TEST

/* ---- declarations, words ---- */

START_TEST(test_declarations)
{
    ck_assert_str_eq(text_declare(&emit, "int", "j"), "int j");
    ck_assert_str_eq(text_declare(&emit, "const char *", "line"), "const char *line");
    ck_assert_str_eq(text_declare(&emit, "struct page *", "*item"), "struct page **item");
}
END_TEST

START_TEST(test_words)
{
    struct words words = { 0 };

    words_split(&words, NULL);
    words_split(&words, "  \t ");
    ck_assert_uint_eq(words.len, 0);
    words_split(&words, " gcc  -O2\n\"-DX=a b\" $(x)");
    ck_assert_uint_eq(words.len, 5);
    ck_assert_str_eq(words.at[1], "-O2");
    ck_assert_str_eq(words.at[2], "\"-DX=a"); /* no shell, so no quotes */
    ck_assert_str_eq(words.at[4], "$(x)");
    for (int i = 0; i < 100; i++)
        words_add(&words, "-I%d", i);
    ck_assert_str_eq(words.at[104], "-I99");
    ck_assert_ptr_null(words.at[105]);
    words_free(&words);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("emit text");
    TCase *t = tcase_create("all");

    tcase_add_checked_fixture(t, start, end);
    tcase_add_loop_test(t, test_texts, 0, (int)(sizeof texts / sizeof *texts));
    tcase_add_loop_test(t, test_rates, 0, (int)(sizeof rates / sizeof *rates));
    tcase_add_loop_test(t, test_doubles, 0, (int)(sizeof doubles / sizeof *doubles));
    tcase_add_test(t, test_ints);
    tcase_add_test(t, test_declarations);
    tcase_add_test(t, test_words);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
