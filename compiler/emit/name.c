/* Names that nothing of the author's may meet. */
#include "emit/name.h"

#include <string.h>

#include "emit/text.h"
#include "text/ctype.h"

const char *stage_symbol(struct emit *emit, const struct planned_stage *stage)
{
    return text_format(emit, "%s_%s", emit->name, stage->symbol);
}

const char *weight_symbol(struct emit *emit, const struct planned_bound *bound)
{
    if (!bound->limit->shared)
        return text_format(emit, "%s_weight_", emit->stage);
    return text_format(emit, "%s_weight_%s_", emit->stage, bound->limit->symbol);
}

const char *term_symbol(struct emit *emit, const char *name)
{
    return text_format(emit, "%s_%s_", emit->stage, name);
}

/* The name of a type would be hidden, which C compilers warn of. */
static bool is_type(const struct emit *emit, const char *name)
{
    for (size_t i = 0; i < emit->plan->ntypes; i++)
        if (strcmp(emit->plan->types[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < emit->plan->nrecords; i++)
        if (strcmp(emit->plan->records[i].name, name) == 0)
            return true;
    return false;
}

static bool is_taken(const struct planned_stage *stage, const struct body *body, const char *name)
{
    for (size_t i = 0; stage && i < stage->ninputs; i++)
        if (strcmp(stage->inputs[i].name, name) == 0 || ctype_names(stage->inputs[i].c_type, name)
            || (stage->inputs[i].length && strcmp(stage->inputs[i].length, name) == 0))
            return true;
    if (stage && stage->function && strcmp(stage->function, name) == 0)
        return true;
    return body && body_names(body, name);
}

const char *name_free(struct emit *emit, const struct planned_stage *stage, const struct body *body, const char *name)
{
    while (is_type(emit, name) || is_taken(stage, body, name))
        name = text_format(emit, "%s_", name);
    return name;
}
