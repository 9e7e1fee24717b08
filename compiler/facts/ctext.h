/* All C text of the file. */
#ifndef CTEXT_H
#define CTEXT_H

#include "tree/ast.h"

/* ctext_each() tells each piece of it in the order of the file; `stage` is NULL where it is none of a stage's. */
void ctext_each(const struct ast *ast, void (*tell)(void *data, const struct stage *stage, struct code *code), void *data);

#endif
