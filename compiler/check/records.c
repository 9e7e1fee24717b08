/* Records: the types of their fields, the numbers of arrays, names within one record, and how much a record may be.
 */
#include "check/check.h"

#include <string.h>
#include <uthash.h>

#include "facts/item.h"
#include "facts/record_calls.h"
#include "parts/instance.h"
#include "text/glyph.h"
#include "text/memory.h"
#include "text/suggest.h"

#define FIELDS_MAX 1000
#define RECORDS_DEEP_MAX 32

/* ---- types ---- */

static void report_type(struct check *check, const struct field *field)
{
    struct suggestion suggestion = suggestion_for(field->type.text);
    const char *name;

    diag_report(check->diags, "E0230", field->type.span, "'%s' is no type of a field", field->type.text);
    if (field->type.decl)
        diag_note(check->diags, field->type.decl->decl.name.span, "it is a C type, of which only its author knows what it holds");
    for (size_t i = 0; (name = field_type_name(i)) && !field->type.decl; i++)
        suggestion_offer(&suggestion, name);
    suggestion_offer(&suggestion, "int");
    suggestion_offer(&suggestion, "long");
    CHECK_EACH(check, DECL_RECORD, struct record_decl, record)
        suggestion_offer(&suggestion, record->decl.name.text);
    if (suggestion.best && !field->type.decl)
        diag_hint(check->diags, "did you mean '%s'?", suggestion.best);
    else
        diag_hint(check->diags, "fields are bool, int, long, intN_t, uintN_t, float, double, string, bytes, char NAME[N], or a "
                                "record that is declared above");
}

static void check_record_type(struct check *check, const struct record_decl *record, const struct field *field)
{
    const struct record_decl *inner = field->type.record;

    if (field_is_above(record, field))
        return;
    if (inner == record)
        diag_report(check->diags, "E0234", field->type.span, "'%s' would contain itself", record->decl.name.text);
    else
        diag_report(check->diags, "E0234", field->type.span, "the record '%s' is declared below", field->type.text);
    diag_note(check->diags, inner->decl.name.span, "'%s' is declared here", inner->decl.name.text);
    diag_hint(check->diags, inner == record ? "a record holds its fields themselves, and not where they are"
                                            : "declare it above the record that holds it");
}

static void check_text(struct check *check, const struct field *field)
{
    if (field->form == FIELD_ARRAY)
        return;
    diag_report(check->diags, "E0231", field->form == FIELD_LIST ? field->form_span : field->type.span,
                "'char' is text of so many bytes at most, and their number is missing");
    diag_hint(check->diags, "write char %s[16]; or string %s; for text of any length, or int8_t %s; for a number",
              field->name.text, field->name.text, field->name.text);
}

static void check_count(struct check *check, const struct field *field)
{
    if (field->form != FIELD_ARRAY || (field->count.kind == VALUE_NAME && !field->count.param))
        return;
    if (field->count.kind == VALUE_INT && field->count.i >= 1 && field->count.i <= RECORD_MAX)
        return;
    diag_report(check->diags, "E0231", field->count.span, "how many elements '%s' has must be a number from 1 to %d",
                field->name.text, RECORD_MAX);
    diag_hint(check->diags, field->count.kind == VALUE_NAME ? "a structure is as large whatever the params are: write the number, "
                                                              "or [] for a list of any length"
                                                            : "for a list of any length write []");
}

static void check_field(struct check *check, const struct record_decl *record, const struct field *field)
{
    const enum field_kind kind = field_kind(field);

    if (!field->name.text)
        return;
    if (kind == FIELD_UNKNOWN)
        report_type(check, field);
    else if (kind == FIELD_RECORD)
        check_record_type(check, record, field);
    else if (kind == FIELD_TEXT)
        check_text(check, field);
    check_count(check, field);
}

/* ---- names ---- */

struct entry {
    const char *text;
    struct span span;
    const char *list; /* of NAME_len: the list that has so many; else NULL */
    UT_hash_handle hh;
};

/* The first of that text; NULL: this is it. */
static const struct entry *enter(struct check *check, struct entry **table, struct entry entry)
{
    struct entry *found;

    HASH_FIND_STR(*table, entry.text, found);
    if (found)
        return found;
    found = obstack_copy(check->memory, &entry, sizeof entry);
    HASH_ADD_KEYPTR(hh, *table, found->text, strlen(found->text), found);
    return NULL;
}

static void report_twice(struct check *check, const struct entry *entry, const struct entry *first)
{
    const char *list = entry->list ? entry->list : first->list;

    if (list)
        diag_report(check->diags, "E0232", entry->span, "'%s' is how many elements the list '%s' has", entry->text, list);
    else
        diag_report(check->diags, "E0232", entry->span, "a second field '%s'", entry->text);
    diag_note(check->diags, first->span, "%s", first->list ? "the list is declared here" : "the first is declared here");
    diag_hint(check->diags, "give one of them another name");
}

static void check_names_of(struct check *check, const struct record_decl *record)
{
    struct entry *table = NULL;

    for (const struct field *field = record->fields; field; field = field->next) {
        const struct entry own = { .text = field->name.text, .span = field->name.span };
        const struct entry *first = own.text ? enter(check, &table, own) : NULL;
        struct entry len = { .span = field->name.span, .list = field->name.text };

        if (first)
            report_twice(check, &own, first);
        if (!own.text || field->form != FIELD_LIST)
            continue;
        len.text = memory_join(check->memory, field->name.text, "_len", "");
        first = enter(check, &table, len);
        if (first)
            report_twice(check, &len, first);
    }
    HASH_CLEAR(hh, table);
}

/* JSON has no other text. */
static bool is_utf8(const char *text)
{
    const char *const end = text + strlen(text);
    bool right = true;

    while (text < end && right) {
        const struct glyph glyph = glyph_read(text, end);

        right = glyph.is_utf8;
        text += glyph.len;
    }
    return right;
}

/* Whatever letters it has, but an empty one would be no column of CSV. */
static void check_keys_of(struct check *check, const struct record_decl *record)
{
    struct entry *table = NULL;

    for (const struct field *field = record->fields; field; field = field->next) {
        const struct span span = field->key.kind == VALUE_STRING ? field->key.span : field->name.span;
        const struct entry *first;

        if (!field->name.text)
            continue;
        if (field->key.kind == VALUE_STRING && field->key.s[0] == '\0') {
            diag_report(check->diags, "E0233", span, "'%s' has no name in JSON and CSV", field->name.text);
            diag_hint(check->diags, "leave ': \"\"' out, and it is called '%s' there", field->name.text);
            continue;
        }
        if (!is_utf8(field_key_text(field))) {
            diag_report(check->diags, "E0233", span, "the name of '%s' in JSON and CSV is not UTF-8", field->name.text);
            diag_hint(check->diags, "save the file as UTF-8, and write the letter itself");
            continue;
        }
        first = enter(check, &table, (struct entry){ .text = field_key_text(field), .span = span });
        if (!first || (field->key.kind != VALUE_STRING && strcmp(first->text, field->name.text) == 0
                       && first->span.end - first->span.start == strlen(first->text)))
            continue; /* two fields of one name: reported */
        diag_report(check->diags, "E0233", span, "two fields are called '%s' in JSON and CSV", first->text);
        diag_note(check->diags, first->span, "this is the first");
        diag_hint(check->diags, "give one of them another name there: TYPE FIELD: \"name\";");
    }
    HASH_CLEAR(hh, table);
}

/* ---- limits ---- */

static void check_limits(struct check *check, const struct record_decl *record)
{
    const struct record_facts *facts = record_facts(record);
    const char *name = record->decl.name.text;

    if (record->nfields == 0) {
        diag_report(check->diags, "E0235", record->decl.name.span, "the record '%s' has no fields", name);
        diag_hint(check->diags, "record %s { int id; string name; }", name);
    } else if (record->nfields > FIELDS_MAX) {
        diag_report(check->diags, "E0236", record->decl.name.span, "the record '%s' has %zu fields, more than %d", name,
                    record->nfields, FIELDS_MAX);
        diag_hint(check->diags, "put some of them into a record of their own, or use a list");
    } else if (facts->size > RECORD_MAX) {
        diag_report(check->diags, "E0236", record->decl.name.span, "the record '%s' has more than %d bytes", name, RECORD_MAX);
        diag_hint(check->diags, "bodies have it on their stacks: use string, bytes or a list, which are elsewhere");
    } else if (facts->depth == RECORDS_DEEP_MAX + 1) {
        diag_report(check->diags, "E0236", record->decl.name.span, "records stand in records more than %d deep",
                    RECORDS_DEEP_MAX);
        diag_hint(check->diags, "leave some levels out");
    }
}

/* ---- what stands for a record ---- */

/* Who drops an item of such a type? */
static void check_type(struct check *check, const struct type_decl *type)
{
    const struct record_decl *record = type->c_type.record;

    if (!record || type->given || type->drop.text || !record_facts(record)->owns)
        return;
    diag_report(check->diags, "E0238", type->c_type.span, "'%s' owns what it carries, and nothing would drop a '%s'",
                record->decl.name.text, type->decl.name.text);
    diag_note(check->diags, record->decl.name.span, "'%s' is declared here", record->decl.name.text);
    diag_hint(check->diags, "let the channel carry the record itself");
}

static void check_instance(struct check *check, const struct instance *instance)
{
    for (const struct instance_type *type = instance->types; type; type = type->next) {
        if (!type->is_record || type->type.record)
            continue;
        if (type->type.decl && type->type.decl->given_record)
            continue;
        diag_report(check->diags, "E0237", instance->decl.name.span, "'%s' wants a record, and %s is none",
                    instance->part->decl.name.text, type->type.text);
        diag_note(check->diags, type->type.span, "the type is written here");
        diag_hint(check->diags, "declare one: record NAME { %s value; }",
                  item_is_built_in(type->type.text) ? type->type.text : "TYPE");
    }
}

/* ---- CSV ---- */

struct told {
    struct check *check;
    bool *records; /* by their places */
};

static void check_call(void *data, const struct recorded *found, const struct code *code)
{
    const struct told *const told = data;
    const struct field *deep = record_facts(found->record)->deep;
    struct diags *diags = told->check->diags;
    const char *name = found->record->decl.name.text;

    if (!deep || !record_call_is_of_csv(found->call) || told->records[found->record->decl.index])
        return;
    told->records[found->record->decl.index] = true;
    diag_report(diags, "E0239", deep->name.span, "'%s' is no column of CSV: it is %s", deep->name.text,
                deep->form == FIELD_LIST    ? "a list"
                : deep->form == FIELD_ARRAY ? "an array"
                                            : "a record");
    if (found->instance)
        diag_note(diags, found->instance->decl.name.span, "'%s' is made of a part that reads or writes '%s' as CSV",
                  found->instance->decl.name.text, name);
    else
        diag_note(diags, (struct span){ code->span.start - 1, code->span.start }, "'%s' stands in the text that begins here",
                  record_call_name(told->check->memory, name, found->call));
    diag_hint(diags, "declare a record of plain fields for the rows, or write JSON");
}

static void check_csv(struct check *check)
{
    record_calls_each(check->ast, check_call,
                      &(struct told){ check, memory_take(check->memory, check->ast->counts[DECL_RECORD] + 1) });
}

void check_records(struct check *check)
{
    CHECK_EACH(check, DECL_RECORD, struct record_decl, record) {
        for (const struct field *field = record->fields; field; field = field->next)
            check_field(check, record, field);
        check_names_of(check, record);
        check_keys_of(check, record);
        check_limits(check, record);
    }
    CHECK_EACH(check, DECL_TYPE, struct type_decl, type)
        check_type(check, type);
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance)
        check_instance(check, instance);
    check_csv(check);
}
