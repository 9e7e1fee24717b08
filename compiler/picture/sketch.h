/* The plan as boxes, wires and frames, which all kinds of pictures are made of.
 *
 * Each stage is a box, and each channel: any number of stages may send to it and receive from it, so that a wire leads
 * from a stage to a channel or from a channel to a stage. Instances of parts are frames around what they consist of; one
 * that is a single stage has none, and its box names the part.
 */
#ifndef SKETCH_H
#define SKETCH_H

#include "picture/counts.h"
#include "plan/plan.h"

enum label_role { LABEL_NAME, LABEL_PART, LABEL_DETAIL, LABEL_COUNT, LABEL_TROUBLE };

struct label {
    enum label_role role;
    const char *text; /* a line of it */
};

enum box_kind { BOX_SOURCE, BOX_STAGE, BOX_SINK, BOX_ALONE /* neither receives nor sends */, BOX_CHANNEL };

struct box {
    enum box_kind kind;
    const char *title;           /* what is told of it where the pointer rests */
    struct frame *frame;         /* that it stands in; the first one is the whole picture */
    struct label *labels; size_t nlabels; /* the first is its name */
    bool several;                /* has several workers */
    bool dashed;                 /* runs within another stage, or is a call of such a one */
    int heat;                    /* 1 .. HEATS: how much it had of what the busiest has; 0: nothing is known, or nothing */
    bool trouble;                /* something failed, or was lost */
    int32_t width, height;
    int32_t x, y;                /* arrange.c: the upper left corner */
};

/* A part of a wire's way: a straight line, or a Bézier curve with its control points. */
struct way {
    bool curved;
    int32_t x, y;                /* where it ends */
    int32_t x1, y1, x2, y2;
};

struct wire {
    size_t from, to;             /* boxes */
    bool dashed;
    struct way *ways; size_t nways; /* arrange.c: the first is where it begins */
};

struct frame {
    const char *name;            /* of the instance; NULL: the whole picture */
    const char *label;           /* "one = checked": its name in the frame around it, and the part */
    struct frame *outer;
    int32_t x, y, width, height; /* arrange.c */
};

struct sketch {
    const struct plan *plan;
    const struct counts *counts; /* NULL: nothing has run */
    struct obstack *memory;
    struct box *boxes; size_t nboxes; /* box s is stage s, and box nstages + c channel c, of the plan */
    struct wire *wires; size_t nwires;
    struct frame *frames; size_t nframes; /* each behind those that it stands in */
    size_t *senders, *receivers; /* of each box that is a channel: how many stages */
    const char *legend;          /* what colours mean; "" where nothing has run */
    bool down;                   /* arrange.c: wires lead down, not to the right */
};

/* `counts` may be NULL. */
struct sketch *sketch_new(const struct plan *plan, const struct counts *counts);

/* The whole name of a stage or channel, by the number of its box. */
static inline const char *sketch_name(const struct sketch *sketch, size_t box)
{
    const size_t nstages = sketch->plan->nstages;

    return box < nstages ? sketch->plan->stages[box].name : sketch->plan->channels[box - nstages].name;
}

/* Sizes of letters, and of what is around them. */
enum { HEAD_SIZE = 15, NAME_SIZE = 13, LABEL_SIZE = 11, NAME_LINE = 17, LABEL_LINE = 15, BOX_MARGIN = 14, BOX_MARGIN_Y = 7,
       STACK = 4 /* by how much the edges of further workers show */ };

/* ---- arrange.c ---- */

enum direction { DIRECTION_ANY, DIRECTION_RIGHT, DIRECTION_DOWN };

/* Decides where everything is; the first frame is as large as the picture. DIRECTION_ANY: to the right, and down where
 * that would be too wide to be read on a page. False where the graph is too large. */
bool sketch_arrange(struct sketch *sketch, enum direction direction);

#endif
