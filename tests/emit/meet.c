/* Emitted by pipec 0.1.0 from meet.pipe; edit that file instead.
 *
 *     create, t --yield[4]--> settime --gettime[4]--> delete
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "meet.pipe"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <prt/words.h>
#line 17 "meet.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "meet.pipe"
struct timer {
#line 23 "meet.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* meet.pipe:12: create -> yield
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 12 "meet.pipe"
struct timer_create {
#line 33 "meet.c"
    struct prt_worker base;
    int worker;
    struct timer *pipe;
    struct prt_out to_yield;
};

static inline bool timer_create_emit_yield(struct timer_create *self, int value)
{
    return prt_emit(&self->to_yield, &value, sizeof value);
}

#line 12 "meet.pipe"
static void timer_create_(struct timer_create *self)
{
#line 12 "meet.pipe"
    if (!timer_create_emit_yield(self, 1)) return;
#line 12 "meet.pipe"
}
#line 52 "meet.c"

static void timer_create_run_(struct prt_worker *base)
{
    timer_create_((struct timer_create *)base);
}

/* meet.pipe:13: settime (n <- yield) -> gettime
 * Sends exactly one item for each that it receives, so it never waits. */
#line 13 "meet.pipe"
struct timer_settime {
#line 63 "meet.c"
    struct prt_worker base;
    int worker;
    struct timer *pipe;
    struct prt_in in_n;
    struct prt_out to_gettime;
#line 15 "meet.pipe"
        int n;
#line 15 "meet.pipe"
};
#line 73 "meet.c"

static inline bool timer_settime_emit_gettime(struct timer_settime *self, int value)
{
    return prt_emit(&self->to_gettime, &value, sizeof value);
}

static void timer_settime_init_(struct prt_worker *base)
{
    struct timer_settime *self = (struct timer_settime *)base;
#line 14 "meet.pipe"
    self->n = 0;
#line 14 "meet.pipe"
}
#line 87 "meet.c"

#line 13 "meet.pipe"
static void timer_settime_(struct timer_settime *self, int n)
{
#line 16 "meet.pipe"
    if (!timer_settime_emit_gettime(self, self->n + n)) return;
#line 16 "meet.pipe"
}
#line 96 "meet.c"

static void timer_settime_run_(struct prt_worker *base)
{
    struct timer_settime *self = (struct timer_settime *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        timer_settime_(self, n);
}

/* meet.pipe:17: delete (n <- gettime)
 * A sink; it never waits for room. */
#line 17 "meet.pipe"
struct timer_delete {
#line 111 "meet.c"
    struct prt_worker base;
    int worker;
    struct timer *pipe;
    struct prt_in in_n;
};

#line 17 "meet.pipe"
static void timer_delete_(struct timer_delete *self, int n)
{
    (void)self;
#line 17 "meet.pipe"
    (void)n;
#line 17 "meet.pipe"
}
#line 126 "meet.c"

static void timer_delete_run_(struct prt_worker *base)
{
    struct timer_delete *self = (struct timer_delete *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        timer_delete_(self, n);
}

/* meet.pipe:18: t -> yield
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 18 "meet.pipe"
struct timer_t {
#line 141 "meet.c"
    struct prt_worker base;
    int worker;
    struct timer *pipe;
    struct prt_out to_yield;
};

static inline bool timer_t_emit_yield(struct timer_t *self, int value)
{
    return prt_emit(&self->to_yield, &value, sizeof value);
}

#line 18 "meet.pipe"
static void timer_t_(struct timer_t *self)
{
#line 18 "meet.pipe"
    if (!timer_t_emit_yield(self, 2)) return;
#line 18 "meet.pipe"
}
#line 160 "meet.c"

static void timer_t_run_(struct prt_worker *base)
{
    timer_t_((struct timer_t *)base);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void timer_wire_(struct prt_run *run)
{
    /* many senders, one receiver */
    struct prt_chan *const chan_yield = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "yield", .place = "meet.pipe:9",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_gettime = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "gettime", .place = "meet.pipe:10",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "create", .place = "meet.pipe:12",
        .size = sizeof(struct timer_create),
        .align = _Alignof(struct timer_create),
        .workers = 1,
        .fixed = true,
        .run = timer_create_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct timer_create, to_yield), .chan = chan_yield, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "settime", .place = "meet.pipe:13",
        .size = sizeof(struct timer_settime),
        .align = _Alignof(struct timer_settime),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = timer_settime_run_,
        .init = timer_settime_init_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct timer_settime, in_n),
              .chans = (struct prt_chan *const[]){ chan_yield }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct timer_settime, to_gettime), .chan = chan_gettime, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "delete", .place = "meet.pipe:17",
        .size = sizeof(struct timer_delete),
        .align = _Alignof(struct timer_delete),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = timer_delete_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct timer_delete, in_n),
              .chans = (struct prt_chan *const[]){ chan_gettime }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "t", .place = "meet.pipe:18",
        .size = sizeof(struct timer_t),
        .align = _Alignof(struct timer_t),
        .workers = 1,
        .fixed = true,
        .run = timer_t_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct timer_t, to_yield), .chan = chan_yield, .most = 1 },
        },
        .nouts = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program timer_program_ = {
    .name = "timer",
};

int main(int argc, char **argv)
{
    static struct timer pipe;
    const int status = prt_options(&timer_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "timer", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    timer_wire_(run);
    return prt_run(run);
}
