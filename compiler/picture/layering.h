/* What the steps of the layout hand on: layers, and in them vertices, joined by segments from each layer to the next.
 */
#ifndef LAYERING_H
#define LAYERING_H

#include "picture/layout.h"

#define NO_NODE ((size_t)-1)

/* A node of the layout, or the place where a line passes a layer. */
struct vertex {
    size_t node;     /* NO_NODE: of a line */
    bool turns;      /* of a line: it comes from the layer before, and goes back there; or both of the layer behind */
    int32_t breadth;
    size_t layer;
    size_t order;    /* its place in the layer, from 0 */
    int64_t across;  /* its middle */
};

/* A part of a line between two layers that follow each other. */
struct segment {
    size_t upper, lower;             /* vertices, of the layer before and of the one behind */
    bool upper_at, lower_at;         /* it ends at a given place of the vertex */
    int32_t upper_port, lower_port;  /* where it ends, from the vertex's middle */
    bool crossed;                    /* by a line that goes on straight (place.c) */
};

struct ends {
    size_t *first, *segments; /* the segments of vertex v: segments[first[v]] .. segments[first[v + 1] - 1] */
};

struct layering {
    struct layout *layout;
    struct vertex *vertices; size_t nvertices; /* the nodes come first, by their numbers */
    struct segment *segments; size_t nsegments;
    size_t *line_first;       /* those of line l: line_first[l] .. line_first[l + 1] - 1, as it goes */
    bool *back;               /* whether line l leads back */
    struct ends up, down;     /* up: the segments to the layer before */
    size_t nlayers;
    size_t *layer_first;      /* the vertices of layer k: ordered[layer_first[k]] .. ordered[layer_first[k + 1] - 1] */
    size_t *ordered;
};

/* layers.c: which lines lead back, the layer of each node, and the places where lines pass others. False where there are
 * too many of these. */
bool layering_make(struct layering *layering);

/* order.c: the order in each layer, and from it where the segments end at their vertices. */
void layering_order(struct layering *layering);

/* place.c: `across` of each vertex. */
void layering_place(struct layering *layering);

/* How many vertices the layer has. */
static inline size_t layer_size(const struct layering *it, size_t layer)
{
    return it->layer_first[layer + 1] - it->layer_first[layer];
}

static inline size_t *layer_list(const struct layering *it, size_t layer)
{
    return it->ordered + it->layer_first[layer];
}

#endif
