/* Emitted by pipec 0.1.0 from inline_source.pipe; edit that file instead.
 *
 *     paced --a()--> first
 *     ticks --b()--> second
 *     quick --c()--> third
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "inline_source.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 16 "inline_source.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "inline_source.pipe"
struct calls {
#line 22 "inline_source.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* inline_source.pipe:24: first (x <- a), inline
 * Runs within 'paced': an item comes by a function call. */
#line 24 "inline_source.pipe"
struct calls_first {
#line 32 "inline_source.c"
    struct prt_worker base;
    int worker;
    struct calls *pipe;
};

/* inline_source.pipe:10: paced -> a, rate 10/s
 * A source; what it sends stays within it. */
#line 10 "inline_source.pipe"
struct calls_paced {
#line 42 "inline_source.c"
    struct prt_worker base;
    int worker;
    struct calls *pipe;
    struct prt_call call_a;
    struct calls_first to_a; /* inline: sending to a runs first */
};

static void calls_first_(struct calls_first *self, int value);

static inline bool calls_paced_emit_a(struct calls_paced *self, int value)
{
    if (!prt_call_begin_paced(&self->call_a))
        return false;
    calls_first_(&self->to_a, value);
    prt_call_end(&self->call_a);
    return true;
}

#line 10 "inline_source.pipe"
static void calls_paced_(struct calls_paced *self)
{
#line 11 "inline_source.pipe"
    for (int i = 0; i < 3; i++)
        if (!calls_paced_emit_a(self, i)) return;
}
#line 68 "inline_source.c"

static void calls_paced_run_(struct prt_worker *base)
{
    calls_paced_((struct calls_paced *)base);
}

/* inline_source.pipe:28: second (x <- b), inline
 * Runs within 'ticks': an item comes by a function call. */
#line 28 "inline_source.pipe"
struct calls_second {
#line 79 "inline_source.c"
    struct prt_worker base;
    int worker;
    struct calls *pipe;
};

/* inline_source.pipe:15: ticks -> b, every 1s
 * A source; what it sends stays within it. */
#line 15 "inline_source.pipe"
struct calls_ticks {
#line 89 "inline_source.c"
    struct prt_worker base;
    int worker;
    struct calls *pipe;
    struct prt_call call_b;
    struct calls_second to_b; /* inline: sending to b runs second */
};

static void calls_second_(struct calls_second *self, int value);

static inline bool calls_ticks_emit_b(struct calls_ticks *self, int value)
{
    if (!prt_call_begin(&self->call_b))
        return false;
    calls_second_(&self->to_b, value);
    prt_call_end(&self->call_b);
    return true;
}

#line 15 "inline_source.pipe"
static void calls_ticks_(struct calls_ticks *self)
{
#line 16 "inline_source.pipe"
    if (!calls_ticks_emit_b(self, 1)) return;
}
#line 114 "inline_source.c"

static void calls_ticks_run_(struct prt_worker *base)
{
    calls_ticks_((struct calls_ticks *)base);
}

/* inline_source.pipe:34: third (x <- c), inline
 * Runs within 'quick': an item comes by a function call. */
#line 34 "inline_source.pipe"
struct calls_third {
#line 125 "inline_source.c"
    struct prt_worker base;
    int worker;
    struct calls *pipe;
#line 36 "inline_source.pipe"
    int sum;
};
#line 132 "inline_source.c"

/* inline_source.pipe:19: quick -> c
 * A source; what it sends stays within it. */
#line 19 "inline_source.pipe"
struct calls_quick {
#line 138 "inline_source.c"
    struct prt_worker base;
    int worker;
    struct calls *pipe;
    struct prt_call call_c;
    struct calls_third to_c; /* inline: sending to c runs third */
};

static void calls_third_(struct calls_third *self, int value);

static inline bool calls_quick_emit_c(struct calls_quick *self, int value)
{
    if (!prt_call_check(&self->call_c))
        return false;
    calls_third_(&self->to_c, value);
    return true;
}

#line 19 "inline_source.pipe"
static void calls_quick_(struct calls_quick *self)
{
#line 20 "inline_source.pipe"
    for (int i = 0; i < 3; i++)
        if (!calls_quick_emit_c(self, i)) return;
}
#line 163 "inline_source.c"

static void calls_quick_run_(struct prt_worker *base)
{
    calls_quick_((struct calls_quick *)base);
}

#line 24 "inline_source.pipe"
static void calls_first_(struct calls_first *self, int x)
{
    (void)self;
#line 25 "inline_source.pipe"
    printf("%d\n", x);
}
#line 177 "inline_source.c"

#line 28 "inline_source.pipe"
static void calls_second_(struct calls_second *self, int x)
{
#line 29 "inline_source.pipe"
    puts("tick");
    if (x)
        prt_stop(&self->base);
}
#line 187 "inline_source.c"

#line 34 "inline_source.pipe"
static void calls_third_(struct calls_third *self, int x)
{
#line 39 "inline_source.pipe"
    self->sum += x;
}
#line 195 "inline_source.c"

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void calls_wire_(struct prt_run *run)
{
    struct prt_rate *const rate_paced = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "paced", .per_second = 10.0, .burst = 1 });

    static const struct prt_inline_spec inlines_paced[] = {
        { .name = "first", .place = "inline_source.pipe:24",
          .chan = "a", .at = offsetof(struct calls_paced, to_a),
          .call_at = offsetof(struct calls_paced, call_a) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "paced", .place = "inline_source.pipe:10",
        .size = sizeof(struct calls_paced),
        .align = _Alignof(struct calls_paced),
        .workers = 1,
        .fixed = true,
        .run = calls_paced_run_,
        .rate = rate_paced,
        .inlines = inlines_paced,
        .ninlines = 1,
    });

    static const struct prt_inline_spec inlines_ticks[] = {
        { .name = "second", .place = "inline_source.pipe:28",
          .chan = "b", .at = offsetof(struct calls_ticks, to_b),
          .call_at = offsetof(struct calls_ticks, call_b) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "ticks", .place = "inline_source.pipe:15",
        .size = sizeof(struct calls_ticks),
        .align = _Alignof(struct calls_ticks),
        .workers = 1,
        .fixed = true,
        .run = calls_ticks_run_,
        .every = 1000000000, /* 1s */
        .inlines = inlines_ticks,
        .ninlines = 1,
    });

    static const struct prt_inline_spec inlines_quick[] = {
        { .name = "third", .place = "inline_source.pipe:34",
          .chan = "c", .at = offsetof(struct calls_quick, to_c),
          .call_at = offsetof(struct calls_quick, call_c) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "quick", .place = "inline_source.pipe:19",
        .size = sizeof(struct calls_quick),
        .align = _Alignof(struct calls_quick),
        .workers = 1,
        .fixed = true,
        .run = calls_quick_run_,
        .inlines = inlines_quick,
        .ninlines = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const char *const calls_rates_[] = { "paced" };

static const struct prt_program calls_program_ = {
    .name = "calls",
    .rates = calls_rates_,
    .nrates = 1,
};

int main(int argc, char **argv)
{
    static struct calls pipe;
    const int status = prt_options(&calls_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "calls", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    calls_wire_(run);
    return prt_run(run);
}
