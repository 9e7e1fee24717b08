/* Reading files, and turning byte offsets into lines and columns.
 *
 * A line ends at LF, CRLF or a lone CR; the bytes are kept as they are.
 */
#include "text/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct source *fail(const char **why, const char *reason)
{
    *why = reason;
    return NULL;
}

/* A path goes into messages, comments and #line, so it must be one printable line. */
static bool is_printable(const char *path)
{
    for (; *path; path++)
        if ((unsigned char)*path < ' ' || *path == 127)
            return false;
    return true;
}

static bool is_line_end(const char *text, size_t len, size_t i)
{
    return text[i] == '\n' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n'));
}

static bool find_lines(struct source *source)
{
    size_t n = 1;

    for (size_t i = 0; i < source->len; i++)
        n += is_line_end(source->text, source->len, i);
    source->lines = malloc(n * sizeof *source->lines);
    if (!source->lines)
        return false;
    source->lines[source->nlines++] = 0;
    for (size_t i = 0; i < source->len; i++)
        if (is_line_end(source->text, source->len, i))
            source->lines[source->nlines++] = (uint32_t)(i + 1);
    return true;
}

/* Takes `text`, which has room for two bytes more than `len`. */
static struct source *source_new(const char *path, char *text, size_t len, const char **why)
{
    struct source *source = calloc(1, sizeof *source);
    char *name = strdup(path);

    if (!source || !name) {
        free(source);
        free(name);
        free(text);
        return fail(why, "out of memory");
    }
    text[len] = text[len + 1] = '\0';
    *source = (struct source){ .path = name, .name = name, .text = text, .len = len };
    if (!find_lines(source)) {
        source_free(source);
        return fail(why, "out of memory");
    }
    return source;
}

/* Reads all of `file`. Not the size that fstat told: the file may grow, and a pipe has none. */
static struct source *read_all(const char *path, int file, const char **why)
{
    size_t room = 1 << 16, len = 0;
    char *text = malloc(room + 2);

    while (text) {
        const ssize_t n = read(file, text + len, room - len);

        if (n == 0)
            return source_new(path, text, len, why);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || (len += (size_t)n) > SOURCE_MAX) {
            free(text);
            return fail(why, n < 0 ? strerror(errno) : "larger than 64 MiB; split it, or move C text into .c files");
        }
        if (len == room) {
            char *more = realloc(text, (room *= 2) + 2);

            if (!more)
                free(text);
            text = more;
        }
    }
    return fail(why, "out of memory");
}

struct source *source_open(const char *path, const char **why)
{
    const int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* or opening a FIFO would wait for a writer */
    struct stat status;
    struct source *source = NULL;

    if (file < 0)
        return fail(why, strerror(errno));
    if (fstat(file, &status) < 0)
        fail(why, strerror(errno));
    else if (S_ISDIR(status.st_mode))
        fail(why, "a directory; name a .pipe file in it");
    else if (!S_ISREG(status.st_mode))
        fail(why, "not a regular file; use - to read standard input");
    else
        source = read_all(path, file, why);
    if (source) {
        source->device = status.st_dev;
        source->inode = status.st_ino;
    }
    close(file);
    errno = 0;
    return source;
}

struct source *source_read(const char *path)
{
    const char *why = NULL;
    struct source *source = NULL;

    if (!strcmp(path, "-"))
        source = read_all("<stdin>", STDIN_FILENO, &why);
    else if (is_printable(path))
        source = source_open(path, &why);
    else
        fprintf(stderr, "pipec: a file's name: holds a control character; rename the file\n");
    if (!source && why)
        fprintf(stderr, "pipec: %s: %s\n", strcmp(path, "-") ? path : "<stdin>", why);
    return source;
}

struct source *source_from_memory(const char *path, const char *text, size_t len)
{
    char *copy = len > SOURCE_MAX ? NULL : malloc(len + 2);
    const char *why;

    if (!copy)
        return NULL;
    memcpy(copy, text, len);
    return source_new(path, copy, len, &why);
}

void source_free(struct source *source)
{
    if (!source)
        return;
    free((char *)source->path);
    free(source->text);
    free(source->lines);
    free(source);
}

struct position source_position(const struct source *source, uint32_t offset)
{
    size_t low = 0, high = source->nlines;

    offset -= source->start;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return (struct position){ .line = (uint32_t)low + 1, .column = offset - source->lines[low] + 1 };
}

const char *source_line(const struct source *source, uint32_t line, size_t *len)
{
    const size_t start = source->lines[line - 1];
    size_t end = line < source->nlines ? source->lines[line] : source->len;

    while (end > start && (source->text[end - 1] == '\n' || source->text[end - 1] == '\r'))
        end--;
    *len = end - start;
    return source->text + start;
}
