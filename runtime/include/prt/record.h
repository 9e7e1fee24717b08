/* Records: what the runtime knows of a structure that a .pipe file declares as `record`. pipec emits a table of its fields;
 * whatever is done with records is done by these functions, field after field. They are for any thread, call nothing of
 * the author's, never block, and keep no state of their own; a record that two threads use at a time is for them to guard.
 */
#ifndef PRT_RECORD_H
#define PRT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an element is in C. */
enum prt_kind {
    PRT_KIND_BOOL,
    PRT_KIND_INT8, PRT_KIND_INT16, PRT_KIND_INT32, PRT_KIND_INT64,     /* int8_t to int64_t, int, long */
    PRT_KIND_UINT8, PRT_KIND_UINT16, PRT_KIND_UINT32, PRT_KIND_UINT64,
    PRT_KIND_FLOAT, PRT_KIND_DOUBLE,
    PRT_KIND_STRING, /* char *, owned; NULL: there is none */
    PRT_KIND_BYTES,  /* struct prt_bytes, owned */
    PRT_KIND_TEXT,   /* char [size], up to a NUL or its end */
    PRT_KIND_RECORD  /* a structure with a table of its own */
};

/* One element; `count` of them; a pointer to them, from malloc, with how many there are in the size_t at `len`. */
enum prt_form { PRT_FORM_ONE, PRT_FORM_ARRAY, PRT_FORM_LIST };

struct prt_record;

struct prt_record_field {
    const char *name;                /* in JSON and CSV: UTF-8 */
    uint32_t name_len;               /* in bytes */
    enum prt_kind kind;
    enum prt_form form;
    uint32_t offset;                 /* of the field in the structure */
    uint32_t size;                   /* of an element */
    uint32_t count;                  /* of an array: its elements; else 1 */
    uint32_t len;                    /* of a list: the offset of its length */
    const struct prt_record *record; /* PRT_KIND_RECORD: its table; else NULL */
};

struct prt_record {
    const char *name;
    size_t size;                     /* of the structure */
    const struct prt_record_field *fields;
    size_t nfields;
};

/* A line of the table: the structure, the member, its name in JSON and CSV, its kind, its table or NULL. */
#define PRT_RECORD_FIELD(type, member, name, kind, record) \
    { name, sizeof name - 1, kind, PRT_FORM_ONE, offsetof(type, member), sizeof(((type *)0)->member), 1, 0, record }
#define PRT_RECORD_ARRAY(type, member, name, kind, record) \
    { name, sizeof name - 1, kind, PRT_FORM_ARRAY, offsetof(type, member), sizeof(*((type *)0)->member), \
      sizeof(((type *)0)->member) / sizeof(*((type *)0)->member), 0, record }
#define PRT_RECORD_LIST(type, member, name, kind, record) \
    { name, sizeof name - 1, kind, PRT_FORM_LIST, offsetof(type, member), sizeof(*((type *)0)->member), 1, \
      offsetof(type, member##_len), record }

/* prt_record_drop() frees what the record owns and leaves it empty, all zero bytes. NULL in a place that owns is nothing,
 * whatever the length beside it says: so is what was taken. */
void prt_record_drop(const struct prt_record *record, void *item);

/* prt_record_clone() makes `*copy`, which need not be initialized, a copy that owns all it has. Where there is no memory for
 * a string, bytes or a list, that is empty in the copy. */
void prt_record_clone(const struct prt_record *record, void *copy, const void *item);

/* prt_record_equal() compares numbers by value (NaN is equal to nothing), strings, texts, bytes and lists by content; a
 * string that is NULL is not an empty one, bytes and lists of none are equal. */
bool prt_record_equal(const struct prt_record *record, const void *a, const void *b);

#ifdef __cplusplus
}
#endif

#endif
