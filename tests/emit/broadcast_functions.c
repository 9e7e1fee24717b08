/* Emitted by pipec 0.1.0 from broadcast_functions.pipe; edit that file instead.
 *
 *     count --numbers[4]--> each of add, show
 *     count --lines[4]--> each of read, keep
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "broadcast_functions.h"

/* ---- stages ------------------------------------------------------------------------ */

bool broadcast_functions_count_emit_lines(struct broadcast_functions_count *self, char *value)
{
    char *item; /* a copy */

    return prt_emit_clones(self->to_lines, 2, &value, &item, sizeof value, prt_string_clone);
}

static void broadcast_functions_count_run_(struct prt_worker *base)
{
    struct broadcast_functions_count *self = (struct broadcast_functions_count *)base;

    count_all(self);
}

#line 8 "broadcast_functions.pipe"
static void broadcast_functions_add_(struct broadcast_functions_add *self, int n)
{
    (void)self;
#line 8 "broadcast_functions.pipe"
    (void)n;
#line 8 "broadcast_functions.pipe"
}
#line 36 "broadcast_functions.c"

static void broadcast_functions_add_run_(struct prt_worker *base)
{
    struct broadcast_functions_add *self = (struct broadcast_functions_add *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        broadcast_functions_add_(self, n);
}

#line 9 "broadcast_functions.pipe"
static void broadcast_functions_show_(struct broadcast_functions_show *self, int n)
{
    (void)self;
#line 9 "broadcast_functions.pipe"
    (void)n;
#line 9 "broadcast_functions.pipe"
}
#line 55 "broadcast_functions.c"

static void broadcast_functions_show_run_(struct prt_worker *base)
{
    struct broadcast_functions_show *self = (struct broadcast_functions_show *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        broadcast_functions_show_(self, n);
}

#line 10 "broadcast_functions.pipe"
static void broadcast_functions_read_(struct broadcast_functions_read *self, char *item)
{
    char *line __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 10 "broadcast_functions.pipe"
    (void)line;
#line 10 "broadcast_functions.pipe"
}
#line 75 "broadcast_functions.c"

static void broadcast_functions_read_run_(struct prt_worker *base)
{
    struct broadcast_functions_read *self = (struct broadcast_functions_read *)base;
    char *line;

    while (prt_receive(&self->in_line, &line, sizeof line))
        broadcast_functions_read_(self, line);
}

#line 11 "broadcast_functions.pipe"
static void broadcast_functions_keep_(struct broadcast_functions_keep *self, char *item)
{
    char *line __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 11 "broadcast_functions.pipe"
    (void)line;
#line 11 "broadcast_functions.pipe"
}
#line 95 "broadcast_functions.c"

static void broadcast_functions_keep_run_(struct prt_worker *base)
{
    struct broadcast_functions_keep *self = (struct broadcast_functions_keep *)base;
    char *line;

    while (prt_receive(&self->in_line, &line, sizeof line))
        broadcast_functions_keep_(self, line);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void broadcast_functions_wire_(struct prt_run *run)
{
    struct prt_chan *chan_numbers[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver */
    chan_numbers[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers>add", .place = "broadcast_functions.pipe:4",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    chan_numbers[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers>show", .place = "broadcast_functions.pipe:4",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    struct prt_chan *chan_lines[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver */
    chan_lines[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines>read", .place = "broadcast_functions.pipe:5",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    chan_lines[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines>keep", .place = "broadcast_functions.pipe:5",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "broadcast_functions.pipe:7",
        .size = sizeof(struct broadcast_functions_count),
        .align = _Alignof(struct broadcast_functions_count),
        .workers = 1,
        .fixed = true,
        .run = broadcast_functions_count_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct broadcast_functions_count, to_numbers[0]), .chan = chan_numbers[0],
                .most = PRT_ANY },
            { .at = offsetof(struct broadcast_functions_count, to_numbers[1]), .chan = chan_numbers[1],
                .most = PRT_ANY },
            { .at = offsetof(struct broadcast_functions_count, to_lines[0]), .chan = chan_lines[0], .most = PRT_ANY },
            { .at = offsetof(struct broadcast_functions_count, to_lines[1]), .chan = chan_lines[1], .most = PRT_ANY },
        },
        .nouts = 4,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "broadcast_functions.pipe:8",
        .size = sizeof(struct broadcast_functions_add),
        .align = _Alignof(struct broadcast_functions_add),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_functions_add_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_functions_add, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers[0] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "broadcast_functions.pipe:9",
        .size = sizeof(struct broadcast_functions_show),
        .align = _Alignof(struct broadcast_functions_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_functions_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_functions_show, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers[1] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "broadcast_functions.pipe:10",
        .size = sizeof(struct broadcast_functions_read),
        .align = _Alignof(struct broadcast_functions_read),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_functions_read_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_functions_read, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines[0] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep", .place = "broadcast_functions.pipe:11",
        .size = sizeof(struct broadcast_functions_keep),
        .align = _Alignof(struct broadcast_functions_keep),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_functions_keep_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_functions_keep, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines[1] }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program broadcast_functions_program_ = {
    .name = "broadcast_functions",
};

int main(int argc, char **argv)
{
    static struct broadcast_functions pipe;
    const int status = prt_options(&broadcast_functions_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "broadcast_functions", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    broadcast_functions_wire_(run);
    return prt_run(run);
}
