/* Variables that the author's text finds under the names of its items.
 */
#ifndef EMIT_VARIABLE_H
#define EMIT_VARIABLE_H

#include "emit/printer.h"

/* The variable that an item is copied into; where its type is wrong, that is told at the stage. */
void emit_item_variable(struct emit *emit, const struct planned_stage *stage, const struct planned_input *input,
                        const char *name);

/* The same for one item of a batch: an array of that one. */
void emit_item_array(struct emit *emit, const struct planned_stage *stage, const char *name);

/* What the text does not use, it has all the same: without a warning. */
void emit_void_unless(struct emit *emit, const struct body *body, const char *name);

#endif
