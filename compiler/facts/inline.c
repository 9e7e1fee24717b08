/* Who calls whom, and what comes of it. The inline stages of a host are a list in which each stands behind its sender.
 */
#include "facts/inline.h"

#include "facts/promise.h"

/* The channel that the stage is called through, or NULL. */
static struct channel *channel_called(const struct graph *graph, const struct stage *stage)
{
    const struct input *input = stage->inputs;
    struct channel *channel = input && input->sources ? input->sources->channel : NULL;
    const bool one = channel && !input->next && !input->sources->next && !input->is_batch;

    if (!stage->is_inline || !one)
        return NULL;
    return digraph_degree(graph->backward, channel_node(graph, channel)) == 1
        && digraph_degree(graph->forward, channel_node(graph, channel)) == 1 ? channel : NULL;
}

static void link_stages_of(struct stage *host)
{
    struct stage *last = host;

    for (struct stage *sender = host; sender; sender = sender->next_inline) {
        for (const struct output *output = sender->outputs; output; output = output->next) {
            if (!inline_calls(output))
                continue;
            last->next_inline = output->channel->called;
            last = last->next_inline;
            last->host = host;
            last->depth = sender->depth + 1;
        }
    }
}

void inline_link(struct graph *graph)
{
    for (size_t s = 0; s < graph->nstages; s++) {
        struct stage *stage = graph->stages[s];
        struct channel *channel = channel_called(graph, stage);

        if (!channel)
            continue;
        channel->called = stage;
        stage->sender = graph->stages[graph->backward->to[graph->backward->first[channel_node(graph, channel)]]];
    }
    for (size_t s = 0; s < graph->nstages; s++)
        if (!graph->stages[s]->sender)
            link_stages_of(graph->stages[s]);
    for (size_t s = 0; s < graph->nstages; s++) { /* those of a ring, which nothing enters */
        struct stage *stage = graph->stages[s];

        if (!stage->sender || stage->host)
            continue;
        stage->inputs->sources->channel->called = NULL;
        stage->sender = NULL;
    }
}

/* ---- counts ---- */

static int64_t product(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return 0;
    return a == COUNT_ANY || b == COUNT_ANY || a > (COUNT_ANY - 1) / b ? COUNT_ANY : a * b;
}

static struct count times(struct count bodies, struct count each)
{
    const int64_t least = product(bodies.least, each.least);

    return (struct count){ least == COUNT_ANY ? 0 : least, product(bodies.most, each.most) };
}

/* How many bodies of `stage` one body of its host makes. */
static struct count bodies_of(const struct stage *stage)
{
    const struct count one = { 1, 1 };

    return stage->host ? stage->calls : one;
}

static struct count sent_to(const struct stage *stage, const struct output *output)
{
    struct count count = times(bodies_of(stage), promise_of(stage, output));

    if (stage->host && stage->fail.then == THEN_SKIP)
        count.least = 0;
    return count;
}

void inline_count(struct graph *graph)
{
    for (size_t s = 0; s < graph->nstages; s++)
        for (const struct stage *stage = graph->stages[s]; stage && !graph->stages[s]->host; stage = stage->next_inline)
            for (const struct output *output = stage->outputs; output; output = output->next)
                if (inline_calls(output))
                    output->channel->called->calls = sent_to(stage, output);
}

/* ---- reading ---- */

const struct stage *inline_host(const struct stage *stage)
{
    return stage->host ? stage->host : stage;
}

bool inline_calls(const struct output *output)
{
    return output->channel && output->channel->called;
}

struct inline_walk inline_start(const struct stage *host)
{
    return (struct inline_walk){ .stage = host };
}

bool inline_next(struct inline_walk *walk)
{
    do {
        walk->output = walk->output ? walk->output->next : walk->stage->outputs;
        while (!walk->output && walk->stage->next_inline) {
            walk->stage = walk->stage->next_inline;
            walk->output = walk->stage->outputs;
        }
    } while (walk->output && inline_calls(walk->output));
    if (walk->output)
        walk->count = sent_to(walk->stage, walk->output);
    return walk->output != NULL;
}

bool inline_sends(const struct stage *host)
{
    struct inline_walk walk = inline_start(host);

    return inline_next(&walk);
}
