/* The characters of a line as a terminal shows them: how wide each is, and what stands in for one that must not be
 * printed as it is (bytes that are not UTF-8, controls, marks that turn the direction of text).
 */
#ifndef GLYPH_H
#define GLYPH_H

#include <stdio.h>

#include "text/source.h"

struct glyph {
    const char *text; /* its bytes */
    size_t len;       /* how many, at least 1 */
    uint32_t letter;  /* the code point; for a byte that is not UTF-8 that byte */
    bool is_utf8;
};

/* Requires: text < end. */
struct glyph glyph_read(const char *text, const char *end);

/* Whether it is printed as it is: no control, tabs included, and nothing that nobody sees. */
bool glyph_is_shown(const struct glyph *glyph);

/* Columns that it takes when it begins at `column`; a tab goes to the next multiple of 8. */
size_t glyph_width(const struct glyph *glyph, size_t column);
void glyph_write(FILE *to, const struct glyph *glyph, size_t column);

/* Reads and writes one glyph of a message, and returns its length. */
size_t glyph_put(FILE *to, const char *text, const char *end);

/* Where the glyph before line[at] begins. Requires: at > 0. */
size_t glyph_before(const char *line, size_t at);

/* How many characters stand in the first `len` bytes. */
size_t glyph_count(const char *text, size_t len);

#endif
