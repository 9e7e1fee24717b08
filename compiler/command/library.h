/* The installed library of parts, as `pipec explain` tells it. */
#ifndef COMMAND_LIBRARY_H
#define COMMAND_LIBRARY_H

#include <stdbool.h>

/* Prints what the library says of `name`: of a part how a stage is made of it, its params, and the comment above it; of a record its
 * declaration; of a file, "lines.pipe", or "http" where no part or record is called so, the comment that it begins with and a line for
 * each of its records and parts. False where nothing in it is called so: then nothing is printed. */
bool library_explain(const char *name);

#endif
