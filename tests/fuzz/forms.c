/* Any bytes at all, as a record's JSON, and as a header and rows of CSV: refused or read, within their bounds, and what was
 * read is the same when it is written and read again. A target for libFuzzer (tests/fuzz/forms.sh).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <prt/form.h>

#include "../unit/shop.h"

/* One of the two alone is searched deeper in the same time. */
#ifndef WITH_JSON
#define WITH_JSON 1
#endif
#ifndef WITH_CSV
#define WITH_CSV 1
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool true_, const char *what)
{
    if (true_)
        return;
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

static void check_json(const char *text, size_t len)
{
    struct prt_error error = { .line = 0 };
    struct shop shop, back, copy;
    char *written, *again;
    size_t written_len;

    if (!prt_json_read(&shop_record, text, len, &shop, &error)) {
        must(error.line > 0 && error.column > 0 && strstr(error.text, "column "), "refused without an error");
        return;
    }
    written = prt_json_write(&shop_record, &shop, &written_len);
    must(written && strlen(written) == written_len, "not written");
    must(prt_json_read(&shop_record, written, written_len, &back, &error), "what was written is refused");
    must(prt_record_equal(&shop_record, &shop, &back), "what was written is something else");
    again = prt_json_write(&shop_record, &back, NULL);
    must(strcmp(written, again) == 0, "what was read is written otherwise");
    prt_record_clone(&shop_record, &copy, &shop);
    must(prt_record_equal(&shop_record, &shop, &copy), "a copy is something else");
    prt_record_drop(&shop_record, &shop);
    prt_record_drop(&shop_record, &back);
    prt_record_drop(&shop_record, &copy);
    free(written);
    free(again);
}

static void check_row(const struct prt_columns *columns, const char *row, size_t len)
{
    struct prt_error error = { .line = 0 };
    struct prt_columns own;
    struct shop shop, back;
    char *written;
    size_t written_len;

    if (!prt_csv_read(columns, row, len, &shop, &error)) {
        must(error.line > 0 && error.column > 0 && strstr(error.text, "column "), "refused without an error");
        return;
    }
    must(prt_csv_fields(&shop_record, columns->separator, &own), "no columns");
    written = prt_csv_write(&shop_record, &shop, columns->separator, &written_len);
    must(written && strlen(written) == written_len, "not written");
    must(prt_csv_row(written, written_len, columns->separator, true) == written_len, "several rows are written");
    must(prt_csv_read(&own, written, written_len, &back, &error), "what was written is refused");
    must(prt_record_equal(&shop_record, &shop, &back), "what was written is something else");
    prt_record_drop(&shop_record, &shop);
    prt_record_drop(&shop_record, &back);
    prt_columns_free(&own);
    free(written);
}

static void check_csv(const char *text, size_t len)
{
    const char separator = len % 2 ? ',' : ';';
    struct prt_columns columns;
    size_t row = prt_csv_row(text, len, separator, true);

    if (!prt_csv_columns(&shop_record, text, row, separator, &columns, NULL))
        return;
    for (text += row, len -= row; len > 0; text += row, len -= row) {
        row = prt_csv_row(text, len, separator, true);
        must(row > 0 && row <= len, "a row of nothing");
        check_row(&columns, text, row);
    }
    prt_columns_free(&columns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (WITH_JSON)
        check_json((const char *)data, size);
    if (WITH_CSV)
        check_csv((const char *)data, size);
    return 0;
}
