/* Records as JSON: the cases of json.cases, and numbers and records that are drawn, there and back. */
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <prt/form.h>
#include <prt/types.h>

#include "cases.h"
#include "drawn.h"
#include "unit.h"

/* ---- a record of one field, of each kind ------------------------------------------------------------------------- */

struct inner {
    int n;
    char *s;
};

struct one {
    union {
        bool b;
        int8_t i8;
        int16_t i16;
        int32_t i32;
        int64_t i64;
        uint8_t u8;
        uint16_t u16;
        uint32_t u32;
        uint64_t u64;
        float f;
        double d;
        char *s;
        struct prt_bytes y;
        char t[4];
        int a[3];
        struct inner r;
        struct { char **at; size_t at_len; } l;
        struct { struct inner *at; size_t at_len; } rs;
    };
};

static const struct prt_record_field inner_fields[] = {
    PRT_RECORD_FIELD(struct inner, n, "n", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(struct inner, s, "s", PRT_KIND_STRING, NULL),
};

static const struct prt_record inner_record = { "inner", sizeof(struct inner), inner_fields, 2 };

static const struct { const char *name; struct prt_record_field field; } kinds[] = {
    { "bool", PRT_RECORD_FIELD(struct one, b, "x", PRT_KIND_BOOL, NULL) },
    { "int8", PRT_RECORD_FIELD(struct one, i8, "x", PRT_KIND_INT8, NULL) },
    { "int16", PRT_RECORD_FIELD(struct one, i16, "x", PRT_KIND_INT16, NULL) },
    { "int32", PRT_RECORD_FIELD(struct one, i32, "x", PRT_KIND_INT32, NULL) },
    { "int64", PRT_RECORD_FIELD(struct one, i64, "x", PRT_KIND_INT64, NULL) },
    { "uint8", PRT_RECORD_FIELD(struct one, u8, "x", PRT_KIND_UINT8, NULL) },
    { "uint16", PRT_RECORD_FIELD(struct one, u16, "x", PRT_KIND_UINT16, NULL) },
    { "uint32", PRT_RECORD_FIELD(struct one, u32, "x", PRT_KIND_UINT32, NULL) },
    { "uint64", PRT_RECORD_FIELD(struct one, u64, "x", PRT_KIND_UINT64, NULL) },
    { "float", PRT_RECORD_FIELD(struct one, f, "x", PRT_KIND_FLOAT, NULL) },
    { "double", PRT_RECORD_FIELD(struct one, d, "x", PRT_KIND_DOUBLE, NULL) },
    { "string", PRT_RECORD_FIELD(struct one, s, "x", PRT_KIND_STRING, NULL) },
    { "bytes", PRT_RECORD_FIELD(struct one, y, "x", PRT_KIND_BYTES, NULL) },
    { "text", PRT_RECORD_FIELD(struct one, t, "x", PRT_KIND_TEXT, NULL) },
    { "array", PRT_RECORD_ARRAY(struct one, a, "x", PRT_KIND_INT32, NULL) },
    { "record", PRT_RECORD_FIELD(struct one, r, "x", PRT_KIND_RECORD, &inner_record) },
    { "list", PRT_RECORD_LIST(struct one, l.at, "x", PRT_KIND_STRING, NULL) },
    { "records", PRT_RECORD_LIST(struct one, rs.at, "x", PRT_KIND_RECORD, &inner_record) },
    { "whole", PRT_RECORD_FIELD(struct one, i32, "x", PRT_KIND_INT32, NULL) },
    { "skip", PRT_RECORD_FIELD(struct one, i32, "y", PRT_KIND_INT32, NULL) },
};

static struct prt_record record_of(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, kind) == 0)
            return (struct prt_record){ "one", sizeof(struct one), &kinds[i].field, 1 };
    ck_abort_msg("no kind '%s'", kind);
}

/* ---- cases ------------------------------------------------------------------------------------------------------- */

/* In memory of its own size, so that a sanitizer sees who reads beyond it. */
static bool read_exactly(const struct prt_record *record, const char *text, size_t len, void *item, struct prt_error *error)
{
    char *exact = exactly(text, len);
    bool right;

    right = prt_json_read(record, exact, len, item, error);
    free(exact);
    return right;
}

static void check_written(const struct prt_record *record, const struct one *one, const char *text, const char *wanted)
{
    size_t wanted_len, len;
    char *whole = unescaped("{\"x\":", wanted, "}", &wanted_len);
    char *written = prt_json_write(record, one, &len);

    ck_assert_msg(len == wanted_len && memcmp(written, whole, len) == 0, "%s: written as %s, not as %s", text, written,
                  whole);
    free(written);
    free(whole);
}

static void check_case(const char *kind, const char *text, const char *wanted)
{
    const struct prt_record record = record_of(kind);
    const bool whole = strcmp(kind, "whole") == 0;
    struct prt_error error = { .text = "" };
    struct one one;
    size_t len;
    char *json = unescaped(whole ? "" : "{\"x\":", text, whole ? "" : "}", &len);
    bool right;

    memset(&one, 0xa5, sizeof one);
    right = read_exactly(&record, json, len, &one, &error);
    if (*wanted == '!') {
        static const struct one empty;

        ck_assert_msg(!right, "%s: accepted", text);
        ck_assert_msg(strcmp(error.text, wanted + 1) == 0, "%s: refused with '%s', not '%s'", text, error.text, wanted + 1);
        ck_assert(memcmp(&one, &empty, sizeof one) == 0);
    } else {
        ck_assert_msg(right, "%s: refused: %s", text, error.text);
        if (strcmp(kind, "skip") != 0)
            check_written(&record, &one, text, wanted);
        prt_record_drop(&record, &one);
    }
    free(json);
}

static void check_cases(void)
{
    ck_assert_uint_ge(cases_each("tests/unit/json.cases", check_case), 350);
}

START_TEST(all_cases)
{
    check_cases();
}
END_TEST

/* Where the point is a comma. Not every machine has such a locale. */
START_TEST(elsewhere)
{
    static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", "cs_CZ.UTF-8" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (setlocale(LC_ALL, names[i])) {
            check_cases();
            return;
        }
}
END_TEST

/* ---- a broken text ----------------------------------------------------------------------------------------------- */

/* No beginning of a text is right, and none reads beyond its end. */
START_TEST(cut)
{
    static const char text[] = "{\"x\":[{\"n\":-1.5e1,\"s\":\"a\\n\\ud83d\\ude00\xe2\x82\xac\"},null],\"z\":[true,{\"a\":[]}]}";
    const struct prt_record record = record_of("records");
    struct prt_error error;
    struct one one;

    ck_assert(read_exactly(&record, text, sizeof text - 1, &one, &error));
    prt_record_drop(&record, &one);
    for (size_t len = 0; len < sizeof text - 1; len++) {
        ck_assert(!read_exactly(&record, text, len, &one, &error));
        ck_assert(!read_exactly(&record, text, len, &one, NULL));
    }
}
END_TEST

/* A long way to a field is cut, not overrun. */
START_TEST(long_error)
{
    char name[400];
    const struct prt_record_field field = { name, sizeof name - 1, PRT_KIND_INT32, PRT_FORM_ONE, 0, 4, 1, 0, NULL };
    const struct prt_record record = { "long", 4, &field, 1 };
    struct prt_error error;
    char text[500];
    int n;

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(text, sizeof text, "{\"%s\":true}", name);
    ck_assert(!prt_json_read(&record, text, strlen(text), &n, &error));
    ck_assert_uint_eq(strlen(error.text), sizeof error.text - 1);
}
END_TEST

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static double read_double(const char *text)
{
    const struct prt_record record = record_of("double");
    char json[1200];
    struct one one;

    snprintf(json, sizeof json, "{\"x\":%s}", text);
    ck_assert_msg(prt_json_read(&record, json, strlen(json), &one, NULL), "%s", text);
    return one.d;
}

static size_t digits_of(const char *text)
{
    size_t n = 0, zeros = 0;

    for (; *text && *text != 'e'; text++) {
        if (*text == '0' && n > 0)
            zeros++;
        else if (*text >= '1' && *text <= '9') {
            n += zeros + 1;
            zeros = 0;
        }
    }
    return n;
}

static void check_double(double value)
{
    const struct prt_record record = record_of("double");
    struct one one = { .d = value }, back;
    char *written = prt_json_write(&record, &one, NULL);
    char shortest[400];
    int digits = 1;

    ck_assert_msg(prt_json_read(&record, written, strlen(written), &back, NULL), "%s", written);
    ck_assert_msg(memcmp(&back.d, &value, sizeof value) == 0, "%a is written %s and read %a", value, written, back.d);
    do
        snprintf(shortest, sizeof shortest, "%.*g", digits++, value);
    while (strtod(shortest, NULL) != value);
    ck_assert_msg(digits_of(written) <= digits_of(shortest), "%s has more digits than %s", written, shortest);
    snprintf(shortest, sizeof shortest, "%.17g", value);
    ck_assert_msg(read_double(shortest) == value, "%s", shortest);
    free(written);
}

START_TEST(doubles)
{
    for (int i = 0; i < 100000; i++) {
        const uint64_t bits = drawn();
        double value;

        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_double(value);
        check_double((double)(int64_t)(drawn() >> (drawn() & 63)) / pow(10, (double)(drawn() % 20)));
    }
    for (int exponent = -1074; exponent < 1024; exponent++) { /* powers of 2 and their neighbours */
        const double value = ldexp(1, exponent);

        check_double(value);
        check_double(nextafter(value, INFINITY));
        check_double(nextafter(value, 0));
    }
    check_double(5e-324);
    check_double(1.7976931348623157e308);
}
END_TEST

/* What is drawn as text is read as strtod does, who is exact. */
START_TEST(digits)
{
    for (int i = 0; i < 100000; i++) {
        char text[1100];
        size_t len = 0;
        const size_t whole = 1 + drawn() % (i % 10 ? 20 : 500), decimals = drawn() % (i % 10 ? 20 : 500);

        text[len++] = (char)('1' + drawn() % 9);
        while (len < whole)
            text[len++] = (char)('0' + (drawn() % 3 ? drawn() % 10 : 0));
        if (decimals > 0)
            text[len++] = '.';
        for (size_t k = 0; k < decimals; k++)
            text[len++] = (char)('0' + (drawn() % 3 ? drawn() % 10 : 0));
        sprintf(text + len, "e%d", (int)(drawn() % 700) - 350 - (int)whole);
        if (isfinite(strtod(text, NULL)))
            ck_assert_msg(read_double(text) == strtod(text, NULL), "%s", text);
    }
}
END_TEST

START_TEST(floats)
{
    const struct prt_record record = record_of("float");

    for (int i = 0; i < 200000; i++) {
        const uint32_t bits = (uint32_t)drawn();
        struct one one, back;
        char *written;
        float value;

        memcpy(&value, &bits, sizeof value);
        if (i % 2)
            value = (float)(int)(bits % 100000) / (float)(int)(1 + bits % 1000);
        if (!isfinite(value))
            continue;
        one.f = value;
        written = prt_json_write(&record, &one, NULL);
        ck_assert(prt_json_read(&record, written, strlen(written), &back, NULL));
        ck_assert_msg(memcmp(&back.f, &value, sizeof value) == 0, "%a is written %s and read %a", (double)value, written,
                      (double)back.f);
        ck_assert_uint_le(digits_of(written), 9);
        free(written);
    }
}
END_TEST

START_TEST(no_numbers)
{
    const struct prt_record record = record_of("double"), single = record_of("float");
    const double values[] = { NAN, INFINITY, -INFINITY };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        check_written(&record, &(struct one){ .d = values[i] }, "no number", "null");
        check_written(&single, &(struct one){ .f = (float)values[i] }, "no number", "null");
    }
}
END_TEST

/* ---- strings that are not UTF-8 ---------------------------------------------------------------------------------- */

START_TEST(replaced)
{
    const struct prt_record record = record_of("string"), text = record_of("text");
    char latin[] = "caf\xe9", broken[] = "\xe2\x82", long_form[] = "\xc0\x80", half[] = "\xed\xa0\x80", mixed[] = "\xff\xc3\xa4\xff";

    check_written(&record, &(struct one){ .s = latin }, "latin", "\"caf\\ufffd\"");
    check_written(&record, &(struct one){ .s = broken }, "cut", "\"\\ufffd\\ufffd\"");
    check_written(&record, &(struct one){ .s = long_form }, "long", "\"\\ufffd\\ufffd\"");
    check_written(&record, &(struct one){ .s = half }, "half", "\"\\ufffd\\ufffd\\ufffd\"");
    check_written(&record, &(struct one){ .s = mixed }, "mixed", "\"\\ufffd%c3%a4\\ufffd\"");
    check_written(&text, &(struct one){ .t = { 'a', 'b', '\xc3', '\xa4' } }, "no NUL", "\"ab%c3%a4\"");
    check_written(&text, &(struct one){ .t = { 'a', 'b', 'c', '\xc3' } }, "cut", "\"abc\\ufffd\"");
    check_written(&text, &(struct one){ .t = { 'a', '\0', 'c', 'd' } }, "NUL", "\"a\"");
}
END_TEST

/* ---- records that are drawn -------------------------------------------------------------------------------------- */

START_TEST(there_and_back)
{
    for (int i = 0; i < 3000; i++) {
        struct drawn_record *drawn_one = drawn_record_new();
        const struct prt_record *record = drawn_record_table(drawn_one);
        void *item = drawn_item_new(record, true), *back = malloc(record->size);
        struct prt_error error;
        size_t len, again_len;
        char *written = prt_json_write(record, item, &len);
        char *again;

        ck_assert_uint_eq(strlen(written), len);
        ck_assert_msg(read_exactly(record, written, len, back, &error), "%s in %s", error.text, written);
        again = prt_json_write(record, back, &again_len);
        ck_assert_msg(prt_record_equal(record, item, back), "%s is read as %s", written, again);
        ck_assert_str_eq(written, again);
        prt_record_drop(record, item);
        prt_record_drop(record, back);
        free(item);
        free(back);
        free(written);
        free(again);
        drawn_record_free(drawn_one);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { all_cases, elsewhere, cut, long_error, doubles, digits, floats, no_numbers, replaced,
                                   there_and_back };

    return unit_run_all("json", tests, sizeof tests / sizeof *tests);
}
