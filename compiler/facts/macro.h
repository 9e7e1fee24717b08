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

struct macro;

/* macros_find() reads the #define lines of all C text. The table lives until macros_free(). */
struct macro *macros_find(struct ast *ast);
void macros_free(struct macro *table);

/* Whether the file defines the word, and where its text is. */
bool macro_text(const struct macro *table, const char *word, struct span *text);

enum macro_kind macro_kind(const struct macro *table, const char *word);

#endif
