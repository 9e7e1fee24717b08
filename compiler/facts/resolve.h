/* Names: what each of them names. */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "text/diag.h"
#include "tree/ast.h"

/* ast_resolve() reports names that are unknown, declared twice or of the wrong kind. What could not be resolved stays
 * NULL, and the checks cope with it. A list of more than 256 members of a stage is cut, and reported. */
void ast_resolve(struct ast *ast, struct diags *diags);

/* ast_resolve_types() does as much of it as parts need of the program that they stand in. */
void ast_resolve_types(struct ast *ast);

#endif
