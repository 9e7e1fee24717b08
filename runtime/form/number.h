/* Numbers, as JSON writes them: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
 */
#ifndef FORM_NUMBER_H
#define FORM_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* The number is `digits` times 10 to the `exponent`, of which the last digit is not 0; `cut`: there are more digits than
 * fit. */
struct number {
    const char *from, *end;      /* its text, without its sign */
    uint64_t digits;
    int exponent;
    bool negative, cut;
};

/* Reads the number that begins at `text`. Returns false where there is none, and then `end` is where it should go on. */
bool prt_number_scan_(struct number *number, const char *text, const char *end);

/* The same without a sign: 0, or what does not begin with 0. */
bool prt_number_scan_plain_(struct number *number, const char *text, const char *end);

enum number_fit { NUMBER_FITS, NUMBER_LARGE, NUMBER_BROKEN /* it is not whole */ };

/* The number itself; the nearest float or double, exactly rounded. */
enum number_fit prt_number_signed_(const struct number *number, int64_t least, int64_t most, int64_t *value);
enum number_fit prt_number_unsigned_(const struct number *number, uint64_t most, uint64_t *value);
enum number_fit prt_number_double_(const struct number *number, double *value);
enum number_fit prt_number_float_(const struct number *number, float *value);

#endif
