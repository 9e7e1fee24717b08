/* The pipeline as a whole.
 */
#ifndef EMIT_PIPELINE_H
#define EMIT_PIPELINE_H

#include "emit/printer.h"

void emit_pipeline_struct(struct emit *emit);
void emit_pipeline_sections(struct emit *emit);

/* Behind the stages: what calls its sections and those of instances (emit/instance.h). */
void emit_all_sections(struct emit *emit);

#endif
