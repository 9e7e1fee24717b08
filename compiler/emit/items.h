/* What owned items need.
 */
#ifndef EMIT_ITEMS_H
#define EMIT_ITEMS_H

#include "emit/printer.h"

void emit_typedef(struct emit *emit, const struct planned_typedef *type);

/* The structures of letters, below the types of their items. */
void emit_letters(struct emit *emit);

/* The functions that drop and copy items. */
void emit_items(struct emit *emit);

#endif
