/* The programs that `run` built, kept for the next time.
 *
 * They stand in $XDG_CACHE_HOME/pipec (~/.cache/pipec), a directory that nobody else may write, under a name that is
 * the hash of all that went into them. A program appears under its name whole or not at all, so that any number of
 * pipecs may build and run the same one. What nobody ran for 30 days is removed when something new is built.
 */
#ifndef CACHE_H
#define CACHE_H

#include "build/build.h"

/* cache_path() makes sure that the directory is there and safe, and returns where the program belongs, to be freed.
 * NULL after a message. */
char *cache_path(const struct build *build);

/* The program at `path` was built from the same files: nothing but the .pipe file, and headers of the system, went into
 * it. Marks it as used. */
bool cache_has(const struct build *build, const char *path);

/* Removes the old ones from the directory of `path`. */
void cache_prune(const char *path);

#endif
