/* Where branches of one fork meet again in a body that takes its items itself, nothing is known of the order in which it
 * takes: it may wait for an item of one channel while another is full, and the fork for room there.
 *
 * A second graph of waits, which has what the first (deadlock.h) cannot: waiting for items. That a stage does not go on is
 * split into why: `room` of a channel waits for the stages that receive there; such a stage, as `receiver`, for room and
 * bounds of its own, and one with several for an item of each other one; an `item` of a channel for each stage that sends
 * there, so for room in its other outputs, for its bounds and for items of its inputs. A wait in circles leads over an
 * item, where the first graph has none: so through such a stage. Reported are those through one that pulls.
 */
#include "check/check.h"

#include "check/deadlock.h"
#include "facts/leaf.h"
#include "facts/pull.h"
#include "text/memory.h"

struct proof {
    struct check *check;
    const struct graph *graph;
    size_t *inputs;      /* of each stage: its first receiver node; one for each of several inputs, else one */
    size_t nreceivers;
    const struct digraph *waits;
    size_t *component;
};

/* It may want an item of one input while there are some at another: a zip too, whose own ways are counted elsewhere. */
static bool takes_several(const struct stage *stage)
{
    return stage->inputs && stage->inputs->next;
}

static size_t room(const struct channel *channel)
{
    return channel->decl.index;
}

static size_t item(const struct proof *proof, const struct channel *channel)
{
    return proof->graph->nchannels + channel->decl.index;
}

static size_t bound(const struct proof *proof, const struct bound_decl *decl)
{
    return 2 * proof->graph->nchannels + decl->decl.index;
}

static size_t receiver(const struct proof *proof, const struct stage *stage, size_t input)
{
    return 2 * proof->graph->nchannels + proof->graph->nbounds + proof->inputs[stage->decl.index]
         + (takes_several(stage) ? input : 0);
}

/* A receiver that waits for an item of another input. */
static size_t elsewhere(const struct proof *proof, const struct stage *stage, size_t input)
{
    return receiver(proof, stage, input) + proof->nreceivers;
}

static size_t all_nodes(const struct proof *proof)
{
    return 2 * proof->graph->nchannels + proof->graph->nbounds + 2 * proof->nreceivers;
}

/* ---- the graph --------------------------------------------------------------------------------------------------- */

/* For room and bounds, not counting room in `but`: it is empty. Of a broadcast one receiver's part is, and another's may be
 * full. */
static void add_sends(const struct proof *proof, struct edges *edges, size_t from, const struct stage *stage,
                      const struct channel *but)
{
    for (const struct output *output = stage->outputs; output; output = output->next)
        if ((output->channel != but || output->channel->broadcast) && deadlock_waits_for_room(output->channel))
            edges_add(edges, from, room(output->channel));
    for (const struct bound_option *option = stage->bounds; option; option = option->next)
        if (option->decl)
            edges_add(edges, from, bound(proof, option->decl));
}

static void add_items(const struct proof *proof, struct edges *edges, size_t from, const struct stage *stage,
                      const struct input *but)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref && input != but; ref = ref->next)
            edges_add(edges, from, item(proof, ref->channel));
}

static void add_stage(const struct proof *proof, struct edges *edges, const struct stage *stage)
{
    size_t i = 0;

    for (const struct output *output = stage->outputs; output; output = output->next) {
        add_sends(proof, edges, item(proof, output->channel), stage, output->channel);
        add_items(proof, edges, item(proof, output->channel), stage, NULL);
    }
    for (const struct input *input = stage->inputs; input; input = input->next, i++) {
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
            if (deadlock_waits_for_room(ref->channel))
                edges_add(edges, room(ref->channel), receiver(proof, stage, i));
        add_sends(proof, edges, receiver(proof, stage, i), stage, NULL);
        if (!takes_several(stage))
            continue;
        edges_add(edges, receiver(proof, stage, i), elsewhere(proof, stage, i));
        add_items(proof, edges, elsewhere(proof, stage, i), stage, input);
    }
    for (const struct bound_option *option = stage->bounds; option && !leaf_is(stage); option = option->next)
        for (const struct output *output = stage->outputs; output && option->decl; output = output->next)
            if (deadlock_waits_for_room(output->channel))
                edges_add(edges, bound(proof, option->decl), room(output->channel));
}

static void make(struct proof *proof)
{
    const struct graph *graph = proof->graph;
    struct edges edges = { .memory = graph->memory };

    proof->inputs = memory_take(graph->memory, (graph->nstages + 1) * sizeof *proof->inputs);
    for (size_t s = 0; s < graph->nstages; s++) {
        proof->inputs[s] = proof->nreceivers;
        proof->nreceivers++;
        for (const struct input *input = graph->stages[s]->inputs; input && takes_several(graph->stages[s]);
             input = input->next)
            proof->nreceivers++;
    }
    for (size_t s = 0; s < graph->nstages; s++)
        add_stage(proof, &edges, graph->stages[s]);
    proof->waits = digraph_new(&edges, all_nodes(proof));
    proof->component = memory_take(graph->memory, (all_nodes(proof) + 1) * sizeof *proof->component);
    digraph_components(proof->waits, graph->memory, proof->component);
}

/* ---- what a node is ---------------------------------------------------------------------------------------------- */

/* The channel, if the node is its room, or its item; else NULL. */
static const struct channel *room_of(const struct proof *proof, size_t node)
{
    return node < proof->graph->nchannels ? proof->graph->channels[node] : NULL;
}

static const struct channel *item_of(const struct proof *proof, size_t node)
{
    const size_t n = proof->graph->nchannels;

    return node >= n && node < 2 * n ? proof->graph->channels[node - n] : NULL;
}

static const struct bound_decl *bound_of(const struct proof *proof, size_t node)
{
    const size_t first = 2 * proof->graph->nchannels;

    return node >= first && node < first + proof->graph->nbounds ? proof->graph->bounds[node - first] : NULL;
}

/* Of a receiver that waits for an item elsewhere. */
static const struct stage *stage_of(const struct proof *proof, size_t node)
{
    const size_t first = 2 * proof->graph->nchannels + proof->graph->nbounds + proof->nreceivers;
    size_t s = proof->graph->nstages;

    if (node < first)
        return NULL;
    while (proof->inputs[s - 1] > node - first)
        s--;
    return proof->graph->stages[s - 1];
}

static bool sends_to(const struct stage *stage, const struct channel *channel)
{
    const struct output *output = stage->outputs;

    while (output && output->channel != channel)
        output = output->next;
    return output != NULL;
}

/* The stage by which an item of `from` waits for the node `to`. */
static const struct stage *fork_of(const struct proof *proof, const struct channel *from, size_t to)
{
    const struct channel *channel = room_of(proof, to);
    const struct digraph *senders = proof->graph->backward;
    const size_t node = channel_node(proof->graph, from);

    for (size_t e = senders->first[node]; e < senders->first[node + 1]; e++) {
        const struct stage *stage = proof->graph->stages[senders->to[e]];

        if (channel ? sends_to(stage, channel) : deadlock_option(stage, bound_of(proof, to)) != NULL)
            return stage;
    }
    return NULL;
}

/* ---- the report -------------------------------------------------------------------------------------------------- */

#define NAMES_MAX 8 /* channels of a branch that are named */

/* The channels of a way, in the direction in which items go: items are waited for against it. */
static const char *way_text(const struct proof *proof, const size_t *nodes, size_t n, bool items)
{
    struct obstack *memory = proof->check->memory;
    const char *text = "";
    size_t named = 0;

    for (size_t i = 0; i < n; i++) {
        const size_t node = nodes[items ? n - 1 - i : i];
        const struct channel *channel = items ? item_of(proof, node) : room_of(proof, node);

        if (!channel)
            continue;
        if (named++ == NAMES_MAX)
            return memory_format(memory, "%s, …", text);
        text = memory_format(memory, "%s%s'%s'", text, *text ? ", " : "", channel->decl.name.text);
    }
    return text;
}

/* One stage from which two ways part: by `items` nothing comes to `waiter`, since what goes by `room` does not get on at
 * `holder`. */
static void note_fork(const struct proof *proof, const struct stage *fork, const size_t *nodes, size_t items, size_t n,
                      const struct stage *waiter, const struct stage *holder)
{
    const struct bound_decl *decl = bound_of(proof, nodes[items]);
    const char *first = way_text(proof, nodes, items, true);
    const char *second = way_text(proof, nodes + items, n - items, false);

    if (decl)
        diag_note(proof->check->diags, deadlock_option(fork, decl)->span,
                  "'%s', which sends to '%s' by %s, needs the bound '%s', which may be held by who waits for room in %s",
                  fork->decl.name.text, waiter->decl.name.text, first, decl->decl.name.text, second);
    else if (waiter == holder)
        diag_note(proof->check->diags, fork->decl.name.span,
                  "'%s' leads to it both by %s and by %s, and may wait for room in the second before it sends to the first",
                  fork->decl.name.text, first, second);
    else
        diag_note(proof->check->diags, fork->decl.name.span,
                  "'%s' leads to '%s' by %s and to '%s' by %s, and may wait for room there before it sends here",
                  fork->decl.name.text, waiter->decl.name.text, first, holder->decl.name.text, second);
}

/* Each turn from waiting for items to waiting for room is a fork. */
static void note_forks(const struct proof *proof, const size_t *nodes, size_t n)
{
    for (size_t at = 0; at < n;) {
        const struct stage *waiter = stage_of(proof, nodes[at]);
        size_t turn = at + 1, end;

        while (turn < n && item_of(proof, nodes[turn]))
            turn++;
        for (end = turn; end < n && !stage_of(proof, nodes[end]);)
            end++;
        note_fork(proof, fork_of(proof, item_of(proof, nodes[turn - 1]), nodes[turn]), nodes + at + 1, turn - at - 1,
                  end - at - 1, waiter, stage_of(proof, nodes[end % n]));
        at = end;
    }
}

static void report(const struct proof *proof, const struct stage *stage, const struct input *full, const size_t *nodes,
                   size_t n)
{
    struct diags *diags = proof->check->diags;
    const struct channel *wanted = item_of(proof, nodes[1]);

    diag_report(diags, "W0505", stage->decl.name.span,
                "not proven that '%s' never waits for ever: it may want an item of '%s' while '%s' is full",
                stage->decl.name.text, wanted->decl.name.text, full->sources->channel->decl.name.text);
    note_forks(proof, nodes, n);
    diag_hint(diags, "nothing is known of the order in which its body takes; it is proven where the ways to it part at no "
                     "stage, or where their channels grow: [*]");
}

void check_unproven(struct check *check)
{
    struct proof proof = { .check = check, .graph = check->graph };

    if (diag_errors(check->diags) > 0)
        return;
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        size_t i = 0;

        if (!pull_is(stage) || !stage->inputs->next)
            continue;
        if (!proof.waits)
            make(&proof);
        for (const struct input *input = stage->inputs; input; input = input->next, i++) {
            size_t n;
            size_t *nodes = digraph_cycle(proof.waits, check->memory, proof.component, elsewhere(&proof, stage, i), &n);

            if (!nodes)
                continue;
            report(&proof, stage, input, nodes, n);
            break;
        }
    }
}
