/* What follows from the tree: the step between names and checks. Whatever comes later reads it and writes none of it,
 * so that the order of the checks carries no weight.
 */
#ifndef FACTS_H
#define FACTS_H

#include "facts/flow.h"
#include "facts/graph.h"

struct facts {
    const struct ast *ast;
    const struct graph *graph;
    const struct flows *flows;
    const bool *finishes;   /* by stage: whether it may finish before its inputs have ended (ends.h) */
    const bool *files;      /* by number: whether the C of the file stands in the program (files.h) */
    struct obstack *memory; /* the tree's: what later steps keep lives as long */
};

/* After ast_resolve(), also where that found errors. Reports nothing: what is wrong the checks tell. */
const struct facts *facts_new(struct ast *ast);

#endif
