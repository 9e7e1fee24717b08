/* Emitted by pipec 0.1.0 from names.pipe; edit that file instead.
 *
 *     body --pipe[2]--> stop --run[2]--> rate x2
 *     stop --emit[2]--> line
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "names.pipe"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <prt/words.h>
#line 17 "names.c"

/* ---- params ------------------------------------------------------------------------ */

struct names_params {
#line 8 "names.pipe"
    int item;
#line 24 "names.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "names.pipe"
struct names {
#line 31 "names.c"
    struct names_params params;
    struct prt_settings settings;
#line 14 "names.pipe"
        int item;
#line 14 "names.pipe"
};
#line 38 "names.c"

/* ---- before and after all stages --------------------------------------------------- */

struct names_pipeline_ {
    struct prt_worker *base;
    struct names *pipe;
};

static void names_init_(struct prt_worker *base, void *pipe_)
{
    struct names_pipeline_ *self = &(struct names_pipeline_){ .base = base, .pipe = pipe_ };
    const int item = self->pipe->params.item;
#line 15 "names.pipe"
    int pipe = item; self->pipe->item = pipe;
#line 15 "names.pipe"
}
#line 55 "names.c"

/* ---- stages ------------------------------------------------------------------------ */

/* names.pipe:17: body -> pipe
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 17 "names.pipe"
struct names_body {
#line 63 "names.c"
    struct prt_worker base;
    int worker;
    struct names *pipe;
    struct prt_out to_pipe;
};

static inline bool names_body_emit_pipe(struct names_body *self, int value)
{
    return prt_emit(&self->to_pipe, &value, sizeof value);
}

#line 17 "names.pipe"
static void names_body_(struct names_body *self)
{
    const int item = self->pipe->params.item;
#line 18 "names.pipe"
    int base = item;

    if (!names_body_emit_pipe(self, base)) return;
}
#line 84 "names.c"

static void names_body_run_(struct prt_worker *base)
{
    names_body_((struct names_body *)base);
}

/* names.pipe:23: stop (base <- pipe) -> run, emit
 * Sends exactly one item to each output for each that it receives, so it never waits. */
#line 23 "names.pipe"
struct names_stop {
#line 95 "names.c"
    struct prt_worker base;
    int worker;
    struct names *pipe;
    struct prt_in in_base;
    struct prt_out to_run;
    struct prt_out to_emit;
#line 24 "names.pipe"
        int value;
#line 24 "names.pipe"
};
#line 106 "names.c"

static inline bool names_stop_emit_run(struct names_stop *self, int value)
{
    return prt_emit(&self->to_run, &value, sizeof value);
}

static inline bool names_stop_emit_emit(struct names_stop *self, char *value)
{
    return prt_emit(&self->to_emit, &value, sizeof value);
}

#line 23 "names.pipe"
static void names_stop_(struct names_stop *self, int base)
{
#line 26 "names.pipe"
    if (!names_stop_emit_run(self, base)) return;
    if (!names_stop_emit_emit(self, strdup("text"))) return;
}
#line 125 "names.c"

static void names_stop_run_(struct prt_worker *base_)
{
    struct names_stop *self = (struct names_stop *)base_;
    int base;

    while (prt_receive(&self->in_base, &base, sizeof base))
        names_stop_(self, base);
}

/* names.pipe:30: rate (value <- run), workers 2, bound 2
 * A sink; it never waits for room. */
#line 30 "names.pipe"
struct names_rate {
#line 140 "names.c"
    struct prt_worker base;
    int worker;
    struct names *pipe;
    struct prt_in in_value;
};

#line 30 "names.pipe"
static void names_rate_(struct names_rate *self, int value)
{
    (void)self;
#line 31 "names.pipe"
    printf("%d\n", value);
}
#line 154 "names.c"

static void names_rate_run_(struct prt_worker *base)
{
    struct names_rate *self = (struct names_rate *)base;
    int value;

    while (prt_receive(&self->in_value, &value, sizeof value))
        names_rate_(self, value);
}

/* How much of the bound an item holds. */
static uint64_t names_rate_weight_(struct prt_worker *base, const void *item)
{
    int value;

    memcpy(&value, item, sizeof value);
#line 30 "names.pipe"
          return PRT_UNITS(base, "weight", value > 1 ? 2 : 1);
#line 173 "names.c"
}

/* names.pipe:34: line (base <- emit)
 * A sink; it never waits for room. */
#line 34 "names.pipe"
struct names_line {
#line 180 "names.c"
    struct prt_worker base;
    int worker;
    struct names *pipe;
    struct prt_in in_base;
};

#line 34 "names.pipe"
static void names_line_(struct names_line *self, char *item)
{
    char *base __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 35 "names.pipe"
    puts(base);
}
#line 195 "names.c"

static void names_line_run_(struct prt_worker *base_)
{
    struct names_line *self = (struct names_line *)base_;
    char *base;

    while (prt_receive(&self->in_base, &base, sizeof base))
        names_line_(self, base);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void names_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_pipe = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "pipe", .place = "names.pipe:10",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 2 });
    /* one sender, many receivers */
    struct prt_chan *const chan_run = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "run", .place = "names.pipe:11",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 2 });
    /* one sender, one receiver */
    struct prt_chan *const chan_emit = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "emit", .place = "names.pipe:12",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 2, .drop = prt_string_drop });
    struct prt_bound *const bound_rate = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "rate", .permits = 2 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "body", .place = "names.pipe:17",
        .size = sizeof(struct names_body),
        .align = _Alignof(struct names_body),
        .workers = 1,
        .fixed = true,
        .run = names_body_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct names_body, to_pipe), .chan = chan_pipe, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "stop", .place = "names.pipe:23",
        .size = sizeof(struct names_stop),
        .align = _Alignof(struct names_stop),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = names_stop_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct names_stop, in_base),
              .chans = (struct prt_chan *const[]){ chan_pipe }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct names_stop, to_run), .chan = chan_run, .most = 1 },
            { .at = offsetof(struct names_stop, to_emit), .chan = chan_emit, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "rate", .place = "names.pipe:30",
        .size = sizeof(struct names_rate),
        .align = _Alignof(struct names_rate),
        .workers = 2,
        .leaf = true,
        .run = names_rate_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_rate, .weight = names_rate_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct names_rate, in_value),
              .chans = (struct prt_chan *const[]){ chan_run }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "line", .place = "names.pipe:34",
        .size = sizeof(struct names_line),
        .align = _Alignof(struct names_line),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = names_line_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct names_line, in_base),
              .chans = (struct prt_chan *const[]){ chan_emit }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param names_options_[] = {
    { .name = "item", .type = PRT_INT,
      .at = offsetof(struct names_params, item), .value.i = 10 },
};

static const char *const names_pools_[] = { "rate" };

static const struct prt_program names_program_ = {
    .name = "names",
    .params = names_options_,
    .nparams = 1,
    .pools = names_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct names pipe;
    const int status = prt_options(&names_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "names", .pipe = &pipe, .settings = &pipe.settings, .init = names_init_ });
    if (!run)
        return 1;
    names_wire_(run);
    return prt_run(run);
}
