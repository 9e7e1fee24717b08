/* The C text of the file: what its tokens tell, and where its calls go.
 */
#ifndef CALLS_H
#define CALLS_H

#include "facts/body.h"
#include "tree/ast.h"

/* calls_find() scans all C text. Each emit in a body, `final` or `flush` gets its output and its value; where that
 * is wrong, the checks say so. */
void calls_find(struct ast *ast);

#endif
