/* A cell after the other, from the left. What is in quotes is anything, with each quote twice; in a cell that does not begin with
 * one, a quote is a letter, as spreadsheets have it.
 */
#include <prt/form.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <prt/types.h>

#include "form/base64.h"
#include "form/column.h"
#include "form/error.h"
#include "form/number.h"
#include "form/scalar.h"

struct reader {
    const char *at, *end, *begin;
    char separator;
    bool more;                 /* another cell follows */
    struct prt_error *error;
    const struct step *step;   /* the field of the cell at hand; NULL: none */
};

/* Without its quotes. */
struct cell {
    const char *from;
    size_t len;
    bool quoted, doubled; /* has quotes in it, each twice */
};

static bool tell(const struct reader *reader, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Returns false. */
static bool tell(const struct reader *reader, const char *at, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    prt_error_tell_(reader->error, reader->begin, reader->end, at, reader->step, format, arguments);
    va_end(arguments);
    return false;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

size_t prt_csv_row(const char *text, size_t len, char separator, bool last)
{
    enum { BEGINS, PLAIN, QUOTED, CLOSED } state = BEGINS;

    for (size_t i = 0; i < len; i++) {
        const char c = text[i];

        if (c == '\n' && state != QUOTED)
            return i + 1;
        if (state == QUOTED)
            state = c == '"' ? CLOSED : QUOTED;
        else if (c == '"' && state != PLAIN)
            state = QUOTED; /* it opens the cell, or stands twice for one */
        else
            state = c == separator ? BEGINS : PLAIN;
    }
    return last ? len : 0;
}

/* Without the end of its line. */
static struct reader reader_new(const char *text, size_t len, char separator, struct prt_error *error)
{
    struct reader reader = { .at = text, .begin = text, .separator = separator, .more = true, .error = error };

    len -= len > 0 && text[len - 1] == '\n';
    len -= len > 0 && text[len - 1] == '\r';
    reader.end = text + len;
    return reader;
}

/* ---- cells ------------------------------------------------------------------------------------------------------- */

/* At the opening quote. */
static bool next_quoted(struct reader *reader, struct cell *cell)
{
    const char *const opening = reader->at++;

    *cell = (struct cell){ .from = reader->at, .quoted = true };
    for (;;) {
        const char *const quote = memchr(reader->at, '"', (size_t)(reader->end - reader->at));

        if (!quote)
            return tell(reader, opening, "a quote that is not closed");
        reader->at = quote + 1;
        if (reader->at == reader->end || *reader->at != '"') {
            cell->len = (size_t)(quote - cell->from);
            return true;
        }
        cell->doubled = true;
        reader->at++;
    }
}

/* Takes the next cell, and the separator behind it. */
static bool next_cell(struct reader *reader, struct cell *cell)
{
    if (reader->at < reader->end && *reader->at == '"') {
        if (!next_quoted(reader, cell))
            return false;
        if (reader->at < reader->end && *reader->at != reader->separator)
            return tell(reader, reader->at, "something behind a quote that closes");
    } else {
        const char *const end = memchr(reader->at, reader->separator, (size_t)(reader->end - reader->at));

        *cell = (struct cell){ .from = reader->at };
        reader->at = end ? end : reader->end;
        cell->len = (size_t)(reader->at - cell->from);
    }
    reader->more = reader->at < reader->end;
    reader->at += reader->more;
    return true;
}

/* Writes what the cell says, and returns its length. */
static size_t decode(const struct cell *cell, char *to)
{
    char *const first = to;

    if (!cell->doubled) {
        memcpy(to, cell->from, cell->len);
        return cell->len;
    }
    for (size_t i = 0; i < cell->len; i++) {
        *to++ = cell->from[i];
        i += cell->from[i] == '"';
    }
    return (size_t)(to - first);
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* The number of the field of that name, from 1; 0: there is none. */
static uint32_t find_field(const struct prt_record *record, const char *name, size_t len)
{
    for (size_t i = 0; i < record->nfields; i++)
        if (record->fields[i].name_len == len && memcmp(record->fields[i].name, name, len) == 0)
            return is_column(&record->fields[i]) ? (uint32_t)i + 1 : 0;
    return 0;
}

/* There is room for a power of two. */
static bool add_column(struct prt_columns *columns, uint32_t field)
{
    const size_t n = columns->count;
    uint32_t *fields = columns->fields;

    if ((n & (n - 1)) == 0) {
        fields = realloc(fields, (n ? 2 * n : 1) * sizeof *fields);
        if (!fields)
            return false;
        columns->fields = fields;
    }
    columns->fields[columns->count++] = field;
    return true;
}

/* `seen`: the fields that have a column, behind what stands for the columns that are none. */
static bool read_name(struct reader *reader, struct prt_columns *columns, bool *seen)
{
    const char *const at = reader->at;
    struct cell cell;
    char *name;
    uint32_t field;

    if (!next_cell(reader, &cell))
        return false;
    name = malloc(cell.len + 1);
    if (!name)
        return tell(reader, at, "out of memory");
    field = find_field(columns->record, name, decode(&cell, name));
    free(name);
    if (seen[field] && field > 0)
        return tell(reader, at, "a second column '%s'", columns->record->fields[field - 1].name);
    seen[field] = true;
    return add_column(columns, field) ? true : tell(reader, at, "out of memory");
}

/* Without this a table without a header, or of something else, would give items of zeros. */
static bool has_a_field(const struct reader *reader, const struct prt_record *record, const bool *seen)
{
    const char *first = "";

    for (size_t i = record->nfields; i > 0; i--) {
        if (seen[i])
            return true;
        if (is_column(&record->fields[i - 1]))
            first = record->fields[i - 1].name;
    }
    return tell(reader, reader->begin, "a header that names no field, such as '%s'", first);
}

bool prt_csv_columns(const struct prt_record *record, const char *text, size_t len, char separator,
                     struct prt_columns *columns, struct prt_error *error)
{
    struct reader reader = reader_new(text, len, separator, error);
    bool *const seen = calloc(record->nfields + 1, sizeof *seen);
    bool right = seen || tell(&reader, text, "out of memory");

    *columns = (struct prt_columns){ .record = record, .separator = separator };
    if (reader.end - reader.at >= 3 && memcmp(reader.at, "\xef\xbb\xbf", 3) == 0)
        reader.at += 3;
    while (right && reader.more)
        right = read_name(&reader, columns, seen);
    right = right && has_a_field(&reader, record, seen);
    free(seen);
    if (!right)
        prt_columns_free(columns);
    return right;
}

bool prt_csv_fields(const struct prt_record *record, char separator, struct prt_columns *columns)
{
    *columns = (struct prt_columns){ .record = record, .separator = separator };
    for (size_t i = 0; i < record->nfields; i++)
        if (is_column(&record->fields[i]) && !add_column(columns, (uint32_t)i + 1)) {
            prt_columns_free(columns);
            return false;
        }
    return true;
}

void prt_columns_free(struct prt_columns *columns)
{
    free(columns->fields);
    columns->fields = NULL;
    columns->count = 0;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static struct cell without_blanks(struct cell cell)
{
    while (cell.len > 0 && (*cell.from == ' ' || *cell.from == '\t')) {
        cell.from++;
        cell.len--;
    }
    while (cell.len > 0 && (cell.from[cell.len - 1] == ' ' || cell.from[cell.len - 1] == '\t'))
        cell.len--;
    return cell;
}

#define SHOWN_MAX 40 /* letters of a cell in a message */

static int shown(const struct cell *cell)
{
    return cell->len < SHOWN_MAX ? (int)cell->len : SHOWN_MAX;
}

static bool read_number(const struct reader *reader, const struct prt_record_field *field, const struct cell *whole, void *to)
{
    const struct cell cell = without_blanks(*whole);
    const char *const end = cell.from + cell.len;
    const char *at = cell.from;
    struct number number;
    bool negative;

    if (cell.len == 0)
        return true;
    negative = *at == '-';
    at += *at == '-' || *at == '+';
    while (end - at > 1 && at[0] == '0' && at[1] >= '0' && at[1] <= '9')
        at++;
    if (!prt_number_scan_plain_(&number, at, end) || number.end != end)
        return tell(reader, cell.from, "'%.*s' is no number", shown(&cell), cell.from);
    number.negative = negative;
    switch (prt_scalar_store_(&number, field, to)) {
    case NUMBER_FITS: return true;
    case NUMBER_BROKEN: return tell(reader, cell.from, "'%.*s' is no whole number", shown(&cell), cell.from);
    case NUMBER_LARGE: break;
    }
    return tell(reader, cell.from, "'%.*s' does not fit into %s", shown(&cell), cell.from, prt_scalar_kind_(field->kind));
}

static bool is_word(const struct cell *cell, const char *word)
{
    return cell->len == strlen(word) && memcmp(cell->from, word, cell->len) == 0;
}

static bool read_bool(const struct reader *reader, const struct cell *whole, bool *to)
{
    static const char *const trues[] = { "true", "TRUE", "True", "1" }, *const falses[] = { "false", "FALSE", "False", "0", "" };
    const struct cell cell = without_blanks(*whole);

    for (size_t i = 0; i < sizeof trues / sizeof *trues; i++)
        if (is_word(&cell, trues[i])) {
            *to = true;
            return true;
        }
    for (size_t i = 0; i < sizeof falses / sizeof *falses; i++)
        if (is_word(&cell, falses[i]))
            return true;
    return tell(reader, cell.from, "'%.*s' is neither true nor false", shown(&cell), cell.from);
}

/* From malloc, with a NUL behind it; an empty cell is none. */
static bool read_whole(const struct reader *reader, const struct cell *cell, char **to, size_t *len)
{
    if (cell->len == 0 && !cell->quoted)
        return true;
    if (memchr(cell->from, '\0', cell->len))
        return tell(reader, cell->from, "a NUL");
    *to = malloc(cell->len + 1);
    if (!*to)
        return tell(reader, cell->from, "out of memory");
    *len = decode(cell, *to);
    (*to)[*len] = '\0';
    return true;
}

static bool read_text(const struct reader *reader, const struct cell *cell, char *to, size_t size)
{
    char *whole = NULL;
    size_t len = 0;

    if (!read_whole(reader, cell, &whole, &len))
        return false;
    if (len > 0 && len <= size)
        memcpy(to, whole, len);
    free(whole);
    return len <= size ? true : tell(reader, cell->from, "text of %zu bytes, where %zu fit", len, size);
}

static bool read_bytes(const struct reader *reader, const struct cell *cell, struct prt_bytes *to)
{
    char *letters = NULL;
    size_t len = 0;

    if (!read_whole(reader, cell, &letters, &len))
        return false;
    to->data = (unsigned char *)letters; /* what is read lies behind what is written */
    return !letters || prt_base64_read_(to->data, letters, len, &to->len) ? true : tell(reader, cell->from, "no base64");
}

static bool read_value(const struct reader *reader, const struct prt_record_field *field, const struct cell *cell, void *to)
{
    size_t len;

    switch (field->kind) {
    case PRT_KIND_BOOL: return read_bool(reader, cell, to);
    case PRT_KIND_STRING: return read_whole(reader, cell, to, &len);
    case PRT_KIND_BYTES: return read_bytes(reader, cell, to);
    case PRT_KIND_TEXT: return read_text(reader, cell, to, field->size);
    default: return read_number(reader, field, cell, to);
    }
}

/* ---- a row ------------------------------------------------------------------------------------------------------- */

static bool read_column(struct reader *reader, const struct prt_columns *columns, size_t n, unsigned char *item)
{
    const char *const at = reader->at;
    const uint32_t number = n < columns->count ? columns->fields[n] : 0;
    const struct prt_record_field *field = number > 0 ? &columns->record->fields[number - 1] : NULL;
    const struct step step = { .field = field };
    struct cell cell;
    bool right;

    if (!next_cell(reader, &cell))
        return false;
    if (n >= columns->count && (cell.len > 0 || cell.quoted))
        return tell(reader, at, "a cell more than the %zu columns that there are", columns->count);
    if (!field)
        return true;
    reader->step = &step;
    right = read_value(reader, field, &cell, item + field->offset);
    reader->step = NULL;
    return right;
}

bool prt_csv_read(const struct prt_columns *columns, const char *text, size_t len, void *item, struct prt_error *error)
{
    struct reader reader = reader_new(text, len, columns->separator, error);
    size_t n = 0;

    memset(item, 0, columns->record->size);
    while (reader.more)
        if (!read_column(&reader, columns, n++, item)) {
            prt_record_drop(columns->record, item);
            return false;
        }
    return true;
}
