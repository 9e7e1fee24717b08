/* One list of the places where a term may stand. */
#include "tree/term.h"

enum { BATCH, BY, RATE_PER, RATE_COST, BOUND_PER, BOUND_WEIGHT };

const struct term *terms_next(struct terms *terms)
{
    const struct stage *const stage = terms->stage;
    const struct bound_option *const bound = terms->bound;

    if (terms->step == BATCH && !stage->inputs)
        terms->step = BY;
    terms->is_key = terms->step != RATE_COST && terms->step != BOUND_WEIGHT;
    switch (terms->step++) {
    case BATCH:
        return &stage->inputs->batch_per;
    case BY:
        return &stage->by;
    case RATE_PER:
        return &stage->rate.per;
    case RATE_COST:
        terms->bound = stage->bounds;
        return &stage->rate.cost;
    case BOUND_PER:
        return bound ? &bound->per : NULL;
    default:
        terms->step = BOUND_PER;
        terms->bound = bound->next;
        return &bound->weight;
    }
}

const struct instance *term_scope(const struct stage *stage, const struct term *term)
{
    return term->given ? term->scope : stage->instance;
}

const char *term_item(const struct stage *stage, const struct term *term)
{
    return term->given ? term->item.text : stage->inputs ? stage->inputs->name.text : NULL;
}
