/* The tree as text, for work on pipec: --dump=tree. */
#ifndef DUMP_H
#define DUMP_H

#include <stdio.h>

#include "ast.h"

void ast_print( struct ast *ast, FILE *to);

#endif
