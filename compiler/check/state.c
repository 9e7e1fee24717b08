/* Fields of a state that meet the members that pipec writes into the same structure.
 *
 * A field is the word before a `;`, `,`, `[`, `:` or an attribute outside all brackets, or one in (*name). Fields of a
 * structure within the state have names of their own.
 */
#include "check/check.h"

#include <string.h>

#include "facts/inline.h"
#include "parts/instance.h"
#include "text/ctoken.h"

static void report(struct check *check, const struct ctoken *field, const char *what)
{
    diag_report(check->diags, "E0106", field->span, "'%s' cannot be a field of this state: it is the C name of %s",
                field->word, what);
    diag_hint(check->diags, "call the field something else, for example 'my_%s'", field->word);
}

static void check_stage_field(struct check *check, const struct stage *stage, const struct ctoken *field)
{
    if (token_is_word(field, "base"))
        report(check, field, "what the runtime knows of the worker");
    else if (token_is_word(field, "worker"))
        report(check, field, "the worker's number");
    else if (token_is_word(field, "pipe"))
        report(check, field, "the way to the pipeline's own state");
    for (const struct input *input = stage->inputs; input; input = input->next)
        if (strncmp(field->word, "in_", 3) == 0 && strcmp(field->word + 3, input->name.text) == 0)
            report(check, field, "the end of a channel that the stage receives from");
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (strncmp(field->word, "to_", 3) == 0 && strcmp(field->word + 3, output->name.text) == 0)
            report(check, field, "the end of a channel that the stage sends to");
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (inline_calls(output) && strncmp(field->word, "call_", 5) == 0
            && strcmp(field->word + 5, output->name.text) == 0)
            report(check, field, "what counts calls of an inline stage");
}

/* What the stages of an instance share is a member too. */
static void check_instance_field(struct check *check, const struct ctoken *field)
{
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance)
        if (instance->state.present
            && token_is_word(field, name_symbol(check->memory, instance->decl.name.text)))
            report(check, field, "what the stages of an instance share");
}

static void check_instance_name(struct check *check, const struct instance *instance)
{
    const char *name = instance->decl.name.text;

    if (!instance->state.present || (strcmp(name, "params") != 0 && strcmp(name, "settings") != 0))
        return;
    diag_report(check->diags, "E0106", instance->decl.name.span, "'%s' cannot be a group with a state of its own: every "
                "program has a member of that name", name);
    diag_hint(check->diags, "give it another name");
}

/* `stage` is NULL for the pipeline's own state. */
static void check_field(struct check *check, const struct stage *stage, const struct ctoken *field)
{
    if (stage)
        check_stage_field(check, stage, field);
    else if (token_is_word(field, "params"))
        report(check, field, "the params");
    else if (token_is_word(field, "settings"))
        report(check, field, "what the command line says");
    else
        check_instance_field(check, field);
}

static bool ends_field(const struct ctoken *token)
{
    return token_is(token, ';') || token_is(token, ',') || token_is(token, '[') || token_is(token, ':')
        || token_is_word(token, "__attribute__");
}

static bool is_tag(const struct ctoken *before)
{
    return token_is_word(before, "struct") || token_is_word(before, "union") || token_is_word(before, "enum");
}

static void check_code(struct check *check, const struct stage *stage, const struct code *code)
{
    struct lexer lexer = lexer_start(check->ast->sources, code->span);
    struct ctoken before = { .kind = TOKEN_END }, word = before, token;
    int depth = 0;

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        const bool pointer = depth == 1 && token_is(&before, '*') && token_is(&token, ')');

        if (word.kind == TOKEN_WORD && !is_tag(&before) && (pointer || (depth == 0 && ends_field(&token))))
            check_field(check, stage, &word);
        depth += token_is(&token, '{') || token_is(&token, '(') || token_is(&token, '[');
        depth -= token_is(&token, '}') || token_is(&token, ')') || token_is(&token, ']');
        before = word;
        word = token;
    }
}

void check_states(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (stage->state.present)
            check_code(check, stage, &stage->state);
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance)
        check_instance_name(check, instance);
    CHECK_EACH(check, DECL_STATE, struct section_decl, section)
        check_code(check, NULL, &section->code);
}
