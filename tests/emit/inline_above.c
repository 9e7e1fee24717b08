/* Emitted by pipec 0.1.0 from inline_above.pipe; edit that file instead.
 *
 *     from --a()--> middle --b()--> last
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "inline_above.pipe"
struct above {
#line 15 "inline_above.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* inline_above.pipe:7: last (n <- b), inline
 * Runs within 'middle': an item comes by a function call. */
#line 7 "inline_above.pipe"
struct above_last {
#line 25 "inline_above.c"
    struct prt_worker base;
    int worker;
    struct above *pipe;
};

/* inline_above.pipe:8: middle (n <- a) -> b, inline
 * Runs within 'from': an item comes by a function call; sends exactly one item for each. */
#line 8 "inline_above.pipe"
struct above_middle {
#line 35 "inline_above.c"
    struct prt_worker base;
    int worker;
    struct above *pipe;
    struct above_last to_b; /* inline: sending to b runs last */
};

static void above_last_(struct above_last *self, int value);

static inline bool above_middle_emit_b(struct above_middle *self, int value)
{
    above_last_(&self->to_b, value);
    return true;
}

/* inline_above.pipe:9: from -> a
 * A source; what it sends stays within it. */
#line 9 "inline_above.pipe"
struct above_from {
#line 54 "inline_above.c"
    struct prt_worker base;
    int worker;
    struct above *pipe;
    struct prt_call call_a;
    struct above_middle to_a; /* inline: sending to a runs middle */
};

static void above_middle_(struct above_middle *self, int value);

static inline bool above_from_emit_a(struct above_from *self, int value)
{
    if (!prt_call_check(&self->call_a))
        return false;
    above_middle_(&self->to_a, value);
    return true;
}

#line 7 "inline_above.pipe"
static void above_last_(struct above_last *self, int n)
{
    (void)self;
#line 7 "inline_above.pipe"
    (void)n;
#line 7 "inline_above.pipe"
}
#line 80 "inline_above.c"

#line 8 "inline_above.pipe"
static void above_middle_(struct above_middle *self, int n)
{
#line 8 "inline_above.pipe"
    if (!above_middle_emit_b(self, n)) return;
#line 8 "inline_above.pipe"
}
#line 89 "inline_above.c"

#line 9 "inline_above.pipe"
static void above_from_(struct above_from *self)
{
#line 9 "inline_above.pipe"
    if (!above_from_emit_a(self, 1)) return;
#line 9 "inline_above.pipe"
}
#line 98 "inline_above.c"

static void above_from_run_(struct prt_worker *base)
{
    above_from_((struct above_from *)base);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void above_wire_(struct prt_run *run)
{

    static const struct prt_inline_spec inlines_from[] = {
        { .name = "middle", .place = "inline_above.pipe:8",
          .chan = "a", .at = offsetof(struct above_from, to_a),
          .call_at = offsetof(struct above_from, call_a) },
        { .name = "last", .place = "inline_above.pipe:7",
          .chan = "b", .by = 1, .at = offsetof(struct above_middle, to_b) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "inline_above.pipe:9",
        .size = sizeof(struct above_from),
        .align = _Alignof(struct above_from),
        .workers = 1,
        .fixed = true,
        .run = above_from_run_,
        .inlines = inlines_from,
        .ninlines = 2,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program above_program_ = {
    .name = "above",
};

int main(int argc, char **argv)
{
    static struct above pipe;
    const int status = prt_options(&above_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "above", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    above_wire_(run);
    return prt_run(run);
}
