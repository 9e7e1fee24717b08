/* What counts show of a component: doubts about each of its channels, then ratios, then room.
 */
#include "check/steps.h"

#include "facts/attempt.h"
#include "facts/inline.h"
#include "facts/inputs.h"
#include "facts/item.h"
#include "facts/key.h"
#include "facts/leaf.h"
#include "facts/promise.h"
#include "facts/workers.h"
#include "text/memory.h"

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

/* Items that wait for their key are set aside, and others pass. */
static bool keeps_order(const struct stage *stage)
{
    return stage->ordered || (!key_limits(stage) && !workers_are_many(stage));
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

struct verdict steps_judge(struct meet *meet, size_t component)
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
