/* Which names are of one file, so that nothing that is written takes the place of something that is read, or of
 * something else that is written.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

/* A file that a command reads or writes. "-" is standard input or standard output. */
struct file_use {
    const char *path; /* NULL: none */
    bool written;
};

/* file_clash() finds the first two of the `n` files that are one, where at least one of them is written: *one is
 * written, before or after *other is read or written. A name may be of a file that does not exist yet, lead there by
 * links or another way. False where all are apart. */
bool file_clash(const struct file_use *uses, size_t n, const char **one, const char **other);

/* The file that writing to `path` would change or make: what its links lead to. To be freed; NULL with errno. */
char *file_itself(const char *path);

#endif
