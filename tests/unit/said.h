/* What a test's program prints on standard error meanwhile.
 */
#ifndef SAID_H
#define SAID_H

#include <stdio.h>
#include <unistd.h>

static char said[16384];

struct saying {
    FILE *file;
    int err;
};

/* From here on standard error is kept back, until said_end() puts it into `said`. */
static inline struct saying said_begin(void)
{
    const struct saying saying = { tmpfile(), dup(STDERR_FILENO) };

    fflush(stderr);
    dup2(fileno(saying.file), STDERR_FILENO);
    return saying;
}

static inline void said_end(struct saying saying)
{
    dup2(saying.err, STDERR_FILENO);
    close(saying.err);
    rewind(saying.file);
    said[fread(said, 1, sizeof said - 1, saying.file)] = '\0';
    fclose(saying.file);
}

#endif
