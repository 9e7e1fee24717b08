/* Which declarations of a kind each file sees: its own, and those of the files that it imports itself. */
#ifndef SCOPE_H
#define SCOPE_H

#include "tree/ast.h"

struct scope;

/* Of the declarations of the tree whose kinds are in `kinds`, a sum of SCOPE_KIND(). What is not among them is looked for
 * in `around` (NULL: nowhere). Lives in the tree's memory. */
#define SCOPE_KIND(kind) (1u << (kind))
const struct scope *scope_new(const struct ast *ast, unsigned kinds, const struct scope *around);

/* scope_find() returns what `text` names where text of the file with this number stands: its own before others. NULL where
 * nothing is in sight. */
struct decl *scope_find(const struct scope *scope, size_t file, const char *text);

/* Another one of that name in sight, so that it cannot be said which is meant; NULL: there is none. */
struct decl *scope_find_second(const struct scope *scope, size_t file, const char *text);

/* The number of the file in which a span lies. */
size_t file_of(const struct ast *ast, struct span span);

#endif
