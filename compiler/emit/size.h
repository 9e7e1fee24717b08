/* How large items may be.
 */
#ifndef EMIT_SIZE_H
#define EMIT_SIZE_H

#include "emit/printer.h"

/* Asserts that they are small enough. */
void emit_sizes(struct emit *emit);

#endif
