/* The programs that `run` built, kept for the next time.
 *
 * They stand in $XDG_CACHE_HOME/pipec (~/.cache/pipec), a directory that nobody else may write, under a name that is
 * the hash of all that went into them: the emitted C, the C compiler and its words, and every file that it and the linker
 * have read (reads.h). A program appears under its name whole or not at all, so that any number of pipecs may build and
 * run the same one. What nobody ran for 30 days is removed when something new is built.
 */
#ifndef CACHE_H
#define CACHE_H

#include "build/build.h"
#include "build/reads.h"

struct cache {
    struct build *build;
    char *directory;
    struct hash known; /* what needs no C compiler to be known */
    char *list;        /* the file that says what else was read */
};

/* Makes sure that the directory is there and safe. False after a message. cache_close() is due in any case. */
bool cache_open(struct cache *cache, struct build *build);
void cache_close(struct cache *cache);

/* The program that was built from the same files, or NULL. Marks it as used. The path is to be freed. */
char *cache_find(const struct cache *cache);

/* Builds the program; its path, to be freed. NULL after a message. */
char *cache_make(struct cache *cache);

#endif
