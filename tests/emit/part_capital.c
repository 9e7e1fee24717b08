/* Emitted by pipec 0.1.0 from part_capital.pipe; edit that file instead.
 *
 *     count --rows[4]--> swapped --later[4]--> one --more[4]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 5 "part_capital.pipe"
typedef struct row ROW;
struct row {
    int n;
};
#include <prt/words.h>
#line 17 "part_capital.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "part_capital.pipe"
struct capital {
#line 23 "part_capital.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* part_capital.pipe:32: count -> rows
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 32 "part_capital.pipe"
struct capital_count {
#line 33 "part_capital.c"
    struct prt_worker base;
    int worker;
    struct capital *pipe;
    struct prt_out to_rows;
};

static inline bool capital_count_emit_rows(struct capital_count *self,
#line 28 "part_capital.pipe"
        ROW value)
#line 43 "part_capital.c"
{
    return prt_emit(&self->to_rows, &value, sizeof value);
}

#line 32 "part_capital.pipe"
static void capital_count_(struct capital_count *self)
{
#line 33 "part_capital.pipe"
    if (!capital_count_emit_rows(self, (ROW){ 1 })) return;
}
#line 54 "part_capital.c"

static void capital_count_run_(struct prt_worker *base)
{
    capital_count_((struct capital_count *)base);
}

/* part_capital.pipe:35: swapped (x <- rows) -> later: swap, part_capital.pipe:11
 * Sends exactly one item for each that it receives, so it never waits. */
#line 35 "part_capital.pipe"
struct capital_swapped {
#line 65 "part_capital.c"
    struct prt_worker base;
    int worker;
    struct capital *pipe;
    struct prt_in in_x;
    struct prt_out to_out;
#line 18 "part_capital.pipe"
        ROW kept;
};
#line 74 "part_capital.c"

static inline bool capital_swapped_emit_out(struct capital_swapped *self,
#line 29 "part_capital.pipe"
        ROW value)
#line 79 "part_capital.c"
{
    return prt_emit(&self->to_out, &value, sizeof value);
}

#line 35 "part_capital.pipe"
static void capital_swapped_(struct capital_swapped *self, ROW x)
{
#line 21 "part_capital.pipe"
        ROW before = PRT_TAKE(self->kept);

        self->kept = PRT_TAKE(x);
        if (!capital_swapped_emit_out(self, before)) return;
}
#line 93 "part_capital.c"

static void capital_swapped_run_(struct prt_worker *base)
{
    struct capital_swapped *self = (struct capital_swapped *)base;
#line 35 "part_capital.pipe"
    ROW x;
#line 100 "part_capital.c"

    while (prt_receive(&self->in_x, &x, sizeof x))
        capital_swapped_(self, x);
}

/* part_capital.pipe:36: one (r <- later) -> more
 * Sends exactly one item for each that it receives, so it never waits. */
#line 36 "part_capital.pipe"
struct capital_one {
#line 110 "part_capital.c"
    struct prt_worker base;
    int worker;
    struct capital *pipe;
    struct prt_in in_r;
    struct prt_out to_more;
};

static inline bool capital_one_emit_more(struct capital_one *self,
#line 30 "part_capital.pipe"
        ROW value)
#line 121 "part_capital.c"
{
    return prt_emit(&self->to_more, &value, sizeof value);
}

#line 36 "part_capital.pipe"
static void capital_one_(struct capital_one *self, ROW r)
{
#line 37 "part_capital.pipe"
    ROW next = { r.n + 1 };

    if (!capital_one_emit_more(self, next)) return;
}
#line 134 "part_capital.c"

static void capital_one_run_(struct prt_worker *base)
{
    struct capital_one *self = (struct capital_one *)base;
#line 36 "part_capital.pipe"
    ROW r;
#line 141 "part_capital.c"

    while (prt_receive(&self->in_r, &r, sizeof r))
        capital_one_(self, r);
}

/* part_capital.pipe:41: show (r <- more)
 * A sink; it never waits for room. */
#line 41 "part_capital.pipe"
struct capital_show {
#line 151 "part_capital.c"
    struct prt_worker base;
    int worker;
    struct capital *pipe;
    struct prt_in in_r;
};

#line 41 "part_capital.pipe"
static void capital_show_(struct capital_show *self, ROW r)
{
    (void)self;
#line 42 "part_capital.pipe"
    (void)r;
}
#line 165 "part_capital.c"

static void capital_show_run_(struct prt_worker *base)
{
    struct capital_show *self = (struct capital_show *)base;
#line 41 "part_capital.pipe"
    ROW r;
#line 172 "part_capital.c"

    while (prt_receive(&self->in_r, &r, sizeof r))
        capital_show_(self, r);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 28 "part_capital.pipe"
_Static_assert(_Generic(*(ROW *)0, ROW: 1, default: 0),
               "channel rows: an array cannot be an item; put it into a struct");
#line 28 "part_capital.pipe"
_Static_assert(sizeof(ROW) <= 65536,
               "channel rows: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = ROW * drop FUNCTION;");
#line 191 "part_capital.c"

static void capital_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_rows = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "rows", .place = "part_capital.pipe:28",
#line 28 "part_capital.pipe"
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(ROW), .cap = 4 });
#line 200 "part_capital.c"
    /* one sender, one receiver */
    struct prt_chan *const chan_later = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "later", .place = "part_capital.pipe:29",
#line 29 "part_capital.pipe"
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(ROW), .cap = 4 });
#line 206 "part_capital.c"
    /* one sender, one receiver */
    struct prt_chan *const chan_more = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "more", .place = "part_capital.pipe:30",
#line 30 "part_capital.pipe"
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(ROW), .cap = 4 });
#line 212 "part_capital.c"

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "part_capital.pipe:32",
        .size = sizeof(struct capital_count),
        .align = _Alignof(struct capital_count),
        .workers = 1,
        .fixed = true,
        .run = capital_count_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct capital_count, to_rows), .chan = chan_rows, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "swapped", .place = "part_capital.pipe:35",
        .size = sizeof(struct capital_swapped),
        .align = _Alignof(struct capital_swapped),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = capital_swapped_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct capital_swapped, in_x),
              .chans = (struct prt_chan *const[]){ chan_rows }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct capital_swapped, to_out), .chan = chan_later, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "one", .place = "part_capital.pipe:36",
        .size = sizeof(struct capital_one),
        .align = _Alignof(struct capital_one),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = capital_one_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct capital_one, in_r),
              .chans = (struct prt_chan *const[]){ chan_later }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct capital_one, to_more), .chan = chan_more, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "part_capital.pipe:41",
        .size = sizeof(struct capital_show),
        .align = _Alignof(struct capital_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = capital_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct capital_show, in_r),
              .chans = (struct prt_chan *const[]){ chan_more }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program capital_program_ = {
    .name = "capital",
};

int main(int argc, char **argv)
{
    static struct capital pipe;
    const int status = prt_options(&capital_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "capital", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    capital_wire_(run);
    return prt_run(run);
}
