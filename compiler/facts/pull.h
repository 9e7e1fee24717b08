/* Stages whose bodies take their items themselves, by next(): like a source's, such a body runs once in each worker.
 */
#ifndef FACTS_PULL_H
#define FACTS_PULL_H

#include "facts/body.h"
#include "tree/ast.h"

/* All inputs of a stage are of one kind (check/pull.c), so the first tells. */
static inline bool pull_is(const struct stage *stage)
{
    return stage->inputs && stage->inputs->pull;
}

/* The input of the stage that a next names, or that the `i`-th argument of a next_any does; NULL: it names none. */
const struct input *pull_input(const struct ast *ast, const struct stage *stage, const struct call *call, size_t i);

/* Whether a call that takes from the input stands in the stage; and one of that kind. */
bool pull_is_taken(const struct ast *ast, const struct stage *stage, const struct input *input);
bool pull_has_call(const struct ast *ast, const struct stage *stage, enum call_kind kind, const struct input *input);

/* Whether the stage may wait for ever for an item of `wanted` while there is one of `other`. A next_any of both does not, nor
 * a next_for of so many seconds; what hands `self` to C that is not seen may. */
bool pull_may_want(const struct ast *ast, const struct stage *stage, const struct input *wanted, const struct input *other);

/* Whether C that is not seen may take from the inputs: the body stands elsewhere, or gives its `self` away. */
bool pull_is_hidden(const struct stage *stage);

#endif
