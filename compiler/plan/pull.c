/* What a stage that pulls takes from at once. */
#include "facts/pull.h"

#include <string.h>

#include "facts/decl.h"
#include "plan/make.h"
#include "text/memory.h"

static size_t place_of(const struct stage *stage, const struct input *wanted)
{
    size_t place = 0;

    for (const struct input *input = stage->inputs; input != wanted; input = input->next)
        place++;
    return place;
}

static bool is_known(const struct planned_stage *planned, const struct planned_any *any)
{
    for (size_t i = 0; i < planned->nanys; i++)
        if (planned->anys[i].n == any->n && !memcmp(planned->anys[i].inputs, any->inputs, any->n * sizeof *any->inputs))
            return true;
    return false;
}

static void add_call(struct make *make, struct planned_stage *planned, const struct stage *stage, const struct call *call)
{
    struct planned_any any = { .n = call->count, .all = call->count == planned->ninputs };

    any.inputs = memory_take(make->memory, any.n * sizeof *any.inputs);
    for (size_t i = 0; i < any.n; i++) {
        any.inputs[i] = place_of(stage, pull_input(make->facts->ast, stage, call, i));
        any.all = any.all && any.inputs[i] == i;
    }
    if (!is_known(planned, &any))
        planned->anys[planned->nanys++] = any;
}

/* Counts the calls, or adds their lists. */
static size_t each_call(struct make *make, struct planned_stage *planned, const struct stage *stage,
                        const struct body *body, bool adds)
{
    size_t n = 0;

    for (const struct call *call = body ? body->calls : NULL; call; call = call->next) {
        if (call->kind != CALL_NEXT_ANY)
            continue;
        n++;
        if (adds)
            add_call(make, planned, stage, call);
    }
    return n;
}

static size_t each_text(struct make *make, struct planned_stage *planned, const struct stage *stage, bool adds)
{
    const struct functions *functions = stage_facts(stage)->functions;
    size_t n = each_call(make, planned, stage, stage->body.body, adds);

    for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
        n += each_call(make, planned, stage, function->body, adds);
    return n;
}

void make_anys(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    const size_t calls = each_text(make, planned, stage, false);

    planned->anys = memory_take(make->memory, (calls + 1) * sizeof *planned->anys);
    each_text(make, planned, stage, true);
}
