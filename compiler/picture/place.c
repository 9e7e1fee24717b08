/* The third step of the layout: where across each vertex stands, by Brandes and Köpf, "Fast and Simple Horizontal
 * Coordinate Assignment", Graph Drawing 2001, with the corrections of Brandes, Walter and Zink (arXiv:2008.01252, 2020).
 *
 * Vertices that a segment joins are put into a block, which stands straight, where that does not cross another one; what
 * passes layers between its nodes always is such a block. That is done four times: each vertex with its neighbours
 * before or behind, and everything as far to one side or to the other as it goes. Each vertex stands at the mean of the
 * two middle ones of its four places.
 *
 * Segments end at ports, not in the middle of their vertices, so that a vertex stands shifted in its block, by which the
 * ports are straight (Rüegg, Schulze, Carstens and von Hanxleden, "Size- and Port-Aware Horizontal Node Coordinate
 * Assignment", Graph Drawing 2015). How far a block is to one side is the longest way in the graph of what must stand
 * beside what, which takes the place of the classes of the paper.
 */
#include <stdlib.h>

#include "picture/layering.h"
#include "text/memory.h"

#define DISTANCE 24      /* between nodes of one layer */
#define LINE_DISTANCE 14 /* where one of the two is a line */

/* ---- conflicts --------------------------------------------------------------------------------------------------- */

/* A segment between two places where a line passes: those are to be straight. */
static bool is_inner(const struct layering *it, const struct segment *segment)
{
    const struct vertex *upper = &it->vertices[segment->upper], *lower = &it->vertices[segment->lower];

    return upper->node == NO_NODE && lower->node == NO_NODE && !upper->turns && !lower->turns;
}

static size_t upper_order(const struct layering *it, const struct segment *segment)
{
    return it->vertices[segment->upper].order;
}

/* The place in the layer before that the inner segment of `v` comes from; SIZE_MAX where there is none. */
static size_t inner_from(const struct layering *it, size_t v)
{
    for (size_t e = it->up.first[v]; e < it->up.first[v + 1]; e++)
        if (is_inner(it, &it->segments[it->up.segments[e]]))
            return upper_order(it, &it->segments[it->up.segments[e]]);
    return SIZE_MAX;
}

/* Marks the segments of `v` that leave what lies between two inner ones, and so cross one of them. */
static void mark_outside(const struct layering *it, size_t v, size_t least, size_t most)
{
    for (size_t e = it->up.first[v]; e < it->up.first[v + 1]; e++) {
        struct segment *segment = &it->segments[it->up.segments[e]];
        const size_t order = upper_order(it, segment);

        segment->crossed = !is_inner(it, segment) && (order < least || (order > most && most != SIZE_MAX));
    }
}

static void mark_crossed(const struct layering *it, size_t layer)
{
    const size_t n = layer_size(it, layer);
    size_t least = 0, done = 0;

    for (size_t i = 0; i < n; i++) {
        const size_t from = inner_from(it, layer_list(it, layer)[i]);

        if (from == SIZE_MAX && i + 1 < n)
            continue;
        for (; done <= i; done++)
            mark_outside(it, layer_list(it, layer)[done], least, from);
        least = from;
    }
}

/* ---- one of the four --------------------------------------------------------------------------------------------- */

/* What is decided for the other side, or for the layers from the last to the first, is the same in a mirror. */
struct run {
    const struct layering *it;
    bool upward;        /* vertices stand with those of the layer behind them */
    int sign;           /* -1: everything goes to the other side */
    size_t *root;       /* of each vertex: the first one of its block … */
    size_t *next;       /* … and the one behind it there; of the last, the first */
    int32_t *shift;     /* of each vertex, in its block */
    int64_t *across;    /* of each vertex */
};

static size_t order_in(const struct run *run, size_t v)
{
    const struct vertex *vertex = &run->it->vertices[v];

    return run->sign > 0 ? vertex->order : layer_size(run->it, vertex->layer) - 1 - vertex->order;
}

static size_t vertex_in(const struct run *run, size_t layer, size_t order)
{
    const size_t n = layer_size(run->it, layer);

    return layer_list(run->it, layer)[run->sign > 0 ? order : n - 1 - order];
}

static size_t other_end(const struct run *run, const struct segment *segment)
{
    return run->upward ? segment->lower : segment->upper;
}

/* Segments of `v` to where it looks for its block, by the order of their other ends. */
struct neighbours { struct { size_t order, segment; } *list; size_t n; };

static int compare_order(const void *a, const void *b)
{
    const size_t *x = a, *y = b;

    if (x[0] != y[0])
        return x[0] < y[0] ? -1 : 1;
    return x[1] < y[1] ? -1 : x[1] > y[1];
}

static void list_neighbours(const struct run *run, struct neighbours *neighbours, size_t v)
{
    const struct ends *ends = run->upward ? &run->it->down : &run->it->up;

    neighbours->n = 0;
    for (size_t e = ends->first[v]; e < ends->first[v + 1]; e++) {
        const size_t segment = ends->segments[e];

        neighbours->list[neighbours->n].order = order_in(run, other_end(run, &run->it->segments[segment]));
        neighbours->list[neighbours->n++].segment = segment;
    }
    qsort(neighbours->list, neighbours->n, sizeof *neighbours->list, compare_order);
}

/* Puts `v` into the block of the other end, shifted so that the segment is straight. */
static void join_block(struct run *run, size_t v, const struct segment *segment)
{
    const size_t other = other_end(run, segment);
    const int32_t here = run->upward ? segment->upper_port : segment->lower_port;
    const int32_t there = run->upward ? segment->lower_port : segment->upper_port;

    run->next[v] = run->next[other];
    run->next[other] = v;
    run->root[v] = run->root[other];
    run->shift[v] = run->shift[other] + run->sign * (there - here);
}

static void align_layer(struct run *run, struct neighbours *neighbours, size_t layer)
{
    size_t free = 0; /* the least place that is not passed yet by a segment of a block */

    for (size_t i = 0; i < layer_size(run->it, layer); i++) {
        const size_t v = vertex_in(run, layer, i);
        size_t middle;

        list_neighbours(run, neighbours, v);
        if (neighbours->n == 0)
            continue;
        for (middle = (neighbours->n - 1) / 2; middle <= neighbours->n / 2; middle++) {
            const struct segment *segment = &run->it->segments[neighbours->list[middle].segment];

            if (segment->crossed || neighbours->list[middle].order < free)
                continue;
            join_block(run, v, segment);
            free = neighbours->list[middle].order + 1;
            break;
        }
    }
}

static void align(struct run *run, struct neighbours *neighbours)
{
    const size_t nlayers = run->it->nlayers;

    for (size_t v = 0; v < run->it->nvertices; v++) {
        run->root[v] = run->next[v] = v;
        run->shift[v] = 0;
    }
    for (size_t k = 1; k < nlayers; k++)
        align_layer(run, neighbours, run->upward ? nlayers - 1 - k : k);
}

/* ---- blocks beside each other ------------------------------------------------------------------------------------ */

static bool is_line(const struct vertex *vertex)
{
    return vertex->node == NO_NODE;
}

/* How much further to the side the block of `right` is at least than that of `left`, which stands before it in a layer. */
static int64_t least_distance(const struct run *run, size_t left, size_t right)
{
    const struct vertex *l = &run->it->vertices[left], *r = &run->it->vertices[right];

    return (l->breadth + r->breadth) / 2 + (is_line(l) || is_line(r) ? LINE_DISTANCE : DISTANCE) + run->shift[left]
        - run->shift[right];
}

/* The vertex behind `v` in its layer; NO_NODE where it is the last one. */
static size_t beside(const struct run *run, size_t v)
{
    const size_t layer = run->it->vertices[v].layer, order = order_in(run, v);

    return order + 1 < layer_size(run->it, layer) ? vertex_in(run, layer, order + 1) : NO_NODE;
}

/* The roots, each behind those whose blocks stand before it. */
static size_t sort_blocks(const struct run *run, size_t *sorted)
{
    const struct layering *it = run->it;
    size_t *before = memory_take(it->layout->memory, (it->nvertices + 1) * sizeof *before);
    size_t n = 0;

    for (size_t v = 0; v < it->nvertices; v++)
        before[run->root[v]] += order_in(run, v) > 0;
    for (size_t v = 0; v < it->nvertices; v++)
        if (run->root[v] == v && before[v] == 0)
            sorted[n++] = v;
    for (size_t i = 0; i < n; i++) {
        size_t v = sorted[i];

        do {
            const size_t right = beside(run, v);

            if (right != NO_NODE && --before[run->root[right]] == 0)
                sorted[n++] = run->root[right];
            v = run->next[v];
        } while (v != sorted[i]);
    }
    return n;
}

/* Moves all that stands beside the block as far as it must; then the other way, each block as near as it may. */
static void push_others(struct run *run, size_t root)
{
    size_t v = root;

    do {
        const size_t right = beside(run, v);

        if (right != NO_NODE) {
            const int64_t least = run->across[root] + least_distance(run, v, right);

            if (run->across[run->root[right]] < least)
                run->across[run->root[right]] = least;
        }
        v = run->next[v];
    } while (v != root);
}

static void pull_near(struct run *run, size_t root)
{
    int64_t most = INT64_MAX;
    size_t v = root;

    do {
        const size_t right = beside(run, v);

        if (right != NO_NODE && run->across[run->root[right]] - least_distance(run, v, right) < most)
            most = run->across[run->root[right]] - least_distance(run, v, right);
        v = run->next[v];
    } while (v != root);
    if (most != INT64_MAX && most > run->across[root])
        run->across[root] = most;
}

static void compact(struct run *run, size_t *sorted)
{
    const struct layering *it = run->it;
    const size_t n = sort_blocks(run, sorted);

    for (size_t v = 0; v < it->nvertices; v++)
        run->across[v] = 0;
    for (size_t i = 0; i < n; i++)
        push_others(run, sorted[i]);
    for (size_t i = n; i-- > 0; )
        pull_near(run, sorted[i]);
    for (size_t v = 0; v < it->nvertices; v++)
        if (run->root[v] != v)
            run->across[v] = run->across[run->root[v]] + run->shift[v];
    for (size_t v = 0; v < it->nvertices; v++)
        run->across[v] *= run->sign;
}

/* ---- all four ---------------------------------------------------------------------------------------------------- */

struct extent { int64_t least, most; };

static struct extent extent_of(const struct layering *it, const int64_t *across)
{
    struct extent extent = { INT64_MAX, INT64_MIN };

    for (size_t v = 0; v < it->nvertices; v++) {
        const int64_t least = across[v] - it->vertices[v].breadth / 2, most = across[v] + it->vertices[v].breadth / 2;

        extent.least = least < extent.least ? least : extent.least;
        extent.most = most > extent.most ? most : extent.most;
    }
    return extent;
}

/* Puts all four where the narrowest one is, at the side to which they were moved. */
static void bring_together(const struct layering *it, int64_t *const across[4])
{
    struct extent extents[4];
    size_t narrowest = 0;

    for (size_t i = 0; i < 4; i++) {
        extents[i] = extent_of(it, across[i]);
        if (extents[i].most - extents[i].least < extents[narrowest].most - extents[narrowest].least)
            narrowest = i;
    }
    for (size_t i = 0; i < 4; i++) {
        const int64_t by = i % 2 == 0 ? extents[narrowest].least - extents[i].least
                                      : extents[narrowest].most - extents[i].most;

        for (size_t v = 0; v < it->nvertices; v++)
            across[i][v] += by;
    }
}

static int64_t middle_of(int64_t a, int64_t b, int64_t c, int64_t d)
{
    int64_t four[] = { a, b, c, d };

    for (size_t i = 1; i < 4; i++)
        for (size_t j = i; j > 0 && four[j - 1] > four[j]; j--) {
            const int64_t other = four[j];

            four[j] = four[j - 1];
            four[j - 1] = other;
        }
    return (four[1] + four[2] - ((four[1] + four[2]) % 2 != 0 && four[1] + four[2] < 0)) / 2; /* rounded down */
}

void layering_place(struct layering *it)
{
    struct obstack *memory = it->layout->memory;
    const size_t n = it->nvertices + 1;
    size_t *const sorted = memory_take(memory, n * sizeof *sorted);
    struct neighbours neighbours = { memory_take(memory, (it->nsegments + 1) * sizeof *neighbours.list), 0 };
    struct run run = { .it = it, .root = memory_take(memory, n * sizeof *run.root),
                       .next = memory_take(memory, n * sizeof *run.next),
                       .shift = memory_take(memory, n * sizeof *run.shift) };
    int64_t *across[4];
    struct extent extent;

    for (size_t layer = 1; layer < it->nlayers; layer++)
        mark_crossed(it, layer);
    for (size_t i = 0; i < 4; i++) {
        run.upward = i >= 2;
        run.sign = i % 2 == 0 ? 1 : -1;
        run.across = across[i] = memory_take(memory, n * sizeof *across[i]);
        align(&run, &neighbours);
        compact(&run, sorted);
    }
    bring_together(it, across);
    for (size_t v = 0; v < it->nvertices; v++)
        across[0][v] = middle_of(across[0][v], across[1][v], across[2][v], across[3][v]);
    extent = extent_of(it, across[0]);
    for (size_t v = 0; v < it->nvertices; v++)
        it->vertices[v].across = across[0][v] - extent.least;
}
