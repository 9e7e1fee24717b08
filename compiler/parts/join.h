/* One list of all that a program has, its own and imported, in the order of the emitted file. */
#ifndef JOIN_H
#define JOIN_H

#include "tree/ast.h"

/* join_files() returns the tree of a whole program, in which the declarations of each file stand where it is imported
 * first; the tree itself where it imports nothing. Those of the trees that it is made of are moved into it. */
struct ast *join_files(struct ast *ast);

#endif
