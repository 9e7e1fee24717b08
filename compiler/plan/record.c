/* Records: their fields, and which of what could be emitted of each something needs.
 */
#include "facts/record_calls.h"

#include "facts/body.h"
#include "facts/ctext.h"
#include "plan/make.h"
#include "text/memory.h"

static struct planned_record *planned_of(const struct make *make, const struct record_decl *record)
{
    return &make->plan->records[record->decl.index];
}

static void make_field(const struct make *make, struct planned_field *planned, const struct field *field)
{
    static const enum planned_form forms[] = { [FIELD_ONE] = FORM_ONE, [FIELD_ARRAY] = FORM_ARRAY, [FIELD_LIST] = FORM_LIST };

    planned->name = field->name.text;
    planned->key = field_key_text(field);
    planned->kind = field_kind(field);
    planned->c_type = field_c_type(field);
    planned->form = forms[field->form];
    planned->count = field->count.i;
    if (planned->kind == FIELD_RECORD)
        planned->record = planned_of(make, field->type.record);
}

static void make_record(struct make *make, struct planned_record *planned, const struct record_decl *record)
{
    planned->name = record->decl.name.text;
    planned->span = record->decl.span;
    planned->owns = record_facts(record)->owns;
    planned->flat = !record_facts(record)->deep;
    planned->fields = memory_take(make->memory, (record->nfields + 1) * sizeof *planned->fields);
    for (const struct field *field = record->fields; field; field = field->next)
        make_field(make, &planned->fields[planned->nfields++], field);
}

/* ---- what is needed ---- */

static void mark_carried(const struct make *make)
{
    const struct graph *graph = make->facts->graph;

    for (size_t c = 0; c < graph->nchannels; c++) {
        const struct channel *channel = graph->channels[c];
        const struct record_decl *record = channel->dead ? channel->item.record : channel->type.record;

        if (!record)
            continue;
        planned_of(make, record)->carried |= record_facts(record)->owns;
        planned_of(make, record)->copied |= make->plan->channels[c].clone != NULL;
    }
}

static void mark_shown(const struct make *make)
{
    const struct graph *graph = make->facts->graph;

    for (size_t s = 0; s < graph->nstages; s++) {
        const struct channel *channel = make->plan->stages[s].shown == SHOWN_RECORD
            ? graph->stages[s]->inputs->sources->channel : NULL;

        if (channel)
            planned_of(make, channel->type.record)->shown = true;
    }
}

/* ---- letters ---- */

struct search {
    const char *name;
    bool found;
};

static void look_for(void *data, const struct ctext *place, struct code *code)
{
    struct search *const search = data;

    (void)place;
    search->found |= code->body && body_names(code->body, search->name);
}

/* A letter is a record too, where its item can be a field. */
static void mark_letters(const struct make *make)
{
    const struct graph *graph = make->facts->graph;

    for (size_t c = 0; c < graph->nchannels; c++) {
        struct planned_channel *planned = &make->plan->channels[c];
        struct search search = { .found = false };

        if (!planned->letters || planned->lost_kind == FIELD_UNKNOWN)
            continue;
        if (planned->lost_kind == FIELD_RECORD)
            planned->lost_record = planned_of(make, graph->channels[c]->item.record);
        search.name = memory_format(make->memory, "%s_%s_to_json", make->plan->name, planned->symbol);
        ctext_each(make->facts->ast, look_for, &search);
        planned->lost_json = search.found;
        make->plan->forms |= search.found;
        if (search.found && planned->lost_record)
            planned_of(make, graph->channels[c]->item.record)->calls[RECORD_TABLE] = true;
    }
}

/* ---- text without a record ---- */

/* What <prt/form.h> declares, which may be used where no text calls a record's own: rows can be cut without one. */
static void mark_forms(const struct make *make)
{
    static const char *const names[] = {
        "prt_columns", "prt_columns_free", "prt_csv_columns", "prt_csv_fields", "prt_csv_header", "prt_csv_read", "prt_csv_row",
        "prt_csv_write", "prt_error", "prt_json_read", "prt_json_write",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names && !make->plan->forms; i++) {
        struct search search = { .name = names[i] };

        ctext_each(make->facts->ast, look_for, &search);
        make->plan->forms = search.found;
    }
}

/* ---- calls ---- */

/* Of a type of a part, which is a record there, drop and clone are functions of the instance: one drops what the channels do,
 * the other copies by the record's where it owns something. */
static void mark_call(void *data, const struct recorded *found, const struct code *code)
{
    const struct make *const make = data;
    struct planned_record *record = planned_of(make, found->record);

    (void)code;
    if (!found->instance || !record_call_is_of_types(found->call) || (found->call == RECORD_CLONE && record->owns))
        record->calls[found->call] = true;
}

/* What is needed for what else is; of a record, the tables of those in it. From the last one on: those stand above. */
static void mark_tables(struct plan *plan)
{
    for (size_t r = plan->nrecords; r-- > 0;) {
        struct planned_record *record = &plan->records[r];
        bool *const table = &record->calls[RECORD_TABLE];

        *table |= record->carried || record->copied || record->shown;
        plan->forms |= record->shown;
        for (enum record_call call = 0; call < RECORD_CALLS; call++) {
            *table |= record->calls[call];
            plan->forms |= record->calls[call] && record_call_is_of_forms(call);
        }
        for (size_t i = 0; *table && i < record->nfields; i++)
            if (record->fields[i].record)
                ((struct planned_record *)record->fields[i].record)->calls[RECORD_TABLE] = true;
    }
}

void make_records(struct make *make)
{
    const struct ast *ast = make->facts->ast;
    struct plan *plan = make->plan;

    plan->records = memory_take(make->memory, (ast->counts[DECL_RECORD] + 1) * sizeof *plan->records);
    AST_EACH(ast, DECL_RECORD, const struct record_decl, record)
        make_record(make, &plan->records[plan->nrecords++], record);
    mark_carried(make);
    mark_shown(make);
    mark_letters(make);
    record_calls_each(ast, mark_call, make);
    mark_tables(plan);
    mark_forms(make);
}
