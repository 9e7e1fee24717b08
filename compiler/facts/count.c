/* Counts, from the calls that the scan of a body found.
 */
#include "facts/count.h"

static bool is_emit(const struct call *call, size_t output)
{
    return call_sends(call->kind) && (output == ANY_PLACE || call->output == output);
}

struct count body_count(const struct body *body, size_t output)
{
    struct count count = { 0, 0 };

    if (body->uses_self)
        return (struct count){ 0, COUNT_ANY };
    for (const struct call *call = body->calls; call; call = call->next) {
        if (!is_emit(call, output))
            continue;
        if (call->in_loop || body->may_loop)
            return (struct count){ 0, COUNT_ANY };
        count.most++;
        if (!call->conditional && call->kind != CALL_TRY_EMIT)
            count.least++;
    }
    if (body->leaves_early)
        count.least = 0;
    return count;
}

bool body_emits(const struct body *body, size_t output)
{
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next)
        if (is_emit(call, output))
            return true;
    return false;
}

bool body_calls(const struct body *body, enum call_kind kind, size_t output)
{
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next)
        if (call->kind == kind && !call->passes && (output == ANY_PLACE || call->output == output))
            return true;
    return false;
}

bool body_may_emit(const struct body *body, size_t output)
{
    return body && (body->uses_self || body_emits(body, output));
}
