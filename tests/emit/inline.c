/* Emitted by pipec 0.1.0 from inline.pipe; edit that file instead.
 *
 *     from --a()--> one --b()--> fork --c()--> show
 *     fork --d[4]--> pool x3 --e()--> pairs x3 --f()--> hold x3
 *     pairs x3 --g[4]--> add
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "inline.pipe"
#include <stdio.h>
#include <string.h>
#include <prt/words.h>
#line 17 "inline.c"

/* ---- params ------------------------------------------------------------------------ */

struct inlined_params {
#line 7 "inline.pipe"
    int depth; /* a capacity that is never read */
    int most;  /* items */
#line 25 "inline.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "inline.pipe"
struct inlined {
#line 32 "inline.c"
    struct inlined_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* inline.pipe:46: show (text <- c), inline
 * Runs within 'fork': an item comes by a function call. */
#line 46 "inline.pipe"
struct inlined_show {
#line 43 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
};

/* inline.pipe:27: fork (x <- b) -> c[0..1], d, inline, on fail then skip
 * Runs within 'one': an item comes by a function call; sends at most one item for each. */
#line 27 "inline.pipe"
struct inlined_fork {
#line 53 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
    struct prt_call call_c;
    struct inlined_show to_c; /* inline: sending to c runs show */
    struct prt_out to_d;
#line 29 "inline.pipe"
    int seen;
};
#line 63 "inline.c"

static void inlined_show_(struct inlined_show *self, char *value);

static inline bool inlined_fork_emit_c(struct inlined_fork *self, char *value)
{
    prt_call_count(&self->call_c);
    inlined_show_(&self->to_c, value);
    return true;
}

static inline bool inlined_fork_emit_d(struct inlined_fork *self, int value)
{
    return prt_emit(&self->to_d, &value, sizeof value);
}

/* inline.pipe:23: one (x <- a) -> b, inline
 * Runs within 'from': an item comes by a function call; sends exactly one item for each. */
#line 23 "inline.pipe"
struct inlined_one {
#line 83 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
    struct inlined_fork to_b; /* inline: sending to b runs fork */
};

static void inlined_fork_(struct inlined_fork *self, int value);

static inline bool inlined_one_emit_b(struct inlined_one *self, int value)
{
    inlined_fork_(&self->to_b, value);
    return true;
}

/* inline.pipe:18: from -> a
 * A source; sends any number of items, so its emit may wait for room. */
#line 18 "inline.pipe"
struct inlined_from {
#line 102 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
    struct prt_call call_a;
    struct inlined_one to_a; /* inline: sending to a runs one */
};

static void inlined_one_(struct inlined_one *self, int value);

static inline bool inlined_from_emit_a(struct inlined_from *self, int value)
{
    if (!prt_call_begin(&self->call_a))
        return false;
    inlined_one_(&self->to_a, value);
    prt_call_end(&self->call_a);
    return true;
}

#line 18 "inline.pipe"
static void inlined_from_(struct inlined_from *self)
{
    const int most = self->pipe->params.most;
#line 19 "inline.pipe"
    for (int i = 0; i < most; i++)
        if (!inlined_from_emit_a(self, i)) return;
}
#line 129 "inline.c"

static void inlined_from_run_(struct prt_worker *base)
{
    inlined_from_((struct inlined_from *)base);
}

#line 23 "inline.pipe"
static void inlined_one_(struct inlined_one *self, int x)
{
#line 24 "inline.pipe"
    if (!inlined_one_emit_b(self, x + 1)) return;
}
#line 142 "inline.c"

static void inlined_fork_init_(struct prt_worker *base)
{
    struct inlined_fork *self = (struct inlined_fork *)base;
#line 32 "inline.pipe"
    self->seen = 0;
}
#line 150 "inline.c"

#line 27 "inline.pipe"
static void inlined_fork_(struct inlined_fork *self, int x)
{
#line 35 "inline.pipe"
    self->seen++;
    if (x < 0)
        { prt_fail_item(&self->base, &(int){ x }, "%d is negative", x); return; }
    if (x % 2)
        if (!inlined_fork_emit_c(self, strdup("odd"))) return;
    if (!inlined_fork_emit_d(self, x)) return;
}
#line 163 "inline.c"

static void inlined_fork_final_(struct prt_worker *base)
{
    struct inlined_fork *self = (struct inlined_fork *)base;
#line 43 "inline.pipe"
    if (!inlined_fork_emit_d(self, self->seen)) return;
}
#line 171 "inline.c"

#line 46 "inline.pipe"
static void inlined_show_(struct inlined_show *self, char *item)
{
    char *text __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 47 "inline.pipe"
    puts(text);
}
#line 181 "inline.c"

/* inline.pipe:61: hold (x <- f), inline
 * Runs within 'pairs': an item comes by a function call. */
#line 61 "inline.pipe"
struct inlined_hold {
#line 187 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
#line 63 "inline.pipe"
    int sum;
};
#line 194 "inline.c"

/* inline.pipe:54: pairs (x <- e) -> f[2], g[1], inline
 * Runs within 'pool': an item comes by a function call; sends at most 2 items for each. */
#line 54 "inline.pipe"
struct inlined_pairs {
#line 200 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
    struct prt_call call_f;
    struct inlined_hold to_f; /* inline: sending to f runs hold */
    struct prt_out to_g;
};

static void inlined_hold_(struct inlined_hold *self, int value);

static inline bool inlined_pairs_emit_f(struct inlined_pairs *self, int value)
{
    if (!prt_call_check(&self->call_f))
        return false;
    inlined_hold_(&self->to_f, value);
    return true;
}

static inline bool inlined_pairs_emit_g(struct inlined_pairs *self, int value)
{
    return prt_emit(&self->to_g, &value, sizeof value);
}

/* inline.pipe:50: pool (x <- d) -> e, workers 3
 * Sends exactly one item for each that it receives, so it never waits. */
#line 50 "inline.pipe"
struct inlined_pool {
#line 228 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
    struct prt_in in_x;
    struct inlined_pairs to_e; /* inline: sending to e runs pairs */
};

static void inlined_pairs_run_(struct inlined_pairs *self, int value);

static inline bool inlined_pool_emit_e(struct inlined_pool *self, int value)
{
    inlined_pairs_run_(&self->to_e, value);
    return true;
}

#line 50 "inline.pipe"
static void inlined_pool_(struct inlined_pool *self, int x)
{
#line 51 "inline.pipe"
    if (!inlined_pool_emit_e(self, x)) return;
}
#line 250 "inline.c"

static void inlined_pool_run_(struct prt_worker *base)
{
    struct inlined_pool *self = (struct inlined_pool *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        inlined_pool_(self, x);
}

#line 54 "inline.pipe"
static void inlined_pairs_(struct inlined_pairs *self, int x)
{
#line 55 "inline.pipe"
    for (int i = 0; i < 2; i++)
        if (!inlined_pairs_emit_f(self, x)) return;
    for (int i = 0; i < 1; i++)
        if (!inlined_pairs_emit_g(self, x)) return;
}
#line 270 "inline.c"

static void inlined_pairs_run_(struct inlined_pairs *self, int x)
{
    prt_call_mark(&self->call_f);
    prt_begin(&self->to_g);
    inlined_pairs_(self, x);
    prt_call_kept(&self->call_f, 2, 2);
    prt_kept(&self->to_g, 1, 1);
}

#line 61 "inline.pipe"
static void inlined_hold_(struct inlined_hold *self, int x)
{
#line 66 "inline.pipe"
    self->sum += x;
}
#line 287 "inline.c"

/* inline.pipe:69: add (x <- g)
 * A sink; it never waits for room. */
#line 69 "inline.pipe"
struct inlined_add {
#line 293 "inline.c"
    struct prt_worker base;
    int worker;
    struct inlined *pipe;
    struct prt_in in_x;
};

#line 69 "inline.pipe"
static void inlined_add_(struct inlined_add *self, int x)
{
    (void)self;
#line 70 "inline.pipe"
    printf("%d\n", x);
}
#line 307 "inline.c"

static void inlined_add_run_(struct prt_worker *base)
{
    struct inlined_add *self = (struct inlined_add *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        inlined_add_(self, x);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void inlined_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_d = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "d", .place = "inline.pipe:13",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, one receiver */
    struct prt_chan *const chan_g = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "g", .place = "inline.pipe:16",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    static const struct prt_inline_spec inlines_from[] = {
        { .name = "one", .place = "inline.pipe:23",
          .chan = "a", .at = offsetof(struct inlined_from, to_a),
          .call_at = offsetof(struct inlined_from, call_a) },
        { .name = "fork", .place = "inline.pipe:27",
          .chan = "b", .by = 1, .at = offsetof(struct inlined_one, to_b),
          .init = inlined_fork_init_,
          .final = inlined_fork_final_,
          .on_fail = PRT_THEN_SKIP,
          .shown = PRT_SHOWN_SIGNED, .item_size = sizeof(int) },
        { .name = "show", .place = "inline.pipe:46",
          .chan = "c", .by = 2, .at = offsetof(struct inlined_fork, to_c),
          .call_at = offsetof(struct inlined_fork, call_c) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "inline.pipe:18",
        .size = sizeof(struct inlined_from),
        .align = _Alignof(struct inlined_from),
        .workers = 1,
        .fixed = true,
        .run = inlined_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct inlined_fork, to_d), .chan = chan_d, .most = PRT_ANY, .by = 2 },
        },
        .nouts = 1,
        .inlines = inlines_from,
        .ninlines = 3,
    });

    static const struct prt_inline_spec inlines_pool[] = {
        { .name = "pairs", .place = "inline.pipe:54",
          .chan = "e", .at = offsetof(struct inlined_pool, to_e) },
        { .name = "hold", .place = "inline.pipe:61",
          .chan = "f", .by = 1, .at = offsetof(struct inlined_pairs, to_f),
          .call_at = offsetof(struct inlined_pairs, call_f) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "pool", .place = "inline.pipe:50",
        .size = sizeof(struct inlined_pool),
        .align = _Alignof(struct inlined_pool),
        .workers = 3,
        .leaf = true,
        .run = inlined_pool_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct inlined_pool, in_x),
              .chans = (struct prt_chan *const[]){ chan_d }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct inlined_pairs, to_g), .chan = chan_g, .most = 1, .by = 1 },
        },
        .nouts = 1,
        .inlines = inlines_pool,
        .ninlines = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "inline.pipe:69",
        .size = sizeof(struct inlined_add),
        .align = _Alignof(struct inlined_add),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = inlined_add_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct inlined_add, in_x),
              .chans = (struct prt_chan *const[]){ chan_g }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param inlined_options_[] = {
    { .name = "depth", .doc = "a capacity that is never read", .type = PRT_INT,
      .at = offsetof(struct inlined_params, depth), .value.i = 4 },
    { .name = "most", .doc = "items", .type = PRT_INT,
      .at = offsetof(struct inlined_params, most), .value.i = 3 },
};

static const char *const inlined_pools_[] = { "pool" };

static const struct prt_program inlined_program_ = {
    .name = "inlined",
    .params = inlined_options_,
    .nparams = 2,
    .pools = inlined_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct inlined pipe;
    const int status = prt_options(&inlined_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "inlined", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    inlined_wire_(run);
    return prt_run(run);
}
