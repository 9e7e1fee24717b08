/* Emitted by pipec 0.1.0 from functions.pipe; edit that file instead.
 *
 *     make --names[4]--> measure --lengths[4]--> add x2
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "functions.h"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type name; one of all zero bytes is empty. */
static void functions_drop_name_(void *item)
{
#line 6 "functions.pipe"
    if (*(name *)item)
#line 6 "functions.pipe"
        free(*(name *)item);
#line 20 "functions.c"
}

/* ---- stages ------------------------------------------------------------------------ */

static void functions_make_run_(struct prt_worker *base)
{
    struct functions_make *self = (struct functions_make *)base;

    make_names(self);
}

static void functions_measure_run_(struct prt_worker *base)
{
    struct functions_measure *self = (struct functions_measure *)base;
    name name_in;

    while (prt_receive(&self->in_name_in, &name_in, sizeof name_in)) {
        prt_begin(&self->to_lengths);
        measure_name(self, &name_in);
        prt_kept(&self->to_lengths, 1, 1);
        functions_drop_name_(&name_in);
    }
}

static void functions_measure_final_(struct prt_worker *base)
{
    struct functions_measure *self = (struct functions_measure *)base;
#line 21 "functions.pipe"
    if (!functions_measure_emit_lengths(self, (int)self->longest)) return;
#line 21 "functions.pipe"
}
#line 52 "functions.c"

static void functions_add_run_(struct prt_worker *base)
{
    struct functions_add *self = (struct functions_add *)base;
    int length;

    while (prt_receive(&self->in_length, &length, sizeof length))
        add_length(self, &length);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void functions_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_names = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "names", .place = "functions.pipe:14",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(name), .cap = 4, .drop = functions_drop_name_ });
    /* one sender, many receivers */
    struct prt_chan *const chan_lengths = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lengths", .place = "functions.pipe:15",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "make", .place = "functions.pipe:17",
        .size = sizeof(struct functions_make),
        .align = _Alignof(struct functions_make),
        .workers = 1,
        .fixed = true,
        .run = functions_make_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct functions_make, to_names), .chan = chan_names, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "measure", .place = "functions.pipe:19",
        .size = sizeof(struct functions_measure),
        .align = _Alignof(struct functions_measure),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = functions_measure_run_,
        .final = functions_measure_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct functions_measure, in_name_in),
              .chans = (struct prt_chan *const[]){ chan_names }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct functions_measure, to_lengths), .chan = chan_lengths, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "functions.pipe:24",
        .size = sizeof(struct functions_add),
        .align = _Alignof(struct functions_add),
        .workers = 2,
        .leaf = true,
        .run = functions_add_run_,
        .on_fail = PRT_THEN_SKIP,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct functions_add, in_length),
              .chans = (struct prt_chan *const[]){ chan_lengths }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param functions_options_[] = {
    { .name = "many", .doc = "how many names", .type = PRT_INT,
      .at = offsetof(struct functions_params, many), .value.i = 3 },
};

static const char *const functions_pools_[] = { "add" };

static const struct prt_program functions_program_ = {
    .name = "functions",
    .doc = "bodies in C files",
    .params = functions_options_,
    .nparams = 1,
    .pools = functions_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct functions pipe;
    const int status = prt_options(&functions_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "functions", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    functions_wire_(run);
    return prt_run(run);
}
