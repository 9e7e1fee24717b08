/* Forks whose branches meet in a zip: whether the zip can wait for ever for an item of one branch, while that can not go on
 * before the zip has taken from the other.
 *
 * A graph of two kinds of waits: for room in a channel, which its receiver makes, and for an item of a channel, which
 * its sender gives. Who waits for room in `c` waits for what the receiver of `c` waits for: room in its outputs and, if
 * it is a zip, items of its other inputs. Who waits for an item of `c`, which is empty then, waits for what the sender of
 * `c` waits for: room in its other outputs, or items of its inputs. A cycle through both kinds is what could be closed; if
 * there is none, nothing meets. Else counts must show that it is never closed (steps.c).
 */
#include "check/deadlock.h"
#include "check/steps.h"
#include "facts/inputs.h"
#include "facts/key.h"
#include "facts/promise.h"
#include "text/memory.h"

/* ---- the graph --------------------------------------------------------------------------------------------------- */

static size_t channel_edges(const struct graph *graph, const struct channel *channel)
{
    const size_t receivers = digraph_degree(graph->forward, channel_node(graph, channel));

    return channel->broadcast && receivers > 0 ? receivers : 1;
}

static const struct stage *only_stage(const struct graph *graph, const struct digraph *ends, size_t node)
{
    return digraph_degree(ends, node) == 1 ? graph->stages[ends->to[ends->first[node]]] : NULL;
}

static const struct output *output_to(const struct stage *stage, const struct channel *channel)
{
    const struct output *output = stage ? stage->outputs : NULL;

    while (output && output->channel != channel)
        output = output->next;
    return output;
}

static bool input_reads(const struct input *input, const struct channel *channel)
{
    const struct source_ref *ref = input->sources;

    while (ref && ref->channel != channel)
        ref = ref->next;
    return ref;
}

static const struct input *input_from(const struct stage *stage, const struct channel *channel)
{
    const struct input *input = stage ? stage->inputs : NULL;

    while (input && !input_reads(input, channel))
        input = input->next;
    return input;
}

static void make_edges(struct meet *meet)
{
    const struct graph *graph = meet->graph;

    meet->first = memory_take(graph->memory, (graph->nchannels + 1) * sizeof *meet->first);
    for (size_t c = 0; c < graph->nchannels; c++)
        meet->first[c + 1] = meet->first[c] + channel_edges(graph, graph->channels[c]);
    meet->nedges = meet->first[graph->nchannels];
    meet->edges = memory_take(graph->memory, (meet->nedges + 1) * sizeof *meet->edges);
    for (size_t c = 0; c < graph->nchannels; c++) {
        const struct channel *channel = graph->channels[c];
        const size_t node = channel_node(graph, channel);

        for (size_t e = meet->first[c]; e < meet->first[c + 1]; e++) {
            struct edge *edge = &meet->edges[e];

            edge->channel = channel;
            if (channel->broadcast && digraph_degree(graph->forward, node) > 0)
                edge->only = graph->stages[graph->forward->to[graph->forward->first[node] + e - meet->first[c]]];
            edge->sender = only_stage(graph, graph->backward, node);
            edge->output = output_to(edge->sender, channel);
            edge->receiver = edge->only ? edge->only : only_stage(graph, graph->forward, node);
            edge->input = input_from(edge->receiver, channel);
        }
    }
}

/* Calls `found` for each edge that the stage receives from; of the input `but`, none. */
static void each_input(const struct meet *meet, const struct stage *stage, const struct input *but, struct edges *to,
                       size_t node)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref && input != but; ref = ref->next)
            for (size_t e = ref->channel ? meet->first[ref->channel->decl.index] : 0;
                 ref->channel && e < meet->first[ref->channel->decl.index + 1]; e++)
                if (!meet->edges[e].only || meet->edges[e].only == stage)
                    edges_add(to, node, meet->nedges + e);
}

static void each_output(const struct meet *meet, const struct stage *stage, size_t but, struct edges *to, size_t node)
{
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (deadlock_waits_for_room(output->channel))
            for (size_t e = meet->first[output->channel->decl.index]; e < meet->first[output->channel->decl.index + 1]; e++)
                if (e != but)
                    edges_add(to, node, e);
}

static void add_room(const struct meet *meet, struct edges *to, size_t e)
{
    const struct edge *edge = &meet->edges[e];
    const struct digraph *forward = meet->graph->forward;
    const size_t node = channel_node(meet->graph, edge->channel);

    for (size_t i = forward->first[node]; i < forward->first[node + 1]; i++) {
        const struct stage *stage = meet->graph->stages[forward->to[i]];

        if (edge->only && edge->only != stage)
            continue;
        each_output(meet, stage, meet->nedges, to, e);
        if (stage_is_zip(stage))
            each_input(meet, stage, input_from(stage, edge->channel), to, e);
    }
}

static void add_item(const struct meet *meet, struct edges *to, size_t e)
{
    const struct digraph *backward = meet->graph->backward;
    const size_t node = channel_node(meet->graph, meet->edges[e].channel);

    for (size_t i = backward->first[node]; i < backward->first[node + 1]; i++) {
        const struct stage *stage = meet->graph->stages[backward->to[i]];

        each_output(meet, stage, e, to, meet->nedges + e);
        each_input(meet, stage, NULL, to, meet->nedges + e);
    }
}

static void make_waits(struct meet *meet)
{
    struct edges edges = { .memory = meet->graph->memory };

    for (size_t e = 0; e < meet->nedges; e++) {
        if (deadlock_waits_for_room(meet->edges[e].channel))
            add_room(meet, &edges, e);
        add_item(meet, &edges, e);
    }
    meet->waits = digraph_new(&edges, 2 * meet->nedges);
    meet->component = memory_take(meet->graph->memory, (2 * meet->nedges + 1) * sizeof *meet->component);
    digraph_components(meet->waits, meet->graph->memory, meet->component);
}

/* ---- reports ----------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct stage *stage)
{
    return stage->decl.name.text;
}

/* What is in doubt, at its place. */
static void note_doubt(struct check *check, const struct verdict *verdict)
{
    const struct edge *edge = verdict->edge;
    const char *channel = edge->channel->decl.name.text;
    const struct stage *sender = edge->sender, *receiver = edge->receiver;
    const struct span at = sender ? edge->output->name.span : edge->channel->decl.name.span;

    switch (verdict->doubt) {
    case DOUBT_NONE:
        break;
    case DOUBT_SENDERS:
        diag_note(check->diags, edge->channel->decl.name.span, "several stages send to '%s'", channel);
        break;
    case DOUBT_RECEIVERS:
        diag_note(check->diags, edge->channel->decl.name.span, "several stages receive from '%s'", channel);
        break;
    case DOUBT_DROPS:
        diag_note(check->diags, edge->channel->policy_span, "'%s' drops items when it is full", channel);
        break;
    case DOUBT_COUNT:
        if (!sender->inputs && sender->every.kind == VALUE_NONE)
            diag_note(check->diags, at, "'%s' runs once, and may send any number of items to '%s' before it sends to the "
                                        "other side", name_of(sender), channel);
        else if (promise_of(sender, edge->output).least == 0)
            diag_note(check->diags, at, "'%s' need not send an item to '%s' for each that it gets", name_of(sender),
                      channel);
        else
            diag_note(check->diags, at, "'%s' may send any number of items to '%s' for each that it gets",
                      name_of(sender), channel);
        break;
    case DOUBT_SKIP:
        diag_note(check->diags, sender->fail.present ? sender->fail.span : sender->timeout_span,
                  "what fails in '%s' gives no item to '%s'", name_of(sender), channel);
        break;
    case DOUBT_SECTION:
        diag_note(check->diags, at, "'%s' also sends to '%s' in its %s", name_of(sender), channel,
                  body_may_emit(sender->final.body, edge->output->place) ? "final" : "flush");
        break;
    case DOUBT_ORDER:
        diag_note(check->diags, key_first(sender)    ? key_first(sender)->span
                                : sender->has_workers ? sender->workers_span
                                                      : sender->decl.name.span,
                  "'%s' sends its results in another order than its items came in", name_of(sender));
        break;
    case DOUBT_MERGE:
        diag_note(check->diags, edge->input->name.span, "'%s' also gets items of other channels here", name_of(receiver));
        break;
    case DOUBT_BATCH:
        diag_note(check->diags, edge->input->batch_span, "'%s' gathers items before it goes on", name_of(receiver));
        break;
    case DOUBT_RATIO:
        diag_note(check->diags, at, "this way '%s' gets another number of items than the other way", name_of(receiver));
        break;
    case DOUBT_ROOM:
        diag_note(check->diags, edge->channel->decl.name.span, "'%s' need not have room for as many: %lld", channel,
                  (long long)verdict->room);
        break;
    }
}

static void tell_hint(struct check *check, const struct verdict *verdict)
{
    const struct edge *edge = verdict->edge;
    const struct stage *sender = edge->sender;
    const char *channel = edge->channel->decl.name.text;

    switch (verdict->doubt) {
    case DOUBT_NONE:
        break;
    case DOUBT_SENDERS:
    case DOUBT_RECEIVERS:
        diag_hint(check->diags, "give each two stages between a fork and its zip a channel of their own");
        break;
    case DOUBT_COUNT:
        if (!sender->inputs && sender->every.kind == VALUE_NONE)
            diag_hint(check->diags, "send to one channel, and fork behind it: stage fork (v <- CHANNEL) -> left, right { "
                                    "emit(left, v); emit(right, v); }");
        else
            diag_hint(check->diags, "send exactly one item for each, -> %s[1], which may say that there is nothing; or let "
                                    "both halves of a pair travel as one item", channel);
        break;
    case DOUBT_ORDER:
        diag_hint(check->diags, sender->by.code.present ? "'by' keeps the order of each key alone: write 'ordered' in its place"
                                : key_limits(sender)   ? "write 'ordered'"
                                                       : "write 'ordered', or give it one worker");
        break;
    case DOUBT_SKIP:
        diag_hint(check->diags, "send an item that says what failed, in place of the result");
        break;
    case DOUBT_RATIO:
        diag_hint(check->diags, "each way from the fork to the zip must multiply items by the same number");
        break;
    case DOUBT_ROOM:
        diag_hint(check->diags, "give it room for a body's items: channel %s %s[%lld];", edge->channel->type.text, channel,
                  (long long)verdict->room);
        break;
    default:
        diag_hint(check->diags, "do that behind the zip, or before the fork");
    }
}

#define CHAIN_MAX 12 /* waits of a chain that are shown */

/* Each wait of the cycle at its place: who waits there, and for what. */
static void note_wait(const struct meet *meet, size_t node, const char *first)
{
    const bool room = node < meet->nedges;
    const struct edge *edge = &meet->edges[node % meet->nedges];
    const struct stage *stage = room ? edge->sender : edge->receiver;
    const char *channel = edge->channel->decl.name.text;

    if (stage)
        diag_note(meet->check->diags, room ? edge->output->name.span : edge->input->name.span,
                  "%s'%s' waits here for %s '%s'", first, name_of(stage), room ? "room in" : "an item of", channel);
    else
        diag_note(meet->check->diags, edge->channel->decl.name.span, "%swhoever %s '%s' waits", first,
                  room ? "sends to" : "receives from", channel);
}

static void note_chain(const struct meet *meet, const size_t *cycle, size_t n)
{
    for (size_t i = 0; i < n && i < CHAIN_MAX; i++)
        note_wait(meet, cycle[i], i == 0 ? "this may come about: " : "while ");
}

/* The zip at which the branches meet, by a wait for an item of one of its inputs. */
static const struct stage *zip_of(const struct meet *meet, size_t node)
{
    const struct stage *stage = meet->edges[node - meet->nedges].receiver;

    return stage && stage_is_zip(stage) ? stage : NULL;
}

static void report(struct meet *meet, size_t node, const struct verdict *verdict)
{
    const struct stage *zip = zip_of(meet, node);
    size_t n = 0;
    size_t *cycle = digraph_cycle(meet->waits, meet->graph->memory, meet->component, node, &n);

    if (verdict->doubt == DOUBT_ROOM)
        diag_report(meet->check->diags, "E0521", zip->decl.name.span,
                    "'%s' can wait for ever: '%s' may send all that a body has for one side before it sends to the other",
                    name_of(zip), name_of(verdict->fork));
    else
        diag_report(meet->check->diags, "E0520", zip->decl.name.span,
                    "'%s' can wait for ever: its inputs come from one fork, and nothing shows that they keep step",
                    name_of(zip));
    note_doubt(meet->check, verdict);
    if (cycle)
        note_chain(meet, cycle, n);
    tell_hint(meet->check, verdict);
}

/* Whether both kinds of waits stand in the component: without waits for room, items come as far as there are any. */
static bool *mixed_components(const struct meet *meet)
{
    bool *room = memory_take(meet->graph->memory, 2 * meet->nedges + 1);
    bool *mixed = memory_take(meet->graph->memory, 2 * meet->nedges + 1);

    for (size_t e = 0; e < meet->nedges; e++)
        room[meet->component[e]] = true;
    for (size_t e = meet->nedges; e < 2 * meet->nedges; e++)
        if (room[meet->component[e]])
            mixed[meet->component[e]] = true;
    return mixed;
}

static bool has_zip(const struct graph *graph)
{
    for (size_t s = 0; s < graph->nstages; s++)
        if (stage_is_zip(graph->stages[s]))
            return true;
    return false;
}

/* Where the channels have no cycle of waits for room: that is told first. */
void check_meetings(struct check *check)
{
    struct meet meet = { .check = check, .graph = check->graph };
    bool *mixed;

    if (!has_zip(check->graph) || deadlock_channels(check->graph))
        return;
    make_edges(&meet);
    make_waits(&meet);
    mixed = mixed_components(&meet);
    for (size_t node = meet.nedges; node < 2 * meet.nedges; node++) {
        const size_t component = meet.component[node];
        struct verdict verdict;

        if (!mixed[component] || !zip_of(&meet, node))
            continue;
        mixed[component] = false;
        verdict = steps_judge(&meet, component);
        if (verdict.doubt != DOUBT_NONE)
            report(&meet, node, &verdict);
    }
}
