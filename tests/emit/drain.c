/* Emitted by pipec 0.1.0 from drain.pipe; edit that file instead.
 *
 *     from --a[1]--> to
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "drain.pipe"
struct limited {
#line 15 "drain.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* drain.pipe:4: from -> a
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 4 "drain.pipe"
struct limited_from {
#line 25 "drain.c"
    struct prt_worker base;
    int worker;
    struct limited *pipe;
    struct prt_out to_a;
};

static inline bool limited_from_emit_a(struct limited_from *self, int value)
{
    return prt_emit(&self->to_a, &value, sizeof value);
}

#line 4 "drain.pipe"
static void limited_from_(struct limited_from *self)
{
#line 4 "drain.pipe"
    if (!limited_from_emit_a(self, 1)) return;
#line 4 "drain.pipe"
}
#line 44 "drain.c"

static void limited_from_run_(struct prt_worker *base)
{
    limited_from_((struct limited_from *)base);
}

/* drain.pipe:5: to (x <- a)
 * A sink; it never waits for room. */
#line 5 "drain.pipe"
struct limited_to {
#line 55 "drain.c"
    struct prt_worker base;
    int worker;
    struct limited *pipe;
    struct prt_in in_x;
};

#line 5 "drain.pipe"
static void limited_to_(struct limited_to *self, int x)
{
    (void)self;
#line 5 "drain.pipe"
    (void)x;
#line 5 "drain.pipe"
}
#line 70 "drain.c"

static void limited_to_run_(struct prt_worker *base)
{
    struct limited_to *self = (struct limited_to *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        limited_to_(self, x);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void limited_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_a = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "a", .place = "drain.pipe:3",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 1 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "drain.pipe:4",
        .size = sizeof(struct limited_from),
        .align = _Alignof(struct limited_from),
        .workers = 1,
        .fixed = true,
        .run = limited_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct limited_from, to_a), .chan = chan_a, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "to", .place = "drain.pipe:5",
        .size = sizeof(struct limited_to),
        .align = _Alignof(struct limited_to),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = limited_to_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct limited_to, in_x),
              .chans = (struct prt_chan *const[]){ chan_a }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program limited_program_ = {
    .name = "limited",
    .doc = "ends in time",
    .drain = 60000000000, /* 1m */
};

int main(int argc, char **argv)
{
    static struct limited pipe;
    const int status = prt_options(&limited_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "limited", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    limited_wire_(run);
    return prt_run(run);
}
