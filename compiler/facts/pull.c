/* What next, next_for and next_any name. */
#include "facts/pull.h"

#include <string.h>

#include "facts/ctoken.h"
#include "facts/decl.h"

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

static bool stands_in(const struct ast *ast, const struct stage *stage, const struct body *body, unsigned kinds,
                      const struct input *input)
{
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next)
        if ((kinds & 1u << call->kind) && names(ast, stage, call, input))
            return true;
    return false;
}

static bool stands(const struct ast *ast, const struct stage *stage, unsigned kinds, const struct input *input)
{
    const struct functions *functions = stage_facts(stage)->functions;

    for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
        if (stands_in(ast, stage, function->body, kinds, input))
            return true;
    return stands_in(ast, stage, stage->body.body, kinds, input);
}

bool pull_is_taken(const struct ast *ast, const struct stage *stage, const struct input *input)
{
    return stands(ast, stage, 1u << CALL_NEXT | 1u << CALL_NEXT_FOR | 1u << CALL_NEXT_ANY, input);
}

bool pull_has_call(const struct ast *ast, const struct stage *stage, enum call_kind kind, const struct input *input)
{
    return stands(ast, stage, 1u << kind, input);
}
