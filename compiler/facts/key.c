/* Keys, compared token by token. */
#include "facts/key.h"

#include <string.h>

#include "text/ctoken.h"

static const struct term *first_limit(const struct stage *stage)
{
    if (stage->rate.per.code.present)
        return &stage->rate.per;
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        if (bound->per.code.present)
            return &bound->per;
    return NULL;
}

const struct term *key_first(const struct stage *stage)
{
    const struct term *limit = first_limit(stage);

    if (stage->by.code.present)
        return &stage->by;
    return limit ? limit : key_of_batch(stage);
}

const struct term *key_of_batch(const struct stage *stage)
{
    return stage->inputs && stage->inputs->batch_per.code.present ? &stage->inputs->batch_per : NULL;
}

bool key_is_used(const struct stage *stage)
{
    return key_first(stage) != NULL;
}

bool key_limits(const struct stage *stage)
{
    return first_limit(stage) != NULL;
}

#define SHOWN_MOST 40 /* letters */

struct span key_shown(const struct sources *sources, const struct term *key)
{
    const char *text = sources_text(sources, key->code.span.start);
    struct span span = key->code.span;
    size_t len;

    for (; span.start < span.end && strchr(" \t", *text); text++)
        span.start++;
    while (span.end > span.start && strchr(" \t", text[span.end - span.start - 1]))
        span.end--;
    len = span.end - span.start;
    for (size_t i = 0; i < len && len <= SHOWN_MOST; i++)
        if (strchr("\n\r\\\"'?", text[i]) || (text[i] == '/' && i + 1 < len && strchr("/*", text[i + 1])))
            len = SHOWN_MOST + 1;
    return len <= SHOWN_MOST ? span : (struct span){ span.start, span.start };
}

bool key_is_same(const struct sources *sources, const struct term *a, const struct term *b)
{
    struct lexer x = lexer_start(sources, a->code.span), y = lexer_start(sources, b->code.span);
    struct ctoken one, other;

    if (a->given != b->given || a->scope != b->scope)
        return false;
    do {
        lexer_next(&x, &one);
        lexer_next(&y, &other);
        if (one.kind != TOKEN_END && !token_is_same(sources, &one, &other))
            return false;
    } while (one.kind != TOKEN_END && other.kind != TOKEN_END);
    return one.kind == other.kind;
}

bool key_is_param(const struct param *param)
{
    return param->ends && strcmp(param->type_name.text, "key") == 0;
}
