/* How wide text is, without a font at hand: advance widths as the fonts have them that a picture asks for. */
#ifndef LETTERS_H
#define LETTERS_H

#include <stdbool.h>
#include <stdint.h>

/* In pixels, rounded up, at `size` pixels. Who draws with a wider font than the picture asks for, since it has none of
 * those, needs the room that boxes leave on both sides. */
int32_t text_width(const char *text, int32_t size, bool bold);

#endif
