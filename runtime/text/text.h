/* Text that grows, and what JSON looks like in it. Nothing here depends on the locale; errno is kept.
 */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* All zero: empty. `at` is from malloc, and whoever has the text frees it. Where there was no memory, `failed` is set, and
 * nothing is added any more. */
struct text {
    char *at;
    size_t len, room;
    bool failed;
};

/* Makes room for `len` more bytes; false where there is no memory. */
bool prt_text_grow_(struct text *text, size_t len);

/* Where `len` more bytes may be written; NULL where there is no memory. */
static inline char *text_more(struct text *text, size_t len)
{
    return text->room - text->len >= len || prt_text_grow_(text, len) ? text->at + text->len : NULL;
}

static inline void text_put(struct text *text, const void *bytes, size_t len)
{
    char *const to = text_more(text, len);

    if (!to)
        return;
    memcpy(to, bytes, len);
    text->len += len;
}

static inline void text_put_char(struct text *text, char c)
{
    char *const to = text_more(text, 1);

    if (!to)
        return;
    *to = c;
    text->len++;
}

/* A string of JSON, with its quotes. A byte that is no part of a character of UTF-8 is written as U+FFFD. */
void prt_text_put_string_(struct text *text, const void *bytes, size_t len);

/* Numbers of JSON. A fraction has the fewest digits that are this number again when they are read as a float or a double;
 * what is infinite or no number is null. */
void prt_text_put_signed_(struct text *text, int64_t value);
void prt_text_put_unsigned_(struct text *text, uint64_t value);
void prt_text_put_double_(struct text *text, double value);
void prt_text_put_float_(struct text *text, float value);

#endif
