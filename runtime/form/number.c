/* Few digits and a small exponent are one exact multiplication or division (Clinger, 1990); strtod does the others, without a
 * point, which is the locale's: of more digits than anything depends on, all that follow are one.
 */
#include "form/number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPONENT_MAX 1000000 /* beyond this all is 0 or too large, whatever the digits */

/* ---- digits ------------------------------------------------------------------------------------------------------ */

static bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

/* `behind`: how many digits have been read since the last one that is in `digits`. */
static void add_digit(struct number *number, unsigned digit, int *behind)
{
    uint64_t digits = number->digits;

    if (digits == 0 && digit == 0)
        return;
    if (*behind < EXPONENT_MAX)
        ++*behind;
    if (digit == 0 || number->cut)
        return;
    for (int i = 0; i < *behind && !number->cut; i++) {
        number->cut = digits > UINT64_MAX / 10;
        digits *= 10;
    }
    number->cut |= digits > UINT64_MAX - digit;
    if (number->cut)
        return;
    number->digits = digits + digit;
    *behind = 0;
}

static const char *scan_exponent(const char *at, const char *end, int *exponent)
{
    const bool negative = at < end && *at == '-';
    int value = 0;

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (!is_digit(at, end))
        return NULL;
    for (; is_digit(at, end); at++)
        if (value < EXPONENT_MAX)
            value = value * 10 + (*at - '0');
    *exponent = negative ? -value : value;
    return at;
}

bool prt_number_scan_plain_(struct number *number, const char *text, const char *end)
{
    const char *at = text;
    int behind = 0, decimals = 0, exponent = 0;

    *number = (struct number){ .from = text, .end = text };
    if (!is_digit(at, end))
        return false;
    if (*at == '0')
        at++;
    else
        for (; is_digit(at, end); at++)
            add_digit(number, (unsigned)(*at - '0'), &behind);
    if (at < end && *at == '.') {
        number->end = ++at;
        if (!is_digit(at, end))
            return false;
        for (; is_digit(at, end); at++) {
            add_digit(number, (unsigned)(*at - '0'), &behind);
            decimals += decimals < EXPONENT_MAX;
        }
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        const char *const behind_it = scan_exponent(at + 1, end, &exponent);

        number->end = at + 1;
        if (!behind_it)
            return false;
        at = behind_it;
    }
    number->end = at;
    number->exponent = exponent + behind - decimals;
    return true;
}

bool prt_number_scan_(struct number *number, const char *text, const char *end)
{
    const bool negative = text < end && *text == '-';
    const bool right = prt_number_scan_plain_(number, text + negative, end);

    number->negative = negative;
    return right;
}

/* ---- whole numbers ----------------------------------------------------------------------------------------------- */

/* Without its sign. */
static enum number_fit magnitude(const struct number *number, uint64_t *value)
{
    uint64_t digits = number->digits;

    if (digits != 0 && number->exponent < 0) /* the last digit is not 0 */
        return NUMBER_BROKEN;
    if (number->cut)
        return NUMBER_LARGE;
    for (int i = 0; digits != 0 && i < number->exponent; i++) {
        if (digits > UINT64_MAX / 10)
            return NUMBER_LARGE;
        digits *= 10;
    }
    *value = digits;
    return NUMBER_FITS;
}

enum number_fit prt_number_unsigned_(const struct number *number, uint64_t most, uint64_t *value)
{
    const enum number_fit fit = magnitude(number, value);

    if (fit != NUMBER_FITS)
        return fit;
    return *value > most || (number->negative && *value > 0) ? NUMBER_LARGE : NUMBER_FITS;
}

enum number_fit prt_number_signed_(const struct number *number, int64_t least, int64_t most, int64_t *value)
{
    uint64_t size;
    const enum number_fit fit = magnitude(number, &size);

    if (fit != NUMBER_FITS)
        return fit;
    if (size > (number->negative ? -(uint64_t)least : (uint64_t)most))
        return NUMBER_LARGE;
    *value = (int64_t)(number->negative ? -size : size);
    return NUMBER_FITS;
}

/* ---- fractions --------------------------------------------------------------------------------------------------- */

/* A number that lies half between two doubles has at most 767 digits, so what is behind 768 only says on which side. */
#define TOLD_MAX 768

static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

/* Its text without sign, point and leading zeros, for strtod. */
static void write_plain(const struct number *number, char *to)
{
    char *const first = to;
    int behind = 0, decimals = 0;
    long exponent = 0;
    bool point = false, more = false;
    const char *at = number->from;

    for (; at < number->end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        decimals += point && decimals < EXPONENT_MAX;
        if (to == first && *at == '0')
            continue;
        if (to - first < TOLD_MAX) {
            *to++ = *at;
        } else {
            behind += behind < EXPONENT_MAX;
            more |= *at != '0';
        }
    }
    if (more) {
        *to++ = '1';
        behind--;
    }
    if (at < number->end) {
        int written = 0;

        scan_exponent(at + 1, number->end, &written);
        exponent = written;
    }
    if (to == first)
        *to++ = '0';
    sprintf(to, "e%ld", exponent + behind - decimals);
}

static enum number_fit fits(double value)
{
    return isinf(value) ? NUMBER_LARGE : NUMBER_FITS;
}

enum number_fit prt_number_double_(const struct number *number, double *value)
{
    char text[TOLD_MAX + 40];
    const int saved = errno;

    if (!number->cut && number->digits <= UINT64_C(1) << 53 && number->exponent >= -22 && number->exponent <= 22) {
        *value = number->exponent < 0 ? (double)number->digits / powers[-number->exponent]
                                      : (double)number->digits * powers[number->exponent];
    } else {
        write_plain(number, text);
        *value = strtod(text, NULL);
        errno = saved;
    }
    if (number->negative)
        *value = -*value;
    return fits(*value);
}

enum number_fit prt_number_float_(const struct number *number, float *value)
{
    char text[TOLD_MAX + 40];
    const int saved = errno;

    if (!number->cut && number->digits <= 1u << 24 && number->exponent >= -10 && number->exponent <= 10) {
        *value = number->exponent < 0 ? (float)number->digits / (float)powers[-number->exponent]
                                      : (float)number->digits * (float)powers[number->exponent];
    } else {
        write_plain(number, text);
        *value = strtof(text, NULL);
        errno = saved;
    }
    if (number->negative)
        *value = -*value;
    return fits((double)*value);
}
