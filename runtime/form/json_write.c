/* Field after field of the table, into text that grows. */
#include <prt/form.h>

#include <stdlib.h>
#include <string.h>

#include <prt/types.h>

#include "form/base64.h"
#include "form/scalar.h"
#include "record/place.h"
#include "text/text.h"

static void write_record(struct text *text, const struct prt_record *record, const void *item);

static void write_null(struct text *text)
{
    text_put(text, "null", 4);
}

static void write_string(struct text *text, const char *string)
{
    if (string)
        prt_text_put_string_(text, string, strlen(string));
    else
        write_null(text);
}

static void write_bytes(struct text *text, const struct prt_bytes *bytes)
{
    const size_t len = BASE64_LENGTH(bytes->len);
    char *to;

    if (!bytes->data) {
        write_null(text);
        return;
    }
    text_put_char(text, '"');
    to = text_more(text, len);
    if (to) {
        prt_base64_write_(to, bytes->data, bytes->len);
        text->len += len;
    }
    text_put_char(text, '"');
}

static void write_element(struct text *text, const struct prt_record_field *field, const void *at)
{
    switch (field->kind) {
    case PRT_KIND_STRING: write_string(text, *(char *const *)at); break;
    case PRT_KIND_BYTES: write_bytes(text, at); break;
    case PRT_KIND_TEXT: prt_text_put_string_(text, at, strnlen(at, field->size)); break;
    case PRT_KIND_RECORD: write_record(text, field->record, at); break;
    default: prt_scalar_put_(text, field, at); break;
    }
}

static void write_field(struct text *text, const struct prt_record_field *field, const void *item)
{
    const struct place place = place_of(field, (void *)item);

    if (field->form == PRT_FORM_ONE) {
        write_element(text, field, place.at);
        return;
    }
    text_put_char(text, '[');
    for (size_t i = 0; i < place.count; i++) {
        if (i > 0)
            text_put_char(text, ',');
        write_element(text, field, place.at + i * field->size);
    }
    text_put_char(text, ']');
}

static void write_record(struct text *text, const struct prt_record *record, const void *item)
{
    text_put_char(text, '{');
    for (size_t i = 0; i < record->nfields; i++) {
        if (i > 0)
            text_put_char(text, ',');
        prt_text_put_string_(text, record->fields[i].name, record->fields[i].name_len);
        text_put_char(text, ':');
        write_field(text, &record->fields[i], item);
    }
    text_put_char(text, '}');
}

char *prt_json_write(const struct prt_record *record, const void *item, size_t *len)
{
    struct text text = { .len = 0 };

    write_record(&text, record, item);
    if (len)
        *len = text.len;
    text_put_char(&text, '\0');
    if (!text.failed)
        return text.at;
    free(text.at);
    return NULL;
}
