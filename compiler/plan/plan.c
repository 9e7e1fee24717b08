/* Decides everything that the emitter writes down: the kind of each channel, how each stage runs, which cycle it is in.
 */
#include "plan/plan.h"

#include <string.h>

#include "facts/cycles.h"
#include "facts/graph.h"
#include "facts/inline.h"
#include "facts/item.h"
#include "facts/leaf.h"
#include "facts/promise.h"
#include "facts/workers.h"
#include "plan/draw.h"
#include "plan/why.h"
#include "text/memory.h"

/* ---- workers ---- */

static void plan_workers(struct planned_stage *planned)
{
    const struct stage *stage = inline_host(planned->stage);
    const struct value *permits = stage->inputs ? workers_permits(stage) : NULL;

    planned->fixed = planned->stage != stage || !stage->has_workers;
    planned->workers_auto = stage->workers_auto;
    if (stage->has_workers && !stage->workers_auto)
        planned->workers = stage->workers;
    else if (!stage->has_workers && permits)
        planned->workers = *permits;
}

/* ---- channels ---- */

static enum channel_kind kind_of(const struct channel *channel, bool many_send, bool many_receive)
{
    if (channel_facts(channel)->called)
        return KIND_CALL;
    if (channel->cap_kind == CAP_GROWING)
        return KIND_GROWING;
    if (channel->cap_kind == CAP_RENDEZVOUS)
        return KIND_RENDEZVOUS;
    if (many_send)
        return many_receive ? KIND_MANY_TO_MANY : KIND_MANY_TO_ONE;
    return many_receive ? KIND_ONE_TO_MANY : KIND_ONE_TO_ONE;
}

static const char *why_of(enum channel_kind kind)
{
    switch (kind) {
    case KIND_ONE_TO_ONE: return "one sender, one receiver";
    case KIND_MANY_TO_ONE: return "many senders, one receiver";
    case KIND_ONE_TO_MANY: return "one sender, many receivers";
    case KIND_MANY_TO_MANY: return "many senders, many receivers";
    case KIND_RENDEZVOUS: return "holds nothing: a sender goes on once a body has begun with its item";
    case KIND_GROWING: return "grows as it needs, so nobody waits to send";
    case KIND_CALL: return "a function call: the receiver is inline";
    }
    return NULL;
}

/* Stages at one end of channel `c`, and whether they have several workers between them. */
static size_t count_end(const struct graph *graph, const struct digraph *ends, size_t node, bool *many)
{
    const size_t n = digraph_degree(ends, node);

    *many = n > 1;
    for (size_t e = ends->first[node]; e < ends->first[node + 1]; e++)
        *many |= workers_are_many(graph->stages[ends->to[e]]);
    return n;
}

static void plan_channel(struct plan *plan, const struct graph *graph, size_t c)
{
    struct planned_channel *planned = &plan->channels[c];
    const struct channel *channel = planned->channel;
    const size_t node = channel_node(graph, channel);
    const struct stage *called = channel_facts(channel)->called;
    bool many_send, many_receive;

    planned->nsenders = count_end(graph, graph->backward, node, &many_send);
    planned->nreceivers = count_end(graph, graph->forward, node, &many_receive);
    planned->kind = kind_of(channel, many_send, many_receive);
    planned->why = why_of(planned->kind);
    if (called) {
        planned->called = &plan->stages[called->decl.index];
        planned->sender = &plan->stages[stage_facts(called)->sender->decl.index];
    }
    planned->c_type = item_c_type(&channel->type);
    planned->drop = item_drop(plan->ast, plan->memory, &channel->type);
    for (size_t e = graph->forward->first[node]; e < graph->forward->first[node + 1] && !planned->cycle; e++)
        planned->cycle = plan->stages[graph->forward->to[e]].cycle;
}

/* ---- stages ---- */

static void plan_input(struct plan *plan, struct planned_input *planned, const struct input *input)
{
    size_t n = 0;

    for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
        n++;
    planned->input = input;
    planned->nsources = n;
    planned->sources = memory_take(plan->memory, n * sizeof *planned->sources);
    n = 0;
    for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
        planned->sources[n++] = &plan->channels[ref->channel->decl.index];
    planned->owned = item_owns(&input->sources->channel->type);
    planned->c_type = item_c_type(&input->sources->channel->type);
    planned->drop = item_drop(plan->ast, plan->memory, &input->sources->channel->type);
}

static void plan_inputs(struct plan *plan, struct planned_stage *planned)
{
    for (const struct input *input = planned->stage->inputs; input; input = input->next)
        planned->ninputs++;
    planned->inputs = memory_take(plan->memory, planned->ninputs * sizeof *planned->inputs);
    planned->ninputs = 0;
    for (const struct input *input = planned->stage->inputs; input; input = input->next)
        plan_input(plan, &planned->inputs[planned->ninputs++], input);
}

static bool section_emits(const struct body *section, const struct output *output)
{
    return section && (section->uses_self || body_emits(section, output->place));
}

/* Whether a body of what runs within the stage may wait in the kernel. */
static bool inlines_call_out(const struct stage *host)
{
    for (const struct stage *stage = stage_facts(host)->next_inline; stage; stage = stage_facts(stage)->next_inline)
        if (!stage->body.body || stage->body.body->calls_out)
            return true;
    return false;
}

/* A body that has begun may make its only call without a look, as a leaf's emit has none while there is room. */
static enum call_guard guard_of(const struct stage *stage, const struct output *output)
{
    const struct count seen = promise_seen(stage, output);
    size_t calls = 0;

    for (const struct output *other = stage->outputs; other; other = other->next)
        calls += inline_calls(other);
    if (!stage->inputs)
        return stage->rate.present ? GUARD_RATE : inlines_call_out(stage) ? GUARD_SOURCE : GUARD_ENDING;
    if (calls > 1 || seen.most > 1 || section_emits(stage->final.body, output)
        || section_emits(stage->flush.body, output))
        return GUARD_ENDING;
    return seen.least == 1 ? GUARD_NONE : GUARD_COUNT;
}

static void plan_output(struct planned_stage *stage, struct planned_output *planned,
                        const struct output *output)
{
    const struct body *const sections[] = { stage->body, stage->init, stage->final, stage->flush };
    const struct count seen = promise_seen(stage->stage, output);

    planned->output = output;
    planned->count = promise_of(stage->stage, output);
    planned->check = output->counted && (seen.least < output->least || seen.most > output->most);
    planned->guard = inline_calls(output) ? guard_of(stage->stage, output) : GUARD_NONE;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        planned->emitted_to[i] = body_emits(sections[i], output->place);
}

static void plan_outputs(struct plan *plan, struct planned_stage *planned)
{
    for (const struct output *output = planned->stage->outputs; output; output = output->next)
        planned->noutputs++;
    planned->outputs = memory_take(plan->memory, planned->noutputs * sizeof *planned->outputs);
    planned->noutputs = 0;
    for (const struct output *output = planned->stage->outputs; output; output = output->next) {
        planned->outputs[planned->noutputs].channel = &plan->channels[output->channel->decl.index];
        plan_output(planned, &planned->outputs[planned->noutputs++], output);
    }
}

static void plan_stage(struct plan *plan, struct planned_stage *planned)
{
    const struct stage *stage = planned->stage;

    planned->body = stage->body.body;
    planned->init = stage->init.body;
    planned->final = stage->final.body;
    planned->flush = stage->flush.body;
    plan_workers(planned);
    plan_inputs(plan, planned);
    plan_outputs(plan, planned);
    planned->why = stage_why(plan->memory, stage);
    if (stage_facts(stage)->host)
        return;
    planned->leaf = leaf_is(stage);
    planned->ordered = workers_are_ordered(stage);
    planned->may_wait = !planned->leaf && leaf_may_wait(stage);
}

/* ---- what runs within a stage ---- */

static struct planned_output *find_output(struct planned_stage *planned, const struct output *output)
{
    struct planned_output *found = planned->outputs;

    while (found->output != output)
        found++;
    return found;
}

/* The sender's output through which an inline stage is called. */
static const struct output *output_to(const struct stage *inner)
{
    const struct output *output = stage_facts(inner)->sender->outputs;

    while (!output->channel || channel_facts(output->channel)->called != inner)
        output = output->next;
    return output;
}

static void plan_sent(struct plan *plan, struct planned_stage *host)
{
    for (struct inline_walk walk = inline_start(host->stage); inline_next(&walk);)
        host->nsent++;
    host->sent = memory_take(plan->memory, (host->nsent + 1) * sizeof *host->sent);
    host->nsent = 0;
    for (struct inline_walk walk = inline_start(host->stage); inline_next(&walk);) {
        struct planned_stage *by = &plan->stages[walk.stage->decl.index];

        host->sent[host->nsent++] = (struct planned_sent){ by, find_output(by, walk.output), walk.count.most };
    }
}

static void plan_inlines(struct plan *plan, struct planned_stage *host)
{
    size_t n = 0;

    for (const struct stage *stage = stage_facts(host->stage)->next_inline; stage;
         stage = stage_facts(stage)->next_inline)
        n++;
    host->inlines = memory_take(plan->memory, (n + 1) * sizeof *host->inlines);
    for (const struct stage *stage = stage_facts(host->stage)->next_inline; stage;
         stage = stage_facts(stage)->next_inline) {
        struct planned_stage *planned = &plan->stages[stage->decl.index];

        host->inlines[host->ninlines++] = planned;
        planned->host = host;
        planned->place = host->ninlines;
        planned->depth = stage_facts(stage)->depth;
        planned->guard = find_output(&plan->stages[stage_facts(stage)->sender->decl.index], output_to(stage))->guard;
    }
    plan_sent(plan, host);
}

/* ---- cycles ---- */

static void plan_cycles(struct plan *plan, const struct graph *graph)
{
    const size_t *component = graph->component;
    int *numbers = memory_take(plan->memory, (graph->nstages + 1) * sizeof *numbers);

    plan->ncycles = cycles_number(graph, numbers);
    for (size_t s = 0; s < graph->nstages; s++) {
        plan->stages[s].cycle = numbers[s];
        for (size_t o = 0; o < plan->stages[s].noutputs; o++) {
            struct planned_output *output = &plan->stages[s].outputs[o];
            const size_t node = channel_node(graph, output->channel->channel);

            output->in_cycle = component[node] == component[s] && output->channel->channel->cap_kind == CAP_GROWING;
        }
    }
}

/* ---- all of it ---- */

static const struct body *section_of(const struct ast *ast, enum decl_kind kind)
{
    for (const struct decl *decl = ast->decls; decl; decl = decl->next)
        if (decl->kind == kind)
            return ((const struct section_decl *)decl)->code.body;
    return NULL;
}

struct plan *plan_make(const struct facts *facts)
{
    struct plan *plan = memory_take(facts->memory, sizeof *plan);
    const struct graph *graph = facts->graph;

    plan->ast = facts->ast;
    plan->facts = facts;
    plan->memory = facts->memory;
    plan->nchannels = graph->nchannels;
    plan->nstages = graph->nstages;
    plan->channels = memory_take(plan->memory, (graph->nchannels + 1) * sizeof *plan->channels);
    plan->stages = memory_take(plan->memory, (graph->nstages + 1) * sizeof *plan->stages);
    plan->init = section_of(plan->ast, DECL_INIT);
    plan->final = section_of(plan->ast, DECL_FINAL);
    for (size_t c = 0; c < plan->nchannels; c++)
        plan->channels[c].channel = graph->channels[c];
    for (size_t s = 0; s < plan->nstages; s++) {
        plan->stages[s].stage = graph->stages[s];
        plan_stage(plan, &plan->stages[s]);
    }
    for (size_t s = 0; s < plan->nstages; s++)
        if (!stage_facts(plan->stages[s].stage)->host)
            plan_inlines(plan, &plan->stages[s]);
    plan_cycles(plan, graph);
    for (size_t c = 0; c < plan->nchannels; c++)
        plan_channel(plan, graph, c);
    plan->drawing = plan_draw(plan, graph);
    return plan;
}
