/* UTF-8, as RFC 3629 has it: no surrogates, nothing longer than it must be, nothing above U+10FFFF.
 */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <stddef.h>

/* Bytes of the character at `text`, of which `len` bytes are there; 0: it is none. NUL is one. */
static inline size_t utf8_length(const unsigned char *text, size_t len)
{
    static const struct { unsigned char first, last, low, high, length; } rows[] = {
        { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
        { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
        { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };

    if (len == 0)
        return 0;
    if (text[0] < 0x80)
        return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (text[0] < rows[i].first || text[0] > rows[i].last)
            continue;
        if (rows[i].length > len || text[1] < rows[i].low || text[1] > rows[i].high)
            return 0;
        for (size_t k = 2; k < rows[i].length; k++)
            if (text[k] < 0x80 || text[k] > 0xbf)
                return 0;
        return rows[i].length;
    }
    return 0;
}

#endif
