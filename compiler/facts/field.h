/* What a field of a record may be.
 */
#ifndef FIELD_H
#define FIELD_H

#include <stdbool.h>

/* FIELD_TEXT is char x[N], FIELD_RECORD a record that is declared above. */
enum field_kind {
    FIELD_BOOL, FIELD_INT8, FIELD_INT16, FIELD_INT32, FIELD_INT64, FIELD_UINT8, FIELD_UINT16, FIELD_UINT32, FIELD_UINT64,
    FIELD_FLOAT, FIELD_DOUBLE, FIELD_STRING, FIELD_BYTES, FIELD_TEXT, FIELD_RECORD,
    FIELD_UNKNOWN
};

/* What C text may call of a record: NAME_record, its table, and functions. */
enum record_call {
    RECORD_TABLE, RECORD_DROP, RECORD_CLONE, RECORD_EQUAL,
    RECORD_FROM_JSON, RECORD_TO_JSON,
    RECORD_CSV_COLUMNS, RECORD_CSV_FIELDS, RECORD_CSV_HEADER, RECORD_FROM_CSV, RECORD_TO_CSV,
    RECORD_CALLS
};

/* Whether it is about a row of CSV. */
static inline bool record_call_is_of_csv(enum record_call call)
{
    return call >= RECORD_CSV_COLUMNS;
}

/* Whether it is about a record as text. */
static inline bool record_call_is_of_forms(enum record_call call)
{
    return call >= RECORD_FROM_JSON;
}

#endif
