/* From the counts of all that a stage sends, with what runs within it. */
#include "facts/leaf.h"

#include "facts/attempt.h"
#include "facts/count.h"
#include "facts/decl.h"
#include "facts/inline.h"
#include "facts/inputs.h"
#include "facts/pull.h"
#include "facts/room.h"
#include "facts/workers.h"

bool leaf_flush_sends(const struct stage *stage)
{
    return body_may_emit(stage->flush.body, ANY_PLACE);
}

int64_t leaf_most(const struct stage *stage)
{
    int64_t most = 0;

    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        if (walk.count.most > most)
            most = walk.count.most;
    return most;
}

int64_t leaf_room(const struct stage *stage)
{
    return attempt_holds(stage) && stage_is_batch(stage) ? HELD_MOST : LEAF_MOST;
}

bool leaf_is(const struct stage *stage)
{
    return stage->inputs && !pull_is(stage) && (!stage->blocking || attempt_holds(stage)) && leaf_most(stage) <= leaf_room(stage)
        && (!inline_sends(stage) || !leaf_flush_sends(stage));
}

static bool says_wait_for(const struct stage *stage)
{
    const struct functions *functions = stage_facts(stage)->functions;

    for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
        if (body_calls(function->body, CALL_WAIT_FOR, ANY_PLACE))
            return true;
    return body_calls(stage->body.body, CALL_WAIT_FOR, ANY_PLACE);
}

bool leaf_sleeps(const struct stage *stage)
{
    for (; stage; stage = stage_facts(stage)->next_inline)
        if (says_wait_for(stage))
            return true;
    return false;
}

bool leaf_may_wait(const struct stage *stage)
{
    if (workers_are_ordered(stage) || pull_is(stage))
        return true;
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        if (walk.output->channel && room_is_waited_for(walk.output->channel))
            return true;
    return false;
}
