/* functions { }: functions only, each with a `self` where it needs one, and under names that mean nothing else.
 *
 * Those of a part are looked at in the part by itself, since they see its params and not those of who uses it.
 */
#include "check/check.h"

#include <string.h>

#include "facts/calls.h"
#include "text/ctoken.h"

static const struct call *first_call(const struct body *body)
{
    const struct call *call = body->calls;

    while (call && (call->kind == CALL_TAKE || call->kind == CALL_EMIT || call_fails(call->kind)))
        call = call->next;
    return call;
}

static void check_self(struct check *check, const struct function *function)
{
    const struct call *call = first_call(function->body);
    const char *needs = call ? call_name(call->kind) : NULL;

    CHECK_EACH(check, DECL_PARAM, struct param, param)
        if (!needs && (body_mentions(function->body, param->decl.name.text) & MENTION_USED))
            needs = param->decl.name.text;
    if (function->has_self || !needs)
        return;
    diag_report(check->diags, "E0423", function->name_span, "'%s' needs the worker for '%s', and does not get it",
                function->name, needs);
    diag_hint(check->diags, "let it take one, and hand it over: %s(struct self *self, …)", function->name);
}

/* A parameter that is called like a param would be declared twice. */
static void check_parameters(struct check *check, const struct function *function)
{
    struct lexer lexer = lexer_start(check->ast->sources, function->parameters);
    struct ctoken token;

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token))
        CHECK_EACH(check, DECL_PARAM, struct param, param) {
            if (!token_is_word(&token, param->decl.name.text)
                || !(body_mentions(function->body, param->decl.name.text)))
                continue;
            diag_report(check->diags, "E0107", token.span, "the parameter '%s' hides the param of that name", token.word);
            diag_note(check->diags, param->decl.name.span, "the param is declared here");
            diag_hint(check->diags, "call one of them something else");
        }
}

static const char *meaning(const struct check *check, const struct stage *stage, const char *name)
{
    if (call_is_named(name, calls_homes(stage)))
        return "a call of the language";
    for (const struct input *input = stage->inputs; input; input = input->next)
        if (!strcmp(name, input->name.text))
            return "an input of the stage";
    CHECK_EACH(check, DECL_PARAM, struct param, param)
        if (!strcmp(name, param->decl.name.text))
            return "a param";
    return NULL;
}

static void check_function(struct check *check, const struct stage *stage, const struct function *function)
{
    const char *other = meaning(check, stage, function->name);

    check_self(check, function);
    check_parameters(check, function);
    if (!other)
        return;
    diag_report(check->diags, "E0424", function->name_span, "'%s' is %s already", function->name, other);
    diag_hint(check->diags, "call the function something else");
}

void check_functions(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        const struct functions *functions = stage->instance ? NULL : stage_facts(stage)->functions;

        for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
            check_function(check, stage, function);
        if (!functions || !functions->other.end)
            continue;
        diag_report(check->diags, "E0425", functions->other, "this is no function");
        diag_hint(check->diags, "types, variables and macros stand in %%{ %%}, what each worker has in state { }");
    }
}
