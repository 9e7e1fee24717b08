/* The item types that the language has built in. */
#ifndef PRT_TYPES_H
#define PRT_TYPES_H

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
