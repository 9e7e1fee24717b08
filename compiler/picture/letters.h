/* How wide text is, without a font at hand: advance widths as the fonts have them that a picture asks for. */
#ifndef LETTERS_H
#define LETTERS_H

#include <stdbool.h>
#include <stdint.h>

/* In pixels, rounded up, at `size` pixels. No font is narrower than the widths of Helvetica, which Arial and Liberation
 * Sans share, by more than a letter; a box leaves room for those that are wider. */
int32_t text_width(const char *text, int32_t size, bool bold);

#endif
