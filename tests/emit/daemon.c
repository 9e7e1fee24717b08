/* Emitted by pipec 0.1.0 from daemon.pipe; edit that file instead.
 *
 *     count --numbers[4]--> work
 *     work, beat --lines[4]--> show
 *     idle
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 2 "daemon.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 16 "daemon.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 1 "daemon.pipe"
struct beats {
#line 22 "daemon.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* daemon.pipe:5: count -> numbers
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 5 "daemon.pipe"
struct beats_count {
#line 32 "daemon.c"
    struct prt_worker base;
    int worker;
    struct beats *pipe;
    struct prt_out to_numbers;
};

static inline bool beats_count_emit_numbers(struct beats_count *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#line 5 "daemon.pipe"
static void beats_count_(struct beats_count *self)
{
#line 5 "daemon.pipe"
    if (!beats_count_emit_numbers(self, 1)) return;
#line 5 "daemon.pipe"
}
#line 51 "daemon.c"

static void beats_count_run_(struct prt_worker *base)
{
    beats_count_((struct beats_count *)base);
}

/* daemon.pipe:6: work (n <- numbers) -> lines[1]
 * Sends exactly one item for each that it receives, so it never waits. */
#line 6 "daemon.pipe"
struct beats_work {
#line 62 "daemon.c"
    struct prt_worker base;
    int worker;
    struct beats *pipe;
    struct prt_in in_n;
    struct prt_out to_lines;
};

static inline bool beats_work_emit_lines(struct beats_work *self, int value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

#line 6 "daemon.pipe"
static void beats_work_(struct beats_work *self, int n)
{
#line 6 "daemon.pipe"
    if (!beats_work_emit_lines(self, 2 * n)) return;
#line 6 "daemon.pipe"
}
#line 82 "daemon.c"

static void beats_work_run_(struct prt_worker *base)
{
    struct beats_work *self = (struct beats_work *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        beats_work_(self, n);
}

/* daemon.pipe:7: beat -> lines, every 1s, daemon
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 7 "daemon.pipe"
struct beats_beat {
#line 97 "daemon.c"
    struct prt_worker base;
    int worker;
    struct beats *pipe;
    struct prt_out to_lines;
};

static inline bool beats_beat_emit_lines(struct beats_beat *self, int value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

#line 7 "daemon.pipe"
static void beats_beat_(struct beats_beat *self)
{
#line 7 "daemon.pipe"
    if (!beats_beat_emit_lines(self, 0)) return;
#line 7 "daemon.pipe"
}
#line 116 "daemon.c"

static void beats_beat_run_(struct prt_worker *base)
{
    beats_beat_((struct beats_beat *)base);
}

/* daemon.pipe:8: idle, daemon
 * A source that sends nothing. */
#line 8 "daemon.pipe"
struct beats_idle {
#line 127 "daemon.c"
    struct prt_worker base;
    int worker;
    struct beats *pipe;
};

#line 8 "daemon.pipe"
static void beats_idle_(struct beats_idle *self)
{
    (void)self;
#line 8 "daemon.pipe"
    puts("idle");
#line 8 "daemon.pipe"
}
#line 141 "daemon.c"

static void beats_idle_run_(struct prt_worker *base)
{
    beats_idle_((struct beats_idle *)base);
}

/* daemon.pipe:9: show (n <- lines)
 * A sink; it never waits for room. */
#line 9 "daemon.pipe"
struct beats_show {
#line 152 "daemon.c"
    struct prt_worker base;
    int worker;
    struct beats *pipe;
    struct prt_in in_n;
};

#line 9 "daemon.pipe"
static void beats_show_(struct beats_show *self, int n)
{
    (void)self;
#line 9 "daemon.pipe"
    printf("%d\n", n);
#line 9 "daemon.pipe"
}
#line 167 "daemon.c"

static void beats_show_run_(struct prt_worker *base)
{
    struct beats_show *self = (struct beats_show *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        beats_show_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void beats_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "daemon.pipe:3",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* many senders, one receiver */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "daemon.pipe:4",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "daemon.pipe:5",
        .size = sizeof(struct beats_count),
        .align = _Alignof(struct beats_count),
        .workers = 1,
        .fixed = true,
        .run = beats_count_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct beats_count, to_numbers), .chan = chan_numbers, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "work", .place = "daemon.pipe:6",
        .size = sizeof(struct beats_work),
        .align = _Alignof(struct beats_work),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = beats_work_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct beats_work, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct beats_work, to_lines), .chan = chan_lines, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "beat", .place = "daemon.pipe:7",
        .size = sizeof(struct beats_beat),
        .align = _Alignof(struct beats_beat),
        .workers = 1,
        .fixed = true,
        .daemon = true,
        .run = beats_beat_run_,
        .every = 1000000000, /* 1s */
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct beats_beat, to_lines), .chan = chan_lines, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "idle", .place = "daemon.pipe:8",
        .size = sizeof(struct beats_idle),
        .align = _Alignof(struct beats_idle),
        .workers = 1,
        .fixed = true,
        .daemon = true,
        .run = beats_idle_run_,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "daemon.pipe:9",
        .size = sizeof(struct beats_show),
        .align = _Alignof(struct beats_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = beats_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct beats_show, in_n),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program beats_program_ = {
    .name = "beats",
    .doc = "a heartbeat beside the work",
};

int main(int argc, char **argv)
{
    static struct beats pipe;
    const int status = prt_options(&beats_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "beats", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    beats_wire_(run);
    return prt_run(run);
}
