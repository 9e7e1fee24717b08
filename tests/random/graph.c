/* Draws a graph: sources first, then stages that take channels which nobody receives from yet, until none is left. So it
 * has no cycle but those that are asked for, which lead back through a channel that grows.
 */
#include "graph.h"

#include <string.h>

uint64_t random_next(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

int random_below(uint64_t *state, int n)
{
    return (int)(random_next(state) % (uint64_t)n);
}

bool random_chance(uint64_t *state, int percent)
{
    return random_below(state, 100) < percent;
}

#define FIRST_DROPPING 100 /* the seeds below stand for what they have found */
#define FIRST_RECORD 200
#define FIRST_GATHERED 300

struct draw {
    struct graph *graph;
    uint64_t random;
    int open[MAX_CHANNELS]; /* channels that nobody receives from */
    int nopen;
};

static int below(struct draw *draw, int n)
{
    return random_below(&draw->random, n);
}

static bool chance(struct draw *draw, int percent)
{
    return random_chance(&draw->random, percent);
}

static int new_channel(struct draw *draw)
{
    static const int caps[] = { 0, 1, 1, 2, 3, 8, 16, 64, 300, 4096, GROWING };
    struct graph *graph = draw->graph;
    struct channel *channel = &graph->channels[graph->nchannels];
    const int kind = below(draw, 10);

    channel->cap = caps[below(draw, (int)(sizeof caps / sizeof *caps))];
    channel->type = kind < 6 ? ITEM_PLAIN : kind < 8 ? ITEM_LARGE : ITEM_BOX;
    if (kind == 9 && graph->seed >= FIRST_RECORD)
        channel->type = ITEM_RECORD;
    draw->open[draw->nopen++] = graph->nchannels;
    return graph->nchannels++;
}

static bool sends_to(const struct stage *stage, int channel)
{
    for (int o = 0; o < stage->nout; o++)
        if (stage->out[o].channel == channel)
            return true;
    return false;
}

static void add_output(struct draw *draw, struct stage *stage)
{
    static const enum count counts[] = { COUNT_ONE, COUNT_ONE, COUNT_ONE, COUNT_MAYBE, COUNT_MAYBE, COUNT_FEW, COUNT_THREE,
                                         COUNT_MANY };
    int channel = -1;

    if (draw->nopen > 0 && chance(draw, 40))
        channel = draw->open[below(draw, draw->nopen)]; /* fan-in */
    if (channel < 0 || sends_to(stage, channel)) {
        if (draw->graph->nchannels == MAX_CHANNELS)
            return;
        channel = new_channel(draw);
    }
    draw->graph->channels[channel].senders++;
    stage->out[stage->nout++] = (struct port){ .channel = channel, .count = counts[below(draw, 8)] };
}

static struct stage *new_stage(struct draw *draw)
{
    struct stage *stage = &draw->graph->stages[draw->graph->nstages];

    stage->twin_of = draw->graph->nstages++;
    stage->shared_rate = stage->bound.shared = -1;
    return stage;
}

static void add_source(struct draw *draw)
{
    struct stage *stage = new_stage(draw);

    add_output(draw, stage);
    if (chance(draw, 30))
        add_output(draw, stage);
    for (int o = 0; o < stage->nout; o++)
        if (stage->out[o].count == COUNT_MANY && o == 0)
            stage->out[o].count = COUNT_ONE;
    stage->items = chance(draw, 30) ? 1 + below(draw, 40) : 100 + below(draw, 5000);
    stage->every_us = chance(draw, 15) ? 50 + below(draw, 2000) : 0;
}

static void take_input(struct draw *draw, struct stage *stage, int at)
{
    const int channel = draw->open[at];

    draw->open[at] = draw->open[--draw->nopen];
    stage->in[stage->nin++] = channel;
    draw->graph->channels[channel].receivers++;
}

static void add_merge(struct draw *draw, struct stage *stage)
{
    for (int at = 0; at < draw->nopen; at++) {
        if (draw->graph->channels[draw->open[at]].type == draw->graph->channels[stage->in[0]].type) {
            take_input(draw, stage, at);
            return;
        }
    }
}

/* Options that suit the stage; pipec refuses some together, and then the program is drawn for nothing. */
static void draw_options(struct draw *draw, struct stage *stage)
{
    const bool called = stage->nin == 1 && draw->graph->channels[stage->in[0]].senders == 1 &&
                        draw->graph->channels[stage->in[0]].receivers == 1 && chance(draw, 20);

    if (stage->nin > 0) {
        stage->is_inline = called;
        if (!called && chance(draw, 55))
            stage->workers = 1 + below(draw, chance(draw, 15) ? 60 : 8);
        stage->ordered = !called && stage->nout > 0 && stage->workers > 1 && chance(draw, 50);
        stage->blocking = !called && stage->workers < 10 && chance(draw, 10);
        stage->skips = chance(draw, 20);
        stage->final_sends = stage->nout > 0 && chance(draw, 20);
        stage->holds = !called && !stage->ordered && stage->nout > 0 && chance(draw, 12);
        if (!called && chance(draw, 15)) {
            stage->bound = (struct bound_use){ -1, 1 + below(draw, 6), chance(draw, 50) };
            if (chance(draw, 40)) {
                stage->bound.shared = below(draw, draw->graph->nbounds);
                stage->bound.n = draw->graph->bounds[stage->bound.shared];
            }
        }
    }
    if (!called && chance(draw, 12)) {
        stage->rate = 1; /* how much: once it is known how many bodies there are */
        stage->burst = 1 + below(draw, chance(draw, 50) ? 3 : 200);
        if (chance(draw, 30))
            stage->shared_rate = below(draw, draw->graph->nrates);
    }
    stage->may_fail = chance(draw, 30);
    stage->may_stop = chance(draw, 40);
}

static void add_twin(struct draw *draw, int of)
{
    struct graph *graph = draw->graph;
    struct stage *twin = new_stage(draw), *first = &graph->stages[of];

    memcpy(twin->out, first->out, sizeof twin->out);
    twin->nout = first->nout;
    memcpy(twin->in, first->in, sizeof twin->in);
    twin->nin = first->nin;
    twin->twin_of = of;
    for (int i = 0; i < twin->nin; i++)
        graph->channels[twin->in[i]].receivers++;
    for (int o = 0; o < twin->nout; o++)
        graph->channels[twin->out[o].channel].senders++;
    draw_options(draw, twin);
    twin->skips = first->skips;
    twin->is_inline = false;
}

/* From a later stage back to an earlier one. */
static void add_cycle(struct draw *draw)
{
    struct graph *graph = draw->graph;
    const int to = below(draw, graph->nstages), from = to + below(draw, graph->nstages - to);
    struct stage *receiver = &graph->stages[to], *sender = &graph->stages[from];
    int channel;

    if (receiver->nin != 1 || receiver->is_inline || sender->is_inline || sender->nin == 0 || sender->nout == MAX_PORTS ||
        graph->nchannels == MAX_CHANNELS || graph->channels[receiver->in[0]].receivers > 1 || graph->channels[sender->in[0]].receivers > 1)
        return;
    if (graph->channels[receiver->in[0]].cap == GROWING && chance(draw, 50)) {
        channel = receiver->in[0];
    } else {
        channel = new_channel(draw);
        draw->nopen--;
        graph->channels[channel].cap = GROWING;
        graph->channels[channel].type = graph->channels[receiver->in[0]].type;
        graph->channels[channel].receivers = 1;
        receiver->in[receiver->nin++] = channel;
    }
    if (sends_to(sender, channel))
        return;
    graph->channels[channel].senders++;
    sender->out[sender->nout++] = (struct port){ .channel = channel, .back = true };
    graph->has_cycle = true;
}

/* Where stages share channels no order is promised; so some graphs have a line of three beside the rest: one worker at
 * each end, and an ordered stage between. */
static void add_line(struct graph *graph)
{
    /* Its own numbers: what else a seed draws stays as it is. */
    struct draw draw = { .graph = graph, .random = graph->seed * 0x9e3779b97f4a7c15u + 3 };
    struct stage *source, *ordered;

    if (!chance(&draw, 40) || graph->nstages + 3 > MAX_STAGES || graph->nchannels + 2 > MAX_CHANNELS)
        return;
    source = new_stage(&draw);
    add_output(&draw, source);
    source->out[0].count = COUNT_ONE;
    source->items = 100 + below(&draw, 3000);
    ordered = new_stage(&draw);
    take_input(&draw, ordered, 0);
    add_output(&draw, ordered);
    draw_options(&draw, ordered);
    ordered->workers = 2 + below(&draw, 7);
    ordered->ordered = true;
    ordered->is_inline = ordered->holds = ordered->final_sends = false;
    take_input(&draw, new_stage(&draw), 0);
}

/* A stage of one of the ways to a zip: it sends as many items for each that it gets, in their order. */
static struct stage *add_step(struct draw *draw, int channel)
{
    struct stage *step = new_stage(draw);

    for (int at = 0; at < draw->nopen; at++)
        if (draw->open[at] == channel)
            take_input(draw, step, at);
    draw_options(draw, step);
    step->skips = step->holds = step->final_sends = false;
    step->ordered = step->workers > 1 || (step->bound.n > 1 && !step->bound.weighted);
    if (step->ordered && step->workers == 0)
        step->workers = step->bound.n;
    step->to_zip = true;
    return step;
}

static int send_on(struct draw *draw, struct stage *step, enum count count)
{
    const int channel = new_channel(draw);

    draw->graph->channels[channel].senders++;
    step->out[step->nout++] = (struct port){ .channel = channel, .count = count };
    return channel;
}

/* Two ways meet in a zip: from a fork, which should be proved to keep step, or from two sources, of which one sends
 * more. Beside the rest too. */
static void add_zip(struct graph *graph)
{
    struct draw draw = { .graph = graph, .random = graph->seed * 0x9e3779b97f4a7c15u + 5 };
    const bool forks = chance(&draw, 60);
    const enum count count = chance(&draw, 70) ? COUNT_ONE : COUNT_THREE;
    struct stage *zip, *stage, *steps[2] = { NULL };
    bool apart = !forks;
    int ways[2];

    if (!chance(&draw, 40) || graph->nstages + 7 > MAX_STAGES || graph->nchannels + 7 > MAX_CHANNELS)
        return;
    for (int i = 0; i < 2; i++) {
        if (i == 1 && forks)
            break;
        stage = new_stage(&draw);
        stage->items = 1 + below(&draw, 2000);
        draw_options(&draw, stage);
        ways[i] = send_on(&draw, stage, COUNT_ONE);
    }
    if (forks) {
        stage = add_step(&draw, ways[0]);
        ways[0] = send_on(&draw, stage, count);
        ways[1] = send_on(&draw, stage, count);
    }
    for (int i = 0; i < 2; i++)
        if (chance(&draw, 60)) {
            steps[i] = add_step(&draw, ways[i]);
            ways[i] = send_on(&draw, steps[i], chance(&draw, 93) ? COUNT_ONE : COUNT_MAYBE);
            apart |= steps[i]->out[0].count == COUNT_MAYBE;
        }
    for (int i = 0; i < 2; i++)
        if (steps[i])
            steps[i]->may_leave = apart;
    zip = add_step(&draw, ways[0]);
    take_input(&draw, zip, 0);
    zip->is_zip = true;
    zip->is_inline = zip->ordered = false;
    zip->workers = 0;
    zip->skips = chance(&draw, 20);
    if (chance(&draw, 50)) {
        send_on(&draw, zip, chance(&draw, 70) ? COUNT_ONE : COUNT_MANY);
        take_input(&draw, new_stage(&draw), 0);
    }
}

/* A stage that finishes after some items, with a stage on each side. Beside the rest, since how many its other workers have
 * begun by then depends on time. */
static void add_limit(struct graph *graph)
{
    struct draw draw = { .graph = graph, .random = graph->seed * 0x8ebc6af09c88c6e3u + 13 };
    struct stage *source, *limit, *sink;

    if (graph->seed < FIRST_DROPPING || !chance(&draw, 50) || graph->nstages + 3 > MAX_STAGES ||
        graph->nchannels + 2 > MAX_CHANNELS)
        return;
    source = new_stage(&draw);
    source->items = 1 + below(&draw, 3000);
    send_on(&draw, source, COUNT_ONE);
    limit = new_stage(&draw);
    take_input(&draw, limit, 0);
    send_on(&draw, limit, chance(&draw, 60) ? COUNT_ONE : COUNT_FEW);
    draw_options(&draw, source);
    draw_options(&draw, limit);
    limit->skips = false;
    limit->limit = 1 + below(&draw, chance(&draw, 50) ? 20 : 2000);
    sink = new_stage(&draw);
    take_input(&draw, sink, 0);
    limit->may_leave = sink->may_leave = true;
}

/* A daemon and a source, to one channel or to two, which one stage or two receive from. Beside the rest, since what of a
 * daemon arrives depends on time. */
static void add_daemon(struct graph *graph)
{
    struct draw draw = { .graph = graph, .random = graph->seed * 0x589965cc75374cc3u + 15 };
    struct stage *source, *daemon, *work, *sink;
    int channel;

    if (graph->seed < FIRST_DROPPING || !chance(&draw, 50) || graph->nstages + 5 > MAX_STAGES ||
        graph->nchannels + 3 > MAX_CHANNELS)
        return;
    source = new_stage(&draw);
    source->items = 1 + below(&draw, 2000);
    channel = send_on(&draw, source, COUNT_ONE);
    daemon = new_stage(&draw);
    daemon->is_daemon = true;
    daemon->items = 100 + below(&draw, 3000);
    daemon->every_us = chance(&draw, 50) ? 50 + below(&draw, 500) : 0;
    if (chance(&draw, 50)) {
        daemon->out[daemon->nout++] = (struct port){ .channel = channel, .count = COUNT_ONE };
        graph->channels[channel].senders++;
    } else {
        graph->channels[send_on(&draw, daemon, COUNT_ONE)].type = graph->channels[channel].type;
    }
    draw_options(&draw, source);
    draw_options(&draw, daemon);
    work = new_stage(&draw);
    work->all_of = (int)(source - graph->stages);
    take_input(&draw, work, 0);
    if (draw.nopen > 0 && chance(&draw, 50))
        take_input(&draw, work, 0);
    if (chance(&draw, 60))
        send_on(&draw, work, COUNT_MAYBE);
    draw_options(&draw, work);
    work->skips = false;
    work->may_leave = true;
    while (draw.nopen > 0) {
        sink = new_stage(&draw);
        take_input(&draw, sink, 0);
        sink->may_leave = true;
    }
}

/* Some stages get their items several at once, or prefer one channel: what follows from each item stays the same. A
 * rendezvous gathers none. */
static void draw_inputs(struct graph *graph)
{
    struct draw draw = { .graph = graph, .random = graph->seed * 0x9e3779b97f4a7c15u + 9 };

    for (int s = 0; s < graph->nstages; s++) {
        struct stage *stage = &graph->stages[s];
        bool gathers = chance(&draw, 15) && stage->nin > 0 && !stage->is_zip && !stage->is_inline && !stage->holds &&
                       !stage->skips && !stage->may_fail && stage->bound.n == 0 && stage->twin_of == s;

        stage->prefers = stage->nin > 1 && !stage->is_zip && chance(&draw, 40);
        for (int t = 0; t < graph->nstages; t++)
            gathers = gathers && (t == s || graph->stages[t].twin_of != s);
        for (int i = 0; i < stage->nin; i++)
            gathers = gathers && graph->channels[stage->in[i]].cap != 0;
        if (!gathers)
            continue;
        stage->batch = 1 + below(&draw, chance(&draw, 50) ? 5 : 200);
        stage->within_us = stage->in_cycle || chance(&draw, 60) ? 100 + below(&draw, 3000) : 0;
    }
}

/* Everything from which, and to which, a way back leads. */
static void mark_cycles(struct graph *graph)
{
    bool reaches[MAX_STAGES][MAX_STAGES] = { 0 };

    for (int s = 0; s < graph->nstages; s++)
        for (int t = 0; t < graph->nstages; t++)
            for (int i = 0; i < graph->stages[t].nin; i++)
                reaches[s][t] |= sends_to(&graph->stages[s], graph->stages[t].in[i]);
    for (int k = 0; k < graph->nstages; k++)
        for (int s = 0; s < graph->nstages; s++)
            for (int t = 0; t < graph->nstages; t++)
                reaches[s][t] |= reaches[s][k] && reaches[k][t];
    for (int s = 0; s < graph->nstages; s++) {
        struct stage *stage = &graph->stages[s];

        if (!reaches[s][s])
            continue;
        stage->in_cycle = true;
        stage->holds = stage->final_sends = false;
        for (int i = 0; i < stage->nin; i++)
            graph->channels[stage->in[i]].in_cycle = true;
    }
}

/* Whether an item that it sends leaves the stage and those that run within it. */
static bool sends_away(const struct graph *graph, const struct stage *stage)
{
    for (int t = 0; t < graph->nstages; t++) {
        const struct stage *receiver = &graph->stages[t];

        for (int i = 0; i < receiver->nin; i++)
            if (sends_to(stage, receiver->in[i]) && (!receiver->is_inline || sends_away(graph, receiver)))
                return true;
    }
    return false;
}

static bool is_called(const struct graph *graph, int channel)
{
    for (int s = 0; s < graph->nstages; s++)
        if (graph->stages[s].is_inline && graph->stages[s].in[0] == channel)
            return true;
    return false;
}

static bool is_weighed(const struct graph *graph, int channel)
{
    for (int s = 0; s < graph->nstages; s++)
        for (int i = 0; i < graph->stages[s].nin; i++)
            if (graph->stages[s].in[i] == channel && graph->stages[s].bound.weighted)
                return true;
    return false;
}

/* Whether the receiver may end before its senders, or a source sends to a zip. A source that is ended so may leave at an emit
 * of which another receiver has got the item, which it then does not say that it has sent. */
static bool ends_early(const struct graph *graph, int channel)
{
    bool zips = false, is_source = false;

    for (int s = 0; s < graph->nstages; s++) {
        const struct stage *stage = &graph->stages[s];

        for (int i = 0; i < stage->nin; i++) {
            if (stage->in[i] == channel && stage->may_leave)
                return true;
            zips |= stage->in[i] == channel && stage->is_zip;
        }
        is_source |= stage->nin == 0 && sends_to(stage, channel);
    }
    return zips && is_source;
}

/* In some graphs a stage gets a copy of all that goes through a channel. */
static void draw_casts(struct graph *graph)
{
    /* Its own numbers: what else a seed draws stays as it is. */
    struct draw draw = { .graph = graph, .random = graph->seed * 0xa0761d6478bd642fu + 7 };
    const int nchannels = graph->nchannels;

    if (graph->seed < FIRST_DROPPING || !chance(&draw, 40))
        return;
    for (int c = 0; c < nchannels && graph->nstages < MAX_STAGES; c++) {
        struct channel *channel = &graph->channels[c];
        struct stage *tap;

        if (!chance(&draw, 30) || channel->receivers != 1 || is_called(graph, c))
            continue;
        if (ends_early(graph, c))
            continue;
        channel->tap = graph->nstages;
        tap = new_stage(&draw);
        tap->in[tap->nin++] = c;
        if (chance(&draw, 40))
            tap->workers = 1 + below(&draw, 4);
    }
}

/* Some batches go by weight too, where no other stage takes away what was weighed. */
static void draw_weights(struct graph *graph)
{
    /* Its own numbers: what else a seed draws stays as it is. */
    struct draw draw = { .graph = graph, .random = graph->seed * 0x8ebc6af09c88c6e3u + 11 };

    for (int s = 0; s < graph->nstages; s++) {
        struct stage *stage = &graph->stages[s];
        bool weighs = stage->batch > 1 && chance(&draw, 60);

        for (int i = 0; i < stage->nin; i++)
            weighs = weighs && graph->channels[stage->in[i]].receivers == 1;
        if (weighs)
            stage->batch_weight = 1 + below(&draw, 60);
    }
}

/* Some graphs have channels that drop. What a stage gets is then a part of what the sequential run gives it; but no zip's
 * pairs are: those shift. */
static void draw_policies(struct graph *graph)
{
    /* Its own numbers: what else a seed draws stays as it is. */
    struct draw draw = { .graph = graph, .random = graph->seed * 0xd1342543de82ef95u + 5 };

    if (graph->seed < FIRST_DROPPING || !chance(&draw, 30))
        return;
    for (int s = 0; s < graph->nstages; s++)
        if (graph->stages[s].is_zip)
            return;
    for (int c = 0; c < graph->nchannels; c++) {
        struct channel *channel = &graph->channels[c];

        if (!chance(&draw, 40) || channel->cap == 0 || (channel->cap == GROWING && !channel->in_cycle) ||
            is_called(graph, c))
            continue;
        if (channel->cap == GROWING) /* the way back of a cycle need not grow if it drops */
            channel->cap = 1 + below(&draw, 20);
        channel->policy = chance(&draw, 50) && !is_weighed(graph, c) ? POLICY_OLDEST : POLICY_NEWEST;
        graph->drops = true;
    }
}

static bool sends_letters(const struct draw *draw, int s)
{
    const struct stage *stage = &draw->graph->stages[s];

    return stage->skips && stage->nin == 1 && stage->batch == 0 && stage->twin_of == s;
}

/* A batch fails whole, so only one that always does has letters that are known beforehand. */
static bool loses_batches(const struct draw *draw, int s)
{
    const struct stage *stage = &draw->graph->stages[s];

    return stage->batch > 0 && stage->nout == 0 && stage->twin_of == s && !stage->may_fail && !stage->may_leave;
}

/* Some stages that skip send letters instead, to a stage that gets nothing else. */
static void draw_letters(struct graph *graph)
{
    /* Its own numbers: what else a seed draws stays as it is. */
    struct draw draw = { .graph = graph, .random = graph->seed * 0xe7037ed1a0b428dbu + 11 };
    const int nstages = graph->nstages;

    for (int s = 0; s < nstages && graph->seed >= FIRST_DROPPING; s++) {
        int channel;
        struct stage *reader;

        if (!chance(&draw, 60) || !(sends_letters(&draw, s) || loses_batches(&draw, s)) || graph->nstages == MAX_STAGES || graph->nchannels == MAX_CHANNELS)
            continue;
        channel = new_channel(&draw);
        graph->channels[channel].type = graph->channels[graph->stages[s].in[0]].type;
        graph->channels[channel].letters = true;
        graph->stages[s].loses = graph->stages[s].batch > 0;
        for (int t = s; t < nstages; t++)
            if (graph->stages[t].twin_of == s) {
                graph->stages[t].letters_to = channel;
                graph->channels[channel].senders++;
            }
        reader = new_stage(&draw);
        take_input(&draw, reader, 0);
        if (chance(&draw, 40))
            reader->workers = 1 + below(&draw, 4);
    }
}

/* Else there is nothing that could be in order, and pipec says so. */
static void keep_order_of_something(struct graph *graph)
{
    for (int s = 0; s < graph->nstages; s++)
        graph->stages[s].ordered &= sends_away(graph, &graph->stages[s]);
}

static void count_all(const struct graph *graph, struct expected *expected)
{
    uint64_t sent[MAX_STAGES];
    int workers[MAX_STAGES];

    for (int s = 0; s < graph->nstages; s++) {
        sent[s] = UINT64_MAX;
        workers[s] = graph->stages[s].workers;
    }
    oracle_run(graph, sent, workers, MAX_ITEMS, expected);
}

/* Fewer items, until a sequential run is short enough. False: it never is. */
static bool fit_items(struct graph *graph, struct expected *expected)
{
    count_all(graph, expected);
    while (expected->too_many) {
        bool fewer = false;

        oracle_free(expected);
        for (int s = 0; s < graph->nstages; s++) {
            fewer |= graph->stages[s].items > 1;
            graph->stages[s].items = (graph->stages[s].items + 1) / 2;
        }
        if (!fewer)
            return false;
        count_all(graph, expected);
    }
    return true;
}

/* How long bodies take and how often they may run, so that no stage needs much more than a few tenths of a second. */
static void draw_costs(struct draw *draw, const struct expected *expected)
{
    uint64_t shared[MAX_SHARED] = { 0 };

    for (int s = 0; s < draw->graph->nstages; s++) {
        struct stage *stage = &draw->graph->stages[s];
        uint64_t bodies = expected->received[stage->twin_of].n + 1;

        for (int o = 0; stage->nin == 0 && o < stage->nout; o++)
            bodies += expected->sent[stage->out[o].channel];
        if (stage->nin == 0 && stage->every_us > 0 && bodies * (unsigned)stage->every_us > 300000)
            stage->every_us = (int)(300000 / bodies) + 1;
        if (chance(draw, 40))
            stage->spin = below(draw, chance(draw, 60) ? 100 : (int)(20000000 / bodies > 20000 ? 20000 : 20000000 / bodies));
        if (chance(draw, 25)) {
            stage->sleep_us = 1 + below(draw, chance(draw, 70) ? 100 : 5000);
            stage->sleep_each = 1 + (int)(bodies * ((unsigned)stage->sleep_us + 60) / 200000);
            stage->sleep_each += below(draw, 3) * stage->sleep_each;
        }
        if (stage->rate > 0) {
            stage->rate = (long)bodies * (3 + below(draw, 60)) + 100;
            if (stage->shared_rate >= 0)
                shared[stage->shared_rate] += bodies;
        }
    }
    for (int r = 0; r < draw->graph->nrates; r++)
        draw->graph->rates[r] = (long)shared[r] * (3 + below(draw, 60)) + 100;
}

static bool may_gather(const struct graph *graph, const struct stage *stage)
{
    for (int i = 0; i < stage->nin; i++)
        if (graph->channels[stage->in[i]].cap == 0 || graph->channels[stage->in[i]].policy == POLICY_OLDEST ||
            graph->channels[stage->in[i]].letters)
            return false;
    return true;
}

static bool may_have_keys(const struct graph *graph, const struct stage *stage)
{
    return may_gather(graph, stage) && stage->nin > 0 && stage->workers > 1 && !stage->is_zip && !stage->to_zip && stage->batch == 0 && !stage->is_inline;
}

/* From numbers of its own, so that a seed draws the same pipeline otherwise. */
static void draw_keys(struct graph *graph)
{
    uint64_t random = graph->seed * 0x9e3779b97f4a7c15u + 7;

    for (int s = 0; s < graph->nstages; s++) {
        struct stage *stage = &graph->stages[s];

        if (!may_have_keys(graph, stage) || random_chance(&random, 50))
            continue;
        if (!stage->ordered && random_chance(&random, 60))
            stage->by = 1 + random_below(&random, 9);
        if (random_chance(&random, 40))
            stage->bound_per = 1 + random_below(&random, 9);
        stage->per_n = 1 + random_below(&random, 3);
        if (stage->rate == 0 && random_chance(&random, 30))
            stage->rate_per = 1 + random_below(&random, 9);
    }
}

/* Some batches are of one key, which their stage's options then have too. */
static void draw_gathers(struct graph *graph)
{
    /* Its own numbers: what else a seed draws stays as it is. */
    uint64_t random = graph->seed * 0x9e3779b97f4a7c15u + 17;

    for (int s = 0; s < graph->nstages && graph->seed >= FIRST_GATHERED; s++) {
        struct stage *stage = &graph->stages[s];

        if (stage->batch == 0 || stage->to_zip || !may_gather(graph, stage) || random_chance(&random, 25))
            continue;
        stage->batch_per = 1 + random_below(&random, 9);
        if (!stage->ordered && stage->workers > 1 && random_chance(&random, 40))
            stage->by = stage->batch_per;
        if (stage->workers > 1 && random_chance(&random, 40))
            stage->bound_per = stage->batch_per;
        stage->per_n = 1 + random_below(&random, 3);
    }
}

void graph_make(struct graph *graph, uint64_t seed)
{
    struct draw draw = { .graph = graph, .random = seed * 0x2545f4914f6cdd1du + 1 };
    struct expected expected;
    int wanted;

    *graph = (struct graph){ .seed = seed, .nrates = MAX_SHARED, .nbounds = MAX_SHARED };
    for (int b = 0; b < MAX_SHARED; b++)
        graph->bounds[b] = 1 + below(&draw, 5);
    for (int n = 1 + below(&draw, 3); n > 0; n--)
        add_source(&draw);
    wanted = graph->nstages + 1 + below(&draw, 10);
    while (draw.nopen > 0) {
        struct stage *stage;
        const int this = graph->nstages;

        if (graph->nstages >= MAX_STAGES - 2)
            wanted = 0; /* only sinks from here on */
        stage = new_stage(&draw);
        take_input(&draw, stage, below(&draw, draw.nopen));
        if (chance(&draw, 25) || graph->nstages >= MAX_STAGES - draw.nopen)
            add_merge(&draw, stage);
        for (int n = this < wanted ? below(&draw, 4) : 0; n > 0 && stage->nout < 2; n--)
            add_output(&draw, stage);
        draw_options(&draw, stage);
        if (this < wanted && !stage->is_inline && chance(&draw, 15))
            add_twin(&draw, this);
        if (graph->nstages >= MAX_STAGES - 1)
            break;
    }
    if (draw.nopen > 0) { /* no place for its sinks: the next one */
        graph_make(graph, seed + 1000003);
        graph->seed = seed;
        return;
    }
    for (int s = 0; s < graph->nstages; s++)
        if (graph->stages[s].nin == 0)
            draw_options(&draw, &graph->stages[s]);
    if (chance(&draw, 30))
        add_cycle(&draw);
    add_line(graph);
    add_zip(graph);
    add_limit(graph);
    add_daemon(graph);
    mark_cycles(graph);
    draw_inputs(graph);
    keep_order_of_something(graph);
    draw_casts(graph);
    draw_policies(graph);
    draw_weights(graph);
    draw_letters(graph);
    draw_keys(graph);
    draw_gathers(graph);
    if (!fit_items(graph, &expected)) {
        graph_make(graph, seed + 1000003);
        graph->seed = seed;
        return;
    }
    draw_costs(&draw, &expected);
    oracle_free(&expected);
}

bool graph_sets_aside(const struct stage *stage)
{
    return stage->rate_per > 0 || stage->bound_per > 0 || stage->batch_per > 0;
}

unsigned graph_orders(const struct stage *stage, int workers)
{
    if (workers == 1 && !graph_sets_aside(stage))
        return 1;
    if (stage->by > 0)
        return (unsigned)stage->by;
    return workers == 1 && stage->batch_per > 0 ? (unsigned)stage->batch_per : 0;
}

int graph_workers(const struct graph *graph, const int workers[MAX_STAGES], int stage)
{
    const struct stage *self = &graph->stages[stage];

    if (self->is_zip)
        return 1;
    if (self->is_inline) {
        for (int s = 0; s < graph->nstages; s++)
            if (sends_to(&graph->stages[s], self->in[0]))
                return graph_workers(graph, workers, s);
    }
    if (workers[stage] > 0)
        return workers[stage];
    return self->bound.n > 0 && !self->bound.weighted ? self->bound.n : 1;
}
