/* What the files that build the tree (ast_decl.c, ast_stage.c, ast_part.c) share.
 */
#ifndef AST_BUILD_H
#define AST_BUILD_H

#include "tree/ast.h"

#define NEW(ast, type) ((type *)ast_alloc(ast, sizeof(type)))

/* Makes `item` the last member of a ring. */
#define RING_ADD(last, item) \
    ((item)->next = (last) ? (last)->next : (item), (last) ? (void)((last)->next = (item)) : (void)0, (item))

/* Opens a ring (or NULL) at its end and puts its first member into `first`. */
#define RING_OPEN(last, first) \
    do { \
        (first) = (last) ? (last)->next : NULL; \
        if (last) \
            (last)->next = NULL; \
    } while (0)

/* Reports an option that stands at `first` already. */
bool ast_is_twice(struct ast *ast, bool present, const char *what, struct span first, struct span again);

void ast_add(struct ast *ast, struct decl *decl, enum decl_kind kind, struct span at, struct name name);

#endif
