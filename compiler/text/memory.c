/* Pieces of an obstack. */
#include "text/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *memory_take(struct obstack *memory, size_t size)
{
    return memset(obstack_alloc(memory, size), 0, size);
}

const char *memory_copy(struct obstack *memory, const char *text, size_t len)
{
    return obstack_copy0(memory, text, len);
}

const char *memory_join(struct obstack *memory, const char *a, const char *b, const char *c)
{
    obstack_grow(memory, a, strlen(a));
    obstack_grow(memory, b, strlen(b));
    obstack_grow0(memory, c, strlen(c));
    return obstack_finish(memory);
}

const char *memory_format(struct obstack *memory, const char *format, ...)
{
    va_list arguments;
    const char *kept;
    char *text;
    int len;

    va_start(arguments, format);
    len = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (len < 0) {
        obstack_alloc_failed_handler();
        return "";
    }
    kept = obstack_copy0(memory, text, (size_t)len);
    free(text);
    return kept;
}
