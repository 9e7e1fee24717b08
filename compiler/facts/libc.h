/* The functions of the C library that bodies call most, and those of the runtime: a macro of such a name does what the
 * function does, and hides neither a loop nor a jump. */
#ifndef LIBC_H
#define LIBC_H

#include <stdbool.h>

/* Whether the word is the name of one. */
bool libc_has(const char *word);

#endif
