/* What next, next_for and next_any name. */
#include "facts/pull.h"

#include <string.h>

#include "facts/decl.h"
#include "text/ctoken.h"

const struct input *pull_input(const struct ast *ast, const struct stage *stage, const struct call *call, size_t i)
{
    const struct argument *argument = call->list;
    const struct input *input = stage->inputs;
    struct ctoken word;

    while (argument && i-- > 0)
        argument = argument->next;
    if (!argument || !ctoken_only_word(ast->sources, argument->span, &word))
        return NULL;
    while (input && strcmp(input->name.text, word.word) != 0)
        input = input->next;
    return input;
}

/* Whether one of the call's arguments names it. */
static bool names(const struct ast *ast, const struct stage *stage, const struct call *call, const struct input *input)
{
    for (size_t i = 0; i < call->count; i++)
        if (pull_input(ast, stage, call, i) == input)
            return true;
    return false;
}

/* Calls of some kinds that name `input`, and where `other` is given, could wait for that alone. */
struct taking {
    unsigned kinds; /* bits */
    const struct input *input, *other;
};

static bool fits(const struct ast *ast, const struct stage *stage, const struct call *call, const struct taking *taking)
{
    const bool ends = call->kind == CALL_NEXT_FOR && call->time;

    if (!(taking->kinds & 1u << call->kind) || !names(ast, stage, call, taking->input))
        return false;
    return !taking->other || (!ends && !names(ast, stage, call, taking->other));
}

static bool stands_in(const struct ast *ast, const struct stage *stage, const struct body *body,
                      const struct taking *taking)
{
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next)
        if (fits(ast, stage, call, taking))
            return true;
    return false;
}

static bool stands(const struct ast *ast, const struct stage *stage, const struct taking taking)
{
    const struct functions *functions = stage_facts(stage)->functions;

    for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
        if (stands_in(ast, stage, function->body, &taking))
            return true;
    return stands_in(ast, stage, stage->body.body, &taking);
}

#define TAKES (1u << CALL_NEXT | 1u << CALL_NEXT_FOR | 1u << CALL_NEXT_ANY)

bool pull_is_taken(const struct ast *ast, const struct stage *stage, const struct input *input)
{
    return stands(ast, stage, (struct taking){ TAKES, input, NULL });
}

bool pull_has_call(const struct ast *ast, const struct stage *stage, enum call_kind kind, const struct input *input)
{
    return stands(ast, stage, (struct taking){ 1u << kind, input, NULL });
}

bool pull_may_want(const struct ast *ast, const struct stage *stage, const struct input *wanted, const struct input *other)
{
    return pull_is_hidden(stage) || stands(ast, stage, (struct taking){ TAKES, wanted, other });
}

bool pull_is_hidden(const struct stage *stage)
{
    const struct functions *functions = stage_facts(stage)->functions;

    for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
        if (!functions_keep_self(functions, function->body))
            return true;
    return !stage->body.body || !functions_keep_self(functions, stage->body.body);
}
