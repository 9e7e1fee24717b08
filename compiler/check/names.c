/* Names: those that cannot be used, and those that nobody uses. */
#include "check/check.h"

#include <string.h>

#include "facts/item.h"
#include "facts/named.h"
#include "parts/instance.h"
#include "parts/scope.h"
#include "text/ctoken.h"
#include "text/memory.h"

/* ---- reserved words ---- */

#define MAIN_IS "is the program's own"

/* Why a word cannot be a name, or NULL. */
static const char *reserved_by(const char *word)
{
    static const char *const c_words[] = {
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern",
        "float", "for", "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed",
        "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "_Alignas",
        "_Alignof", "_Atomic", "_Bool", "_Complex", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
        "_Thread_local", "asm", "typeof", "bool", "true", "false", "NULL", NULL };

    if (word_is_one_of(word, c_words))
        return "is a word of C";
    if (!strcmp(word, "self"))
        return "is what every body calls its own worker";
    if (!strncmp(word, "prt_", 4) || !strcmp(word, "prt"))
        return "begins like the names of the runtime";
    if (word[0] == '_' && (word[1] == '_' || (word[1] >= 'A' && word[1] <= 'Z')))
        return "begins like the names that C keeps for itself";
    return NULL;
}

/* Macros of C's headers, in small letters or so short that somebody would use them. A name that bodies see as a
 * variable cannot be one: `int errno` declares a function. Those in capitals every C compiler reports where they stand. */
static const char *macro_by(const char *word)
{
    static const char *const macros[] = {
        "EOF", "I", "alignas", "alignof", "and", "and_eq", "bitand", "bitor", "compl", "complex", "errno", "h_errno",
        "i386", "imaginary", "linux", "math_errhandling", "noreturn", "not", "not_eq", "or", "or_eq", "static_assert",
        "thread_local", "unix", "xor", "xor_eq", NULL };

    return word_is_one_of(word, macros) ? "is a macro of C's headers" : NULL;
}

static void report_word(struct check *check, const struct name *name, const char *why)
{
    diag_report(check->diags, "E0104", name->span, "'%s' cannot be a name", name->text);
    diag_hint(check->diags, "'%s' %s: call it something else", name->text, why);
}

/* What C declares by this name alone. */
static void check_variable(struct check *check, const struct name *name)
{
    const char *why = name->text ? macro_by(name->text) : NULL;

    if (why)
        report_word(check, name, why);
}

static void check_word(struct check *check, const struct name *name)
{
    const char *why = name->text ? reserved_by(name->text) : NULL;

    if (why)
        report_word(check, name, why);
}

/* A function of the author's, which stands in his C or in a library. */
static void check_function(struct check *check, const struct name *name)
{
    const char *why = !name->text                   ? NULL
                      : !strcmp(name->text, "main") ? MAIN_IS
                                                    : reserved_by(name->text);

    if (!why)
        return;
    diag_report(check->diags, "E0112", name->span, "'%s' cannot be a function", name->text);
    diag_hint(check->diags, "'%s' %s: name the function that the C file has", name->text, why);
}

/* A type of C, which cannot be called like a function. */
static void check_c_type(struct check *check, const struct decl *decl)
{
    if (!strcmp(decl->name.text, "main"))
        report_word(check, &decl->name, MAIN_IS);
}

static void check_item_type_name(struct check *check, const struct decl *decl)
{
    if (!item_is_built_in(decl->name.text))
        return;
    diag_report(check->diags, "E0104", decl->name.span, "'%s' cannot be a name of %s", decl->name.text,
                decl_noun(decl->kind));
    diag_hint(check->diags, "it is an item type of the language: call yours something else");
}

static void check_words(struct check *check)
{
    check_word(check, &check->ast->pipeline);
    check_variable(check, &check->ast->pipeline);
    for (const struct decl *decl = check->ast->decls; decl; decl = decl->next)
        if (decl->kind != DECL_TEST)
            check_word(check, &decl->name);
    CHECK_EACH(check, DECL_PARAM, struct param, param)
        check_variable(check, &param->decl.name);
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance)
        for (const struct instance_end *end = instance->ends; end; end = end->next) {
            if (!end->sources)
                continue; /* called as in the part */
            check_word(check, &end->item);
            check_variable(check, &end->item);
        }
    CHECK_EACH(check, DECL_TYPE, struct type_decl, type) {
        check_item_type_name(check, &type->decl);
        if (!type->given) /* to a part, where it is a type of the instance's */
            check_c_type(check, &type->decl);
        check_variable(check, &type->decl.name);
        check_function(check, &type->drop);
        check_function(check, &type->clone);
    }
    CHECK_EACH(check, DECL_RECORD, struct record_decl, record) {
        check_item_type_name(check, &record->decl);
        check_c_type(check, &record->decl);
        check_variable(check, &record->decl.name);
        for (const struct field *field = record->fields; field; field = field->next) {
            check_word(check, &field->name);
            check_variable(check, &field->name);
        }
    }
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        check_function(check, &stage->function);
        for (const struct input *input = stage->inputs; input; input = input->next) {
            check_word(check, &input->name);
            check_variable(check, &input->name);
        }
    }
}

/* ---- the pipeline's own ---- */

static void check_pipeline(struct check *check)
{
    if (check->ast->part || check->ast->library)
        return; /* until somebody wants a program of it */
    if (!check->ast->pipeline.text) {
        diag_report(check->diags, "E0109", (struct span){ check->ast->source->start, check->ast->source->start },
                    "the file declares no pipeline");
        diag_hint(check->diags, "begin it with: pipeline NAME \"what it does\";");
    } else if (check->graph->nstages == 0) {
        diag_report(check->diags, "E0111", check->ast->pipeline.span, "pipeline '%s' has no stages",
                    check->ast->pipeline.text);
        diag_hint(check->diags, "add one that sends, stage NAME -> CHANNEL { … }, and one that receives, "
                                "stage NAME (x <- CHANNEL) { … }");
    }
}

static void check_section(struct check *check, enum decl_kind kind, const char *what)
{
    const struct decl *first = NULL;

    CHECK_EACH(check, kind, struct decl, decl) {
        if (((const struct section_decl *)decl)->of_test)
            continue;
        if (first) {
            diag_report(check->diags, "E0013", decl->span, "a second '%s' of the pipeline", what);
            diag_note(check->diags, first->span, "it stands here already");
            diag_hint(check->diags, "put both into one");
        } else {
            first = decl;
        }
    }
}

/* ---- params and inputs ---- */

static void check_option(struct check *check, const struct param *param)
{
    static const char *const options[] = { "workers", "rate", "drain", "stats", "progress", "failures", "help", "version", NULL };
    const char *name = param->decl.name.text;

    if (check->ast->part || param->operands || !word_is_one_of(name, options))
        return;
    diag_report(check->diags, "E0108", param->decl.name.span, "every program has an option --%s of its own", name);
    diag_hint(check->diags, "give the param another name, for example 'my_%s'", name);
}

/* Bodies call the count of operands NAME_len. */
static void check_operands(struct check *check, const struct named *params, const struct param *param)
{
    const char *len = param->operands ? memory_join(check->memory, param->decl.name.text, "_len", "") : NULL;
    const struct decl *other = len ? named_find(params, len) : NULL;

    if (!other || other == &param->decl)
        return;
    diag_report(check->diags, "E0106", other->name.span, "'%s' is how many operands '%s' has", len,
                param->decl.name.text);
    diag_note(check->diags, param->decl.name.span, "'%s' takes the operands", param->decl.name.text);
    diag_hint(check->diags, "give one of them another name");
}

/* --no-loud says that `loud` is false, and would set `no_loud`. */
static void check_negation(struct check *check, const struct named *params, const struct param *param)
{
    const struct decl *other = param->type == PARAM_BOOL && !check->ast->part
        ? named_find(params, memory_join(check->memory, "no_", param->decl.name.text, "")) : NULL;

    if (!other || ((const struct param *)other)->operands)
        return;
    diag_report(check->diags, "E0106", other->name.span, "the option --no-%s sets this, and '%s' to false",
                param->decl.name.text, param->decl.name.text);
    diag_note(check->diags, param->decl.name.span, "'%s' is a bool", param->decl.name.text);
    diag_hint(check->diags, "give one of them another name");
}

static void report_two_inputs(struct check *check, const struct name *stage, const struct name *second,
                              const struct name *first)
{
    diag_report(check->diags, "E0110", second->span, "stage '%s' has two inputs called '%s'", stage->text, second->text);
    diag_note(check->diags, first->span, "this is the first");
    diag_hint(check->diags, "give one of them another name");
}

/* Those of a stage that is made of a part, in the order in which they stand. */
static void check_items(struct check *check, const struct instance *instance)
{
    for (const struct instance_end *end = instance->ends; end; end = end->next)
        for (const struct instance_end *other = end->sources ? instance->ends : end; other != end; other = other->next)
            if (other->sources && strcmp(other->item.text, end->item.text) == 0) {
                const bool later = other->item.span.start > end->item.span.start;

                report_two_inputs(check, &instance->decl.name, later ? &other->item : &end->item,
                                  later ? &end->item : &other->item);
                break;
            }
}

/* The body of a batch sees NAME and NAME_len. */
static void check_length(struct check *check, const struct named *params, const struct stage *stage, const struct input *input)
{
    const char *length = memory_join(check->memory, input->name.text, "_len", "");
    const struct decl *param = stage->instance || !input->is_batch ? NULL : named_find(params, length);

    if (!param)
        return;
    diag_report(check->diags, "E0107", input->name.span, "'%s', which counts the items of '%s', hides the param '%s'", length,
                input->name.text, param->name.text);
    diag_note(check->diags, param->name.span, "'%s' is declared here", param->name.text);
    diag_hint(check->diags, "give one of them another name");
}

static void check_inputs(struct check *check, const struct named *params, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        const struct decl *param = stage->instance ? NULL : named_find(params, input->name.text);

        if (param) {
            diag_report(check->diags, "E0107", input->name.span, "the input '%s' hides the param '%s'",
                        input->name.text, param->name.text);
            diag_note(check->diags, param->name.span, "'%s' is declared here", param->name.text);
            diag_hint(check->diags, "give one of them another name");
        }
        check_length(check, params, stage, input);
        for (const struct input *other = stage->inputs; other != input; other = other->next) {
            if (strcmp(other->name.text, input->name.text) != 0)
                continue;
            report_two_inputs(check, &stage->decl.name, &input->name, &other->name);
            break;
        }
    }
}

/* ---- unused ---- */

/* A body in a .c file reaches params and types by ways that cannot be seen from here. */
static bool has_functions(const struct check *check)
{
    for (size_t s = 0; s < check->graph->nstages; s++)
        if (check->graph->stages[s]->function.text)
            return true;
    return false;
}

/* In the file that is checked. */
static bool in_own_file(const struct check *check, struct span at)
{
    return file_of(check->ast, at) == check->ast->source->number;
}

static bool file_is_used(const struct check *check, struct span at)
{
    return check->facts->files[file_of(check->ast, at)];
}

/* An import of this file, of which nothing is used. */
static void check_import(struct check *check, const struct import_decl *import)
{
    if (!in_own_file(check, import->at) || !import->file || check->facts->files[import->file->source->number]
        || (check->ast->part_files && check->ast->part_files[import->file->source->number]))
        return;
    diag_report(check->diags, "W0106", import->at, "nothing of '%s' is used", import->path);
    diag_hint(check->diags, "leave the import out; C text alone comes with #include, from a header");
}

/* C has one set of names for the types of all files. Those of the program's own file are among its other names. */
static void check_types_apart(struct check *check)
{
    struct named *types = NULL;

    for (const struct decl *decl = check->ast->decls; decl; decl = decl->next) {
        const struct decl *first;
        bool one_file;

        if ((decl->kind != DECL_TYPE && decl->kind != DECL_RECORD) || !file_is_used(check, decl->span))
            continue;
        first = named_add(&types, check->memory, decl);
        one_file = first && file_of(check->ast, first->span) == file_of(check->ast, decl->span);
        if (!first || (one_file && in_own_file(check, decl->span)))
            continue;
        diag_report(check->diags, "E0117", decl->name.span, "%s of this program declare%s %s '%s'%s",
                    one_file ? "one file" : "two files", one_file ? "s" : "", decl_noun(decl->kind), decl->name.text,
                    one_file ? " twice" : "");
        diag_note(check->diags, first->name.span, "the other one is here");
        diag_hint(check->diags, "C has one set of names for both: give one of them another name");
    }
    named_free(types);
}

static void check_unused(struct check *check, const struct decl *decl, bool functions)
{
    const bool in_c = decl->kind == DECL_PARAM || decl->kind == DECL_TYPE || decl->kind == DECL_RECORD;
    const bool elsewhere = decl->kind == DECL_CHANNEL || decl->kind == DECL_RATE || decl->kind == DECL_BOUND;
    const struct channel *channel = decl->kind == DECL_CHANNEL ? (const struct channel *)decl : NULL;

    if (decl->kind == DECL_IMPORT)
        check_import(check, (const struct import_decl *)decl);
    if (decl->facts->used || !(in_c || elsewhere))
        return;
    if (check->ast->test && !channel) /* the file's, which is checked by itself */
        return;
    if (decl->kind == DECL_TYPE && ((const struct type_decl *)decl)->given)
        return; /* an end carries it */
    if (!in_own_file(check, decl->span) || check->ast->library)
        return; /* others may use it */
    if (in_c && functions)
        return;
    if (channel && (channel->is_input || channel->is_output))
        return;
    /* People comment out what uses one; a channel needs both its ends. */
    diag_report(check->diags, channel ? "E0105" : "W0105", decl->name.span, "nothing uses the %s '%s'",
                decl_noun(decl->kind) + 2, decl->name.text);
    diag_hint(check->diags, "use it, or leave it out");
}

/* ---- all of it ---- */

void check_names(struct check *check)
{
    struct named *params = named_params(check->ast, check->memory);
    const bool functions = has_functions(check);

    if (check->whole)
        check_pipeline(check);
    check_words(check);
    check_section(check, DECL_STATE, "state");
    check_section(check, DECL_INIT, "init");
    check_section(check, DECL_FINAL, "final");
    CHECK_EACH(check, DECL_PARAM, struct param, param) {
        check_option(check, param);
        check_operands(check, params, param);
        check_negation(check, params, param);
    }
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        check_inputs(check, params, stage);
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance)
        check_items(check, instance);
    if (!check->ast->part)
        check_types_apart(check);
    for (const struct decl *decl = check->ast->decls; decl && check->whole; decl = decl->next)
        check_unused(check, decl, functions);
    named_free(params);
}
