/* Stages whose bodies take their items themselves.
 */
#ifndef EMIT_PULL_H
#define EMIT_PULL_H

#include "emit/printer.h"

/* For each input the function that a next of it becomes. `more`: helpers that are not seen may call it. */
void emit_nexts(struct emit *emit, const struct planned_stage *stage, bool more);

/* The variables of a body that hold the items: empty at first, and dropped at its end. */
void emit_pulled(struct emit *emit, const struct planned_stage *stage);

#endif
