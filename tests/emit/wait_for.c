/* Emitted by pipec 0.1.0 from wait_for.pipe; edit that file instead.
 *
 *     count --numbers[4]--> nap --later[4]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 2 "wait_for.pipe"
#include <poll.h>
#include <prt/words.h>
#line 14 "wait_for.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 1 "wait_for.pipe"
struct naps {
#line 20 "wait_for.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* wait_for.pipe:5: count -> numbers
 * A source; sends any number of items, so its emit may wait for room. */
#line 5 "wait_for.pipe"
struct naps_count {
#line 30 "wait_for.c"
    struct prt_worker base;
    int worker;
    struct naps *pipe;
    struct prt_out to_numbers;
};

static inline bool naps_count_emit_numbers(struct naps_count *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#line 5 "wait_for.pipe"
static void naps_count_(struct naps_count *self)
{
#line 6 "wait_for.pipe"
    while (prt_wait_for(&self->base, 0, POLLIN, -1) == 1)
        if (!naps_count_emit_numbers(self, 1)) return;
}
#line 49 "wait_for.c"

static void naps_count_run_(struct prt_worker *base)
{
    naps_count_((struct naps_count *)base);
}

/* wait_for.pipe:9: nap (n <- numbers) -> later[1]
 * Sends exactly one item for each that it receives, so it never waits. */
#line 9 "wait_for.pipe"
struct naps_nap {
#line 60 "wait_for.c"
    struct prt_worker base;
    int worker;
    struct naps *pipe;
    struct prt_in in_n;
    struct prt_out to_later;
};

static inline bool naps_nap_emit_later(struct naps_nap *self, int value)
{
    return prt_emit(&self->to_later, &value, sizeof value);
}

#line 9 "wait_for.pipe"
static void naps_nap_(struct naps_nap *self, int n)
{
#line 10 "wait_for.pipe"
    prt_wait_for(&self->base, -1, 0,
             1500000000 /* a while */);
    if (!naps_nap_emit_later(self, n)) return;
}
#line 81 "wait_for.c"

static void naps_nap_run_(struct prt_worker *base)
{
    struct naps_nap *self = (struct naps_nap *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        naps_nap_(self, n);
}

/* wait_for.pipe:14: show (n <- later)
 * A sink; it never waits for room. */
#line 14 "wait_for.pipe"
struct naps_show {
#line 96 "wait_for.c"
    struct prt_worker base;
    int worker;
    struct naps *pipe;
    struct prt_in in_n;
};

#line 14 "wait_for.pipe"
static void naps_show_(struct naps_show *self, int n)
{
    (void)self;
#line 14 "wait_for.pipe"
    (void)n;
#line 14 "wait_for.pipe"
}
#line 111 "wait_for.c"

static void naps_show_run_(struct prt_worker *base)
{
    struct naps_show *self = (struct naps_show *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        naps_show_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void naps_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "wait_for.pipe:3",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_later = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "later", .place = "wait_for.pipe:4",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "wait_for.pipe:5",
        .size = sizeof(struct naps_count),
        .align = _Alignof(struct naps_count),
        .workers = 1,
        .fixed = true,
        .run = naps_count_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct naps_count, to_numbers), .chan = chan_numbers, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "nap", .place = "wait_for.pipe:9",
        .size = sizeof(struct naps_nap),
        .align = _Alignof(struct naps_nap),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .sleeps = true,
        .run = naps_nap_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct naps_nap, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct naps_nap, to_later), .chan = chan_later, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "wait_for.pipe:14",
        .size = sizeof(struct naps_show),
        .align = _Alignof(struct naps_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = naps_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct naps_show, in_n),
              .chans = (struct prt_chan *const[]){ chan_later }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program naps_program_ = {
    .name = "naps",
    .doc = "waits in the kernel in a leaf, beside a descriptor",
};

int main(int argc, char **argv)
{
    static struct naps pipe;
    const int status = prt_options(&naps_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "naps", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    naps_wire_(run);
    return prt_run(run);
}
