/* Records as CSV: the cases of csv.cases, rows of a text, and records that are drawn, there and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <prt/form.h>
#include <prt/types.h>

#include "cases.h"
#include "drawn.h"
#include "unit.h"

struct place {
    double lat;
};

struct shop {
    int id;
    char *name;
    char *quoted;
    double lat;
    uint8_t small;
    bool open;
    char code[4];
    struct prt_bytes picture;
    struct place at;
    char **tags;
    size_t tags_len;
};

static const struct prt_record_field place_fields[] = { PRT_RECORD_FIELD(struct place, lat, "lat", PRT_KIND_DOUBLE, NULL) };

static const struct prt_record place_record = { "place", sizeof(struct place), place_fields, 1 };

static const struct prt_record_field shop_fields[] = {
    PRT_RECORD_FIELD(struct shop, id, "id", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(struct shop, name, "name", PRT_KIND_STRING, NULL),
    PRT_RECORD_FIELD(struct shop, quoted, "a \"b\"", PRT_KIND_STRING, NULL),
    PRT_RECORD_FIELD(struct shop, lat, "lat", PRT_KIND_DOUBLE, NULL),
    PRT_RECORD_FIELD(struct shop, small, "small", PRT_KIND_UINT8, NULL),
    PRT_RECORD_FIELD(struct shop, open, "open", PRT_KIND_BOOL, NULL),
    PRT_RECORD_FIELD(struct shop, code, "code", PRT_KIND_TEXT, NULL),
    PRT_RECORD_FIELD(struct shop, picture, "picture", PRT_KIND_BYTES, NULL),
    PRT_RECORD_FIELD(struct shop, at, "at", PRT_KIND_RECORD, &place_record),
    PRT_RECORD_LIST(struct shop, tags, "tags", PRT_KIND_STRING, NULL),
};

static const struct prt_record shop_record = { "shop", sizeof(struct shop), shop_fields, 10 };

/* ---- cases ------------------------------------------------------------------------------------------------------- */

/* Reads in memory of its own size, so that a sanitizer sees who reads beyond it. */
static void check_row(const struct prt_columns *columns, const char *row, size_t len, const char *wanted)
{
    struct prt_error error = { .text = "" };
    char *exact = exactly(row, len);
    struct shop shop, expected;
    bool right;

    memset(&shop, 0xa5, sizeof shop);
    right = prt_csv_read(columns, exact, len, &shop, &error);
    free(exact);
    if (*wanted == '!') {
        static const struct shop empty;

        ck_assert_msg(!right, "%s: accepted", row);
        ck_assert_str_eq(error.text, wanted + 1);
        ck_assert(memcmp(&shop, &empty, sizeof shop) == 0);
        return;
    }
    ck_assert_msg(right, "%s: refused: %s", row, error.text);
    if (strstr(wanted, "\\ufffd")) { /* not UTF-8, which JSON cannot say */
        char *written = prt_json_write(&shop_record, &shop, NULL);

        ck_assert_ptr_nonnull(strstr(written, "\\ufffd"));
        free(written);
    } else {
        ck_assert_msg(prt_json_read(&shop_record, wanted, strlen(wanted), &expected, &error), "%s", error.text);
        ck_assert_msg(prt_record_equal(&shop_record, &shop, &expected), "%s: is not %s", row, wanted);
        prt_record_drop(&shop_record, &expected);
    }
    prt_record_drop(&shop_record, &shop);
}

static void check_case(const char *first, const char *second, const char *wanted)
{
    struct prt_error error = { .text = "" };
    struct prt_columns columns;
    size_t header_len, len;
    char *header = unescaped("", first, "", &header_len), *row = unescaped("", second, "", &len);
    char *exact = exactly(header, header_len);
    const bool right = prt_csv_columns(&shop_record, exact, header_len, ',', &columns, &error);

    free(exact);
    if (strncmp(wanted, "!header ", 8) == 0) {
        ck_assert_msg(!right, "%s: accepted", header);
        ck_assert_str_eq(error.text, wanted + 8);
    } else {
        ck_assert_msg(right, "%s: refused: %s", header, error.text);
        check_row(&columns, row, len, wanted);
        prt_columns_free(&columns);
    }
    free(header);
    free(row);
}

START_TEST(all_cases)
{
    ck_assert_uint_ge(cases_each("tests/unit/csv.cases", check_case), 70);
}
END_TEST

/* ---- rows -------------------------------------------------------------------------------------------------------- */

START_TEST(rows)
{
    static const char text[] = "id,name\r\n1,\"a\nb \"\"c\"\"\n\"\n2,5\" nail\n\n3,x\"\"\n4,last";
    static const char *const wanted[] = { "id,name\r\n", "1,\"a\nb \"\"c\"\"\n\"\n", "2,5\" nail\n", "\n", "3,x\"\"\n", "4,last" };
    const char *at = text, *const end = text + sizeof text - 1;

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const size_t len = strlen(wanted[i]);

        ck_assert_uint_eq(prt_csv_row(at, (size_t)(end - at), ',', true), len);
        ck_assert(memcmp(at, wanted[i], len) == 0);
        for (size_t part = 0; part < len; part++) /* more may come */
            ck_assert_uint_eq(prt_csv_row(at, part, ',', false), 0);
        at += len;
    }
    ck_assert(at == end);
    ck_assert_uint_eq(prt_csv_row(at, 0, ',', true), 0);
}
END_TEST

START_TEST(separators)
{
    struct prt_columns columns;
    struct shop shop;
    char *row;

    ck_assert(prt_csv_columns(&shop_record, "name;lat\n", 9, ';', &columns, NULL));
    ck_assert(prt_csv_read(&columns, "a,b;1.5\n", 8, &shop, NULL));
    ck_assert_str_eq(shop.name, "a,b");
    ck_assert(shop.lat == 1.5);
    prt_columns_free(&columns);
    row = prt_csv_write(&shop_record, &shop, '\t', NULL);
    ck_assert_str_eq(row, "0\ta,b\t\t1.5\t0\tfalse\t\t");
    free(row);
    prt_record_drop(&shop_record, &shop);
}
END_TEST

/* Without a header the columns are the fields that can be some. */
START_TEST(no_header)
{
    struct prt_columns columns;
    struct shop shop;
    char *header = prt_csv_header(&shop_record, ',', NULL);

    ck_assert_str_eq(header, "id,name,\"a \"\"b\"\"\",lat,small,open,code,picture");
    free(header);
    ck_assert(prt_csv_fields(&shop_record, ',', &columns));
    ck_assert_uint_eq(columns.count, 8);
    ck_assert(prt_csv_read(&columns, "7,Bay,,,,TRUE", 13, &shop, NULL));
    ck_assert(shop.id == 7 && shop.open && !shop.quoted);
    prt_record_drop(&shop_record, &shop);
    prt_columns_free(&columns);
}
END_TEST

/* ---- written ----------------------------------------------------------------------------------------------------- */

START_TEST(written)
{
    static const struct { const char *name, *row; } names[] = {
        { "a", "a" }, { "", "\"\"" }, { " a", "\" a\"" }, { "a ", "\"a \"" }, { "a b", "a b" }, { "a,b", "\"a,b\"" },
        { "a\"b", "\"a\"\"b\"" }, { "\"", "\"\"\"\"" }, { "a\nb", "\"a\nb\"" }, { "a\rb", "\"a\rb\"" }, { "a;b", "a;b" },
        { "\xe4", "\xe4" }, { NULL, "" },
    };
    const struct prt_record record = { "name", sizeof(struct shop), shop_fields + 1, 1 };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct shop shop = { .name = (char *)names[i].name };
        char *row = prt_csv_write(&record, &shop, ',', NULL);

        ck_assert_str_eq(row, names[i].row);
        free(row);
    }
}
END_TEST

START_TEST(there_and_back)
{
    for (int i = 0; i < 3000; i++) {
        struct drawn_record *drawn_one = drawn_record_of(1, true);
        const struct prt_record *record = drawn_record_table(drawn_one);
        void *item = drawn_item_new(record, true), *back = malloc(record->size);
        size_t len, header_len;
        char *header = prt_csv_header(record, ',', &header_len), *row = prt_csv_write(record, item, ',', &len);
        char *exact = exactly(row, len);
        struct prt_columns columns;
        struct prt_error error;

        ck_assert_uint_eq(prt_csv_row(row, len, ',', true), len);
        ck_assert_msg(prt_csv_columns(record, header, header_len, ',', &columns, &error), "%s in %s", error.text, header);
        ck_assert_msg(prt_csv_read(&columns, exact, len, back, &error), "%s in %s", error.text, row);
        ck_assert_msg(prt_record_equal(record, item, back), "%s", row);
        prt_record_drop(record, item);
        prt_record_drop(record, back);
        prt_columns_free(&columns);
        free(exact);
        free(item);
        free(back);
        free(header);
        free(row);
        drawn_record_free(drawn_one);
    }
}
END_TEST

/* Each beginning of a row is refused or read, and nothing is read behind it. */
START_TEST(cut)
{
    static const char row[] = "7,\"B\"\"a\ny\",x,-1.5e1,255,TRUE,abcd,AAEC\r\n";
    struct prt_columns columns;
    struct shop shop;

    ck_assert(prt_csv_fields(&shop_record, ',', &columns));
    for (size_t len = 0; len < sizeof row; len++) {
        char *exact = exactly(row, len);

        if (prt_csv_read(&columns, exact, len, &shop, NULL))
            prt_record_drop(&shop_record, &shop);
        free(exact);
    }
    prt_columns_free(&columns);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { all_cases, rows, separators, no_header, written, there_and_back, cut };

    return unit_run_all("csv", tests, sizeof tests / sizeof *tests);
}
