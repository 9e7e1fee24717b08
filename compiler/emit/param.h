/* The params: the structure that holds their values, the table of options that fills it, and what bodies see of
 * them.
 */
#ifndef EMIT_PARAM_H
#define EMIT_PARAM_H

#include "emit/printer.h"

bool params_read(struct emit *emit, const struct body *body); /* the body names one that is the program's */
bool params_named(struct emit *emit, const struct body *body); /* … or one that is a constant where the text stands */
void emit_param_locals(struct emit *emit, const struct body *body);  /* those that the body names, as const locals */

/* Whether a variable of the body's may be called like such a local, so that it needs a block of its own. */
bool params_are_hidden(struct emit *emit, const struct body *body);
void emit_params_struct(struct emit *emit);
void emit_options(struct emit *emit);

#endif
