/* Counts, from what is written after an output and what the body's tokens show.
 */
#include "promise.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool body_emits(const struct body *body, const struct output *output)
{
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next)
        if ((call->kind == CALL_EMIT || call->kind == CALL_TRY_EMIT) && (!output || call->output == output))
            return true;
    return false;
}

struct count promise_seen(const struct stage *stage, const struct output *output)
{
    if (!stage->body.scanned)
        return (struct count){ 0, COUNT_ANY };
    return body_count(stage->body.scanned, output);
}

struct count promise_of(const struct stage *stage, const struct output *output)
{
    if (output->counted)
        return (struct count){ output->least, output->most };
    return promise_seen(stage, output);
}

static bool flush_emits(const struct stage *stage)
{
    return stage->flush.scanned && (body_emits(stage->flush.scanned, NULL) || stage->flush.scanned->uses_self);
}

/* The largest count of all outputs. */
static int64_t most_of(const struct stage *stage)
{
    int64_t most = 0;

    for (const struct output *output = stage->outputs; output; output = output->next) {
        const struct count count = promise_of(stage, output);

        if (count.most > most)
            most = count.most;
    }
    return most;
}

bool stage_is_leaf(const struct stage *stage)
{
    return stage->inputs && !stage->blocking && most_of(stage) <= LEAF_MOST && (!stage->outputs || !flush_emits(stage));
}

__attribute__((format(printf, 2, 3)))
static const char *sentence(struct ast *ast, const char *format, ...)
{
    char text[160];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return ast_copy(ast, text, strlen(text));
}

static const char *leaf_why(struct ast *ast, const struct stage *stage)
{
    const int64_t most = most_of(stage);
    const struct count first = promise_of(stage, stage->outputs);
    const char *where = stage->outputs->next ? " to each output" : "";

    if (first.least == first.most && !stage->outputs->next)
        return first.most == 1
            ? "Sends exactly one item for each that it receives, so it never waits"
            : sentence(ast, "Sends exactly %" PRId64 " items for each that it receives, so it never waits", first.most);
    return sentence(ast, "Sends at most %" PRId64 " item%s%s for each that it receives, so it never waits", most,
                    most == 1 ? "" : "s", where);
}

const char *stage_why(struct ast *ast, const struct stage *stage)
{
    const int64_t most = most_of(stage);

    if (!stage->inputs && !stage->outputs)
        return "A source that sends nothing";
    if (!stage->inputs && most == COUNT_ANY)
        return "A source; sends any number of items, so its emit may wait for room";
    if (!stage->inputs)
        return sentence(ast, "A source; sends at most %" PRId64 " item%s each time it runs, and may wait for room", most,
                        most == 1 ? "" : "s");
    if (!stage->outputs)
        return stage->blocking ? "A sink; each worker has a thread of its own" : "A sink; it never waits for room";
    if (stage->blocking)
        return "Each worker has a thread of its own, on which it may wait for room";
    if (flush_emits(stage))
        return "Its flush sends items, so it may wait for room";
    if (most == COUNT_ANY)
        return "Sends any number of items, so its emit may wait for room";
    if (most > LEAF_MOST)
        return sentence(ast, "Sends up to %" PRId64 " items for each that it receives, more than a worker can keep, so its "
                             "emit may wait for room", most);
    return leaf_why(ast, stage);
}
