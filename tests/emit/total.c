/* Emitted by pipec 0.1.0 from total.pipe; edit that file instead.
 *
 *     make --numbers[4]--> add
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "total.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 14 "total.c"

/* ---- params ------------------------------------------------------------------------ */

struct total_params {
#line 6 "total.pipe"
    int jobs;
#line 21 "total.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "total.pipe"
struct total {
#line 28 "total.c"
    struct total_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* total.pipe:10: make -> numbers
 * A source; sends any number of items, so its emit may wait for room. */
#line 10 "total.pipe"
struct total_make {
#line 39 "total.c"
    struct prt_worker base;
    int worker;
    struct total *pipe;
    struct prt_out to_numbers;
};

static inline bool total_make_emit_numbers(struct total_make *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#line 12 "total.pipe"
 static void total_make_more(struct total_make *self) {
#line 53 "total.c"
    const int jobs = self->pipe->params.jobs;
#line 12 "total.pipe"
 prt_total(&self->base, jobs + 2); }
#line 57 "total.c"

static void total_make_init_(struct prt_worker *base)
{
    struct total_make *self = (struct total_make *)base;
    const int jobs = self->pipe->params.jobs;
#line 11 "total.pipe"
    prt_total(&self->base, jobs);
#line 11 "total.pipe"
}
#line 67 "total.c"

#line 10 "total.pipe"
static void total_make_(struct total_make *self)
{
    const int jobs = self->pipe->params.jobs;
#line 14 "total.pipe"
    for (int i = 0; i < jobs; i++) {
        if (i == 5)
            prt_total(&self->base, jobs
                  + 1);
        if (i == 6)
            total_make_more(self);
        if (!total_make_emit_numbers(self, i)) return;
    }
}
#line 83 "total.c"

static void total_make_run_(struct prt_worker *base)
{
    total_make_((struct total_make *)base);
}

/* total.pipe:24: add (n <- numbers)
 * A sink; it never waits for room. */
#line 24 "total.pipe"
struct total_add {
#line 94 "total.c"
    struct prt_worker base;
    int worker;
    struct total *pipe;
    struct prt_in in_n;
};

#line 25 "total.pipe"
 static int total_add_total(int n) { return n + 1; }
#line 103 "total.c"

#line 24 "total.pipe"
static void total_add_(struct total_add *self, int n)
{
    (void)self;
    printf("%d\n", total_add_total(n));
}
#line 111 "total.c"

static void total_add_run_(struct prt_worker *base)
{
    struct total_add *self = (struct total_add *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        total_add_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void total_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "total.pipe:8",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "make", .place = "total.pipe:10",
        .size = sizeof(struct total_make),
        .align = _Alignof(struct total_make),
        .workers = 1,
        .fixed = true,
        .run = total_make_run_,
        .init = total_make_init_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct total_make, to_numbers), .chan = chan_numbers, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "total.pipe:24",
        .size = sizeof(struct total_add),
        .align = _Alignof(struct total_add),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = total_add_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct total_add, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param total_options_[] = {
    { .name = "jobs", .type = PRT_INT,
      .at = offsetof(struct total_params, jobs), .value.i = 10 },
};

static const struct prt_program total_program_ = {
    .name = "total",
    .params = total_options_,
    .nparams = 1,
};

int main(int argc, char **argv)
{
    static struct total pipe;
    const int status = prt_options(&total_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "total", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    total_wire_(run);
    return prt_run(run);
}
