/* Emitted by pipec 0.1.0 from counts.pipe; edit that file instead.
 *
 *     numbers --odd[4]--> double_up --rest[0]--> last
 *     numbers --even[4]--> double_up
 *     double_up, three --pairs[4]--> last
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "counts.pipe"
struct counts {
#line 17 "counts.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* counts.pipe:9: numbers -> odd, even
 * A source; sends any number of items, so its emit may wait for room. */
#line 9 "counts.pipe"
struct counts_numbers {
#line 27 "counts.c"
    struct prt_worker base;
    int worker;
    struct counts *pipe;
    struct prt_out to_odd;
    struct prt_out to_even;
};

static inline bool counts_numbers_emit_odd(struct counts_numbers *self, int value)
{
    return prt_emit(&self->to_odd, &value, sizeof value);
}

static inline bool counts_numbers_emit_even(struct counts_numbers *self, int value)
{
    return prt_emit(&self->to_even, &value, sizeof value);
}

#line 9 "counts.pipe"
static void counts_numbers_(struct counts_numbers *self)
{
#line 10 "counts.pipe"
    for (int i = 0; i < 100; i++) {
        if (i % 2)
            { if (!counts_numbers_emit_odd(self, i)) return; }
        else
            if (!counts_numbers_emit_even(self, i)) return;
    }
}
#line 56 "counts.c"

static void counts_numbers_run_(struct prt_worker *base)
{
    counts_numbers_((struct counts_numbers *)base);
}

/* counts.pipe:18: double_up (n <- odd | even) -> pairs[2], rest[0..1]
 * Sends at most 2 items to each output for each that it receives, so it never waits. */
#line 18 "counts.pipe"
struct counts_double_up {
#line 67 "counts.c"
    struct prt_worker base;
    int worker;
    struct counts *pipe;
    struct prt_in in_n;
    struct prt_out to_pairs;
    struct prt_out to_rest;
};

static inline bool counts_double_up_emit_pairs(struct counts_double_up *self, int value)
{
    return prt_emit(&self->to_pairs, &value, sizeof value);
}

static inline bool counts_double_up_emit_rest(struct counts_double_up *self, int value)
{
    return prt_emit(&self->to_rest, &value, sizeof value);
}

#line 18 "counts.pipe"
static void counts_double_up_(struct counts_double_up *self, int n)
{
#line 19 "counts.pipe"
    for (int i = 0; i < 2; i++)
        if (!counts_double_up_emit_pairs(self, n)) return;
    if (n > 10)
        if (!counts_double_up_emit_rest(self, n)) return;
}
#line 95 "counts.c"

static void counts_double_up_run_(struct prt_worker *base)
{
    struct counts_double_up *self = (struct counts_double_up *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n)) {
        prt_begin(&self->to_pairs);
        counts_double_up_(self, n);
        prt_kept(&self->to_pairs, 2, 2);
    }
}

/* counts.pipe:25: three -> pairs[3]
 * A source; sends exactly 3 items each time it runs, so its emit may wait for room. */
#line 25 "counts.pipe"
struct counts_three {
#line 113 "counts.c"
    struct prt_worker base;
    int worker;
    struct counts *pipe;
    struct prt_out to_pairs;
};

static inline bool counts_three_emit_pairs(struct counts_three *self, int value)
{
    return prt_emit(&self->to_pairs, &value, sizeof value);
}

#line 25 "counts.pipe"
static void counts_three_(struct counts_three *self)
{
#line 26 "counts.pipe"
    int i = 0;

    while (i < 3)
        if (!counts_three_emit_pairs(self, i++)) return;
}
#line 134 "counts.c"

static void counts_three_run_(struct prt_worker *base)
{
    struct counts_three *self = (struct counts_three *)base;

    prt_begin(&self->to_pairs);
    counts_three_(self);
    prt_kept(&self->to_pairs, 3, 3);
}

/* counts.pipe:32: last (p <- pairs | rest)
 * A sink; it never waits for room. */
#line 32 "counts.pipe"
struct counts_last {
#line 149 "counts.c"
    struct prt_worker base;
    int worker;
    struct counts *pipe;
    struct prt_in in_p;
};

#line 32 "counts.pipe"
static void counts_last_(struct counts_last *self, int p)
{
    (void)self;
#line 33 "counts.pipe"
    (void)p;
}
#line 163 "counts.c"

static void counts_last_run_(struct prt_worker *base)
{
    struct counts_last *self = (struct counts_last *)base;
    int p;

    while (prt_receive(&self->in_p, &p, sizeof p))
        counts_last_(self, p);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void counts_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_odd = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "odd", .place = "counts.pipe:4",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_even = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "even", .place = "counts.pipe:5",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* many senders, one receiver */
    struct prt_chan *const chan_pairs = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "pairs", .place = "counts.pipe:6",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* holds nothing: a sender goes on once a body has begun with its item */
    struct prt_chan *const chan_rest = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "rest", .place = "counts.pipe:7",
        .kind = PRT_RENDEZVOUS, .item_size = sizeof(int) });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "numbers", .place = "counts.pipe:9",
        .size = sizeof(struct counts_numbers),
        .align = _Alignof(struct counts_numbers),
        .workers = 1,
        .fixed = true,
        .run = counts_numbers_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct counts_numbers, to_odd), .chan = chan_odd, .most = PRT_ANY },
            { .at = offsetof(struct counts_numbers, to_even), .chan = chan_even, .most = PRT_ANY },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "double_up", .place = "counts.pipe:18",
        .size = sizeof(struct counts_double_up),
        .align = _Alignof(struct counts_double_up),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = counts_double_up_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct counts_double_up, in_n),
              .chans = (struct prt_chan *const[]){ chan_odd, chan_even }, .nchans = 2 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct counts_double_up, to_pairs), .chan = chan_pairs, .most = 2 },
            { .at = offsetof(struct counts_double_up, to_rest), .chan = chan_rest, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "three", .place = "counts.pipe:25",
        .size = sizeof(struct counts_three),
        .align = _Alignof(struct counts_three),
        .workers = 1,
        .fixed = true,
        .run = counts_three_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct counts_three, to_pairs), .chan = chan_pairs, .most = 3 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "last", .place = "counts.pipe:32",
        .size = sizeof(struct counts_last),
        .align = _Alignof(struct counts_last),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = counts_last_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct counts_last, in_p),
              .chans = (struct prt_chan *const[]){ chan_pairs, chan_rest }, .nchans = 2 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program counts_program_ = {
    .name = "counts",
};

int main(int argc, char **argv)
{
    static struct counts pipe;
    const int status = prt_options(&counts_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "counts", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    counts_wire_(run);
    return prt_run(run);
}
