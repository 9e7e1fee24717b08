/* The second step of the layout: in which order the vertices of each layer stand, so that few lines cross. Layer after
 * layer, down and up again, each vertex goes to the mean place of those that it is joined with in the layer before
 * (Sugiyama and others); then neighbours change places for as long as that takes crossings away (the transposition of
 * Gansner and others). That begins twice: with the order in which a depth-first search along the lines meets the
 * vertices, and with that of one which also goes against them. The best order of all rounds is kept. Crossings are
 * counted as inversions of a sorted list, after Barth, Jünger and Mutzel, "Simple and Efficient Bilayer Cross Counting",
 * Graph Drawing 2002.
 */
#include <stdlib.h>
#include <string.h>

#include "picture/layering.h"
#include "text/memory.h"

#define MOST_ROUNDS 24
#define PATIENCE 6           /* rounds that may bring nothing */
#define MOST_STEPS 2000000   /* of segments, looked at by all rounds: a large graph gets fewer of them */
#define MOST_SWAPPING 8      /* times that a layer's neighbours are compared in a round */

/* ---- where a segment ends, as a number that grows across the layer ----------------------------------------------- */

#define SPOTS 1024 /* of a vertex */

static int64_t spot(const struct vertex *vertex, bool at, int32_t port)
{
    const int64_t within = at ? (int64_t)(port + vertex->breadth / 2) * (SPOTS - 1) / (vertex->breadth + 1) : SPOTS / 2;

    return (int64_t)vertex->order * SPOTS + within;
}

static int64_t upper_spot(const struct layering *it, size_t segment)
{
    const struct segment *s = &it->segments[segment];

    return spot(&it->vertices[s->upper], s->upper_at, s->upper_port);
}

static int64_t lower_spot(const struct layering *it, size_t segment)
{
    const struct segment *s = &it->segments[segment];

    return spot(&it->vertices[s->lower], s->lower_at, s->lower_port);
}

/* ---- crossings --------------------------------------------------------------------------------------------------- */

struct crossing { int64_t upper, lower; };

static int compare_crossing(const void *a, const void *b)
{
    const struct crossing *x = a, *y = b;

    if (x->upper != y->upper)
        return x->upper < y->upper ? -1 : 1;
    return x->lower < y->lower ? -1 : x->lower > y->lower;
}

/* Sorts by `lower`, and returns how many pairs stood in the wrong order. `room` has as many places. */
static uint64_t count_inversions(struct crossing *list, struct crossing *room, size_t n)
{
    const size_t half = n / 2;
    size_t left = 0, right = half;
    uint64_t count;

    if (n < 2)
        return 0;
    count = count_inversions(list, room, half) + count_inversions(list + half, room, n - half);
    for (size_t i = 0; i < n; i++) {
        const bool take_left = left < half && (right == n || list[left].lower <= list[right].lower);

        count += take_left ? 0 : half - left;
        room[i] = list[take_left ? left++ : right++];
    }
    memcpy(list, room, n * sizeof *list);
    return count;
}

/* Where a vertex wants to stand, and stood. */
struct mean { int64_t sum; size_t n, order, vertex; };

struct sweep {
    struct layering *it;
    struct crossing *list, *room;
    int64_t *above, *below; /* for each place in `up` and `down`, sorted for each vertex: the spots at the other end */
    struct mean *means;
    size_t *best;
};

static uint64_t count_crossings(struct sweep *sweep)
{
    const struct layering *it = sweep->it;
    uint64_t count = 0;

    for (size_t layer = 0; layer < it->nlayers; layer++) {
        size_t n = 0;

        for (size_t i = it->layer_first[layer]; i < it->layer_first[layer + 1]; i++) {
            const size_t v = it->ordered[i];

            for (size_t e = it->down.first[v]; e < it->down.first[v + 1]; e++, n++)
                sweep->list[n] = (struct crossing){ upper_spot(it, it->down.segments[e]),
                                                    lower_spot(it, it->down.segments[e]) };
        }
        qsort(sweep->list, n, sizeof *sweep->list, compare_crossing);
        count += count_inversions(sweep->list, sweep->room, n);
    }
    return count;
}

/* ---- to the mean place ------------------------------------------------------------------------------------------- */

static int compare_mean(const void *a, const void *b)
{
    const struct mean *x = a, *y = b;
    const int64_t left = x->sum * (int64_t)y->n, right = y->sum * (int64_t)x->n;

    if (left != right)
        return left < right ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void renumber(struct layering *it, size_t layer)
{
    for (size_t i = 0; i < layer_size(it, layer); i++)
        it->vertices[layer_list(it, layer)[i]].order = i;
}

/* What has no line to the layer before stays where it is, and the others share the other places. */
static void sort_layer(struct sweep *sweep, size_t layer, bool down)
{
    struct layering *it = sweep->it;
    const struct ends *ends = down ? &it->up : &it->down;
    size_t *list = layer_list(it, layer);
    size_t n = 0, taken = 0;

    for (size_t i = 0; i < layer_size(it, layer); i++) {
        const size_t v = list[i];

        if (ends->first[v] == ends->first[v + 1])
            continue;
        sweep->means[n] = (struct mean){ .n = ends->first[v + 1] - ends->first[v], .order = i, .vertex = v };
        for (size_t e = ends->first[v]; e < ends->first[v + 1]; e++)
            sweep->means[n].sum += down ? upper_spot(it, ends->segments[e]) : lower_spot(it, ends->segments[e]);
        n++;
    }
    qsort(sweep->means, n, sizeof *sweep->means, compare_mean);
    for (size_t i = 0; i < layer_size(it, layer); i++)
        if (ends->first[list[i]] != ends->first[list[i] + 1])
            list[i] = sweep->means[taken++].vertex;
    renumber(it, layer);
}

/* ---- neighbours change places ------------------------------------------------------------------------------------ */

static int compare_spot(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void list_spots(const struct sweep *sweep, size_t layer)
{
    const struct layering *it = sweep->it;

    for (size_t i = it->layer_first[layer]; i < it->layer_first[layer + 1]; i++) {
        const size_t v = it->ordered[i];
        const size_t up = it->up.first[v], down = it->down.first[v];

        for (size_t e = up; e < it->up.first[v + 1]; e++)
            sweep->above[e] = upper_spot(it, it->up.segments[e]);
        for (size_t e = down; e < it->down.first[v + 1]; e++)
            sweep->below[e] = lower_spot(it, it->down.segments[e]);
        qsort(sweep->above + up, it->up.first[v + 1] - up, sizeof *sweep->above, compare_spot);
        qsort(sweep->below + down, it->down.first[v + 1] - down, sizeof *sweep->below, compare_spot);
    }
}

/* Pairs of which the one of `a` stands behind the one of `b`: as many crossings when `a` is the left one. */
static int64_t pairs_behind(const int64_t *a, size_t na, const int64_t *b, size_t nb)
{
    int64_t pairs = 0;

    for (size_t i = 0, before = 0; i < na; i++) {
        while (before < nb && b[before] < a[i])
            before++;
        pairs += (int64_t)before;
    }
    return pairs;
}

static int64_t gain_at(const struct ends *ends, const int64_t *spots, size_t left, size_t right)
{
    const int64_t *a = spots + ends->first[left], *b = spots + ends->first[right];
    const size_t na = ends->first[left + 1] - ends->first[left], nb = ends->first[right + 1] - ends->first[right];

    return pairs_behind(a, na, b, nb) - pairs_behind(b, nb, a, na);
}

static bool swap_neighbours(struct sweep *sweep, size_t layer)
{
    struct layering *it = sweep->it;
    size_t *list = layer_list(it, layer);
    bool swapped = false;

    for (size_t i = 0; i + 1 < layer_size(it, layer); i++) {
        const size_t left = list[i], right = list[i + 1];

        if (gain_at(&it->up, sweep->above, left, right) + gain_at(&it->down, sweep->below, left, right) > 0) {
            list[i] = right;
            list[i + 1] = left;
            swapped = true;
        }
    }
    renumber(it, layer);
    return swapped;
}

static void swap_all(struct sweep *sweep)
{
    for (size_t layer = 0; layer < sweep->it->nlayers; layer++) {
        list_spots(sweep, layer);
        for (size_t times = 0; times < MOST_SWAPPING && swap_neighbours(sweep, layer); times++)
            ;
    }
}

/* ---- rounds ------------------------------------------------------------------------------------------------------ */

static void run_round(struct sweep *sweep, bool down)
{
    const size_t nlayers = sweep->it->nlayers;

    for (size_t k = 1; k < nlayers; k++)
        sort_layer(sweep, down ? k : nlayers - 1 - k, down);
    swap_all(sweep);
}

static void keep(struct sweep *sweep)
{
    memcpy(sweep->best, sweep->it->ordered, sweep->it->nvertices * sizeof *sweep->best);
}

/* From the order at hand; `least` is how many crossings the best one of all rounds has so far. */
static void run_rounds(struct sweep *sweep, uint64_t *least)
{
    const size_t allowed = MOST_STEPS / (sweep->it->nsegments + 1);
    const size_t rounds = allowed < 2 ? 2 : allowed > MOST_ROUNDS ? MOST_ROUNDS : allowed;
    uint64_t crossings = count_crossings(sweep);

    for (size_t round = 0, better = 0; round < rounds && *least > 0 && round - better < PATIENCE; round++) {
        if (crossings < *least) {
            *least = crossings;
            better = round;
            keep(sweep);
        }
        run_round(sweep, round % 2 == 0);
        crossings = count_crossings(sweep);
    }
    if (crossings < *least) {
        *least = crossings;
        keep(sweep);
    }
}

static void take_best(struct sweep *sweep)
{
    memcpy(sweep->it->ordered, sweep->best, sweep->it->nvertices * sizeof *sweep->best);
    for (size_t layer = 0; layer < sweep->it->nlayers; layer++)
        renumber(sweep->it, layer);
}

/* ---- the order to begin with: vertices as they are reached, depth first ------------------------------------------ */

struct reach {
    struct layering *it;
    size_t *filled;      /* how many of each layer have their place */
    size_t *next, *path; /* the next segment to be followed of each vertex; the vertices that are on the way */
    size_t depth;
    bool *seen;
    bool up;             /* also against the lines, which leads from a vertex to its neighbours */
};

static void reach_vertex(struct reach *reach, size_t v)
{
    struct layering *it = reach->it;
    const size_t layer = it->vertices[v].layer;

    reach->seen[v] = true;
    reach->next[v] = 0;
    reach->path[reach->depth++] = v;
    it->vertices[v].order = reach->filled[layer]++;
    layer_list(it, layer)[it->vertices[v].order] = v;
}

/* The other end of the segment of `v` with that number; NO_NODE where it has no more. */
static size_t reached_by(const struct reach *reach, size_t v, size_t number)
{
    const struct layering *it = reach->it;
    const size_t ndown = it->down.first[v + 1] - it->down.first[v], nup = it->up.first[v + 1] - it->up.first[v];

    if (number < ndown)
        return it->segments[it->down.segments[it->down.first[v] + number]].lower;
    if (reach->up && number - ndown < nup)
        return it->segments[it->up.segments[it->up.first[v] + number - ndown]].upper;
    return NO_NODE;
}

static void reach_from(struct reach *reach, size_t root)
{
    reach_vertex(reach, root);
    while (reach->depth > 0) {
        const size_t v = reach->path[reach->depth - 1], to = reached_by(reach, v, reach->next[v]++);

        if (to == NO_NODE)
            reach->depth--;
        else if (!reach->seen[to])
            reach_vertex(reach, to);
    }
}

static void list_layers(struct layering *it)
{
    struct obstack *memory = it->layout->memory;

    it->layer_first = memory_take(memory, (it->nlayers + 1) * sizeof *it->layer_first);
    it->ordered = memory_take(memory, (it->nvertices + 1) * sizeof *it->ordered);
    for (size_t v = 0; v < it->nvertices; v++)
        it->layer_first[it->vertices[v].layer + 1]++;
    for (size_t layer = 0; layer < it->nlayers; layer++)
        it->layer_first[layer + 1] += it->layer_first[layer];
}

static void order_first(struct layering *it, bool up)
{
    struct obstack *memory = it->layout->memory;
    struct reach reach = { .it = it, .up = up };

    reach.filled = memory_take(memory, (it->nlayers + 1) * sizeof *reach.filled);
    reach.next = memory_take(memory, (it->nvertices + 1) * sizeof *reach.next);
    reach.path = memory_take(memory, (it->nvertices + 1) * sizeof *reach.path);
    reach.seen = memory_take(memory, (it->nvertices + 1) * sizeof *reach.seen);
    for (size_t v = 0; v < it->nvertices; v++)
        if (it->up.first[v] == it->up.first[v + 1] && !reach.seen[v])
            reach_from(&reach, v);
}

/* ---- where segments end ------------------------------------------------------------------------------------------ */

#define PORT_DISTANCE 16
#define PORT_MARGIN 16 /* of both sides */

struct end { int64_t spot; struct segment *segment; };

static int compare_end(const void *a, const void *b)
{
    const struct end *x = a, *y = b;

    if (x->spot != y->spot)
        return x->spot < y->spot ? -1 : 1;
    return x->segment < y->segment ? -1 : x->segment > y->segment;
}

/* A line that turns round goes on beside `v`, in its layer: where? */
static size_t beside_of(const struct layering *it, size_t v, size_t turn, bool down)
{
    const struct ends *ends = down ? &it->up : &it->down;
    const size_t first = ends->segments[ends->first[turn]], second = ends->segments[ends->first[turn] + 1];
    const size_t one = down ? it->segments[first].upper : it->segments[first].lower;
    const size_t other = down ? it->segments[second].upper : it->segments[second].lower;

    return it->vertices[one == v ? other : one].order;
}

/* By what the ends at `v` are sorted: where the other ends are. Lines that turn round end at the side to which they do,
 * those that stay nearest outside the others, so that one turns within the other. */
static int64_t end_spot(const struct layering *it, size_t v, size_t s, bool down)
{
    const size_t other = down ? it->segments[s].lower : it->segments[s].upper;
    const int64_t far = (int64_t)it->nvertices * SPOTS;
    size_t beside;

    if (!it->vertices[other].turns)
        return down ? lower_spot(it, s) : upper_spot(it, s);
    beside = beside_of(it, v, other, down);
    return (beside > it->vertices[v].order ? 2 * far : -far) - (int64_t)beside;
}

/* How far the ends of `n` segments at a vertex are apart: even, so that half of it is whole. */
static int32_t port_distance(const struct vertex *vertex, size_t n)
{
    const int64_t room = vertex->breadth > PORT_MARGIN ? vertex->breadth - PORT_MARGIN : 0;
    const int64_t distance = n > 1 ? room / (int64_t)(n - 1) : 0;

    return distance > PORT_DISTANCE ? PORT_DISTANCE : (int32_t)(distance / 2 * 2);
}

/* Spreads the ends at one side of a vertex, in the order of what stands at their other ends. */
static void spread(const struct layering *it, struct end *list, size_t v, bool down)
{
    const struct ends *ends = down ? &it->down : &it->up;
    const size_t n = ends->first[v + 1] - ends->first[v];
    const int32_t distance = port_distance(&it->vertices[v], n);

    for (size_t i = 0; i < n; i++) {
        const size_t s = ends->segments[ends->first[v] + i];

        list[i] = (struct end){ end_spot(it, v, s, down), &it->segments[s] };
    }
    qsort(list, n, sizeof *list, compare_end);
    for (size_t i = 0; i < n; i++) {
        const int32_t port = (2 * (int32_t)i - (int32_t)(n - 1)) * (distance / 2);

        if (down && !list[i].segment->upper_at)
            list[i].segment->upper_port = port;
        else if (!down && !list[i].segment->lower_at)
            list[i].segment->lower_port = port;
    }
}

static void spread_all(const struct layering *it)
{
    struct end *list = memory_take(it->layout->memory, (it->nsegments + 1) * sizeof *list);

    for (size_t v = 0; v < it->nvertices; v++) {
        if (it->vertices[v].node == NO_NODE)
            continue;
        spread(it, list, v, false);
        spread(it, list, v, true);
    }
}

void layering_order(struct layering *it)
{
    struct obstack *memory = it->layout->memory;
    struct sweep sweep = { .it = it };
    uint64_t least = UINT64_MAX;

    sweep.list = memory_take(memory, (it->nsegments + 1) * sizeof *sweep.list);
    sweep.room = memory_take(memory, (it->nsegments + 1) * sizeof *sweep.room);
    sweep.above = memory_take(memory, (it->nsegments + 1) * sizeof *sweep.above);
    sweep.below = memory_take(memory, (it->nsegments + 1) * sizeof *sweep.below);
    sweep.means = memory_take(memory, (it->nvertices + 1) * sizeof *sweep.means);
    sweep.best = memory_take(memory, (it->nvertices + 1) * sizeof *sweep.best);
    list_layers(it);
    for (int up = 0; up <= 1 && least > 0; up++) {
        order_first(it, up);
        run_rounds(&sweep, &least);
    }
    take_best(&sweep);
    spread_all(it);
}
