/* Types that only the C compiler knows. Whether one is an array, which C does not copy, and how large it is, the emitted
 * C asserts, once for each type, under the line of a channel that carries it.
 *
 * A body gets its item by value, and up to three more copies lie beside it: in the batch's function, in the emit helper
 * and in what the C compiler passes. Where a chain of inline stages hands items on, those of all of them lie there.
 */
#include "emit/size.h"

#include <search.h>
#include <string.h>

#include "emit/text.h"

#define ITEM_MAX 65536 /* bytes */

/* A type of items. */
struct sized {
    const struct planned_channel *channel; /* that carries it, and with which most of them lie on one stack */
    size_t levels;                         /* so many */
};

static int sized_compare(const void *a, const void *b)
{
    const struct sized *x = a;
    const struct sized *y = b;

    return strcmp(x->channel->c_type, y->channel->c_type);
}

/* How many items of the channel's type a chain of inline stages holds where it gets one from `channel`. */
static size_t levels_of(const struct planned_channel *channel)
{
    size_t levels = 1;

    if (channel->kind != KIND_CALL)
        return 1;
    for (const struct planned_stage *sender = channel->sender; sender->host; ) {
        const struct planned_channel *above = sender->inputs[0].sources[0];

        levels += strcmp(above->c_type, channel->c_type) == 0;
        sender = above->sender;
    }
    return levels;
}

static void emit_assertion(struct emit *emit, const struct sized *sized)
{
    const struct planned_channel *channel = sized->channel;
    const char *pointer = text_declare(emit, channel->meaning, "*");
    const char *times = sized->levels > 1 ? text_format(emit, " * %zu", sized->levels) : "";
    const char *what = sized->levels > 1 ? text_format(emit, "of the inline stages down to here, %zu items together",
                                                       sized->levels) : "an item";

    emit_line_of(emit, channel->span.start);
    emit_column_of(emit, channel->span.start);
    emit_put(emit, "_Static_assert(_Generic(*(%s)0, %s: 1, default: 0),\n"
                   "               \"channel %s: an array cannot be an item; put it into a struct\");\n",
             text_declare(emit, channel->c_type, "*"), channel->c_type, channel->name);
    emit_line_of(emit, channel->span.start);
    emit_column_of(emit, channel->span.start);
    emit_put(emit, "_Static_assert(sizeof(%s)%s <= %d,\n"
                   "               \"channel %s: \"\n"
                   "               \"%s may have at most %d bytes; \"\n"
                   "               \"send a pointer, as with type NAME = %s drop FUNCTION;\");\n",
             channel->c_type, times, ITEM_MAX, channel->name, what, ITEM_MAX, pointer);
    emit_line_here(emit);
}

void emit_foreign(struct emit *emit, const struct planned_channel *channel)
{
    if (!channel->foreign) {
        emit_put(emit, " ");
        return;
    }
    emit_put(emit, "\n");
    emit_line_of(emit, channel->type_span.start);
    emit_column_of(emit, channel->type_span.start);
}

void emit_sizes(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    struct sized *types = obstack_alloc(&emit->memory, (plan->nchannels + 1) * sizeof *types);
    void *tree = NULL;
    size_t len = 0;

    for (size_t i = 0; i < plan->nchannels; i++) {
        struct sized *const sized = &types[len];
        struct sized **found;

        if (plan->channels[i].item_size > 0)
            continue;
        *sized = (struct sized){ &plan->channels[i], levels_of(&plan->channels[i]) };
        found = tsearch(sized, &tree, sized_compare);
        if (!found)
            obstack_alloc_failed_handler();
        else if (*found == sized)
            len++;
        else if ((*found)->levels < sized->levels)
            **found = *sized;
    }
    while (tree)
        tdelete(*(void **)tree, &tree, sized_compare);
    if (len > 0)
        emit_put(emit, "\n/* Bodies hold items on their stacks. */\n");
    for (size_t i = 0; i < len; i++)
        emit_assertion(emit, &types[i]);
}
