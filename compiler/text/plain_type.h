/* Types of items that need no declaration.
 */
#ifndef PLAIN_TYPE_H
#define PLAIN_TYPE_H

#include <stddef.h>

#include "text/shown.h"

struct plain_type {
    const char *text;      /* as people write it */
    size_t size;           /* bytes, where every machine of 64 bits agrees on them; 0: it is not asked for */
    enum item_shown shown;
};

/* The type that the first `len` letters of `text` are; NULL: none of them. */
const struct plain_type *plain_type_find(const char *text, size_t len);

#endif
