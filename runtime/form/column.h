/* Which fields are columns of CSV.
 */
#ifndef FORM_COLUMN_H
#define FORM_COLUMN_H

#include <prt/record.h>

static inline bool is_column(const struct prt_record_field *field)
{
    return field->form == PRT_FORM_ONE && field->kind != PRT_KIND_RECORD;
}

#endif
