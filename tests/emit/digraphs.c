/* Emitted by pipec 0.1.0 from digraphs.pipe; edit that file instead.
 *
 *     from --items[4]--> to
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 5 "digraphs.pipe"
%:include <stdio.h>
%:define SENT 1
#include <prt/words.h>
#line 15 "digraphs.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "digraphs.pipe"
struct digraphs {
#line 21 "digraphs.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* digraphs.pipe:11: from -> items
 * A source; sends any number of items, so its emit may wait for room. */
#line 11 "digraphs.pipe"
struct digraphs_from {
#line 31 "digraphs.c"
    struct prt_worker base;
    int worker;
    struct digraphs *pipe;
    struct prt_out to_items;
};

static inline bool digraphs_from_emit_items(struct digraphs_from *self, int value)
{
    return prt_emit(&self->to_items, &value, sizeof value);
}

#line 11 "digraphs.pipe"
static void digraphs_from_(struct digraphs_from *self)
{
#line 12 "digraphs.pipe"
%:ifdef SENT
    { if (!digraphs_from_emit_items(self, SENT)) return; }
%:else
    { if (!digraphs_from_emit_items(self, 2)) return; }
%:endif
%:define two(x) emit(x), \
        emit(x)
}
#line 55 "digraphs.c"

static void digraphs_from_run_(struct prt_worker *base)
{
    digraphs_from_((struct digraphs_from *)base);
}

#line 11 "digraphs.pipe"
#include <prt/words.h>
#line 64 "digraphs.c"

/* digraphs.pipe:21: to (n <- items)
 * A sink; it never waits for room. */
#line 21 "digraphs.pipe"
struct digraphs_to {
#line 70 "digraphs.c"
    struct prt_worker base;
    int worker;
    struct digraphs *pipe;
    struct prt_in in_n;
};

#line 21 "digraphs.pipe"
static void digraphs_to_(struct digraphs_to *self, int n)
{
    (void)self;
#line 21 "digraphs.pipe"
    if (n) <% printf("%d\n", n); %>
#line 21 "digraphs.pipe"
}
#line 85 "digraphs.c"

static void digraphs_to_run_(struct prt_worker *base)
{
    struct digraphs_to *self = (struct digraphs_to *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        digraphs_to_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void digraphs_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_items = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "items", .place = "digraphs.pipe:9",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "digraphs.pipe:11",
        .size = sizeof(struct digraphs_from),
        .align = _Alignof(struct digraphs_from),
        .workers = 1,
        .fixed = true,
        .run = digraphs_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct digraphs_from, to_items), .chan = chan_items, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "to", .place = "digraphs.pipe:21",
        .size = sizeof(struct digraphs_to),
        .align = _Alignof(struct digraphs_to),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = digraphs_to_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct digraphs_to, in_n),
              .chans = (struct prt_chan *const[]){ chan_items }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program digraphs_program_ = {
    .name = "digraphs",
};

int main(int argc, char **argv)
{
    static struct digraphs pipe;
    const int status = prt_options(&digraphs_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "digraphs", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    digraphs_wire_(run);
    return prt_run(run);
}
