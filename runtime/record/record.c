/* What is done with records in memory. A record stands only in others that are declared below it, so what calls itself here
 * comes to an end, at pipec's limit of the depth.
 */
#include <prt/record.h>

#include <stdlib.h>
#include <string.h>

#include <prt/types.h>

#include "record/place.h"
#include "record/record.h"

/* ---- drop -------------------------------------------------------------------------------------------------------- */

static void drop_element(const struct prt_record_field *field, void *at)
{
    if (field->kind == PRT_KIND_STRING)
        prt_string_drop(at);
    else if (field->kind == PRT_KIND_BYTES)
        prt_bytes_drop(at);
    else if (field->kind == PRT_KIND_RECORD)
        prt_record_drop(field->record, at);
}

void prt_record_drop_field_(const struct prt_record_field *field, void *item)
{
    const struct place place = place_of(field, item);

    if (field->kind >= PRT_KIND_STRING && field->kind != PRT_KIND_TEXT)
        for (size_t i = 0; i < place.count; i++)
            drop_element(field, place.at + i * field->size);
    if (field->form == PRT_FORM_LIST)
        free(place.at);
}

void prt_record_drop(const struct prt_record *record, void *item)
{
    for (size_t i = 0; i < record->nfields; i++)
        prt_record_drop_field_(&record->fields[i], item);
    memset(item, 0, record->size);
}

/* ---- clone ------------------------------------------------------------------------------------------------------- */

static void clone_element(const struct prt_record_field *field, void *copy, const void *at)
{
    if (field->kind == PRT_KIND_STRING && *(char *const *)at)
        prt_string_clone(copy, at);
    else if (field->kind == PRT_KIND_BYTES && ((const struct prt_bytes *)at)->data)
        prt_bytes_clone(copy, at);
    else if (field->kind == PRT_KIND_RECORD)
        prt_record_clone(field->record, copy, at);
    else
        memcpy(copy, at, field->size);
}

static void clone_field(const struct prt_record_field *field, void *copy, const void *item)
{
    const struct place from = place_of(field, (void *)item);
    unsigned char *to = (unsigned char *)copy + field->offset;

    if (field->form == PRT_FORM_LIST) {
        to = from.count > 0 ? malloc(from.count * field->size) : NULL;
        *(void **)(void *)((unsigned char *)copy + field->offset) = to;
        *(size_t *)(void *)((unsigned char *)copy + field->len) = to ? from.count : 0;
        if (!to)
            return;
    }
    for (size_t i = 0; i < from.count; i++)
        clone_element(field, to + i * field->size, from.at + i * field->size);
}

void prt_record_clone(const struct prt_record *record, void *copy, const void *item)
{
    memset(copy, 0, record->size);
    for (size_t i = 0; i < record->nfields; i++)
        clone_field(&record->fields[i], copy, item);
}

/* ---- equal ------------------------------------------------------------------------------------------------------- */

static bool equal_strings(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool equal_bytes(const struct prt_bytes *a, const struct prt_bytes *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static bool equal_elements(const struct prt_record_field *field, const void *a, const void *b)
{
    switch (field->kind) {
    case PRT_KIND_FLOAT: return *(const float *)a == *(const float *)b;
    case PRT_KIND_DOUBLE: return *(const double *)a == *(const double *)b;
    case PRT_KIND_STRING: return equal_strings(*(char *const *)a, *(char *const *)b);
    case PRT_KIND_BYTES: return equal_bytes(a, b);
    case PRT_KIND_TEXT: return strncmp(a, b, field->size) == 0;
    case PRT_KIND_RECORD: return prt_record_equal(field->record, a, b);
    default: return memcmp(a, b, field->size) == 0;
    }
}

static bool equal_fields(const struct prt_record_field *field, const void *a, const void *b)
{
    const struct place left = place_of(field, (void *)a), right = place_of(field, (void *)b);
    size_t i = 0;

    while (i < left.count && left.count == right.count
           && equal_elements(field, left.at + i * field->size, right.at + i * field->size))
        i++;
    return i == left.count && left.count == right.count;
}

bool prt_record_equal(const struct prt_record *record, const void *a, const void *b)
{
    size_t i = 0;

    while (i < record->nfields && equal_fields(&record->fields[i], a, b))
        i++;
    return i == record->nfields;
}
