/* Emitted by pipec 0.1.0 from inline_functions.pipe; edit that file instead.
 *
 *     from --a()--> one --b()--> two --c()--> three
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "inline_functions.h"

/* ---- stages ------------------------------------------------------------------------ */

static void parts_one_run_(struct parts_one *self, char *value);

bool parts_from_emit_a(struct parts_from *self, char *value)
{
    if (!prt_call_begin(&self->call_a)) {
        prt_string_drop(&value);
        return false;
    }
    parts_one_run_(&self->to_a, value);
    prt_call_end(&self->call_a);
    return true;
}

static void parts_from_run_(struct prt_worker *base)
{
    struct parts_from *self = (struct parts_from *)base;

    read_all(self);
}

static void parts_two_(struct parts_two *self, long value);

bool parts_one_emit_b(struct parts_one *self, long value)
{
    if (!prt_call_check(&self->call_b))
        return false;
    parts_two_(&self->to_b, value);
    return true;
}

static void parts_one_run_(struct parts_one *self, char *x)
{
    measure(self, &x);
    prt_string_drop(&x);
}

static void parts_three_run_(struct parts_three *self, long value);

bool parts_two_emit_c(struct parts_two *self, long value)
{
    parts_three_run_(&self->to_c, value);
    return true;
}

#line 12 "inline_functions.pipe"
static void parts_two_(struct parts_two *self, long n)
{
#line 13 "inline_functions.pipe"
    if (!parts_two_emit_c(self, n + 1)) return;
}
#line 63 "inline_functions.c"

static void parts_three_run_(struct parts_three *self, long n)
{
    count(self, &n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void parts_wire_(struct prt_run *run)
{

    static const struct prt_inline_spec inlines_from[] = {
        { .name = "one", .place = "inline_functions.pipe:10",
          .chan = "a", .at = offsetof(struct parts_from, to_a),
          .call_at = offsetof(struct parts_from, call_a) },
        { .name = "two", .place = "inline_functions.pipe:12",
          .chan = "b", .by = 1, .at = offsetof(struct parts_one, to_b),
          .call_at = offsetof(struct parts_one, call_b) },
        { .name = "three", .place = "inline_functions.pipe:16",
          .chan = "c", .by = 2, .at = offsetof(struct parts_two, to_c) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "inline_functions.pipe:8",
        .size = sizeof(struct parts_from),
        .align = _Alignof(struct parts_from),
        .workers = 1,
        .fixed = true,
        .run = parts_from_run_,
        .inlines = inlines_from,
        .ninlines = 3,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program parts_program_ = {
    .name = "parts",
};

int main(int argc, char **argv)
{
    static struct parts pipe;
    const int status = prt_options(&parts_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "parts", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    parts_wire_(run);
    return prt_run(run);
}
