/* Emitted by pipec 0.1.0 from pull.pipe; edit that file instead.
 *
 *     a --left[8]--> merge x2 --both[*]--> count --counted[4]--> show
 *     b --right[8]--> merge x2
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "pull.pipe"
#include <stdio.h>

typedef struct line *row; /* owns something: row_free() drops it */

struct line { int key; };

static void row_free(struct line *line)
{
    free(line);
}
#include <prt/words.h>
#line 24 "pull.c"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type row; one of all zero bytes is empty. */
static void pull_drop_row_(void *item)
{
#line 6 "pull.pipe"
    if (*(row *)item)
#line 6 "pull.pipe"
        row_free(*(row *)item);
#line 35 "pull.c"
}

/* ---- params ------------------------------------------------------------------------ */

struct pull_params {
#line 16 "pull.pipe"
    int least;
#line 43 "pull.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "pull.pipe"
struct pull {
#line 50 "pull.c"
    struct pull_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* pull.pipe:23: a -> left
 * A source; sends any number of items, so its emit may wait for room. */
#line 23 "pull.pipe"
struct pull_a {
#line 61 "pull.c"
    struct prt_worker base;
    int worker;
    struct pull *pipe;
    struct prt_out to_left;
};

static inline bool pull_a_emit_left(struct pull_a *self, row value)
{
    return prt_emit(&self->to_left, &value, sizeof value);
}

#line 23 "pull.pipe"
static void pull_a_(struct pull_a *self)
{
#line 24 "pull.pipe"
    for (int i = 0; i < 10; i++)
        if (!pull_a_emit_left(self, calloc(1, sizeof(struct line)))) return;
}
#line 80 "pull.c"

static void pull_a_run_(struct prt_worker *base)
{
    pull_a_((struct pull_a *)base);
}

/* pull.pipe:27: b -> right
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 27 "pull.pipe"
struct pull_b {
#line 91 "pull.c"
    struct prt_worker base;
    int worker;
    struct pull *pipe;
    struct prt_out to_right;
};

static inline bool pull_b_emit_right(struct pull_b *self, row value)
{
    return prt_emit(&self->to_right, &value, sizeof value);
}

#line 27 "pull.pipe"
static void pull_b_(struct pull_b *self)
{
#line 28 "pull.pipe"
    if (!pull_b_emit_right(self, calloc(1, sizeof(struct line)))) return;
}
#line 109 "pull.c"

static void pull_b_run_(struct prt_worker *base)
{
    pull_b_((struct pull_b *)base);
}

/* pull.pipe:31: merge (pull l <- left, pull r <- right) -> both, workers 2
 * Takes its items itself; its body runs once in each worker, and waits for them and for room. */
#line 31 "pull.pipe"
struct pull_merge {
#line 120 "pull.c"
    struct prt_worker base;
    int worker;
    struct pull *pipe;
    struct prt_in in_l;
    struct prt_in in_r;
    struct prt_out to_both;
};

static inline bool pull_merge_next_l(struct pull_merge *self, row *item)
{
    return prt_next(&self->in_l, item);
}

static inline int pull_merge_next_for_l(struct pull_merge *self, row *item, int64_t ns)
{
    return prt_next_for(&self->in_l, item, ns);
}

static inline bool pull_merge_next_r(struct pull_merge *self, row *item)
{
    return prt_next(&self->in_r, item);
}

static inline int pull_merge_next_for_r(struct pull_merge *self, row *item, int64_t ns)
{
    return prt_next_for(&self->in_r, item, ns);
}

static inline int pull_merge_next_any(struct pull_merge *self, row *l, row *r)
{
    struct prt_in *const ins[] = { &self->in_l, &self->in_r };
    void *const items[] = { l, r };

    return prt_next_any(ins, items, 2);
}

static inline int pull_merge_next_any_r(struct pull_merge *self, row *r)
{
    struct prt_in *const ins[] = { &self->in_r };
    void *const items[] = { r };

    return prt_next_any(ins, items, 1);
}

static inline int pull_merge_next_any_r_l(struct pull_merge *self, row *r, row *l)
{
    struct prt_in *const ins[] = { &self->in_r, &self->in_l };
    void *const items[] = { r, l };

    return prt_next_any(ins, items, 2);
}

static inline bool pull_merge_emit_both(struct pull_merge *self, row value)
{
    return prt_emit(&self->to_both, &value, sizeof value);
}

#line 33 "pull.pipe"
    static bool pull_merge_skip(struct pull_merge *self)
    {
#line 181 "pull.c"
    const int least = self->pipe->params.least;
#line 34 "pull.pipe"

        row r = NULL;
        bool some = false;

        while (pull_merge_next_r(self, &r) && r->key < least)
            some = true;
        row_free(PRT_TAKE(r));
        return some;
    }
#line 193 "pull.c"

#line 31 "pull.pipe"
static void pull_merge_(struct pull_merge *self)
{
    row l __attribute__((__cleanup__(pull_drop_row_))) = { 0 };
    row r __attribute__((__cleanup__(pull_drop_row_))) = { 0 };
    const int least = self->pipe->params.least;
#line 45 "pull.pipe"
    while (pull_merge_next_l(self,
               &l))
        if (!pull_merge_emit_both(self, PRT_TAKE(l))) return;
    if (pull_merge_skip(self)) { pull_merge_next_r(self, &r); }
    while (pull_merge_next_any(self, &l, &r) >= 0 || pull_merge_next_any_r(self, &r) >= 0)
        if (pull_merge_next_any_r_l(self, &r,
                     &l) < 0)
            return;
    if (pull_merge_next_for_l(self, &l, 250000000) == 0 && pull_merge_next_for_r(self, &r, 1000 + least))
        if (!pull_merge_emit_both(self, PRT_TAKE(r))) return;
}
#line 213 "pull.c"

static void pull_merge_run_(struct prt_worker *base)
{
    pull_merge_((struct pull_merge *)base);
}

/* pull.pipe:57: count (pull row_ <- both) -> counted, blocking
 * Takes its items itself; its body runs once in each worker on a thread of its own, and waits for them and for room. */
#line 57 "pull.pipe"
struct pull_count {
#line 224 "pull.c"
    struct prt_worker base;
    int worker;
    struct pull *pipe;
    struct prt_in in_row_;
    struct prt_out to_counted;
};

__attribute__((__unused__)) static inline bool pull_count_next_row_(struct pull_count *self, row *item)
{
    return prt_next(&self->in_row_, item);
}

__attribute__((__unused__)) static inline int pull_count_next_for_row_(struct pull_count *self, row *item, int64_t ns)
{
    return prt_next_for(&self->in_row_, item, ns);
}

__attribute__((__unused__)) static inline int pull_count_next_any(struct pull_count *self, row *row_)
{
    struct prt_in *const ins[] = { &self->in_row_ };
    void *const items[] = { row_ };

    return prt_next_any(ins, items, 1);
}

__attribute__((__unused__)) static inline bool pull_count_emit_counted(struct pull_count *self, int value)
{
    return prt_emit(&self->to_counted, &value, sizeof value);
}

#define pull_count_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 57 "pull.pipe"
enum prt_result count_rows(struct pull_count *self);
#line 259 "pull.c"

static void pull_count_run_(struct prt_worker *base)
{
    struct pull_count *self = (struct pull_count *)base;

    count_rows(self);
}

/* pull.pipe:59: show (pull n <- counted)
 * Takes its items itself; its body runs once in each worker, and waits for them. */
#line 59 "pull.pipe"
struct pull_show {
#line 272 "pull.c"
    struct prt_worker base;
    int worker;
    struct pull *pipe;
    struct prt_in in_n;
};

static inline bool pull_show_next_n(struct pull_show *self, int *item)
{
    return prt_next(&self->in_n, item);
}

#line 59 "pull.pipe"
static void pull_show_(struct pull_show *self)
{
    int n = { 0 };
#line 60 "pull.pipe"
    while (pull_show_next_n(self, &n)) printf("%d\n", n);
}
#line 291 "pull.c"

static void pull_show_run_(struct prt_worker *base)
{
    pull_show_((struct pull_show *)base);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void pull_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_left = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "left", .place = "pull.pipe:18",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(row), .cap = 8, .drop = pull_drop_row_ });
    /* one sender, many receivers */
    struct prt_chan *const chan_right = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "right", .place = "pull.pipe:19",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(row), .cap = 8, .drop = pull_drop_row_ });
    /* grows as it needs, so nobody waits to send */
    struct prt_chan *const chan_both = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "both", .place = "pull.pipe:20",
        .kind = PRT_GROWING, .item_size = sizeof(row), .drop = pull_drop_row_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_counted = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "counted", .place = "pull.pipe:21",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "a", .place = "pull.pipe:23",
        .size = sizeof(struct pull_a),
        .align = _Alignof(struct pull_a),
        .workers = 1,
        .fixed = true,
        .run = pull_a_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct pull_a, to_left), .chan = chan_left, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "b", .place = "pull.pipe:27",
        .size = sizeof(struct pull_b),
        .align = _Alignof(struct pull_b),
        .workers = 1,
        .fixed = true,
        .run = pull_b_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct pull_b, to_right), .chan = chan_right, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "merge", .place = "pull.pipe:31",
        .size = sizeof(struct pull_merge),
        .align = _Alignof(struct pull_merge),
        .workers = 2,
        .run = pull_merge_run_,
        .pulls = (const struct prt_in_spec[]){
            { .at = offsetof(struct pull_merge, in_l),
              .chans = (struct prt_chan *const[]){ chan_left }, .nchans = 1 },
            { .at = offsetof(struct pull_merge, in_r),
              .chans = (struct prt_chan *const[]){ chan_right }, .nchans = 1 },
        },
        .npulls = 2,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct pull_merge, to_both), .chan = chan_both, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "pull.pipe:57",
        .size = sizeof(struct pull_count),
        .align = _Alignof(struct pull_count),
        .workers = 1,
        .fixed = true,
        .blocking = true,
        .run = pull_count_run_,
        .pulls = (const struct prt_in_spec[]){
            { .at = offsetof(struct pull_count, in_row_),
              .chans = (struct prt_chan *const[]){ chan_both }, .nchans = 1 },
        },
        .npulls = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct pull_count, to_counted), .chan = chan_counted, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "pull.pipe:59",
        .size = sizeof(struct pull_show),
        .align = _Alignof(struct pull_show),
        .workers = 1,
        .fixed = true,
        .run = pull_show_run_,
        .pulls = (const struct prt_in_spec[]){
            { .at = offsetof(struct pull_show, in_n),
              .chans = (struct prt_chan *const[]){ chan_counted }, .nchans = 1 },
        },
        .npulls = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param pull_options_[] = {
    { .name = "least", .type = PRT_INT,
      .at = offsetof(struct pull_params, least), .value.i = 0 },
};

static const char *const pull_pools_[] = { "merge" };

static const struct prt_program pull_program_ = {
    .name = "pull",
    .params = pull_options_,
    .nparams = 1,
    .pools = pull_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct pull pipe;
    const int status = prt_options(&pull_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "pull", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    pull_wire_(run);
    return prt_run(run);
}
