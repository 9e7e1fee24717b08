/* The files that the C compiler and the linker read for a program, as they tell themselves.
 *
 * What pipec cannot know of without them: headers by whatever form of #include, libraries by whatever way they are found.
 * A list of them, kept beside a program, says which files to look at to know whether it is still that program.
 */
#ifndef READS_H
#define READS_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "build/cc.h"
#include "build/hash.h"

struct reads {
    struct words contents;   /* files that are compared byte by byte, from the root */
    struct words identities; /* those of which it is enough that nobody wrote to them: large ones, and programs */
    struct timespec start;
    bool all;                /* nothing is known to be missing */
};

/* reads_open() makes a file for what the linker tells (cc_run()); NULL after a message. */
FILE *reads_open(void);

/* reads_sources() asks the C compiler, before it compiles; reads_linked() reads what the linker has told,
 * after it. Where something else may be read, or a file was written to meanwhile, `all` becomes false: a body that asks
 * __has_include, say, whose answer depends on a file that is not there. */
void reads_sources(struct reads *reads, struct cc_job *job);
void reads_linked(struct reads *reads, const struct cc_job *job, FILE *told);

/* Adds all of them as they are now, and whether a file stands where the C compiler would find it before one of them. False
 * where one cannot be read. */
bool reads_hash(const struct reads *reads, const struct cc_job *job, struct hash *hash);

/* reads_write() makes a list at `path`; reads_load() is true where there is one. Neither says anything: without a list
 * a program is built again. */
void reads_write(const struct reads *reads, const char *path);
bool reads_load(struct reads *reads, const char *path);

void reads_free(struct reads *reads);

#endif
