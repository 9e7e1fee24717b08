/* The wiring.
 */
#ifndef EMIT_WIRE_H
#define EMIT_WIRE_H

#include "emit/printer.h"

void emit_wiring(struct emit *emit);

#endif
