/* Whole numbers are printed, and points put between them.
 */
#include "live/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void figure_count(char *text, uint64_t count)
{
    char digits[24];
    const int n = snprintf(digits, sizeof digits, "%" PRIu64, count);

    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            *text++ = ',';
        *text++ = digits[i];
    }
    *text = '\0';
}

/* Three digits, in the largest unit of which there is one at least. */
static void figure_scaled(char *text, double value, double step, const char *const *units, size_t n, const char *behind)
{
    size_t unit = 0;
    uint64_t hundredths;

    while (value >= step && unit + 1 < n) {
        value /= step;
        unit++;
    }
    hundredths = value < 1e12 ? (uint64_t)(value * 100 + 0.5) : (uint64_t)1e14;
    if (value >= 100 || (unit == 0 && hundredths % 100 == 0))
        snprintf(text, FIGURE_MOST, "%" PRIu64 "%s%s", hundredths / 100, units[unit], behind);
    else if (value >= 10)
        snprintf(text, FIGURE_MOST, "%" PRIu64 ".%" PRIu64 "%s%s", hundredths / 100, hundredths / 10 % 10, units[unit], behind);
    else
        snprintf(text, FIGURE_MOST, "%" PRIu64 ".%02" PRIu64 "%s%s", hundredths / 100, hundredths % 100, units[unit], behind);
}

void figure_short(char *text, uint64_t count)
{
    static const char *const units[] = { "", "K", "M", "G", "T", "P", "E" };

    figure_scaled(text, (double)count, 1000, units, sizeof units / sizeof *units, "");
}

void figure_rate(char *text, double per_second)
{
    static const char *const units[] = { "", " K", " M", " G", " T" };

    figure_scaled(text, per_second, 1000, units, sizeof units / sizeof *units, "/s");
}

void figure_bytes(char *text, uint64_t bytes)
{
    static const char *const units[] = { " B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB" };

    figure_scaled(text, (double)bytes, 1024, units, sizeof units / sizeof *units, "");
}

void figure_age(char *text, double seconds)
{
    const uint64_t s = seconds < 1e12 ? (uint64_t)seconds : (uint64_t)1e12;

    if (s < 60)
        snprintf(text, FIGURE_MOST, "%" PRIu64 " s", s);
    else if (s < 3600)
        snprintf(text, FIGURE_MOST, "%" PRIu64 ":%02" PRIu64, s / 60, s % 60);
    else if (s < 86400)
        snprintf(text, FIGURE_MOST, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(text, FIGURE_MOST, "%" PRIu64 " d %" PRIu64 " h", s / 86400, s / 3600 % 24);
}
