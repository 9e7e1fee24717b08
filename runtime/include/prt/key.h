/* Keys: by what the options of a stage tell items apart (`by (E)`, `rate R per (E)`, `bound N per (E)`).
 *
 * A key is an integer's value, or 128 bits of a hash of text's bytes, since the item that it came from may be gone while it is
 * remembered. The hash is seeded anew in each run: who chooses the text cannot choose what falls together.
 */
#ifndef PRT_KEY_H
#define PRT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <prt/types.h>
#include <prt/worker.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prt_key {
    uint64_t low, high;
};

/* All of these may be called by any thread at any time of the run, and never block. Integers of one value are one key, whatever
 * their types are. */
static inline struct prt_key prt_key_of_int(long long value)
{
    const struct prt_key key = { (uint64_t)value, value < 0 };

    return key;
}

static inline struct prt_key prt_key_of_unsigned(unsigned long long value)
{
    const struct prt_key key = { value, 0 };

    return key;
}

/* SipHash-1-3 with 128 bits of result (Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012). NULL is the
 * empty text; text that is equal byte by byte is one key, whichever of these it comes by. `most`: bytes that `text` has at
 * most, with or without a NUL behind its end. */
struct prt_key prt_key_of_text(const struct prt_worker *worker, const char *text);
struct prt_key prt_key_of_bytes(const struct prt_worker *worker, struct prt_bytes bytes);
struct prt_key prt_key_of_chars(const struct prt_worker *worker, const char *text, size_t most);

/* A key as it was written: text, bytes, or the digits of a number. It is valid as long as that of which it was made. */
struct prt_key_text {
    const char *text; /* NULL: the digits */
    size_t len;
    char digits[24];
};

/* The bytes of a key: valid as long as the key is. */
static inline struct prt_bytes prt_key_bytes(const struct prt_key_text *key)
{
    const struct prt_bytes bytes = { (unsigned char *)(key->text ? key->text : key->digits), key->len };

    return bytes;
}

/* Orders two `struct prt_bytes`, for tsearch(), bsearch() and qsort(): byte by byte, and what ends earlier before what goes on. */
static inline int prt_bytes_compare(const void *a, const void *b)
{
    const struct prt_bytes *const one = (const struct prt_bytes *)a, *const other = (const struct prt_bytes *)b;
    const size_t least = one->len < other->len ? one->len : other->len;
    const int order = least > 0 ? memcmp(one->data, other->data, least) : 0;

    return order != 0 ? order : (one->len > other->len) - (one->len < other->len);
}

static inline struct prt_key_text prt_key_text_of_unsigned(unsigned long long value)
{
    struct prt_key_text key = { NULL, 0, "" };
    char backwards[24];
    size_t n = 0;

    do
        backwards[n++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    while (n > 0)
        key.digits[key.len++] = backwards[--n];
    return key;
}

static inline struct prt_key_text prt_key_text_of_int(long long value)
{
    const unsigned long long size = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    struct prt_key_text key = prt_key_text_of_unsigned(size);

    if (value < 0) {
        memmove(key.digits + 1, key.digits, key.len++);
        key.digits[0] = '-';
    }
    return key;
}

#ifndef __cplusplus
/* What is wrong with a key the C compiler says where its expression stands, not where this does. */
#pragma GCC system_header

/* PRT_KEY(worker, E) is the key that the expression has: an integer, an enum, `char *`, `struct prt_bytes`, or an array of
 * char. E is evaluated once; it may have commas. Of another type there is no key, and it does not compile. */
#define PRT_KEY(worker, ...) PRT_KEY_BY_(PRT_KEY_FUNCTION_, worker, __VA_ARGS__)

/* PRT_KEY_TEXT(E) is the same as it was written, for what keeps keys itself. */
#define PRT_KEY_TEXT(...) PRT_KEY_BY_(PRT_KEY_TEXT_FUNCTION_, NULL, __VA_ARGS__)

#define PRT_KEY_BY_(function, worker, ...) \
    __extension__ ({ \
        __auto_type const prt_value_ = (__VA_ARGS__); /* with + 0, a bit-field is a number */ \
        _Static_assert(PRT_KEY_TYPES_(prt_value_, PRT_KEY_IS_ONE_, 0), \
                       "a key is a whole number, an enum, text (char *, char[N]) or bytes; name a member that is one"); \
        _Generic((__typeof__(__VA_ARGS__) *)0, \
            char (*)[sizeof(__VA_ARGS__)]: function(chars), \
            const char (*)[sizeof(__VA_ARGS__)]: function(chars), \
            default: PRT_KEY_TYPES_(prt_value_, function, function(int)))(worker, &prt_value_, sizeof(__VA_ARGS__)); \
    })

/* By a value's type: `of` its name, or `other`. */
#define PRT_KEY_TYPES_(value, of, other) \
    _Generic(value, \
        bool: of(bool), \
        char: of(char), \
        signed char: of(signed_char), \
        unsigned char: of(unsigned_char), \
        short: of(short), \
        unsigned short: of(unsigned_short), \
        int: of(int), \
        unsigned int: of(unsigned_int), \
        long: of(long), \
        unsigned long: of(unsigned_long), \
        long long: of(long_long), \
        unsigned long long: of(unsigned_long_long), \
        char *: of(text), \
        const char *: of(text), \
        struct prt_bytes: of(bytes), \
        struct prt_key_text: of(key_text), \
        default: other)
#define PRT_KEY_IS_ONE_(name) 1
#define PRT_KEY_FUNCTION_(name) prt_key_of_##name##_
#define PRT_KEY_TEXT_FUNCTION_(name) prt_key_text_of_##name##_

/* What is chosen from, by an expression's type: its value lies at `at`. */
#define PRT_KEY_OF_(name, type, kind) \
    __attribute__((__unused__)) \
    static inline struct prt_key prt_key_of_##name##_(const struct prt_worker *worker, const void *at, size_t size) \
    { \
        (void)worker; \
        (void)size; \
        return prt_key_of_##kind(*(const type *)at); \
    } \
    __attribute__((__unused__)) \
    static inline struct prt_key_text prt_key_text_of_##name##_(const struct prt_worker *worker, const void *at, size_t size) \
    { \
        (void)worker; \
        (void)size; \
        return prt_key_text_of_##kind(*(const type *)at); \
    }

PRT_KEY_OF_(bool, bool, unsigned)
PRT_KEY_OF_(char, char, int)
PRT_KEY_OF_(signed_char, signed char, int)
PRT_KEY_OF_(unsigned_char, unsigned char, unsigned)
PRT_KEY_OF_(short, short, int)
PRT_KEY_OF_(unsigned_short, unsigned short, unsigned)
PRT_KEY_OF_(int, int, int)
PRT_KEY_OF_(unsigned_int, unsigned int, unsigned)
PRT_KEY_OF_(long, long, int)
PRT_KEY_OF_(unsigned_long, unsigned long, unsigned)
PRT_KEY_OF_(long_long, long long, int)
PRT_KEY_OF_(unsigned_long_long, unsigned long long, unsigned)
#undef PRT_KEY_OF_

static inline struct prt_key prt_key_of_text_(const struct prt_worker *worker, const void *at, size_t size)
{
    (void)size;
    return prt_key_of_text(worker, *(const char *const *)at);
}

static inline struct prt_key prt_key_of_bytes_(const struct prt_worker *worker, const void *at, size_t size)
{
    (void)size;
    return prt_key_of_bytes(worker, *(const struct prt_bytes *)at);
}

static inline struct prt_key prt_key_of_chars_(const struct prt_worker *worker, const void *at, size_t size)
{
    return prt_key_of_chars(worker, *(const char *const *)at, size);
}

static inline struct prt_key prt_key_of_key_text_(const struct prt_worker *worker, const void *at, size_t size)
{
    (void)size;
    return prt_key_of_bytes(worker, prt_key_bytes((const struct prt_key_text *)at));
}

static inline struct prt_key_text prt_key_text_of_text_(const struct prt_worker *worker, const void *at, size_t size)
{
    const char *const text = *(const char *const *)at;
    const struct prt_key_text key = { text, text ? strlen(text) : 0, "" };

    (void)worker;
    (void)size;
    return key;
}

static inline struct prt_key_text prt_key_text_of_bytes_(const struct prt_worker *worker, const void *at, size_t size)
{
    const struct prt_bytes *const bytes = (const struct prt_bytes *)at;
    const struct prt_key_text key = { (const char *)bytes->data, bytes->len, "" };

    (void)worker;
    (void)size;
    return key;
}

static inline struct prt_key_text prt_key_text_of_chars_(const struct prt_worker *worker, const void *at, size_t size)
{
    const char *const text = *(const char *const *)at;
    const struct prt_key_text key = { text, strnlen(text, size), "" };

    (void)worker;
    return key;
}

static inline struct prt_key_text prt_key_text_of_key_text_(const struct prt_worker *worker, const void *at, size_t size)
{
    (void)worker;
    (void)size;
    return *(const struct prt_key_text *)at;
}
#endif

#ifdef __cplusplus
}
#endif

#endif
