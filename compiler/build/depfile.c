/* Names as make reads them. */
#include "build/depfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/output.h"

/* What can be written so that make and ninja both read the name again: a blank, a # and a $ have a way, what else means
 * something to either of them has none. A ~ at the start is make's home directory, parentheses at the end are its member
 * of an archive, and a blank there belongs to no name. */
bool depfile_can_name(const char *name)
{
    const size_t len = strlen(name);

    for (const char *at = name; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 127 || strchr("%:;=|&*?[", *at))
            return false;
    return len > 0 && name[0] != '~' && name[len - 1] != '\\' && name[len - 1] != ' '
        && (name[len - 1] != ')' || !strchr(name, '('));
}

/* A backslash is make's own only before a blank or a #. */
static void write_name(FILE *to, const char *name)
{
    for (const char *at = name; *at; at++) {
        if (*at == ' ' || *at == '#') {
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
