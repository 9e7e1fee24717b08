/* Texts in columns of a terminal.
 */
#ifndef COLUMN_H
#define COLUMN_H

#include <stddef.h>
#include <stdio.h>

/* How many columns the text takes; controls (LOOK_BOLD and the like) take none. */
size_t column_width(const char *text);

/* As many of its letters as `most` columns show; what is cut off ends in a point. Returns the columns. */
size_t column_cut(FILE *to, const char *text, size_t most);

/* The same in so many columns, with blanks behind it; returns `width`. */
size_t column_put(FILE *to, const char *text, size_t width);

#endif
