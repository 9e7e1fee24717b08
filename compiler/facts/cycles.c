/* Cycles: the components of the graph in which stages of a cycle also lead to the channels that they receive from,
 * which close with it. That can bring further stages into the cycle, so they are looked for until there are no more. */
#include "facts/cycles.h"

#include <stdlib.h>
#include <string.h>

#include "text/memory.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

struct cycles {
    const struct digraph *forward;
    size_t nstages;
    bool *in_cycle;    /* of each stage: it is known to be in one */
    size_t *component; /* of each node */
    size_t *sizes;     /* of each component, in nodes */
};

static void find_components(struct cycles *cycles)
{
    const struct digraph *forward = cycles->forward;
    struct obstack scratch;
    struct edges edges = { .memory = &scratch };

    obstack_init(&scratch);
    for (size_t node = 0; node < forward->nnodes; node++)
        for (size_t e = forward->first[node]; e < forward->first[node + 1]; e++) {
            edges_add(&edges, node, forward->to[e]);
            if (node >= cycles->nstages && cycles->in_cycle[forward->to[e]])
                edges_add(&edges, forward->to[e], node);
        }
    digraph_components(digraph_new(&edges, forward->nnodes), &scratch, cycles->component);
    obstack_free(&scratch, NULL);
    memset(cycles->sizes, 0, forward->nnodes * sizeof *cycles->sizes);
    for (size_t node = 0; node < forward->nnodes; node++)
        cycles->sizes[cycles->component[node]]++;
}

/* Whether there are stages in a cycle that were not known to be. */
static bool find_stages(struct cycles *cycles)
{
    bool found = false;

    for (size_t s = 0; s < cycles->nstages; s++)
        if (!cycles->in_cycle[s] && cycles->sizes[cycles->component[s]] > 1)
            found = cycles->in_cycle[s] = true;
    return found;
}

int cycles_number(const struct graph *graph, int *numbers)
{
    const size_t nnodes = graph->forward->nnodes + 1;
    struct cycles cycles = {
        .forward = graph->forward,
        .nstages = graph->nstages,
        .in_cycle = memory_take(graph->memory, nnodes * sizeof *cycles.in_cycle),
        .component = memory_take(graph->memory, nnodes * sizeof *cycles.component),
        .sizes = memory_take(graph->memory, nnodes * sizeof *cycles.sizes),
    };
    int *of_component = memory_take(graph->memory, nnodes * sizeof *of_component);
    int n = 0;

    do
        find_components(&cycles);
    while (find_stages(&cycles));
    for (size_t s = 0; s < graph->nstages; s++) {
        const size_t c = cycles.component[s];

        if (cycles.sizes[c] > 1 && of_component[c] == 0)
            of_component[c] = ++n;
        numbers[s] = of_component[c];
    }
    return n;
}
