/* C has no units: a duration stands for itself only where it is all of an argument.
 */
#include "facts/time.h"

#include "text/ctoken.h"

struct value time_value(const struct sources *sources, struct span argument)
{
    struct lexer lexer = lexer_start(sources, argument);
    struct ctoken token, next;
    const char *text;

    lexer_next(&lexer, &token);
    lexer_next(&lexer, &next);
    if (token.kind != TOKEN_NUMBER || next.kind != TOKEN_END)
        return (struct value){ 0 };
    text = sources_text(sources, token.span.start);
    return literal_in_c(text, text + (token.span.end - token.span.start));
}

/* Whether the last argument of the call is a time. */
static bool ends_with_time(const struct call *call)
{
    return (call->kind == CALL_WAIT_FOR && call->count == WAIT_FOR_ARGUMENTS)
        || (call->kind == CALL_NEXT_FOR && call->count == NEXT_FOR_ARGUMENTS);
}

/* Which argument of the call is a time: the last one, or the first of a fail_after. */
static struct argument *time_of(const struct call *call)
{
    struct argument *last = call->list;

    if (call->kind == CALL_FAIL_AFTER)
        return call->list;
    if (!ends_with_time(call))
        return NULL;
    while (last->next)
        last = last->next;
    return last;
}

void times_find(const struct sources *sources, struct body *body)
{
    for (struct call *call = body->calls; call; call = call->next) {
        struct argument *const time = time_of(call);
        const struct value value = time ? time_value(sources, time->span) : (struct value){ 0 };

        if (value.kind != VALUE_DURATION)
            continue;
        call->time = time;
        call->ns = value.i;
    }
}
