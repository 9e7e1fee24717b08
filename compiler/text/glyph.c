/* UTF-8 and what terminals make of it. Not wcwidth(): messages are the same bytes in every locale.
 */
#include "text/glyph.h"

#define TAB 8

struct range {
    uint32_t low, high;
};

/* Marks that combine with the letter before them, and letters without a width. */
static const struct range narrow[] = {
    { 0x300, 0x36F }, { 0x483, 0x489 }, { 0x591, 0x5BD }, { 0x610, 0x61A }, { 0x64B, 0x65F }, { 0x1AB0, 0x1AFF },
    { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
};

/* East Asian letters and pictures. */
static const struct range wide[] = {
    { 0x1100, 0x115F }, { 0x2E80, 0x303E }, { 0x3041, 0xA4CF }, { 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF },
    { 0xFE30, 0xFE6F }, { 0xFF00, 0xFF60 }, { 0xFFE0, 0xFFE6 }, { 0x1F300, 0x1F64F }, { 0x1F900, 0x1F9FF },
    { 0x20000, 0x3FFFD },
};

/* Letters that nobody sees or tells from a blank, or that show text in another order than it is read. */
static const struct range hidden[] = {
    { 0x80, 0xA0 }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x2000, 0x200F }, { 0x2028, 0x202F }, { 0x205F, 0x206F },
    { 0x3000, 0x3000 }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xE0000, 0xE007F },
};

#define IS_IN(table, letter) is_in(table, sizeof(table) / sizeof *(table), letter)

static bool is_in(const struct range *table, size_t n, uint32_t letter)
{
    for (size_t i = 0; i < n; i++)
        if (letter >= table[i].low && letter <= table[i].high)
            return true;
    return false;
}

static size_t length_of(unsigned char first)
{
    return first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

struct glyph glyph_read(const char *text, const char *end)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char first = (unsigned char)*text;
    const struct glyph bad = { text, 1, first, false };
    const size_t len = length_of(first);
    uint32_t letter = len > 1 ? first & (0x7Fu >> len) : first;

    if (len == 0 || len > (size_t)(end - text))
        return bad;
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return bad;
        letter = letter << 6 | (text[i] & 0x3F);
    }
    if (letter < least[len] || letter > 0x10FFFF || (letter >= 0xD800 && letter <= 0xDFFF))
        return bad;
    return (struct glyph){ text, len, letter, true };
}

bool glyph_is_shown(const struct glyph *glyph)
{
    return glyph->is_utf8 && glyph->letter >= ' ' && glyph->letter != 127 && !IS_IN(hidden, glyph->letter);
}

size_t glyph_width(const struct glyph *glyph, size_t column)
{
    if (glyph->letter == '\t')
        return TAB - column % TAB;
    if (!glyph_is_shown(glyph))
        return glyph->len == 1 ? 4 : glyph->letter > 0xFFFF ? 9 : 8; /* <1B>, <U+1F600>, <U+202E> */
    return IS_IN(narrow, glyph->letter) ? 0 : IS_IN(wide, glyph->letter) ? 2 : 1;
}

void glyph_write(FILE *to, const struct glyph *glyph, size_t column)
{
    if (glyph->letter == '\t')
        fprintf(to, "%*s", (int)glyph_width(glyph, column), "");
    else if (glyph_is_shown(glyph))
        fwrite(glyph->text, 1, glyph->len, to);
    else
        fprintf(to, glyph->len == 1 ? "<%02X>" : "<U+%04X>", glyph->letter);
}

size_t glyph_put(FILE *to, const char *text, const char *end)
{
    const struct glyph glyph = glyph_read(text, end);

    glyph_write(to, &glyph, 0);
    return glyph.len;
}

size_t glyph_before(const char *line, size_t at)
{
    size_t start = at - 1;

    while (start > 0 && at - start < 4 && (line[start] & 0xC0) == 0x80)
        start--;
    return glyph_read(line + start, line + at).len == at - start ? start : at - 1;
}

size_t glyph_count(const char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += (text[i] & 0xC0) != 0x80;
    return n;
}
