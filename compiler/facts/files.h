/* Which files' C stands in the program. */
#ifndef FILES_H
#define FILES_H

#include "tree/ast.h"

/* By number: the program's own, and those of which a type is named, or a part used, by one that does. After calls_find().
 * Of a part by itself it marks what its file names (ast.h), and has no answer. */
const bool *files_find_used(const struct ast *ast);

#endif
