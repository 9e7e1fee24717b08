/* The printer: formats with $N and $S, and counts lines, since #line must say where the emitted text goes on.
 */
#include "emit/printer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text/escape.h"
#include "text/memory.h"

void emit_bytes(struct emit *emit, const char *text, size_t len)
{
    fwrite(text, 1, len, emit->to);
    for (const char *at = text; (at = memchr(at, '\n', len - (size_t)(at - text))); at++) {
        emit->line++;
        emit->pipe_line++;
    }
}

/* The printf format that `format` is once $N and $S are put in. */
static char *format_expand(struct emit *emit, const char *format)
{
    char *expanded;

    for (const char *at = format; *at; at++) {
        if (at[0] == '$' && at[1] == 'N') {
            obstack_grow(&emit->memory, emit->name, strlen(emit->name));
            at++;
        } else if (at[0] == '$' && at[1] == 'S') {
            obstack_grow(&emit->memory, emit->stage, strlen(emit->stage));
            at++;
        } else {
            obstack_1grow(&emit->memory, *at);
        }
    }
    obstack_1grow(&emit->memory, '\0');
    expanded = obstack_finish(&emit->memory);
    return expanded;
}

void emit_put(struct emit *emit, const char *format, ...)
{
    char *const expanded = format_expand(emit, format);
    const char *text;
    va_list arguments;

    va_start(arguments, format);
    text = memory_vformat(&emit->memory, expanded, arguments);
    va_end(arguments);
    emit_bytes(emit, text, strlen(text));
    obstack_free(&emit->memory, expanded);
}

void emit_at(struct emit *emit, const struct planned_stage *stage)
{
    emit->stage = memory_join(&emit->memory, emit->name, "_", stage->symbol);
    emit->scope = stage->instance;
}

void emit_heading(struct emit *emit, const char *title)
{
    static const char dashes[] = "------------------------------------------------------------------------------";
    const int len = (int)(sizeof dashes - 1) - (int)strlen(title);

    emit_put(emit, "\n/* ---- %s %.*s */\n", title, len > 4 ? len : 4, dashes);
}

void emit_line_of(struct emit *emit, uint32_t offset)
{
    const struct source *source = sources_file(emit->plan->sources, offset);
    const uint32_t line = sources_position(emit->plan->sources, offset).line;

    if (emit->pipe == source && emit->pipe_line == line)
        return;
    emit_put(emit, "#line %u %s\n", line, escape_string(&emit->memory, source->name));
    emit->pipe = source;
    emit->pipe_line = line;
}

void emit_line_here(struct emit *emit)
{
    if (emit->pipe)
        emit_put(emit, "#line %zu %s\n", emit->line + 1, escape_string(&emit->memory, emit->path));
    emit->pipe = NULL;
}

void emit_column_of(struct emit *emit, uint32_t offset)
{
    emit_put(emit, "%*s", (int)sources_position(emit->plan->sources, offset).column - 1, "");
}
