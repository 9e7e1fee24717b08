/* What C text calls by name: params and types. */
#ifndef NAMED_H
#define NAMED_H

#include "tree/ast.h"

struct named;

/* named_table() holds every name that C text can call declarations of the two kinds: operands are also NAME_len. The
 * last of a name wins. Its entries live in `memory`, what finds them until named_free(). */
struct named *named_table(const struct ast *ast, struct obstack *memory, enum decl_kind a, enum decl_kind b);
const struct decl *named_find(const struct named *table, const char *text);
void named_free(struct named *table);

/* Marks what C text names as used. After calls_find(). */
void named_find_used(struct ast *ast);

#endif
