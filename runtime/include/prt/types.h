/* The item types that the language has built in. */
#ifndef PRT_TYPES_H
#define PRT_TYPES_H

#include <stdlib.h>

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

#endif
