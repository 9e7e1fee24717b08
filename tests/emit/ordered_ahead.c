/* Emitted by pipec 0.1.0 from ordered_ahead.pipe; edit that file instead.
 *
 *     from --a[4]--> pool x4 --b[4]--> asked x3 --c[4]--> every x auto --d[4]--> to
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- params ------------------------------------------------------------------------ */

struct ordered_ahead_params {
#line 4 "ordered_ahead.pipe"
    int ahead; /* items */
#line 16 "ordered_ahead.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "ordered_ahead.pipe"
struct ordered_ahead {
#line 23 "ordered_ahead.c"
    struct ordered_ahead_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* ordered_ahead.pipe:11: from -> a
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 11 "ordered_ahead.pipe"
struct ordered_ahead_from {
#line 34 "ordered_ahead.c"
    struct prt_worker base;
    int worker;
    struct ordered_ahead *pipe;
    struct prt_out to_a;
};

static inline bool ordered_ahead_from_emit_a(struct ordered_ahead_from *self, int value)
{
    return prt_emit(&self->to_a, &value, sizeof value);
}

#line 11 "ordered_ahead.pipe"
static void ordered_ahead_from_(struct ordered_ahead_from *self)
{
#line 12 "ordered_ahead.pipe"
    if (!ordered_ahead_from_emit_a(self, 1)) return;
}
#line 52 "ordered_ahead.c"

static void ordered_ahead_from_run_(struct prt_worker *base)
{
    ordered_ahead_from_((struct ordered_ahead_from *)base);
}

/* ordered_ahead.pipe:15: pool (x <- a) -> b, workers 4, ordered[64]
 * Sends exactly one item for each that it receives, so it never waits; results leave in the order their inputs came, with at most 64 items begun and not left. */
#line 15 "ordered_ahead.pipe"
struct ordered_ahead_pool {
#line 63 "ordered_ahead.c"
    struct prt_worker base;
    int worker;
    struct ordered_ahead *pipe;
    struct prt_in in_x;
    struct prt_out to_b;
};

static inline bool ordered_ahead_pool_emit_b(struct ordered_ahead_pool *self, int value)
{
    return prt_emit(&self->to_b, &value, sizeof value);
}

#line 15 "ordered_ahead.pipe"
static void ordered_ahead_pool_(struct ordered_ahead_pool *self, int x)
{
#line 16 "ordered_ahead.pipe"
    if (!ordered_ahead_pool_emit_b(self, x)) return;
}
#line 82 "ordered_ahead.c"

static void ordered_ahead_pool_run_(struct prt_worker *base)
{
    struct ordered_ahead_pool *self = (struct ordered_ahead_pool *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_ahead_pool_(self, x);
}

/* ordered_ahead.pipe:19: asked (x <- b) -> c, bound 3, ordered [ahead]
 * Sends any number of items, so its emit may wait for room; results leave in the order their inputs came, with at most 'ahead' items begun and not left. */
#line 19 "ordered_ahead.pipe"
struct ordered_ahead_asked {
#line 97 "ordered_ahead.c"
    struct prt_worker base;
    int worker;
    struct ordered_ahead *pipe;
    struct prt_in in_x;
    struct prt_out to_c;
};

static inline bool ordered_ahead_asked_emit_c(struct ordered_ahead_asked *self, int value)
{
    return prt_emit(&self->to_c, &value, sizeof value);
}

#line 19 "ordered_ahead.pipe"
static void ordered_ahead_asked_(struct ordered_ahead_asked *self, int x)
{
#line 20 "ordered_ahead.pipe"
    while (x > 0)
        if (!ordered_ahead_asked_emit_c(self, x--)) return;
}
#line 117 "ordered_ahead.c"

static void ordered_ahead_asked_run_(struct prt_worker *base)
{
    struct ordered_ahead_asked *self = (struct ordered_ahead_asked *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_ahead_asked_(self, x);
}

/* ordered_ahead.pipe:24: every (x <- c) -> d, workers auto, ordered[1K]
 * Sends exactly one item for each that it receives, so it never waits; results leave in the order their inputs came, with at most 1024 items begun and not left. */
#line 24 "ordered_ahead.pipe"
struct ordered_ahead_every {
#line 132 "ordered_ahead.c"
    struct prt_worker base;
    int worker;
    struct ordered_ahead *pipe;
    struct prt_in in_x;
    struct prt_out to_d;
};

static inline bool ordered_ahead_every_emit_d(struct ordered_ahead_every *self, int value)
{
    return prt_emit(&self->to_d, &value, sizeof value);
}

#line 24 "ordered_ahead.pipe"
static void ordered_ahead_every_(struct ordered_ahead_every *self, int x)
{
#line 25 "ordered_ahead.pipe"
    if (!ordered_ahead_every_emit_d(self, x)) return;
}
#line 151 "ordered_ahead.c"

static void ordered_ahead_every_run_(struct prt_worker *base)
{
    struct ordered_ahead_every *self = (struct ordered_ahead_every *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_ahead_every_(self, x);
}

/* ordered_ahead.pipe:28: to (x <- d)
 * A sink; it never waits for room. */
#line 28 "ordered_ahead.pipe"
struct ordered_ahead_to {
#line 166 "ordered_ahead.c"
    struct prt_worker base;
    int worker;
    struct ordered_ahead *pipe;
    struct prt_in in_x;
};

#line 28 "ordered_ahead.pipe"
static void ordered_ahead_to_(struct ordered_ahead_to *self, int x)
{
    (void)self;
#line 29 "ordered_ahead.pipe"
    (void)x;
}
#line 180 "ordered_ahead.c"

static void ordered_ahead_to_run_(struct prt_worker *base)
{
    struct ordered_ahead_to *self = (struct ordered_ahead_to *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_ahead_to_(self, x);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void ordered_ahead_wire_(struct prt_run *run, const struct ordered_ahead_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_a = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "a", .place = "ordered_ahead.pipe:6",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, many receivers */
    struct prt_chan *const chan_b = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "b", .place = "ordered_ahead.pipe:7",
        .kind = PRT_MANY_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, many receivers */
    struct prt_chan *const chan_c = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "c", .place = "ordered_ahead.pipe:8",
        .kind = PRT_MANY_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, one receiver */
    struct prt_chan *const chan_d = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "d", .place = "ordered_ahead.pipe:9",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    struct prt_bound *const bound_asked = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "asked", .permits = 3 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "ordered_ahead.pipe:11",
        .size = sizeof(struct ordered_ahead_from),
        .align = _Alignof(struct ordered_ahead_from),
        .workers = 1,
        .fixed = true,
        .run = ordered_ahead_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_ahead_from, to_a), .chan = chan_a, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "pool", .place = "ordered_ahead.pipe:15",
        .size = sizeof(struct ordered_ahead_pool),
        .align = _Alignof(struct ordered_ahead_pool),
        .workers = 4,
        .ordered = true,
        .ahead = 64,
        .leaf = true,
        .run = ordered_ahead_pool_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_ahead_pool, in_x),
              .chans = (struct prt_chan *const[]){ chan_a }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_ahead_pool, to_b), .chan = chan_b, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "asked", .place = "ordered_ahead.pipe:19",
        .size = sizeof(struct ordered_ahead_asked),
        .align = _Alignof(struct ordered_ahead_asked),
        .workers = 3,
        .fixed = true,
        .ordered = true,
        .ahead = (uint64_t)params->ahead,
        .run = ordered_ahead_asked_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_asked },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_ahead_asked, in_x),
              .chans = (struct prt_chan *const[]){ chan_b }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_ahead_asked, to_c), .chan = chan_c, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "every", .place = "ordered_ahead.pipe:24",
        .size = sizeof(struct ordered_ahead_every),
        .align = _Alignof(struct ordered_ahead_every),
        .workers = prt_cpus(),
        .ordered = true,
        .ahead = 1024,
        .leaf = true,
        .run = ordered_ahead_every_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_ahead_every, in_x),
              .chans = (struct prt_chan *const[]){ chan_c }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_ahead_every, to_d), .chan = chan_d, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "to", .place = "ordered_ahead.pipe:28",
        .size = sizeof(struct ordered_ahead_to),
        .align = _Alignof(struct ordered_ahead_to),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = ordered_ahead_to_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_ahead_to, in_x),
              .chans = (struct prt_chan *const[]){ chan_d }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param ordered_ahead_options_[] = {
    { .name = "ahead", .doc = "items", .type = PRT_INT,
      .at = offsetof(struct ordered_ahead_params, ahead), .value.i = 6, .ranged = true, .low.i = 1, .high.i = INT32_MAX },
};

static const char *const ordered_ahead_pools_[] = { "pool", "every" };

static const struct prt_program ordered_ahead_program_ = {
    .name = "ordered_ahead",
    .params = ordered_ahead_options_,
    .nparams = 1,
    .pools = ordered_ahead_pools_,
    .npools = 2,
};

int main(int argc, char **argv)
{
    static struct ordered_ahead pipe;
    const int status = prt_options(&ordered_ahead_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "ordered_ahead", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    ordered_ahead_wire_(run, &pipe.params);
    return prt_run(run);
}
