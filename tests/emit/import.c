/* Emitted by pipec 0.1.0 from import.pipe; edit that file instead.
 *
 *     point --shapes[4]--> corner --corners[4]--> print
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 2 "files/points.pipe"
#include "points.h"

#line 5 "files/points.pipe"
typedef struct points_point point;

#line 2 "files/shapes.pipe"
#include <stdlib.h>

#line 5 "files/shapes.pipe"
struct shape {
    int n;
    point at[4];
};

static inline struct shape *shape_square(int side)
{
    struct shape *shape = malloc(sizeof *shape);

    if (!shape)
        abort();
    *shape = (struct shape){ 2, { { 0, 0 }, { side, side } } };
    return shape;
}

static inline void shape_drop(struct shape *shape)
{
    free(shape);
}

#line 26 "files/shapes.pipe"
typedef struct shape *shape; /* owns something: shape_drop() drops it */
#include <prt/words.h>
#line 44 "import.c"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type shape; one of all zero bytes is empty. */
static void import_drop_shape_(void *item)
{
#line 26 "files/shapes.pipe"
    if (*(shape *)item)
#line 26 "files/shapes.pipe"
        shape_drop(*(shape *)item);
#line 55 "import.c"
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "import.pipe"
struct import {
#line 62 "import.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* import.pipe:9: point -> shapes
 * A source; sends any number of items, so its emit may wait for room. */
#line 9 "import.pipe"
struct import_point {
#line 72 "import.c"
    struct prt_worker base;
    int worker;
    struct import *pipe;
    struct prt_out to_shapes;
};

static inline bool import_point_emit_shapes(struct import_point *self, shape value)
{
    return prt_emit(&self->to_shapes, &value, sizeof value);
}

#line 9 "import.pipe"
static void import_point_(struct import_point *self)
{
#line 10 "import.pipe"
    for (int i = 1; i <= 3; i++)
        if (!import_point_emit_shapes(self, shape_square(i))) return;
}
#line 91 "import.c"

static void import_point_run_(struct prt_worker *base)
{
    import_point_((struct import_point *)base);
}

/* import.pipe:14: corner (s <- shapes) -> corners
 * Sends any number of items, so its emit may wait for room. */
#line 14 "import.pipe"
struct import_corner {
#line 102 "import.c"
    struct prt_worker base;
    int worker;
    struct import *pipe;
    struct prt_in in_s;
    struct prt_out to_corners;
};

static inline bool import_corner_emit_corners(struct import_corner *self, point value)
{
    return prt_emit(&self->to_corners, &value, sizeof value);
}

#line 14 "import.pipe"
static void import_corner_(struct import_corner *self, shape item)
{
    shape s __attribute__((__cleanup__(import_drop_shape_))) = item;
#line 15 "import.pipe"
    for (int i = 0; i < s->n; i++)
        if (!import_corner_emit_corners(self, s->at[i])) return;
}
#line 123 "import.c"

static void import_corner_run_(struct prt_worker *base)
{
    struct import_corner *self = (struct import_corner *)base;
    shape s;

    while (prt_receive(&self->in_s, &s, sizeof s))
        import_corner_(self, s);
}

/* import.pipe:19: print (p <- corners)
 * A sink; it never waits for room. */
#line 19 "import.pipe"
struct import_print {
#line 138 "import.c"
    struct prt_worker base;
    int worker;
    struct import *pipe;
    struct prt_in in_p;
};

#line 19 "import.pipe"
static void import_print_(struct import_print *self, point p)
{
    (void)self;
#line 20 "import.pipe"
    (void)p;
}
#line 152 "import.c"

static void import_print_run_(struct prt_worker *base)
{
    struct import_print *self = (struct import_print *)base;
    point p;

    while (prt_receive(&self->in_p, &p, sizeof p))
        import_print_(self, p);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 7 "import.pipe"
_Static_assert(_Generic(*(point *)0, point: 1, default: 0),
               "channel corners: an array cannot be an item; put it into a struct");
#line 7 "import.pipe"
_Static_assert(sizeof(point) <= 65536,
               "channel corners: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct points_point * drop FUNCTION;");
#line 176 "import.c"

static void import_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_shapes = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "shapes", .place = "import.pipe:6",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(shape), .cap = 4, .drop = import_drop_shape_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_corners = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "corners", .place = "import.pipe:7",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(point), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "point", .place = "import.pipe:9",
        .size = sizeof(struct import_point),
        .align = _Alignof(struct import_point),
        .workers = 1,
        .fixed = true,
        .run = import_point_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct import_point, to_shapes), .chan = chan_shapes, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "corner", .place = "import.pipe:14",
        .size = sizeof(struct import_corner),
        .align = _Alignof(struct import_corner),
        .workers = 1,
        .fixed = true,
        .run = import_corner_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct import_corner, in_s),
              .chans = (struct prt_chan *const[]){ chan_shapes }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct import_corner, to_corners), .chan = chan_corners, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "print", .place = "import.pipe:19",
        .size = sizeof(struct import_print),
        .align = _Alignof(struct import_print),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = import_print_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct import_print, in_p),
              .chans = (struct prt_chan *const[]){ chan_corners }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program import_program_ = {
    .name = "import",
    .drain = 5000000000, /* 5s */
};

int main(int argc, char **argv)
{
    static struct import pipe;
    const int status = prt_options(&import_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "import", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    import_wire_(run);
    return prt_run(run);
}
