/* Strings of the .pipe file made safe for where they stand in C, and small pieces of C. They live in the emitter's
 * memory.
 *
 * A doc string or a path is anything that an author wrote: quotes, the end of a comment, trigraphs, bytes that are no
 * UTF-8, marks that reverse the direction of text. None of it may change what the emitted C means or looks like.
 */
#include "emit_parts.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *text_format(struct emit *emit, const char *format, ...)
{
    va_list arguments;
    char *text;
    char *kept;
    int len;

    va_start(arguments, format);
    len = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (len < 0) {
        obstack_alloc_failed_handler();
        return "";
    }
    kept = obstack_copy0(&emit->memory, text, (size_t)len);
    free(text);
    return kept;
}

/* How long the UTF-8 sequence is that `first`, no ASCII, begins; 0 where none begins with it. */
static size_t utf8_len(unsigned char first)
{
    return first >= 0xf8 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
}

/* The code point of the UTF-8 sequence at `text`, and its length in `*len`; 0 where there is none. */
static uint32_t utf8_decode(const unsigned char *text, size_t *len)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint32_t code;

    *len = utf8_len(text[0]);
    if (*len == 0)
        return 0;
    code = text[0] & (0x7fu >> *len);
    for (size_t i = 1; i < *len; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3f);
    }
    return code < least[*len] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : code;
}

static bool turns_text(uint32_t code)
{
    return code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* The length of the character at `text` where it may stand in a C file as it is; 0: a control character, a byte that is
 * no UTF-8, or a mark of direction, with which text can look other than it is. */
static size_t character_len(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    uint32_t code;
    size_t len;

    if (*at < 0x80)
        return *at >= ' ' && *at != 0x7f;
    code = utf8_decode(at, &len);
    return code < 0xa0 || turns_text(code) ? 0 : len;
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

const char *text_string(struct emit *emit, const char *text)
{
    struct obstack *memory = &emit->memory;
    size_t len;

    obstack_1grow(memory, '"');
    for (const char *at = text; *at; at += len) {
        len = character_len(at);
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

const char *text_comment(struct emit *emit, const char *text)
{
    struct obstack *memory = &emit->memory;
    size_t len;

    for (const char *at = text; *at; at += len) {
        len = character_len(at);
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

const char *text_declare(struct emit *emit, const char *type, const char *name)
{
    const size_t len = strlen(type);

    return text_format(emit, "%s%s%s", type, len > 0 && type[len - 1] == '*' ? "" : " ", name);
}

const char *text_declare_const(struct emit *emit, const char *type, const char *name)
{
    const size_t len = strlen(type);

    if (len > 0 && type[len - 1] == '*')
        return text_format(emit, "%sconst %s", type, name);
    return text_format(emit, "const %s %s", type, name);
}

/* The shortest form that reads back as the same value, and looks like a double. */
const char *text_double(struct emit *emit, double value)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text_format(emit, "%s%s", text, strpbrk(text, ".en") ? "" : ".0");
}

const char *text_int(struct emit *emit, int64_t value)
{
    return value == INT64_MIN ? "INT64_MIN" : text_format(emit, "%" PRId64, value);
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        const uint64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* Rounded once, by the C compiler: 1/3s is 1.0 / 3. */
const char *text_rate(struct emit *emit, const struct value *rate)
{
    const uint64_t second = 1000000000;
    const uint64_t shared = common_divisor(second, rate->per_ns);
    const uint64_t permits = (uint64_t)rate->i;
    const uint64_t reduced = common_divisor(permits, rate->per_ns / shared);
    const uint64_t divisor = rate->per_ns / shared / reduced;
    const double dividend = (double)(permits / reduced) * (double)(second / shared);

    if (divisor == 1)
        return text_double(emit, dividend);
    return text_format(emit, "%s / %" PRIu64, text_double(emit, dividend), divisor);
}

const char *text_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}
