/* Rows of CSV, which spreadsheets read as they are meant. */
#include <prt/form.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <prt/types.h>

#include "form/base64.h"
#include "form/column.h"
#include "form/scalar.h"
#include "text/text.h"

/* Blanks at an end are taken away by some readers, unless they stand in quotes. */
static bool needs_quotes(const char *text, size_t len, char separator)
{
    if (len == 0 || text[0] == ' ' || text[len - 1] == ' ')
        return true;
    for (size_t i = 0; i < len; i++)
        if (text[i] == separator || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
            return true;
    return false;
}

static void put_cell(struct text *text, const char *cell, size_t len, char separator)
{
    if (!needs_quotes(cell, len, separator)) {
        text_put(text, cell, len);
        return;
    }
    text_put_char(text, '"');
    for (const char *const end = cell + len; cell < end;) {
        const char *const quote = memchr(cell, '"', (size_t)(end - cell));
        const size_t plain = quote ? (size_t)(quote + 1 - cell) : (size_t)(end - cell);

        text_put(text, cell, plain);
        cell += plain;
        if (quote)
            text_put_char(text, '"');
    }
    text_put_char(text, '"');
}

static void put_bytes(struct text *text, const struct prt_bytes *bytes)
{
    const size_t len = BASE64_LENGTH(bytes->len);
    char *const to = bytes->data && len > 0 ? text_more(text, len) : NULL;

    if (bytes->data && len == 0)
        text_put(text, "\"\"", 2);
    if (!to)
        return;
    prt_base64_write_(to, bytes->data, bytes->len);
    text->len += len;
}

static void put_field(struct text *text, const struct prt_record_field *field, const unsigned char *at, char separator)
{
    const char *string;

    switch (field->kind) {
    case PRT_KIND_STRING:
        string = *(char *const *)(const void *)at;
        if (string)
            put_cell(text, string, strlen(string), separator);
        break;
    case PRT_KIND_BYTES: put_bytes(text, (const struct prt_bytes *)(const void *)at); break;
    case PRT_KIND_TEXT:
        if (*at)
            put_cell(text, (const char *)at, strnlen((const char *)at, field->size), separator);
        break;
    case PRT_KIND_FLOAT:
        if (isfinite(*(const float *)(const void *)at))
            prt_scalar_put_(text, field, at);
        break;
    case PRT_KIND_DOUBLE:
        if (isfinite(*(const double *)(const void *)at))
            prt_scalar_put_(text, field, at);
        break;
    default: prt_scalar_put_(text, field, at); break;
    }
}

static char *finish(struct text *text, size_t *len)
{
    if (len)
        *len = text->len;
    text_put_char(text, '\0');
    if (!text->failed)
        return text->at;
    free(text->at);
    return NULL;
}

char *prt_csv_write(const struct prt_record *record, const void *item, char separator, size_t *len)
{
    struct text text = { .len = 0 };
    bool first = true;

    for (size_t i = 0; i < record->nfields; i++) {
        const struct prt_record_field *field = &record->fields[i];

        if (!is_column(field))
            continue;
        if (!first)
            text_put_char(&text, separator);
        first = false;
        put_field(&text, field, (const unsigned char *)item + field->offset, separator);
    }
    return finish(&text, len);
}

char *prt_csv_header(const struct prt_record *record, char separator, size_t *len)
{
    struct text text = { .len = 0 };
    bool first = true;

    for (size_t i = 0; i < record->nfields; i++) {
        if (!is_column(&record->fields[i]))
            continue;
        if (!first)
            text_put_char(&text, separator);
        first = false;
        put_cell(&text, record->fields[i].name, record->fields[i].name_len, separator);
    }
    return finish(&text, len);
}
