/* The widths are those of Adobe's font metrics for Helvetica and Helvetica-Bold ("Core 14 AFM Files", ASCII), in
 * thousandths of the size. What is not ASCII counts as a full square, which no letter of these fonts exceeds.
 */
#include "picture/letters.h"

#include <string.h>

#include "text/glyph.h"

enum { FIRST = ' ', LAST = '~', SQUARE = 1000 };

static const uint16_t regular[LAST - FIRST + 1] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, /*   ! " # $ % & ' ( ) * + , - . / */
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, /* 0 … 9 : ; < = > ? */
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, /* @ A … O */
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, /* P … Z [ \ ] ^ _ */
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, /* ` a … o */
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,      /* p … z { | } ~ */
};

static const uint16_t heavy[LAST - FIRST + 1] = {
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611,
    975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556,
    333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611,
    611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
};

int32_t text_width(const char *text, int32_t size, bool bold)
{
    const char *const end = text + strlen(text);
    int64_t width = 0;

    while (text < end) {
        const struct glyph glyph = glyph_read(text, end);
        const bool is_ascii = glyph.letter >= FIRST && glyph.letter <= LAST;

        width += !is_ascii ? SQUARE : (bold ? heavy : regular)[glyph.letter - FIRST];
        text += glyph.len;
    }
    return (int32_t)((width * size + 999) / 1000);
}
