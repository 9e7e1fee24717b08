/* One walk over stages and channels in the order of the items. Within a cycle nothing is limited but by the stages' own
 * rates: an item may go round any number of times.
 */
#include "facts/flow.h"

#include <math.h>

#include "facts/inputs.h"
#include "facts/promise.h"
#include "facts/pull.h"
#include "text/memory.h"

static const struct flow no_limit = { .per_second = INFINITY };

static double rate_value(const struct value *value, bool *adjustable)
{
    if (value->kind == VALUE_RATE)
        return value->d;
    *adjustable = true;
    return value->param && value->param->value.kind == VALUE_RATE ? value->param->value.d : INFINITY;
}

static double interval_rate(const struct value *value, bool *adjustable)
{
    if (value->kind == VALUE_DURATION)
        return 1e9 / (double)value->i;
    *adjustable = true;
    return value->param && value->param->value.kind == VALUE_DURATION ? 1e9 / (double)value->param->value.i : INFINITY;
}

double flow_rate(const struct stage *stage, bool *adjustable)
{
    *adjustable = false;
    if (!stage->rate.present || stage->rate.per.code.present || stage->rate.cost.code.present)
        return INFINITY; /* keys, and items that take no permit, may be any number */
    return rate_value(stage->rate.decl ? &stage->rate.decl->rate : &stage->rate.rate, adjustable);
}

static struct flow own_limit(const struct stage *stage)
{
    struct flow flow = { .limiter = stage };

    flow.per_second = flow_rate(stage, &flow.adjustable);
    return isinf(flow.per_second) ? no_limit : flow;
}

static struct flow slower(struct flow a, struct flow b)
{
    return b.per_second < a.per_second ? b : a;
}

static void add(struct flow *sum, struct flow more)
{
    sum->per_second += more.per_second;
    sum->adjustable |= more.adjustable;
    sum->others |= more.others || (sum->limiter && more.limiter && sum->limiter != more.limiter);
    if (!sum->limiter || (more.limiter && more.limiter->decl.index < sum->limiter->decl.index))
        sum->limiter = more.limiter;
    if (isinf(sum->per_second))
        *sum = no_limit;
}

static struct flow times(struct flow flow, int64_t count)
{
    if (count == COUNT_ANY)
        return no_limit;
    flow.per_second = count == 0 ? 0 : flow.per_second * (double)count;
    return flow;
}

/* What a stage sends to one of its outputs. Sections other than the body send without a limit that is known. */
static struct flow sent(const struct stage *stage, const struct output *output, struct flow bodies)
{
    struct flow flow;

    if (body_may_emit(stage->final.body, output->place) || body_may_emit(stage->flush.body, output->place))
        return no_limit;
    if (stage->inputs && !pull_is(stage))
        return times(bodies, promise_of(stage, output).most);
    flow = own_limit(stage); /* a source's rate counts its emits */
    if (stage->every.kind != VALUE_NONE) {
        struct flow ticks = { .limiter = stage };

        ticks.per_second = interval_rate(&stage->every, &ticks.adjustable);
        flow = slower(flow, times(ticks, promise_of(stage, output).most));
    }
    return flow;
}

static void flow_through_stage(const struct graph *graph, struct flows *flows, size_t s, bool cycle)
{
    const struct stage *stage = graph->stages[s];
    struct flow received = { 0 };

    for (size_t e = graph->backward->first[s]; e < graph->backward->first[s + 1]; e++) {
        const struct flow items = flows->items[graph->backward->to[e] - graph->nstages];

        if (stage_is_zip(stage) && e > graph->backward->first[s])
            received = slower(received, items);
        else
            add(&received, items);
    }
    if (cycle || !stage->inputs)
        received = no_limit;
    flows->received[s] = received;
    flows->bodies[s] = slower(received, own_limit(stage));
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (output->channel)
            add(&flows->items[output->channel->decl.index], sent(stage, output, flows->bodies[s]));
}

const struct flows *flows_new(const struct graph *graph)
{
    const size_t nnodes = graph->forward->nnodes;
    const size_t n = graph->ncomponents;
    const size_t *component = graph->component;
    struct flows *flows = memory_take(graph->memory, sizeof *flows);
    size_t *sizes = memory_take(graph->memory, (n + 1) * sizeof *sizes);
    size_t *order = memory_take(graph->memory, (nnodes + 1) * sizeof *order);
    size_t *start = memory_take(graph->memory, (n + 2) * sizeof *start);

    flows->bodies = memory_take(graph->memory, (graph->nstages + 1) * sizeof *flows->bodies);
    flows->received = memory_take(graph->memory, (graph->nstages + 1) * sizeof *flows->received);
    flows->items = memory_take(graph->memory, (graph->nchannels + 1) * sizeof *flows->items);
    for (size_t node = 0; node < nnodes; node++)
        sizes[component[node]]++;
    for (size_t c = 0; c < n; c++) /* components are numbered against the flow */
        start[c + 1] = start[c] + sizes[n - 1 - c];
    for (size_t node = 0; node < nnodes; node++)
        order[start[n - 1 - component[node]]++] = node;
    for (size_t i = 0; i < nnodes; i++)
        if (order[i] < graph->nstages)
            flow_through_stage(graph, flows, order[i], sizes[component[order[i]]] > 1);
    return flows;
}
