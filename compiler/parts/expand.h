/* Each stage that is made of a part becomes declarations of its own. */
#ifndef EXPAND_H
#define EXPAND_H

#include "parts/instance.h"

struct sources;

/* expand_program() moves the declarations of the whole program into a tree without parts; the tree itself where there are
 * none. What cannot be made is left out, and told, or is told already (parts/uses.h). */
struct ast *expand_program(struct ast *ast, struct sources *sources);

/* expand_part() returns a part by itself, as a program whose ends are elsewhere; the part stays as it is. */
struct ast *expand_part(const struct part *part, const struct ast *around, struct sources *sources);

#endif
