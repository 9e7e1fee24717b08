/* The types that the files of a program declare, and which of them each file sees: its own, and those of the files that it
 * imports itself. Imported names of types are no names of stages or channels, so they have a table of their own.
 */
#ifndef TYPES_H
#define TYPES_H

#include "tree/ast.h"

struct types;

/* Lives in the tree's memory. */
const struct types *types_new(const struct ast *ast);

/* types_find() returns the type, or record, that `text` names where text of the file with this number stands: its own before
 * others. NULL where there is none in sight. */
const struct decl *types_find(const struct types *types, size_t file, const char *text);

/* Which files' C stands in the program, by number: the program's own, and those of which a type is named by one that
 * does. After calls_find(). */
const bool *types_find_files(const struct ast *ast);

#endif
