/* Text of the author's made safe for where it stands in C.
 *
 * A doc string or a path is anything that an author wrote: quotes, the end of a comment, trigraphs, bytes that are no
 * UTF-8, marks that reverse the direction of text. None of it may change what the C means or looks like.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <obstack.h>

const char *escape_string(struct obstack *memory, const char *text);  /* a C string literal, with its quotes */
const char *escape_comment(struct obstack *memory, const char *text); /* what may stand in a comment, on one line */

#endif
