/* Memory that lives as long as the obstack it is taken from, and goes with it. Where memory is short, pipec ends with a
 * message, which is what obstacks do.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <obstack.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* What a whole compilation keeps. NULL where memory is short. */
struct obstack *memory_new(void);
void memory_free(struct obstack *memory);

/* Says that memory is short, which is elsewhere than in an obstack; returns false. */
bool memory_short(void);

/* `size` zero bytes. */
static inline void *memory_take(struct obstack *memory, size_t size)
{
    return memset(obstack_alloc(memory, size), 0, size);
}

/* Strings: `len` letters of `text`; three after each other; what printf would write. */
const char *memory_copy(struct obstack *memory, const char *text, size_t len);
const char *memory_join(struct obstack *memory, const char *a, const char *b, const char *c);
const char *memory_format(struct obstack *memory, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *memory_vformat(struct obstack *memory, const char *format, va_list arguments);

#endif
