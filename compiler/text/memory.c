/* Pieces of an obstack. */
#include "text/memory.h"

#include <stdio.h>
#include <stdlib.h>

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

struct obstack *memory_new(void)
{
    struct obstack *memory = malloc(sizeof *memory);

    if (memory)
        obstack_init(memory);
    return memory;
}

void memory_free(struct obstack *memory)
{
    if (!memory)
        return;
    obstack_free(memory, NULL);
    free(memory);
}

bool memory_short(void)
{
    fputs("pipec: out of memory\n", stderr);
    return false;
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

const char *memory_vformat(struct obstack *memory, const char *format, va_list arguments)
{
    char line[256];
    char *text = line;
    const char *kept;
    va_list again;
    int len;

    va_copy(again, arguments);
    len = vsnprintf(line, sizeof line, format, arguments);
    if (len >= (int)sizeof line)
        len = vasprintf(&text, format, again);
    va_end(again);
    if (len < 0) {
        obstack_alloc_failed_handler();
        return "";
    }
    kept = memory_copy(memory, text, (size_t)len);
    if (text != line)
        free(text);
    return kept;
}

const char *memory_format(struct obstack *memory, const char *format, ...)
{
    va_list arguments;
    const char *text;

    va_start(arguments, format);
    text = memory_vformat(memory, format, arguments);
    va_end(arguments);
    return text;
}
