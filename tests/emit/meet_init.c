/* Emitted by pipec 0.1.0 from meet_init.pipe; edit that file instead.
 *
 *     mutex --items[4]--> cond
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "meet_init.pipe"
#include <pthread.h>
#include <prt/words.h>
#line 14 "meet_init.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "meet_init.pipe"
struct pthread {
#line 20 "meet_init.c"
    struct prt_settings settings;
#line 9 "meet_init.pipe"
        int n;
#line 9 "meet_init.pipe"
};
#line 26 "meet_init.c"

/* ---- before and after all stages --------------------------------------------------- */

struct pthread_pipeline_ {
    struct prt_worker *base;
    struct pthread *pipe;
};

static void pthread_init_(struct prt_worker *base, void *pipe)
{
    struct pthread_pipeline_ *self = &(struct pthread_pipeline_){ .base = base, .pipe = pipe };
#line 8 "meet_init.pipe"
    self->pipe->n = 1;
#line 8 "meet_init.pipe"
}
#line 42 "meet_init.c"

/* ---- stages ------------------------------------------------------------------------ */

/* meet_init.pipe:11: mutex -> items
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 11 "meet_init.pipe"
struct pthread_mutex {
#line 50 "meet_init.c"
    struct prt_worker base;
    int worker;
    struct pthread *pipe;
    struct prt_out to_items;
#line 13 "meet_init.pipe"
        int n;
#line 13 "meet_init.pipe"
};
#line 59 "meet_init.c"

static inline bool pthread_mutex_emit_items(struct pthread_mutex *self, int value)
{
    return prt_emit(&self->to_items, &value, sizeof value);
}

static void pthread_mutex_init_(struct prt_worker *base)
{
    struct pthread_mutex *self = (struct pthread_mutex *)base;
#line 12 "meet_init.pipe"
    self->n = 1;
#line 12 "meet_init.pipe"
}
#line 73 "meet_init.c"

#line 11 "meet_init.pipe"
static void pthread_mutex_(struct pthread_mutex *self)
{
#line 14 "meet_init.pipe"
    if (!pthread_mutex_emit_items(self, self->n)) return;
#line 14 "meet_init.pipe"
}
#line 82 "meet_init.c"

static void pthread_mutex_run_(struct prt_worker *base)
{
    pthread_mutex_((struct pthread_mutex *)base);
}

/* meet_init.pipe:16: cond (n <- items)
 * A sink; it never waits for room. */
#line 16 "meet_init.pipe"
struct pthread_cond {
#line 93 "meet_init.c"
    struct prt_worker base;
    int worker;
    struct pthread *pipe;
    struct prt_in in_n;
#line 18 "meet_init.pipe"
        int n;
#line 18 "meet_init.pipe"
};
#line 102 "meet_init.c"

static void pthread_cond_init_(struct prt_worker *base)
{
    struct pthread_cond *self = (struct pthread_cond *)base;
#line 17 "meet_init.pipe"
    self->n = 2;
#line 17 "meet_init.pipe"
}
#line 111 "meet_init.c"

#line 16 "meet_init.pipe"
static void pthread_cond_(struct pthread_cond *self, int n)
{
#line 19 "meet_init.pipe"
    self->n = n;
#line 19 "meet_init.pipe"
}
#line 120 "meet_init.c"

static void pthread_cond_run_(struct prt_worker *base)
{
    struct pthread_cond *self = (struct pthread_cond *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        pthread_cond_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void pthread_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_items = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "items", .place = "meet_init.pipe:6",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "mutex", .place = "meet_init.pipe:11",
        .size = sizeof(struct pthread_mutex),
        .align = _Alignof(struct pthread_mutex),
        .workers = 1,
        .fixed = true,
        .run = pthread_mutex_run_,
        .init = pthread_mutex_init_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct pthread_mutex, to_items), .chan = chan_items, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "cond", .place = "meet_init.pipe:16",
        .size = sizeof(struct pthread_cond),
        .align = _Alignof(struct pthread_cond),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = pthread_cond_run_,
        .init = pthread_cond_init_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct pthread_cond, in_n),
              .chans = (struct prt_chan *const[]){ chan_items }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program pthread_program_ = {
    .name = "pthread",
};

int main(int argc, char **argv)
{
    static struct pthread pipe;
    const int status = prt_options(&pthread_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "pthread", .pipe = &pipe, .settings = &pipe.settings, .init = pthread_init_ });
    if (!run)
        return 1;
    pthread_wire_(run);
    return prt_run(run);
}
