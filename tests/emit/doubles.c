/* Emitted by pipec 0.1.0 from doubles.pipe; edit that file instead.
 *
 *     produce --todo[16]--> twice x3 --done[16]--> report
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "doubles.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 14 "doubles.c"

/* ---- params ------------------------------------------------------------------------ */

struct doubles_params {
#line 6 "doubles.pipe"
    int jobs; /* how many jobs to send */
#line 21 "doubles.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "doubles.pipe"
struct doubles {
#line 28 "doubles.c"
    struct doubles_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* doubles.pipe:11: produce -> todo
 * A source; sends any number of items, so its emit may wait for room. */
#line 11 "doubles.pipe"
struct doubles_produce {
#line 39 "doubles.c"
    struct prt_worker base;
    int worker;
    struct doubles *pipe;
    struct prt_out to_todo;
};

static inline bool doubles_produce_emit_todo(struct doubles_produce *self, int value)
{
    return prt_emit(&self->to_todo, &value, sizeof value);
}

#line 11 "doubles.pipe"
static void doubles_produce_(struct doubles_produce *self)
{
    const int jobs = self->pipe->params.jobs;
#line 12 "doubles.pipe"
    for (int j = 1; j <= jobs; j++)
        if (!doubles_produce_emit_todo(self, j)) return;
}
#line 59 "doubles.c"

static void doubles_produce_run_(struct prt_worker *base)
{
    doubles_produce_((struct doubles_produce *)base);
}

/* doubles.pipe:16: twice (j <- todo) -> done, workers 3
 * Sends exactly one item for each that it receives, so it never waits. */
#line 16 "doubles.pipe"
struct doubles_twice {
#line 70 "doubles.c"
    struct prt_worker base;
    int worker;
    struct doubles *pipe;
    struct prt_in in_j;
    struct prt_out to_done;
};

static inline bool doubles_twice_emit_done(struct doubles_twice *self, int value)
{
    return prt_emit(&self->to_done, &value, sizeof value);
}

#line 16 "doubles.pipe"
static void doubles_twice_(struct doubles_twice *self, int j)
{
#line 17 "doubles.pipe"
    if (!doubles_twice_emit_done(self, j * 2)) return;
}
#line 89 "doubles.c"

static void doubles_twice_run_(struct prt_worker *base)
{
    struct doubles_twice *self = (struct doubles_twice *)base;
    int j;

    while (prt_receive(&self->in_j, &j, sizeof j))
        doubles_twice_(self, j);
}

/* doubles.pipe:20: report (r <- done)
 * A sink; it never waits for room. */
#line 20 "doubles.pipe"
struct doubles_report {
#line 104 "doubles.c"
    struct prt_worker base;
    int worker;
    struct doubles *pipe;
    struct prt_in in_r;
};

#line 20 "doubles.pipe"
static void doubles_report_(struct doubles_report *self, int r)
{
    (void)self;
#line 21 "doubles.pipe"
    printf("%d\n", r);
}
#line 118 "doubles.c"

static void doubles_report_run_(struct prt_worker *base)
{
    struct doubles_report *self = (struct doubles_report *)base;
    int r;

    while (prt_receive(&self->in_r, &r, sizeof r))
        doubles_report_(self, r);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void doubles_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_todo = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "todo", .place = "doubles.pipe:8",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 16 });
    /* many senders, one receiver */
    struct prt_chan *const chan_done = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "done", .place = "doubles.pipe:9",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 16 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "produce", .place = "doubles.pipe:11",
        .size = sizeof(struct doubles_produce),
        .align = _Alignof(struct doubles_produce),
        .workers = 1,
        .fixed = true,
        .run = doubles_produce_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct doubles_produce, to_todo), .chan = chan_todo, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "twice", .place = "doubles.pipe:16",
        .size = sizeof(struct doubles_twice),
        .align = _Alignof(struct doubles_twice),
        .workers = 3,
        .leaf = true,
        .run = doubles_twice_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct doubles_twice, in_j),
              .chans = (struct prt_chan *const[]){ chan_todo }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct doubles_twice, to_done), .chan = chan_done, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "report", .place = "doubles.pipe:20",
        .size = sizeof(struct doubles_report),
        .align = _Alignof(struct doubles_report),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = doubles_report_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct doubles_report, in_r),
              .chans = (struct prt_chan *const[]){ chan_done }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param doubles_options_[] = {
    { .name = "jobs", .doc = "how many jobs to send", .type = PRT_INT,
      .at = offsetof(struct doubles_params, jobs), .value.i = 10, .ranged = true, .low.i = 1, .high.i = 1000 },
};

static const char *const doubles_pools_[] = { "twice" };

static const struct prt_program doubles_program_ = {
    .name = "doubles",
    .doc = "doubles numbers in parallel",
    .params = doubles_options_,
    .nparams = 1,
    .pools = doubles_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct doubles pipe;
    const int status = prt_options(&doubles_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "doubles", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    doubles_wire_(run);
    return prt_run(run);
}
