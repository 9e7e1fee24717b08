/* The first steps of the layout.
 *
 * Lines that lead back are found by going through the graph depth first, from the nodes that nothing leads to, in the
 * order in which the nodes stand (as dot does: Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed
 * Graphs", IEEE Transactions on Software Engineering 19(3), 1993). So it is the author's order that says where a cycle
 * begins.
 *
 * Layers are those of the longest way from a source. What sends more than it receives then sinks towards who
 * receives it, which makes lines shorter and never longer (Nikolov and Tarassov, "Graph layering by promotion of nodes",
 * Discrete Applied Mathematics 154(5), 2006).
 */
#include <string.h>

#include "picture/layering.h"
#include "text/memory.h"

struct work {
    struct layering *it;
    const struct layout *layout;
    struct ends out, in; /* lines at each node, where those that lead back are not turned round */
    size_t *layer;       /* of each node */
    size_t *sorted;      /* the nodes, each behind those that lead to it */
};

/* Sorts `n` things by the vertex that each has. */
static struct ends list_ends(struct obstack *memory, size_t nvertices, size_t n, const size_t *vertex_of)
{
    struct ends ends;
    size_t *next = memory_take(memory, (nvertices + 1) * sizeof *next);

    ends.first = memory_take(memory, (nvertices + 1) * sizeof *ends.first);
    ends.segments = memory_take(memory, (n + 1) * sizeof *ends.segments);
    for (size_t i = 0; i < n; i++)
        ends.first[vertex_of[i] + 1]++;
    for (size_t v = 0; v < nvertices; v++)
        next[v + 1] = ends.first[v + 1] += ends.first[v];
    for (size_t i = 0; i < n; i++)
        ends.segments[next[vertex_of[i]]++] = i;
    return ends;
}

static void list_lines(struct work *work)
{
    const struct layout *layout = work->layout;
    size_t *from = memory_take(layout->memory, (layout->nlines + 1) * sizeof *from);
    size_t *to = memory_take(layout->memory, (layout->nlines + 1) * sizeof *to);

    for (size_t l = 0; l < layout->nlines; l++) {
        from[l] = layout->lines[l].from;
        to[l] = layout->lines[l].to;
    }
    work->out = list_ends(layout->memory, layout->nnodes, layout->nlines, from);
    work->in = list_ends(layout->memory, layout->nnodes, layout->nlines, to);
}

/* ---- lines that lead back ---------------------------------------------------------------------------------------- */

struct visit {
    enum { UNSEEN, OPEN, CLOSED } *state;
    size_t *next;  /* the next line of an open node to be followed */
    size_t *path;  /* the open nodes, the last one at the end */
    size_t depth;
    size_t closed; /* how many */
};

/* A node is closed behind all that it leads to, so `sorted` fills from its end. */
static void close_node(struct work *work, struct visit *visit)
{
    const size_t node = visit->path[--visit->depth];

    visit->state[node] = CLOSED;
    work->sorted[work->layout->nnodes - ++visit->closed] = node;
}

static void open_node(const struct work *work, struct visit *visit, size_t node)
{
    visit->state[node] = OPEN;
    visit->next[node] = work->out.first[node];
    visit->path[visit->depth++] = node;
}

static void visit_from(struct work *work, struct visit *visit, size_t root)
{
    open_node(work, visit, root);
    while (visit->depth > 0) {
        const size_t node = visit->path[visit->depth - 1];
        size_t line, to;

        if (visit->next[node] == work->out.first[node + 1]) {
            close_node(work, visit);
            continue;
        }
        line = work->out.segments[visit->next[node]++];
        to = work->layout->lines[line].to;
        if (visit->state[to] == UNSEEN)
            open_node(work, visit, to);
        else
            work->it->back[line] = visit->state[to] == OPEN;
    }
}

static void find_back(struct work *work)
{
    struct obstack *memory = work->layout->memory;
    const size_t n = work->layout->nnodes;
    struct visit visit = { .depth = 0 };

    visit.state = memory_take(memory, (n + 1) * sizeof *visit.state);
    visit.next = memory_take(memory, (n + 1) * sizeof *visit.next);
    visit.path = memory_take(memory, (n + 1) * sizeof *visit.path);
    /* The last root is the first in `sorted`: roots are taken from the end, so that the order of the file is kept. */
    for (size_t node = n; node-- > 0; )
        if (work->in.first[node] == work->in.first[node + 1] && visit.state[node] == UNSEEN)
            visit_from(work, &visit, node);
    for (size_t node = 0; node < n; node++)
        if (visit.state[node] == UNSEEN)
            visit_from(work, &visit, node);
}

/* ---- layers ------------------------------------------------------------------------------------------------------ */

static size_t start_of(const struct work *work, size_t line)
{
    const struct layout_line *it = &work->layout->lines[line];

    return work->it->back[line] ? it->to : it->from;
}

static size_t end_of(const struct work *work, size_t line)
{
    const struct layout_line *it = &work->layout->lines[line];

    return work->it->back[line] ? it->from : it->to;
}

/* Tells the lines at `node` apart as they lead when those that lead back are turned round. Requires: call with each. */
struct around { size_t in, out, least_behind, most_before; };

static void look_at(const struct work *work, struct around *around, size_t node, size_t line)
{
    if (start_of(work, line) == node) {
        const size_t behind = work->layer[end_of(work, line)];

        around->out++;
        if (behind < around->least_behind)
            around->least_behind = behind;
    } else {
        const size_t before = work->layer[start_of(work, line)] + 1;

        around->in++;
        if (before > around->most_before)
            around->most_before = before;
    }
}

static struct around look_around(const struct work *work, size_t node)
{
    struct around around = { .least_behind = SIZE_MAX };

    for (size_t i = work->out.first[node]; i < work->out.first[node + 1]; i++)
        look_at(work, &around, node, work->out.segments[i]);
    for (size_t i = work->in.first[node]; i < work->in.first[node + 1]; i++)
        look_at(work, &around, node, work->in.segments[i]);
    return around;
}

static bool has_pin(const struct layout *layout, enum layout_pin pin)
{
    for (size_t node = 0; node < layout->nnodes; node++)
        if (layout->nodes[node].pin == pin)
            return true;
    return false;
}

/* A line that turns round needs a layer to do so: before the first node, and behind the last. */
static void make_room(struct work *work)
{
    const struct layout *layout = work->layout;
    size_t last = 0;
    bool before = false;

    for (size_t l = 0; l < layout->nlines; l++)
        before |= work->it->back[l] && work->layer[layout->lines[l].to] == 0;
    for (size_t node = 0; node < layout->nnodes; node++) {
        work->layer[node] += before;
        if (work->layer[node] > last)
            last = work->layer[node];
    }
    work->it->nlayers = last + 1;
    for (size_t l = 0; l < layout->nlines; l++)
        if (work->it->back[l] && work->layer[layout->lines[l].from] == last)
            work->it->nlayers = last + 2;
}

static void choose_layers(struct work *work)
{
    const struct layout *layout = work->layout;
    const size_t top = has_pin(layout, PIN_FIRST);
    size_t last = 0;

    for (size_t i = 0; i < layout->nnodes; i++) {
        const size_t node = work->sorted[i];
        const size_t before = look_around(work, node).most_before;

        work->layer[node] = layout->nodes[node].pin == PIN_FIRST ? 0 : before > top ? before : top;
    }
    for (size_t i = layout->nnodes; i-- > 0; ) {
        const size_t node = work->sorted[i];
        const struct around around = look_around(work, node);

        if (layout->nodes[node].pin == PIN_NONE && around.out > 0 && around.out >= around.in)
            work->layer[node] = around.least_behind - 1;
        if (layout->nodes[node].pin != PIN_LAST && work->layer[node] > last)
            last = work->layer[node];
    }
    for (size_t node = 0; node < layout->nnodes; node++)
        if (layout->nodes[node].pin == PIN_LAST)
            work->layer[node] = last + 1;
    make_room(work);
}

/* ---- vertices and segments --------------------------------------------------------------------------------------- */

/* Layers that line `l` passes between its nodes, turns included. */
static size_t passes(const struct work *work, size_t l)
{
    const size_t from = work->layer[work->layout->lines[l].from], to = work->layer[work->layout->lines[l].to];

    return work->it->back[l] ? from - to + 3 : to - from - 1;
}

static size_t add_vertex(struct layering *it, struct vertex vertex)
{
    it->vertices[it->nvertices] = vertex;
    return it->nvertices++;
}

static size_t add_pass(struct layering *it, size_t layer, bool turns)
{
    return add_vertex(it, (struct vertex){ .node = NO_NODE, .turns = turns, .layer = layer });
}

static struct segment *add_segment(struct layering *it, size_t upper, size_t lower)
{
    it->segments[it->nsegments] = (struct segment){ .upper = upper, .lower = lower };
    return &it->segments[it->nsegments++];
}

static void leave_at(struct segment *segment, const struct layout_line *line)
{
    segment->upper_at = line->leaves_at;
    segment->upper_port = line->leaving;
}

static void enter_at(struct segment *segment, const struct layout_line *line)
{
    segment->lower_at = line->enters_at;
    segment->lower_port = line->entering;
}

static void lead_on(struct work *work, const struct layout_line *line)
{
    struct layering *it = work->it;
    const size_t first = it->nsegments;
    size_t at = line->from;

    for (size_t layer = work->layer[line->from] + 1; layer < work->layer[line->to]; layer++) {
        const size_t next = add_pass(it, layer, false);

        add_segment(it, at, next);
        at = next;
    }
    add_segment(it, at, line->to);
    leave_at(&it->segments[first], line);
    enter_at(&it->segments[it->nsegments - 1], line);
}

/* Behind the node, round, up beside all layers between, round again, and into the other node. */
static void lead_back(struct work *work, const struct layout_line *line)
{
    struct layering *it = work->it;
    const size_t first = it->nsegments;
    size_t at = add_pass(it, work->layer[line->from] + 1, true);

    add_segment(it, line->from, at);
    for (size_t layer = work->layer[line->from] + 1; layer-- > work->layer[line->to]; ) {
        const size_t next = add_pass(it, layer, false);

        add_segment(it, next, at);
        at = next;
    }
    add_segment(it, add_pass(it, work->layer[line->to] - 1, true), at);
    add_segment(it, it->nvertices - 1, line->to);
    leave_at(&it->segments[first], line);
    enter_at(&it->segments[it->nsegments - 1], line);
}

static void add_lines(struct work *work)
{
    const struct layout *layout = work->layout;

    for (size_t l = 0; l < layout->nlines; l++) {
        work->it->line_first[l] = work->it->nsegments;
        if (work->it->back[l])
            lead_back(work, &layout->lines[l]);
        else
            lead_on(work, &layout->lines[l]);
    }
    work->it->line_first[layout->nlines] = work->it->nsegments;
}

static void list_segments(struct layering *it)
{
    struct obstack *memory = it->layout->memory;
    size_t *upper = memory_take(memory, (it->nsegments + 1) * sizeof *upper);
    size_t *lower = memory_take(memory, (it->nsegments + 1) * sizeof *lower);

    for (size_t s = 0; s < it->nsegments; s++) {
        upper[s] = it->segments[s].upper;
        lower[s] = it->segments[s].lower;
    }
    it->down = list_ends(memory, it->nvertices, it->nsegments, upper);
    it->up = list_ends(memory, it->nvertices, it->nsegments, lower);
}

bool layering_make(struct layering *it)
{
    struct layout *layout = it->layout;
    struct work work = { .it = it, .layout = layout };
    size_t passed = 0;

    it->back = memory_take(layout->memory, (layout->nlines + 1) * sizeof *it->back);
    it->line_first = memory_take(layout->memory, (layout->nlines + 1) * sizeof *it->line_first);
    work.layer = memory_take(layout->memory, (layout->nnodes + 1) * sizeof *work.layer);
    work.sorted = memory_take(layout->memory, (layout->nnodes + 1) * sizeof *work.sorted);
    list_lines(&work);
    find_back(&work);
    choose_layers(&work);
    for (size_t l = 0; l < layout->nlines && passed <= LAYOUT_MOST; l++)
        passed += passes(&work, l);
    if (passed > LAYOUT_MOST)
        return false;
    it->vertices = memory_take(layout->memory, (layout->nnodes + passed + 1) * sizeof *it->vertices);
    it->segments = memory_take(layout->memory, (layout->nlines + passed + 1) * sizeof *it->segments);
    for (size_t node = 0; node < layout->nnodes; node++)
        add_vertex(it, (struct vertex){ .node = node, .breadth = layout->nodes[node].breadth, .layer = work.layer[node] });
    add_lines(&work);
    list_segments(it);
    return true;
}
