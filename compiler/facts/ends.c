/* A stage ends by itself when nobody receives what it sends, so finish() reaches all that lead to it. */
#include "facts/ends.h"

#include "facts/decl.h"
#include "facts/pull.h"
#include "text/memory.h"

bool ends_says_finish(const struct stage *stage)
{
    const struct functions *functions = stage_facts(stage)->functions;
    const struct body *const bodies[] = { stage->init.body, stage->body.body, stage->flush.body, stage->final.body };

    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (body_calls(bodies[i], CALL_FINISH, ANY_PLACE))
            return true;
    for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
        if (body_calls(function->body, CALL_FINISH, ANY_PLACE))
            return true;
    return false;
}

void ends_find(const struct graph *graph, bool *finishes)
{
    bool *reached = memory_take(graph->memory, graph->backward->nnodes + 1);

    for (size_t s = 0; s < graph->nstages; s++)
        reached[s] = ends_says_finish(graph->stages[s]) || pull_is(graph->stages[s]); /* such a body returns when it likes */
    digraph_reach(graph->backward, graph->memory, reached);
    for (size_t s = 0; s < graph->nstages; s++)
        finishes[s] = reached[s];
}
