/* Values as people write them. A number is scanned once, as digits with an optional fraction, and what follows it names
 * the unit; each kind of value is then a product of the two. long double holds every 64-bit integer exactly on the
 * machines that matter, so a duration of 292 years still has its nanoseconds. */
#include "program/value.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct value_unit {
    const char *name;
    uint64_t factor;
};

/* Largest first: the one that divides a value is the one to print it with. */
static const struct value_unit value_durations[] = {
    { "d", 86400000000000 }, { "h", 3600000000000 }, { "m", 60000000000 }, { "s", 1000000000 },
    { "ms", 1000000 },       { "us", 1000 },         { "ns", 1 },          { NULL, 0 },
};

static const struct value_unit value_sizes[] = {
    { "T", (uint64_t)1 << 40 }, { "G", 1 << 30 }, { "M", 1 << 20 }, { "K", 1 << 10 }, { "", 1 }, { NULL, 0 },
};

static const struct value_unit value_thousands[] = {
    { "T", 1000000000000 }, { "G", 1000000000 }, { "M", 1000000 }, { "K", 1000 }, { "", 1 }, { NULL, 0 },
};

static bool value_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits, and a point with digits. Returns what follows, or NULL where no number stands. */
static const char *value_scan_number(const char *text, long double *number)
{
    long double scale = 1;

    if (!value_is_digit(*text))
        return NULL;
    for (*number = 0; value_is_digit(*text); text++)
        *number = *number * 10 + (*text - '0');
    if (text[0] != '.' || !value_is_digit(text[1]))
        return text;
    for (text++; value_is_digit(*text); text++) {
        *number = *number * 10 + (*text - '0');
        scale *= 10;
    }
    *number /= scale;
    return text;
}

/* The unit whose name is the `len` characters at `text`. */
static const struct value_unit *value_find_unit(const struct value_unit *units, const char *text, size_t len)
{
    for (; units->name; units++)
        if (strlen(units->name) == len && memcmp(units->name, text, len) == 0)
            return units;
    return NULL;
}

static const char *value_read_integer(const char *text, int64_t low, int64_t high, int64_t *value)
{
    const char *digits = text + (*text == '-' || *text == '+');
    const bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    char *end;

    if (!value_is_digit(*digits))
        return "a whole number is wanted";
    errno = 0;
    *value = strtoll(text, &end, hex ? 16 : 10);
    if (*end)
        return "a whole number is wanted";
    if (errno == ERANGE || *value < low || *value > high)
        return "the number does not fit";
    return NULL;
}

static const char *value_read_double(const char *text, double *value)
{
    char *end;

    if (!*text || strspn(text, "0123456789+-.eE") != strlen(text))
        return "a number is wanted";
    errno = 0;
    *value = strtod(text, &end);
    if (end == text || *end)
        return "a number is wanted";
    if (errno == ERANGE && (*value > 1 || *value < -1))
        return "the number is too large";
    return NULL;
}

static const char *value_read_bool(const char *text, bool *value)
{
    *value = strcmp(text, "true") == 0;
    return *value || strcmp(text, "false") == 0 ? NULL : "true or false is wanted";
}

static const char *value_read_duration(const char *text, int64_t *ns)
{
    const struct value_unit *unit;
    long double number;
    const char *rest = value_scan_number(text, &number);

    if (!rest)
        return "a duration is wanted, such as 250ms";
    if (!*rest)
        return "a duration needs a unit (ns us ms s m h d), such as 250ms";
    unit = value_find_unit(value_durations, rest, strlen(rest));
    if (!unit)
        return "a duration is wanted, such as 250ms; its units are ns us ms s m h d";
    number = number * unit->factor + 0.5L;
    if (number >= (long double)INT64_MAX)
        return "the duration is too long";
    *ns = (int64_t)number;
    return NULL;
}

static const char *value_read_size(const char *text, uint64_t *bytes)
{
    const struct value_unit *unit;
    long double number;
    const char *rest = value_scan_number(text, &number);

    if (!rest)
        return "a size in bytes is wanted, such as 64K";
    unit = value_find_unit(value_sizes, rest, strlen(rest));
    if (!unit)
        return "a size in bytes is wanted, such as 64K; its units are K M G T";
    number *= unit->factor;
    if (number >= (long double)SIZE_MAX)
        return "the size is too large";
    *bytes = (uint64_t)number;
    return (long double)*bytes == number ? NULL : "the size is not a whole number of bytes";
}

/* N[KMGT]/[N]UNIT */
static const char *value_read_rate(const char *text, double *per_second)
{
    static const char wanted[] = "a rate is wanted, such as 5/s, 10K/s or 1/200ms";
    const struct value_unit *factor, *unit;
    long double count, time = 1;
    const char *rest = value_scan_number(text, &count);
    const char *slash = rest ? strchr(rest, '/') : NULL;

    if (!slash)
        return wanted;
    factor = value_find_unit(value_thousands, rest, (size_t)(slash - rest));
    rest = slash + 1;
    if (value_is_digit(*rest))
        rest = value_scan_number(rest, &time);
    unit = value_find_unit(value_durations, rest, strlen(rest));
    if (!factor || !unit)
        return wanted;
    if (count <= 0 || time <= 0)
        return "a rate is above 0";
    *per_second = (double)(count * factor->factor * 1000000000 / (time * unit->factor));
    return NULL;
}

const char *prt_value_read(enum prt_param_type type, const char *text, union prt_value *value)
{
    switch (type) {
    case PRT_INT:
        return value_read_integer(text, INT_MIN, INT_MAX, &value->i);
    case PRT_LONG:
        return value_read_integer(text, LONG_MIN, LONG_MAX, &value->i);
    case PRT_DOUBLE:
        return value_read_double(text, &value->d);
    case PRT_BOOL:
        return value_read_bool(text, &value->b);
    case PRT_DURATION:
        return value_read_duration(text, &value->i);
    case PRT_SIZE:
        return value_read_size(text, &value->u);
    case PRT_RATE:
        return value_read_rate(text, &value->d);
    case PRT_STRING:
    case PRT_OPERANDS:
        break;
    }
    value->s = text;
    return NULL;
}

static void value_write_units(const struct value_unit *units, uint64_t value, char *text, size_t size)
{
    while (value % units->factor != 0)
        units++;
    snprintf(text, size, "%llu%s", (unsigned long long)(value / units->factor), units->name);
}

/* The fewest digits that read back as the same number. */
static void value_write_double(double value, char *text, size_t size)
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

/* `per_second` as a whole count for each `unit`, if it is one. */
static bool value_write_count(double per_second, const struct value_unit *unit, char *text, size_t size)
{
    const double count = per_second * ((double)unit->factor / 1e9);
    char digits[40];

    if (count < 1 || count > 1e15 || (double)(uint64_t)count != count)
        return false;
    value_write_units(value_thousands, (uint64_t)count, digits, sizeof digits);
    snprintf(text, size, "%s/%s", digits, unit->name);
    return true;
}

static void value_write_rate(double per_second, char *text, size_t size)
{
    const double ns = 1e9 / per_second;
    char digits[40];

    for (int unit = 3; unit >= 0; unit--) /* s, m, h, d */
        if (value_write_count(per_second, &value_durations[unit], text, size))
            return;
    if (ns >= 1 && ns < 1e18 && (double)(uint64_t)ns == ns) {
        value_write_units(value_durations, (uint64_t)ns, digits, sizeof digits);
        snprintf(text, size, "1/%s", digits);
        return;
    }
    value_write_double(per_second, digits, sizeof digits);
    snprintf(text, size, "%s/s", digits);
}

void prt_value_write(enum prt_param_type type, union prt_value value, char *text, size_t size)
{
    switch (type) {
    case PRT_INT:
    case PRT_LONG:
        snprintf(text, size, "%lld", (long long)value.i);
        break;
    case PRT_DOUBLE:
        value_write_double(value.d, text, size);
        break;
    case PRT_BOOL:
        snprintf(text, size, "%s", value.b ? "true" : "false");
        break;
    case PRT_DURATION:
        if (value.i == 0)
            snprintf(text, size, "0s");
        else
            value_write_units(value_durations, (uint64_t)value.i, text, size);
        break;
    case PRT_SIZE:
        if (value.u == 0)
            snprintf(text, size, "0");
        else
            value_write_units(value_sizes, value.u, text, size);
        break;
    case PRT_RATE:
        value_write_rate(value.d, text, size);
        break;
    case PRT_STRING:
    case PRT_OPERANDS:
        snprintf(text, size, "%s", value.s ? value.s : "");
        break;
    }
}
