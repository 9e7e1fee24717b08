/* Files of cases: lines of three columns, parted by tabs. In the first two %HH is a byte, %*N*TEXT* is the text N times.
 */
#ifndef CASES_H
#define CASES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static inline void put_unescaped(FILE *to, const char *text)
{
    for (char *end; *text; text = end) {
        const size_t plain = strcspn(text, "%");

        fwrite(text, 1, plain, to);
        text += plain;
        end = (char *)text;
        if (!*text)
            break;
        if (text[1] == '*') {
            const unsigned long times = strtoul(text + 2, &end, 10);
            const size_t len = strcspn(end + 1, "*");

            for (unsigned long i = 0; i < times; i++)
                fwrite(end + 1, 1, len, to);
            end += len + 2;
        } else {
            const char digits[] = { text[1], text[2], '\0' };

            fputc((int)strtol(digits, NULL, 16), to);
            end += 3;
        }
    }
}

static inline char *unescaped(const char *before, const char *text, const char *behind, size_t *len)
{
    char *result = NULL;
    FILE *to = open_memstream(&result, len);

    ck_assert_ptr_nonnull(to);
    fputs(before, to);
    put_unescaped(to, text);
    fputs(behind, to);
    fclose(to);
    return result;
}

/* A copy in memory of its own size. */
static inline char *exactly(const char *text, size_t len)
{
    char *const exact = malloc(len ? len : 1);

    memcpy(exact, text, len);
    return exact;
}

/* Returns how many there are. */
static inline size_t cases_each(const char *path, void (*check)(const char *first, const char *second, const char *third))
{
    FILE *cases = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, n = 0;

    ck_assert_ptr_nonnull(cases);
    while (getline(&line, &room, cases) >= 0) {
        char *second, *third;

        if (*line == '#' || *line == '\n')
            continue;
        second = strchr(line, '\t');
        ck_assert_ptr_nonnull(second);
        *second++ = '\0';
        third = strchr(second, '\t');
        ck_assert_ptr_nonnull(third);
        *third++ = '\0';
        third[strcspn(third, "\n")] = '\0';
        check(line, second, third);
        n++;
    }
    free(line);
    fclose(cases);
    return n;
}

#endif
