/* The functions of a stage. */
#ifndef EMIT_FUNCTIONS_H
#define EMIT_FUNCTIONS_H

#include "emit/printer.h"

void emit_stage_functions(struct emit *emit, const struct planned_stage *stage);

#endif
