/* What C text calls by name: params and types. */
#ifndef NAMED_H
#define NAMED_H

#include "tree/ast.h"

struct named;

/* named_params() holds every name that C text can call params: operands are also NAME_len. The last of a name wins. Its
 * entries live in `memory`, what finds them until named_free(). */
struct named *named_params(const struct ast *ast, struct obstack *memory);
/* Adds the declaration to such a table; returns the one of that name that is there already, and stays. */
const struct decl *named_add(struct named **table, struct obstack *memory, const struct decl *decl);
const struct decl *named_find(const struct named *table, const char *text);
void named_free(struct named *table);

/* Marks the params and types that C text names as used, and the types that tests name. After calls_find(). */
void named_find_used(const struct ast *ast);

#endif
