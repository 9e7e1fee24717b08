/* Types that only the C compiler knows, and how large items may be.
 */
#ifndef EMIT_SIZE_H
#define EMIT_SIZE_H

#include "emit/printer.h"

/* Ends a line, and sets line and column to where the channel's type is written, if the C compiler may not know it; else a
 * blank. What follows begins with the type. */
void emit_foreign(struct emit *emit, const struct planned_channel *channel);

/* Asserts that they are small enough. */
void emit_sizes(struct emit *emit);

#endif
