/* Values as people write them on a command line: 12, 0.5, 64K, 250ms, 1/200ms. The units are those of the language. */
#ifndef PRT_VALUE_H
#define PRT_VALUE_H

#include <prt/option.h>

/* prt_value_read() turns `text` into a value of `type`. Returns NULL, or what is wrong with the text. Not for
 * PRT_OPERANDS. */
const char *prt_value_read(enum prt_param_type type, const char *text, union prt_value *value);

/* prt_value_write() writes a value so that prt_value_read() would read it again. Text that does not fit is cut. */
void prt_value_write(enum prt_param_type type, union prt_value value, char *text, size_t size);

#endif
