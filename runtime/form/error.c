/* The line is put together where it is to stand. */
#include "form/error.h"

#include <stdio.h>
#include <string.h>

/* Text that ends where there is no room for more. */
struct line {
    char *to;
    size_t room; /* with the NUL */
};

static void add(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add_list(struct line *line, const char *format, va_list arguments)
{
    const int len = vsnprintf(line->to, line->room, format, arguments);
    const size_t added = len < 0 ? 0 : (size_t)len < line->room ? (size_t)len : line->room - 1;

    line->to += added;
    line->room -= added;
}

static void add(struct line *line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_list(line, format, arguments);
    va_end(arguments);
}

/* Records stand in records so deep at most. */
#define STEPS_MAX 40

static void add_steps(struct line *line, const struct step *step)
{
    const struct step *way[STEPS_MAX];
    size_t n = 0;

    for (; step && n < STEPS_MAX; step = step->outer)
        way[n++] = step;
    for (size_t i = n; i-- > 0;) {
        add(line, "%s%s", way[i]->field->name, way[i]->indexed ? "" : i > 0 ? "." : ": ");
        if (way[i]->indexed)
            add(line, "[%zu]%s", way[i]->index, i > 0 ? "." : ": ");
    }
}

/* Its line is worth a word where there are others. */
static bool has_lines(const char *begin, const char *end)
{
    const char *const first = memchr(begin, '\n', (size_t)(end - begin));

    return first && first + 1 < end;
}

void prt_error_tell_(struct prt_error *error, const char *begin, const char *end, const char *at, const struct step *step,
                     const char *format, va_list arguments)
{
    struct line line;

    if (!error)
        return;
    error->line = 1;
    error->column = (size_t)(at - begin) + 1;
    for (const char *next = begin; (next = memchr(next, '\n', (size_t)(at - next)));) {
        next++;
        error->line++;
        error->column = (size_t)(at - next) + 1;
    }
    line = (struct line){ error->text, sizeof error->text };
    if (error->line > 1 || has_lines(begin, end))
        add(&line, "line %zu, ", error->line);
    add(&line, "column %zu: ", error->column);
    add_steps(&line, step);
    add_list(&line, format, arguments);
}
