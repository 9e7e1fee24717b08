/* The graph of waits, its cycles, and how they are reported.
 */
#include "check/deadlock.h"

#include "check/check.h"
#include "facts/inputs.h"
#include "facts/leaf.h"
#include "facts/room.h"
#include "text/memory.h"

static size_t bound_node(const struct graph *graph, const struct bound_decl *bound)
{
    return graph->nstages + graph->nchannels + bound->decl.index;
}

/* That an item comes out of the channel, and that the stage sends one: what a zip waits for. */
static size_t item_node(const struct graph *graph, const struct channel *channel)
{
    return graph->nstages + graph->nchannels + graph->nbounds + channel->decl.index;
}

static size_t asked_node(const struct graph *graph, const struct stage *stage)
{
    return graph->nstages + 2 * graph->nchannels + graph->nbounds + stage->decl.index;
}

static size_t all_nodes(const struct graph *graph)
{
    return 2 * graph->nstages + 2 * graph->nchannels + graph->nbounds;
}

/* A call waits for what the inline stage waits for, whatever the channel would do. */
bool deadlock_waits_for_room(const struct channel *channel)
{
    return channel && (channel_facts(channel)->called || room_is_waited_for(channel));
}

const struct bound_option *deadlock_option(const struct stage *stage, const struct bound_decl *decl)
{
    const struct bound_option *option = stage->bounds;

    while (option && option->decl != decl)
        option = option->next;
    return option;
}

/* A stage that sends waits for the channel's room, and this for the stages that receive. */
static struct edges channel_waits(const struct graph *graph)
{
    struct edges edges = { .memory = graph->memory };

    for (size_t s = 0; s < graph->nstages; s++) {
        for (const struct output *output = graph->stages[s]->outputs; output; output = output->next)
            if (deadlock_waits_for_room(output->channel))
                edges_add(&edges, s, channel_node(graph, output->channel));
        for (const struct input *input = graph->stages[s]->inputs; input; input = input->next)
            for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
                if (deadlock_waits_for_room(ref->channel))
                    edges_add(&edges, channel_node(graph, ref->channel), s);
    }
    return edges;
}

/* A stage waits for its bounds, and a bound for what those wait for that hold it while they send. One for each key is no node: its
 * stage alone waits for it, and who holds it waits for nothing that the stage does not wait for anyway. */
static void add_bound_waits(const struct graph *graph, struct edges *edges, const struct stage *stage)
{
    const bool leaf = leaf_is(stage);

    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        if (!bound->decl)
            continue;
        edges_add(edges, stage_node(stage), bound_node(graph, bound->decl));
        for (const struct output *output = stage->outputs; output && !leaf; output = output->next)
            if (deadlock_waits_for_room(output->channel))
                edges_add(edges, bound_node(graph, bound->decl), channel_node(graph, output->channel));
    }
}

/* Who waits for room before a zip waits for items of its other inputs. They come when their senders have bounds and items,
 * and room in whatever else these send to: the channel at hand is empty. */
static void add_item_waits(const struct graph *graph, struct edges *edges, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next) {
            edges_add(edges, asked_node(graph, stage), item_node(graph, ref->channel));
            for (const struct input *other = stage->inputs; other && stage_is_zip(stage); other = other->next)
                if (other != input && deadlock_waits_for_room(ref->channel))
                    edges_add(edges, channel_node(graph, ref->channel), item_node(graph, other->sources->channel));
        }
    for (const struct output *output = stage->outputs; output; output = output->next) {
        edges_add(edges, item_node(graph, output->channel), asked_node(graph, stage));
        for (const struct output *other = stage->outputs; other; other = other->next)
            if (other != output && deadlock_waits_for_room(other->channel))
                edges_add(edges, item_node(graph, output->channel), channel_node(graph, other->channel));
    }
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        if (bound->decl)
            edges_add(edges, asked_node(graph, stage), bound_node(graph, bound->decl));
}

/* One cycle from each component that has any, through the first node of it from `from` on, before `to`. */
static struct wait_cycle *find_cycles(const struct graph *graph, const struct digraph *waits, size_t from, size_t to)
{
    struct obstack *memory = graph->memory;
    size_t *component = memory_take(graph->memory, (waits->nnodes + 1) * sizeof *component);
    const size_t n = digraph_components(waits, memory, component);
    size_t *sizes = memory_take(graph->memory, (n + 1) * sizeof *sizes);
    struct wait_cycle *first = NULL, **last = &first;
    size_t found = 0;

    for (size_t node = 0; node < waits->nnodes; node++)
        sizes[component[node]]++;
    for (size_t node = from; node < to && found < WAIT_CYCLES_MAX; node++) {
        struct wait_cycle *cycle;

        if (sizes[component[node]] < 2)
            continue;
        cycle = memory_take(graph->memory, sizeof *cycle);
        cycle->nodes = digraph_cycle(waits, memory, component, node, &cycle->n);
        if (!cycle->nodes)
            continue;
        sizes[component[node]] = 0;
        *last = cycle;
        last = &cycle->next;
        found++;
    }
    return first;
}

struct wait_cycle *deadlock_channels(const struct graph *graph)
{
    const struct edges edges = channel_waits(graph);
    const size_t n = graph->nstages + graph->nchannels;

    return find_cycles(graph, digraph_new(&edges, n), 0, n);
}

struct wait_cycle *deadlock_bounds(const struct graph *graph)
{
    struct edges edges = channel_waits(graph);
    const size_t first = graph->nstages + graph->nchannels;

    if (graph->nbounds == 0)
        return NULL;
    for (size_t s = 0; s < graph->nstages; s++) {
        add_bound_waits(graph, &edges, graph->stages[s]);
        add_item_waits(graph, &edges, graph->stages[s]);
    }
    return find_cycles(graph, digraph_new(&edges, all_nodes(graph)), first, first + graph->nbounds);
}

/* ---- reports ---- */

#define NOTES_MAX 8 /* channels of a cycle that are pointed at */

static const struct channel *channel_of(const struct graph *graph, size_t node)
{
    const bool is_channel = node >= graph->nstages && node < graph->nstages + graph->nchannels;

    return is_channel ? graph->channels[node - graph->nstages] : NULL;
}

static void note_channels(struct check *check, const struct wait_cycle *cycle)
{
    size_t notes = 0;

    for (size_t i = 0; i < cycle->n; i++) {
        const struct channel *channel = channel_of(check->graph, cycle->nodes[i]);
        const struct stage *called = channel ? channel_facts(channel)->called : NULL;

        if (!channel)
            continue;
        if (notes++ == NOTES_MAX) {
            diag_note(check->diags, channel->decl.name.span, "and so on");
            return;
        }
        if (called)
            diag_note(check->diags, called->inline_span, "a sender to '%s' runs '%s', and waits as that does",
                      channel->decl.name.text, called->decl.name.text);
        else
            diag_note(check->diags, channel->decl.name.span, "a sender to '%s' waits %s", channel->decl.name.text,
                      channel->cap_kind == CAP_RENDEZVOUS ? "for its receiver" : "while it is full");
    }
}

/* The last channel of the cycle that holds items, so that it could grow. A cycle of calls alone is none that anything
 * enters, so that there is one. */
static const struct channel *channel_back(const struct graph *graph, const struct wait_cycle *cycle)
{
    const struct channel *back = NULL;

    for (size_t i = 0; i < cycle->n; i++) {
        const struct channel *channel = channel_of(graph, cycle->nodes[i]);

        if (channel && (!back || !channel_facts(channel)->called))
            back = channel;
    }
    return back;
}

static void report_channels(struct check *check, const struct wait_cycle *cycle)
{
    const struct stage *first = check->graph->stages[cycle->nodes[0]];
    const struct channel *back = channel_back(check->graph, cycle);

    if (cycle->n == 2)
        diag_report(check->diags, "E0501", first->decl.name.span,
                    "stage '%s' can wait for ever for room in '%s', which it empties itself", first->decl.name.text,
                    back->decl.name.text);
    else
        diag_report(check->diags, "E0501", first->decl.name.span,
                    "stage '%s' and those that it sends to can wait for each other for ever: every channel of their "
                    "cycle is bounded", first->decl.name.text);
    note_channels(check, cycle);
    diag_hint(check->diags, "let one channel of the cycle grow: channel %s %s[*]%s;",
              back->dead ? back->item.text : back->type.text, back->decl.name.text, back->dead ? " dead" : "");
}

/* The first stage that holds `bound` while it sends to `channel`. */
static const struct stage *holder_of(const struct graph *graph, const struct bound_decl *bound,
                                     const struct channel *channel)
{
    const size_t node = channel_node(graph, channel);

    for (size_t e = graph->backward->first[node]; e < graph->backward->first[node + 1]; e++) {
        const struct stage *stage = graph->stages[graph->backward->to[e]];

        if (deadlock_option(stage, bound) && !leaf_is(stage))
            return stage;
    }
    return NULL;
}

static const struct stage *stage_of(const struct graph *graph, size_t node)
{
    return graph->stages[node < graph->nstages ? node : node - asked_node(graph, graph->stages[0])];
}

/* Each step of the cycle into a bound is a stage that needs it, each out of one a stage that holds it. */
static void note_bounds(struct check *check, const struct wait_cycle *cycle, const struct stage *holder)
{
    const struct graph *graph = check->graph;
    const size_t first = graph->nstages + graph->nchannels;

    for (size_t i = 0; i < cycle->n; i++) {
        const size_t node = cycle->nodes[(i + 1) % cycle->n];
        const size_t after = cycle->nodes[(i + 2) % cycle->n];
        const struct bound_decl *bound = node >= first && node < first + graph->nbounds ? graph->bounds[node - first] : NULL;
        const struct stage *waiter = bound ? stage_of(graph, cycle->nodes[i]) : NULL;
        const struct stage *other = bound ? holder_of(graph, bound, channel_of(graph, after)) : NULL;

        if (waiter)
            diag_note(check->diags, deadlock_option(waiter, bound)->span, "stage '%s' needs '%s'", waiter->decl.name.text,
                      bound->decl.name.text);
        if (other && other != holder)
            diag_note(check->diags, deadlock_option(other, bound)->span, "stage '%s' holds '%s' while it sends to '%s'",
                      other->decl.name.text, bound->decl.name.text, channel_of(graph, after)->decl.name.text);
    }
}

static void report_bound(struct check *check, const struct wait_cycle *cycle)
{
    const struct graph *graph = check->graph;
    const struct bound_decl *bound = graph->bounds[cycle->nodes[0] - graph->nstages - graph->nchannels];
    const struct channel *channel = channel_of(graph, cycle->nodes[1]);
    const struct stage *holder = channel ? holder_of(graph, bound, channel) : NULL;

    if (!holder)
        return;
    diag_report(check->diags, "E0502", deadlock_option(holder, bound)->span,
                "stage '%s' holds the bound '%s' while it waits to send to '%s', and what empties that cannot go on "
                "without the bound",
                holder->decl.name.text, bound->decl.name.text, channel->decl.name.text);
    note_bounds(check, cycle, holder);
    if (holder->inputs && !holder->blocking && channel_facts(channel)->called)
        diag_hint(check->diags, "promise how many items '%s' and what runs within it send, and the permit goes back "
                                "before they wait", holder->decl.name.text);
    else if (holder->inputs && !holder->blocking)
        diag_hint(check->diags,
                  "promise how many items a body sends, and the permit goes back before they wait: -> %s[0..N]",
                  channel->decl.name.text);
    else
        diag_hint(check->diags, "give '%s' a bound of its own, or let '%s' grow: [*]", holder->decl.name.text,
                  channel->decl.name.text);
}

void check_deadlock(struct check *check)
{
    const struct wait_cycle *cycle = deadlock_channels(check->graph);

    if (!cycle)
        for (cycle = deadlock_bounds(check->graph); cycle; cycle = cycle->next)
            report_bound(check, cycle);
    else
        for (; cycle; cycle = cycle->next)
            report_channels(check, cycle);
}
