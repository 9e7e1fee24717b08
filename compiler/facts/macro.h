/* The macros that the file itself defines, and what they may hide.
 */
#ifndef MACRO_H
#define MACRO_H

#include "tree/ast.h"

enum macro_kind {
    MACRO_NONE,  /* not defined in the file */
    MACRO_PLAIN, /* expressions, and statements that are whole */
    MACRO_JUMPS  /* part of a block or of a loop, a label, a jump, a return: what stands beside it may run any number of
                  * times */
};

struct macros;

/* macros_find() reads the #define lines of all C text; what they do not define may be in `around` (NULL: nowhere). The
 * table lives until macros_free(). */
struct macros *macros_find(struct ast *ast, const struct macros *around);
void macros_free(struct macros *macros);

/* Whether the file defines the word, and where its text is. */
bool macro_text(const struct macros *macros, const char *word, struct span *text);

enum macro_kind macro_kind(const struct macros *macros, const char *word);

#endif
