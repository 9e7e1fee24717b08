/* A number is read as mantissa, decimals and unit, in integers: 1.5s is 15 * 1000000000 / 10, exactly, or an error.
 */
#include "tree/literal.h"

#include <stdlib.h>
#include <string.h>

#include "text/glyph.h"

static const struct unit {
    const char *name;
    uint64_t scale;
} times[] = {
    { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { "m", UINT64_C(60000000000) },
    { "h", UINT64_C(3600000000000) }, { "d", UINT64_C(86400000000000) },
}, sizes[] = {
    { "K", UINT64_C(1) << 10 }, { "M", UINT64_C(1) << 20 }, { "G", UINT64_C(1) << 30 }, { "T", UINT64_C(1) << 40 },
}, thousands[] = {
    { "", 1 }, { "K", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { "T", UINT64_C(1000000000000) },
};

#define UNIT(table, text, end) find_unit(table, sizeof(table) / sizeof *(table), text, end)

static uint64_t find_unit(const struct unit *table, size_t n, const char *text, const char *end)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(table[i].name) == (size_t)(end - text) && !memcmp(table[i].name, text, (size_t)(end - text)))
            return table[i].scale;
    return 0;
}

/* digits/10^decimals, and where its text ended. */
struct mantissa {
    uint64_t digits;
    unsigned decimals;
    bool has_point, is_large;
    const char *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void add_digit(struct mantissa *m, char c)
{
    if (__builtin_mul_overflow(m->digits, 10u, &m->digits) ||
        __builtin_add_overflow(m->digits, (uint64_t)(c - '0'), &m->digits))
        m->is_large = true;
}

static struct mantissa read_mantissa(const char *text, const char *end)
{
    struct mantissa m = { .end = text };

    while (m.end < end && is_digit(*m.end))
        add_digit(&m, *m.end++);
    if (end - m.end < 2 || *m.end != '.' || !is_digit(m.end[1]))
        return m;
    m.has_point = true;
    for (m.end++; m.end < end && is_digit(*m.end); m.decimals++)
        add_digit(&m, *m.end++);
    while (m.decimals > 0 && m.digits % 10 == 0 && !m.is_large) {
        m.digits /= 10;
        m.decimals--;
    }
    return m;
}

enum fault { FAULT_NONE, FAULT_MALFORMED, FAULT_LARGE, FAULT_FRACTION };

uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        const uint64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static bool power_of_ten(unsigned n, uint64_t *power)
{
    *power = 1;
    while (n-- > 0)
        if (__builtin_mul_overflow(*power, 10u, power))
            return false;
    return true;
}

/* mantissa * scale with its sign, which must be a whole number. */
static enum fault scaled(const struct mantissa *m, uint64_t scale, bool negative, int64_t *whole)
{
    const uint64_t most = (uint64_t)INT64_MAX + negative;
    uint64_t parts, product, common;

    if (m->is_large)
        return FAULT_LARGE;
    if (!power_of_ten(m->decimals, &parts))
        return FAULT_FRACTION;
    common = common_divisor(scale, parts);
    scale /= common;
    parts /= common;
    if (m->digits % parts != 0)
        return FAULT_FRACTION;
    if (__builtin_mul_overflow(m->digits / parts, scale, &product) || product > most)
        return FAULT_LARGE;
    *whole = (int64_t)(negative ? 0 - product : product);
    return FAULT_NONE;
}

/* `text` is what follows the slash: [N]UNIT. */
static enum fault read_rate(const struct mantissa *m, uint64_t scale, const char *text, const char *end,
                            struct value *value)
{
    struct mantissa time = read_mantissa(text, end);
    const uint64_t unit = UNIT(times, time.end, end);
    uint64_t parts = 1;
    int64_t per;
    enum fault fault;

    if (time.end == text)
        time.digits = 1;
    if (!unit || (time.digits == 0 && !time.is_large))
        return FAULT_MALFORMED;
    value->kind = VALUE_RATE;
    value->i = 1;
    value->per_ns = 1;
    fault = scaled(&time, unit, false, &per);
    if (fault)
        return fault;
    if (m->is_large || m->digits > INT64_MAX || __builtin_mul_overflow(m->digits, scale, &value->i) ||
        !power_of_ten(m->decimals, &parts) || __builtin_mul_overflow((uint64_t)per, parts, &value->per_ns)) {
        value->per_ns = 1;
        return FAULT_LARGE;
    }
    value->d = (double)value->i * 1e9 / (double)value->per_ns;
    return FAULT_NONE;
}

static enum fault read_double(const char *text, struct value *value)
{
    value->kind = VALUE_DOUBLE;
    value->d = strtod(text, NULL);
    return value->d - value->d == 0 ? FAULT_NONE : FAULT_LARGE;
}

static enum fault read_number(const char *text, const char *end, struct value *value)
{
    const bool negative = *text == '-';
    const struct mantissa m = read_mantissa(text + negative, end);
    const char *slash = memchr(m.end, '/', (size_t)(end - m.end));
    uint64_t scale;

    if (slash)
        return negative || !(scale = UNIT(thousands, m.end, slash)) ? FAULT_MALFORMED
                                                                    : read_rate(&m, scale, slash + 1, end, value);
    if (m.end == end && m.has_point)
        return read_double(text, value);
    if (m.end == end) {
        value->kind = VALUE_INT;
        return scaled(&m, 1, negative, &value->i);
    }
    scale = UNIT(times, m.end, end);
    value->kind = scale ? VALUE_DURATION : VALUE_SIZE;
    if (!scale && !(scale = UNIT(sizes, m.end, end)))
        return FAULT_MALFORMED;
    return scaled(&m, scale, negative, &value->i);
}

/* What to write of a long token in a message. */
static int shown(struct span at)
{
    return at.end - at.start < 40 ? (int)(at.end - at.start) : 40;
}

struct value literal_number(struct ast *ast, struct span at)
{
    const char *text = source_text(ast->source, at.start);
    struct value value = { .span = at };
    const enum fault fault = read_number(text, source_text(ast->source, at.end), &value);

    if (fault != FAULT_NONE) {
        value.i = 1;
        value.d = 1;
    }
    switch (fault) {
    case FAULT_NONE:
        break;
    case FAULT_MALFORMED:
        value.kind = VALUE_NONE;
        diag_report(ast->diags, "E0010", at, "'%.*s' is not a number", shown(at), text);
        diag_hint(ast->diags, "numbers are 12, 0.5, 250ms (ns us ms s m h d), 64K (K M G T), 5/s, 1/200ms");
        break;
    case FAULT_LARGE:
        diag_report(ast->diags, "E0601", at, "'%.*s' is too large", shown(at), text);
        break;
    case FAULT_FRACTION:
        diag_report(ast->diags, "E0010", at, "'%.*s' is not a whole number of %s", shown(at), text,
                    value.kind == VALUE_SIZE ? "bytes" : "nanoseconds");
        break;
    }
    return value;
}

struct value literal_in_c(const char *text, const char *end)
{
    struct value value = { 0 };

    if (read_number(text, end, &value) != FAULT_NONE)
        value.kind = VALUE_NONE;
    return value;
}

/* ---- strings ---- */

static int hex_digit(char c)
{
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads what follows a backslash into `letter`; returns its length, 0 where it is no escape. A NUL is none: it would
 * end the string. */
static size_t read_escape(const char *text, const char *end, char *letter)
{
    static const char names[] = "ntr\"\\'abfv?", letters[] = "\n\t\r\"\\'\a\b\f\v?";
    const char *found = memchr(names, *text, sizeof names - 1);
    size_t len = 0;
    int code = 0;

    if (found) {
        *letter = letters[found - names];
        return 1;
    }
    if (*text == 'x') {
        for (len = 1; len < 3 && text + len < end && hex_digit(text[len]) >= 0; len++)
            code = code * 16 + hex_digit(text[len]);
    } else {
        for (; len < 3 && text + len < end && text[len] >= '0' && text[len] <= '7'; len++)
            code = code * 8 + (text[len] - '0');
    }
    *letter = (char)code;
    return code > 0 && code < 256 ? len : 0;
}

/* Copies one letter or escape and returns its length; 0 after a report. */
static size_t copy_letter(struct ast *ast, const char *text, const char *end)
{
    const uint32_t start = source_offset(ast->source, text);
    const struct span at = { start, start + 1 };
    const struct glyph glyph = glyph_read(text, end);
    size_t len = glyph.len;
    char letter;

    if (!glyph.is_utf8) {
        diag_report(ast->diags, "E0003", at, "byte 0x%02X is not UTF-8", (unsigned)glyph.letter);
        diag_hint(ast->diags, "save the file as UTF-8, or write \\x%02X", (unsigned)glyph.letter);
        return 0;
    }
    if (glyph.letter < ' ' && glyph.letter != '\t') {
        diag_report(ast->diags, "E0004", at, "control character 0x%02X in a string", (unsigned)glyph.letter);
        diag_hint(ast->diags, "write \\x%02X", (unsigned)glyph.letter);
        return 0;
    }
    if (*text != '\\') {
        obstack_grow(ast->memory, text, (int)len);
        return len;
    }
    len = read_escape(text + 1, end, &letter);
    if (len == 0) {
        diag_report(ast->diags, "E0011", (struct span){ at.start, at.start + 2 }, "'\\%c' is not an escape", text[1]);
        diag_hint(ast->diags, "escapes are \\n \\t \\r \\\" \\\\ \\x1F and \\033; a NUL cannot stand in a string");
        return 0;
    }
    obstack_1grow(ast->memory, letter);
    return len + 1;
}

struct value literal_string(struct ast *ast, struct span at)
{
    const char *text = source_text(ast->source, at.start) + 1, *end = source_text(ast->source, at.end) - 1;
    size_t len = 1;

    while (text < end && len > 0)
        text += len = copy_letter(ast, text, end);
    obstack_1grow(ast->memory, '\0');
    return (struct value){ .kind = VALUE_STRING, .span = at, .s = obstack_finish(ast->memory) };
}

/* ---- names ---- */

struct name literal_name(struct ast *ast, struct span at)
{
    const char *text = source_text(ast->source, at.start);
    const size_t len = at.end - at.start;
    size_t ascii = 0;

    while (ascii < len && !(text[ascii] & 0x80))
        ascii++;
    if (ascii < len) {
        const struct glyph glyph = glyph_read(text + ascii, text + len);

        if (glyph.is_utf8)
            diag_report(ast->diags, "E0004", at, "'%.*s' cannot be a name: U+%04X is not an ASCII letter", shown(at),
                        text, (unsigned)glyph.letter);
        else
            diag_report(ast->diags, "E0003", at, "byte 0x%02X is not UTF-8", (unsigned)glyph.letter);
        diag_hint(ast->diags, "names are made of a to z, A to Z, 0 to 9 and _");
    } else if (len > NAME_MAX_LETTERS) {
        diag_report(ast->diags, "E0602", at, "this name has %zu letters; %d is the most", len, NAME_MAX_LETTERS);
    }
    if (ascii < len)
        return (struct name){ 0 };
    return (struct name){ .text = ast_copy(ast, text, len < NAME_MAX_LETTERS ? len : NAME_MAX_LETTERS), .span = at };
}

/* The text goes into the emitted C as it is, so only letters that cannot end the line or the name pass. */
struct name literal_header(struct ast *ast, struct span at, bool import)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
    const char *text = source_text(ast->source, at.start);
    const size_t len = at.end - at.start;
    const bool is_closed = len > 1 && text[len - 1] == (*text == '<' ? '>' : '"');
    bool is_good = is_closed && len > 2;

    for (size_t i = 1; i + 1 < len; i++)
        is_good = is_good && text[i] && strchr(letters, text[i]);
    if (is_good)
        return (struct name){ .text = ast_copy(ast, text, len), .span = at };
    diag_report(ast->diags, "E0015", at, !is_closed ? "this %s's name is not closed"
                                         : import   ? "a %s with this name cannot be imported"
                                                    : "a %s with this name cannot be included", import ? "file" : "header");
    diag_hint(ast->diags, "write %s; the name is made of letters, digits and / . _ + -",
              import ? "<lines.pipe> or \"my.pipe\"" : "<stdio.h> or \"my.h\"");
    return (struct name){ 0 };
}
