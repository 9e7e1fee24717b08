/* Files that pipec writes: whole or not at all.
 *
 * The text goes to a temporary file in the target's directory, which is renamed over the target once all of it is
 * written. On an error, and on a signal that ends pipec, the temporary file is removed.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* output_write() makes `path` hold the `len` bytes at `text`; "-" is standard output. A file that holds them already
 * is left alone, with its time; what is no regular file (a terminal, a pipe) is written in place. False after a
 * message. */
bool output_write(const char *path, const char *text, size_t len);

/* The same of a text that was made in memory, which is freed; NULL: there was too little of it, which is the message. */
bool output_write_given(const char *path, char *text, size_t len);

/* A file that another program writes, such as the one that the C compiler makes. */
struct output_file {
    char *target;
    char *temporary; /* for that program to write */
    mode_t mode;     /* permissions that it has besides those that the other program gives it */
};

/* The functions that return bool say why on standard error. After output_begin() returned true, one of the others must
 * be called. */
bool output_begin(struct output_file *file, const char *path);
bool output_commit(struct output_file *file);

/* The file gets another name in the same directory. False after a message. */
bool output_name(struct output_file *file, const char *path);
void output_abandon(struct output_file *file);

/* Whether that program wrote something that can be run: a linker adds the right to execute, and nothing else does. */
bool output_is_program(const struct output_file *file);

/* A temporary directory with one file in it. output_folder_remove() also undoes what a call that failed had made. */
struct output_folder {
    char *path;
    char *file;
};

bool output_folder_make(struct output_folder *folder, const char *name, const char *text, size_t len);
void output_folder_remove(struct output_folder *folder);

#endif
