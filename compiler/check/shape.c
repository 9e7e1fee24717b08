/* Shape: what stands at the ends of channels, what can never run, and options that do not go together.
 */
#include "check/check.h"

#include <string.h>

#include "facts/inline.h"
#include "facts/leaf.h"
#include "facts/pull.h"
#include "facts/workers.h"
#include "text/memory.h"

/* ---- the ends of channels ---- */

/* Both ends of such a channel are not, or not only, stages of this file. */
static bool ends_elsewhere(const struct channel *channel)
{
    return channel->is_input || channel->is_output || channel->url;
}

static const struct stage *first_stage(const struct check *check, const struct digraph *ends, size_t channel)
{
    return check->graph->stages[ends->to[ends->first[channel]]];
}

static void check_ends(struct check *check, const struct channel *channel)
{
    const size_t node = channel_node(check->graph, channel);
    const bool sent = digraph_degree(check->graph->backward, node) > 0;
    const bool received = digraph_degree(check->graph->forward, node) > 0;
    const char *name = channel->decl.name.text;

    if (sent == received || ends_elsewhere(channel))
        return; /* neither: nothing uses it, which names.c reports */
    if (received) {
        diag_report(check->diags, "E0301", channel->decl.name.span, "no stage sends to channel '%s'", name);
        diag_note(check->diags, first_stage(check, check->graph->forward, node)->decl.name.span,
                  "this stage waits for its items");
        if (channel->dead)
            diag_hint(check->diags, "what fails in a stage goes there where it says: on fail then -> %s", name);
        else
            diag_hint(check->diags, "write -> %s after the inputs of the stage that sends", name);
    } else {
        diag_report(check->diags, "E0302", channel->decl.name.span, "no stage receives from channel '%s'", name);
        diag_note(check->diags, first_stage(check, check->graph->backward, node)->decl.name.span,
                  "this stage sends to it");
        diag_hint(check->diags, "add a stage that receives: stage NAME (x <- %s) { … }", name);
    }
}

/* ---- stages that can never run ---- */

/* Items come into being at sources, and at ends that are not ours or are reported already. */
static bool *reached_nodes(struct check *check)
{
    const struct graph *graph = check->graph;
    bool *reached = memory_take(check->memory, graph->forward->nnodes + 1);

    for (size_t s = 0; s < graph->nstages; s++)
        reached[s] = !graph->stages[s]->inputs;
    for (size_t c = 0; c < graph->nchannels; c++)
        reached[graph->nstages + c] = ends_elsewhere(graph->channels[c])
                                      || digraph_degree(graph->backward, graph->nstages + c) == 0;
    for (size_t s = 0; s < graph->nstages; s++) /* an unknown channel may have sent something */
        for (const struct input *input = graph->stages[s]->inputs; input; input = input->next)
            for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
                reached[s] |= !ref->channel;
    digraph_reach(graph->forward, check->memory, reached);
    return reached;
}

/* Marks the components that another one leads to. */
static void mark_fed(const struct digraph *graph, const size_t *component, bool *fed)
{
    for (size_t n = 0; n < graph->nnodes; n++)
        for (size_t e = graph->first[n]; e < graph->first[n + 1]; e++)
            if (component[n] != component[graph->to[e]])
                fed[component[graph->to[e]]] = true;
}

/* A stage that no source leads to waits for items of a cycle that nothing ever enters. One stage of each such cycle is
 * reported, and not what stands behind it. */
static void check_never(struct check *check)
{
    const struct graph *graph = check->graph;
    const bool *reached = reached_nodes(check);
    const size_t *component = graph->component;
    bool *fed = memory_take(check->memory, graph->ncomponents + 1);

    mark_fed(graph->forward, component, fed);
    for (size_t s = 0; s < graph->nstages; s++) {
        if (reached[s] || fed[component[s]])
            continue;
        fed[component[s]] = true;
        diag_report(check->diags, "E0303", graph->stages[s]->decl.name.span,
                    "stage '%s' can never run: no source leads to it", graph->stages[s]->decl.name.text);
        diag_hint(check->diags,
                  "its items come from a cycle of stages that nothing enters: add a source that sends into it");
    }
}

/* ---- options ---- */

static void check_source(struct check *check, const struct stage *stage)
{
    const char *name = stage->decl.name.text;

    if (stage->has_workers) {
        diag_report(check->diags, "E0304", stage->workers_span, "'%s' is a source, which has one worker", name);
        diag_hint(check->diags, stage->every.kind == VALUE_NONE
                                    ? "its body runs once; leave 'workers' out, or let it send to a stage with workers"
                                    : "its body runs once at each tick; leave 'workers' out");
    }
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        if (bound->per.code.present)
            continue; /* keys.c */
        if (bound->weight.code.present) {
            diag_report(check->diags, "E0305", bound->weight.span, "'%s' is a source, so there is no item to weigh",
                        name);
            diag_hint(check->diags, "leave 'weight' out, or weigh the items in the stage that receives them");
        } else if (!bound->decl) {
            diag_report(check->diags, "E0305", bound->span,
                        "'%s' is a source with one worker, so this bound limits nothing", name);
            diag_hint(check->diags, "leave it out; a bound that stages share has a name: bound NAME = 4;");
        }
    }
    if (stage->flush.present) {
        diag_report(check->diags, "E0306", stage->flush_span, "'%s' is a source, and flush runs between items", name);
        diag_hint(check->diags, "use a source that runs at an interval: stage %s -> CHANNEL every 5s { … }", name);
    }
}

static void check_every(struct check *check, const struct stage *stage)
{
    if (stage->every.kind == VALUE_NONE || !stage->inputs || pull_is(stage))
        return;
    diag_report(check->diags, "E0307", stage->every_span, "'every' is for sources, and '%s' has an input",
                stage->decl.name.text);
    diag_hint(check->diags, "to do something at an interval between items: flush every 5s { … }");
}

static void check_ordered(struct check *check, const struct stage *stage)
{
    const char *name = stage->decl.name.text;

    if (!stage->ordered || pull_is(stage))
        return;
    if (!stage->inputs) {
        diag_report(check->diags, "E0311", stage->ordered_span, "'%s' is a source, so no inputs give it an order",
                    name);
        diag_hint(check->diags, "leave 'ordered' out: what one source sends keeps its order");
    } else if (!inline_sends(stage)) {
        diag_report(check->diags, "E0311", stage->ordered_span,
                    "'%s' %s, and 'ordered' puts what a stage sends in order, not when its bodies run", name,
                    stage->outputs ? "sends only to stages that run within it" : "sends nothing");
        diag_hint(check->diags, "let it send its results to a stage with one worker, or give it one worker");
    } else if (leaf_flush_sends(stage)) {
        diag_report(check->diags, "E0312", stage->flush_span,
                    "'%s' is ordered, and what a flush sends has no input whose turn it could take", name);
        diag_note(check->diags, stage->ordered_span, "the order is asked for here");
        diag_hint(check->diags, "send in the body or in final; or gather in a stage of its own behind this one");
    }
}

/* Where a param says one of the two, the program begins as many items as it has workers (runtime/channel/turns.c). */
static void check_ahead(struct check *check, const struct stage *stage)
{
    const struct value *count = workers_count(stage);

    if (stage->ahead.kind != VALUE_INT || !count || count->kind != VALUE_INT)
        return;
    if (stage->ahead.i < 1 || stage->ahead.i >= count->i) /* below 1 the types say so */
        return;
    diag_report(check->diags, "E0318", stage->ahead.span,
                "'%s' has %lld workers, and with %lld item%s begun and not left some of them never have one",
                stage->decl.name.text, (long long)count->i, (long long)stage->ahead.i, stage->ahead.i == 1 ? "" : "s");
    diag_note(check->diags, count->span, "the workers are counted here");
    diag_hint(check->diags, "write at least ordered[%lld]; 'ordered' alone is ordered[%lld]", (long long)count->i,
              2 * (long long)count->i);
}

static void check_bounds(struct check *check, const struct stage *stage)
{
    const struct bound_option *own = NULL;

    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        for (const struct bound_option *other = stage->bounds; other != bound && bound->decl; other = other->next) {
            if (other->decl != bound->decl)
                continue;
            diag_report(check->diags, "E0308", bound->span, "stage '%s' takes the bound '%s' twice",
                        stage->decl.name.text, bound->decl->decl.name.text);
            diag_note(check->diags, other->span, "it is taken here already");
            diag_hint(check->diags, "a second permit: give it a weight, weight (2)");
            break;
        }
        if (bound->decl || bound->per.code.present)
            continue;
        if (own) {
            diag_report(check->diags, "E0308", bound->span, "stage '%s' has two bounds of its own",
                        stage->decl.name.text);
            diag_note(check->diags, own->span, "this is the first");
            diag_hint(check->diags, "give one of them a name: bound NAME = 4;");
        }
        own = bound;
    }
}

static void check_rate(struct check *check, const struct rate_option *rate)
{
    if (!rate->present || !rate->decl || rate->burst.kind == VALUE_NONE)
        return;
    diag_report(check->diags, "E0309", rate->burst.span, "the rate '%s' has its burst where it is declared",
                rate->decl->decl.name.text);
    diag_note(check->diags, rate->decl->decl.name.span, "'%s' is declared here", rate->decl->decl.name.text);
    diag_hint(check->diags, "rate %s = … burst N;", rate->decl->decl.name.text);
}

/* ---- a channel twice ---- */

static void report_twice(struct check *check, const struct stage *stage, const struct name *name, struct span first,
                         const char *verb)
{
    diag_report(check->diags, "E0310", name->span, "stage '%s' %s '%s' twice", stage->decl.name.text, verb, name->text);
    diag_note(check->diags, first, "this is the first time");
    diag_hint(check->diags, "name each channel once");
}

/* `seen[c]` is where the channel stands in the list at hand, in the stage whose number is `stamp[c] - 1`. */
struct seen { size_t stamp; struct span at; };

static void check_outputs_twice(struct check *check, const struct stage *stage, struct seen *seen)
{
    for (const struct output *output = stage->outputs; output; output = output->next) {
        struct seen *s = output->channel ? &seen[output->channel->decl.index] : NULL;

        if (!s)
            continue;
        if (s->stamp == stage->decl.index + 1)
            report_twice(check, stage, &output->name, s->at, "sends to");
        *s = (struct seen){ stage->decl.index + 1, output->name.span };
    }
}

static void check_inputs_twice(struct check *check, const struct stage *stage, struct seen *seen)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next) {
            struct seen *s = ref->channel ? &seen[ref->channel->decl.index] : NULL;

            if (!s)
                continue;
            if (s->stamp == stage->decl.index + 1)
                report_twice(check, stage, &ref->name, s->at, "receives from");
            *s = (struct seen){ stage->decl.index + 1, ref->name.span };
        }
    }
}

void check_shape(struct check *check)
{
    const size_t nchannels = check->graph->nchannels + 1;
    struct seen *inputs = memory_take(check->memory, nchannels * sizeof *inputs);
    struct seen *outputs = memory_take(check->memory, nchannels * sizeof *outputs);

    if (check->whole) {
        CHECK_EACH(check, DECL_CHANNEL, struct channel, channel)
            check_ends(check, channel);
        check_never(check);
    }
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        if (!stage->inputs)
            check_source(check, stage);
        check_every(check, stage);
        check_ordered(check, stage);
        check_ahead(check, stage);
        check_bounds(check, stage);
        check_rate(check, &stage->rate);
        check_outputs_twice(check, stage, outputs);
        check_inputs_twice(check, stage, inputs);
    }
}
