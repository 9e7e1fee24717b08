/* Values in the words of a test's report. */
#ifndef TEST_SHOW_H
#define TEST_SHOW_H

#include <prt/record.h>

#include "text/text.h"

/* How a value of this field is written: numbers as they are, texts in quotes, with \x00 for what cannot be seen. Of a long
 * text a piece around byte `from`. `at` is the whole structure that the field is of. */
void prt_show_field_(struct text *to, const struct prt_record_field *field, const void *at, size_t from);

/* The first field in which two values differ, with its path behind `path`; NULL: there is none. `*a` and `*b` become the
 * structures that have it, and `*element` a field for the one element that differs. */
struct difference {
    struct text path;               /* ".at[1]"; empty: all of the value */
    struct prt_record_field field;
    const void *a, *b;
    size_t from;                    /* of texts: the first byte that is another one */
};

bool prt_show_difference_(struct difference *difference, const struct prt_record_field *field, const void *a, const void *b);

#endif
