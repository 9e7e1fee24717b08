/* Whether a file is text at all, before anything of it is read as a program.
 */
#include "text/readable.h"

#include <string.h>

#define NUL_MAX 8 /* a file with more NUL bytes is not text */

static bool begins_with(const struct source *source, const char *bytes, size_t n)
{
    return source->len >= n && !memcmp(source->text, bytes, n);
}

static size_t count_nul_bytes(const struct source *source)
{
    size_t n = 0;

    for (size_t i = 0; i < source->len; i++)
        n += source->text[i] == '\0';
    return n;
}

/* Reports each run of NUL bytes. */
static void tell_nul_bytes(const struct source *source, struct diags *diags)
{
    const char *text = source->text, *end = text + source->len;

    for (const char *at = text; (at = memchr(at, 0, (size_t)(end - at))) != NULL; at++) {
        const uint32_t offset = source_offset(source, at);

        if (at == text || at[-1])
            diag_report(diags, "E0002", (struct span){ offset, offset + 1 }, "a NUL byte in the text");
    }
}

bool text_is_readable(const struct source *source, struct diags *diags)
{
    const size_t nuls = count_nul_bytes(source);
    const uint32_t first = source_offset(source, source->text + strlen(source->text));

    if (begins_with(source, "\xFF\xFE", 2) || begins_with(source, "\xFE\xFF", 2)) {
        diag_report(diags, "E0003", (struct span){ source->start, source->start + 1 }, "this file is UTF-16");
        diag_hint(diags, "save it as UTF-8");
        return false;
    }
    if (nuls > NUL_MAX) {
        diag_report(diags, "E0002", (struct span){ first, first + 1 },
                    "this is not a text file: it has %zu NUL bytes", nuls);
        return false;
    }
    tell_nul_bytes(source, diags);
    return true;
}

size_t text_start(const struct source *source)
{
    return begins_with(source, "\xEF\xBB\xBF", 3) ? 3 : 0;
}
