/* From text to tree. */
#ifndef PARSE_H
#define PARSE_H

#include "tree/ast.h"

/* Parses all of `source`, which is one of `sources`. What is wrong with it goes to `diags`; declarations with an error are
 * left out of the tree, which lives in `memory`. All of them must outlive it. NULL only where memory is short. */
struct ast *ast_parse(const struct sources *sources, struct source *source, struct diags *diags,
                      struct obstack *memory);

#endif
