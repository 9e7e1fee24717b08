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
    char text[240];      /* "line 2, column 17: at.lat: a string, where a number belongs"; of a text of one line without it */
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

/* ---- CSV ---- */

/* What each column of a text is. */
struct prt_columns {
    const struct prt_record *record;
    char separator;     /* ',', ';', a tab … */
    size_t count;
    uint32_t *fields;   /* of each column the number of its field, from 1; 0: the record has no such field */
};

/* prt_csv_row() returns how many of the `len` bytes at `text` the first row has, with the end of its line: an LF, a CR LF, or,
 * where `last` says that nothing follows, the end of the text. In quotes, in a cell that begins with one, an end of line
 * ends no row. 0: the row is not whole
 * yet, or there is no text. */
size_t prt_csv_row(const char *text, size_t len, char separator, bool last);

/* prt_csv_columns() reads a header: a row of names of fields in any order; a byte order mark in front of it is skipped. A name
 * that the record does not have is a column that is skipped, a field without a column is zero in every item. Returns false, and
 * why in `*error` unless that is NULL, where no column is a field, as in a text without a header, and where a name stands twice,
 * quotes do not pair or there is no memory; then there are no columns, and none to be freed. prt_csv_fields() is
 * for a text without a header: its columns are the fields in their order; false: no memory. Whoever has the columns frees them. */
bool prt_csv_columns(const struct prt_record *record, const char *text, size_t len, char separator,
                     struct prt_columns *columns, struct prt_error *error);
bool prt_csv_fields(const struct prt_record *record, char separator, struct prt_columns *columns);
void prt_columns_free(struct prt_columns *columns);

/* prt_csv_read() reads a row, with or without its end of line. An empty cell is zero, and a string NULL; "" in quotes is an
 * empty string. Cells that are missing at the end are empty; more than there are columns must be. Numbers may have blanks around
 * them, a + and zeros in front; true and false are those words, also in capitals, or 1 and 0; bytes are base64; text is what
 * stands there, whatever its encoding, without a NUL. Returns false as prt_json_read() does. */
bool prt_csv_read(const struct prt_columns *columns, const char *text, size_t len, void *item, struct prt_error *error);

/* prt_csv_write() returns the fields of the record as a row without an end of line, from malloc as prt_json_write() does;
 * prt_csv_header() the names of its fields. Fields that are arrays, lists or records are no columns: they are left out. A cell
 * stands in quotes where it must, a number that is infinite or none is empty. */
char *prt_csv_write(const struct prt_record *record, const void *item, char separator, size_t *len);
char *prt_csv_header(const struct prt_record *record, char separator, size_t *len);

#ifdef __cplusplus
}
#endif

#endif
