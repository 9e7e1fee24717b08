/* A value is shown as a field of its kind: so an item that is a number and a field that is one look alike. */
#include "test/show.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <prt/types.h>

#include "record/place.h"
#include "text/utf8.h"

#define SHOWN_MOST 160   /* bytes of a text */
#define SHOWN_BEFORE 40  /* of these, before the first that differs */

static void put(struct text *to, const char *string)
{
    text_put(to, string, strlen(string));
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

static void put_byte(struct text *to, unsigned char byte)
{
    char escape[8];

    switch (byte) {
    case '\n': put(to, "\\n"); break;
    case '\t': put(to, "\\t"); break;
    case '\r': put(to, "\\r"); break;
    default:
        snprintf(escape, sizeof escape, "\\x%02x", byte);
        put(to, escape);
    }
}

static void put_bytes(struct text *to, const unsigned char *bytes, size_t len)
{
    size_t used;

    for (size_t i = 0; i < len; i += used) {
        used = utf8_length(bytes + i, len - i);
        if (used == 0 || bytes[i] < ' ' || bytes[i] == 127) {
            put_byte(to, bytes[i]);
            used = 1;
            continue;
        }
        if (bytes[i] == '"' || bytes[i] == '\\')
            text_put_char(to, '\\');
        text_put(to, bytes + i, used);
    }
}

static void put_text(struct text *to, const void *bytes, size_t len, size_t from)
{
    const size_t start = len > SHOWN_MOST && from > SHOWN_BEFORE ? from - SHOWN_BEFORE : 0;
    const size_t end = len - start > SHOWN_MOST ? start + SHOWN_MOST : len;
    char size[64];

    put(to, start > 0 ? "…\"" : "\"");
    put_bytes(to, (const unsigned char *)bytes + start, end - start);
    put(to, end < len ? "\"…" : "\"");
    if (start == 0 && end == len)
        return;
    snprintf(size, sizeof size, " (from byte %zu of %zu)", start, len);
    put(to, size);
}

/* ---- one element -------------------------------------------------------------------------------------------------- */

static void put_float(struct text *to, double value, bool is_single)
{
    if (isnan(value))
        put(to, "nan");
    else if (isinf(value))
        put(to, value > 0 ? "inf" : "-inf");
    else if (is_single)
        prt_text_put_float_(to, (float)value);
    else
        prt_text_put_double_(to, value);
}

static void put_record(struct text *to, const struct prt_record *record, const void *at)
{
    put(to, "{");
    for (size_t i = 0; i < record->nfields; i++) {
        put(to, i > 0 ? ", ." : " .");
        put(to, record->fields[i].name);
        put(to, " = ");
        prt_show_field_(to, &record->fields[i], at, 0);
    }
    put(to, " }");
}

static void put_element(struct text *to, const struct prt_record_field *field, const void *at, size_t from)
{
    const struct prt_bytes *bytes = at;

    switch (field->kind) {
    case PRT_KIND_BOOL: put(to, *(const bool *)at ? "true" : "false"); break;
    case PRT_KIND_INT8: prt_text_put_signed_(to, *(const int8_t *)at); break;
    case PRT_KIND_INT16: prt_text_put_signed_(to, *(const int16_t *)at); break;
    case PRT_KIND_INT32: prt_text_put_signed_(to, *(const int32_t *)at); break;
    case PRT_KIND_INT64: prt_text_put_signed_(to, *(const int64_t *)at); break;
    case PRT_KIND_UINT8: prt_text_put_unsigned_(to, *(const uint8_t *)at); break;
    case PRT_KIND_UINT16: prt_text_put_unsigned_(to, *(const uint16_t *)at); break;
    case PRT_KIND_UINT32: prt_text_put_unsigned_(to, *(const uint32_t *)at); break;
    case PRT_KIND_UINT64: prt_text_put_unsigned_(to, *(const uint64_t *)at); break;
    case PRT_KIND_FLOAT: put_float(to, *(const float *)at, true); break;
    case PRT_KIND_DOUBLE: put_float(to, *(const double *)at, false); break;
    case PRT_KIND_STRING:
        if (*(char *const *)at)
            put_text(to, *(char *const *)at, strlen(*(char *const *)at), from);
        else
            put(to, "NULL");
        break;
    case PRT_KIND_BYTES: put_text(to, bytes->data, bytes->len, from); break;
    case PRT_KIND_TEXT: put_text(to, at, strnlen(at, field->size), from); break;
    case PRT_KIND_RECORD: put_record(to, field->record, at); break;
    }
}

void prt_show_field_(struct text *to, const struct prt_record_field *field, const void *at, size_t from)
{
    const struct place place = place_of(field, (void *)at);

    if (field->form == PRT_FORM_ONE) {
        put_element(to, field, place.at, from);
        return;
    }
    put(to, "{");
    for (size_t i = 0; i < place.count; i++) {
        put(to, i > 0 ? ", " : " ");
        put_element(to, field, place.at + i * field->size, 0);
    }
    put(to, place.count > 0 ? " }" : "}");
}

/* ---- what differs ------------------------------------------------------------------------------------------------- */

/* The same element, as a field of a structure that is nothing else. */
static struct prt_record_field alone(const struct prt_record_field *field)
{
    struct prt_record_field one = *field;

    one.form = PRT_FORM_ONE;
    one.offset = 0;
    one.count = 1;
    return one;
}

static size_t first_other(const void *a, size_t a_len, const void *b, size_t b_len)
{
    size_t i = 0;

    while (i < a_len && i < b_len && ((const char *)a)[i] == ((const char *)b)[i])
        i++;
    return i;
}

static size_t first_other_byte(const struct prt_record_field *field, const void *a, const void *b)
{
    const struct prt_bytes *x = a, *y = b;
    const char *s = *(char *const *)a, *t = *(char *const *)b;

    switch (field->kind) {
    case PRT_KIND_STRING: return s && t ? first_other(s, strlen(s), t, strlen(t)) : 0;
    case PRT_KIND_BYTES: return first_other(x->data, x->len, y->data, y->len);
    case PRT_KIND_TEXT: return first_other(a, strnlen(a, field->size), b, strnlen(b, field->size));
    default: return 0;
    }
}

static bool differ_in(struct difference *difference, const struct prt_record *record, const void *a, const void *b)
{
    for (size_t i = 0; i < record->nfields; i++) {
        const struct prt_record_field *field = &record->fields[i];
        const size_t before = difference->path.len;

        text_put_char(&difference->path, '.');
        put(&difference->path, field->name);
        if (prt_show_difference_(difference, field, a, b))
            return true;
        difference->path.len = before;
    }
    return false;
}

static bool differ(struct difference *difference, const struct prt_record_field *field, const void *a, const void *b)
{
    const struct prt_record_field one = alone(field);
    const struct prt_record record = { "", field->size, &one, 1 };

    if (prt_record_equal(&record, a, b))
        return false;
    if (field->kind == PRT_KIND_RECORD)
        return differ_in(difference, field->record, a, b);
    difference->field = one;
    difference->a = a;
    difference->b = b;
    difference->from = field->kind >= PRT_KIND_STRING ? first_other_byte(field, a, b) : 0;
    return true;
}

bool prt_show_difference_(struct difference *difference, const struct prt_record_field *field, const void *a, const void *b)
{
    const struct place left = place_of(field, (void *)a), right = place_of(field, (void *)b);
    char index[32];

    if (left.count != right.count) {
        difference->field = *field;
        difference->a = a;
        difference->b = b;
        difference->from = 0;
        return true;
    }
    for (size_t i = 0; i < left.count; i++) {
        const size_t before = difference->path.len;

        if (field->form != PRT_FORM_ONE) {
            snprintf(index, sizeof index, "[%zu]", i);
            put(&difference->path, index);
        }
        if (differ(difference, field, left.at + i * field->size, right.at + i * field->size))
            return true;
        difference->path.len = before;
    }
    return false;
}
