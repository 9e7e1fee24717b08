/* From text to tree. */
#ifndef PARSE_H
#define PARSE_H

#include "tree/ast.h"

/* Parses all of `source`. What is wrong with it goes to `diags`; declarations with an error are left out of the tree.
 * Both must outlive the tree, whose C text points into the source. NULL only where memory is short. */
struct ast *ast_parse(struct source *source, struct diags *diags);

#endif
