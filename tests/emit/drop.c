/* Emitted by pipec 0.1.0 from drop.pipe; edit that file instead.
 *
 *     measure --samples[16]--> record
 *     measure --lines[1]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "drop.pipe"
struct drop {
#line 16 "drop.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* drop.pipe:7: measure -> samples, lines
 * A source; sends any number of items, and nobody waits to send to a channel that drops. */
#line 7 "drop.pipe"
struct drop_measure {
#line 26 "drop.c"
    struct prt_worker base;
    int worker;
    struct drop *pipe;
    struct prt_out to_samples;
    struct prt_out to_lines;
};

static inline bool drop_measure_emit_samples(struct drop_measure *self, int value)
{
    return prt_emit(&self->to_samples, &value, sizeof value);
}

static inline bool drop_measure_emit_lines(struct drop_measure *self, char *value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

#line 7 "drop.pipe"
static void drop_measure_(struct drop_measure *self)
{
#line 8 "drop.pipe"
    for (int i = 0; i < 100; i++) {
        if (!drop_measure_emit_samples(self, i)) return;
        if (!drop_measure_emit_lines(self, strdup("line"))) return;
    }
}
#line 53 "drop.c"

static void drop_measure_run_(struct prt_worker *base)
{
    drop_measure_((struct drop_measure *)base);
}

/* drop.pipe:14: record (sample <- samples)
 * A sink; it never waits for room. */
#line 14 "drop.pipe"
struct drop_record {
#line 64 "drop.c"
    struct prt_worker base;
    int worker;
    struct drop *pipe;
    struct prt_in in_sample;
};

#line 14 "drop.pipe"
static void drop_record_(struct drop_record *self, int sample)
{
    (void)self;
#line 15 "drop.pipe"
    (void)sample;
}
#line 78 "drop.c"

static void drop_record_run_(struct prt_worker *base)
{
    struct drop_record *self = (struct drop_record *)base;
    int sample;

    while (prt_receive(&self->in_sample, &sample, sizeof sample))
        drop_record_(self, sample);
}

/* drop.pipe:18: show (line <- lines)
 * A sink; it never waits for room. */
#line 18 "drop.pipe"
struct drop_show {
#line 93 "drop.c"
    struct prt_worker base;
    int worker;
    struct drop *pipe;
    struct prt_in in_line;
};

#line 18 "drop.pipe"
static void drop_show_(struct drop_show *self, char *item)
{
    char *line __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 19 "drop.pipe"
    (void)line;
}
#line 108 "drop.c"

static void drop_show_run_(struct prt_worker *base)
{
    struct drop_show *self = (struct drop_show *)base;
    char *line;

    while (prt_receive(&self->in_line, &line, sizeof line))
        drop_show_(self, line);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void drop_wire_(struct prt_run *run)
{
    /* one sender, one receiver; what is sent while it is full is dropped */
    struct prt_chan *const chan_samples = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "samples", .place = "drop.pipe:4",
        .kind = PRT_ONE_TO_ONE, .full = PRT_DROPS_NEWEST, .item_size = sizeof(int), .cap = 16 });
    /* one sender, one receiver; while it is full, what is sent takes the place of the oldest */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "drop.pipe:5",
        .kind = PRT_ONE_TO_ONE, .full = PRT_DROPS_OLDEST, .item_size = sizeof(char *), .cap = 1,
            .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "measure", .place = "drop.pipe:7",
        .size = sizeof(struct drop_measure),
        .align = _Alignof(struct drop_measure),
        .workers = 1,
        .fixed = true,
        .run = drop_measure_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct drop_measure, to_samples), .chan = chan_samples, .most = PRT_ANY },
            { .at = offsetof(struct drop_measure, to_lines), .chan = chan_lines, .most = PRT_ANY },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "record", .place = "drop.pipe:14",
        .size = sizeof(struct drop_record),
        .align = _Alignof(struct drop_record),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = drop_record_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct drop_record, in_sample),
              .chans = (struct prt_chan *const[]){ chan_samples }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "drop.pipe:18",
        .size = sizeof(struct drop_show),
        .align = _Alignof(struct drop_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = drop_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct drop_show, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program drop_program_ = {
    .name = "drop",
};

int main(int argc, char **argv)
{
    static struct drop pipe;
    const int status = prt_options(&drop_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "drop", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    drop_wire_(run);
    return prt_run(run);
}
