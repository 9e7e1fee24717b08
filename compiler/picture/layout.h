/* Where nodes and lines of a graph stand, in layers, by the method of Sugiyama, Tagawa and Toda, "Methods for Visual
 * Understanding of Hierarchical System Structures", IEEE Transactions on Systems, Man and Cybernetics 11(2), 1981. Its
 * steps, each a file: layers.c, order.c, place.c; layering.c makes lengths and bends of what they decide.
 *
 * Knows nothing of pipelines, nor of what is up: *along* is the direction in which lines lead, *across* the other one. A
 * line leaves a node at its far side and enters one at its near side, whichever of the two comes first: one that leads
 * back turns round behind the one and before the other.
 *
 * All numbers are whole pixels, so the same graph has the same picture on every machine.
 */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Some nodes have a layer to themselves: the places at which lines come into a frame, and those at which they leave. */
enum layout_pin { PIN_NONE, PIN_FIRST, PIN_LAST };

struct layout_node {
    int32_t length, breadth; /* along and across; the breadth is even */
    enum layout_pin pin;
    int32_t along, across;   /* decided: where it begins, and its middle */
};

/* A line goes from stop to stop. */
struct layout_stop {
    int32_t along, across;
    int32_t turn; /* how far the way from the stop before swings out, along; 0: it is straight, or bends where it goes on */
};

struct layout_line {
    size_t from, to;         /* nodes */
    bool leaves_at, enters_at; /* the places at the nodes are given, from the middle of each */
    int32_t leaving, entering; /* those; else they are decided */
    struct layout_stop *stops; /* decided */
    size_t nstops;
};

struct layout {
    struct obstack *memory;
    struct layout_node *nodes; size_t nnodes;
    struct layout_line *lines; size_t nlines;
    int32_t length, breadth; /* decided: nothing is outside of 0 .. length, 0 .. breadth */
};

/* Decides. False where lines would pass through more than LAYOUT_MOST layers, all of them together: memory and time grow
 * with that. */
enum { LAYOUT_MOST = 200000 };
bool layout_make(struct layout *layout);

#endif
