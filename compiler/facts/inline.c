/* Who calls whom, and what comes of it. The inline stages of a host are a list in which each stands behind its sender.
 */
#include "facts/inline.h"

#include "facts/attempt.h"
#include "facts/decl_write.h"
#include "facts/promise.h"

/* The channel that the stage is called through, or NULL. */
static const struct channel *channel_called(const struct graph *graph, const struct stage *stage)
{
    const struct input *input = stage->inputs;
    const struct channel *channel = input && input->sources ? input->sources->channel : NULL;
    const bool one = channel && !input->next && !input->sources->next && !input->is_batch;

    if (!stage->is_inline || !one)
        return NULL;
    return digraph_degree(graph->backward, channel_node(graph, channel)) == 1
        && digraph_degree(graph->forward, channel_node(graph, channel)) == 1 ? channel : NULL;
}

static void link_stages_of(const struct stage *host)
{
    struct stage_facts *last = stage_write(host);

    for (const struct stage *sender = host; sender; sender = stage_facts(sender)->next_inline) {
        for (const struct output *output = sender->outputs; output; output = output->next) {
            if (!inline_calls(output))
                continue;
            last->next_inline = channel_facts(output->channel)->called;
            last = stage_write(last->next_inline);
            last->host = host;
            last->depth = stage_facts(sender)->depth + 1;
        }
    }
}

void inline_link(const struct graph *graph)
{
    for (size_t s = 0; s < graph->nstages; s++) {
        const struct stage *stage = graph->stages[s];
        const struct channel *channel = channel_called(graph, stage);

        if (!channel)
            continue;
        channel_write(channel)->called = stage;
        stage_write(stage)->sender =
            graph->stages[graph->backward->to[graph->backward->first[channel_node(graph, channel)]]];
    }
    for (size_t s = 0; s < graph->nstages; s++)
        if (!stage_facts(graph->stages[s])->sender)
            link_stages_of(graph->stages[s]);
    for (size_t s = 0; s < graph->nstages; s++) { /* those of a ring, which nothing enters */
        const struct stage *stage = graph->stages[s];

        if (!stage_facts(stage)->sender || stage_facts(stage)->host)
            continue;
        channel_write(stage->inputs->sources->channel)->called = NULL;
        stage_write(stage)->sender = NULL;
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

    return stage_facts(stage)->host ? stage_facts(stage)->calls : one;
}

static struct count sent_to(const struct stage *stage, const struct output *output)
{
    struct count count = times(bodies_of(stage), promise_of(stage, output));

    if (stage_facts(stage)->host && attempt_may_leave_out(stage))
        count.least = 0;
    return count;
}

static void count_calls_of(const struct stage *host)
{
    for (const struct stage *stage = host; stage; stage = stage_facts(stage)->next_inline)
        for (const struct output *output = stage->outputs; output; output = output->next)
            if (inline_calls(output))
                stage_write(channel_facts(output->channel)->called)->calls = sent_to(stage, output);
}

void inline_count(const struct graph *graph)
{
    for (size_t s = 0; s < graph->nstages; s++)
        if (!stage_facts(graph->stages[s])->host)
            count_calls_of(graph->stages[s]);
}

/* ---- reading ---- */

const struct stage *inline_host(const struct stage *stage)
{
    return stage_facts(stage)->host ? stage_facts(stage)->host : stage;
}

bool inline_calls(const struct output *output)
{
    return output->channel && channel_facts(output->channel)->called;
}

struct inline_walk inline_start(const struct stage *host)
{
    return (struct inline_walk){ .stage = host };
}

bool inline_next(struct inline_walk *walk)
{
    do {
        walk->output = walk->output ? walk->output->next : walk->stage->outputs;
        while (!walk->output && stage_facts(walk->stage)->next_inline) {
            walk->stage = stage_facts(walk->stage)->next_inline;
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
