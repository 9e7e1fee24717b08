/* The pipeline as a whole.
 */
#ifndef EMIT_PIPELINE_H
#define EMIT_PIPELINE_H

#include "emit/printer.h"

void emit_pipeline_struct(struct emit *emit);
void emit_pipeline_sections(struct emit *emit);

#endif
