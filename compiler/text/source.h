/* Files as they were read, and places in them.
 *
 * A span is two byte offsets into one space, in which the texts of all files of a compilation lie end to end, so that an
 * offset tells the file too. Lines and columns are computed only when something is printed.
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
    const char *name;  /* how the emitted C calls it; lives elsewhere. `path` where nobody says otherwise */
    unsigned long long device, inode; /* of a file of the system, as stat has them; else 0 */
    size_t number;     /* its place among the files of the compilation */
    char *text;        /* `len` bytes and two NULs, as flex wants them */
    size_t len;
    uint32_t start;    /* the offset of its first byte; sources_add() sets it */
    uint32_t *lines;   /* each line's first byte, from 0; line 1 is lines[0] */
    size_t nlines;
};

struct position {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in bytes */
};

#define SOURCE_MAX ((size_t)64 << 20)  /* bytes; larger files are refused */
#define SOURCES_MAX ((size_t)1 << 31)  /* bytes of all files together */

/* source_read() reads a regular file, or standard input for "-". Returns NULL after a message (file missing, not a
 * regular file, larger than SOURCE_MAX). source_open() tells the reason instead of printing it, and is not for standard
 * input; errno is ENOENT or ENOTDIR iff there is no such file. */
struct source *source_read(const char *path);
struct source *source_open(const char *path, const char **why);
struct source *source_from_memory(const char *path, const char *text, size_t len);
void source_free(struct source *source);

struct position source_position(const struct source *source, uint32_t offset);

/* The text at an offset of the space, which lies in `source`; and the offset of a place in its text. */
static inline const char *source_text(const struct source *source, uint32_t offset)
{
    return source->text + (offset - source->start);
}

static inline uint32_t source_offset(const struct source *source, const char *text)
{
    return source->start + (uint32_t)(text - source->text);
}

static inline uint32_t source_end(const struct source *source)
{
    return source->start + (uint32_t)source->len;
}

/* The line's text without its line end; not NUL-terminated. */
const char *source_line(const struct source *source, uint32_t line, size_t *len);

/* ---- all of them ---- */

struct sources;

/* NULL where memory is short. sources_free() frees the files too. */
struct sources *sources_new(void);
void sources_free(struct sources *sources);

/* Takes the file, and gives it its place behind those before it. False where the space is full, or memory short: then
 * the file is still the caller's. */
bool sources_add(struct sources *sources, struct source *source);

/* A piece of a file's text that stands somewhere else too, under offsets of its own: a part, where a stage is made of
 * it. */
struct view {
    struct span origin;    /* the piece */
    struct span use;       /* where it stands; may lie in a view itself */
    const char *name;      /* of what it is there, "check" */
    const char *part;      /* and of the piece */
    uint32_t start;        /* the offset of its first byte; sources_view() sets it */
};

/* sources_view() adds one, which lives elsewhere, as long. No file may be added after that. False where the space is full,
 * or memory short. */
bool sources_view(struct sources *sources, struct view *view);

/* The view in which an offset lies, NULL: in none; and the offset in the file of what lies there. */
const struct view *sources_view_at(const struct sources *sources, uint32_t offset);
uint32_t sources_origin(const struct sources *sources, uint32_t offset);

/* The file that an offset lies in; its end, and the first two bytes behind that, count as its own. */
size_t sources_count(const struct sources *sources);
const struct source *sources_at(const struct sources *sources, size_t number);
const struct source *sources_file(const struct sources *sources, uint32_t offset);
const char *sources_text(const struct sources *sources, uint32_t offset);
struct position sources_position(const struct sources *sources, uint32_t offset);

#endif
