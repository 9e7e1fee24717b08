/* What C text calls of records.
 */
#ifndef RECORD_CALLS_H
#define RECORD_CALLS_H

#include "facts/record.h"
#include "parts/instance.h"

struct recorded {
    const struct record_decl *record;
    enum record_call call;
    const struct instance *instance; /* whose text says it of a type of the part; NULL: the text names the record */
};

/* Tells each call that stands in a text, once for each text. After calls_find(). */
void record_calls_each(const struct ast *ast, void (*tell)(void *data, const struct recorded *found, const struct code *code),
                       void *data);

#endif
