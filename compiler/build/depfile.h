/* A rule for make (and ninja, and CMake) that says what an emitted file was made from. */
#ifndef DEPFILE_H
#define DEPFILE_H

#include <stdbool.h>

#include "build/words.h"

/* Whether make reads the name in a rule as it is meant. */
bool depfile_can_name(const char *name);

/* depfile_write() writes the rule `targets: sources` to `path`, of names that can be. False after a message. */
bool depfile_write(const char *path, const struct words *targets, const struct words *sources);

#endif
