/* The picture of a pipeline, for the first comment of the emitted C and for `check --plan`.
 */
#ifndef DRAW_H
#define DRAW_H

#include "facts/graph.h"
#include "plan/plan.h"

/* Lines, each with its line end: a chain of stages where the pipeline is one, else one line for each part of it. Every
 * channel stands in it once. */
const char *plan_draw(const struct plan *plan, const struct graph *graph);

/* How the picture and the table write them: "3", "auto", or a param's name; "16", "*", "0" or a param's name. All of
 * them return how many letters they wrote. */
int put_amount(FILE *to, const struct amount *amount);
int put_workers(FILE *to, const struct planned_stage *stage);
int put_cap(FILE *to, const struct planned_channel *channel);

#endif
