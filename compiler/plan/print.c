/* The plan as a person reads it.
 */
#include "plan/plan.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "plan/put.h"

#define WORKERS_WIDTH 8 /* a longer name of a param shifts the rest of its line */

static int longest_stage(const struct plan *plan)
{
    size_t longest = strlen("stage");

    for (size_t s = 0; s < plan->nstages; s++)
        if (strlen(plan->stages[s].name) > longest)
            longest = strlen(plan->stages[s].name);
    return (int)longest;
}

static size_t longer(size_t longest, const struct planned_channel *channel)
{
    if (strlen(channel->name) > longest)
        longest = strlen(channel->name);
    for (size_t i = 0; i < channel->ncopies; i++)
        longest = longer(longest, &channel->copies[i]);
    return longest;
}

static int longest_channel(const struct plan *plan)
{
    size_t longest = strlen("channel");

    for (size_t c = 0; c < plan->nchannels; c++)
        longest = longer(longest, &plan->channels[c]);
    return (int)longest;
}

static void pad(FILE *to, int written, int width)
{
    fprintf(to, "%*s", written < width ? width - written : 0, "");
}

/* ---- tables ---- */

static void print_stage(const struct planned_stage *stage, int width, FILE *to)
{
    fprintf(to, "  %-*s  ", width, stage->name);
    pad(to, put_workers(to, stage), WORKERS_WIDTH);
    fprintf(to, "  %s", stage->why);
    if (stage->cycle)
        fprintf(to, "; in cycle %d", stage->cycle);
    putc('\n', to);
}

static void print_channel(const struct planned_channel *planned, int width, FILE *to)
{
    fprintf(to, "  %-*s  ", width, planned->name);
    pad(to, put_cap(to, planned), 8);
    fprintf(to, "  %-12s  %s\n", planned->type, planned->why);
    for (size_t i = 0; i < planned->ncopies; i++)
        print_channel(&planned->copies[i], width, to);
}

/* ---- numbers that may come from params ---- */

/* An amount as it is by default; `param` becomes true where another may be given when the program runs. */
static int64_t default_of(const struct amount *amount, bool *param)
{
    *param |= amount->kind == AMOUNT_PARAM;
    return amount->n;
}

struct workers {
    int64_t n;       /* of stages that say how many */
    size_t autos;    /* stages with as many as processors */
    bool param;
};

static void count_workers(const struct planned_stage *stage, struct workers *workers)
{
    if (stage->host)
        return; /* its workers are the host's */
    if (stage->workers_auto || stage->workers.processors)
        workers->autos++;
    else
        workers->n += default_of(&stage->workers, &workers->param);
    workers->param |= !stage->fixed;
}

static void put_all_workers(const struct workers *workers, FILE *to)
{
    if (workers->n > 0 || workers->autos == 0)
        fprintf(to, "%" PRId64, workers->n);
    if (workers->autos > 0)
        fprintf(to, "%s%zu for each processor", workers->n > 0 ? ", and " : "", workers->autos);
    if (workers->param)
        fprintf(to, ", by default");
}

/* ---- threads ---- */

/* A pool of threads, one more for each source, which waits in the kernel as a rule, and up to all workers where bodies
 * block. */
static void print_threads(const struct plan *plan, FILE *to)
{
    struct workers all = { 0 }, blocking = { 0 };
    size_t sources = 0;

    for (size_t s = 0; s < plan->nstages; s++) {
        const struct planned_stage *stage = &plan->stages[s];

        count_workers(stage, &all);
        if (stage->blocking)
            count_workers(stage, &blocking);
        else
            sources += stage->ninputs == 0;
    }
    fprintf(to, "threads: one for each processor");
    if (sources > 0)
        fprintf(to, ", %zu for %s", sources, sources == 1 ? "the source" : "sources");
    if (blocking.n > 0 || blocking.autos > 0) {
        fprintf(to, ", ");
        put_all_workers(&blocking, to);
        fprintf(to, " for blocking workers");
    }
    fprintf(to, "; up to all workers (");
    put_all_workers(&all, to);
    fprintf(to, ") while bodies wait in the kernel\n");
}

/* ---- memory ---- */

struct memory {
    double bytes;      /* of items whose size is known here */
    double unknown;    /* items whose size only the C compiler knows */
    bool owned, param;
    const struct planned_channel *growing;
};

static void count_items(struct memory *memory, const struct planned_channel *planned, int64_t items)
{
    memory->bytes += (double)items * (double)planned->item_size;
    if (planned->item_size == 0)
        memory->unknown += (double)items;
    memory->owned |= planned->drop != NULL;
}

static void count_channel(struct memory *memory, const struct planned_channel *channel)
{
    if (channel->cap.kind != AMOUNT_NONE)
        count_items(memory, channel, default_of(&channel->cap, &memory->param));
    else if (channel->kind == KIND_GROWING && !memory->growing)
        memory->growing = channel;
    for (size_t i = 0; i < channel->ncopies; i++)
        count_channel(memory, &channel->copies[i]);
}

/* In hand of a worker. */
static int64_t items_of(const struct planned_input *input, bool *param)
{
    return input->length ? default_of(&input->batch, param) : 1;
}

/* What one body sends there at most; of letters, one for each item that it has. */
static int64_t sent_most(const struct planned_stage *stage, const struct planned_sent *sent, bool *param)
{
    return sent->output->letters && sent->by == stage ? items_of(&stage->inputs[0], param) : sent->most;
}

/* Each worker has one item in hand, or a batch; a leaf's worker also what it has sent and there was no room for. */
static void count_hands(struct memory *memory, const struct planned_stage *stage)
{
    struct workers workers = { 0 };

    count_workers(stage->host ? stage->host : stage, &workers);
    memory->param |= workers.param || workers.autos > 0;
    for (size_t i = 0; i < stage->ninputs; i++)
        count_items(memory, stage->inputs[i].sources[0], items_of(&stage->inputs[i], &memory->param) *
                                                             (workers.n + (int64_t)workers.autos));
    for (size_t o = 0; stage->leaf && o < stage->nsent; o++)
        count_items(memory, stage->sent[o].channel,
                    sent_most(stage, &stage->sent[o], &memory->param) * (workers.n + (int64_t)workers.autos));
}

static void put_bytes(double bytes, FILE *to)
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB" };
    size_t unit = 0;

    for (; bytes >= 10 * 1024 && unit < 4; unit++)
        bytes /= 1024;
    fprintf(to, "%.0f %s", bytes, bytes == 1 ? "byte" : units[unit]);
}

#define STACK_LEAST 4096.0 /* a page */
#define STACK_MOST (320 * 1024.0) /* what a body may use, and room for a signal's frame */

static void print_stacks(const struct plan *plan, FILE *to)
{
    struct workers waiting = { 0 };
    double n;

    for (size_t s = 0; s < plan->nstages; s++)
        if (plan->stages[s].may_wait && !plan->stages[s].blocking)
            count_workers(&plan->stages[s], &waiting);
    n = (double)waiting.n + (double)waiting.autos;
    if (n == 0)
        return;
    fprintf(to, "memory of stacks: ");
    put_bytes(n * STACK_LEAST, to);
    fprintf(to, " to ");
    put_bytes(n * STACK_MOST, to);
    fprintf(to, "%s, of bodies that may wait at once (", waiting.autos > 0 ? " on one processor" : "");
    put_all_workers(&waiting, to);
    fprintf(to, ")\n");
}

/* What the runtime needs beside an item that is set aside (struct prt_node, prt_asks, prt_ask and prt_group), and for a key that it
 * remembers (struct prt_entry); tests/command.sh holds them to it. With `by` alone items lie several in a node. */
enum { NODE = 32, ASKS = 72, ASK = 16, WEIGHT = 8, ENTRY = 48, STATE = 16, GROUP = 48, ROUNDED = 16 };

struct aside {
    int64_t items;     /* at most */
    bool grows, param;
    size_t bytes;      /* beside each of them */
    size_t keys, key;  /* how many of each are remembered; bytes of one */
};

/* By a key, which all of its options have then. */
static bool gathers(const struct planned_stage *stage)
{
    return stage->nkeyed > 0 && stage->inputs[0].length;
}

/* Whether the key is remembered for what it limits, or what is gathered by it. */
static bool is_remembered(const struct planned_stage *stage, const struct planned_key *key, size_t *limits)
{
    *limits = 0;
    for (size_t k = 0; k < stage->nkeyed; k++)
        *limits += keyed_is_limit(&stage->keyed[k]) && stage->keyed[k].key == key;
    return *limits > 0 || gathers(stage);
}

static struct aside aside_of(const struct planned_stage *stage)
{
    struct aside aside = { .bytes = NODE + (gathers(stage) ? GROUP : 0) };
    size_t limits;

    for (size_t i = 0; i < stage->inputs[0].nsources; i++) {
        const struct planned_channel *channel = stage->inputs[0].sources[i];

        aside.grows |= channel->cap.kind == AMOUNT_NONE;
        aside.items += default_of(&channel->cap, &aside.param);
    }
    for (size_t k = 0; k < stage->nkeys; k++)
        if (is_remembered(stage, &stage->keys[k], &limits)) {
            aside.bytes += (aside.keys == 0 ? ASKS : 0) + ASK + limits * WEIGHT;
            aside.keys++;
            aside.key += ENTRY + limits * STATE;
        }
    aside.bytes = (aside.bytes + ROUNDED - 1) / ROUNDED * ROUNDED;
    return aside;
}

/* With `by` alone, for how many items there is room at most: in blocks for half as many again, beside what is being moved
 * (store_blocks.c), where the workers, each of which may have one more, are at most a seventh of the items; else for as many as there
 * are. */
static int64_t room_aside(int64_t items)
{
    const int64_t all = items + items / 7 + 1, most_moved = 256;

    return all + all / 2 + (all < most_moved ? all : most_moved);
}

static void print_aside(const struct planned_stage *stage, FILE *to)
{
    const struct aside aside = aside_of(stage);

    fprintf(to, "memory of items that '%s' sets aside: ", stage->name);
    if (aside.grows)
        fprintf(to, "not bounded, ");
    else
        fprintf(to, "at most %" PRId64 "%s, ", aside.items, aside.param ? " by default" : "");
    if (aside.keys == 0 && !aside.grows)
        fprintf(to, "in room for %" PRId64 " at most, ", room_aside(aside.items));
    fprintf(to, "%zu bytes each beside the item%s", aside.bytes, gathers(stage) ? ", or less where several lie in one place" : "");
    if (aside.keys > 0)
        fprintf(to, "; and %zu for each key that it remembers", aside.key / aside.keys);
    putc('\n', to);
}

static void print_memory(const struct plan *plan, FILE *to)
{
    struct memory memory = { 0 };

    for (size_t c = 0; c < plan->nchannels; c++)
        count_channel(&memory, &plan->channels[c]);
    for (size_t s = 0; s < plan->nstages; s++)
        count_hands(&memory, &plan->stages[s]);
    fprintf(to, "memory of items, queued and in hand: ");
    if (memory.growing)
        fprintf(to, "not bounded, since '%s' grows; elsewhere ", memory.growing->name);
    fprintf(to, "at most ");
    put_bytes(memory.bytes, to);
    if (memory.unknown > 0)
        fprintf(to, " and %.0f items of types whose size the C compiler knows", memory.unknown);
    fprintf(to, "%s%s\n", memory.owned ? ", and what they own" : "", memory.param ? ", by default" : "");
}

/* ---- throughput ---- */

static void print_bounds(const struct planned_stage *stage, FILE *to)
{
    for (size_t b = 0; b < stage->nbounds; b++) {
        const struct planned_limit *limit = stage->bounds[b].limit;

        fprintf(to, "  at most ");
        put_amount(to, &limit->permits);
        fprintf(to, " %s of '%s' at once%s%s%s\n", stage->bounds[b].weight.body ? "units of bodies" : "bodies", stage->name,
                limit->shared ? ", shared as '" : "", limit->shared ? limit->name : "", limit->shared ? "'" : "");
    }
}

static void print_keyed_limits(const struct planned_stage *stage, FILE *to)
{
    for (size_t k = 0; k < stage->nkeyed; k++) {
        const struct planned_keyed *keyed = &stage->keyed[k];

        if (!keyed_is_limit(keyed))
            continue;
        fprintf(to, "  at most ");
        if (keyed->kind == KEYED_BOUND)
            put_amount(to, &keyed->permits);
        else if (keyed->param)
            fprintf(to, "%s", keyed->param);
        else
            fprintf(to, "%g", keyed->rate.dividend / (double)keyed->rate.divisor);
        fprintf(to, " %s of '%s' %s for each key (%s)\n",
                !keyed->weight.body           ? "bodies"
                : keyed->kind == KEYED_BOUND ? "units of bodies"
                                             : "permits",
                stage->name, keyed->kind == KEYED_BOUND ? "at once" : "a second", keyed->key->text);
    }
}

static void print_throughput(const struct plan *plan, FILE *to)
{
    bool limited = false;

    fprintf(to, "throughput:\n");
    for (size_t s = 0; s < plan->nstages; s++) {
        const struct planned_stage *stage = &plan->stages[s];
        const struct planned_flow *flow = &stage->flow;

        if (stage->noutputs > 0 || stage->ninputs == 0 || isinf(flow->per_second) || !flow->limiter)
            continue;
        fprintf(to, "  '%s' gets at most %g item%s a second, by '%s'%s%s\n", stage->name, flow->per_second,
                flow->per_second == 1 ? "" : "s", flow->limiter, flow->others ? " and others" : "",
                flow->by_default ? ", by default" : "");
        limited = true;
    }
    if (!limited)
        fprintf(to, "  no rate limits what the sinks get\n");
    for (size_t s = 0; s < plan->nstages; s++) {
        print_bounds(&plan->stages[s], to);
        print_keyed_limits(&plan->stages[s], to);
    }
}

/* ---- all of it ---- */

static void print_drawing(const struct plan *plan, FILE *to)
{
    const char *end;

    for (const char *line = plan->drawing; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        fprintf(to, "  ");
        fwrite(line, 1, (size_t)(end - line) + 1, to);
    }
}

void plan_print(const struct plan *plan, FILE *to)
{
    const int stage_width = longest_stage(plan);
    const int channel_width = longest_channel(plan);

    fprintf(to, "pipeline %s: %zu stage%s, %zu channel%s", plan->name, plan->nstages, plan->nstages == 1 ? "" : "s",
            plan->nchannels, plan->nchannels == 1 ? "" : "s");
    if (plan->drain.kind != AMOUNT_NONE)
        fprintf(to, ", drains for %s at most", plan->drain.kind == AMOUNT_PARAM ? plan->drain.param : plan->drain.written);
    fprintf(to, "\n\n");
    print_drawing(plan, to);
    fprintf(to, "\n  %-*s  %-*s  how it runs\n", stage_width, "stage", WORKERS_WIDTH, "workers");
    for (size_t s = 0; s < plan->nstages; s++)
        print_stage(&plan->stages[s], stage_width, to);
    if (plan->nchannels > 0)
        fprintf(to, "\n  %-*s  %-8s  %-12s  kind\n", channel_width, "channel", "capacity", "type");
    for (size_t c = 0; c < plan->nchannels; c++)
        print_channel(&plan->channels[c], channel_width, to);
    putc('\n', to);
    print_threads(plan, to);
    print_memory(plan, to);
    for (size_t s = 0; s < plan->nstages; s++)
        if (plan->stages[s].nkeyed > 0)
            print_aside(&plan->stages[s], to);
    print_stacks(plan, to);
    print_throughput(plan, to);
}
