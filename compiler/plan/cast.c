/* Broadcasts: each stage that receives has a channel of its own, a copy of the declared one.
 */
#include "facts/item.h"
#include "plan/make.h"
#include "text/memory.h"

/* The stages that receive from the channel, in the order of the file. */
static const size_t *receivers(const struct make *make, size_t channel, size_t *n)
{
    const struct graph *graph = make->facts->graph;
    const size_t node = graph->nstages + channel;

    *n = digraph_degree(graph->forward, node);
    return &graph->forward->to[graph->forward->first[node]];
}

void make_copies(struct make *make, struct planned_channel *planned, const struct channel *channel)
{
    size_t n;
    const size_t *to = receivers(make, channel->decl.index, &n);

    if (!channel->broadcast)
        return;
    planned->copies = memory_take(make->memory, (n + 1) * sizeof *planned->copies);
    for (size_t i = 0; i < n; i++) {
        struct planned_channel *copy = &planned->copies[i];

        *copy = *planned;
        copy->copies = NULL;
        copy->declared = planned;
        copy->name = memory_format(make->memory, "%s>%s", planned->name, make->plan->stages[to[i]].name);
        copy->symbol = memory_format(make->memory, "%s[%zu]", planned->symbol, i);
    }
    planned->ncopies = n;
    planned->clone = n > 1 ? item_clone(make->facts->ast, make->memory, &channel->type) : NULL;
}

struct planned_channel *make_received(const struct make *make, const struct channel *channel, const struct stage *stage)
{
    struct planned_channel *planned = &make->plan->channels[channel->decl.index];
    size_t n;
    const size_t *to = receivers(make, channel->decl.index, &n);

    for (size_t i = 0; i < planned->ncopies; i++)
        if (to[i] == stage->decl.index)
            return &planned->copies[i];
    return planned;
}
