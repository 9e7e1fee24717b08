/* The picture of a pipeline, for the first comment of the emitted C and for `check --plan`.
 */
#ifndef DRAW_H
#define DRAW_H

#include "facts/graph.h"
#include "plan/plan.h"

/* Lines, each with its line end: a chain of stages where the pipeline is one, else one line for each part of it. Every
 * channel stands in it once. */
const char *plan_draw(const struct plan *plan, const struct graph *graph);

#endif
