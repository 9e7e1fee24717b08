/* The steps of the layout, and what is along: how long each layer is, how far they are apart, and each line's way.
 */
#include <stdlib.h>

#include "picture/layering.h"
#include "text/memory.h"

#define GAP 30           /* between layers, at least */
#define GAP_MOST 110     /* and at most: more where lines go far across */
#define GAP_SLOPE 6      /* pixels that a line may go across for each one of the gap */

struct lengths {
    int32_t *begin, *end; /* of each layer, along */
    int32_t *gap;         /* before each layer, and behind the last one */
};

/* ---- lengths ----------------------------------------------------------------------------------------------------- */

static int64_t upper_across(const struct layering *it, const struct segment *segment)
{
    return it->vertices[segment->upper].across + segment->upper_port;
}

static int64_t lower_across(const struct layering *it, const struct segment *segment)
{
    return it->vertices[segment->lower].across + segment->lower_port;
}

static void choose_gaps(const struct layering *it, struct lengths *lengths)
{
    for (size_t layer = 1; layer < it->nlayers; layer++)
        lengths->gap[layer] = GAP;
    for (size_t s = 0; s < it->nsegments; s++) {
        const struct segment *segment = &it->segments[s];
        const int64_t way = llabs(upper_across(it, segment) - lower_across(it, segment)) / GAP_SLOPE + GAP / 2;
        const size_t layer = it->vertices[segment->lower].layer;

        if (way > lengths->gap[layer])
            lengths->gap[layer] = way < GAP_MOST ? (int32_t)way : GAP_MOST;
    }
}

static void choose_lengths(const struct layering *it, struct lengths *lengths)
{
    int32_t at = 0;

    choose_gaps(it, lengths);
    for (size_t layer = 0; layer < it->nlayers; layer++) {
        int32_t length = 0;

        for (size_t i = 0; i < layer_size(it, layer); i++) {
            const size_t node = it->vertices[layer_list(it, layer)[i]].node;

            if (node != NO_NODE && it->layout->nodes[node].length > length)
                length = it->layout->nodes[node].length;
        }
        at += lengths->gap[layer];
        lengths->begin[layer] = at;
        lengths->end[layer] = at += length;
    }
    it->layout->length = at;
}

static void place_nodes(const struct layering *it, const struct lengths *lengths)
{
    it->layout->breadth = 0;
    for (size_t v = 0; v < it->nvertices; v++) {
        const struct vertex *vertex = &it->vertices[v];
        const int32_t most = (int32_t)vertex->across + vertex->breadth / 2;

        if (most > it->layout->breadth)
            it->layout->breadth = most;
        if (vertex->node != NO_NODE) {
            struct layout_node *node = &it->layout->nodes[vertex->node];
            const int32_t begin = lengths->begin[vertex->layer], end = lengths->end[vertex->layer];

            node->across = (int32_t)vertex->across;
            node->along = node->pin == PIN_FIRST ? begin : node->pin == PIN_LAST ? end - node->length
                : begin + (end - begin - node->length) / 2;
        }
    }
}

/* ---- the way of a line ------------------------------------------------------------------------------------------- */

static void stop_at(struct layout_line *line, int64_t along, int64_t across, int32_t turn)
{
    line->stops[line->nstops++] = (struct layout_stop){ (int32_t)along, (int32_t)across, turn };
}

/* From the end of the segment's upper layer to the begin of the lower one. */
static void lead_down(const struct layering *it, const struct lengths *lengths, struct layout_line *line,
                      const struct segment *segment)
{
    stop_at(line, lengths->end[it->vertices[segment->upper].layer], upper_across(it, segment), 0);
    stop_at(line, lengths->begin[it->vertices[segment->lower].layer], lower_across(it, segment), 0);
}

static void lead_up(const struct layering *it, const struct lengths *lengths, struct layout_line *line,
                    const struct segment *segment)
{
    stop_at(line, lengths->begin[it->vertices[segment->lower].layer], lower_across(it, segment), 0);
    stop_at(line, lengths->end[it->vertices[segment->upper].layer], upper_across(it, segment), 0);
}

/* How far a line that turns round swings out: the further, the further away it goes on, so that one turns within another. */
static int32_t turn_of(int32_t gap, int64_t from, int64_t to)
{
    const int64_t turn = gap / 2 + llabs(to - from) / 5, most = gap * 9 / 10;

    return (int32_t)(turn < most ? turn : most);
}

/* Behind its layer, round to where it goes back; all between; and before the layer where it ends, round again. */
static void lead_back(const struct layering *it, const struct lengths *lengths, struct layout_line *line,
                      const struct segment *first, size_t n)
{
    const size_t leaves = it->vertices[first->upper].layer, enters = it->vertices[first[n - 1].lower].layer;
    const int64_t goes = it->vertices[first[1].upper].across, comes = it->vertices[first[n - 2].lower].across;

    stop_at(line, lengths->end[leaves], upper_across(it, first), 0);
    stop_at(line, lengths->end[leaves], goes, turn_of(lengths->gap[leaves + 1], upper_across(it, first), goes));
    for (size_t i = 2; i + 2 < n; i++)
        lead_up(it, lengths, line, &first[i]);
    stop_at(line, lengths->begin[enters], comes, 0);
    stop_at(line, lengths->begin[enters], lower_across(it, &first[n - 1]),
            -turn_of(lengths->gap[enters], comes, lower_across(it, &first[n - 1])));
}

static void lead_line(const struct layering *it, const struct lengths *lengths, size_t l)
{
    struct layout_line *line = &it->layout->lines[l];
    const struct layout_node *from = &it->layout->nodes[line->from], *to = &it->layout->nodes[line->to];
    const struct segment *first = &it->segments[it->line_first[l]];
    const size_t n = it->line_first[l + 1] - it->line_first[l];

    line->stops = memory_take(it->layout->memory, (2 * n + 2) * sizeof *line->stops);
    stop_at(line, from->along + from->length, upper_across(it, first), 0);
    if (it->back[l])
        lead_back(it, lengths, line, first, n);
    else
        for (size_t i = 0; i < n; i++)
            lead_down(it, lengths, line, &first[i]);
    stop_at(line, to->along, lower_across(it, &first[n - 1]), 0);
    line->leaving = first->upper_port;
    line->entering = first[n - 1].lower_port;
}

bool layout_make(struct layout *layout)
{
    struct layering layering = { .layout = layout };
    struct lengths lengths;

    if (!layering_make(&layering))
        return false;
    layering_order(&layering);
    layering_place(&layering);
    lengths.begin = memory_take(layout->memory, (layering.nlayers + 1) * sizeof *lengths.begin);
    lengths.end = memory_take(layout->memory, (layering.nlayers + 1) * sizeof *lengths.end);
    lengths.gap = memory_take(layout->memory, (layering.nlayers + 1) * sizeof *lengths.gap);
    choose_lengths(&layering, &lengths);
    place_nodes(&layering, &lengths);
    for (size_t l = 0; l < layout->nlines; l++)
        lead_line(&layering, &lengths, l);
    return true;
}
