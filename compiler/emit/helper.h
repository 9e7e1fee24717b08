/* Heads of the functions that bodies call. */
#ifndef EMIT_HELPER_H
#define EMIT_HELPER_H

#include "emit/printer.h"

/* What stands before one that nobody may call: `called` by a text that stands here. Of a header's, the C compiler does not
 * ask. */
const char *helper_unused(const struct emit *emit, bool called);

/* What its argument is called. */
const char *helper_value(struct emit *emit);

/* The head of one that sends to the output, without a line end; `what` is emit, try or pass. */
void emit_helper_head(struct emit *emit, const char *before, const char *what, const struct planned_output *output);

#endif
