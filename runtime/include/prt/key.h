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

#ifndef __cplusplus
/* What is wrong with a key the C compiler says where its expression stands, not where this does. */
#pragma GCC system_header

/* PRT_KEY(worker, E) is the key that the expression has: an integer, an enum, `char *`, `struct prt_bytes`, or an array of
 * char. E is evaluated once; it may have commas. Of another type there is no key, and it does not compile. */
#define PRT_KEY(worker, ...) \
    __extension__ ({ \
        __auto_type const prt_value_ = (__VA_ARGS__); /* with + 0, a bit-field is a number */ \
        _Static_assert(PRT_KEY_TYPES_(prt_value_, PRT_KEY_IS_ONE_, 0), \
                       "a key is a whole number, an enum, text (char *, char[N]) or bytes; name a member that is one"); \
        _Generic((__typeof__(__VA_ARGS__) *)0, \
            char (*)[sizeof(__VA_ARGS__)]: prt_key_of_chars_, \
            const char (*)[sizeof(__VA_ARGS__)]: prt_key_of_chars_, \
            default: PRT_KEY_TYPES_(prt_value_, PRT_KEY_FUNCTION_, prt_key_of_int_))(worker, &prt_value_, sizeof(__VA_ARGS__)); \
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
        default: other)
#define PRT_KEY_IS_ONE_(name) 1
#define PRT_KEY_FUNCTION_(name) prt_key_of_##name##_

/* What PRT_KEY() chooses from, by an expression's type: its value lies at `at`. */
#define PRT_KEY_OF_(name, type, of) \
    __attribute__((__unused__)) \
    static inline struct prt_key prt_key_of_##name##_(const struct prt_worker *worker, const void *at, size_t size) \
    { \
        (void)worker; \
        (void)size; \
        return of(*(const type *)at); \
    }

PRT_KEY_OF_(bool, bool, prt_key_of_unsigned)
PRT_KEY_OF_(char, char, prt_key_of_int)
PRT_KEY_OF_(signed_char, signed char, prt_key_of_int)
PRT_KEY_OF_(unsigned_char, unsigned char, prt_key_of_unsigned)
PRT_KEY_OF_(short, short, prt_key_of_int)
PRT_KEY_OF_(unsigned_short, unsigned short, prt_key_of_unsigned)
PRT_KEY_OF_(int, int, prt_key_of_int)
PRT_KEY_OF_(unsigned_int, unsigned int, prt_key_of_unsigned)
PRT_KEY_OF_(long, long, prt_key_of_int)
PRT_KEY_OF_(unsigned_long, unsigned long, prt_key_of_unsigned)
PRT_KEY_OF_(long_long, long long, prt_key_of_int)
PRT_KEY_OF_(unsigned_long_long, unsigned long long, prt_key_of_unsigned)
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
#endif

#ifdef __cplusplus
}
#endif

#endif
