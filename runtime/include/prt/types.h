/* The item types that the language has built in. */
#ifndef PRT_TYPES_H
#define PRT_TYPES_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `bytes`: owned memory from malloc; data is NULL where it is empty. */
struct prt_bytes {
    unsigned char *data;
    size_t len;
};

/* The drop functions of `string` and `bytes`, of the form that channels and cleanup attributes want. All zero bytes own
 * nothing. */
static inline void prt_string_drop(void *item)
{
    free(*(char **)item);
}

static inline void prt_bytes_drop(void *item)
{
    free(((struct prt_bytes *)item)->data);
}

/* Copies of them, for broadcasts (prt/cast.h): empty where there is no memory. An empty string, or bytes of length 0, is no
 * empty item: it has memory of its own. */
static inline void prt_string_clone(void *copy, const void *item)
{
    const char *const from = *(char *const *)item;
    const size_t bytes = strlen(from) + 1;
    char *const to = (char *)malloc(bytes);

    if (to)
        memcpy(to, from, bytes);
    *(char **)copy = to;
}

static inline void prt_bytes_clone(void *copy, const void *item)
{
    const struct prt_bytes *const from = (const struct prt_bytes *)item;
    struct prt_bytes *const to = (struct prt_bytes *)copy;

    to->data = (unsigned char *)malloc(from->len + 1);
    to->len = to->data ? from->len : 0;
    if (to->data && from->data)
        memcpy(to->data, from->data, from->len);
}

/* Makes of bytes that are empty bytes of length 0, for who has read nothing: NULL is no pointer that fwrite() or memcpy() may have, not
 * even for no bytes. Any thread; does not block. False: there is no memory, and they are as they were. */
static inline bool prt_bytes_own(struct prt_bytes *bytes)
{
    if (!bytes->data)
        bytes->data = (unsigned char *)malloc(1);
    return bytes->data != NULL;
}

/* PRT_TAKE(variable) is the item that lies in the variable, or in a part of one, which is empty then: all zero bytes, so
 * that nobody drops it. What stands in the parentheses is evaluated once; it may have commas. */
#define PRT_TAKE(...) \
    __extension__ ({ \
        __auto_type const prt_from_ = &(__VA_ARGS__); \
        __typeof__(*prt_from_) prt_taken_ = *prt_from_; \
        memset(prt_from_, 0, sizeof *prt_from_); \
        prt_taken_; \
    })

#ifdef __cplusplus
}
#endif

#endif
