/* Emitted by pipec 0.1.0 from ordered.pipe; edit that file instead.
 *
 *     from --a[4]--> pool x many --b[4]--> bounded x3 --c[4]--> grows x auto --d[*]--> to
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- params ------------------------------------------------------------------------ */

struct ordered_params {
#line 4 "ordered.pipe"
    int many; /* workers */
#line 16 "ordered.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "ordered.pipe"
struct ordered {
#line 23 "ordered.c"
    struct ordered_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* ordered.pipe:11: from -> a
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 11 "ordered.pipe"
struct ordered_from {
#line 34 "ordered.c"
    struct prt_worker base;
    int worker;
    struct ordered *pipe;
    struct prt_out to_a;
};

static inline bool ordered_from_emit_a(struct ordered_from *self, int value)
{
    return prt_emit(&self->to_a, &value, sizeof value);
}

#line 11 "ordered.pipe"
static void ordered_from_(struct ordered_from *self)
{
#line 12 "ordered.pipe"
    if (!ordered_from_emit_a(self, 1)) return;
}
#line 52 "ordered.c"

static void ordered_from_run_(struct prt_worker *base)
{
    ordered_from_((struct ordered_from *)base);
}

/* ordered.pipe:15: pool (x <- a) -> b, workers many, ordered
 * Sends exactly one item for each that it receives, so it never waits; results leave in the order their inputs came, with at most twice as many items as workers begun and not left. */
#line 15 "ordered.pipe"
struct ordered_pool {
#line 63 "ordered.c"
    struct prt_worker base;
    int worker;
    struct ordered *pipe;
    struct prt_in in_x;
    struct prt_out to_b;
};

static inline bool ordered_pool_emit_b(struct ordered_pool *self, int value)
{
    return prt_emit(&self->to_b, &value, sizeof value);
}

#line 15 "ordered.pipe"
static void ordered_pool_(struct ordered_pool *self, int x)
{
#line 16 "ordered.pipe"
    if (!ordered_pool_emit_b(self, x)) return;
}
#line 82 "ordered.c"

static void ordered_pool_run_(struct prt_worker *base)
{
    struct ordered_pool *self = (struct ordered_pool *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_pool_(self, x);
}

/* ordered.pipe:19: bounded (x <- b) -> c, bound 3, ordered
 * Sends any number of items, so its emit may wait for room; results leave in the order their inputs came, with at most twice as many items as workers begun and not left. */
#line 19 "ordered.pipe"
struct ordered_bounded {
#line 97 "ordered.c"
    struct prt_worker base;
    int worker;
    struct ordered *pipe;
    struct prt_in in_x;
    struct prt_out to_c;
};

static inline bool ordered_bounded_emit_c(struct ordered_bounded *self, int value)
{
    return prt_emit(&self->to_c, &value, sizeof value);
}

#line 19 "ordered.pipe"
static void ordered_bounded_(struct ordered_bounded *self, int x)
{
#line 20 "ordered.pipe"
    while (x > 0)
        if (!ordered_bounded_emit_c(self, x--)) return;
}
#line 117 "ordered.c"

static void ordered_bounded_run_(struct prt_worker *base)
{
    struct ordered_bounded *self = (struct ordered_bounded *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_bounded_(self, x);
}

/* ordered.pipe:24: grows (x <- c) -> d, workers auto, ordered, blocking
 * Each worker has a thread of its own, on which it may wait for room; results leave in the order their inputs came, with at most twice as many items as workers begun and not left. */
#line 24 "ordered.pipe"
struct ordered_grows {
#line 132 "ordered.c"
    struct prt_worker base;
    int worker;
    struct ordered *pipe;
    struct prt_in in_x;
    struct prt_out to_d;
};

static inline bool ordered_grows_emit_d(struct ordered_grows *self, int value)
{
    return prt_emit(&self->to_d, &value, sizeof value);
}

#line 24 "ordered.pipe"
static void ordered_grows_(struct ordered_grows *self, int x)
{
#line 25 "ordered.pipe"
    while (x > 0)
        if (!ordered_grows_emit_d(self, x--)) return;
}
#line 152 "ordered.c"

static void ordered_grows_run_(struct prt_worker *base)
{
    struct ordered_grows *self = (struct ordered_grows *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_grows_(self, x);
}

/* ordered.pipe:29: to (x <- d)
 * A sink; it never waits for room. */
#line 29 "ordered.pipe"
struct ordered_to {
#line 167 "ordered.c"
    struct prt_worker base;
    int worker;
    struct ordered *pipe;
    struct prt_in in_x;
};

#line 29 "ordered.pipe"
static void ordered_to_(struct ordered_to *self, int x)
{
    (void)self;
#line 30 "ordered.pipe"
    (void)x;
}
#line 181 "ordered.c"

static void ordered_to_run_(struct prt_worker *base)
{
    struct ordered_to *self = (struct ordered_to *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        ordered_to_(self, x);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void ordered_wire_(struct prt_run *run, const struct ordered_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_a = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "a", .place = "ordered.pipe:6",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, many receivers */
    struct prt_chan *const chan_b = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "b", .place = "ordered.pipe:7",
        .kind = PRT_MANY_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, many receivers */
    struct prt_chan *const chan_c = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "c", .place = "ordered.pipe:8",
        .kind = PRT_MANY_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* grows as it needs, so nobody waits to send */
    struct prt_chan *const chan_d = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "d", .place = "ordered.pipe:9",
        .kind = PRT_GROWING, .item_size = sizeof(int) });
    struct prt_bound *const bound_bounded = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "bounded", .permits = 3 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "ordered.pipe:11",
        .size = sizeof(struct ordered_from),
        .align = _Alignof(struct ordered_from),
        .workers = 1,
        .fixed = true,
        .run = ordered_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_from, to_a), .chan = chan_a, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "pool", .place = "ordered.pipe:15",
        .size = sizeof(struct ordered_pool),
        .align = _Alignof(struct ordered_pool),
        .workers = (uint32_t)params->many,
        .ordered = true,
        .leaf = true,
        .run = ordered_pool_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_pool, in_x),
              .chans = (struct prt_chan *const[]){ chan_a }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_pool, to_b), .chan = chan_b, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "bounded", .place = "ordered.pipe:19",
        .size = sizeof(struct ordered_bounded),
        .align = _Alignof(struct ordered_bounded),
        .workers = 3,
        .fixed = true,
        .ordered = true,
        .run = ordered_bounded_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_bounded },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_bounded, in_x),
              .chans = (struct prt_chan *const[]){ chan_b }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_bounded, to_c), .chan = chan_c, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "grows", .place = "ordered.pipe:24",
        .size = sizeof(struct ordered_grows),
        .align = _Alignof(struct ordered_grows),
        .workers = prt_cpus(),
        .ordered = true,
        .blocking = true,
        .run = ordered_grows_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_grows, in_x),
              .chans = (struct prt_chan *const[]){ chan_c }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct ordered_grows, to_d), .chan = chan_d, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "to", .place = "ordered.pipe:29",
        .size = sizeof(struct ordered_to),
        .align = _Alignof(struct ordered_to),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = ordered_to_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct ordered_to, in_x),
              .chans = (struct prt_chan *const[]){ chan_d }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param ordered_options_[] = {
    { .name = "many", .doc = "workers", .type = PRT_INT,
      .at = offsetof(struct ordered_params, many), .value.i = 4, .ranged = true, .low.i = 1, .high.i = 100000 },
};

static const char *const ordered_pools_[] = { "pool", "grows" };

static const struct prt_program ordered_program_ = {
    .name = "ordered",
    .params = ordered_options_,
    .nparams = 1,
    .pools = ordered_pools_,
    .npools = 2,
};

int main(int argc, char **argv)
{
    static struct ordered pipe;
    const int status = prt_options(&ordered_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "ordered", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    ordered_wire_(run, &pipe.params);
    return prt_run(run);
}
