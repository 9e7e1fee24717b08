/* Where boxes, wires and frames are. Each frame is laid out by itself, the inner ones first, and is a node of the one that
 * it stands in; so no frame meets anything but what is in it. A wire across the edge of a frame has a place there, which
 * is a node of the frame's own first or last layer, and where it goes on outside.
 */
#include <stdlib.h>

#include "picture/layout.h"
#include "picture/letters.h"
#include "picture/sketch.h"
#include "text/memory.h"

#define MARGIN 14        /* around what a frame holds, and the whole */
#define TITLE_HEIGHT 20  /* of a frame */
#define HEAD 58          /* above the graph: what it is called, and what it does */
#define LEGEND 24        /* below it, where a run is shown */
#define WIDE 1000        /* what a page shows without making it small */

/* The part of a wire that lies in a frame. */
struct piece {
    struct level *level;
    size_t line;   /* of its layout */
    size_t wire;
    struct piece *next; /* of its level */
};

/* A frame's layout. */
struct level {
    struct frame *frame;
    struct level *outer;
    size_t depth;
    struct piece *pieces;
    struct layout layout;
    size_t nnodes, nlines;      /* that it will have, while they are counted */
    size_t node;                /* which one it is in the outer layout */
    bool leads_in, leads_out;   /* wires cross its edge */
    int32_t before, beside;     /* room around the layout, along and across, where it begins */
    int32_t length, breadth;    /* with that room */
    int32_t along, across;      /* where it begins, in the whole picture */
};

struct arranging {
    struct sketch *sketch;
    bool down;
    struct level *levels;       /* of each frame */
    size_t *node;               /* of each box, in the layout of its frame */
    struct piece *pieces; size_t npieces;
    size_t *first;              /* the pieces of wire w, as it goes: pieces[first[w]] .. pieces[first[w + 1] - 1] */
};

/* ---- pieces ------------------------------------------------------------------------------------------------------ */

static struct level *level_of(const struct arranging *it, size_t box)
{
    return &it->levels[it->sketch->boxes[box].frame - it->sketch->frames];
}

static size_t distance(const struct level *a, const struct level *b)
{
    size_t levels = 1;

    for (; a != b; levels++) {
        if (a->depth >= b->depth)
            a = a->outer;
        else
            b = b->outer;
    }
    return levels;
}

/* Out of the frames that the wire leaves, through the one that has both ends, into those that it enters. */
static void list_pieces(struct arranging *it, size_t wire)
{
    struct level *from = level_of(it, it->sketch->wires[wire].from), *to = level_of(it, it->sketch->wires[wire].to);
    const size_t n = distance(from, to);
    struct piece *head = &it->pieces[it->npieces], *tail = head + n - 1;

    it->first[wire] = it->npieces;
    it->npieces += n;
    while (from != to) {
        if (from->depth >= to->depth) {
            *head++ = (struct piece){ .level = from };
            from->leads_out = true;
            from = from->outer;
        } else {
            *tail-- = (struct piece){ .level = to };
            to->leads_in = true;
            to = to->outer;
        }
    }
    *head = (struct piece){ .level = from };
    for (size_t i = 0; i < n; i++) {
        struct piece *piece = &it->pieces[it->first[wire] + i];

        piece->wire = wire;
        piece->next = piece->level->pieces;
        piece->level->pieces = piece;
        piece->level->nlines++;
        piece->level->nnodes += n > 1; /* at most one place at an edge for each piece but the middle one */
    }
}

static void list_all_pieces(struct arranging *it)
{
    struct sketch *sketch = it->sketch;
    size_t n = 0;

    for (size_t w = 0; w < sketch->nwires; w++)
        n += distance(level_of(it, sketch->wires[w].from), level_of(it, sketch->wires[w].to));
    it->pieces = memory_take(sketch->memory, (n + 1) * sizeof *it->pieces);
    it->first = memory_take(sketch->memory, (sketch->nwires + 1) * sizeof *it->first);
    for (size_t w = 0; w < sketch->nwires; w++)
        list_pieces(it, w);
    it->first[sketch->nwires] = it->npieces;
}

/* ---- nodes and lines --------------------------------------------------------------------------------------------- */

static size_t add_node(struct level *level, struct layout_node node)
{
    level->layout.nodes[level->layout.nnodes] = node;
    return level->layout.nnodes++;
}

static void make_levels(struct arranging *it)
{
    struct sketch *sketch = it->sketch;

    it->levels = memory_take(sketch->memory, sketch->nframes * sizeof *it->levels);
    for (size_t f = 0; f < sketch->nframes; f++) {
        struct level *level = &it->levels[f];

        level->frame = &sketch->frames[f];
        level->layout.memory = sketch->memory;
        level->nnodes = 2; /* the title, and itself in the outer one */
        if (level->frame->outer) {
            level->outer = &it->levels[level->frame->outer - sketch->frames];
            level->outer->nnodes++;
            level->depth = level->outer->depth + 1;
        }
    }
    for (size_t b = 0; b < sketch->nboxes; b++)
        level_of(it, b)->nnodes++;
}

/* Where the layout leads down, the title takes a place in the first layer, so that wires come in beside it. */
static void add_title(const struct arranging *it, struct level *level)
{
    if (level->frame->name && it->down)
        add_node(level, (struct layout_node){ .length = TITLE_HEIGHT, .pin = PIN_FIRST,
                                              .breadth = text_width(level->frame->label, LABEL_SIZE, true) / 2 * 2 + 24 });
}

static void add_boxes(struct arranging *it)
{
    struct sketch *sketch = it->sketch;

    for (size_t f = 0; f < sketch->nframes; f++) {
        struct level *level = &it->levels[f];

        level->layout.nodes = memory_take(sketch->memory, level->nnodes * sizeof *level->layout.nodes);
        level->layout.lines = memory_take(sketch->memory, (level->nlines + 1) * sizeof *level->layout.lines);
        add_title(it, level);
    }
    for (size_t b = 0; b < sketch->nboxes; b++) {
        const struct box *box = &sketch->boxes[b];
        const int32_t width = box->width + (box->several ? STACK : 0), height = box->height + (box->several ? STACK : 0);

        it->node[b] = add_node(level_of(it, b), it->down ? (struct layout_node){ .length = height, .breadth = width }
                                                         : (struct layout_node){ .length = width, .breadth = height });
    }
    for (size_t f = 1; f < sketch->nframes; f++)
        it->levels[f].node = add_node(it->levels[f].outer, (struct layout_node){ .length = 0 });
}

/* The node that stands for an end of a piece: the box, the frame that has it, or a place at the edge. */
static size_t end_node(const struct arranging *it, struct piece *piece, size_t box, bool leaves)
{
    const struct level *from = NULL;

    for (const struct level *at = level_of(it, box); at; from = at, at = at->outer)
        if (at == piece->level)
            return from ? from->node : it->node[box];
    return add_node(piece->level, (struct layout_node){ .pin = leaves ? PIN_FIRST : PIN_LAST });
}

static void add_lines(struct arranging *it)
{
    for (size_t p = 0; p < it->npieces; p++) {
        struct piece *piece = &it->pieces[p];
        const struct wire *wire = &it->sketch->wires[piece->wire];
        struct layout *layout = &piece->level->layout;
        const size_t from = end_node(it, piece, wire->from, true), to = end_node(it, piece, wire->to, false);

        piece->line = layout->nlines++;
        layout->lines[piece->line] = (struct layout_line){ .from = from, .to = to };
    }
}

/* ---- one frame after the other ----------------------------------------------------------------------------------- */

/* Where the line meets the edge of an inner frame, from the middle of that: it has been laid out. */
static int32_t edge_place(const struct piece *inner, bool leaves)
{
    const struct layout *layout = &inner->level->layout;
    const struct layout_line *line = &layout->lines[inner->line];

    return inner->level->beside + layout->nodes[leaves ? line->to : line->from].across - inner->level->breadth / 2;
}

static void meet_edges(const struct arranging *it, struct level *level)
{
    for (const struct piece *piece = level->pieces; piece; piece = piece->next) {
        const struct piece *first = &it->pieces[it->first[piece->wire]], *end = &it->pieces[it->first[piece->wire + 1]];
        struct layout_line *line = &level->layout.lines[piece->line];

        if (piece > first && piece[-1].level->outer == level) {
            line->leaves_at = true;
            line->leaving = edge_place(&piece[-1], true);
        }
        if (piece + 1 < end && piece[1].level->outer == level) {
            line->enters_at = true;
            line->entering = edge_place(&piece[1], false);
        }
    }
}

/* Makes the layout at least so long, in its last layer. */
static void lengthen(struct layout *layout, int32_t length)
{
    const int32_t more = length - layout->length;

    if (more <= 0)
        return;
    for (size_t l = 0; l < layout->nlines; l++)
        if (layout->nodes[layout->lines[l].to].pin == PIN_LAST)
            layout->lines[l].stops[layout->lines[l].nstops - 1].along += more;
    layout->length = length;
}

static bool arrange_level(struct arranging *it, struct level *level)
{
    const bool whole = !level->frame->name;
    const int32_t title = !whole && !it->down ? TITLE_HEIGHT : 0;

    meet_edges(it, level);
    if (!layout_make(&level->layout))
        return false;
    level->before = whole || level->leads_in || it->down ? 0 : MARGIN;
    level->beside = whole ? 0 : MARGIN + title;
    if (title)
        lengthen(&level->layout, text_width(level->frame->label, LABEL_SIZE, true) + 2 * MARGIN);
    level->length = level->before + level->layout.length + (whole || level->leads_out ? 0 : MARGIN);
    level->breadth = (level->beside + level->layout.breadth + (whole ? 0 : MARGIN) + 1) / 2 * 2;
    if (!whole) {
        level->outer->layout.nodes[level->node].length = level->length;
        level->outer->layout.nodes[level->node].breadth = level->breadth;
    }
    return true;
}

/* ---- the whole picture ------------------------------------------------------------------------------------------- */

static void place_frame(const struct arranging *it, struct level *level)
{
    struct frame *frame = level->frame;

    if (level->outer) {
        const struct layout_node *node = &level->outer->layout.nodes[level->node];

        level->along = level->outer->along + level->outer->before + node->along;
        level->across = level->outer->across + level->outer->beside + node->across - level->breadth / 2;
    }
    frame->x = it->down ? level->across : level->along;
    frame->y = it->down ? level->along : level->across;
    frame->width = it->down ? level->breadth : level->length;
    frame->height = it->down ? level->length : level->breadth;
}

static void place_box(const struct arranging *it, size_t b)
{
    const struct level *level = level_of(it, b);
    const struct layout_node *node = &level->layout.nodes[it->node[b]];
    const int32_t along = level->along + level->before + node->along;
    const int32_t across = level->across + level->beside + node->across - node->breadth / 2;

    it->sketch->boxes[b].x = it->down ? across : along;
    it->sketch->boxes[b].y = it->down ? along : across;
}

static void add_way(const struct arranging *it, struct wire *wire, const int32_t at[6], bool curved)
{
    const int along = it->down, across = !it->down; /* which of x and y is which */

    wire->ways[wire->nways++] = (struct way){
        .curved = curved, .x1 = at[along], .y1 = at[across], .x2 = at[2 + along], .y2 = at[2 + across], .x = at[4 + along],
        .y = at[4 + across] };
}

/* Lines that go on in one direction are one. */
static void lead_straight(const struct arranging *it, struct wire *wire, int32_t along, int32_t across)
{
    struct way *last = wire->nways > 1 && !wire->ways[wire->nways - 1].curved ? &wire->ways[wire->nways - 1] : NULL;
    const int32_t at[6] = { along, across, along, across, along, across };

    if (last)
        wire->nways--; /* stops of straight lines have one `across` */
    add_way(it, wire, at, false);
}

static void lead_to(const struct arranging *it, struct wire *wire, struct layout_stop from, struct layout_stop to)
{
    const int32_t bend = to.turn ? to.along + to.turn : (from.along + to.along) / 2;
    const int32_t at[6] = { bend, from.across, bend, to.across, to.along, to.across };

    if (from.along == to.along && from.across == to.across)
        return;
    if (!to.turn && from.across == to.across)
        lead_straight(it, wire, to.along, to.across);
    else
        add_way(it, wire, at, true);
}

static void lead_wire(const struct arranging *it, size_t w)
{
    struct wire *wire = &it->sketch->wires[w];
    struct layout_stop last = { 0, 0, 0 };
    size_t n = 0;

    for (size_t p = it->first[w]; p < it->first[w + 1]; p++)
        n += it->pieces[p].level->layout.lines[it->pieces[p].line].nstops;
    wire->ways = memory_take(it->sketch->memory, (n + 1) * sizeof *wire->ways);
    wire->nways = 0;
    for (size_t p = it->first[w]; p < it->first[w + 1]; p++) {
        const struct level *level = it->pieces[p].level;
        const struct layout_line *line = &level->layout.lines[it->pieces[p].line];

        for (size_t s = 0; s < line->nstops; s++) {
            struct layout_stop stop = line->stops[s];

            stop.along += level->along + level->before;
            stop.across += level->across + level->beside;
            if (wire->nways == 0)
                lead_straight(it, wire, stop.along, stop.across);
            else
                lead_to(it, wire, last, stop);
            last = stop;
        }
    }
}

/* What stands above the graph and below it may be wider than that. */
static int32_t least_width(const struct sketch *sketch)
{
    const char *const texts[] = { sketch->plan->name, sketch->plan->doc ? sketch->plan->doc : "", sketch->legend };
    const int32_t sizes[] = { HEAD_SIZE, LABEL_SIZE, LABEL_SIZE };
    int32_t least = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (text_width(texts[i], sizes[i], i == 0) > least)
            least = text_width(texts[i], sizes[i], i == 0);
    return least + 2 * MARGIN;
}

static void place_all(struct arranging *it)
{
    struct sketch *sketch = it->sketch;
    struct level *whole = &it->levels[0];
    const int32_t least = least_width(sketch), width = (it->down ? whole->breadth : whole->length) + 2 * MARGIN;
    const int32_t left = MARGIN + (least > width ? (least - width) / 2 : 0);

    whole->along = it->down ? HEAD : left;
    whole->across = it->down ? left : HEAD;
    for (size_t f = 0; f < sketch->nframes; f++)
        place_frame(it, &it->levels[f]);
    for (size_t b = 0; b < sketch->nboxes; b++)
        place_box(it, b);
    for (size_t w = 0; w < sketch->nwires; w++)
        lead_wire(it, w);
    whole->frame->x = whole->frame->y = 0;
    whole->frame->width = least > width ? least : width;
    whole->frame->height += HEAD + MARGIN + (*sketch->legend ? LEGEND : 0);
    sketch->down = it->down;
}

static bool arrange(struct arranging *it, bool down)
{
    struct sketch *sketch = it->sketch;

    *it = (struct arranging){ .sketch = sketch, .down = down };
    it->node = memory_take(sketch->memory, (sketch->nboxes + 1) * sizeof *it->node);
    make_levels(it);
    list_all_pieces(it);
    add_boxes(it);
    add_lines(it);
    for (size_t f = sketch->nframes; f-- > 0; )
        if (!arrange_level(it, &it->levels[f]))
            return false;
    return true;
}

bool sketch_arrange(struct sketch *sketch, enum direction direction)
{
    struct arranging it = { .sketch = sketch };

    if (!arrange(&it, direction == DIRECTION_DOWN))
        return false;
    if (direction == DIRECTION_ANY && it.levels[0].length > WIDE && !arrange(&it, true))
        return false;
    place_all(&it);
    return true;
}
