/* Forks whose branches meet in a zip: whether the zip can wait for ever for an item of one branch, while that can not go on
 * before the zip has taken from the other.
 *
 * A graph of two kinds of waits: for room in a channel, which its receiver makes, and for an item of a channel, which
 * its sender gives. Who waits for room in `c` waits for what the receiver of `c` waits for: room in its outputs and, if
 * it is a zip, items of its other inputs. Who waits for an item of `c`, which is empty then, waits for what the sender of
 * `c` waits for: room in its other outputs, or items of its inputs. A cycle through both kinds is what could be closed; if
 * there is none, nothing meets.
 *
 * Else counts must show that it is never closed. Let every body there take one item of each input and send n items to an
 * output, in order, and let r be how often a stage runs for each time that another does: the receiver's is n times the
 * sender's, or more where somebody may wait for room in that channel, or less where somebody may wait for an item of it.
 * Of waits that stand, compare how far the stages are, each in bodies begun divided by its r. Who waits for an item
 * finds the sender no further than itself, or by one body at most, 1/r, if that body waits elsewhere meanwhile (a leaf's
 * never does). Who waits for room in a channel of capacity C is ahead of the receiver by at least (1 + C)/r of that. So
 * along a cycle it goes down and never comes back to where it began, if on each way from a body that waits to the next
 * zip the sum of (1 + C)/r is above its own 1/r: then there is no such cycle.
 *
 * Of a stage that takes part by what it sends to one broadcast alone, each emit counts as a body: it gives every branch an
 * item, however many a real body sends.
 */
#include "check/check.h"
#include "check/deadlock.h"
#include "facts/attempt.h"
#include "facts/inline.h"
#include "facts/inputs.h"
#include "facts/item.h"
#include "facts/leaf.h"
#include "facts/promise.h"
#include "facts/workers.h"
#include "text/memory.h"

/* A channel, as one receiver sees it: a broadcast is one for each. */
struct edge {
    const struct channel *channel;
    const struct stage *only;   /* of a broadcast: the receiver */
    const struct stage *sender; /* the only one; NULL: there are several, or none */
    const struct output *output;
    const struct stage *receiver; /* the same */
    const struct input *input;
};

struct meet {
    struct check *check;
    const struct graph *graph;
    struct edge *edges;         /* by number: room for it is node n, an item of it node nedges + n */
    size_t nedges;
    size_t *first;              /* of each channel */
    const struct digraph *waits;
    size_t *component;
    const struct output **sends; /* of each stage of the component at hand: the only output that it has there; */
    bool *apart;                /* it has others, or receives there */
};

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

/* ---- what counts show -------------------------------------------------------------------------------------------- */

/* Why nothing shows that branches keep step. */
enum doubt {
    DOUBT_NONE,
    DOUBT_SENDERS, DOUBT_RECEIVERS, DOUBT_DROPS, /* of a channel */
    DOUBT_COUNT, DOUBT_SKIP, DOUBT_SECTION, DOUBT_ORDER, /* of its sender */
    DOUBT_MERGE, DOUBT_BATCH, /* of its receiver */
    DOUBT_RATIO, /* of a stage: by one way it gets more than by another */
    DOUBT_ROOM   /* of a channel: a body may send more to another one than fits there, before it sends here */
};

struct verdict {
    enum doubt doubt;
    const struct edge *edge;
    const struct stage *fork; /* DOUBT_ROOM */
    int64_t room;             /* that the channel would need then */
};

/* Whether the component has the wait for room in the channel; for an item of it. */
static bool waits_for_room(const struct meet *meet, size_t e, size_t component)
{
    return meet->component[e] == component;
}

static bool waits_for_item(const struct meet *meet, size_t e, size_t component)
{
    return meet->component[meet->nedges + e] == component;
}

static bool in_component(const struct meet *meet, size_t e, size_t component)
{
    return waits_for_room(meet, e, component) || waits_for_item(meet, e, component);
}

/* Whether each emit of the sender counts as a body. */
static bool counts_emits(const struct meet *meet, const struct edge *edge)
{
    return edge->only && !meet->apart[stage_node(edge->sender)];
}

static struct count promised(const struct meet *meet, const struct edge *edge)
{
    return counts_emits(meet, edge) ? (struct count){ 1, 1 } : promise_of(edge->sender, edge->output);
}

/* How many items a body of the sender sends there: the most where somebody may wait for room, else the least. */
static int64_t count_of(const struct meet *meet, size_t e, size_t component)
{
    const struct count count = promised(meet, &meet->edges[e]);

    return waits_for_room(meet, e, component) ? count.most : count.least;
}

static bool keeps_order(const struct stage *stage)
{
    bool keyed = stage->by.present || stage->rate.per.present;

    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        keyed = keyed || bound->per.present;
    return stage->ordered || (!keyed && !workers_are_many(stage));
}

static bool sections_send(const struct edge *edge)
{
    return body_may_emit(edge->sender->final.body, edge->output->place)
        || body_may_emit(edge->sender->flush.body, edge->output->place);
}

static enum doubt doubt_of(const struct meet *meet, size_t e, size_t component)
{
    const bool room = waits_for_room(meet, e, component), item = waits_for_item(meet, e, component);
    const struct edge *edge = &meet->edges[e];
    const struct stage *sender = edge->sender;
    struct count count;

    if (!sender)
        return DOUBT_SENDERS;
    if (!edge->receiver)
        return DOUBT_RECEIVERS;
    if (edge->channel->policy != DROP_NONE)
        return DOUBT_DROPS;
    if (item && attempt_may_leave_out(sender) && !(counts_emits(meet, edge) && !item_owns(&edge->channel->type)))
        return DOUBT_SKIP; /* a copy for one receiver may be what fails */
    count = promised(meet, edge);
    if ((room && count.most == COUNT_ANY) || (item && count.least == 0))
        return DOUBT_COUNT;
    if (room && sections_send(edge) && !counts_emits(meet, edge))
        return DOUBT_SECTION;
    if (!keeps_order(sender))
        return DOUBT_ORDER;
    if (edge->input->is_batch)
        return DOUBT_BATCH;
    return edge->input->sources->next ? DOUBT_MERGE : DOUBT_NONE;
}

/* How often a stage runs, as a fraction; 0: not known yet. */
struct ratio { int64_t runs, of; };

#define RATIO_MAX ((int64_t)1 << 31) /* of either number: products of two are no overflow */

static int64_t divisor(int64_t a, int64_t b)
{
    while (b > 0) {
        const int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* A fraction times another; `runs` 0 where that is out of all measure. */
static struct ratio ratio_times(struct ratio ratio, int64_t runs, int64_t of)
{
    const int64_t g = divisor(ratio.runs, of), h = divisor(runs, ratio.of);

    runs /= h;
    of /= g;
    ratio.runs /= g;
    ratio.of /= h;
    if (runs >= RATIO_MAX / ratio.runs || of >= RATIO_MAX / ratio.of)
        return (struct ratio){ 0, 1 };
    return (struct ratio){ ratio.runs * runs, ratio.of * of };
}

/* Goes from stage to stage by the channels of the component; each channel is gone by once in either direction. */
static struct verdict find_ratios(const struct meet *meet, const size_t *list, size_t n, size_t component,
                                  struct ratio *ratios)
{
    const struct verdict none = { DOUBT_NONE, NULL, NULL, 0 };
    bool found = true;

    ratios[stage_node(meet->edges[list[0]].sender)] = (struct ratio){ 1, 1 };
    while (found) {
        found = false;
        for (size_t i = 0; i < n; i++) {
            const struct edge *edge = &meet->edges[list[i]];
            struct ratio *from = &ratios[stage_node(edge->sender)], *to = &ratios[stage_node(edge->receiver)];
            const int64_t count = count_of(meet, list[i], component);

            if (count == 0 || count >= RATIO_MAX)
                return (struct verdict){ DOUBT_COUNT, edge, NULL, 0 };
            if (!from->runs == !to->runs)
                continue;
            if (from->runs)
                *to = ratio_times(*from, count, 1);
            else
                *from = ratio_times(*to, 1, count);
            if (!from->runs || !to->runs)
                return (struct verdict){ DOUBT_RATIO, edge, NULL, 0 };
            found = true;
        }
    }
    return none;
}

static int ratio_compare(struct ratio a, struct ratio b)
{
    const int64_t x = a.runs * b.of, y = b.runs * a.of;

    return x < y ? -1 : x > y;
}

/* Whether the receiver runs as often as the counts of every channel ask for. */
static struct verdict compare_ratios(const struct meet *meet, const size_t *list, size_t n, size_t component,
                                     const struct ratio *ratios)
{
    for (size_t i = 0; i < n; i++) {
        const struct edge *edge = &meet->edges[list[i]];
        const struct count count = promised(meet, edge);
        const struct ratio from = ratios[stage_node(edge->sender)], to = ratios[stage_node(edge->receiver)];
        struct ratio most = { 0, 1 }, least = { 0, 1 };

        if (waits_for_room(meet, list[i], component))
            most = ratio_times(from, count.most, 1);
        if (waits_for_item(meet, list[i], component))
            least = count.least >= RATIO_MAX ? most : ratio_times(from, count.least, 1);
        if ((waits_for_room(meet, list[i], component) && (!most.runs || ratio_compare(to, most) < 0))
            || (waits_for_item(meet, list[i], component) && (!least.runs || ratio_compare(to, least) > 0)))
            return (struct verdict){ DOUBT_RATIO, edge, NULL, 0 };
    }
    return (struct verdict){ DOUBT_NONE, NULL, NULL, 0 };
}

/* What the channel holds at least, whatever the params are: items that it takes before its sender waits. A call takes none
 * of its own. */
static int64_t least_room(const struct channel *channel)
{
    const struct value *cap = &channel->cap;

    if (channel_facts(channel)->called)
        return -1;
    if (channel->cap_kind == CAP_RENDEZVOUS)
        return 0;
    if (cap->kind == VALUE_INT)
        return cap->i;
    return cap->param && cap->param->low.kind != VALUE_NONE && cap->param->low.i > 1 ? cap->param->low.i : 1;
}

static int64_t at_most(int64_t a, int64_t b, int64_t more)
{
    const int64_t most = INT64_MAX / 4;

    if (a > most / b)
        return most;
    return a * b - more;
}

/* `need[e]`: what the sum of (1 + C)/r over the ways that begin with the edge must exceed, in units of its sender's 1/r; below
 * 0: nothing. It is handed on from edge to edge in the order of the items, to the zip where a way ends. */
static struct verdict pass_on(const struct meet *meet, size_t component, int64_t *need, size_t e,
                              const struct stage *fork)
{
    const struct edge *edge = &meet->edges[e];
    const int64_t room = least_room(edge->channel);
    const int64_t rest = at_most(need[e], count_of(meet, e, component), 1 + room);

    if (rest < 0)
        return (struct verdict){ DOUBT_NONE, NULL, NULL, 0 };
    if (stage_is_zip(edge->receiver))
        return (struct verdict){ DOUBT_ROOM, edge, fork, room + rest + 1 };
    for (const struct output *output = edge->receiver->outputs; output; output = output->next)
        for (size_t next = meet->first[output->channel->decl.index]; next < meet->first[output->channel->decl.index + 1];
             next++)
            if (waits_for_room(meet, next, component) && rest > need[next])
                need[next] = rest;
    return (struct verdict){ DOUBT_NONE, NULL, NULL, 0 };
}

/* A body that may wait, of a stage that somebody waits for. */
static bool may_stand(const struct meet *meet, const struct stage *stage, const size_t *list, size_t n, size_t component)
{
    bool asked = false;

    for (size_t i = 0; i < n; i++)
        asked = asked || (meet->edges[list[i]].sender == stage && waits_for_item(meet, list[i], component));
    return asked && !leaf_is(inline_host(stage));
}

/* `list` is in the order of the items: a stage's inputs stand before its outputs (components are numbered against it). */
static struct verdict find_room(const struct meet *meet, const size_t *list, size_t n, size_t component)
{
    int64_t *need = memory_take(meet->graph->memory, (meet->nedges + 1) * sizeof *need);
    struct verdict verdict = { DOUBT_NONE, NULL, NULL, 0 };

    for (size_t i = 0; i < n; i++) {
        const struct stage *fork = meet->edges[list[i]].sender;

        if (!may_stand(meet, fork, list, n, component))
            continue;
        for (size_t k = 0; k < n; k++)
            need[list[k]] = meet->edges[list[k]].sender == fork ? 1 : -1;
        for (size_t k = 0; k < n && verdict.doubt == DOUBT_NONE; k++)
            if (waits_for_room(meet, list[k], component) && need[list[k]] >= 0)
                verdict = pass_on(meet, component, need, list[k], fork);
        if (verdict.doubt != DOUBT_NONE)
            return verdict;
    }
    return verdict;
}

static int downstream(const struct meet *meet, size_t a, size_t b)
{
    const size_t *component = meet->graph->component;
    const size_t x = component[channel_node(meet->graph, meet->edges[a].channel)];
    const size_t y = component[channel_node(meet->graph, meet->edges[b].channel)];

    return x < y ? 1 : x > y ? -1 : 0;
}

/* By insertion: the edges come nearly so, as a file is written. */
static size_t list_edges(const struct meet *meet, size_t component, size_t *list)
{
    size_t n = 0;

    for (size_t e = 0; e < meet->nedges; e++) {
        size_t at;

        if (!in_component(meet, e, component))
            continue;
        for (at = n++; at > 0 && downstream(meet, list[at - 1], e) > 0; at--)
            list[at] = list[at - 1];
        list[at] = e;
    }
    return n;
}

/* Which stages take part by one output alone. */
static void find_apart(const struct meet *meet, const size_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct edge *edge = &meet->edges[list[i]];

        if (edge->receiver)
            meet->apart[stage_node(edge->receiver)] = true;
        if (!edge->sender)
            continue;
        if (meet->sends[stage_node(edge->sender)] && meet->sends[stage_node(edge->sender)] != edge->output)
            meet->apart[stage_node(edge->sender)] = true;
        meet->sends[stage_node(edge->sender)] = edge->output;
    }
}

static struct verdict judge(struct meet *meet, size_t component)
{
    size_t *list = memory_take(meet->graph->memory, (meet->nedges + 1) * sizeof *list);
    struct ratio *ratios = memory_take(meet->graph->memory, (meet->graph->nstages + 1) * sizeof *ratios);
    const size_t n = list_edges(meet, component, list);
    struct verdict verdict;

    meet->sends = memory_take(meet->graph->memory, (meet->graph->nstages + 1) * sizeof *meet->sends);
    meet->apart = memory_take(meet->graph->memory, meet->graph->nstages + 1);
    find_apart(meet, list, n);
    for (size_t i = 0; i < n; i++) {
        const enum doubt doubt = doubt_of(meet, list[i], component);

        if (doubt != DOUBT_NONE)
            return (struct verdict){ doubt, &meet->edges[list[i]], NULL, 0 };
    }
    verdict = find_ratios(meet, list, n, component, ratios);
    if (verdict.doubt == DOUBT_NONE)
        verdict = compare_ratios(meet, list, n, component, ratios);
    return verdict.doubt == DOUBT_NONE ? find_room(meet, list, n, component) : verdict;
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
        diag_note(check->diags, sender->has_workers ? sender->workers_span : sender->decl.name.span,
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
        diag_hint(check->diags, "write 'ordered', or give it one worker");
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
        verdict = judge(&meet, component);
        if (verdict.doubt != DOUBT_NONE)
            report(&meet, node, &verdict);
    }
}
