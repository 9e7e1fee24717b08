/* Names as make reads them. */
#include "build/depfile.h"

#include <stdio.h>
#include <stdlib.h>

#include "build/output.h"

/* make splits at blanks, and takes # $ and % for its own; a backslash is its own only before a blank or a #. */
static void write_name(FILE *to, const char *name)
{
    for (const char *at = name; *at; at++) {
        if (*at == ' ' || *at == '\t' || *at == '#') {
            for (const char *before = at; before > name && before[-1] == '\\'; before--)
                putc('\\', to);
            putc('\\', to);
        } else if (*at == '$') {
            putc('$', to);
        }
        putc(*at, to);
    }
}

static void write_rule(FILE *to, const struct words *targets, const struct words *sources)
{
    for (size_t i = 0; i < targets->len; i++) {
        fputs(i > 0 ? " " : "", to);
        write_name(to, targets->at[i]);
    }
    fputs(":", to);
    for (size_t i = 0; i < sources->len; i++) {
        fputs(" ", to);
        write_name(to, sources->at[i]);
    }
    fputs("\n", to);
}

bool depfile_write(const char *path, const struct words *targets, const struct words *sources)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);
    bool written = false;

    if (to) {
        write_rule(to, targets, sources);
        written = fclose(to) == 0 && output_write(path, text, len);
    }
    free(text);
    return written;
}
