/* Where the C compiler looks for headers and libraries: in the directories that it was given. */
#ifndef SEARCH_H
#define SEARCH_H

#include "build/cc.h"
#include "build/hash.h"

/* Adds which of the names that the files may have been asked for by (x.h, dir/x.h) stand in which directory of the
 * command line and the environment: one that comes up there takes a file's place, though that file is as it was. */
void search_hash(const struct cc_job *job, const struct words *files, struct hash *hash);

#endif
