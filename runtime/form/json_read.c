/* One pass over the text, led by the table: a member goes straight to where its field is. Members mostly come in the order
 * of the fields, so each is looked for behind the one before. What the record does not have is skipped without recursion,
 * but looked at as closely as the rest; records themselves are as deep as their tables.
 */
#include <prt/form.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <prt/types.h>

#include "form/base64.h"
#include "form/error.h"
#include "form/number.h"
#include "form/scalar.h"
#include "record/place.h"
#include "record/record.h"
#include "text/utf8.h"

#define DEEP_MAX 1000 /* arrays and objects in each other */

struct reader {
    const char *at, *end, *begin;
    struct prt_error *error;
    const struct step *step; /* the field at hand */
    int depth;
};

/* A string as it stands in the text, without its quotes. */
struct raw {
    const char *from;
    size_t len;
    bool escaped, nul; /* has a backslash; has a NUL, as \u0000 */
};

static bool read_record(struct reader *reader, const struct prt_record *record, void *item);

/* ---- errors ------------------------------------------------------------------------------------------------------ */

/* Returns false. */
static bool tell(const struct reader *reader, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool tell(const struct reader *reader, const char *at, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    prt_error_tell_(reader->error, reader->begin, reader->end, at, reader->step, format, arguments);
    va_end(arguments);
    return false;
}

static bool has_word(const struct reader *reader, const char *word, size_t len)
{
    return (size_t)(reader->end - reader->at) >= len && memcmp(reader->at, word, len) == 0;
}

/* What stands in the text. */
static const char *found_text(const struct reader *reader)
{
    if (reader->at == reader->end)
        return "the text ends";
    if (has_word(reader, "true", 4) || has_word(reader, "false", 5))
        return "true or false";
    if (has_word(reader, "null", 4))
        return "null";
    switch (*reader->at) {
    case '"': return "a string";
    case '{': return "an object";
    case '[': return "an array";
    case '-': return "a number";
    default: return *reader->at >= '0' && *reader->at <= '9' ? "a number" : "no value";
    }
}

static bool tell_kind(const struct reader *reader, const char *wanted)
{
    return tell(reader, reader->at, "%s, where %s belongs", found_text(reader), wanted);
}

static bool tell_memory(const struct reader *reader)
{
    return tell(reader, reader->at, "out of memory");
}

/* ---- signs ------------------------------------------------------------------------------------------------------- */

static void skip_blanks(struct reader *reader)
{
    const char *at = reader->at;

    while (at < reader->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    reader->at = at;
}

static bool takes(struct reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool takes_word(struct reader *reader, const char *word, size_t len)
{
    const bool found = has_word(reader, word, len);

    reader->at += found ? len : 0;
    return found;
}

/* ---- strings ----------------------------------------------------------------------------------------------------- */

/* The value of four digits; -1: there are none. */
static int hex4(const char *at, const char *end)
{
    int value = 0;

    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const char c = at[i];
        const int digit = c >= '0' && c <= '9' ? c - '0'
            : c >= 'a' && c <= 'f'             ? c - 'a' + 10
            : c >= 'A' && c <= 'F'             ? c - 'A' + 10
                                               : -1;

        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* Behind a backslash and its `u`. */
static bool scan_unicode(struct reader *reader, struct raw *raw)
{
    const int first = hex4(reader->at, reader->end);
    int second = -1;

    if (first < 0)
        return tell(reader, reader->at - 2, "'\\u' without its four digits");
    reader->at += 4;
    raw->nul |= first == 0;
    if (first < 0xd800 || first > 0xdfff)
        return true;
    if (first <= 0xdbff && reader->end - reader->at >= 6 && reader->at[0] == '\\' && reader->at[1] == 'u')
        second = hex4(reader->at + 2, reader->end);
    if (second < 0xdc00 || second > 0xdfff)
        return tell(reader, reader->at - 6, "half of a surrogate pair");
    reader->at += 6;
    return true;
}

/* Something that is no plain letter. */
static bool scan_special(struct reader *reader, struct raw *raw)
{
    const unsigned char c = (unsigned char)*reader->at;
    size_t length;

    if (c < 0x20)
        return tell(reader, reader->at, "a control character in a string");
    if (c != '\\') {
        length = utf8_length((const unsigned char *)reader->at, (size_t)(reader->end - reader->at));
        if (length == 0)
            return tell(reader, reader->at, "a byte that is not UTF-8");
        reader->at += length;
        return true;
    }
    raw->escaped = true;
    reader->at++;
    if (reader->at < reader->end && *reader->at == 'u') {
        reader->at++;
        return scan_unicode(reader, raw);
    }
    if (reader->at == reader->end || !strchr("\"\\/bfnrt", *reader->at) || *reader->at == '\0')
        return tell(reader, reader->at - 1, "a backslash with no letter that belongs to it");
    reader->at++;
    return true;
}

/* Whether eight bytes have none that needs a look: a quote, a backslash, a control character, a byte from 0x80 on. */
static bool are_plain(const char *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t word, quote, slash;

    memcpy(&word, at, sizeof word);
    quote = word ^ (ones * '"');
    slash = word ^ (ones * '\\');
    return ((word | (word - ones * 0x20) | (quote - ones) | (slash - ones)) & high) == 0;
}

/* At the opening quote; goes behind the closing one. */
static bool scan_string(struct reader *reader, struct raw *raw)
{
    const char *const opening = reader->at++;

    *raw = (struct raw){ .from = reader->at };
    for (;;) {
        while (reader->end - reader->at >= 8 && are_plain(reader->at))
            reader->at += 8;
        while (reader->at < reader->end && (unsigned char)*reader->at >= 0x20 && (unsigned char)*reader->at < 0x80
               && *reader->at != '"' && *reader->at != '\\')
            reader->at++;
        if (reader->at == reader->end)
            return tell(reader, opening, "a string without its end");
        if (*reader->at == '"')
            break;
        if (!scan_special(reader, raw))
            return false;
    }
    raw->len = (size_t)(reader->at - raw->from);
    reader->at++;
    return true;
}

static char *put_utf8(char *to, unsigned letter)
{
    if (letter < 0x80) {
        *to++ = (char)letter;
        return to;
    }
    if (letter < 0x800) {
        *to++ = (char)(0xc0 | letter >> 6);
    } else {
        if (letter < 0x10000) {
            *to++ = (char)(0xe0 | letter >> 12);
        } else {
            *to++ = (char)(0xf0 | letter >> 18);
            *to++ = (char)(0x80 | (letter >> 12 & 63));
        }
        *to++ = (char)(0x80 | (letter >> 6 & 63));
    }
    *to++ = (char)(0x80 | (letter & 63));
    return to;
}

/* Behind `\u`, which the scan found right. */
static const char *decode_unicode(const char *at, char **to)
{
    unsigned letter = (unsigned)hex4(at, at + 4);

    at += 4;
    if (letter >= 0xd800 && letter <= 0xdbff) {
        letter = 0x10000 + ((letter - 0xd800) << 10) + ((unsigned)hex4(at + 2, at + 6) - 0xdc00);
        at += 6;
    }
    *to = put_utf8(*to, letter);
    return at;
}

/* Writes what the string says, which is no longer than how it says it. Returns its length. */
static size_t decode(const struct raw *raw, char *to)
{
    static const char said[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char *const first = to;
    const char *at = raw->from, *const end = at + raw->len;

    while (at < end) {
        const char *const slash = memchr(at, '\\', (size_t)(end - at));
        const size_t plain = (size_t)((slash ? slash : end) - at);

        memcpy(to, at, plain);
        to += plain;
        at += plain;
        if (!slash)
            break;
        at++;
        if (*at == 'u')
            at = decode_unicode(at + 1, &to);
        else
            *to++ = meant[strchr(said, *at++) - said];
    }
    return (size_t)(to - first);
}

/* A string without a NUL, where C's strings end. */
static bool read_raw(struct reader *reader, struct raw *raw)
{
    const char *const opening = reader->at;

    if (reader->at == reader->end || *reader->at != '"')
        return tell_kind(reader, "a string");
    if (!scan_string(reader, raw))
        return false;
    return raw->nul ? tell(reader, opening, "a string with a NUL") : true;
}

static bool read_string(struct reader *reader, char **to)
{
    struct raw raw;
    size_t len;

    if (!read_raw(reader, &raw))
        return false;
    *to = malloc(raw.len + 1);
    if (!*to)
        return tell_memory(reader);
    len = raw.len;
    if (raw.escaped)
        len = decode(&raw, *to);
    else
        memcpy(*to, raw.from, len);
    (*to)[len] = '\0';
    return true;
}

static bool read_text(struct reader *reader, char *to, size_t size)
{
    const char *const opening = reader->at;
    struct raw raw;
    char *whole;
    size_t len;

    if (!read_raw(reader, &raw))
        return false;
    if (!raw.escaped && raw.len <= size) {
        memcpy(to, raw.from, raw.len);
        return true;
    }
    whole = malloc(raw.len + 1);
    if (!whole)
        return tell_memory(reader);
    len = decode(&raw, whole);
    if (len <= size)
        memcpy(to, whole, len);
    free(whole);
    return len <= size ? true : tell(reader, opening, "text of %zu bytes, where %zu fit", len, size);
}

static bool read_bytes(struct reader *reader, struct prt_bytes *to)
{
    const char *const opening = reader->at;
    struct raw raw;
    char *letters;
    bool right;

    if (!read_raw(reader, &raw))
        return false;
    to->data = malloc(raw.len + 1);
    if (!to->data)
        return tell_memory(reader);
    letters = (char *)to->data; /* what is read lies behind what is written */
    raw.len = decode(&raw, letters);
    right = prt_base64_read_(to->data, letters, raw.len, &to->len);
    return right ? true : tell(reader, opening, "a string that is no base64");
}

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static bool is_number(const struct reader *reader)
{
    return reader->at < reader->end && (*reader->at == '-' || (*reader->at >= '0' && *reader->at <= '9'));
}

static bool scan_number(struct reader *reader, struct number *number)
{
    if (!prt_number_scan_(number, reader->at, reader->end))
        return tell(reader, number->end, "a number that breaks off");
    reader->at = number->end;
    return true;
}

static bool read_number(struct reader *reader, const struct prt_record_field *field, void *to)
{
    const char *const first = reader->at;
    struct number number;
    enum number_fit fit;
    int shown;

    if (!is_number(reader))
        return tell_kind(reader, "a number");
    if (!scan_number(reader, &number))
        return false;
    fit = prt_scalar_store_(&number, field, to);
    if (fit == NUMBER_FITS)
        return true;
    shown = number.end - first < 40 ? (int)(number.end - first) : 40;
    if (fit == NUMBER_BROKEN)
        return tell(reader, first, "%.*s is no whole number", shown, first);
    return tell(reader, first, "%.*s does not fit into %s", shown, first, prt_scalar_kind_(field->kind));
}

/* ---- what nobody wants ------------------------------------------------------------------------------------------- */

/* A value that is no array and no object. */
static bool skip_scalar(struct reader *reader)
{
    struct raw raw;
    struct number number;

    if (reader->at < reader->end && *reader->at == '"')
        return scan_string(reader, &raw);
    if (is_number(reader))
        return scan_number(reader, &number);
    if (takes_word(reader, "true", 4) || takes_word(reader, "false", 5) || takes_word(reader, "null", 4))
        return true;
    return tell_kind(reader, "a value");
}

static bool skip_key(struct reader *reader)
{
    struct raw raw;

    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != '"')
        return tell_kind(reader, "a name");
    if (!scan_string(reader, &raw))
        return false;
    return takes(reader, ':') ? true : tell(reader, reader->at, "no ':' behind a name");
}

/* Which of the levels that are open are objects. */
struct levels {
    unsigned char object[DEEP_MAX / 8 + 1];
    int open;
};

static bool is_object(const struct levels *levels)
{
    return levels->object[levels->open / 8] >> (levels->open % 8) & 1;
}

/* Behind a `[` or `{`; tells in `*closed` whether that is all there is of it. */
static bool open_level(struct reader *reader, struct levels *levels, bool object, bool *closed)
{
    if (reader->depth + levels->open + 1 > DEEP_MAX)
        return tell(reader, reader->at - 1, "arrays and objects more than %d deep", DEEP_MAX);
    levels->open++;
    levels->object[levels->open / 8] &= (unsigned char)~(1u << (levels->open % 8));
    levels->object[levels->open / 8] |= (unsigned char)((unsigned)object << (levels->open % 8));
    *closed = takes(reader, object ? '}' : ']');
    levels->open -= *closed;
    return *closed || !object || skip_key(reader);
}

/* Behind a value: closes what ends there. Leaves the reader at the next value, if anything is open. */
static bool close_levels(struct reader *reader, struct levels *levels)
{
    while (levels->open > 0) {
        const bool object = is_object(levels);

        if (takes(reader, ','))
            return !object || skip_key(reader);
        if (!takes(reader, object ? '}' : ']'))
            return tell(reader, reader->at, object ? "no ',' or '}' behind a member" : "no ',' or ']' behind an element");
        levels->open--;
    }
    return true;
}

static bool skip_value(struct reader *reader)
{
    struct levels levels = { .open = 0 };

    do {
        bool closed = true;

        skip_blanks(reader);
        if (reader->at < reader->end && (*reader->at == '[' || *reader->at == '{')) {
            const bool object = *reader->at++ == '{';

            if (!open_level(reader, &levels, object, &closed))
                return false;
        } else if (!skip_scalar(reader)) {
            return false;
        }
        if (closed && !close_levels(reader, &levels))
            return false;
    } while (levels.open > 0);
    return true;
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

static bool read_bool(struct reader *reader, bool *to)
{
    *to = takes_word(reader, "true", 4);
    return *to || takes_word(reader, "false", 5) ? true : tell_kind(reader, "true or false");
}

/* Into zero bytes, which stay so where there is null. */
static bool read_element(struct reader *reader, const struct prt_record_field *field, void *to)
{
    skip_blanks(reader);
    if (takes_word(reader, "null", 4))
        return true;
    switch (field->kind) {
    case PRT_KIND_BOOL: return read_bool(reader, to);
    case PRT_KIND_STRING: return read_string(reader, to);
    case PRT_KIND_BYTES: return read_bytes(reader, to);
    case PRT_KIND_TEXT: return read_text(reader, to, field->size);
    case PRT_KIND_RECORD: return read_record(reader, field->record, to);
    default: return read_number(reader, field, to);
    }
}

/* Elements behind the `[`, each where `next` says; NULL: there is no room. */
static bool read_elements(struct reader *reader, struct step *step, void *item,
                          void *(*next)(struct reader *reader, const struct step *step, void *item))
{
    if (takes(reader, ']'))
        return true;
    step->indexed = true;
    for (;; step->index++) {
        void *const to = next(reader, step, item);

        if (!to || !read_element(reader, step->field, to))
            return false;
        if (takes(reader, ']'))
            return true;
        if (!takes(reader, ','))
            return tell(reader, reader->at, "no ',' or ']' behind an element");
    }
}

static void *next_of_array(struct reader *reader, const struct step *step, void *item)
{
    const struct prt_record_field *field = step->field;

    if (step->index < field->count)
        return (unsigned char *)item + field->offset + step->index * field->size;
    tell(reader, reader->at, "more than the %u elements that there are", field->count);
    return NULL;
}

/* The list has room for a power of two. */
static void *next_of_list(struct reader *reader, const struct step *step, void *item)
{
    const struct prt_record_field *field = step->field;
    unsigned char **const list = (unsigned char **)(void *)((unsigned char *)item + field->offset);
    const size_t n = step->index;

    if ((n & (n - 1)) == 0) {
        unsigned char *const more = n <= SIZE_MAX / 2 / field->size ? realloc(*list, (n ? 2 * n : 1) * field->size) : NULL;

        if (!more) {
            tell_memory(reader);
            return NULL;
        }
        *list = more;
    }
    memset(*list + n * field->size, 0, field->size);
    *(size_t *)(void *)((unsigned char *)item + field->len) = n + 1;
    return *list + n * field->size;
}

/* Into a field of zero bytes. */
static bool read_field(struct reader *reader, const struct prt_record_field *field, void *item)
{
    struct step step = { .outer = reader->step, .field = field };
    bool right;

    reader->step = &step;
    if (field->form == PRT_FORM_ONE) {
        right = read_element(reader, field, (unsigned char *)item + field->offset);
    } else {
        skip_blanks(reader);
        if (takes_word(reader, "null", 4))
            right = true;
        else if (!takes(reader, '['))
            right = tell_kind(reader, "an array");
        else
            right = read_elements(reader, &step, item, field->form == PRT_FORM_LIST ? next_of_list : next_of_array);
    }
    reader->step = step.outer;
    return right;
}

/* What a member of that name was read into before. */
static void clear_field(const struct prt_record_field *field, void *item)
{
    prt_record_drop_field_(field, item);
    if (field->form == PRT_FORM_LIST) {
        memset((unsigned char *)item + field->offset, 0, sizeof(void *));
        memset((unsigned char *)item + field->len, 0, sizeof(size_t));
    } else {
        memset((unsigned char *)item + field->offset, 0, (size_t)field->size * field->count);
    }
}

/* ---- records ----------------------------------------------------------------------------------------------------- */

/* The field of that name, looked for from `next` on, all around; `nfields`: there is none. */
static size_t find_field(const struct prt_record *record, const char *name, size_t len, size_t next)
{
    for (size_t i = 0, at = next; i < record->nfields; i++, at++) {
        const struct prt_record_field *field;

        at = at == record->nfields ? 0 : at;
        field = &record->fields[at];
        if (field->name_len == len && memcmp(field->name, name, len) == 0)
            return at;
    }
    return record->nfields;
}

/* The field whose name stands in the text. */
static bool read_key(struct reader *reader, const struct prt_record *record, size_t next, size_t *found)
{
    struct raw raw;
    char *name;

    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != '"')
        return tell_kind(reader, "a name");
    if (!scan_string(reader, &raw))
        return false;
    if (raw.escaped) {
        name = malloc(raw.len + 1);
        if (!name)
            return tell_memory(reader);
        *found = find_field(record, name, decode(&raw, name), next);
        free(name);
    } else {
        *found = find_field(record, raw.from, raw.len, next);
    }
    return takes(reader, ':') ? true : tell(reader, reader->at, "no ':' behind a name");
}

/* Into zero bytes. `fresh`: no member has been read into the fields from there on. */
static bool read_members(struct reader *reader, const struct prt_record *record, void *item)
{
    size_t next = 0, fresh = 0, found = 0;

    for (;;) {
        if (!read_key(reader, record, next, &found))
            return false;
        if (found < record->nfields) {
            if (found < fresh)
                clear_field(&record->fields[found], item);
            next = found + 1;
            fresh = next > fresh ? next : fresh;
            next = next == record->nfields ? 0 : next;
        }
        if (!(found < record->nfields ? read_field(reader, &record->fields[found], item) : skip_value(reader)))
            return false;
        if (takes(reader, '}'))
            return true;
        if (!takes(reader, ','))
            return tell(reader, reader->at, "no ',' or '}' behind a member");
    }
}

static bool read_record(struct reader *reader, const struct prt_record *record, void *item)
{
    bool right;

    if (!takes(reader, '{'))
        return tell_kind(reader, "an object");
    if (takes(reader, '}'))
        return true;
    reader->depth++;
    right = read_members(reader, record, item);
    reader->depth--;
    return right;
}

bool prt_json_read(const struct prt_record *record, const char *text, size_t len, void *item, struct prt_error *error)
{
    struct reader reader = { .at = text, .end = text + len, .begin = text, .error = error };
    bool right;

    memset(item, 0, record->size);
    right = read_record(&reader, record, item);
    skip_blanks(&reader);
    if (right && reader.at < reader.end)
        right = tell(&reader, reader.at, "something behind the object");
    if (!right)
        prt_record_drop(record, item);
    return right;
}
