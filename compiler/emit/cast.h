/* Broadcasts.
 */
#ifndef EMIT_CAST_H
#define EMIT_CAST_H

#include "emit/printer.h"

void emit_cast_members(struct emit *emit, const struct planned_output *output);

/* The functions that bodies call; `wanted`: the one that emits, `called`: by a text that stands here. */
void emit_cast_helpers(struct emit *emit, const struct planned_stage *stage, const struct planned_output *output, bool wanted,
                       bool called);
void emit_casts(struct emit *emit, const struct planned_stage *stage); /* beside a header: what it only declares */
void emit_cast_channels(struct emit *emit, const struct planned_channel *channel); /* the variable of the wiring */

/* What follows `to_` in the name of an output's member: of a broadcast the one at `place`. */
const char *cast_output(struct emit *emit, const struct planned_output *output, size_t place);

#endif
