/* Base64 (RFC 4648, section 4), with its padding.
 */
#ifndef FORM_BASE64_H
#define FORM_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#define BASE64_LENGTH(bytes) (((bytes) + 2) / 3 * 4)

void prt_base64_write_(char *to, const unsigned char *bytes, size_t len); /* BASE64_LENGTH(len) letters */

/* How many bytes the letters are, which are written to `to`: three for each four letters at most. Returns false where the
 * letters are none. */
bool prt_base64_read_(unsigned char *to, const char *letters, size_t len, size_t *bytes);

#endif
