/* Items: what a channel's type is in C, and what an item of it owns.
 */
#ifndef ITEM_H
#define ITEM_H

#include "text/shown.h"
#include "tree/ast.h"

bool item_is_string(const struct ctype *type);
bool item_is_built_in(const char *type); /* string or bytes */
bool item_owns(const struct ctype *type);

/* The type in C: "char *" for string, "struct prt_bytes" for bytes, "struct NAME_" for a record, whose NAME
 * a variable may hide, else as written. */
const char *item_c_type(const struct ctype *type);

/* The C function `void f(void *)` that drops an item in memory; NULL where it owns nothing. */
const char *item_drop(const struct ast *ast, struct obstack *memory, const struct ctype *type);

/* The C function `void f(void *copy, const void *item)` that copies an item which owns something; NULL where there is none,
 * or nothing is owned. */
const char *item_clone(const struct ast *ast, struct obstack *memory, const struct ctype *type);

/* Bytes of an item where every machine of 64 bits agrees on them; 0 where only the C compiler knows. */
size_t item_size(const struct ctype *type);

/* item_is_foreign() tells whether the type is words of the author's C, of which only the C compiler knows whether there
 * is such a type. */
bool item_is_foreign(const struct ctype *type);

/* How an item of the type can be shown. */
enum item_shown item_shown(const struct ctype *type);

#endif
