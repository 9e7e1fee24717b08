/* The C text of the file: what its tokens tell, and where its calls go.
 */
#ifndef CALLS_H
#define CALLS_H

#include "facts/body.h"
#include "facts/pull.h"
#include "tree/ast.h"

/* calls_find() scans all C text. Each emit in a body, `final` or `flush` gets its output and its value; where that
 * is wrong, the checks say so. */
void calls_find(struct ast *ast);

/* What the stage is, of enum call_home. */
static inline unsigned calls_homes(const struct stage *stage)
{
    return (pull_is(stage) ? HOME_PULL : 0u) | (stage->inputs ? 0u : HOME_SOURCE);
}

/* calls_find_around() reads the C text that the parts of the program see: what belongs to no stage. Holds until
 * calls_free_around(). */
void calls_find_around(struct ast *ast);
void calls_free_around(struct ast *ast);

#endif
