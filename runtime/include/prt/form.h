/* Records as text: JSON (RFC 8259), and rows of CSV (RFC 4180). By the table of their fields, so one reader and one writer
 * do for all of them. None of it depends on the locale; errno is kept; no call waits, and any thread may call them.
 */
#ifndef PRT_FORM_H
#define PRT_FORM_H

#include <prt/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is wrong with a text, and where. */
struct prt_error {
    size_t line, column; /* from 1; the column in bytes */
    char text[240];      /* "line 1, column 17: at.lat: a string, where a number belongs" */
};

/* prt_json_read() reads one JSON value, an object, and blanks around it, from `len` bytes at `text`. A field that is missing
 * or null is zero, a member that the record does not have is skipped, of one that is there twice the last one counts.
 * Returns false, and where and why in `*error` unless that is NULL, where the text is no JSON, or nests deeper than 1,000, or
 * has another kind of value than the field wants, a number that does not fit, text that does not fit into a char [N] or has
 * a NUL, more elements than an array; then the record is empty. `*item` need not be initialized, and owns what it gets. A
 * whole number may be written as 1.0 or 1e3. bytes are base64 in a string. */
bool prt_json_read(const struct prt_record *record, const char *text, size_t len, void *item, struct prt_error *error);

/* prt_json_write() returns the record as JSON on one line, from malloc, with a NUL behind its `*len` bytes (`len` may be
 * NULL); NULL where there is no memory. Every field is written: a string or bytes of NULL as null, what is not UTF-8 as
 * U+FFFD, a number that is infinite or none as null, others with the fewest digits that are the same number again. */
char *prt_json_write(const struct prt_record *record, const void *item, size_t *len);

#ifdef __cplusplus
}
#endif

#endif
