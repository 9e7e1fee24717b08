/* One list of the places where a term may stand. */
#include "tree/term.h"

const struct term *terms_next(struct terms *terms)
{
    const struct stage *const stage = terms->stage;
    const struct bound_option *const bound = terms->bound;

    terms->is_key = terms->step == 0 || terms->step == 1 || terms->step == 3;
    switch (terms->step++) {
    case 0:
        return &stage->by;
    case 1:
        return &stage->rate.per;
    case 2:
        terms->bound = stage->bounds;
        return &stage->rate.cost;
    case 3:
        return bound ? &bound->per : NULL;
    default:
        terms->step = 3;
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
