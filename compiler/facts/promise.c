/* Counts, from what is written after an output and what the body's tokens show.
 */
#include "facts/promise.h"

struct count promise_seen(const struct stage *stage, const struct output *output)
{
    if (!stage->body.body)
        return (struct count){ 0, COUNT_ANY };
    return body_count(stage->body.body, output->place);
}

struct count promise_of(const struct stage *stage, const struct output *output)
{
    if (output->counted)
        return (struct count){ output->least, output->most };
    return promise_seen(stage, output);
}

bool promise_has_call(const struct stage *stage, const struct output *output, enum call_kind kind)
{
    return body_calls(stage->body.body, kind, output->place) || body_calls(stage->final.body, kind, output->place)
        || body_calls(stage->flush.body, kind, output->place);
}

bool promise_is_sent(const struct stage *stage, const struct output *output)
{
    return body_emits(stage->body.body, output->place) || body_emits(stage->final.body, output->place)
        || body_emits(stage->flush.body, output->place);
}
