/* What examples/linecount.pipe does, as a plain C program on one core: counts the lines that contain a text. It reads
 * again and again into the same memory, which stays in the cache.
 *
 *     lines TEXT FILE
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 262144 };

static void die(const char *what)
{
    fprintf(stderr, "lines: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t count_lines(const char *text, size_t len, const char *wanted)
{
    const char *const end = text + len;
    const size_t wanted_len = strlen(wanted);
    uint64_t lines = 0;

    while (text && text < end && (text = memmem(text, (size_t)(end - text), wanted, wanted_len))) {
        lines++;
        text = memchr(text, '\n', (size_t)(end - text));
    }
    return lines;
}

int main(int argc, char **argv)
{
    static char buffer[BUFFER];
    uint64_t lines = 0;
    size_t len = 0;
    ssize_t got;
    int fd;

    if (argc != 3) {
        fprintf(stderr, "usage: lines TEXT FILE\n");
        return 2;
    }
    fd = open(argv[2], O_RDONLY);
    if (fd < 0)
        die(argv[2]);
    while ((got = read(fd, buffer + len, BUFFER - len)) > 0) {
        const char *last = memrchr(buffer, '\n', len + (size_t)got);
        const size_t whole = last ? (size_t)(last + 1 - buffer) : 0;

        len += (size_t)got;
        if (whole == 0 && len == BUFFER) {
            errno = EOVERFLOW;
            die("a line is too long");
        }
        lines += count_lines(buffer, whole, argv[1]);
        memmove(buffer, buffer + whole, len - whole);
        len -= whole;
    }
    if (got < 0)
        die(argv[2]);
    lines += count_lines(buffer, len, argv[1]);
    printf("%" PRIu64 "\n", lines);
    return 0;
}
