/* The terms of a stage: expressions of C over its item that its options have.
 */
#ifndef TERM_H
#define TERM_H

#include "tree/ast.h"

/* A walk over them, present or not, in the order batch, by, rate, bounds: { stage } before the first. */
struct terms {
    const struct stage *stage;
    int step;
    bool is_key; /* of the last one: by or per */
    const struct bound_option *bound;
};

/* The next one; NULL after the last. */
const struct term *terms_next(struct terms *terms);

/* What the term sees: the instance whose params, or NULL, the program; and what it calls the item (NULL: there is none). */
const struct instance *term_scope(const struct stage *stage, const struct term *term);
const char *term_item(const struct stage *stage, const struct term *term);

#endif
