/* A structure as its author would have written it, a table of a line for each field, and functions of a line each: what is
 * done with a record is done by the runtime, field after field of the table.
 */
#include "emit/record.h"

#include <inttypes.h>
#include <string.h>

#include "emit/name.h"
#include "emit/text.h"

/* ---- the structure ----------------------------------------------------------------------------------------------- */

static void emit_member(struct emit *emit, const struct planned_field *field)
{
    const char *name = field->form == FORM_LIST ? text_declare(emit, "*", field->name) : field->name;
    const char *array = field->form == FORM_ARRAY ? text_format(emit, "[%" PRId64 "]", field->count) : "";
    const char *member = text_format(emit, "    %s%s;", text_declare(emit, field->c_type, name), array);

    if (strcmp(field->key, field->name) != 0)
        emit_put(emit, "%-31s /* %s */\n", member, text_comment(emit, text_string(emit, field->key)));
    else
        emit_put(emit, "%s\n", member);
    if (field->form == FORM_LIST)
        emit_put(emit, "    size_t %s_len;\n", field->name);
}

static void emit_structure(struct emit *emit, const struct planned_record *record)
{
    emit_line_of(emit, record->span.start);
    emit_put(emit, "typedef struct %s_ %s;\n", record->name, record->name);
    emit_line_here(emit);
    emit_put(emit, "struct %s_ {\n", record->name);
    for (size_t i = 0; i < record->nfields; i++)
        emit_member(emit, &record->fields[i]);
    emit_put(emit, "};\n");
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static const char *kind_text(enum field_kind kind)
{
    switch (kind) {
    case FIELD_BOOL: return "PRT_KIND_BOOL";
    case FIELD_INT8: return "PRT_KIND_INT8";
    case FIELD_INT16: return "PRT_KIND_INT16";
    case FIELD_INT32: return "PRT_KIND_INT32";
    case FIELD_INT64: return "PRT_KIND_INT64";
    case FIELD_UINT8: return "PRT_KIND_UINT8";
    case FIELD_UINT16: return "PRT_KIND_UINT16";
    case FIELD_UINT32: return "PRT_KIND_UINT32";
    case FIELD_UINT64: return "PRT_KIND_UINT64";
    case FIELD_FLOAT: return "PRT_KIND_FLOAT";
    case FIELD_DOUBLE: return "PRT_KIND_DOUBLE";
    case FIELD_STRING: return "PRT_KIND_STRING";
    case FIELD_BYTES: return "PRT_KIND_BYTES";
    case FIELD_TEXT: return "PRT_KIND_TEXT";
    case FIELD_RECORD: return "PRT_KIND_RECORD";
    case FIELD_UNKNOWN: break;
    }
    return NULL;
}

static void emit_row(struct emit *emit, const struct planned_record *record, const struct planned_field *field)
{
    static const char *const forms[] = { [FORM_ONE] = "_FIELD", [FORM_ARRAY] = "_ARRAY", [FORM_LIST] = "_LIST" };
    const bool text = field->kind == FIELD_TEXT;

    emit_put(emit, "    PRT_RECORD%s(%s, %s, %s, %s, %s%s),\n", text ? "_FIELD" : forms[field->form], record->name, field->name,
             text_string(emit, field->key), kind_text(field->kind), field->record ? "&" : "",
             field->record ? text_format(emit, "%s_record", field->record->name) : "NULL");
}

static void emit_table(struct emit *emit, const struct planned_record *record)
{
    emit_put(emit, "\n"
                   "static const struct prt_record_field %s_fields_[] = {\n", record->name);
    for (size_t i = 0; i < record->nfields; i++)
        emit_row(emit, record, &record->fields[i]);
    emit_put(emit, "};\n"
                   "\n"
                   "static const struct prt_record %s_record = { \"%s\", sizeof(%s), %s_fields_, %zu };\n", record->name,
             record->name, record->name, record->name, record->nfields);
}

/* ---- functions --------------------------------------------------------------------------------------------------- */

/* Names of arguments, which no record has. */
struct words { const char *item, *value, *text, *len, *error, *columns, *separator; };

static void emit_memory_function(struct emit *emit, const char *name, const struct words *as, enum record_call call)
{
    if (call == RECORD_DROP)
        emit_put(emit, "static inline void %s_drop(%s *%s)\n"
                       "{\n"
                       "    prt_record_drop(&%s_record, %s);\n", name, name, as->item, name, as->item);
    else if (call == RECORD_CLONE)
        emit_put(emit, "static inline %s %s_clone(const %s *%s)\n"
                       "{\n"
                       "    %s %s;\n"
                       "\n"
                       "    prt_record_clone(&%s_record, &%s, %s);\n"
                       "    return %s;\n", name, name, name, as->item, name, as->value, name, as->value, as->item, as->value);
    else
        emit_put(emit, "static inline bool %s_equal(const %s *%s, const %s *%s)\n"
                       "{\n"
                       "    return prt_record_equal(&%s_record, %s, %s);\n", name, name, as->item, name, as->value, name,
                 as->item, as->value);
}

static void emit_json_function(struct emit *emit, const char *name, const struct words *as, enum record_call call)
{
    if (call == RECORD_FROM_JSON)
        emit_put(emit, "static inline bool %s_from_json(const char *%s, size_t %s, %s *%s, struct prt_error *%s)\n"
                       "{\n"
                       "    return prt_json_read(&%s_record, %s, %s, %s, %s);\n", name, as->text, as->len, name, as->item,
                 as->error, name, as->text, as->len, as->item, as->error);
    else
        emit_put(emit, "static inline char *%s_to_json(const %s *%s, size_t *%s)\n"
                       "{\n"
                       "    return prt_json_write(&%s_record, %s, %s);\n", name, name, as->item, as->len, name, as->item,
                 as->len);
}

static void emit_columns_function(struct emit *emit, const char *name, const struct words *as, enum record_call call)
{
    if (call == RECORD_CSV_COLUMNS)
        emit_put(emit, "static inline bool %s_csv_columns(const char *%s, size_t %s, char %s,\n"
                       "        struct prt_columns *%s, struct prt_error *%s)\n"
                       "{\n"
                       "    return prt_csv_columns(&%s_record, %s, %s, %s, %s, %s);\n", name, as->text, as->len,
                 as->separator, as->columns, as->error, name, as->text, as->len, as->separator, as->columns, as->error);
    else if (call == RECORD_CSV_FIELDS)
        emit_put(emit, "static inline bool %s_csv_fields(char %s, struct prt_columns *%s)\n"
                       "{\n"
                       "    return prt_csv_fields(&%s_record, %s, %s);\n", name, as->separator, as->columns, name,
                 as->separator, as->columns);
    else
        emit_put(emit, "static inline char *%s_csv_header(char %s, size_t *%s)\n"
                       "{\n"
                       "    return prt_csv_header(&%s_record, %s, %s);\n", name, as->separator, as->len, name,
                 as->separator, as->len);
}

static void emit_csv_function(struct emit *emit, const char *name, const struct words *as, enum record_call call)
{
    if (call == RECORD_FROM_CSV)
        emit_put(emit, "static inline bool %s_from_csv(const struct prt_columns *%s, const char *%s, size_t %s,\n"
                       "        %s *%s, struct prt_error *%s)\n"
                       "{\n"
                       "    return prt_csv_read(%s, %s, %s, %s, %s);\n", name, as->columns, as->text, as->len, name,
                 as->item, as->error, as->columns, as->text, as->len, as->item, as->error);
    else
        emit_put(emit, "static inline char *%s_to_csv(const %s *%s, char %s, size_t *%s)\n"
                       "{\n"
                       "    return prt_csv_write(&%s_record, %s, %s, %s);\n", name, name, as->item, as->separator, as->len,
                 name, as->item, as->separator, as->len);
}

static void emit_function(struct emit *emit, const struct planned_record *record, enum record_call call)
{
    const struct words as = {
        name_free(emit, NULL, NULL, "item"), name_free(emit, NULL, NULL, "value"), name_free(emit, NULL, NULL, "text"),
        name_free(emit, NULL, NULL, "len"), name_free(emit, NULL, NULL, "error"), name_free(emit, NULL, NULL, "columns"),
        name_free(emit, NULL, NULL, "separator") };

    emit_put(emit, "\n");
    switch (call) {
    case RECORD_DROP:
    case RECORD_CLONE:
    case RECORD_EQUAL: emit_memory_function(emit, record->name, &as, call); break;
    case RECORD_FROM_JSON:
    case RECORD_TO_JSON: emit_json_function(emit, record->name, &as, call); break;
    case RECORD_CSV_COLUMNS:
    case RECORD_CSV_FIELDS:
    case RECORD_CSV_HEADER: emit_columns_function(emit, record->name, &as, call); break;
    case RECORD_FROM_CSV:
    case RECORD_TO_CSV: emit_csv_function(emit, record->name, &as, call); break;
    case RECORD_TABLE:
    case RECORD_CALLS: break;
    }
    emit_put(emit, "}\n");
}

/* C files beside the pipeline may call all that it has. */
static bool wants(const struct emit *emit, const struct planned_record *record, enum record_call call)
{
    return record->calls[call] || (emit->options->header && (record->flat || !record_call_is_of_csv(call)));
}

void emit_record(struct emit *emit, const struct planned_record *record)
{
    emit_structure(emit, record);
    if (wants(emit, record, RECORD_TABLE))
        emit_table(emit, record);
    for (enum record_call call = RECORD_TABLE + 1; call < RECORD_CALLS; call++)
        if (wants(emit, record, call))
            emit_function(emit, record, call);
}

/* ---- letters ----------------------------------------------------------------------------------------------------- */

void emit_letter_json(struct emit *emit, const struct planned_channel *channel)
{
    const char *letter = name_free(emit, NULL, NULL, "letter"), *len = name_free(emit, NULL, NULL, "len");
    const char *name = channel->symbol, *type = channel->c_type;
    const char *record = channel->lost_record ? text_format(emit, "&%s_record", channel->lost_record->name) : "NULL";

    if (channel->lost_kind == FIELD_UNKNOWN || !(channel->lost_json || emit->options->header))
        return;
    emit_put(emit, "\n"
                   "static const struct prt_record_field $N_%s_fields_[] = {\n"
                   "    PRT_RECORD_FIELD(%s, item, \"item\", %s, %s),\n"
                   "    PRT_RECORD_FIELD(%s, reason, \"reason\", PRT_KIND_STRING, NULL),\n"
                   "    PRT_RECORD_FIELD(%s, attempts, \"attempts\", PRT_KIND_INT32, NULL),\n"
                   "    PRT_RECORD_FIELD(%s, stage, \"stage\", PRT_KIND_STRING, NULL),\n"
                   "};\n", name, type, kind_text(channel->lost_kind), record, type, type, type);
    emit_put(emit, "\n"
                   "static const struct prt_record $N_%s_record_ = { \"%s\", sizeof(%s), $N_%s_fields_, 4 };\n", name, name, type,
             name);
    emit_put(emit, "\n"
                   "static inline char *$N_%s_to_json(const %s *%s, size_t *%s)\n"
                   "{\n"
                   "    return prt_json_write(&$N_%s_record_, %s, %s);\n"
                   "}\n", name, type, letter, len, name, letter, len);
}
