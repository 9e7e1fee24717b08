/* Where a text is wrong, and at which field.
 */
#ifndef FORM_ERROR_H
#define FORM_ERROR_H

#include <stdarg.h>
#include <stddef.h>

#include <prt/form.h>

/* The way to a field: each step knows the one around it. */
struct step {
    const struct step *outer;             /* NULL: the record itself */
    const struct prt_record_field *field;
    bool indexed;                         /* in an array or list: its element … */
    size_t index;                         /* … from 0 */
};

/* Says what is wrong at `at` of the text from `begin` to `end`; `error` and `step` may be NULL. */
void prt_error_tell_(struct prt_error *error, const char *begin, const char *end, const char *at, const struct step *step,
                     const char *format, va_list arguments);

#endif
