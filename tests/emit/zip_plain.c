/* Emitted by pipec 0.1.0 from zip_plain.pipe; edit that file instead.
 *
 *     one --left[4]--> pair
 *     two --right[4]--> pair
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "zip_plain.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 15 "zip_plain.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "zip_plain.pipe"
struct zip_plain {
#line 21 "zip_plain.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* zip_plain.pipe:9: one -> left
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 9 "zip_plain.pipe"
struct zip_plain_one {
#line 31 "zip_plain.c"
    struct prt_worker base;
    int worker;
    struct zip_plain *pipe;
    struct prt_out to_left;
};

static inline bool zip_plain_one_emit_left(struct zip_plain_one *self, int value)
{
    return prt_emit(&self->to_left, &value, sizeof value);
}

#line 9 "zip_plain.pipe"
static void zip_plain_one_(struct zip_plain_one *self)
{
#line 10 "zip_plain.pipe"
    if (!zip_plain_one_emit_left(self, 1)) return;
}
#line 49 "zip_plain.c"

static void zip_plain_one_run_(struct prt_worker *base)
{
    zip_plain_one_((struct zip_plain_one *)base);
}

/* zip_plain.pipe:13: two -> right
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 13 "zip_plain.pipe"
struct zip_plain_two {
#line 60 "zip_plain.c"
    struct prt_worker base;
    int worker;
    struct zip_plain *pipe;
    struct prt_out to_right;
};

static inline bool zip_plain_two_emit_right(struct zip_plain_two *self, double value)
{
    return prt_emit(&self->to_right, &value, sizeof value);
}

#line 13 "zip_plain.pipe"
static void zip_plain_two_(struct zip_plain_two *self)
{
#line 14 "zip_plain.pipe"
    if (!zip_plain_two_emit_right(self, 2)) return;
}
#line 78 "zip_plain.c"

static void zip_plain_two_run_(struct prt_worker *base)
{
    zip_plain_two_((struct zip_plain_two *)base);
}

/* zip_plain.pipe:17: pair (x <- left, y <- right)
 * A sink; it never waits for room; takes one item of each input. */
#line 17 "zip_plain.pipe"
struct zip_plain_pair {
#line 89 "zip_plain.c"
    struct prt_worker base;
    int worker;
    struct zip_plain *pipe;
    struct prt_in in_x;
    struct prt_in in_y;
};

#line 17 "zip_plain.pipe"
static void zip_plain_pair_(struct zip_plain_pair *self, int x, double y)
{
    (void)self;
#line 18 "zip_plain.pipe"
    printf("%d %g\n", x, y);
}
#line 104 "zip_plain.c"

static void zip_plain_pair_run_(struct prt_worker *base)
{
    struct zip_plain_pair *self = (struct zip_plain_pair *)base;
    int x;
    double y;

    while (prt_receive(&self->in_x, &x, sizeof x)) {
        prt_receive_also(&self->in_y, &y, sizeof y);
        zip_plain_pair_(self, x, y);
    }
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void zip_plain_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_left = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "left", .place = "zip_plain.pipe:6",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_right = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "right", .place = "zip_plain.pipe:7",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(double), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "one", .place = "zip_plain.pipe:9",
        .size = sizeof(struct zip_plain_one),
        .align = _Alignof(struct zip_plain_one),
        .workers = 1,
        .fixed = true,
        .run = zip_plain_one_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct zip_plain_one, to_left), .chan = chan_left, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "two", .place = "zip_plain.pipe:13",
        .size = sizeof(struct zip_plain_two),
        .align = _Alignof(struct zip_plain_two),
        .workers = 1,
        .fixed = true,
        .run = zip_plain_two_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct zip_plain_two, to_right), .chan = chan_right, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "pair", .place = "zip_plain.pipe:17",
        .size = sizeof(struct zip_plain_pair),
        .align = _Alignof(struct zip_plain_pair),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = zip_plain_pair_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct zip_plain_pair, in_x),
              .chans = (struct prt_chan *const[]){ chan_left }, .nchans = 1 },
            { .at = offsetof(struct zip_plain_pair, in_y),
              .chans = (struct prt_chan *const[]){ chan_right }, .nchans = 1 },
        },
        .nins = 2,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program zip_plain_program_ = {
    .name = "zip_plain",
};

int main(int argc, char **argv)
{
    static struct zip_plain pipe;
    const int status = prt_options(&zip_plain_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "zip_plain", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    zip_plain_wire_(run);
    return prt_run(run);
}
