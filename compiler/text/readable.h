/* Whether a file is text at all.
 */
#ifndef READABLE_H
#define READABLE_H

#include "text/diag.h"

/* Reports NUL bytes and other signs that a file is no UTF-8 text. Tells whether it is worth reading all the same. */
bool text_is_readable(const struct source *source, struct diags *diags);

/* Where the text begins: behind a byte order mark. */
size_t text_start(const struct source *source);

#endif
