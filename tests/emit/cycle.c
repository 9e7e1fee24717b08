/* Emitted by pipec 0.1.0 from cycle.pipe; edit that file instead.
 *
 *     seed, visit x2 --found[*]--> visit x2 --seen[0]--> print
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "cycle.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 14 "cycle.c"

/* ---- params ------------------------------------------------------------------------ */

struct cycle_params {
#line 6 "cycle.pipe"
    int top; /* where it ends */
#line 21 "cycle.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "cycle.pipe"
struct cycle {
#line 28 "cycle.c"
    struct cycle_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* cycle.pipe:11: seed -> found
 * A source; sends exactly one item each time it runs, and nobody waits to send to a channel that grows. */
#line 11 "cycle.pipe"
struct cycle_seed {
#line 39 "cycle.c"
    struct prt_worker base;
    int worker;
    struct cycle *pipe;
    struct prt_out to_found;
};

static inline bool cycle_seed_emit_found(struct cycle_seed *self, int value)
{
    return prt_emit(&self->to_found, &value, sizeof value);
}

#line 11 "cycle.pipe"
static void cycle_seed_(struct cycle_seed *self)
{
#line 12 "cycle.pipe"
    if (!cycle_seed_emit_found(self, 1)) return;
}
#line 57 "cycle.c"

static void cycle_seed_run_(struct prt_worker *base)
{
    cycle_seed_((struct cycle_seed *)base);
}

/* cycle.pipe:15: visit (n <- found) -> found, seen, workers 2
 * Sends at most 2 items to each output for each that it receives, so it never waits. */
#line 15 "cycle.pipe"
struct cycle_visit {
#line 68 "cycle.c"
    struct prt_worker base;
    int worker;
    struct cycle *pipe;
    struct prt_in in_n;
    struct prt_out to_found;
    struct prt_out to_seen;
};

static inline bool cycle_visit_emit_found(struct cycle_visit *self, int value)
{
    return prt_emit(&self->to_found, &value, sizeof value);
}

static inline bool cycle_visit_emit_seen(struct cycle_visit *self, int value)
{
    return prt_emit(&self->to_seen, &value, sizeof value);
}

#line 15 "cycle.pipe"
static void cycle_visit_(struct cycle_visit *self, int n)
{
    const int top = self->pipe->params.top;
#line 16 "cycle.pipe"
    if (2 * n <= top)
        if (!cycle_visit_emit_found(self, 2 * n)) return;
    if (2 * n + 1 <= top)
        if (!cycle_visit_emit_found(self, 2 * n + 1)) return;
    if (!cycle_visit_emit_seen(self, n)) return;
}
#line 98 "cycle.c"

static void cycle_visit_run_(struct prt_worker *base)
{
    struct cycle_visit *self = (struct cycle_visit *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        cycle_visit_(self, n);
}

/* cycle.pipe:23: print (n <- seen)
 * A sink; it never waits for room. */
#line 23 "cycle.pipe"
struct cycle_print {
#line 113 "cycle.c"
    struct prt_worker base;
    int worker;
    struct cycle *pipe;
    struct prt_in in_n;
};

#line 23 "cycle.pipe"
static void cycle_print_(struct cycle_print *self, int n)
{
    (void)self;
#line 24 "cycle.pipe"
    printf("%d\n", n);
}
#line 127 "cycle.c"

static void cycle_print_run_(struct prt_worker *base)
{
    struct cycle_print *self = (struct cycle_print *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        cycle_print_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void cycle_wire_(struct prt_run *run)
{
    /* grows as it needs, so nobody waits to send */
    struct prt_chan *const chan_found = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "found", .place = "cycle.pipe:8",
        .kind = PRT_GROWING, .item_size = sizeof(int), .cycle = 1 });
    /* holds nothing: a sender goes on once a body has begun with its item */
    struct prt_chan *const chan_seen = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "seen", .place = "cycle.pipe:9",
        .kind = PRT_RENDEZVOUS, .item_size = sizeof(int) });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "seed", .place = "cycle.pipe:11",
        .size = sizeof(struct cycle_seed),
        .align = _Alignof(struct cycle_seed),
        .workers = 1,
        .fixed = true,
        .run = cycle_seed_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct cycle_seed, to_found), .chan = chan_found, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "visit", .place = "cycle.pipe:15",
        .size = sizeof(struct cycle_visit),
        .align = _Alignof(struct cycle_visit),
        .workers = 2,
        .leaf = true,
        .run = cycle_visit_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct cycle_visit, in_n),
              .chans = (struct prt_chan *const[]){ chan_found }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct cycle_visit, to_found), .chan = chan_found, .most = 2, .in_cycle = true },
            { .at = offsetof(struct cycle_visit, to_seen), .chan = chan_seen, .most = 1 },
        },
        .nouts = 2,
        .cycle = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "print", .place = "cycle.pipe:23",
        .size = sizeof(struct cycle_print),
        .align = _Alignof(struct cycle_print),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = cycle_print_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct cycle_print, in_n),
              .chans = (struct prt_chan *const[]){ chan_seen }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param cycle_options_[] = {
    { .name = "top", .doc = "where it ends", .type = PRT_INT,
      .at = offsetof(struct cycle_params, top), .value.i = 20, .ranged = true, .low.i = 1, .high.i = 1000000 },
};

static const char *const cycle_pools_[] = { "visit" };

static const struct prt_program cycle_program_ = {
    .name = "cycle",
    .doc = "walks a tree of numbers",
    .params = cycle_options_,
    .nparams = 1,
    .pools = cycle_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct cycle pipe;
    const int status = prt_options(&cycle_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "cycle", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    cycle_wire_(run);
    return prt_run(run);
}
