/* The kind of each channel.
 */
#include "facts/item.h"
#include "facts/record.h"
#include "facts/workers.h"
#include "parts/instance.h"
#include "plan/make.h"
#include "text/memory.h"

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
    case KIND_BROADCAST: return "a channel for each stage that receives";
    }
    return NULL;
}

static enum when_full full_of(const struct channel *channel)
{
    switch (channel->policy) {
    case DROP_NONE: return FULL_WAITS;
    case DROP_NEWEST: return FULL_DROPS_NEWEST;
    case DROP_OLDEST: return FULL_DROPS_OLDEST;
    }
    return FULL_WAITS;
}

static const char *full_text(enum when_full full)
{
    switch (full) {
    case FULL_WAITS: return "";
    case FULL_DROPS_NEWEST: return "; what is sent while it is full is dropped";
    case FULL_DROPS_OLDEST: return "; while it is full, what is sent takes the place of the oldest";
    }
    return NULL;
}

/* Whether the stages at one end of a channel have several workers between them. */
static bool end_is_many(const struct graph *graph, const struct digraph *ends, size_t node)
{
    bool many = digraph_degree(ends, node) > 1;

    for (size_t e = ends->first[node]; e < ends->first[node + 1]; e++)
        many |= workers_are_many(graph->stages[ends->to[e]]);
    return many;
}

/* The end that a daemon sends to is locked, as if others sent there: it closes while that may be sending. */
static bool daemons_send(const struct graph *graph, size_t node)
{
    const struct digraph *senders = graph->backward;

    for (size_t e = senders->first[node]; e < senders->first[node + 1]; e++)
        if (graph->stages[senders->to[e]]->daemon)
            return true;
    return false;
}

static bool many_send(const struct graph *graph, size_t node)
{
    return end_is_many(graph, graph->backward, node) || daemons_send(graph, node);
}

/* The one of a broadcast to the stage at the end of the edge `e`. */
static void make_copy(struct make *make, struct planned_channel *planned, const struct channel *channel, size_t e)
{
    const struct graph *graph = make->facts->graph;
    const struct stage *receiver = graph->stages[graph->forward->to[e]];

    planned->kind = kind_of(channel, many_send(graph, channel_node(graph, channel)), workers_are_many(receiver));
    planned->full = full_of(channel);
    planned->why = memory_format(make->memory, "%s%s", why_of(planned->kind), full_text(planned->full));
    if (channel->cap_kind == CAP_BOUNDED)
        planned->cap = make_amount(make, &channel->cap);
    planned->cycle = make->plan->stages[receiver->decl.index].cycle;
}

static void make_channel(struct make *make, struct planned_channel *planned, const struct channel *channel)
{
    const struct graph *graph = make->facts->graph;
    struct plan *plan = make->plan;
    const size_t node = channel_node(graph, channel);
    const struct stage *called = channel_facts(channel)->called;

    if (channel->broadcast) {
        planned->kind = KIND_BROADCAST;
        planned->full = full_of(channel);
        planned->why = why_of(planned->kind);
        for (size_t i = 0; i < planned->ncopies; i++)
            make_copy(make, &planned->copies[i], channel, graph->forward->first[node] + i);
        return;
    }
    planned->kind = kind_of(channel, many_send(graph, node), end_is_many(graph, graph->forward, node));
    planned->full = planned->kind == KIND_CALL ? FULL_WAITS : full_of(channel);
    planned->why = memory_format(make->memory, "%s%s", why_of(planned->kind), full_text(planned->full));
    if (called) {
        planned->called = &plan->stages[called->decl.index];
        planned->sender = &plan->stages[stage_facts(called)->sender->decl.index];
    }
    if (channel->cap_kind == CAP_BOUNDED)
        planned->cap = make_amount(make, &channel->cap);
    for (size_t e = graph->forward->first[node]; e < graph->forward->first[node + 1] && !planned->cycle; e++)
        planned->cycle = plan->stages[graph->forward->to[e]].cycle;
}

static void make_item(struct make *make, struct planned_channel *planned, const struct channel *channel)
{
    const struct ctype *type = &channel->type;

    planned->name = channel->decl.name.text;
    planned->symbol = name_symbol(make->memory, planned->name);
    planned->span = channel->decl.span;
    planned->name_span = channel->decl.name.span;
    planned->type = type->text;
    planned->c_type = item_c_type(type);
    planned->meaning = type->decl ? type->decl->c_type.text : type->text;
    planned->item_size = item_size(type);
    planned->foreign = item_is_foreign(type);
    planned->type_span = type->span;
    planned->drop = item_drop(make->facts->ast, make->memory, type);
    planned->letters = channel->dead;
    if (channel->dead) {
        planned->type = memory_format(make->memory, "%s dead", channel->item.text);
        planned->lost_type = item_c_type(&channel->item);
        planned->lost_drop = item_drop(make->facts->ast, make->memory, &channel->item);
        planned->lost_kind = field_kind_of_item(&channel->item);
    }
    make_copies(make, planned, channel);
}

void make_items(struct make *make)
{
    for (size_t c = 0; c < make->plan->nchannels; c++)
        make_item(make, &make->plan->channels[c], make->facts->graph->channels[c]);
}

void make_channels(struct make *make)
{
    for (size_t c = 0; c < make->plan->nchannels; c++)
        make_channel(make, &make->plan->channels[c], make->facts->graph->channels[c]);
}
