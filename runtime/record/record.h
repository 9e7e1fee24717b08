/* Records, for the other files of this room.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <prt/record.h>

/* Frees what a field owns, and writes nothing there. */
void prt_record_drop_field_(const struct prt_record_field *field, void *item);

#endif
