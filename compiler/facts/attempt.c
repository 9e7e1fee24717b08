/* Retries, timeouts and letters of a stage. */
#include "facts/attempt.h"

bool attempt_holds(const struct stage *stage)
{
    return stage->inputs && (stage->fail.retry || stage->timeout.kind != VALUE_NONE);
}

bool attempt_counts(const struct stage *stage)
{
    return stage->fail.retry || stage->timeout.kind != VALUE_NONE || stage->fail.then == THEN_CHANNEL;
}

bool attempt_may_leave_out(const struct stage *stage)
{
    return stage->fail.then == THEN_SKIP || stage->fail.then == THEN_CHANNEL || stage->timeout.kind != VALUE_NONE;
}

const struct output *attempt_letters(const struct stage *stage)
{
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (output->is_letter)
            return output;
    return NULL;
}
