/* Emitted by pipec 0.1.0 from layout.pipe; edit that file instead.
 *
 *     first --a[4]--> second --b[4]--> third
 *     fourth
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "layout.pipe"
#include <stdio.h>

static int one(void) { return 1; }
#include <prt/words.h>
#line 17 "layout.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "layout.pipe"
struct layout {
#line 23 "layout.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* layout.pipe:11: first -> a
 * A source; sends any number of items, so its emit may wait for room. */
#line 11 "layout.pipe"
struct layout_first {
#line 33 "layout.c"
    struct prt_worker base;
    int worker;
    struct layout *pipe;
    struct prt_out to_a;
};

static inline bool layout_first_emit_a(struct layout_first *self, int value)
{
    return prt_emit(&self->to_a, &value, sizeof value);
}

#line 11 "layout.pipe"
static void layout_first_(struct layout_first *self)
{
#line 11 "layout.pipe"
    for (int i = 0; i < 3; i++) if (!layout_first_emit_a(self, i)) return;
#line 11 "layout.pipe"
}
#line 52 "layout.c"

static void layout_first_run_(struct prt_worker *base)
{
    layout_first_((struct layout_first *)base);
}

/* layout.pipe:13: second (x <- a) -> b
 * Sends any number of items, so its emit may wait for room. */
#line 13 "layout.pipe"
struct layout_second {
#line 63 "layout.c"
    struct prt_worker base;
    int worker;
    struct layout *pipe;
    struct prt_in in_x;
    struct prt_out to_b;
};

static inline bool layout_second_emit_b(struct layout_second *self, int value)
{
    return prt_emit(&self->to_b, &value, sizeof value);
}

#line 13 "layout.pipe"
static void layout_second_(struct layout_second *self, int x)
{
#line 13 "layout.pipe"
    int y = x; // begins on the line of the brace
    if (y == one()) { if (!layout_second_emit_b(self, y)) return; } else if (y == 2) { if (!layout_second_emit_b(self, y)) return; } // an else that must not move
    else
        if (!layout_second_emit_b(self,


            y +     /* the value
                       in two lines */
            1
        )) return;
    if (y) { { if (!layout_second_emit_b(self, 1)) return; } if (!layout_second_emit_b(self, 2)) return; }
#if 0
    { if (!layout_second_emit_b(self, 3)) return; }
#else
    { if (!layout_second_emit_b(self, 4)) return; }
#endif
    switch (y) {
    case 5: { if (!layout_second_emit_b(self, 5)) return; } break;
    case 6: { prt_fail_item(&self->base, &(int){ x }, "six"); return; } break;
    default:
        if (y > 7) { prt_fail_item(&self->base, &(int){ x }, "%d is more than %d",
                        y, 7); return; } else y++;
    }
    while (y --> 0) if (!layout_second_emit_b(self, y)) { puts("emit(\"not this\")"); return; } /* nor emit(this) */
    #define TWICE(z) \
        (2 * (z))
    y = TWICE(y) \
        + 1;
}
#line 109 "layout.c"

static void layout_second_run_(struct prt_worker *base)
{
    struct layout_second *self = (struct layout_second *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        layout_second_(self, x);
}

#line 13 "layout.pipe"
#include <prt/words.h>
#line 122 "layout.c"

/* layout.pipe:43: third (x <- b)
 * A sink; it never waits for room. */
#line 43 "layout.pipe"
struct layout_third {
#line 128 "layout.c"
    struct prt_worker base;
    int worker;
    struct layout *pipe;
    struct prt_in in_x;
};

#line 43 "layout.pipe"
static void layout_third_(struct layout_third *self, int x)
{
	printf("%d\n", x);		/* tabs stay */
	if (x == 9)
		prt_stop(&self->base)
;
	else if (prt_failed(&self->base)) return;
#line 51 "layout.pipe"
}
#line 145 "layout.c"

static void layout_third_run_(struct prt_worker *base)
{
    struct layout_third *self = (struct layout_third *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        layout_third_(self, x);
}

#line 54 "layout.pipe"
/* Between two stages. */
enum { NINE = 9 };
#include <prt/words.h>
#line 160 "layout.c"

/* layout.pipe:58: fourth, every 1h
 * A source that sends nothing. */
#line 58 "layout.pipe"
struct layout_fourth {
#line 166 "layout.c"
    struct prt_worker base;
    int worker;
    struct layout *pipe;
};

#line 58 "layout.pipe"
static void layout_fourth_(struct layout_fourth *self)
{
#line 59 "layout.pipe"
    do prt_finish(&self->base); while (NINE != 9);
}
#line 178 "layout.c"

static void layout_fourth_run_(struct prt_worker *base)
{
    layout_fourth_((struct layout_fourth *)base);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void layout_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_a = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "a", .place = "layout.pipe:8",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_b = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "b", .place = "layout.pipe:9",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "first", .place = "layout.pipe:11",
        .size = sizeof(struct layout_first),
        .align = _Alignof(struct layout_first),
        .workers = 1,
        .fixed = true,
        .run = layout_first_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct layout_first, to_a), .chan = chan_a, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "second", .place = "layout.pipe:13",
        .size = sizeof(struct layout_second),
        .align = _Alignof(struct layout_second),
        .workers = 1,
        .fixed = true,
        .run = layout_second_run_,
        .shown = PRT_SHOWN_SIGNED,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct layout_second, in_x),
              .chans = (struct prt_chan *const[]){ chan_a }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct layout_second, to_b), .chan = chan_b, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "third", .place = "layout.pipe:43",
        .size = sizeof(struct layout_third),
        .align = _Alignof(struct layout_third),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = layout_third_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct layout_third, in_x),
              .chans = (struct prt_chan *const[]){ chan_b }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "fourth", .place = "layout.pipe:58",
        .size = sizeof(struct layout_fourth),
        .align = _Alignof(struct layout_fourth),
        .workers = 1,
        .fixed = true,
        .run = layout_fourth_run_,
        .every = 3600000000000, /* 1h */
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program layout_program_ = {
    .name = "layout",
};

int main(int argc, char **argv)
{
    static struct layout pipe;
    const int status = prt_options(&layout_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "layout", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    layout_wire_(run);
    return prt_run(run);
}
