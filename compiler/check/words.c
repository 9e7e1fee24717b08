/* Words of a part's C text that stand for something else: its types, what drops and clones their items, its expressions.
 * They are put in by token, so each has to stand where that is right. It is looked at once, in the part by itself.
 */
#include "check/check.h"

#include <string.h>

#include "facts/ctext.h"
#include "facts/record.h"
#include "parts/uses.h"
#include "text/ctoken.h"
#include "text/memory.h"

struct reading {
    struct check *check;
    const struct part *part;
    const struct body *body; /* of the text */
    struct lexer lexer;
    struct ctoken earlier, before, token, next;
};

static bool step(struct reading *reading)
{
    reading->earlier = reading->before;
    reading->before = reading->token;
    reading->token = reading->next;
    lexer_next(&reading->lexer, &reading->next);
    return reading->token.kind != TOKEN_END;
}

static struct reading reading_new(struct check *check, struct span text)
{
    struct reading reading = { .check = check, .part = check->ast->part,
                               .lexer = lexer_start(check->ast->sources, text) };

    reading.earlier.kind = reading.before.kind = reading.token.kind = TOKEN_END;
    lexer_next(&reading.lexer, &reading.next);
    return reading;
}

static bool is_type(const struct decl *decl)
{
    return decl && decl->kind == DECL_TYPE;
}

static bool is_expression(const struct decl *decl)
{
    return decl && decl->kind == DECL_PARAM && ((const struct param *)decl)->ends;
}

/* The type of the part whose name stands before the ending; NULL: none. */
static const struct decl *type_before(const struct part *part, const char *word, const char *ending)
{
    const size_t len = strlen(word), cut = strlen(ending);
    const struct decl *decl;
    char name[WORD_MAX];

    if (cut >= len || len >= sizeof name || strcmp(word + len - cut, ending) != 0)
        return NULL;
    memcpy(name, word, len - cut);
    name[len - cut] = '\0';
    decl = part_find(part, name);
    return is_type(decl) ? decl : NULL;
}

/* The type of which the word drops or clones items, or does with them what only records have, or that it is itself; NULL:
 * none. */
static const struct decl *type_of(const struct part *part, const char *word)
{
    const struct decl *type = type_before(part, word, "");

    for (enum record_call call = 0; call < RECORD_CALLS && !type; call++) {
        type = type_before(part, word, record_call_ending(call));
        if (type && !record_call_is_of_types(call) && !((const struct type_decl *)type)->given_record)
            type = NULL;
    }
    return type;
}

static void note_declared(struct check *check, const struct decl *decl)
{
    diag_note(check->diags, decl->name.span, "'%s' is declared here", decl->name.text);
}

/* ---- in code ---- */

/* Whether the word, behind which a declarator ends, is called like something of the text's own: a variable, a member, a
 * label, a tag. Behind a star stands no type. */
static bool is_named(const struct reading *reading)
{
    static const char *const tags[] = { "struct", "union", "enum", "goto", NULL };
    static const char *const beside[] = { "const", "volatile", "restrict", "static", "extern", "register", "inline",
                                          "_Atomic", "__restrict", "__extension__", NULL };
    const struct ctoken *before = &reading->before, *next = &reading->next;
    const bool ends = next->kind == TOKEN_PUNCT && next->punct < 256 && strchr(";,=[):", next->punct);
    const bool begins = before->kind == TOKEN_END || before->kind == TOKEN_LINE || token_is(before, ';')
        || token_is(before, '{') || token_is(before, '}');

    if (before->kind == TOKEN_WORD && word_is_one_of(before->word, tags))
        return true;
    if (before->kind == TOKEN_WORD)
        return ends && !word_is_one_of(before->word, beside);
    return token_is(before, '*') || (begins && token_is(next, ':'));
}

static void report_named(struct reading *reading, const struct decl *decl)
{
    struct check *check = reading->check;

    diag_report(check->diags, "E0326", reading->token.span, "'%s' is %s of the part, so nothing in its C can be called so",
                decl->name.text, is_type(decl) ? "a type" : "an expression");
    note_declared(check, decl);
    diag_hint(check->diags, "call one of the two something else");
}

/* How many arguments stand behind the word. */
static size_t count_arguments(struct lexer lexer)
{
    struct ctoken token;
    size_t commas = 0, tokens = 0;
    int depth = 0;

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        if (depth == 0 && token_is(&token, ')'))
            break;
        depth += token_is(&token, '(') || token_is(&token, '[') || token_is(&token, '{');
        depth -= token_is(&token, ')') || token_is(&token, ']') || token_is(&token, '}');
        commas += depth == 0 && token_is(&token, ',');
        tokens++;
    }
    return tokens ? commas + 1 : 0;
}

static const char *example_of(struct check *check, const struct param *param)
{
    const char *text = param->decl.name.text;

    for (const struct word *end = param->ends; end; end = end->next)
        text = memory_join(check->memory, text, end == param->ends ? "(" : ", ", end->name.text);
    return memory_join(check->memory, text, ")", "");
}

static void check_expression(struct reading *reading, const struct param *param)
{
    const bool called = token_is(&reading->next, '(');
    const size_t given = called ? count_arguments(reading->lexer) : 0;
    struct check *check = reading->check;
    size_t wanted = 0;

    for (const struct word *end = param->ends; end; end = end->next)
        wanted++;
    if (given == wanted)
        return;
    if (called)
        diag_report(check->diags, "E0328", reading->token.span, "'%s' is about %zu item%s, and gets %zu",
                    param->decl.name.text, wanted, wanted == 1 ? "" : "s", given);
    else
        diag_report(check->diags, "E0328", reading->token.span, "'%s' stands for an expression, so it is called",
                    param->decl.name.text);
    note_declared(check, &param->decl);
    diag_hint(check->diags, "write %s", example_of(check, param));
}

/* A type is put in wherever its name stands; an expression only where it is called, so that a variable or member may have
 * its name and be called nowhere. */
static void check_word(struct reading *reading)
{
    const struct decl *decl = part_find(reading->part, reading->token.word);
    const bool named = decl && is_named(reading);
    const bool declared = decl && (body_mentions(reading->body, decl->name.text) & MENTION_DECLARED);

    if (is_type(decl) && named)
        report_named(reading, decl);
    else if (is_expression(decl) && declared && token_is(&reading->next, '('))
        report_named(reading, decl);
    else if (is_expression(decl) && !declared && !named)
        check_expression(reading, (const struct param *)decl);
}

/* The state that a part's stages share is its own; that of the program it does not see. */
static void check_state(struct reading *reading)
{
    struct check *check = reading->check;

    if (!token_is_word(&reading->token, "pipe") || !token_is_word(&reading->earlier, "self")
        || !token_is(&reading->before, PUNCT_ARROW) || check->ast->counts[DECL_STATE] > 0)
        return;
    diag_report(check->diags, "E0329", reading->token.span, "the part '%s' has no state that its stages could share",
                reading->part->decl.name.text);
    diag_hint(check->diags, "declare it among its stages: state { … }; that of the program no part sees");
}

/* ---- in lines, in the text of macros, between the stages ---- */

static void report_line(struct check *check, struct span at, const struct decl *decl, const char *where)
{
    diag_report(check->diags, "E0327", at, "'%s' means nothing %s", decl->name.text, where);
    note_declared(check, decl);
    diag_hint(check->diags, is_type(decl) ? "only the C of its stages knows which type it is"
                                          : "only the C of its stages knows which expression it is");
}

/* Tells whether there is something. */
static bool check_line(struct check *check, struct span line)
{
    bool found = false;
    struct reading reading;

    line.start++;
    reading = reading_new(check, line);
    reading.lexer.line_start = false; /* # makes a string there */
    while (step(&reading)) {
        const struct decl *decl = part_find(reading.part, reading.token.word);

        if (reading.token.kind != TOKEN_WORD)
            continue;
        decl = is_expression(decl) ? decl : type_of(reading.part, reading.token.word);
        if (decl)
            report_line(check, reading.token.span, decl, "in a line for the preprocessor");
        found |= decl != NULL;
    }
    return found;
}

static void check_macros(struct check *check, const struct code *code)
{
    for (const struct decl *decl = check->ast->decls; decl; decl = decl->next) {
        const bool stands = is_type(decl) || is_expression(decl);

        if (stands && body_mentions(code->body, decl->name.text) == MENTION_MACRO)
            report_line(check, (struct span){ code->span.start - 1, code->span.start }, decl,
                        "in a macro that stands in this text");
    }
}

static void check_text(void *data, const struct ctext *place, struct code *code)
{
    struct check *const check = data;
    struct reading reading;
    bool told = false;

    if (!code->present || place->scope || place->outside)
        return;
    reading = reading_new(check, code->span);
    reading.body = code->body;
    while (step(&reading)) {
        if (reading.token.kind == TOKEN_LINE)
            told |= check_line(check, reading.token.span);
        if (reading.token.kind != TOKEN_WORD)
            continue;
        check_state(&reading);
        if (!token_is(&reading.before, '.') && !token_is(&reading.before, PUNCT_ARROW))
            check_word(&reading);
    }
    if (!told)
        check_macros(check, code);
}

/* What stands there once, for all that is made of the part. */
static void check_prologue(struct check *check, const struct prologue_decl *prologue)
{
    struct reading reading = reading_new(check, prologue->code.span);

    while (step(&reading)) {
        const struct decl *type = reading.token.kind == TOKEN_WORD ? type_of(reading.part, reading.token.word) : NULL;

        if (type && !(body_mentions(prologue->code.body, reading.token.word) & MENTION_DECLARED))
            report_line(check, reading.token.span, type, "between %{ and %}");
    }
}

/* ---- names ---- */

static void report_taken(struct check *check, const struct name *name, const char *meaning)
{
    diag_report(check->diags, "E0118", name->span, "'%s' means something else in the C of this part", name->text);
    diag_hint(check->diags, "it %s: call this something else", meaning);
}

static void check_name(struct check *check, const struct decl *decl)
{
    const struct decl *type = type_of(check->ast->part, decl->name.text);

    if ((is_type(decl) || is_expression(decl)) && call_is_named(decl->name.text, HOME_ANY))
        report_taken(check, &decl->name, "is a call of the language");
    else if (type && strcmp(type->name.text, decl->name.text) != 0)
        report_taken(check, &decl->name, memory_join(check->memory, "is about items of the type '",
                                                     type->name.text, "'"));
}

static void check_inputs(struct check *check, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        const struct decl *type = type_of(check->ast->part, input->name.text);

        if (type)
            report_taken(check, &input->name, memory_join(check->memory, "belongs to the type '", type->name.text, "'"));
    }
}

/* The functions of a stage, whose names may be called in all of its C. */
static void check_function_names(struct check *check, const struct stage *stage)
{
    const struct functions *functions = stage_facts(stage)->functions;

    for (const struct function *at = functions ? functions->first : NULL; at; at = at->next) {
        const struct decl *type = type_of(check->ast->part, at->name);

        if (type)
            report_taken(check, &(struct name){ at->name, at->name_span },
                         memory_join(check->memory, "belongs to the type '", type->name.text, "'"));
    }
}

void check_part_words(struct check *check)
{
    if (!check->ast->part)
        return;
    for (const struct decl *decl = check->ast->decls; decl; decl = decl->next)
        if (decl->name.text)
            check_name(check, decl);
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (!stage->instance) {
            check_inputs(check, stage);
            check_function_names(check, stage);
        }
    CHECK_EACH(check, DECL_PROLOGUE, struct prologue_decl, prologue)
        check_prologue(check, prologue);
    ctext_each(check->ast, check_text, check);
}
