/* What runs within a stage, and all that it sends with that.
 */
#include "facts/inline.h"
#include "facts/room.h"
#include "plan/make.h"
#include "text/memory.h"

static struct planned_stage *planned_of(const struct make *make, const struct stage *stage)
{
    return &make->plan->stages[stage->decl.index];
}

/* Whether the edge leads on within a cycle of the sender's, by a channel that nobody waits for. */
static bool stays_in_cycle(const struct graph *graph, const struct inline_walk *walk, size_t receiver)
{
    return graph->component[receiver] == graph->component[stage_node(walk->stage)]
        && graph->component[channel_node(graph, walk->output->channel)] == graph->component[receiver]
        && !room_is_waited_for(walk->output->channel);
}

static bool any_stays_in_cycle(const struct graph *graph, const struct inline_walk *walk)
{
    const size_t node = channel_node(graph, walk->output->channel);
    bool any = false;

    for (size_t e = graph->forward->first[node]; e < graph->forward->first[node + 1]; e++)
        any |= stays_in_cycle(graph, walk, graph->forward->to[e]);
    return any;
}

static void add_sent(struct make *make, struct planned_stage *host, const struct inline_walk *walk)
{
    const struct graph *graph = make->facts->graph;
    const struct planned_stage *by = planned_of(make, walk->stage);
    const struct planned_output *output = &by->outputs[walk->output->place];
    const struct planned_channel *channel = output->channel;
    const size_t first = graph->forward->first[channel_node(graph, walk->output->channel)];

    if (channel->ncopies == 0)
        host->sent[host->nsent++] = (struct planned_sent){ by, output, channel, 0, any_stays_in_cycle(graph, walk),
                                                           walk->count.most };
    for (size_t i = 0; i < channel->ncopies; i++)
        host->sent[host->nsent++] =
            (struct planned_sent){ by, output, &channel->copies[i], i,
                                   stays_in_cycle(graph, walk, graph->forward->to[first + i]), walk->count.most };
}

static void make_sent(struct make *make, struct planned_stage *host, const struct stage *stage)
{
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);) {
        const size_t copies = make->plan->channels[walk.output->channel->decl.index].ncopies;

        host->nsent += copies > 0 ? copies : 1;
    }
    host->sent = memory_take(make->memory, (host->nsent + 1) * sizeof *host->sent);
    host->nsent = 0;
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);)
        add_sent(make, host, &walk);
}

static void make_inline(struct make *make, struct planned_stage *host, const struct stage *inner)
{
    struct planned_stage *planned = planned_of(make, inner);

    host->inlines[host->ninlines++] = planned;
    planned->host = host;
    planned->place = host->ninlines;
    planned->depth = stage_facts(inner)->depth;
}

static void make_host(struct make *make, struct planned_stage *host, const struct stage *stage)
{
    const struct stage *const first = stage_facts(stage)->next_inline;
    size_t n = 0;

    for (const struct stage *inner = first; inner; inner = stage_facts(inner)->next_inline)
        n++;
    host->inlines = memory_take(make->memory, (n + 1) * sizeof *host->inlines);
    for (const struct stage *inner = first; inner; inner = stage_facts(inner)->next_inline)
        make_inline(make, host, inner);
    make_sent(make, host, stage);
}

void make_inlines(struct make *make)
{
    const struct graph *graph = make->facts->graph;

    for (size_t s = 0; s < graph->nstages; s++)
        if (!stage_facts(graph->stages[s])->host)
            make_host(make, &make->plan->stages[s], graph->stages[s]);
}
