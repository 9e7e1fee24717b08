/* Reads a file in large pieces that end at a safe place: between two words, or after a line.
 *
 * A piece is as long as the caller likes, whatever the lengths of reads from a pipe, and longer where one word or line
 * alone is longer, up to a limit: a line without end must not take all memory. What stands behind the last safe place goes to the front of the next piece. The end of a file is
 * always a safe place.
 */
#ifndef CHUNKS_H
#define CHUNKS_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNKS_LONGEST = 1 << 26 }; /* bytes of a piece, at most, unless the caller likes longer ones */

struct chunks {
    int fd;
    size_t size;                      /* bytes of a usual piece */
    bool (*ends)(unsigned char byte); /* a piece may end after this byte */
    unsigned char *data;              /* what has been read and not been handed out */
    size_t len, room;
};

/* Call it before anything else; chunks_close() is legal from then on. */
static inline void chunks_init(struct chunks *self, size_t size, bool (*ends)(unsigned char byte))
{
    *self = (struct chunks){ .fd = -1, .size = size, .ends = ends };
}

/* Opens `path`; `-` is the standard input. Returns false, with errno, where that fails. */
static inline bool chunks_open(struct chunks *self, const char *path)
{
    self->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    return self->fd >= 0;
}

static inline void chunks_close(struct chunks *self)
{
    if (self->fd > STDIN_FILENO)
        close(self->fd);
    self->fd = -1;
    free(self->data);
    self->data = NULL;
    self->len = self->room = 0;
}

static inline bool chunks_grow_(struct chunks *self)
{
    const size_t room = self->room ? 2 * self->room : self->size;
    unsigned char *data;

    if (room > CHUNKS_LONGEST && room > self->size) {
        errno = EMSGSIZE;
        return false;
    }
    data = realloc(self->data, room);
    if (!data)
        return false;
    self->data = data;
    self->room = room;
    return true;
}

/* Reads until the memory is full or the file ends: 1 full, 0 end, -1 an error, with errno. A read that a signal
 * interrupts is an error too (EINTR): the caller knows whether to go on, and nothing is lost if it does. */
static inline int chunks_fill_(struct chunks *self)
{
    while (self->len < self->room) {
        const ssize_t got = read(self->fd, self->data + self->len, self->room - self->len);

        if (got <= 0)
            return (int)got;
        self->len += (size_t)got;
    }
    return 1;
}

/* Hands out the first `cut` bytes, which the caller then owns, and keeps the rest. */
static inline bool chunks_cut_(struct chunks *self, size_t cut, unsigned char **chunk)
{
    const size_t rest = self->len - cut;
    const size_t room = rest < self->size ? self->size : 2 * rest;
    unsigned char *data = malloc(room);

    if (!data)
        return false;
    memcpy(data, self->data + cut, rest);
    *chunk = self->data;
    self->data = data;
    self->len = rest;
    self->room = room;
    return true;
}

/* Why the next piece could not be read. */
static inline const char *chunks_why(void)
{
    return errno == EMSGSIZE ? "a line or a word is too long to be read in one piece" : strerror(errno);
}

/* Reads the next piece, `*len` bytes at `*chunk`, which the caller frees: 1 there is one, 0 the file has ended, -1 an
 * error, with errno; chunks_why() tells it. */
static inline int chunks_next(struct chunks *self, unsigned char **chunk, size_t *len)
{
    for (;;) {
        size_t cut;
        int got;

        if (self->len == self->room && !chunks_grow_(self))
            return -1;
        got = chunks_fill_(self);
        if (got < 0 || (got == 0 && self->len == 0))
            return got;
        for (cut = self->len; got > 0 && cut > 0 && !self->ends(self->data[cut - 1]); cut--)
            ;
        if (cut > 0) {
            *len = cut;
            return chunks_cut_(self, cut, chunk) ? 1 : -1;
        }
    }
}

#endif
