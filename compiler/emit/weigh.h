/* Weights of a batch's items.
 */
#ifndef EMIT_WEIGH_H
#define EMIT_WEIGH_H

#include "emit/printer.h"

/* The function that weighs an item of the stage's batch; nothing where it only counts them. */
void emit_weigh(struct emit *emit, const struct planned_stage *stage);

#endif
