/* Workers, from `workers` and, where that is not written, from `bound`.
 */
#include "facts/workers.h"

#include "facts/inline.h"
#include "facts/inputs.h"

const struct value *bound_permits(const struct bound_option *bound)
{
    return bound->decl ? &bound->decl->permits : &bound->permits;
}

const struct value *workers_permits(const struct stage *stage)
{
    const struct value *least = NULL;

    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        const struct value *permits = bound_permits(bound);

        if (bound->weight.code.present || bound->per.code.present)
            continue;
        if (!least || (least->kind == VALUE_INT && permits->kind == VALUE_INT && permits->i < least->i))
            least = permits;
    }
    return least;
}

const struct value *workers_count(const struct stage *stage)
{
    if (stage->has_workers)
        return stage->workers_auto ? NULL : &stage->workers;
    return stage->inputs && !stage_is_zip(stage) ? workers_permits(stage) : NULL;
}

bool workers_are_many(const struct stage *inner)
{
    const struct stage *stage = inline_host(inner);
    const struct value *permits = workers_permits(stage);

    if (!stage->inputs || stage_is_zip(stage))
        return false;
    return stage->has_workers || (permits && (permits->kind != VALUE_INT || permits->i > 1));
}

bool workers_are_several(const struct stage *inner)
{
    const struct stage *stage = inline_host(inner);
    const struct value *count = workers_count(stage);

    return stage->workers_auto || (count && (count->kind != VALUE_INT || count->i > 1));
}

bool workers_are_ordered(const struct stage *stage)
{
    return stage->ordered && inline_sends(stage) && workers_are_many(stage);
}
