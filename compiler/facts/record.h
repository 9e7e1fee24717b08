/* Records: what their fields are, own and take. One stands only in those that are declared below it, so what it consists
 * of comes to an end.
 */
#ifndef RECORD_H
#define RECORD_H

#include "facts/field.h"
#include "tree/ast.h"

enum field_kind field_kind(const struct field *field);

/* Of a type as it is written, as if it were a field's; one letter is no text. */
enum field_kind field_kind_of_item(const struct ctype *type);

/* Whether the record that the field names is declared above it. */
bool field_is_above(const struct record_decl *record, const struct field *field);

/* "int", and what such an element is in C: "char *" for string. Of a record its name. */
const char *field_c_type(const struct field *field);

/* How it is called in JSON and CSV. */
const char *field_key_text(const struct field *field);

/* The name of a kind for messages and suggestions; NULL: there is no further one. */
const char *field_type_name(size_t i);

#define RECORD_MAX 65536 /* bytes of one */

/* Fills in the facts of a record (decl.h). Those of the records above it are there. */
void record_measure(const struct record_decl *record);

/* Whether all types of a part have it: T_drop, T_clone. */
static inline bool record_call_is_of_types(enum record_call call)
{
    return call == RECORD_DROP || call == RECORD_CLONE;
}

/* "_drop" for RECORD_DROP, and "shop_drop" for that of the record "shop". */
const char *record_call_ending(enum record_call call);
const char *record_call_name(struct obstack *memory, const char *record, enum record_call call);

#endif
