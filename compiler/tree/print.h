/* The tree as text, for work on pipec: --dump=tree. */
#ifndef TREE_PRINT_H
#define TREE_PRINT_H

#include <stdio.h>

#include "tree/ast.h"

void ast_print(const struct ast *ast, FILE *to);

#endif
