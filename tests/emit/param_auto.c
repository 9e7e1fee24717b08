/* Emitted by pipec 0.1.0 from param_auto.pipe; edit that file instead.
 *
 *     from --a[4]--> to x jobs
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- params ------------------------------------------------------------------------ */

struct shares_params {
#line 3 "param_auto.pipe"
    int jobs; /* workers */
    int all;
#line 17 "param_auto.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "param_auto.pipe"
struct shares {
#line 24 "param_auto.c"
    struct shares_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* param_auto.pipe:6: from -> a
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 6 "param_auto.pipe"
struct shares_from {
#line 35 "param_auto.c"
    struct prt_worker base;
    int worker;
    struct shares *pipe;
    struct prt_out to_a;
};

static inline bool shares_from_emit_a(struct shares_from *self, int value)
{
    return prt_emit(&self->to_a, &value, sizeof value);
}

#line 6 "param_auto.pipe"
static void shares_from_(struct shares_from *self)
{
    const int all = self->pipe->params.all;
#line 6 "param_auto.pipe"
    if (!shares_from_emit_a(self, all)) return;
#line 6 "param_auto.pipe"
}
#line 55 "param_auto.c"

static void shares_from_run_(struct prt_worker *base)
{
    shares_from_((struct shares_from *)base);
}

/* param_auto.pipe:7: to (x <- a), workers jobs
 * A sink; it never waits for room. */
#line 7 "param_auto.pipe"
struct shares_to {
#line 66 "param_auto.c"
    struct prt_worker base;
    int worker;
    struct shares *pipe;
    struct prt_in in_x;
};

#line 7 "param_auto.pipe"
static void shares_to_(struct shares_to *self, int x)
{
    (void)self;
#line 7 "param_auto.pipe"
    (void)x;
#line 7 "param_auto.pipe"
}
#line 81 "param_auto.c"

static void shares_to_run_(struct prt_worker *base)
{
    struct shares_to *self = (struct shares_to *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        shares_to_(self, x);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void shares_wire_(struct prt_run *run, const struct shares_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_a = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "a", .place = "param_auto.pipe:5",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "param_auto.pipe:6",
        .size = sizeof(struct shares_from),
        .align = _Alignof(struct shares_from),
        .workers = 1,
        .fixed = true,
        .run = shares_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct shares_from, to_a), .chan = chan_a, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "to", .place = "param_auto.pipe:7",
        .size = sizeof(struct shares_to),
        .align = _Alignof(struct shares_to),
        .workers = (uint32_t)params->jobs,
        .leaf = true,
        .run = shares_to_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct shares_to, in_x),
              .chans = (struct prt_chan *const[]){ chan_a }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param shares_options_[] = {
    { .name = "jobs", .doc = "workers", .type = PRT_INT,
      .at = offsetof(struct shares_params, jobs), .processors = true, .ranged = true, .low.i = 2, .high.i = 64 },
    { .name = "all", .type = PRT_INT,
      .at = offsetof(struct shares_params, all), .processors = true },
};

static const char *const shares_pools_[] = { "to" };

static const struct prt_program shares_program_ = {
    .name = "shares",
    .params = shares_options_,
    .nparams = 2,
    .pools = shares_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct shares pipe;
    const int status = prt_options(&shares_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "shares", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    shares_wire_(run, &pipe.params);
    return prt_run(run);
}
