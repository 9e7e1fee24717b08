/* Names for what the emitted C adds to the author's.
 */
#ifndef EMIT_NAME_H
#define EMIT_NAME_H

#include "emit/printer.h"

const char *stage_symbol(struct emit *emit, const struct planned_stage *stage); /* "NAME_STAGE" */

/* The function that tells how many permits of the bound an item holds, of the stage at hand. */
const char *weight_symbol(struct emit *emit, const struct planned_bound *bound);
const char *term_symbol(struct emit *emit, const char *name); /* another expression's: "NAME_STAGE_cost_" */

/* A name for a local of ours that neither the author's text nor an input of `stage` or its type uses (both may be
 * NULL): `name`, else with an underscore. */
const char *name_free(struct emit *emit, const struct planned_stage *stage, const struct body *body, const char *name);

#endif
