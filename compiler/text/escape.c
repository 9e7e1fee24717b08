/* Letter by letter: as it is, or in its place what C or the reader can take. */
#include "text/escape.h"

#include <string.h>

#include "text/glyph.h"

/* The length of the character at `text` where it may stand in a C file as it is; 0: a control character, a byte that is
 * no UTF-8, or what nobody would see or read in its order. */
static size_t character_len(const char *text, const char *end)
{
    const struct glyph glyph = glyph_read(text, end);

    return glyph_is_shown(&glyph) ? glyph.len : 0;
}

static void escape_grow(struct obstack *memory, const char *at)
{
    char octal[5];

    switch (*at) {
    case '\n': obstack_grow(memory, "\\n", 2); break;
    case '\t': obstack_grow(memory, "\\t", 2); break;
    case '\r': obstack_grow(memory, "\\r", 2); break;
    default:
        snprintf(octal, sizeof octal, "\\%03o", (unsigned)(unsigned char)*at);
        obstack_grow(memory, octal, 4);
    }
}

const char *escape_string(struct obstack *memory, const char *text)
{
    const char *end = text + strlen(text);
    size_t len;

    obstack_1grow(memory, '"');
    for (const char *at = text; at < end; at += len) {
        len = character_len(at, end);
        if (*at == '"' || *at == '\\' || (*at == '?' && at > text && at[-1] == '?')) /* ??x is a trigraph */
            obstack_1grow(memory, '\\');
        if (len == 0) {
            escape_grow(memory, at);
            len = 1;
        } else {
            obstack_grow(memory, at, len);
        }
    }
    obstack_grow0(memory, "\"", 1);
    return obstack_finish(memory);
}

/* Two letters that end or begin a comment, or may begin a trigraph. */
static bool is_dangerous(char first, char second)
{
    return (first == '*' && second == '/') || (first == '/' && second == '*') || (first == '?' && second == '?');
}

const char *escape_comment(struct obstack *memory, const char *text)
{
    const char *end = text + strlen(text);
    size_t len;

    for (const char *at = text; at < end; at += len) {
        len = character_len(at, end);
        if (at > text && is_dangerous(at[-1], *at))
            obstack_1grow(memory, ' ');
        if (len == 0) {
            obstack_1grow(memory, *at == '\n' || *at == '\t' || *at == '\r' ? ' ' : '?');
            len = 1;
        } else {
            obstack_grow(memory, at, len);
        }
    }
    obstack_1grow(memory, '\0');
    return obstack_finish(memory);
}
