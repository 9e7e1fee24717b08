/* Emitted by pipec 0.1.0 from batch.pipe; edit that file instead.
 *
 *     read --lines[200]--> measure, unused, count x2, first x2, even x2
 *     measure --lengths[200]--> add x2 --sums[16]--> report --others[16]--> show
 *     measure --texts[16]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "batch.pipe"
#include <stdio.h>
#include <string.h>
#include <prt/words.h>
#line 17 "batch.c"

/* ---- params ------------------------------------------------------------------------ */

struct batch_params {
#line 7 "batch.pipe"
    int most; /* items of a batch */
#line 24 "batch.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "batch.pipe"
struct batch {
#line 31 "batch.c"
    struct batch_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* batch.pipe:15: read -> lines
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 15 "batch.pipe"
struct batch_read {
#line 42 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_out to_lines;
};

static inline bool batch_read_emit_lines(struct batch_read *self, char *value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

#line 15 "batch.pipe"
static void batch_read_(struct batch_read *self)
{
#line 16 "batch.pipe"
    if (!batch_read_emit_lines(self, strdup("one"))) return;
}
#line 60 "batch.c"

static void batch_read_run_(struct prt_worker *base)
{
    batch_read_((struct batch_read *)base);
}

/* batch.pipe:19: measure (line[most] <- lines within 50ms) -> lengths, texts[1], bound memory
 * Sends any number of items, so its emit may wait for room; gathers up to 'most' items, or what has come within its time. */
#line 19 "batch.pipe"
struct batch_measure {
#line 71 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_line;
    struct prt_out to_lengths;
    struct prt_out to_texts;
};

static inline bool batch_measure_emit_lengths(struct batch_measure *self, int value)
{
    return prt_emit(&self->to_lengths, &value, sizeof value);
}

static inline bool batch_measure_emit_texts(struct batch_measure *self, char *value)
{
    return prt_emit(&self->to_texts, &value, sizeof value);
}

#line 19 "batch.pipe"
static void batch_measure_(struct batch_measure *self, char **line, size_t line_len)
{
#line 20 "batch.pipe"
    for (size_t i = 0; i < line_len; i++)
        if (!batch_measure_emit_lengths(self, (int)strlen(line[i]))) return;
    if (!batch_measure_emit_texts(self, PRT_TAKE(line[0]))) return;
}
#line 98 "batch.c"

static void batch_measure_run_(struct prt_worker *base)
{
    struct batch_measure *self = (struct batch_measure *)base;
    size_t line_len;
    char **line = prt_receive_batch(&self->in_line, &line_len);

    if (!line)
        return;
    batch_measure_(self, line, line_len);
    for (size_t i = 0; i < line_len; i++)
        prt_string_drop(&line[i]);
}

/* How much of the bound memory an item holds. */
static uint64_t batch_measure_weight_memory_(struct prt_worker *base, const void *item)
{
    struct batch_measure *self = (struct batch_measure *)base;
    const size_t line_len = prt_waiting_n(&self->in_line);
    char *const *line = item;

#line 19 "batch.pipe"
                                                          return PRT_UNITS(base, "weight", line_len * strlen(line[0]));
#line 122 "batch.c"
}

/* batch.pipe:25: add (n[50] <- lengths) -> sums, workers 2, ordered
 * Sends at most one item for each batch, so it never waits; results leave in the order their inputs came, with at most twice as many items as workers begun and not left; gathers up to 50 items. */
#line 25 "batch.pipe"
struct batch_add {
#line 129 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_n;
    struct prt_out to_sums;
};

static inline bool batch_add_emit_sums(struct batch_add *self, long value)
{
    return prt_emit(&self->to_sums, &value, sizeof value);
}

#line 25 "batch.pipe"
static void batch_add_(struct batch_add *self, int *n, size_t n_len)
{
#line 26 "batch.pipe"
    long sum = 0;
    if (n[0] < 0)
        { prt_fail(&self->base, "a length below 0"); return; }
    for (size_t i = 0; i < n_len; i++)
        sum += n[i];
    if (!batch_add_emit_sums(self, sum)) return;
}
#line 153 "batch.c"

static void batch_add_run_(struct prt_worker *base)
{
    struct batch_add *self = (struct batch_add *)base;
    size_t n_len;
    int *n = prt_receive_batch(&self->in_n, &n_len);

    if (!n)
        return;
    batch_add_(self, n, n_len);
}

/* batch.pipe:34: report (s <- sums) -> others
 * Sends exactly one item for each that it receives, so it never waits. */
#line 34 "batch.pipe"
struct batch_report {
#line 170 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_s;
    struct prt_out to_others;
};

static inline bool batch_report_emit_others(struct batch_report *self, char *value)
{
    return prt_emit(&self->to_others, &value, sizeof value);
}

#line 34 "batch.pipe"
static void batch_report_(struct batch_report *self, long s)
{
#line 35 "batch.pipe"
    if (!batch_report_emit_others(self, strdup(s ? "some" : "none"))) return;
}
#line 189 "batch.c"

static void batch_report_run_(struct prt_worker *base)
{
    struct batch_report *self = (struct batch_report *)base;
    long s;

    while (prt_receive(&self->in_s, &s, sizeof s))
        batch_report_(self, s);
}

/* batch.pipe:38: show (t[8] <- texts | others within 1s)
 * A sink; it never waits for room; gathers up to 8 items, or what has come within its time. */
#line 38 "batch.pipe"
struct batch_show {
#line 204 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_t;
};

#define batch_show_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 38 "batch.pipe"
enum prt_result show_texts(struct batch_show *self, char **t, size_t t_len);
#line 215 "batch.c"

static void batch_show_run_(struct prt_worker *base)
{
    struct batch_show *self = (struct batch_show *)base;
    size_t t_len;
    char **t = prt_receive_batch(&self->in_t, &t_len);

    if (!t)
        return;
    show_texts(self, t, t_len);
    for (size_t i = 0; i < t_len; i++)
        prt_string_drop(&t[i]);
}

/* batch.pipe:40: unused (t[3] <- lines)
 * A sink; it never waits for room; gathers up to 3 items. */
#line 40 "batch.pipe"
struct batch_unused {
#line 234 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_t;
};

#line 40 "batch.pipe"
static void batch_unused_(struct batch_unused *self, char **t, size_t t_len)
{
    (void)self;
    (void)t;
    (void)t_len;
}
#line 248 "batch.c"

static void batch_unused_run_(struct prt_worker *base)
{
    struct batch_unused *self = (struct batch_unused *)base;
    size_t t_len;
    char **t = prt_receive_batch(&self->in_t, &t_len);

    if (!t)
        return;
    batch_unused_(self, t, t_len);
    for (size_t i = 0; i < t_len; i++)
        prt_string_drop(&t[i]);
}

/* batch.pipe:43: count (line[9] <- lines within 50ms), workers 2, bound 4
 * A sink; it never waits for room; gathers up to 9 items, or what has come within its time. */
#line 43 "batch.pipe"
struct batch_count {
#line 267 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_line;
};

#line 43 "batch.pipe"
static void batch_count_(struct batch_count *self, char **line, size_t line_len)
{
    (void)self;
    (void)line;
    (void)line_len;
}
#line 281 "batch.c"

static void batch_count_run_(struct prt_worker *base)
{
    struct batch_count *self = (struct batch_count *)base;
    size_t line_len;
    char **line = prt_receive_batch(&self->in_line, &line_len);

    if (!line)
        return;
    batch_count_(self, line, line_len);
    for (size_t i = 0; i < line_len; i++)
        prt_string_drop(&line[i]);
}

/* How much of the bound an item holds. */
static uint64_t batch_count_weight_(struct prt_worker *base, const void *item)
{
    struct batch_count *self = (struct batch_count *)base;
    const size_t line_len = prt_waiting_n(&self->in_line);
    char *const *line = item;

    (void)line;
#line 43 "batch.pipe"
                                      return PRT_UNITS(base, "weight", line_len);
#line 306 "batch.c"
}

/* batch.pipe:44: first (line[9] <- lines within 50ms), workers 2, bound 9
 * A sink; it never waits for room; gathers up to 9 items, or what has come within its time. */
#line 44 "batch.pipe"
struct batch_first {
#line 313 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_line;
};

#line 44 "batch.pipe"
static void batch_first_(struct batch_first *self, char **line, size_t line_len)
{
    (void)self;
    (void)line;
    (void)line_len;
}
#line 327 "batch.c"

static void batch_first_run_(struct prt_worker *base)
{
    struct batch_first *self = (struct batch_first *)base;
    size_t line_len;
    char **line = prt_receive_batch(&self->in_line, &line_len);

    if (!line)
        return;
    batch_first_(self, line, line_len);
    for (size_t i = 0; i < line_len; i++)
        prt_string_drop(&line[i]);
}

/* How much of the bound an item holds. */
static uint64_t batch_first_weight_(struct prt_worker *base, const void *item)
{
    struct batch_first *self = (struct batch_first *)base;
    const size_t line_len = prt_waiting_n(&self->in_line);
    char *const *line = item;

    (void)line_len;
#line 44 "batch.pipe"
                                      return PRT_UNITS(base, "weight", strlen(line[0]));
#line 352 "batch.c"
}

/* batch.pipe:45: even (line[9] <- lines within 50ms), workers 2, bound 4
 * A sink; it never waits for room; gathers up to 9 items, or what has come within its time. */
#line 45 "batch.pipe"
struct batch_even {
#line 359 "batch.c"
    struct prt_worker base;
    int worker;
    struct batch *pipe;
    struct prt_in in_line;
};

#line 45 "batch.pipe"
static void batch_even_(struct batch_even *self, char **line, size_t line_len)
{
    (void)self;
    (void)line;
    (void)line_len;
}
#line 373 "batch.c"

static void batch_even_run_(struct prt_worker *base)
{
    struct batch_even *self = (struct batch_even *)base;
    size_t line_len;
    char **line = prt_receive_batch(&self->in_line, &line_len);

    if (!line)
        return;
    batch_even_(self, line, line_len);
    for (size_t i = 0; i < line_len; i++)
        prt_string_drop(&line[i]);
}

/* How much of the bound an item holds. */
static uint64_t batch_even_weight_(struct prt_worker *base, const void *item)
{
    struct batch_even *self = (struct batch_even *)base;
    const size_t line_len = prt_waiting_n(&self->in_line);
    char *const *line = item;

    (void)line_len;
    (void)line;
#line 45 "batch.pipe"
                                     return PRT_UNITS(base, "weight", 2);
#line 399 "batch.c"
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void batch_wire_(struct prt_run *run, const struct batch_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "batch.pipe:9",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(char *), .cap = 200, .drop = prt_string_drop });
    /* one sender, many receivers */
    struct prt_chan *const chan_lengths = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lengths", .place = "batch.pipe:10",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 200 });
    /* one sender, one receiver */
    struct prt_chan *const chan_texts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "texts", .place = "batch.pipe:11",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 16, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_others = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "others", .place = "batch.pipe:12",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 16, .drop = prt_string_drop });
    /* many senders, one receiver */
    struct prt_chan *const chan_sums = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "sums", .place = "batch.pipe:13",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(long), .cap = 16 });
    struct prt_bound *const bound_memory = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "memory", .permits = 1000 });
    struct prt_bound *const bound_count = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "count", .permits = 4 });
    struct prt_bound *const bound_first = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "first", .permits = 9 });
    struct prt_bound *const bound_even = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "even", .permits = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "batch.pipe:15",
        .size = sizeof(struct batch_read),
        .align = _Alignof(struct batch_read),
        .workers = 1,
        .fixed = true,
        .run = batch_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_read, to_lines), .chan = chan_lines, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "measure", .place = "batch.pipe:19",
        .size = sizeof(struct batch_measure),
        .align = _Alignof(struct batch_measure),
        .workers = 1,
        .fixed = true,
        .run = batch_measure_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_memory, .weight = batch_measure_weight_memory_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_measure, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
        .collect = (uint64_t)params->most,
        .within = 50000000, /* 50ms */
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_measure, to_lengths), .chan = chan_lengths, .most = PRT_ANY },
            { .at = offsetof(struct batch_measure, to_texts), .chan = chan_texts, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "batch.pipe:25",
        .size = sizeof(struct batch_add),
        .align = _Alignof(struct batch_add),
        .workers = 2,
        .ordered = true,
        .leaf = true,
        .run = batch_add_run_,
        .shown = PRT_SHOWN_SIGNED,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_add, in_n),
              .chans = (struct prt_chan *const[]){ chan_lengths }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 50,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_add, to_sums), .chan = chan_sums, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "report", .place = "batch.pipe:34",
        .size = sizeof(struct batch_report),
        .align = _Alignof(struct batch_report),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_report_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_report, in_s),
              .chans = (struct prt_chan *const[]){ chan_sums }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_report, to_others), .chan = chan_others, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "batch.pipe:38",
        .size = sizeof(struct batch_show),
        .align = _Alignof(struct batch_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_show, in_t),
              .chans = (struct prt_chan *const[]){ chan_texts, chan_others }, .nchans = 2 },
        },
        .nins = 1,
        .collect = 8,
        .within = 1000000000, /* 1s */
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "unused", .place = "batch.pipe:40",
        .size = sizeof(struct batch_unused),
        .align = _Alignof(struct batch_unused),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_unused_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_unused, in_t),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "batch.pipe:43",
        .size = sizeof(struct batch_count),
        .align = _Alignof(struct batch_count),
        .workers = 2,
        .leaf = true,
        .run = batch_count_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_count, .weight = batch_count_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_count, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 9,
        .within = 50000000, /* 50ms */
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "first", .place = "batch.pipe:44",
        .size = sizeof(struct batch_first),
        .align = _Alignof(struct batch_first),
        .workers = 2,
        .leaf = true,
        .run = batch_first_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_first, .weight = batch_first_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_first, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 9,
        .within = 50000000, /* 50ms */
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "even", .place = "batch.pipe:45",
        .size = sizeof(struct batch_even),
        .align = _Alignof(struct batch_even),
        .workers = 2,
        .leaf = true,
        .run = batch_even_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_even, .weight = batch_even_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_even, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 9,
        .within = 50000000, /* 50ms */
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param batch_options_[] = {
    { .name = "most", .doc = "items of a batch", .type = PRT_INT,
      .at = offsetof(struct batch_params, most), .value.i = 100, .ranged = true, .low.i = 1, .high.i = INT32_MAX },
};

static const char *const batch_pools_[] = { "add", "count", "first", "even" };

static const struct prt_program batch_program_ = {
    .name = "batch",
    .params = batch_options_,
    .nparams = 1,
    .pools = batch_pools_,
    .npools = 4,
};

int main(int argc, char **argv)
{
    static struct batch pipe;
    const int status = prt_options(&batch_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "batch", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    batch_wire_(run, &pipe.params);
    return prt_run(run);
}
