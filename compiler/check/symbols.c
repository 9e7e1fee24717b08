/* Names that would meet in the emitted C: those that pipec makes of the file's, and the author's functions.
 *
 * What pipec makes begins with the pipeline's name. What only the emitted file uses ends with an underscore besides, as
 * no library's names do; what the author sees does not. Tags are a space of names of their own.
 */
#include "check/check.h"

#include <string.h>
#include <uthash.h>

#include "facts/key.h"
#include "facts/promise.h"
#include "facts/record.h"
#include "facts/words.h"
#include "parts/instance.h"
#include "text/memory.h"

struct symbol {
    const char *text;
    struct span from;  /* the name in the file that it is made of */
    const char *noun;  /* what that is; NULL: a symbol that every program has */
    const char *name;
    UT_hash_handle hh;
};

struct symbols {
    struct check *check;
    struct symbol *table;
};

static void report_own(struct symbols *symbols, const struct symbol *symbol)
{
    diag_report(symbols->check->diags, "E0106", symbol->from, "%s '%s' needs the C name '%s', which every program has",
                symbol->noun, symbol->name, symbol->text);
    diag_hint(symbols->check->diags, "give it another name");
}

static void report_both(struct symbols *symbols, const struct symbol *symbol, const struct symbol *other)
{
    struct diags *diags = symbols->check->diags;

    diag_report(diags, "E0106", symbol->from, "%s '%s' and %s '%s' both need the C name '%s'", symbol->noun,
                symbol->name, other->noun, other->name, symbol->text);
    diag_note(diags, other->from, "'%s' is declared here", other->name);
    diag_hint(diags, "give one of them another name");
}

/* False after a report. */
static bool add(struct symbols *symbols, struct symbol symbol)
{
    struct symbol *other;

    HASH_FIND_STR(symbols->table, symbol.text, other);
    if (!other) {
        other = obstack_copy(symbols->check->memory, &symbol, sizeof symbol);
        HASH_ADD_KEYPTR(hh, symbols->table, other->text, strlen(other->text), other);
        return true;
    }
    if (!symbol.noun || !other->noun)
        report_own(symbols, symbol.noun ? &symbol : other);
    else if (strcmp(other->name, symbol.name) != 0 || !strcmp(other->noun, "pipeline")) /* else it is told: declared twice */
        report_both(symbols, &symbol, other);
    return false;
}

/* `before`, the pipeline's name, and what follows it. */
static const char *symbol_text(const struct symbols *symbols, const char *before, const char *a, const char *b,
                               const char *c)
{
    struct obstack *memory = symbols->check->memory;

    obstack_grow(memory, before, strlen(before));
    obstack_grow(memory, symbols->check->ast->pipeline.text, strlen(symbols->check->ast->pipeline.text));
    obstack_1grow(memory, '_');
    obstack_grow(memory, a, strlen(a));
    obstack_grow(memory, b, strlen(b));
    obstack_grow0(memory, c, strlen(c));
    return obstack_finish(memory);
}

/* The first is called _bound_per_, the second _bound_per_2_. */
static void add_bounds_per(struct symbols *symbols, const struct stage *stage, const char *name)
{
    struct symbol symbol = { .from = stage->decl.name.span, .noun = "stage", .name = stage->decl.name.text };
    unsigned n = 0;

    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        const char *end;

        if (!bound->per.code.present)
            continue;
        end = ++n > 1 ? memory_format(symbols->check->memory, "%u_", n) : "";
        symbol.text = symbol_text(symbols, "", name, "_bound_per_", end);
        add(symbols, symbol);
        symbol.text = symbol_text(symbols, "", name, "_weight_per_", end);
        if (bound->weight.code.present)
            add(symbols, symbol);
    }
}

static void add_stage(struct symbols *symbols, const struct stage *stage)
{
    const char *shown = stage->decl.name.text;
    const char *name = name_symbol(symbols->check->memory, shown);
    const struct { bool present; const char *end; } own[] = {
        { true, "_" }, { true, "_run_" }, { stage->init.present, "_init_" }, { stage->final.present, "_final_" },
        { stage->flush.present, "_flush_" }, { stage->by.code.present, "_by_" },
        { key_of_batch(stage) != NULL, "_per_" },
        { stage->rate.per.code.present, "_rate_per_" }, { stage->rate.cost.code.present, "_cost_" }, { stage->function.text != NULL, "_fail" },
        { stage->function.text != NULL && stage->fail.retry, "_fail_after" },
    };
    const struct functions *functions = stage_facts(stage)->functions;
    struct symbol symbol = { .from = stage->decl.name.span, .noun = "stage", .name = shown };

    symbol.text = symbol_text(symbols, "struct ", name, "", "");
    if (!add(symbols, symbol))
        return; /* so would its other names */
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        symbol.text = symbol_text(symbols, "", name, own[i].end, "");
        if (own[i].present)
            add(symbols, symbol);
    }
    for (const struct output *output = stage->outputs; output; output = output->next) {
        symbol.text = symbol_text(symbols, "", name, "_emit_", output->name.text);
        add(symbols, symbol);
    }
    for (const struct input *input = stage->inputs; input; input = input->next) {
        symbol.text = symbol_text(symbols, "", name, "_next_", input->name.text);
        if (input->pull)
            add(symbols, symbol);
        symbol.text = symbol_text(symbols, "", name, "_next_for_", input->name.text);
        if (input->pull)
            add(symbols, symbol);
    }
    symbol.text = symbol_text(symbols, "", name, "_weigh_", "");
    if (stage->inputs && stage->inputs->batch_weight.present)
        add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", name, "_next_any", "");
    if (stage->inputs && stage->inputs->pull)
        add(symbols, symbol);
    for (const struct output *output = stage->outputs; output; output = output->next) {
        symbol.text = symbol_text(symbols, "", name, "_try_", output->name.text);
        if (promise_has_call(stage, output, CALL_TRY_EMIT))
            add(symbols, symbol);
    }
    for (const char *const *at = functions ? functions->names : NULL; at && *at; at++) {
        symbol.text = symbol_text(symbols, "", name, "_", *at);
        add(symbols, symbol);
    }
    add_bounds_per(symbols, stage, name);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        const char *limit = bound->decl ? name_symbol(symbols->check->memory, bound->decl->decl.name.text) : "";

        symbol.text = symbol_text(symbols, "", name, "_weight_", memory_join(symbols->check->memory, limit,
                                                                            *limit ? "_" : "", ""));
        if (bound->weight.code.present && !bound->per.code.present)
            add(symbols, symbol);
    }
}

static void add_function(struct symbols *symbols, const struct name *name)
{
    struct symbol *other;

    if (!name->text)
        return;
    HASH_FIND_STR(symbols->table, name->text, other);
    if (!other || (other->noun && !strcmp(other->noun, "function")))
        return;
    if (other->noun)
        report_both(symbols, &(struct symbol){ name->text, name->span, "function", name->text, .hh = { 0 } }, other);
    else
        report_own(symbols, &(struct symbol){ name->text, name->span, "function", name->text, .hh = { 0 } });
}

static void add_type(struct symbols *symbols, const struct type_decl *type)
{
    struct symbol symbol = { .from = type->decl.name.span, .noun = "type", .name = type->decl.name.text };

    symbol.text = symbol_text(symbols, "", "drop_", symbol.name, "_");
    if (type->drop.text)
        add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", "clone_", symbol.name, "_");
    if (type->clone.text)
        add(symbols, symbol);
}

/* A type and a tag; what C text may call of it; and those that drop and copy an item. */
static void add_record(struct symbols *symbols, const struct record_decl *record)
{
    struct obstack *memory = symbols->check->memory;
    struct symbol symbol = { .from = record->decl.name.span, .noun = "record", .name = record->decl.name.text };

    symbol.text = record->c_type;
    if (!add(symbols, symbol))
        return;
    for (enum record_call call = 0; call < RECORD_CALLS; call++) {
        symbol.text = record_call_name(memory, symbol.name, call);
        add(symbols, symbol);
    }
    symbol.text = memory_join(memory, symbol.name, "_fields_", "");
    add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", "drop_", symbol.name, "_");
    add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", "clone_", symbol.name, "_");
    add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", "show_", symbol.name, "_");
    add(symbols, symbol);
}

/* Types may be called as a record's functions would be. */
static void add_names(struct symbols *symbols)
{
    const struct ast *ast = symbols->check->ast;

    if (ast->counts[DECL_RECORD] == 0)
        return;
    for (const struct decl *decl = ast->decls; decl; decl = decl->next)
        if (decl->kind == DECL_TYPE || decl->kind == DECL_RECORD)
            add(symbols, (struct symbol){ .from = decl->name.span, .noun = decl_noun(decl->kind) + 2,
                                          .name = decl->name.text, .text = decl->name.text });
}

/* Of its state, of its functions; and the variables of the wiring, in which the names of channels, rates and bounds meet
 * those of instances. */
static void add_instance(struct symbols *symbols, const struct instance *instance)
{
    struct obstack *memory = symbols->check->memory;
    const char *name = name_symbol(memory, instance->decl.name.text);
    struct symbol symbol = { .from = instance->decl.name.span, .noun = "stage", .name = instance->decl.name.text };

    symbol.text = symbol_text(symbols, "struct ", "state_", name, "_");
    if (instance->state.present)
        add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", "init_", name, "_");
    if (instance->init.present)
        add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", "final_", name, "_");
    if (instance->final.present)
        add(symbols, symbol);
    for (const struct instance_param *param = instance->params; param; param = param->next) {
        symbol.text = symbol_text(symbols, "", name, "_", param->param->decl.name.text);
        if (param->kind == GIVEN_CODE)
            add(symbols, symbol);
    }
    for (const struct instance_type *type = instance->types; type; type = type->next) {
        symbol.text = symbol_text(symbols, "", name, "_", type->name);
        if (type_wants_name(&type->type))
            add(symbols, symbol);
    }
}

/* Channels, rates and bounds are variables of the wiring. */
static void add_variable(struct symbols *symbols, const struct decl *decl, const char *before)
{
    struct obstack *memory = symbols->check->memory;

    add(symbols, (struct symbol){ .from = decl->name.span, .noun = decl_noun(decl->kind) + 2, .name = decl->name.text,
                                  .text = memory_join(memory, before, name_symbol(memory, decl->name.text), "") });
}

/* The structure of its letters, what drops one, and what writes one as JSON. */
static void add_letters(struct symbols *symbols, const struct channel *channel)
{
    static const char *const json[] = { "_to_json", "_fields_", "_record_" };
    struct symbol symbol = { .from = channel->decl.name.span, .noun = "channel", .name = channel->decl.name.text };
    const char *name = name_symbol(symbols->check->memory, symbol.name);

    if (!channel->dead)
        return;
    symbol.text = symbol_text(symbols, "struct ", name, "", "");
    add(symbols, symbol);
    symbol.text = symbol_text(symbols, "", "drop_", name, "_");
    add(symbols, symbol);
    if (field_kind_of_item(&channel->item) == FIELD_UNKNOWN)
        return;
    for (size_t i = 0; i < sizeof json / sizeof *json; i++) {
        symbol.text = symbol_text(symbols, "", name, json[i], "");
        add(symbols, symbol);
    }
}

static void add_own(struct symbols *symbols)
{
    static const char *const tags[] = { "params", "pipeline_" };
    static const char *const others[] = { "options_", "pools_", "program_", "rates_", "wire_", "init_", "final_" };

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        add(symbols, (struct symbol){ .text = symbol_text(symbols, "struct ", tags[i], "", "") });
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        add(symbols, (struct symbol){ .text = symbol_text(symbols, "", others[i], "", "") });
}

/* A stage's function gets the stage's own worker, so no two stages have one function. */
static void check_body_functions(struct check *check)
{
    const struct graph *graph = check->graph;
    struct symbols functions = { check, NULL };

    for (size_t s = 0; s < graph->nstages; s++) {
        const struct stage *stage = graph->stages[s];
        struct symbol *first;

        if (!stage->function.text)
            continue;
        HASH_FIND_STR(functions.table, stage->function.text, first);
        if (!first) {
            add(&functions, (struct symbol){ .text = stage->function.text, .from = stage->function.span,
                                             .noun = "stage", .name = stage->function.text });
            continue;
        }
        diag_report(check->diags, "E0113", stage->function.span, "'%s' is another stage's body already",
                    stage->function.text);
        diag_note(check->diags, first->from, "here");
        diag_hint(check->diags, "a function gets the worker of one stage: write one for each, which call a third");
    }
    HASH_CLEAR(hh, functions.table);
}

void check_symbols(struct check *check)
{
    struct symbols symbols = { check, NULL };

    check_body_functions(check);
    if (!check->ast->pipeline.text)
        return;
    add_own(&symbols);
    add_names(&symbols);
    for (const struct decl *decl = check->ast->decls; decl; decl = decl->next) {
        if (decl->kind == DECL_STAGE)
            add_stage(&symbols, (const struct stage *)decl);
        else if (decl->kind == DECL_TYPE)
            add_type(&symbols, (const struct type_decl *)decl);
        else if (decl->kind == DECL_RECORD)
            add_record(&symbols, (const struct record_decl *)decl);
        else if (decl->kind == DECL_INSTANCE)
            add_instance(&symbols, (const struct instance *)decl);
        else if (decl->kind == DECL_CHANNEL)
            add_variable(&symbols, decl, "chan_");
        else if (decl->kind == DECL_RATE || decl->kind == DECL_BOUND)
            add_variable(&symbols, decl, decl->kind == DECL_RATE ? "rate_" : "bound_");
    }
    CHECK_EACH(check, DECL_CHANNEL, struct channel, channel)
        add_letters(&symbols, channel);
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        add_function(&symbols, &stage->function);
    CHECK_EACH(check, DECL_TYPE, struct type_decl, type)
        add_function(&symbols, &type->drop);
    HASH_CLEAR(hh, symbols.table);
}
