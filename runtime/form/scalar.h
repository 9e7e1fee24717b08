/* Numbers, true and false: into fields, and out of them.
 */
#ifndef FORM_SCALAR_H
#define FORM_SCALAR_H

#include <prt/record.h>

#include "form/number.h"
#include "text/text.h"

/* Into an element of the field, which is a number's; what does not fit leaves something there. */
enum number_fit prt_scalar_store_(const struct number *number, const struct prt_record_field *field, void *to);

/* What such an element is called: "an int". */
const char *prt_scalar_kind_(enum prt_kind kind);

/* Writes a number as JSON does, or true or false. */
void prt_scalar_put_(struct text *text, const struct prt_record_field *field, const void *at);

#endif
