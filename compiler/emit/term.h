/* What the expressions of a stage's options become.
 */
#ifndef EMIT_TERM_H
#define EMIT_TERM_H

#include "emit/printer.h"

void emit_terms(struct emit *emit, const struct planned_stage *stage);

#endif
