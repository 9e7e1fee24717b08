/* Emitted by pipec 0.1.0 from owned_unused.pipe; edit that file instead.
 *
 *     read --lines[4]--> forget
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "owned_unused.pipe"
struct owned_unused {
#line 15 "owned_unused.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* owned_unused.pipe:6: read -> lines
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 6 "owned_unused.pipe"
struct owned_unused_read {
#line 25 "owned_unused.c"
    struct prt_worker base;
    int worker;
    struct owned_unused *pipe;
    struct prt_out to_lines;
};

static inline bool owned_unused_read_emit_lines(struct owned_unused_read *self, char *value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

#line 6 "owned_unused.pipe"
static void owned_unused_read_(struct owned_unused_read *self)
{
#line 7 "owned_unused.pipe"
    if (!owned_unused_read_emit_lines(self, 0)) return;
}
#line 43 "owned_unused.c"

static void owned_unused_read_run_(struct prt_worker *base)
{
    owned_unused_read_((struct owned_unused_read *)base);
}

/* owned_unused.pipe:10: forget (line <- lines)
 * A sink; it never waits for room. */
#line 10 "owned_unused.pipe"
struct owned_unused_forget {
#line 54 "owned_unused.c"
    struct prt_worker base;
    int worker;
    struct owned_unused *pipe;
    struct prt_in in_line;
};

#line 10 "owned_unused.pipe"
static void owned_unused_forget_(struct owned_unused_forget *self, char *item)
{
    char *line __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
    (void)line;
}
#line 68 "owned_unused.c"

static void owned_unused_forget_run_(struct prt_worker *base)
{
    struct owned_unused_forget *self = (struct owned_unused_forget *)base;
    char *line;

    while (prt_receive(&self->in_line, &line, sizeof line))
        owned_unused_forget_(self, line);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void owned_unused_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "owned_unused.pipe:4",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "owned_unused.pipe:6",
        .size = sizeof(struct owned_unused_read),
        .align = _Alignof(struct owned_unused_read),
        .workers = 1,
        .fixed = true,
        .run = owned_unused_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct owned_unused_read, to_lines), .chan = chan_lines, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "forget", .place = "owned_unused.pipe:10",
        .size = sizeof(struct owned_unused_forget),
        .align = _Alignof(struct owned_unused_forget),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = owned_unused_forget_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct owned_unused_forget, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program owned_unused_program_ = {
    .name = "owned_unused",
};

int main(int argc, char **argv)
{
    static struct owned_unused pipe;
    const int status = prt_options(&owned_unused_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "owned_unused", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    owned_unused_wire_(run);
    return prt_run(run);
}
