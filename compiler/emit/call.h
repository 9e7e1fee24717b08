/* Emits to inline stages.
 */
#ifndef EMIT_CALL_H
#define EMIT_CALL_H

#include "emit/printer.h"

bool stage_has_block(const struct planned_stage *stage); /* more than the call of the body stands around it */
void emit_call_members(struct emit *emit, const struct planned_output *output);
void emit_call_helper(struct emit *emit, const struct planned_output *output, bool called);
void emit_calls(struct emit *emit, const struct planned_stage *stage); /* beside a header: what it only declares */
void emit_inlines(struct emit *emit, const struct planned_stage *host);

#endif
