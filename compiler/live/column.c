/* Letters that take two columns, or none, count as what they take.
 */
#include "live/column.h"

#include <string.h>

#include "text/glyph.h"

static size_t width_of(const struct glyph *glyph)
{
    return glyph->letter < ' ' ? 0 : glyph_width(glyph, 0);
}

size_t column_width(const char *text)
{
    const char *const end = text + strlen(text);
    size_t width = 0;

    while (text < end) {
        const struct glyph glyph = glyph_read(text, end);

        width += width_of(&glyph);
        text += glyph.len;
    }
    return width;
}

size_t column_cut(FILE *to, const char *text, size_t most)
{
    const char *const end = text + strlen(text);
    const bool cut = column_width(text) > most;
    size_t width = 0;

    while (text < end) {
        const struct glyph glyph = glyph_read(text, end);
        const size_t wide = width_of(&glyph);

        if (width + wide + (cut && wide > 0) > most)
            break;
        fwrite(text, 1, glyph.len, to);
        width += wide;
        text += glyph.len;
    }
    if (cut && most > 0)
        width += (size_t)fprintf(to, ".");
    return width;
}

size_t column_put(FILE *to, const char *text, size_t width)
{
    fprintf(to, "%*s", (int)(width - column_cut(to, text, width)), "");
    return width;
}
