/* Records: a structure, the table that tells the runtime of its fields, and what C text calls of it.
 */
#ifndef EMIT_RECORD_H
#define EMIT_RECORD_H

#include "emit/printer.h"

void emit_record(struct emit *emit, const struct planned_record *record);

#endif
