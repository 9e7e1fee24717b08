/* Emitted by pipec 0.1.0 from sections.pipe; edit that file instead.
 *
 *     count --numbers[4]--> add x2 --sums[4]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "sections.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 14 "sections.c"

/* ---- params ------------------------------------------------------------------------ */

struct sections_params {
#line 6 "sections.pipe"
    int most;
#line 21 "sections.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "sections.pipe"
struct sections {
#line 28 "sections.c"
    struct sections_params params;
    struct prt_settings settings;
#line 9 "sections.pipe"
    FILE *log;
    int opened;
};
#line 35 "sections.c"

/* ---- before and after all stages --------------------------------------------------- */

struct sections_pipeline_ {
    struct prt_worker *base;
    struct sections *pipe;
};

static void sections_init_(struct prt_worker *base, void *pipe)
{
    struct sections_pipeline_ *self = &(struct sections_pipeline_){ .base = base, .pipe = pipe };
    const int most = self->pipe->params.most;
#line 13 "sections.pipe"
    self->pipe->log = fopen("/dev/null", "w");
    if (!self->pipe->log)
        { prt_fail(self->base, "no log"); return; }
    else
        fprintf(self->pipe->log, "%d\n", most);
}
#line 55 "sections.c"

static void sections_final_(struct prt_worker *base, void *pipe)
{
    struct sections_pipeline_ *self = &(struct sections_pipeline_){ .base = base, .pipe = pipe };
#line 20 "sections.pipe"
    if (self->pipe->log && fclose(self->pipe->log) != 0) { prt_fail(self->base, "log not written"); return; }
    if (prt_failed(self->base)) puts("failed");
}
#line 64 "sections.c"

/* ---- stages ------------------------------------------------------------------------ */

/* sections.pipe:27: count -> numbers
 * A source; sends any number of items, so its emit may wait for room. */
#line 27 "sections.pipe"
struct sections_count {
#line 72 "sections.c"
    struct prt_worker base;
    int worker;
    struct sections *pipe;
    struct prt_out to_numbers;
#line 28 "sections.pipe"
        int next;
#line 28 "sections.pipe"
};
#line 81 "sections.c"

static inline bool sections_count_emit_numbers(struct sections_count *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

static void sections_count_init_(struct prt_worker *base)
{
    struct sections_count *self = (struct sections_count *)base;
#line 29 "sections.pipe"
    self->next = 1;
#line 29 "sections.pipe"
}
#line 95 "sections.c"

#line 27 "sections.pipe"
static void sections_count_(struct sections_count *self)
{
    const int most = self->pipe->params.most;
#line 31 "sections.pipe"
    while (!prt_stopping(&self->base) && self->next <= most)
        if (!sections_count_emit_numbers(self, self->next++)) return;
    if (self->next > 100)
        prt_stop(&self->base);
}
#line 107 "sections.c"

static void sections_count_run_(struct prt_worker *base)
{
    sections_count_((struct sections_count *)base);
}

/* sections.pipe:37: add (n <- numbers) -> sums, workers 2, on fail then skip
 * Its flush sends items, so it may wait for room. */
#line 37 "sections.pipe"
struct sections_add {
#line 118 "sections.c"
    struct prt_worker base;
    int worker;
    struct sections *pipe;
    struct prt_in in_n;
    struct prt_out to_sums;
#line 39 "sections.pipe"
    long sum;
    int number;
};
#line 128 "sections.c"

static inline bool sections_add_emit_sums(struct sections_add *self, long value)
{
    return prt_emit(&self->to_sums, &value, sizeof value);
}

static void sections_add_init_(struct prt_worker *base_)
{
    struct sections_add *self = (struct sections_add *)base_;
#line 42 "sections.pipe"
    int base = self->worker; self->number = base;
#line 42 "sections.pipe"
}
#line 142 "sections.c"

#line 37 "sections.pipe"
static void sections_add_(struct sections_add *self, int n)
{
#line 44 "sections.pipe"
    if (n < 0)
        { prt_fail_item(&self->base, &(int){ n }, "%d is negative", n); return; }
    else
        self->sum += n;
}
#line 153 "sections.c"

static void sections_add_run_(struct prt_worker *base)
{
    struct sections_add *self = (struct sections_add *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        sections_add_(self, n);
}

static void sections_add_flush_(struct prt_worker *base)
{
    struct sections_add *self = (struct sections_add *)base;
#line 50 "sections.pipe"
    if (!sections_add_emit_sums(self, self->sum)) return;
    self->sum = 0;
}
#line 171 "sections.c"

static void sections_add_final_(struct prt_worker *base)
{
    struct sections_add *self = (struct sections_add *)base;
#line 54 "sections.pipe"
    if (self->sum) if (!sections_add_emit_sums(self, self->sum)) return;
}
#line 179 "sections.c"

/* sections.pipe:57: show (sum <- sums)
 * A sink; it never waits for room. */
#line 57 "sections.pipe"
struct sections_show {
#line 185 "sections.c"
    struct prt_worker base;
    int worker;
    struct sections *pipe;
    struct prt_in in_sum;
};

static void sections_show_init_(struct prt_worker *base)
{
    (void)base;
#line 58 "sections.pipe"
    puts("sums:");
#line 58 "sections.pipe"
}
#line 199 "sections.c"

#line 57 "sections.pipe"
static void sections_show_(struct sections_show *self, long sum)
{
    (void)self;
    printf("%ld\n", sum);
}
#line 207 "sections.c"

static void sections_show_run_(struct prt_worker *base)
{
    struct sections_show *self = (struct sections_show *)base;
    long sum;

    while (prt_receive(&self->in_sum, &sum, sizeof sum))
        sections_show_(self, sum);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void sections_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "sections.pipe:24",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, one receiver */
    struct prt_chan *const chan_sums = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "sums", .place = "sections.pipe:25",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(long), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "sections.pipe:27",
        .size = sizeof(struct sections_count),
        .align = _Alignof(struct sections_count),
        .workers = 1,
        .fixed = true,
        .run = sections_count_run_,
        .init = sections_count_init_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct sections_count, to_numbers), .chan = chan_numbers, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "sections.pipe:37",
        .size = sizeof(struct sections_add),
        .align = _Alignof(struct sections_add),
        .workers = 2,
        .run = sections_add_run_,
        .init = sections_add_init_,
        .final = sections_add_final_,
        .flush = sections_add_flush_,
        .flush_every = 5000000000, /* 5s */
        .on_fail = PRT_THEN_SKIP,
        .shown = PRT_SHOWN_SIGNED,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct sections_add, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct sections_add, to_sums), .chan = chan_sums, .most = 0 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "sections.pipe:57",
        .size = sizeof(struct sections_show),
        .align = _Alignof(struct sections_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = sections_show_run_,
        .init = sections_show_init_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct sections_show, in_sum),
              .chans = (struct prt_chan *const[]){ chan_sums }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param sections_options_[] = {
    { .name = "most", .type = PRT_INT,
      .at = offsetof(struct sections_params, most), .value.i = 3 },
};

static const char *const sections_pools_[] = { "add" };

static const struct prt_program sections_program_ = {
    .name = "sections",
    .doc = "has one of each",
    .params = sections_options_,
    .nparams = 1,
    .pools = sections_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct sections pipe;
    const int status = prt_options(&sections_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "sections", .pipe = &pipe, .settings = &pipe.settings, .init = sections_init_, .final = sections_final_ });
    if (!run)
        return 1;
    sections_wire_(run);
    return prt_run(run);
}
