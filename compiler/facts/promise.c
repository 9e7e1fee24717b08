/* Counts, from what is written after an output and what the body's tokens show.
 */
#include "facts/promise.h"

#include "facts/attempt.h"
#include "facts/decl.h"
#include "facts/inputs.h"
#include "facts/pull.h"

/* One for each item that a body has. */
static int64_t most_letters(const struct stage *stage)
{
    const struct value *batch = stage_is_batch(stage) ? &stage->inputs->batch : NULL;
    const struct value *most = batch;

    if (!batch)
        return 1;
    if (batch->kind == VALUE_NAME && !batch->param) /* an error */
        return HELD_MOST;
    if (batch->kind == VALUE_NAME)
        most = &batch->param->high;
    return most->kind == VALUE_NONE || most->i > HELD_MOST ? HELD_MOST : most->i;
}

struct count promise_seen(const struct stage *stage, const struct output *output)
{
    if (output->is_letter)
        return (struct count){ 0, most_letters(stage) };
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
