/* One item after the other: what each stage receives, in the order of a pipeline that has one worker everywhere. */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

#include "kit.h"

struct passed {
    uint64_t key;
    unsigned depth;
};

struct queue {
    struct passed *items;
    size_t n, room;
    bool in_order;
};

static void *grown(void *memory, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return memory;
    *room = *room ? 2 * *room : 64;
    memory = realloc(memory, *room * size);
    if (!memory)
        abort();
    return memory;
}

struct oracle {
    const struct graph *graph;
    const int *workers;
    struct expected *expected;
    struct queue queues[MAX_CHANNELS];
    struct queue taps[MAX_CHANNELS]; /* of broadcasts: what the second receiver gets */
    uint64_t limit;
};

static void queue_add(struct queue *queue, struct passed item)
{
    queue->items = grown(queue->items, queue->n, &queue->room, sizeof *queue->items);
    queue->items[queue->n++] = item;
}

static void send(struct oracle *oracle, int channel, uint64_t key, unsigned depth)
{
    queue_add(&oracle->queues[channel], (struct passed){ key, depth });
    if (oracle->graph->channels[channel].tap > 0)
        queue_add(&oracle->taps[channel], (struct passed){ key, depth });
    oracle->expected->sent[channel]++;
    if (++oracle->expected->total > oracle->limit)
        oracle->expected->too_many = true;
}

/* Returns false where the source was cut. */
static bool source_body(struct oracle *oracle, int s, unsigned long n, uint64_t *left)
{
    const struct stage *stage = &oracle->graph->stages[s];

    for (int o = 0; o < stage->nout; o++) {
        const unsigned count = kit_count(n, (unsigned)s, (unsigned)o, (int)stage->out[o].count);

        for (unsigned i = 0; i < count; i++) {
            if (*left == 0)
                return false;
            --*left;
            send(oracle, stage->out[o].channel, kit_key(n, (unsigned)s, (unsigned)o, i), 0);
        }
    }
    return true;
}

static void body(struct oracle *oracle, int s, struct passed item)
{
    const struct stage *stage = &oracle->graph->stages[s];
    struct keys *keys = &oracle->expected->received[s];

    keys->key = grown(keys->key, keys->n, &keys->room, sizeof *keys->key);
    keys->key[keys->n++] = item.key;
    oracle->expected->count[s]++;
    if (stage->loses || (stage->skips && kit_skips(item.key, (unsigned)s))) {
        oracle->expected->skipped[s] += stage->letters_to == 0;
        oracle->expected->dead[s] += stage->letters_to > 0;
        if (stage->letters_to > 0)
            send(oracle, stage->letters_to, item.key, item.depth);
        return;
    }
    for (int o = 0; o < stage->nout; o++) {
        const struct port *port = &stage->out[o];
        const unsigned count = port->back ? kit_back_count(item.key, (unsigned)s, (unsigned)o, item.depth)
                                          : kit_count(item.key, (unsigned)s, (unsigned)o, (int)port->count);

        for (unsigned i = 0; i < count; i++)
            send(oracle, port->channel, kit_key(item.key, (unsigned)s, (unsigned)o, i), item.depth + port->back);
    }
}

/* Whether the order in which the stage's bodies begin is the one in which they run here. */
static bool receives_in_order(const struct oracle *oracle, int s)
{
    const struct stage *stage = &oracle->graph->stages[s];
    const struct channel *channel = &oracle->graph->channels[stage->in[0]];

    if (stage->is_zip)
        return oracle->queues[stage->in[0]].in_order && oracle->queues[stage->in[1]].in_order;
    return stage->nin == 1 && !stage->in_cycle && channel->receivers == 1 && oracle->queues[stage->in[0]].in_order;
}

static void mark_outputs(struct oracle *oracle, int s, bool in_order)
{
    const struct stage *stage = &oracle->graph->stages[s];

    for (int o = 0; o < stage->nout; o++)
        oracle->queues[stage->out[o].channel].in_order =
            in_order && !stage->in_cycle && oracle->graph->channels[stage->out[o].channel].senders == 1;
}

/* What has no partner yet stays queued. */
static bool receive_pairs(struct oracle *oracle, int s)
{
    const int *in = oracle->graph->stages[s].in;
    struct queue *queues = oracle->queues;
    const size_t n = queues[in[0]].n < queues[in[1]].n ? queues[in[0]].n : queues[in[1]].n;

    for (size_t at = 0; at < n && !oracle->expected->too_many; at++) {
        const struct passed x = queues[in[0]].items[at];

        body(oracle, s, (struct passed){ kit_pair_key(x.key, queues[in[1]].items[at].key), x.depth });
    }
    for (int i = 0; i < 2; i++) {
        struct queue *queue = &queues[in[i]];

        queue->n -= n;
        if (queue->n > 0)
            memmove(queue->items, queue->items + n, queue->n * sizeof *queue->items);
    }
    return n > 0;
}

static bool receive_all(struct oracle *oracle, int s)
{
    const struct stage *stage = &oracle->graph->stages[s];
    bool any = false;

    if (stage->is_zip)
        return receive_pairs(oracle, s);

    for (int i = 0; i < stage->nin; i++) {
        const bool taps = oracle->graph->channels[stage->in[i]].tap == s;
        struct queue *queue = taps ? &oracle->taps[stage->in[i]] : &oracle->queues[stage->in[i]];

        for (size_t at = 0; at < queue->n && !oracle->expected->too_many; at++) {
            any = true;
            body(oracle, s, queue->items[at]);
        }
        queue->n = 0;
    }
    return any;
}

static void finals(struct oracle *oracle, int s)
{
    for (int t = s; t < oracle->graph->nstages; t++) {
        const struct stage *stage = &oracle->graph->stages[t];

        if (stage->twin_of != s || !stage->final_sends)
            continue;
        for (int w = 0; w < graph_workers(oracle->graph, oracle->workers, t); w++)
            send(oracle, stage->out[0].channel, kit_final_key((unsigned)t, (unsigned)w, 0), 0);
    }
}

void oracle_run(const struct graph *graph, const uint64_t sent[MAX_STAGES], const int workers[MAX_STAGES],
                uint64_t limit, struct expected *expected)
{
    struct oracle oracle = { .graph = graph, .workers = workers, .expected = expected, .limit = limit };
    bool ended[MAX_STAGES] = { false }; /* its finals have sent, which may still come to a stage of a lower number */

    *expected = (struct expected){ .total = 0 };
    for (int s = 0; s < graph->nstages; s++) {
        uint64_t left = sent[s];

        if (graph->stages[s].nin > 0)
            continue;
        mark_outputs(&oracle, s, true);
        for (int n = 0; n < graph->stages[s].items && source_body(&oracle, s, (unsigned long)n, &left); n++)
            ;
    }
    /* Sinks come last and cycles go back, so several rounds; finals send when a round has found nothing at all. */
    for (bool busy = true; busy && !expected->too_many;) {
        busy = false;
        for (int s = 0; s < graph->nstages; s++) {
            const struct stage *stage = &graph->stages[s];
            const int asked = graph_workers(graph, workers, s);

            if (stage->nin == 0 || stage->twin_of != s)
                continue;
            expected->received[s].alike = receives_in_order(&oracle, s) ? graph_orders(stage, asked) : 0;
            mark_outputs(&oracle, s, receives_in_order(&oracle, s) && !stage->holds &&
                                         ((asked == 1 && !graph_sets_aside(stage)) || (stage->ordered && stage->batch_per == 0)) &&
                                         !(stage->final_sends && asked > 1));
            busy |= receive_all(&oracle, s);
        }
        for (int s = 0; s < graph->nstages && !busy; s++) {
            if (graph->stages[s].nin > 0 && graph->stages[s].twin_of == s && !ended[s]) {
                ended[s] = true;
                finals(&oracle, s);
                busy = true;
            }
        }
    }
    for (int c = 0; c < graph->nchannels; c++)
        free(oracle.queues[c].items), free(oracle.taps[c].items);
}

void oracle_free(struct expected *expected)
{
    for (int s = 0; s < MAX_STAGES; s++)
        free(expected->received[s].key);
}
