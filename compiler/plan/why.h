/* How a stage runs, in words: when it may wait for room, or why it never does. */
#ifndef WHY_H
#define WHY_H

#include "tree/ast.h"

/* A sentence without its full stop, as in the comment above the stage in the emitted C. It lives in `memory`. */
const char *stage_why(struct obstack *memory, const struct stage *stage);

#endif
