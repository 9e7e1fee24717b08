/* What owned items need.
 */
#ifndef EMIT_ITEMS_H
#define EMIT_ITEMS_H

#include "emit/printer.h"

void emit_typedef(struct emit *emit, const struct planned_typedef *type);

/* The functions that drop items. */
void emit_items(struct emit *emit);

#endif
