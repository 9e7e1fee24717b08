/* Numbers are written without printf's point, which is the locale's. A double of few digits, which most are, is found by
 * trying how many decimals it has: 10 to the 22nd and integers below 2 to the 53rd are exact, so that their quotient is
 * the nearest double to what its decimals say (Clinger, "How to read floating point numbers accurately", 1990).
 */
#include "text/text.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/utf8.h"

bool prt_text_grow_(struct text *text, size_t len)
{
    const size_t wanted = text->len + len, room = wanted < 2 * text->room ? 2 * text->room : wanted + 64;
    char *at;

    if (text->failed)
        return false;
    at = realloc(text->at, room);
    if (at) {
        text->at = at;
        text->room = room;
    } else {
        text->failed = true;
        text->room = text->len;
    }
    return at;
}

/* ---- strings ----------------------------------------------------------------------------------------------------- */

/* What stands for the byte behind a backslash; 0: the byte is written as it is, or otherwise. */
static char escaped(unsigned char c)
{
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return '\0';
    }
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* How many of the bytes are plain, eight at a time: a byte below 0x20, of 0x7f and more, a quote or a backslash sets its
 * highest bit. (Bits above the first one may be wrong, so the last bytes are looked at one by one.) */
static size_t plain_length(const unsigned char *from, size_t len)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    size_t i = 0;

    for (; len - i >= 8; i += 8) {
        uint64_t word, quote, slash;

        memcpy(&word, from + i, sizeof word);
        quote = word ^ (ones * '"');
        slash = word ^ (ones * '\\');
        if ((word | (word + ones) | (word - ones * 0x20) | (quote - ones) | (slash - ones)) & high)
            break;
    }
    while (i < len && is_plain(from[i]))
        i++;
    return i;
}

/* Returns how many bytes are written by it. */
static size_t put_special(struct text *text, const unsigned char *at, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const size_t length = utf8_length(at, len);
    const char letter = escaped(*at);

    if (letter)
        text_put(text, (const char[]){ '\\', letter }, 2);
    else if (*at < 0x20 || *at == 0x7f)
        text_put(text, (const char[]){ '\\', 'u', '0', '0', digits[*at >> 4], digits[*at & 15] }, 6);
    else if (length > 0)
        text_put(text, at, length);
    else
        text_put(text, "\\ufffd", 6);
    return length > 0 ? length : 1;
}

void prt_text_put_string_(struct text *text, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    const unsigned char *const end = at + len;

    text_put_char(text, '"');
    while (at < end) {
        const size_t plain = plain_length(at, (size_t)(end - at));

        text_put(text, at, plain);
        at += plain;
        if (at < end)
            at += put_special(text, at, (size_t)(end - at));
    }
    text_put_char(text, '"');
}

/* ---- whole numbers ----------------------------------------------------------------------------------------------- */

#define DIGITS_MAX 20 /* of a number of 64 bits */

/* Writes the digits so that they end at `end`, and returns where they begin. */
static char *digits_before(char *end, uint64_t value)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return end;
}

void prt_text_put_unsigned_(struct text *text, uint64_t value)
{
    char digits[DIGITS_MAX];
    const char *const first = digits_before(digits + sizeof digits, value);

    text_put(text, first, (size_t)(digits + sizeof digits - first));
}

void prt_text_put_signed_(struct text *text, int64_t value)
{
    if (value < 0)
        text_put_char(text, '-');
    prt_text_put_unsigned_(text, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

/* ---- fractions --------------------------------------------------------------------------------------------------- */

#define EXACT_MAX 9007199254740992.0 /* 2 to the 53rd */
#define DECIMALS_MAX 15

static const double powers[DECIMALS_MAX + 1] = { 1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };

/* Whether the number is so many decimals: of a float, as it is read as one. */
static bool is_decimal(double value, double scaled, int decimals, bool single)
{
    const double near = scaled / powers[decimals];

    return single ? scaled < 16777216.0 && decimals <= 10 && (float)scaled / (float)powers[decimals] == (float)value
                  : near == value;
}

/* `whole` without its last digits, a point, and these. */
static void put_decimals(struct text *text, uint64_t whole, int decimals)
{
    char digits[DIGITS_MAX + DECIMALS_MAX + 2], *const end = digits + sizeof digits;
    char *first = digits_before(end, whole);

    while (end - first <= decimals)
        *--first = '0';
    text_put(text, first, (size_t)(end - first) - (size_t)decimals);
    if (decimals == 0)
        return;
    text_put_char(text, '.');
    text_put(text, end - decimals, (size_t)decimals);
}

/* Of a number from 1e-5 up to 1e15 that has few digits. */
static bool put_short(struct text *text, double value, bool single)
{
    if (value == 0) {
        text_put_char(text, '0');
        return true;
    }
    if (value < 1e-5 || value >= 1e15)
        return false;
    for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
        const double product = value * powers[decimals];
        double scaled;

        if (product >= EXACT_MAX)
            return false;
        scaled = (double)(uint64_t)(product + 0.5);
        if (is_decimal(value, scaled, decimals, single)) {
            put_decimals(text, (uint64_t)scaled, decimals);
            return true;
        }
    }
    return false;
}

/* Its digits without a point, and the exponent of the last of them. */
struct decimal {
    char digits[32];
    int len, exponent;
};

static struct decimal decimal_of(double value, int digits)
{
    struct decimal decimal = { .len = 0 };
    char printed[48];
    const char *at = printed;

    snprintf(printed, sizeof printed, "%.*e", digits - 1, value);
    for (; *at != 'e'; at++)
        if (*at >= '0' && *at <= '9')
            decimal.digits[decimal.len++] = *at;
    decimal.exponent = (int)strtol(at + 1, NULL, 10) - (decimal.len - 1);
    while (decimal.len > 1 && decimal.digits[decimal.len - 1] == '0') {
        decimal.len--;
        decimal.exponent++;
    }
    return decimal;
}

static bool reads_back(const struct decimal *decimal, double value, bool single)
{
    char text[64];

    snprintf(text, sizeof text, "%.*se%d", decimal->len, decimal->digits, decimal->exponent);
    return single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value;
}

static void put_exponent(struct text *text, const struct decimal *decimal)
{
    text_put_char(text, decimal->digits[0]);
    if (decimal->len > 1)
        text_put_char(text, '.');
    text_put(text, decimal->digits + 1, (size_t)decimal->len - 1);
    text_put_char(text, 'e');
    prt_text_put_signed_(text, decimal->exponent + decimal->len - 1);
}

#define EXPONENT_PLAIN 21 /* as far behind the point a digit stands without an exponent */

/* None of its digits stands behind zeros, but some in front of the point may be missing. */
static void put_point(struct text *text, const struct decimal *decimal)
{
    const int whole = decimal->len + decimal->exponent; /* digits in front of the point */

    if (whole > 0)
        text_put(text, decimal->digits, (size_t)whole);
    else
        text_put_char(text, '0');
    if (decimal->exponent == 0)
        return;
    text_put_char(text, '.');
    for (int i = whole; i < 0; i++)
        text_put_char(text, '0');
    text_put(text, decimal->digits + (whole > 0 ? whole : 0), (size_t)(whole > 0 ? -decimal->exponent : decimal->len));
}

/* Digits that tell every number from the others: FLT_DECIMAL_DIG and DBL_DECIMAL_DIG, which C99 does not have. */
#define SINGLE_DIGITS 9
#define DOUBLE_DIGITS 17

static void put_long(struct text *text, double value, bool single)
{
    const bool tiny = value < (single ? (double)FLT_MIN : DBL_MIN); /* which has fewer digits than others */
    const int sure = single ? FLT_DIG : DBL_DIG, most = single ? SINGLE_DIGITS : DOUBLE_DIGITS, saved = errno;
    struct decimal decimal = { .len = 0 };

    for (int digits = tiny ? 1 : sure; digits <= most; digits++) {
        decimal = decimal_of(value, digits);
        if (reads_back(&decimal, value, single))
            break;
    }
    errno = saved;
    if (decimal.exponent > 0 || decimal.exponent < -EXPONENT_PLAIN)
        put_exponent(text, &decimal);
    else
        put_point(text, &decimal);
}

static void put_fraction(struct text *text, double value, bool single)
{
    if (!isfinite(value)) {
        text_put(text, "null", 4);
        return;
    }
    if (signbit(value))
        text_put_char(text, '-');
    value = fabs(value);
    if (!put_short(text, value, single))
        put_long(text, value, single);
}

void prt_text_put_double_(struct text *text, double value)
{
    put_fraction(text, value, false);
}

void prt_text_put_float_(struct text *text, float value)
{
    put_fraction(text, (double)value, true);
}
