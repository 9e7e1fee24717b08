/* Decides everything that the emitter writes down: the kind of each channel, how each stage runs, which cycle it is in.
 */
#include "plan.h"

#include <string.h>

#include "graph.h"
#include "item.h"
#include "plan_draw.h"
#include "promise.h"
#include "workers.h"

/* ---- workers ---- */

static void plan_workers(struct planned_stage *planned)
{
    const struct stage *stage = planned->stage;
    const struct value *permits = stage->inputs ? workers_permits(stage) : NULL;

    planned->fixed = !stage->has_workers;
    planned->workers_auto = stage->workers_auto;
    if (stage->has_workers && !stage->workers_auto)
        planned->workers = stage->workers;
    else if (!stage->has_workers && permits)
        planned->workers = *permits;
}

/* ---- channels ---- */

static enum channel_kind kind_of(const struct channel *channel, bool many_send, bool many_receive)
{
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
    }
    return NULL;
}

/* Stages at one end of channel `c`, and whether they have several workers between them. */
static size_t count_end(const struct graph *graph, const struct digraph *ends, size_t node, bool *many)
{
    const size_t n = ends->first[node + 1] - ends->first[node];

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
    bool many_send, many_receive;

    planned->nsenders = count_end(graph, graph->backward, node, &many_send);
    planned->nreceivers = count_end(graph, graph->forward, node, &many_receive);
    planned->kind = kind_of(channel, many_send, many_receive);
    planned->why = why_of(planned->kind);
    planned->c_type = item_c_type(&channel->type);
    planned->drop = item_drop(plan->ast, &channel->type);
    for (size_t e = graph->forward->first[node]; e < graph->forward->first[node + 1] && !planned->cycle; e++)
        planned->cycle = plan->stages[graph->forward->to[e]].cycle;
}

/* ---- stages ---- */

static void plan_input(struct plan *plan, struct planned_input *planned, const struct input *input)
{
    size_t n = 0;

    for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
        n++;
    planned->input = (struct input *)input;
    planned->nsources = n;
    planned->sources = ast_alloc(plan->ast, n * sizeof *planned->sources);
    n = 0;
    for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
        planned->sources[n++] = &plan->channels[ref->channel->decl.index];
    planned->owned = item_owns(&input->sources->channel->type);
    planned->c_type = item_c_type(&input->sources->channel->type);
    planned->drop = item_drop(plan->ast, &input->sources->channel->type);
}

static void plan_inputs(struct plan *plan, struct planned_stage *planned)
{
    for (const struct input *input = planned->stage->inputs; input; input = input->next)
        planned->ninputs++;
    planned->inputs = ast_alloc(plan->ast, planned->ninputs * sizeof *planned->inputs);
    planned->ninputs = 0;
    for (const struct input *input = planned->stage->inputs; input; input = input->next)
        plan_input(plan, &planned->inputs[planned->ninputs++], input);
}

static void plan_output(struct planned_stage *stage, struct planned_output *planned, struct output *output)
{
    const struct body *const sections[] = { stage->body, stage->init, stage->final, stage->flush };
    const struct count seen = promise_seen(stage->stage, output);

    planned->output = output;
    planned->count = promise_of(stage->stage, output);
    planned->check = output->counted && (seen.least < output->least || seen.most > output->most);
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        planned->emitted_to[i] = body_emits(sections[i], output);
}

static void plan_outputs(struct plan *plan, struct planned_stage *planned)
{
    for (struct output *output = planned->stage->outputs; output; output = output->next)
        planned->noutputs++;
    planned->outputs = ast_alloc(plan->ast, planned->noutputs * sizeof *planned->outputs);
    planned->noutputs = 0;
    for (struct output *output = planned->stage->outputs; output; output = output->next) {
        planned->outputs[planned->noutputs].channel = &plan->channels[output->channel->decl.index];
        plan_output(planned, &planned->outputs[planned->noutputs++], output);
    }
}

static void plan_stage(struct plan *plan, struct planned_stage *planned)
{
    const struct stage *stage = planned->stage;

    planned->body = stage->body.scanned;
    planned->init = stage->init.scanned;
    planned->final = stage->final.scanned;
    planned->flush = stage->flush.scanned;
    plan_workers(planned);
    plan_inputs(plan, planned);
    plan_outputs(plan, planned);
    planned->leaf = stage_is_leaf(stage);
    planned->ordered = workers_are_ordered(stage);
    planned->why = stage_why(plan->ast, stage);
    planned->may_wait = !planned->leaf && stage_may_wait(stage);
}

/* ---- cycles ---- */

/* Numbers the components of several nodes from 1, in the order of their first stages. */
static void plan_cycles(struct plan *plan, const struct graph *graph)
{
    const size_t nnodes = graph->forward->nnodes;
    size_t *component = ast_alloc(plan->ast, (nnodes + 1) * sizeof *component);
    const size_t n = digraph_components(graph->forward, &plan->ast->memory, component);
    size_t *sizes = ast_alloc(plan->ast, (n + 1) * sizeof *sizes);
    int *numbers = ast_alloc(plan->ast, (n + 1) * sizeof *numbers);

    for (size_t node = 0; node < nnodes; node++)
        sizes[component[node]]++;
    for (size_t s = 0; s < graph->nstages; s++) {
        if (sizes[component[s]] > 1 && numbers[component[s]] == 0)
            numbers[component[s]] = ++plan->ncycles;
        plan->stages[s].cycle = numbers[component[s]];
    }
    for (size_t s = 0; s < graph->nstages; s++) {
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
            return ((const struct section_decl *)decl)->code.scanned;
    return NULL;
}

struct plan *plan_make(struct ast *ast)
{
    struct plan *plan = ast_alloc(ast, sizeof *plan);
    const struct graph *graph = graph_new(ast);

    plan->ast = ast;
    plan->nchannels = graph->nchannels;
    plan->nstages = graph->nstages;
    plan->channels = ast_alloc(ast, (graph->nchannels + 1) * sizeof *plan->channels);
    plan->stages = ast_alloc(ast, (graph->nstages + 1) * sizeof *plan->stages);
    plan->init = (struct body *)section_of(ast, DECL_INIT);
    plan->final = (struct body *)section_of(ast, DECL_FINAL);
    for (size_t c = 0; c < plan->nchannels; c++)
        plan->channels[c].channel = graph->channels[c];
    for (size_t s = 0; s < plan->nstages; s++) {
        plan->stages[s].stage = graph->stages[s];
        plan_stage(plan, &plan->stages[s]);
    }
    plan_cycles(plan, graph);
    for (size_t c = 0; c < plan->nchannels; c++)
        plan_channel(plan, graph, c);
    plan->drawing = plan_draw(plan, graph);
    return plan;
}
