/* Records: a structure, the table that tells the runtime of its fields, and what C text calls of it.
 */
#ifndef EMIT_RECORD_H
#define EMIT_RECORD_H

#include "emit/printer.h"

void emit_record(struct emit *emit, const struct planned_record *record);

/* What writes the letters of a channel as JSON, below their structure; nothing where nobody calls it. */
void emit_letter_json(struct emit *emit, const struct planned_channel *channel);

#endif
