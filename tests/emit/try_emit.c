/* Emitted by pipec 0.1.0 from try_emit.pipe; edit that file instead.
 *
 *     count --numbers[4]--> split --shown[1]--> show
 *     split --kept[8]--> keep
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "try_emit.pipe"
struct latest {
#line 16 "try_emit.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* try_emit.pipe:6: count -> numbers
 * A source; sends any number of items, so its emit may wait for room. */
#line 6 "try_emit.pipe"
struct latest_count {
#line 26 "try_emit.c"
    struct prt_worker base;
    int worker;
    struct latest *pipe;
    struct prt_out to_numbers;
};

static inline bool latest_count_emit_numbers(struct latest_count *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#line 6 "try_emit.pipe"
static void latest_count_(struct latest_count *self)
{
#line 6 "try_emit.pipe"
    for (int n = 0; n < 9; n++) if (!latest_count_emit_numbers(self, n)) return;
#line 6 "try_emit.pipe"
}
#line 45 "try_emit.c"

static void latest_count_run_(struct prt_worker *base)
{
    latest_count_((struct latest_count *)base);
}

/* try_emit.pipe:7: split (n <- numbers) -> shown, kept
 * Sends at most one item to each output for each that it receives, so it never waits. */
#line 7 "try_emit.pipe"
struct latest_split {
#line 56 "try_emit.c"
    struct prt_worker base;
    int worker;
    struct latest *pipe;
    struct prt_in in_n;
    struct prt_out to_shown;
    struct prt_out to_kept;
};

static inline bool latest_split_try_shown(struct latest_split *self, int value)
{
    return prt_try_emit(&self->to_shown, &value, sizeof value);
}

static inline bool latest_split_emit_kept(struct latest_split *self, int value)
{
    return prt_emit(&self->to_kept, &value, sizeof value);
}

#line 7 "try_emit.pipe"
static void latest_split_(struct latest_split *self, int n)
{
#line 8 "try_emit.pipe"
    if (!latest_split_try_shown(self, n * 2))
        if (!latest_split_emit_kept(self, n)) return;
}
#line 82 "try_emit.c"

static void latest_split_run_(struct prt_worker *base)
{
    struct latest_split *self = (struct latest_split *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        latest_split_(self, n);
}

/* try_emit.pipe:11: show (n <- shown)
 * A sink; it never waits for room. */
#line 11 "try_emit.pipe"
struct latest_show {
#line 97 "try_emit.c"
    struct prt_worker base;
    int worker;
    struct latest *pipe;
    struct prt_in in_n;
};

#line 11 "try_emit.pipe"
static void latest_show_(struct latest_show *self, int n)
{
    (void)self;
#line 11 "try_emit.pipe"
    (void)n;
#line 11 "try_emit.pipe"
}
#line 112 "try_emit.c"

static void latest_show_run_(struct prt_worker *base)
{
    struct latest_show *self = (struct latest_show *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        latest_show_(self, n);
}

/* try_emit.pipe:12: keep (n <- kept)
 * A sink; it never waits for room. */
#line 12 "try_emit.pipe"
struct latest_keep {
#line 127 "try_emit.c"
    struct prt_worker base;
    int worker;
    struct latest *pipe;
    struct prt_in in_n;
};

#line 12 "try_emit.pipe"
static void latest_keep_(struct latest_keep *self, int n)
{
    (void)self;
#line 12 "try_emit.pipe"
    (void)n;
#line 12 "try_emit.pipe"
}
#line 142 "try_emit.c"

static void latest_keep_run_(struct prt_worker *base)
{
    struct latest_keep *self = (struct latest_keep *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        latest_keep_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void latest_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "try_emit.pipe:3",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_shown = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "shown", .place = "try_emit.pipe:4",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 1 });
    /* one sender, one receiver */
    struct prt_chan *const chan_kept = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "kept", .place = "try_emit.pipe:5",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 8 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "try_emit.pipe:6",
        .size = sizeof(struct latest_count),
        .align = _Alignof(struct latest_count),
        .workers = 1,
        .fixed = true,
        .run = latest_count_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct latest_count, to_numbers), .chan = chan_numbers, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "split", .place = "try_emit.pipe:7",
        .size = sizeof(struct latest_split),
        .align = _Alignof(struct latest_split),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = latest_split_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct latest_split, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct latest_split, to_shown), .chan = chan_shown, .most = 1 },
            { .at = offsetof(struct latest_split, to_kept), .chan = chan_kept, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "try_emit.pipe:11",
        .size = sizeof(struct latest_show),
        .align = _Alignof(struct latest_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = latest_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct latest_show, in_n),
              .chans = (struct prt_chan *const[]){ chan_shown }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep", .place = "try_emit.pipe:12",
        .size = sizeof(struct latest_keep),
        .align = _Alignof(struct latest_keep),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = latest_keep_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct latest_keep, in_n),
              .chans = (struct prt_chan *const[]){ chan_kept }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program latest_program_ = {
    .name = "latest",
};

int main(int argc, char **argv)
{
    static struct latest pipe;
    const int status = prt_options(&latest_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "latest", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    latest_wire_(run);
    return prt_run(run);
}
