/* Where C writes to a variable: by its name, or by its address, which a function gets; and whether a lock is held there.
 */
#ifndef WRITE_H
#define WRITE_H

#include "text/ctoken.h"

/* Whether a variable gets another value where its name stands, or a part of it does: `before` is the token before the
 * name, and `ahead` reads those behind it. */
bool writes_here(struct lexer ahead, const struct ctoken *before);

/* Whether an expression gives anything another value, outside of braces: `where` is the operator that does. */
bool writes_in(const struct sources *sources, struct span code, struct ctoken *where);

/* Through which of the addresses that it gets a function may write: none; the first of its arguments; any. */
enum lending { LEND_NONE, LEND_FIRST, LEND_ALL };
enum lending lending_to(const char *function);

/* Whether a lock is held behind the word, where `locked` tells of what stands before it. */
bool lock_after(const char *word, bool locked);

#endif
