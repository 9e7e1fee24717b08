/* Graphs as two arrays, components by Tarjan's algorithm with a stack of its own instead of recursion.
 */
#include "facts/graph.h"

#include <string.h>

#include "text/memory.h"

void edges_add(struct edges *edges, size_t from, size_t to)
{
    if (edges->n == edges->room) {
        const size_t room = edges->room ? 2 * edges->room : 64;
        void *list = memory_take(edges->memory, room * sizeof *edges->list);

        if (edges->n > 0)
            memcpy(list, edges->list, edges->n * sizeof *edges->list);
        edges->list = list;
        edges->room = room;
    }
    edges->list[edges->n].from = from;
    edges->list[edges->n++].to = to;
}

struct digraph *digraph_new(const struct edges *edges, size_t nnodes)
{
    struct digraph *graph = memory_take(edges->memory, sizeof *graph);
    size_t *next = memory_take(edges->memory, (nnodes + 1) * sizeof *next);

    graph->nnodes = nnodes;
    graph->first = memory_take(edges->memory, (nnodes + 1) * sizeof *graph->first);
    graph->to = memory_take(edges->memory, (edges->n + 1) * sizeof *graph->to);
    for (size_t i = 0; i < edges->n; i++)
        graph->first[edges->list[i].from + 1]++;
    for (size_t n = 0; n < nnodes; n++)
        next[n + 1] = graph->first[n + 1] += graph->first[n];
    for (size_t i = 0; i < edges->n; i++)
        graph->to[next[edges->list[i].from]++] = edges->list[i].to;
    return graph;
}

struct digraph *digraph_reverse(const struct digraph *graph, struct obstack *memory)
{
    struct edges edges = { .memory = memory };

    for (size_t n = 0; n < graph->nnodes; n++)
        for (size_t e = graph->first[n]; e < graph->first[n + 1]; e++)
            edges_add(&edges, graph->to[e], n);
    return digraph_new(&edges, graph->nnodes);
}

/* ---- components ---- */

struct tarjan {
    const struct digraph *graph;
    size_t *component;
    size_t *number;   /* in the order of the visit, from 1; 0: not visited */
    size_t *low;      /* the least number that can be reached, as far as known */
    size_t *edge;     /* the next edge of the node to be followed */
    size_t *path;     /* the nodes between the root and the one at hand */
    size_t *open;     /* visited nodes whose component is not known yet */
    bool *is_open;
    size_t depth, nopen, visited, ncomponents;
};

static void enter(struct tarjan *t, size_t node)
{
    t->number[node] = t->low[node] = ++t->visited;
    t->edge[node] = t->graph->first[node];
    t->path[t->depth++] = node;
    t->open[t->nopen++] = node;
    t->is_open[node] = true;
}

static void close_component(struct tarjan *t, size_t root)
{
    size_t node;

    do {
        node = t->open[--t->nopen];
        t->is_open[node] = false;
        t->component[node] = t->ncomponents;
    } while (node != root);
    t->ncomponents++;
}

static void lower(struct tarjan *t, size_t node, size_t to)
{
    if (to < t->low[node])
        t->low[node] = to;
}

static void leave(struct tarjan *t, size_t node)
{
    if (t->low[node] == t->number[node])
        close_component(t, node);
    t->depth--;
    if (t->depth > 0)
        lower(t, t->path[t->depth - 1], t->low[node]);
}

static void visit(struct tarjan *t, size_t root)
{
    enter(t, root);
    while (t->depth > 0) {
        const size_t node = t->path[t->depth - 1];
        size_t to;

        if (t->edge[node] == t->graph->first[node + 1]) {
            leave(t, node);
            continue;
        }
        to = t->graph->to[t->edge[node]++];
        if (t->number[to] == 0)
            enter(t, to);
        else if (t->is_open[to])
            lower(t, node, t->number[to]);
    }
}

size_t digraph_components(const struct digraph *graph, struct obstack *memory, size_t *component)
{
    struct tarjan t = { .graph = graph, .component = component };
    const size_t n = graph->nnodes + 1;

    t.number = memory_take(memory, n * sizeof *t.number);
    t.low = memory_take(memory, n * sizeof *t.low);
    t.edge = memory_take(memory, n * sizeof *t.edge);
    t.path = memory_take(memory, n * sizeof *t.path);
    t.open = memory_take(memory, n * sizeof *t.open);
    t.is_open = memory_take(memory, n * sizeof *t.is_open);
    for (size_t node = 0; node < graph->nnodes; node++)
        if (t.number[node] == 0)
            visit(&t, node);
    return t.ncomponents;
}

/* ---- ways ---- */

void digraph_reach(const struct digraph *graph, struct obstack *memory, bool *reached)
{
    size_t *queue = memory_take(memory, (graph->nnodes + 1) * sizeof *queue);
    size_t head = 0, tail = 0;

    for (size_t n = 0; n < graph->nnodes; n++)
        if (reached[n])
            queue[tail++] = n;
    while (head < tail) {
        const size_t n = queue[head++];

        for (size_t e = graph->first[n]; e < graph->first[n + 1]; e++) {
            if (!reached[graph->to[e]]) {
                reached[graph->to[e]] = true;
                queue[tail++] = graph->to[e];
            }
        }
    }
}

/* Lists the nodes from `node` to `end`, each of which was found from its `parent`. */
static size_t *way(struct obstack *memory, const size_t *parent, size_t node, size_t end, size_t *n)
{
    size_t *list;

    *n = 1;
    for (size_t at = end; at != node; at = parent[at])
        ++*n;
    list = memory_take(memory, *n * sizeof *list);
    for (size_t i = *n, at = end; i-- > 0; at = parent[at])
        list[i] = at;
    return list;
}

size_t *digraph_cycle(const struct digraph *graph, struct obstack *memory, const size_t *component, size_t node,
                      size_t *n)
{
    size_t *queue = memory_take(memory, (graph->nnodes + 1) * sizeof *queue);
    size_t *parent = memory_take(memory, (graph->nnodes + 1) * sizeof *parent);
    bool *seen = memory_take(memory, (graph->nnodes + 1) * sizeof *seen);
    size_t head = 0, tail = 0;

    queue[tail++] = node;
    while (head < tail) {
        const size_t at = queue[head++];

        for (size_t e = graph->first[at]; e < graph->first[at + 1]; e++) {
            const size_t to = graph->to[e];

            if (to == node)
                return way(memory, parent, node, at, n);
            if (seen[to] || component[to] != component[node])
                continue;
            seen[to] = true;
            parent[to] = at;
            queue[tail++] = to;
        }
    }
    return NULL;
}

/* ---- the pipeline ---- */

static void list_decls(struct graph *graph, const struct ast *ast)
{
    graph->nstages = ast->counts[DECL_STAGE];
    graph->nchannels = ast->counts[DECL_CHANNEL];
    graph->nbounds = ast->counts[DECL_BOUND];
    graph->stages = memory_take(graph->memory, (graph->nstages + 1) * sizeof *graph->stages);
    graph->channels = memory_take(graph->memory, (graph->nchannels + 1) * sizeof *graph->channels);
    graph->bounds = memory_take(graph->memory, (graph->nbounds + 1) * sizeof *graph->bounds);
    AST_EACH(ast, DECL_STAGE, const struct stage, stage)
        graph->stages[stage->decl.index] = stage;
    AST_EACH(ast, DECL_CHANNEL, const struct channel, channel)
        graph->channels[channel->decl.index] = channel;
    AST_EACH(ast, DECL_BOUND, const struct bound_decl, bound)
        graph->bounds[bound->decl.index] = bound;
}

static void add_stage_edges(const struct graph *graph, struct edges *edges, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
            if (ref->channel)
                edges_add(edges, channel_node(graph, ref->channel), stage_node(stage));
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (output->channel)
            edges_add(edges, stage_node(stage), channel_node(graph, output->channel));
}

const struct graph *graph_new(struct ast *ast)
{
    struct graph *graph = memory_take(ast->memory, sizeof *graph);
    struct edges edges = { .memory = ast->memory };
    size_t *component;

    graph->memory = ast->memory;
    list_decls(graph, ast);
    for (size_t s = 0; s < graph->nstages; s++)
        add_stage_edges(graph, &edges, graph->stages[s]);
    graph->forward = digraph_new(&edges, graph->nstages + graph->nchannels);
    graph->backward = digraph_reverse(graph->forward, graph->memory);
    component = memory_take(graph->memory, (graph->forward->nnodes + 1) * sizeof *component);
    graph->ncomponents = digraph_components(graph->forward, graph->memory, component);
    graph->component = component;
    return graph;
}

const struct stage *graph_other_receiver(const struct graph *graph, const struct channel *channel, const struct stage *stage)
{
    const size_t node = channel_node(graph, channel);

    for (size_t e = graph->forward->first[node]; e < graph->forward->first[node + 1]; e++)
        if (graph->stages[graph->forward->to[e]] != stage)
            return graph->stages[graph->forward->to[e]];
    return NULL;
}
