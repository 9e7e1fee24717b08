/* A table of the types that a field may have, and walks over fields. */
#include "facts/record.h"

#include <string.h>

#include "facts/decl_write.h"
#include "text/memory.h"

static const struct { const char *name, *c_type; size_t size; } kinds[] = {
    [FIELD_BOOL] = { "bool", "bool", 1 },           [FIELD_INT8] = { "int8_t", "int8_t", 1 },
    [FIELD_INT16] = { "int16_t", "int16_t", 2 },    [FIELD_INT32] = { "int32_t", "int32_t", 4 },
    [FIELD_INT64] = { "int64_t", "int64_t", 8 },    [FIELD_UINT8] = { "uint8_t", "uint8_t", 1 },
    [FIELD_UINT16] = { "uint16_t", "uint16_t", 2 }, [FIELD_UINT32] = { "uint32_t", "uint32_t", 4 },
    [FIELD_UINT64] = { "uint64_t", "uint64_t", 8 }, [FIELD_FLOAT] = { "float", "float", 4 },
    [FIELD_DOUBLE] = { "double", "double", 8 },     [FIELD_STRING] = { "string", "char *", 8 },
    [FIELD_BYTES] = { "bytes", "struct prt_bytes", 16 }, [FIELD_TEXT] = { "char", "char", 1 },
};

#define KINDS (sizeof kinds / sizeof *kinds)

const char *field_type_name(size_t i)
{
    return i < KINDS ? kinds[i].name : NULL;
}

enum field_kind field_kind(const struct field *field)
{
    const char *text = field->type.text;

    if (field->type.record)
        return FIELD_RECORD;
    if (!text || field->type.decl)
        return FIELD_UNKNOWN;
    if (!strcmp(text, "int"))
        return FIELD_INT32;
    if (!strcmp(text, "long"))
        return FIELD_INT64;
    for (size_t i = 0; i < KINDS; i++)
        if (!strcmp(text, kinds[i].name))
            return (enum field_kind)i;
    return FIELD_UNKNOWN;
}

enum field_kind field_kind_of_item(const struct ctype *type)
{
    const enum field_kind kind = field_kind(&(const struct field){ .type = *type });

    return kind == FIELD_TEXT ? FIELD_UNKNOWN : kind;
}

bool field_is_above(const struct record_decl *record, const struct field *field)
{
    return field->type.record->decl.index < record->decl.index;
}

const char *field_c_type(const struct field *field)
{
    const enum field_kind kind = field_kind(field);

    return kind == FIELD_STRING || kind == FIELD_BYTES ? kinds[kind].c_type : field->type.text;
}

const char *field_key_text(const struct field *field)
{
    return field->key.kind == VALUE_STRING ? field->key.s : field->name.text;
}

/* ---- of all fields ---- */

static size_t aligned(size_t size, size_t align)
{
    return (size + align - 1) / align * align;
}

/* How many stand one behind the other; what is no such number is reported elsewhere. */
static size_t field_count(const struct field *field)
{
    const bool counted = field->form == FIELD_ARRAY && field->count.kind == VALUE_INT;

    return counted && field->count.i >= 1 && field->count.i <= RECORD_MAX ? (size_t)field->count.i : 1;
}

/* A field whose record does not stand above is an error, and is nothing here. */
static void add_field(struct record_facts *to, const struct record_decl *record, const struct field *field)
{
    const enum field_kind kind = field_kind(field);
    const bool known = kind < FIELD_RECORD || (kind == FIELD_RECORD && field_is_above(record, field));
    const struct record_facts *inner = known && kind == FIELD_RECORD ? record_facts(field->type.record) : NULL;
    size_t size = inner ? inner->size : known ? kinds[kind].size : 0;
    size_t align = inner ? inner->align : known && kind != FIELD_BYTES ? size : sizeof(int64_t);

    if (!known)
        return;
    if (!to->deep && (kind == FIELD_RECORD || field->form == FIELD_LIST || (field->form == FIELD_ARRAY && kind != FIELD_TEXT)))
        to->deep = field;
    to->owns |= field->form == FIELD_LIST || kind == FIELD_STRING || kind == FIELD_BYTES || (inner && inner->owns);
    to->depth = inner && inner->depth + 1 > to->depth ? inner->depth + 1 : to->depth;
    if (field->form == FIELD_LIST) { /* the elements, and how many there are */
        size = 2 * sizeof(int64_t);
        align = sizeof(int64_t);
    }
    to->align = align > to->align ? align : to->align;
    to->size = aligned(to->size, align) + size * field_count(field);
    to->size = to->size > RECORD_MAX ? RECORD_MAX + 1 : to->size;
}

void record_measure(const struct record_decl *record)
{
    struct record_facts *const facts = record_write(record);

    facts->owns = false;
    facts->deep = NULL;
    facts->size = 0;
    facts->align = facts->depth = 1;
    for (const struct field *field = record->fields; field; field = field->next)
        add_field(facts, record, field);
    facts->size = aligned(facts->size, facts->align);
}

/* ---- in C ---- */

const char *record_call_ending(enum record_call call)
{
    static const char *const endings[RECORD_CALLS] = {
        "_record", "_drop", "_clone", "_equal", "_from_json", "_to_json", "_csv_columns", "_csv_fields", "_csv_header",
        "_from_csv", "_to_csv" };

    return endings[call];
}

const char *record_call_name(struct obstack *memory, const char *record, enum record_call call)
{
    return memory_join(memory, record, record_call_ending(call), "");
}
