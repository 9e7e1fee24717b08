/* Functions of the C library and of the runtime: a macro of such a name does what the function does. */
#ifndef LIBC_H
#define LIBC_H

#include <stdbool.h>

/* Whether the word is one that bodies call as a statement. */
bool libc_has(const char *word);

#endif
