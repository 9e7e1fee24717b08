/* Stages.
 */
#ifndef EMIT_STAGE_H
#define EMIT_STAGE_H

#include "emit/printer.h"

void emit_stage_structs(struct emit *emit, const struct planned_stage *stage);
void emit_stage(struct emit *emit, const struct planned_stage *stage);

#endif
