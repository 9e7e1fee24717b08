/* A record with a field of every kind, and of every form: one, an array, a list.
 */
#ifndef SHOP_H
#define SHOP_H

#include <prt/record.h>
#include <prt/types.h>

struct place {
    double lat;
    float lon;
    char *street;
};

struct shop {
    bool open;
    int id;
    char *name;
    char country[3];
    struct place at;
    char **tags;
    size_t tags_len;
    struct place *doors;
    size_t doors_len;
    struct prt_bytes pictures[2];
    float marks[3];
    int8_t a;
    int16_t b;
    int64_t c;
    uint8_t d;
    uint16_t e;
    uint32_t f;
    uint64_t *numbers;
    size_t numbers_len;
};

static const struct prt_record_field place_fields[] = {
    PRT_RECORD_FIELD(struct place, lat, "lat", PRT_KIND_DOUBLE, NULL),
    PRT_RECORD_FIELD(struct place, lon, "lon", PRT_KIND_FLOAT, NULL),
    PRT_RECORD_FIELD(struct place, street, "street", PRT_KIND_STRING, NULL),
};

static const struct prt_record place_record = { "place", sizeof(struct place), place_fields, 3 };

static const struct prt_record_field shop_fields[] = {
    PRT_RECORD_FIELD(struct shop, open, "open", PRT_KIND_BOOL, NULL),
    PRT_RECORD_FIELD(struct shop, id, "id", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(struct shop, name, "name", PRT_KIND_STRING, NULL),
    PRT_RECORD_FIELD(struct shop, country, "country", PRT_KIND_TEXT, NULL),
    PRT_RECORD_FIELD(struct shop, at, "at", PRT_KIND_RECORD, &place_record),
    PRT_RECORD_LIST(struct shop, tags, "tags", PRT_KIND_STRING, NULL),
    PRT_RECORD_LIST(struct shop, doors, "doors", PRT_KIND_RECORD, &place_record),
    PRT_RECORD_ARRAY(struct shop, pictures, "pictures", PRT_KIND_BYTES, NULL),
    PRT_RECORD_ARRAY(struct shop, marks, "marks", PRT_KIND_FLOAT, NULL),
    PRT_RECORD_FIELD(struct shop, a, "a", PRT_KIND_INT8, NULL),
    PRT_RECORD_FIELD(struct shop, b, "b", PRT_KIND_INT16, NULL),
    PRT_RECORD_FIELD(struct shop, c, "c", PRT_KIND_INT64, NULL),
    PRT_RECORD_FIELD(struct shop, d, "d", PRT_KIND_UINT8, NULL),
    PRT_RECORD_FIELD(struct shop, e, "e", PRT_KIND_UINT16, NULL),
    PRT_RECORD_FIELD(struct shop, f, "\xc3\xa4", PRT_KIND_UINT32, NULL),
    PRT_RECORD_LIST(struct shop, numbers, "numbers", PRT_KIND_UINT64, NULL),
};

static const struct prt_record shop_record = { "shop", sizeof(struct shop), shop_fields, 16 };

#endif
