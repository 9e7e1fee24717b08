/* Records of drawn fields, and items of them. The same for every run.
 */
#ifndef DRAWN_H
#define DRAWN_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <prt/record.h>
#include <prt/types.h>

static inline uint64_t drawn(void)
{
    static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(2685821657736338717);
}

#define DRAWN_FIELDS 12
#define DRAWN_DEEP 3

/* A record, and behind it those that it consists of. */
struct drawn_record {
    struct prt_record table;
    struct prt_record_field fields[DRAWN_FIELDS];
    char names[DRAWN_FIELDS][24];
    struct drawn_record *inner;
};

static inline uint32_t drawn_size(enum prt_kind kind)
{
    static const uint32_t sizes[] = { [PRT_KIND_BOOL] = 1,   [PRT_KIND_INT8] = 1,  [PRT_KIND_INT16] = 2,
                                      [PRT_KIND_INT32] = 4,  [PRT_KIND_INT64] = 8, [PRT_KIND_UINT8] = 1,
                                      [PRT_KIND_UINT16] = 2, [PRT_KIND_UINT32] = 4, [PRT_KIND_UINT64] = 8,
                                      [PRT_KIND_FLOAT] = 4,  [PRT_KIND_DOUBLE] = 8, [PRT_KIND_STRING] = 8,
                                      [PRT_KIND_BYTES] = 16 };

    return kind == PRT_KIND_TEXT ? 1 + (uint32_t)(drawn() % 9) : sizes[kind];
}

/* `scalars`: no arrays, lists, records or bytes, as of CSV. */
static inline struct drawn_record *drawn_record_of(int deep, bool scalars)
{
    static const char *const odd[] = { "", " ", "\"", "\\", "\xc3\xa4", ",", "\n" };
    struct drawn_record *const record = calloc(1, sizeof *record);
    const size_t nfields = 1 + drawn() % DRAWN_FIELDS;
    uint32_t offset = 0;

    if (deep > 1)
        record->inner = drawn_record_of(deep - 1, scalars);
    for (size_t i = 0; i < nfields; i++) {
        struct prt_record_field *const field = &record->fields[i];

        field->kind = (enum prt_kind)(drawn() % (record->inner ? PRT_KIND_RECORD + 1 : PRT_KIND_RECORD));
        if (scalars && field->kind == PRT_KIND_BYTES)
            field->kind = PRT_KIND_STRING;
        field->form = scalars || field->kind == PRT_KIND_TEXT ? PRT_FORM_ONE : (enum prt_form)(drawn() % 3);
        field->count = field->form == PRT_FORM_ARRAY ? 1 + (uint32_t)(drawn() % 5) : 1;
        field->record = field->kind == PRT_KIND_RECORD ? &record->inner->table : NULL;
        field->size = field->record ? (uint32_t)field->record->size : drawn_size(field->kind);
        field->offset = (offset + 7) / 8 * 8;
        offset = field->offset + (field->form == PRT_FORM_LIST ? 16 : field->size * field->count);
        field->len = field->form == PRT_FORM_LIST ? field->offset + 8 : 0;
        snprintf(record->names[i], sizeof record->names[i], "f%zu%s", i, odd[drawn() % (sizeof odd / sizeof *odd)]);
        field->name = record->names[i];
        field->name_len = (uint32_t)strlen(field->name);
    }
    record->table = (struct prt_record){ "drawn", (offset + 7) / 8 * 8, record->fields, nfields };
    return record;
}

static inline struct drawn_record *drawn_record_new(void)
{
    return drawn_record_of(1 + (int)(drawn() % DRAWN_DEEP), false);
}

static inline const struct prt_record *drawn_record_table(const struct drawn_record *record)
{
    return &record->table;
}

static inline void drawn_record_free(struct drawn_record *record)
{
    if (record->inner)
        drawn_record_free(record->inner);
    free(record);
}

/* Of UTF-8, so that it is the same when it is read back. */
static inline size_t drawn_text(char *to, size_t room)
{
    static const char *const letters[] = { "a", "b", " ", "\"", "\\", "/", "\n", "\t", "\x01", "\x7f", "\xc3\xa4", "\xe2\x82\xac",
                                           "\xf0\x9f\x98\x80", ",", ";", "'", "\r", "plain text that is longer" };
    size_t len = 0;

    for (size_t n = drawn() % 8; n > 0; n--) {
        const char *letter = letters[drawn() % (sizeof letters / sizeof *letters)];

        if (len + strlen(letter) <= room) {
            memcpy(to + len, letter, strlen(letter));
            len += strlen(letter);
        }
    }
    return len;
}

static inline void drawn_fill(const struct prt_record *record, unsigned char *item, bool nulls);

static inline void drawn_element(const struct prt_record_field *field, unsigned char *at, bool nulls)
{
    const uint64_t bits = drawn() >> (drawn() & 63);
    const double value = (double)(int64_t)bits / (double)(1 + drawn() % 1000);
    char text[256];
    size_t len;

    if (nulls && drawn() % 8 == 0)
        return;
    switch (field->kind) {
    case PRT_KIND_BOOL: *(bool *)at = bits & 1; break;
    case PRT_KIND_FLOAT: *(float *)(void *)at = (float)value; break;
    case PRT_KIND_DOUBLE: *(double *)(void *)at = value; break;
    case PRT_KIND_STRING:
        len = drawn_text(text, sizeof text - 1);
        text[len] = '\0';
        *(char **)(void *)at = strdup(text);
        break;
    case PRT_KIND_BYTES: {
        struct prt_bytes *bytes = (struct prt_bytes *)(void *)at;

        bytes->len = drawn() % 9;
        bytes->data = malloc(bytes->len + 1);
        for (size_t i = 0; i < bytes->len; i++)
            bytes->data[i] = (unsigned char)drawn();
        break;
    }
    case PRT_KIND_TEXT: drawn_text((char *)at, field->size); break;
    case PRT_KIND_RECORD: drawn_fill(field->record, at, nulls); break;
    default: memcpy(at, &bits, field->size); break;
    }
}

static inline void drawn_fill(const struct prt_record *record, unsigned char *item, bool nulls)
{
    for (size_t i = 0; i < record->nfields; i++) {
        const struct prt_record_field *field = &record->fields[i];
        const size_t count = field->form == PRT_FORM_LIST ? drawn() % 6 : field->count;
        unsigned char *at = item + field->offset;

        if (field->form == PRT_FORM_LIST) {
            *(unsigned char **)(void *)at = count ? calloc(count, field->size) : NULL;
            *(size_t *)(void *)(item + field->len) = count;
            at = *(unsigned char **)(void *)at;
        }
        for (size_t k = 0; k < count; k++)
            drawn_element(field, at + k * field->size, nulls);
    }
}

/* From malloc; its record drops what it owns. `nulls`: some of its strings are NULL. */
static inline void *drawn_item_new(const struct prt_record *record, bool nulls)
{
    unsigned char *const item = calloc(1, record->size);

    drawn_fill(record, item, nulls);
    return item;
}

#endif
