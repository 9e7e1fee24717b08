/* The program around the pipeline.
 */
#ifndef EMIT_PROGRAM_H
#define EMIT_PROGRAM_H

#include "emit/printer.h"

void emit_program(struct emit *emit);
void emit_main(struct emit *emit);

#endif
