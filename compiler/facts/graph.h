/* The stages and channels as a graph, and what can be asked of it. Everything takes time linear in nodes and edges, and
 * none of it recurses: pipelines may have tens of thousands of stages in a row.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include "tree/ast.h"

/* A directed graph over the nodes 0 .. nnodes-1. The successors of `n` are to[first[n]] .. to[first[n + 1] - 1], in the
 * order in which the edges were added. */
struct digraph {
    size_t nnodes;
    size_t *first, *to;
};

/* Edges are collected first; digraph_new() sorts them. All of it lives in `memory`. */
struct edges {
    struct obstack *memory;
    struct { size_t from, to; } *list;
    size_t n, room;
};

void edges_add(struct edges *edges, size_t from, size_t to);
struct digraph *digraph_new(const struct edges *edges, size_t nnodes);
struct digraph *digraph_reverse(const struct digraph *graph, struct obstack *memory);

/* How many edges leave `node`. */
static inline size_t digraph_degree(const struct digraph *graph, size_t node)
{
    return graph->first[node + 1] - graph->first[node];
}

/* Strongly connected components: component[n] for each node, numbered so that an edge never leads to a higher number.
 * Returns how many there are. */
size_t digraph_components(const struct digraph *graph, struct obstack *memory, size_t *component);

/* Sets reached[n] for every node that one of those already set leads to. */
void digraph_reach(const struct digraph *graph, struct obstack *memory, bool *reached);

/* The shortest way from `node` back to itself through nodes of its own component, as a list of nodes that begins with
 * it, or NULL where there is none. `n` becomes its length. */
size_t *digraph_cycle(const struct digraph *graph, struct obstack *memory, const size_t *component, size_t node,
                      size_t *n);

/* The pipeline: node s is stage s, node nstages + c is channel c, by decl.index. */
struct graph {
    struct obstack *memory; /* the tree's, in which it lives */
    size_t nstages, nchannels, nbounds;
    const struct stage **stages;
    const struct channel **channels;
    const struct bound_decl **bounds;
    const struct digraph *forward, *backward;
    const size_t *component;   /* of each node of `forward`, by digraph_components() */
    size_t ncomponents;
};

const struct graph *graph_new(struct ast *ast);

static inline size_t stage_node(const struct stage *stage)
{
    return stage->decl.index;
}

static inline size_t channel_node(const struct graph *graph, const struct channel *channel)
{
    return graph->nstages + channel->decl.index;
}

/* The first stage but this one that receives from the channel; NULL: there is none. */
const struct stage *graph_other_receiver(const struct graph *graph, const struct channel *channel, const struct stage *stage);

#endif
