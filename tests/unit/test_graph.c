/* Components, ways and cycles of graphs. */
#include <stdlib.h>

#include "facts/graph.h"
#include "text/memory.h"
#include "unit.h"

static struct obstack *memory;

static void setup(void)
{
    memory = memory_new();
}

static void teardown(void)
{
    memory_free(memory);
}

/* Edges as pairs, until one that begins at -1. */
static struct digraph *graph_of(size_t nnodes, const int (*pairs)[2])
{
    struct edges edges = { .memory = memory };

    for (; (*pairs)[0] >= 0; pairs++)
        edges_add(&edges, (size_t)(*pairs)[0], (size_t)(*pairs)[1]);
    return digraph_new(&edges, nnodes);
}

/* 0 -> 1 -> 2 -> 0, 2 -> 3 -> 4 -> 3, 5 alone, 6 -> 6 */
static const int sample[][2] = { { 0, 1 }, { 1, 2 }, { 2, 0 }, { 2, 3 }, { 3, 4 }, { 4, 3 }, { 6, 6 }, { -1, -1 } };

START_TEST(test_successors)
{
    const struct digraph *graph = graph_of(7, sample);
    const struct digraph *back = digraph_reverse(graph, memory);

    ck_assert_uint_eq(graph->first[3] - graph->first[2], 2);
    ck_assert_uint_eq(graph->to[graph->first[2]], 0);
    ck_assert_uint_eq(graph->to[graph->first[2] + 1], 3);
    ck_assert_uint_eq(graph->first[6] - graph->first[5], 0);
    ck_assert_uint_eq(back->first[4] - back->first[3], 2);
    ck_assert_uint_eq(back->to[back->first[3]], 2);
    ck_assert_uint_eq(back->to[back->first[3] + 1], 4);
}
END_TEST

START_TEST(test_components)
{
    const struct digraph *graph = graph_of(7, sample);
    size_t component[7];

    ck_assert_uint_eq(digraph_components(graph, memory, component), 4);
    ck_assert_uint_eq(component[0], component[1]);
    ck_assert_uint_eq(component[0], component[2]);
    ck_assert_uint_eq(component[3], component[4]);
    ck_assert_uint_ne(component[0], component[3]);
    ck_assert_uint_ne(component[5], component[6]);
    ck_assert_uint_gt(component[0], component[3]); /* an edge never leads to a higher number */
}
END_TEST

START_TEST(test_no_nodes)
{
    static const int none[][2] = { { -1, -1 } };
    size_t component[1];
    bool reached[1];

    ck_assert_uint_eq(digraph_components(graph_of(0, none), memory, component), 0);
    digraph_reach(graph_of(0, none), memory, reached);
}
END_TEST

START_TEST(test_reach)
{
    bool reached[7] = { [3] = true, [6] = true };

    digraph_reach(graph_of(7, sample), memory, reached);
    ck_assert(!reached[0] && !reached[1] && !reached[2] && !reached[5]);
    ck_assert(reached[3] && reached[4] && reached[6]);
}
END_TEST

START_TEST(test_cycle)
{
    static const int pairs[][2] = { { 0, 1 }, { 1, 2 }, { 2, 3 }, { 3, 0 }, { 1, 3 }, { 3, 4 }, { -1, -1 } };
    const struct digraph *graph = graph_of(5, pairs);
    size_t component[5], n;
    const size_t *cycle;

    digraph_components(graph, memory, component);
    cycle = digraph_cycle(graph, memory, component, 0, &n);
    ck_assert_ptr_nonnull(cycle);
    ck_assert_uint_eq(n, 3); /* the short way, over 1 and 3 */
    ck_assert_uint_eq(cycle[0], 0);
    ck_assert_uint_eq(cycle[1], 1);
    ck_assert_uint_eq(cycle[2], 3);
    ck_assert_ptr_null(digraph_cycle(graph, memory, component, 4, &n));
}
END_TEST

START_TEST(test_cycle_of_one)
{
    size_t component[7], n;
    const struct digraph *graph = graph_of(7, sample);

    digraph_components(graph, memory, component);
    ck_assert_ptr_nonnull(digraph_cycle(graph, memory, component, 6, &n));
    ck_assert_uint_eq(n, 1);
}
END_TEST

/* A long chain, and the same closed to a cycle: nothing recurses. */
START_TEST(test_long)
{
    const size_t n = 300000;
    struct edges edges = { .memory = memory };
    size_t *component = calloc(n, sizeof *component);
    size_t length;

    for (size_t i = 0; i + 1 < n; i++)
        edges_add(&edges, i, i + 1);
    ck_assert_uint_eq(digraph_components(digraph_new(&edges, n), memory, component), n);
    ck_assert_uint_eq(component[n - 1], 0);
    edges_add(&edges, n - 1, 0);
    ck_assert_uint_eq(digraph_components(digraph_new(&edges, n), memory, component), 1);
    ck_assert_ptr_nonnull(digraph_cycle(digraph_new(&edges, n), memory, component, 7, &length));
    ck_assert_uint_eq(length, n);
    free(component);
}
END_TEST

/* Two nodes are in one component iff each reaches the other: compared with all ways in random graphs. */
START_TEST(test_random)
{
    enum { NODES = 9 };
    bool ways[NODES][NODES] = { { false } };
    struct edges edges = { .memory = memory };
    size_t component[NODES];

    srand((unsigned)_i);
    for (int e = 0; e < 12; e++) {
        const size_t from = (size_t)rand() % NODES, to = (size_t)rand() % NODES;

        edges_add(&edges, from, to);
        ways[from][to] = true;
    }
    for (size_t k = 0; k < NODES; k++)
        for (size_t i = 0; i < NODES; i++)
            for (size_t j = 0; j < NODES; j++)
                ways[i][j] |= ways[i][k] && ways[k][j];
    digraph_components(digraph_new(&edges, NODES), memory, component);
    for (size_t i = 0; i < NODES; i++)
        for (size_t j = 0; j < NODES; j++)
            if (i != j) {
                ck_assert((component[i] == component[j]) == (ways[i][j] && ways[j][i]));
                ck_assert(!ways[i][j] || component[i] >= component[j]);
            }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("graph");
    TCase *t = tcase_create("digraph");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, test_successors);
    tcase_add_test(t, test_components);
    tcase_add_test(t, test_no_nodes);
    tcase_add_test(t, test_reach);
    tcase_add_test(t, test_cycle);
    tcase_add_test(t, test_cycle_of_one);
    tcase_add_test(t, test_long);
    tcase_add_loop_test(t, test_random, 0, 50);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
