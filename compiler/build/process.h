/* Starting other programs, without a shell. */
#ifndef PROCESS_H
#define PROCESS_H

#include "build/words.h"

enum { PROCESS_INHERIT = -1, PROCESS_NULL = -2 };

/* process_run() runs the program and waits for its end. `in`, `out` and `err` are descriptors, or one of the above.
 * Returns its exit status; PROCESS_SIGNAL + N where signal N ended it; -1 with errno where it could not be started. */
#define PROCESS_SIGNAL 1000
int process_run(const struct words *words, int in, int out, int err);

/* The first line that the program prints, perhaps an empty one, to be freed; NULL where it ends with another status than 0. */
char *process_line(const struct words *words);

#endif
