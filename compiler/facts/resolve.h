/* Names: what each of them names. Fills in the members under "resolve" of the tree. */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "text/diag.h"
#include "tree/ast.h"

/* ast_resolve() reports names that are unknown, declared twice or of the wrong kind. What could not be resolved stays
 * NULL, and the checks cope with it. Returns whether nothing was wrong. */
bool ast_resolve(struct ast *ast, struct diags *diags);

/* What a declaration is, for messages: "a channel". */
const char *decl_noun(enum decl_kind kind);

#endif
