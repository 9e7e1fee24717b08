/* Counts, from what is written after an output and what the body's tokens show.
 */
#include "facts/promise.h"

#include "facts/decl.h"
#include "facts/pull.h"

struct count promise_seen(const struct stage *stage, const struct output *output)
{
    if (output->is_letter)
        return (struct count){ 0, 1 };
    if (!stage->body.body || pull_is(stage)) /* what a body that takes many items sends is no count of each */
        return (struct count){ 0, COUNT_ANY };
    return body_count(stage->body.body, output->place);
}

struct count promise_of(const struct stage *stage, const struct output *output)
{
    if (output->counted)
        return (struct count){ output->least, output->most };
    return promise_seen(stage, output);
}

static bool functions_call(const struct stage *stage, const struct output *output, enum call_kind kind)
{
    const struct functions *functions = stage_facts(stage)->functions;

    for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
        if (body_calls(function->body, kind, output->place))
            return true;
    return false;
}

bool promise_has_call(const struct stage *stage, const struct output *output, enum call_kind kind)
{
    return body_calls(stage->body.body, kind, output->place) || body_calls(stage->final.body, kind, output->place)
        || body_calls(stage->flush.body, kind, output->place) || functions_call(stage, output, kind);
}

bool promise_is_sent(const struct stage *stage, const struct output *output)
{
    return body_emits(stage->body.body, output->place) || body_emits(stage->final.body, output->place)
        || body_emits(stage->flush.body, output->place) || functions_call(stage, output, CALL_EMIT_OK)
        || functions_call(stage, output, CALL_TRY_EMIT);
}

bool promise_is_passed(const struct stage *stage, const struct output *output)
{
    for (const struct call *call = stage->body.body ? stage->body.body->calls : NULL; call; call = call->next)
        if (call->passes && call->output == output->place)
            return true;
    return false;
}
