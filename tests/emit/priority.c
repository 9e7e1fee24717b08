/* Emitted by pipec 0.1.0 from priority.pipe; edit that file instead.
 *
 *     from --urgent[4]--> to --rest[4]--> last
 *     from --normal[4]--> to
 *     from --idle[4]--> to
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "priority.pipe"
struct priority {
#line 17 "priority.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* priority.pipe:9: from -> urgent, normal, idle
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 9 "priority.pipe"
struct priority_from {
#line 27 "priority.c"
    struct prt_worker base;
    int worker;
    struct priority *pipe;
    struct prt_out to_urgent;
    struct prt_out to_normal;
    struct prt_out to_idle;
};

static inline bool priority_from_emit_urgent(struct priority_from *self, int value)
{
    return prt_emit(&self->to_urgent, &value, sizeof value);
}

static inline bool priority_from_emit_normal(struct priority_from *self, int value)
{
    return prt_emit(&self->to_normal, &value, sizeof value);
}

static inline bool priority_from_emit_idle(struct priority_from *self, int value)
{
    return prt_emit(&self->to_idle, &value, sizeof value);
}

#line 9 "priority.pipe"
static void priority_from_(struct priority_from *self)
{
#line 10 "priority.pipe"
    if (!priority_from_emit_urgent(self, 1)) return;
    if (!priority_from_emit_normal(self, 2)) return;
    if (!priority_from_emit_idle(self, 3)) return;
}
#line 59 "priority.c"

static void priority_from_run_(struct prt_worker *base)
{
    priority_from_((struct priority_from *)base);
}

/* priority.pipe:15: to (x <- urgent > normal > idle) -> rest
 * Sends exactly one item for each that it receives, so it never waits; takes from 'urgent' first. */
#line 15 "priority.pipe"
struct priority_to {
#line 70 "priority.c"
    struct prt_worker base;
    int worker;
    struct priority *pipe;
    struct prt_in in_x;
    struct prt_out to_rest;
};

static inline bool priority_to_emit_rest(struct priority_to *self, int value)
{
    return prt_emit(&self->to_rest, &value, sizeof value);
}

#line 15 "priority.pipe"
static void priority_to_(struct priority_to *self, int x)
{
#line 16 "priority.pipe"
    if (!priority_to_emit_rest(self, x)) return;
}
#line 89 "priority.c"

static void priority_to_run_(struct prt_worker *base)
{
    struct priority_to *self = (struct priority_to *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        priority_to_(self, x);
}

/* priority.pipe:19: last (xs[2] <- rest)
 * A sink; it never waits for room; gathers up to 2 items. */
#line 19 "priority.pipe"
struct priority_last {
#line 104 "priority.c"
    struct prt_worker base;
    int worker;
    struct priority *pipe;
    struct prt_in in_xs;
};

#line 19 "priority.pipe"
static void priority_last_(struct priority_last *self, int *xs, size_t xs_len)
{
    (void)self;
    (void)xs_len;
#line 20 "priority.pipe"
    (void)xs;
}
#line 119 "priority.c"

static void priority_last_run_(struct prt_worker *base)
{
    struct priority_last *self = (struct priority_last *)base;
    size_t xs_len;
    int *xs = prt_receive_batch(&self->in_xs, &xs_len);

    if (!xs)
        return;
    priority_last_(self, xs, xs_len);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void priority_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_urgent = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "urgent", .place = "priority.pipe:4",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_normal = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "normal", .place = "priority.pipe:5",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_idle = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "idle", .place = "priority.pipe:6",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_rest = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "rest", .place = "priority.pipe:7",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "priority.pipe:9",
        .size = sizeof(struct priority_from),
        .align = _Alignof(struct priority_from),
        .workers = 1,
        .fixed = true,
        .run = priority_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct priority_from, to_urgent), .chan = chan_urgent, .most = 1 },
            { .at = offsetof(struct priority_from, to_normal), .chan = chan_normal, .most = 1 },
            { .at = offsetof(struct priority_from, to_idle), .chan = chan_idle, .most = 1 },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "to", .place = "priority.pipe:15",
        .size = sizeof(struct priority_to),
        .align = _Alignof(struct priority_to),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = priority_to_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct priority_to, in_x),
              .chans = (struct prt_chan *const[]){ chan_urgent, chan_normal, chan_idle }, .nchans = 3,
                  .preferred = true },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct priority_to, to_rest), .chan = chan_rest, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "last", .place = "priority.pipe:19",
        .size = sizeof(struct priority_last),
        .align = _Alignof(struct priority_last),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = priority_last_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct priority_last, in_xs),
              .chans = (struct prt_chan *const[]){ chan_rest }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 2,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program priority_program_ = {
    .name = "priority",
};

int main(int argc, char **argv)
{
    static struct priority pipe;
    const int status = prt_options(&priority_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "priority", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    priority_wire_(run);
    return prt_run(run);
}
