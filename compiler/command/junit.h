/* What came of tests, as JUnit's XML, which systems for continuous integration read.
 */
#ifndef JUNIT_H
#define JUNIT_H

#include "command/trial.h"

/* The text, to be freed, and its length; NULL where memory is short. Tests of one file stand together. */
char *junit_text(const struct trial *trials, size_t n, size_t *len);

#endif
