/* Emitted by pipec 0.1.0 from knobs.pipe; edit that file instead.
 *
 *     tick --numbers[depth]--> show x depth --left[1]--> count
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "knobs.pipe"
#include <inttypes.h>
#include <stdio.h>
#include <prt/words.h>
#line 15 "knobs.c"

/* ---- params ------------------------------------------------------------------------ */

struct knobs_params {
#line 7 "knobs.pipe"
    int depth;                 /* how many items wait */
    long many;                 /* how many workers at most */
    double scale;              /* a factor */
    bool loud;                 /* with more words */
    const char *title;         /* what stands first */
    int64_t pause;             /* between two ticks */
    size_t chunk;              /* bytes at a time */
    int most;                  /* a count, so from 1 */
    double pace;               /* how fast */
    int start;                 /* required */
    bool quiet;
    struct prt_operands files; /* the operands */
#line 33 "knobs.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "knobs.pipe"
struct knobs {
#line 40 "knobs.c"
    struct knobs_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* knobs.pipe:26: tick -> numbers, every pause
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 26 "knobs.pipe"
struct knobs_tick {
#line 51 "knobs.c"
    struct prt_worker base;
    int worker;
    struct knobs *pipe;
    struct prt_out to_numbers;
};

static inline bool knobs_tick_emit_numbers(struct knobs_tick *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#line 26 "knobs.pipe"
static void knobs_tick_(struct knobs_tick *self)
{
    const int start = self->pipe->params.start;
#line 27 "knobs.pipe"
    if (!knobs_tick_emit_numbers(self, start)) return;
    if (prt_stopping(&self->base))
        prt_finish(&self->base);
}
#line 72 "knobs.c"

static void knobs_tick_run_(struct prt_worker *base)
{
    knobs_tick_((struct knobs_tick *)base);
}

/* knobs.pipe:32: show (n <- numbers) -> left, workers depth, rate shared, bound few
 * Sends exactly one item for each that it receives, so it never waits. */
#line 32 "knobs.pipe"
struct knobs_show {
#line 83 "knobs.c"
    struct prt_worker base;
    int worker;
    struct knobs *pipe;
    struct prt_in in_n;
    struct prt_out to_left;
};

static inline bool knobs_show_emit_left(struct knobs_show *self, int value)
{
    return prt_emit(&self->to_left, &value, sizeof value);
}

#line 32 "knobs.pipe"
static void knobs_show_(struct knobs_show *self, int n)
{
    const long many = self->pipe->params.many;
    const double scale = self->pipe->params.scale;
    const bool loud = self->pipe->params.loud;
    const char *const title = self->pipe->params.title;
    const int64_t pause = self->pipe->params.pause;
    const size_t chunk = self->pipe->params.chunk;
    const bool quiet = self->pipe->params.quiet;
    const char *const *const files = prt_operands_list(self->pipe->params.files);
    const size_t files_len = prt_operands_count(self->pipe->params.files);
#line 33 "knobs.pipe"
    printf("%s %d %g %ld %zu %" PRId64 "\n", loud && !quiet ? title : "", n, scale, many, chunk, pause);
    for (size_t i = 0; i < files_len; i++)
        printf("%s\n", files[i]);
    if (!knobs_show_emit_left(self, n)) return;
}
#line 114 "knobs.c"

static void knobs_show_run_(struct prt_worker *base)
{
    struct knobs_show *self = (struct knobs_show *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        knobs_show_(self, n);
}

/* knobs.pipe:39: count (n <- left), rate pace
 * A sink; it never waits for room. */
#line 39 "knobs.pipe"
struct knobs_count {
#line 129 "knobs.c"
    struct prt_worker base;
    int worker;
    struct knobs *pipe;
    struct prt_in in_n;
};

#line 39 "knobs.pipe"
static void knobs_count_(struct knobs_count *self, int n)
{
    const double pace = self->pipe->params.pace;
    const size_t files_len = prt_operands_count(self->pipe->params.files);
#line 40 "knobs.pipe"
    printf("%d of %zu at %g/s\n", n, files_len, pace);
}
#line 144 "knobs.c"

static void knobs_count_run_(struct prt_worker *base)
{
    struct knobs_count *self = (struct knobs_count *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        knobs_count_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void knobs_wire_(struct prt_run *run, const struct knobs_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "knobs.pipe:20",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = (uint64_t)params->depth });
    /* many senders, one receiver */
    struct prt_chan *const chan_left = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "left", .place = "knobs.pipe:21",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 1 });
    struct prt_rate *const rate_shared = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "shared", .per_second = params->pace, .burst = (uint64_t)params->depth });
    struct prt_bound *const bound_few = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "few", .permits = (uint64_t)params->most });
    struct prt_rate *const rate_count = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "count", .per_second = params->pace, .burst = 1 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "tick", .place = "knobs.pipe:26",
        .size = sizeof(struct knobs_tick),
        .align = _Alignof(struct knobs_tick),
        .workers = 1,
        .fixed = true,
        .run = knobs_tick_run_,
        .every = (uint64_t)params->pause,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct knobs_tick, to_numbers), .chan = chan_numbers, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "knobs.pipe:32",
        .size = sizeof(struct knobs_show),
        .align = _Alignof(struct knobs_show),
        .workers = (uint32_t)params->depth,
        .leaf = true,
        .run = knobs_show_run_,
        .rate = rate_shared,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_few },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct knobs_show, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct knobs_show, to_left), .chan = chan_left, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "knobs.pipe:39",
        .size = sizeof(struct knobs_count),
        .align = _Alignof(struct knobs_count),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = knobs_count_run_,
        .rate = rate_count,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct knobs_count, in_n),
              .chans = (struct prt_chan *const[]){ chan_left }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param knobs_options_[] = {
    { .name = "depth", .doc = "how many items wait", .type = PRT_INT,
      .at = offsetof(struct knobs_params, depth), .value.i = 4, .ranged = true, .low.i = 1, .high.i = 64 },
    { .name = "many", .doc = "how many workers at most", .type = PRT_LONG,
      .at = offsetof(struct knobs_params, many), .value.i = 100000 },
    { .name = "scale", .doc = "a factor", .type = PRT_DOUBLE,
      .at = offsetof(struct knobs_params, scale), .value.d = 0.1, .ranged = true, .low.d = -1.5, .high.d = 1000.25 },
    { .name = "loud", .doc = "with more words", .type = PRT_BOOL,
      .at = offsetof(struct knobs_params, loud), .value.b = true },
    { .name = "title", .doc = "what stands first", .type = PRT_STRING,
      .at = offsetof(struct knobs_params, title), .value.s = "a \"title\"\twith\\signs" },
    { .name = "pause", .doc = "between two ticks", .type = PRT_DURATION,
      .at = offsetof(struct knobs_params, pause), .value.i = 1500000000, .ranged = true, .low.i = 1000000, .high.i = 3600000000000 },
    { .name = "chunk", .doc = "bytes at a time", .type = PRT_SIZE,
      .at = offsetof(struct knobs_params, chunk), .value.u = 65536, .ranged = true, .low.u = 1, .high.u = 1073741824 },
    { .name = "most", .doc = "a count, so from 1", .type = PRT_INT,
      .at = offsetof(struct knobs_params, most), .value.i = 2, .ranged = true, .low.i = 1, .high.i = INT32_MAX },
    { .name = "pace", .doc = "how fast", .type = PRT_RATE,
      .at = offsetof(struct knobs_params, pace), .value.d = 2.0 / 3 },
    { .name = "start", .doc = "required", .type = PRT_INT,
      .at = offsetof(struct knobs_params, start), .required = true, .ranged = true, .low.i = -10, .high.i = 10 },
    { .name = "quiet", .type = PRT_BOOL,
      .at = offsetof(struct knobs_params, quiet), .value.b = false },
    { .name = "files", .doc = "the operands", .type = PRT_OPERANDS,
      .at = offsetof(struct knobs_params, files) },
};

static const char *const knobs_pools_[] = { "show" };

static const char *const knobs_rates_[] = { "shared", "count" };

static const struct prt_program knobs_program_ = {
    .name = "knobs",
    .doc = "shows its params",
    .params = knobs_options_,
    .nparams = 12,
    .pools = knobs_pools_,
    .npools = 1,
    .rates = knobs_rates_,
    .nrates = 2,
};

int main(int argc, char **argv)
{
    static struct knobs pipe;
    const int status = prt_options(&knobs_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "knobs", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    knobs_wire_(run, &pipe.params);
    return prt_run(run);
}
