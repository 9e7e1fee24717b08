/* Counts, from what is written after an output and what the body's tokens show.
 */
#include "facts/promise.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "facts/inline.h"
#include "facts/workers.h"

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

    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        if (walk.count.most > most)
            most = walk.count.most;
    return most;
}

bool stage_is_leaf(const struct stage *stage)
{
    return stage->inputs && !stage->blocking && most_of(stage) <= LEAF_MOST
        && (!inline_sends(stage) || !flush_emits(stage));
}

bool stage_may_wait(const struct stage *stage)
{
    if (workers_are_ordered(stage))
        return true;
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        if (walk.output->channel && walk.output->channel->cap_kind != CAP_GROWING)
            return true;
    return false;
}

/* ---- in words ---- */

__attribute__((format(printf, 2, 3)))
static const char *sentence(struct ast *ast, const char *format, ...)
{
    char text[200];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return ast_copy(ast, text, strlen(text));
}

/* "exactly one item", "at most 4 items", "any number of items". */
static const char *number_text(struct ast *ast, int64_t most, bool exact)
{
    if (most == 0)
        return "nothing";
    if (most == COUNT_ANY)
        return "any number of items";
    if (most == 1)
        return exact ? "exactly one item" : "at most one item";
    return sentence(ast, "%s %" PRId64 " items", exact ? "exactly" : "at most", most);
}

static const char *count_text(struct ast *ast, const struct stage *stage)
{
    const int64_t most = most_of(stage);
    bool exact = true;

    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        exact &= walk.count.least == most && walk.count.most == most;
    return number_text(ast, most, exact);
}

/* Of a stage that runs within another: what its own body sends. */
static const char *inline_why(struct ast *ast, const struct stage *stage)
{
    int64_t most = 0;
    bool exact = true;

    for (const struct output *output = stage->outputs; output; output = output->next)
        if (promise_of(stage, output).most > most)
            most = promise_of(stage, output).most;
    for (const struct output *output = stage->outputs; output; output = output->next)
        exact &= promise_of(stage, output).least == most && promise_of(stage, output).most == most;
    if (!stage->outputs)
        return sentence(ast, "Runs within '%s': an item comes by a function call", stage->sender->decl.name.text);
    return sentence(ast, "Runs within '%s': an item comes by a function call; sends %s for each",
                    stage->sender->decl.name.text, number_text(ast, most, exact));
}

static const char *source_why(struct ast *ast, const struct stage *stage)
{
    if (!stage->outputs)
        return "A source that sends nothing";
    if (!inline_sends(stage))
        return "A source; what it sends stays within it";
    return sentence(ast, "A source; sends %s%s, %s", count_text(ast, stage),
                    most_of(stage) == COUNT_ANY ? "" : " each time it runs",
                    stage_may_wait(stage) ? "so its emit may wait for room"
                                          : "and nobody waits to send to a channel that grows");
}

static const char *sink_why(const struct stage *stage)
{
    if (stage->outputs)
        return "What it sends stays within it, so it never waits for room";
    return stage->blocking ? "A sink; each worker has a thread of its own" : "A sink; it never waits for room";
}

static bool has_several_outputs(const struct stage *stage)
{
    struct inline_walk walk = inline_start(stage);

    return inline_next(&walk) && inline_next(&walk);
}

/* Of a stage that receives and sends. */
static const char *passing_why(struct ast *ast, const struct stage *stage)
{
    const char *each = has_several_outputs(stage) ? " to each output" : "";

    if (stage->blocking)
        return "Each worker has a thread of its own, on which it may wait for room";
    if (!stage_is_leaf(stage) && !stage_may_wait(stage))
        return sentence(ast, "Sends %s, and nobody waits to send to a channel that grows", count_text(ast, stage));
    if (flush_emits(stage))
        return "Its flush sends items, so it may wait for room";
    if (most_of(stage) == COUNT_ANY)
        return "Sends any number of items, so its emit may wait for room";
    if (most_of(stage) > LEAF_MOST)
        return sentence(ast, "Sends %s for each that it receives, more than a worker can keep, so its emit may wait "
                             "for room", count_text(ast, stage));
    return sentence(ast, "Sends %s%s for each that it receives, so it never waits", count_text(ast, stage), each);
}

const char *stage_why(struct ast *ast, const struct stage *stage)
{
    const char *why;

    if (stage->host)
        return inline_why(ast, stage);
    if (!stage->inputs)
        return source_why(ast, stage);
    if (!inline_sends(stage))
        return sink_why(stage);
    why = passing_why(ast, stage);
    return workers_are_ordered(stage) ? sentence(ast, "%s; results leave in the order their inputs came", why) : why;
}
