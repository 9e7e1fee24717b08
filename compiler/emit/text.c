/* Small pieces of C. They live in the emitter's memory. */
#include "emit/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "text/escape.h"
#include "text/memory.h"

const char *text_format(struct emit *emit, const char *format, ...)
{
    va_list arguments;
    const char *text;

    va_start(arguments, format);
    text = memory_vformat(&emit->memory, format, arguments);
    va_end(arguments);
    return text;
}

const char *text_string(struct emit *emit, const char *text)
{
    return escape_string(&emit->memory, text);
}

const char *text_comment(struct emit *emit, const char *text)
{
    return escape_comment(&emit->memory, text);
}

const char *text_place(struct emit *emit, struct span span)
{
    const struct sources *sources = emit->plan->sources;

    return text_format(emit, "%s:%u", sources_file(sources, span.start)->name, sources_position(sources, span.start).line);
}

const char *text_declare(struct emit *emit, const char *type, const char *name)
{
    const size_t len = strlen(type);

    return text_format(emit, "%s%s%s", type, len > 0 && type[len - 1] == '*' ? "" : " ", name);
}

/* The shortest form that reads back as the same value, and looks like a double. */
const char *text_double(struct emit *emit, double value)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return text_format(emit, "%s%s", text, strpbrk(text, ".en") ? "" : ".0");
}

const char *text_int(struct emit *emit, int64_t value)
{
    return value == INT64_MIN ? "INT64_MIN" : text_format(emit, "%" PRId64, value);
}

const char *text_rate(struct emit *emit, const struct fraction *rate)
{
    if (rate->divisor == 1)
        return text_double(emit, rate->dividend);
    return text_format(emit, "%s / %" PRIu64, text_double(emit, rate->dividend), rate->divisor);
}

const char *text_shown(enum item_shown shown)
{
    switch (shown) {
    case SHOWN_NOT: break;
    case SHOWN_SIGNED: return "PRT_SHOWN_SIGNED";
    case SHOWN_UNSIGNED: return "PRT_SHOWN_UNSIGNED";
    case SHOWN_CHAR: return "PRT_SHOWN_CHAR";
    case SHOWN_BOOL: return "PRT_SHOWN_BOOL";
    case SHOWN_FLOAT: return "PRT_SHOWN_FLOAT";
    case SHOWN_TEXT: return "PRT_SHOWN_TEXT";
    case SHOWN_RECORD: return "PRT_SHOWN_RECORD";
    }
    return "PRT_SHOWN_NOT";
}
