/* Emitted by pipec 0.1.0 from batch_weight.pipe; edit that file instead.
 *
 *     read --lines[200]--> measure
 *     read --others[200]--> measure
 *     read --numbers[20]--> count x2
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "batch_weight.pipe"
#include <stdio.h>
#include <string.h>
#include <prt/words.h>
#line 17 "batch_weight.c"

/* ---- params ------------------------------------------------------------------------ */

struct batch_weight_params {
#line 7 "batch_weight.pipe"
    size_t most; /* bytes of a batch */
    int each;    /* what an item weighs by itself */
#line 25 "batch_weight.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "batch_weight.pipe"
struct batch_weight {
#line 32 "batch_weight.c"
    struct batch_weight_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* batch_weight.pipe:14: read -> lines, others, numbers
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 14 "batch_weight.pipe"
struct batch_weight_read {
#line 43 "batch_weight.c"
    struct prt_worker base;
    int worker;
    struct batch_weight *pipe;
    struct prt_out to_lines;
    struct prt_out to_others;
    struct prt_out to_numbers;
};

static inline bool batch_weight_read_emit_lines(struct batch_weight_read *self, char *value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

static inline bool batch_weight_read_emit_others(struct batch_weight_read *self, char *value)
{
    return prt_emit(&self->to_others, &value, sizeof value);
}

static inline bool batch_weight_read_emit_numbers(struct batch_weight_read *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#line 14 "batch_weight.pipe"
static void batch_weight_read_(struct batch_weight_read *self)
{
#line 15 "batch_weight.pipe"
    if (!batch_weight_read_emit_lines(self, strdup("one"))) return;
    if (!batch_weight_read_emit_others(self, strdup("two"))) return;
    if (!batch_weight_read_emit_numbers(self, 3)) return;
}
#line 75 "batch_weight.c"

static void batch_weight_read_run_(struct prt_worker *base)
{
    batch_weight_read_((struct batch_weight_read *)base);
}

/* batch_weight.pipe:20: measure (line[100] <- lines | others within 50ms weight (strlen(*line) + each) most)
 * A sink; it never waits for room; gathers up to 100 items by their weight, or what has come within its time. */
#line 20 "batch_weight.pipe"
struct batch_weight_measure {
#line 86 "batch_weight.c"
    struct prt_worker base;
    int worker;
    struct batch_weight *pipe;
    struct prt_in in_line;
};

#line 20 "batch_weight.pipe"
static void batch_weight_measure_(struct batch_weight_measure *self, char **line, size_t line_len)
{
    (void)self;
#line 21 "batch_weight.pipe"
    for (size_t i = 0; i < line_len; i++)
        puts(line[i]);
}
#line 101 "batch_weight.c"

static void batch_weight_measure_run_(struct prt_worker *base)
{
    struct batch_weight_measure *self = (struct batch_weight_measure *)base;
    size_t line_len;
    char **line = prt_receive_batch(&self->in_line, &line_len);

    if (!line)
        return;
    batch_weight_measure_(self, line, line_len);
    for (size_t i = 0; i < line_len; i++)
        prt_string_drop(&line[i]);
}

/* What an item weighs that waits for a batch. */
static int64_t batch_weight_measure_weigh_(void *program, const void *item)
{
    struct batch_weight *pipe = program;
    char *line[1];
    const int each = pipe->params.each;

    memcpy(line, item, sizeof line);
#line 20 "batch_weight.pipe"
                                             return PRT_WEIGHT(strlen(*line) + each);
#line 126 "batch_weight.c"
}

/* batch_weight.pipe:25: count (item[10] <- numbers weight (*item) 1000), workers 2, bound 100
 * A sink; it never waits for room; gathers up to 10 items by their weight. */
#line 25 "batch_weight.pipe"
struct batch_weight_count {
#line 133 "batch_weight.c"
    struct prt_worker base;
    int worker;
    struct batch_weight *pipe;
    struct prt_in in_item;
};

#line 25 "batch_weight.pipe"
static void batch_weight_count_(struct batch_weight_count *self, int *item, size_t item_len)
{
    (void)self;
    (void)item_len;
#line 26 "batch_weight.pipe"
    printf("%d\n", item[0]);
}
#line 148 "batch_weight.c"

static void batch_weight_count_run_(struct prt_worker *base)
{
    struct batch_weight_count *self = (struct batch_weight_count *)base;
    size_t item_len;
    int *item = prt_receive_batch(&self->in_item, &item_len);

    if (!item)
        return;
    batch_weight_count_(self, item, item_len);
}

/* How much of the bound an item holds. */
static uint64_t batch_weight_count_weight_(struct prt_worker *base, const void *item_)
{
    struct batch_weight_count *self = (struct batch_weight_count *)base;
    const size_t item_len = prt_waiting_n(&self->in_item);
    int const *item = item_;

    (void)item;
#line 25 "batch_weight.pipe"
                                       return PRT_UNITS(base, "weight", item_len);
#line 171 "batch_weight.c"
}

/* What an item weighs that waits for a batch. */
static int64_t batch_weight_count_weigh_(void *program, const void *item_)
{
    int item[1];

    (void)program;
    memcpy(item, item_, sizeof item);
#line 25 "batch_weight.pipe"
                       return PRT_WEIGHT(*item);
#line 183 "batch_weight.c"
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void batch_weight_wire_(struct prt_run *run, const struct batch_weight_params *params)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "batch_weight.pipe:10",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 200, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_others = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "others", .place = "batch_weight.pipe:11",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 200, .drop = prt_string_drop });
    /* one sender, many receivers */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "batch_weight.pipe:12",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 20 });
    struct prt_bound *const bound_count = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "count", .permits = 100 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "batch_weight.pipe:14",
        .size = sizeof(struct batch_weight_read),
        .align = _Alignof(struct batch_weight_read),
        .workers = 1,
        .fixed = true,
        .run = batch_weight_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_weight_read, to_lines), .chan = chan_lines, .most = 1 },
            { .at = offsetof(struct batch_weight_read, to_others), .chan = chan_others, .most = 1 },
            { .at = offsetof(struct batch_weight_read, to_numbers), .chan = chan_numbers, .most = 1 },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "measure", .place = "batch_weight.pipe:20",
        .size = sizeof(struct batch_weight_measure),
        .align = _Alignof(struct batch_weight_measure),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_weight_measure_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_weight_measure, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines, chan_others }, .nchans = 2 },
        },
        .nins = 1,
        .collect = 100,
        .within = 50000000, /* 50ms */
        .weight = (uint64_t)params->most,
        .weigh = batch_weight_measure_weigh_,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "batch_weight.pipe:25",
        .size = sizeof(struct batch_weight_count),
        .align = _Alignof(struct batch_weight_count),
        .workers = 2,
        .leaf = true,
        .run = batch_weight_count_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_count, .weight = batch_weight_count_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_weight_count, in_item),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 10,
        .weight = 1000,
        .weigh = batch_weight_count_weigh_,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param batch_weight_options_[] = {
    { .name = "most", .doc = "bytes of a batch", .type = PRT_SIZE,
      .at = offsetof(struct batch_weight_params, most), .value.u = 65536, .ranged = true, .low.u = 1, .high.u = 1048576 },
    { .name = "each", .doc = "what an item weighs by itself", .type = PRT_INT,
      .at = offsetof(struct batch_weight_params, each), .value.i = 2 },
};

static const char *const batch_weight_pools_[] = { "count" };

static const struct prt_program batch_weight_program_ = {
    .name = "batch_weight",
    .params = batch_weight_options_,
    .nparams = 2,
    .pools = batch_weight_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct batch_weight pipe;
    const int status = prt_options(&batch_weight_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "batch_weight", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    batch_weight_wire_(run, &pipe.params);
    return prt_run(run);
}
