/* A file as it was read, and places in it.
 *
 * A span is two byte offsets; lines and columns are computed only when something is printed.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
    uint32_t start; /* byte offset of the first byte */
    uint32_t end;   /* byte offset after the last byte */
};

struct source {
    const char *path;  /* as the user named it; "<stdin>" for standard input */
    char *text;        /* `len` bytes and two NULs, as flex wants them */
    size_t len;
    uint32_t *lines;   /* offset of each line's first byte; line 1 is lines[0] */
    size_t nlines;
};

struct position {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in bytes */
};

#define SOURCE_MAX ((size_t)64 << 20) /* bytes; larger files are refused */

/* source_read() reads a regular file, or standard input for "-". Returns NULL after a message (file missing, not a
 * regular file, larger than SOURCE_MAX). */
struct source *source_read(const char *path);
struct source *source_from_memory(const char *path, const char *text, size_t len);
void source_free(struct source *source);

struct position source_position(const struct source *source, uint32_t offset);

/* The line's text without its line end; not NUL-terminated. */
const char *source_line(const struct source *source, uint32_t line, size_t *len);

#endif
