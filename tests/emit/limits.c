/* Emitted by pipec 0.1.0 from limits.pipe; edit that file instead.
 *
 *     make --jobs[100]--> sort x auto --small[10]--> open x8 --paths[1]--> end
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "limits.pipe"
#include <stddef.h>

#line 7 "limits.pipe"
struct job {
    size_t bytes;
    const char *path;
};
#include <prt/words.h>
#line 20 "limits.c"

/* ---- params ------------------------------------------------------------------------ */

struct limits_params {
#line 13 "limits.pipe"
    size_t memory; /* bytes in flight */
#line 27 "limits.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "limits.pipe"
struct limits {
#line 34 "limits.c"
    struct limits_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* limits.pipe:24: make -> jobs, rate quick
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 24 "limits.pipe"
struct limits_make {
#line 45 "limits.c"
    struct prt_worker base;
    int worker;
    struct limits *pipe;
    struct prt_out to_jobs;
};

static inline bool limits_make_emit_jobs(struct limits_make *self,
#line 15 "limits.pipe"
        struct job value)
#line 55 "limits.c"
{
    return prt_emit(&self->to_jobs, &value, sizeof value);
}

#line 24 "limits.pipe"
static void limits_make_(struct limits_make *self)
{
#line 25 "limits.pipe"
    if (!limits_make_emit_jobs(self, (struct job){ .bytes = 1 })) return;
}
#line 66 "limits.c"

static void limits_make_run_(struct prt_worker *base)
{
    limits_make_((struct limits_make *)base);
}

/* limits.pipe:28: sort (job <- jobs) -> small[0..1], workers auto, rate 7/3s, bound bytes, bound files
 * Sends at most one item for each that it receives, so it never waits. */
#line 28 "limits.pipe"
struct limits_sort {
#line 77 "limits.c"
    struct prt_worker base;
    int worker;
    struct limits *pipe;
    struct prt_in in_job;
    struct prt_out to_small;
};

static inline bool limits_sort_emit_small(struct limits_sort *self,
#line 16 "limits.pipe"
        struct job value)
#line 88 "limits.c"
{
    return prt_emit(&self->to_small, &value, sizeof value);
}

#line 28 "limits.pipe"
static void limits_sort_(struct limits_sort *self, struct job job)
{
#line 29 "limits.pipe"
    if (job.bytes < 1000)
        if (!limits_sort_emit_small(self, job)) return;
}
#line 100 "limits.c"

static void limits_sort_run_(struct prt_worker *base)
{
    struct limits_sort *self = (struct limits_sort *)base;
#line 28 "limits.pipe"
    struct job job;
#line 107 "limits.c"

    while (prt_receive(&self->in_job, &job, sizeof job))
        limits_sort_(self, job);
}

/* How much of the bound bytes an item holds. */
static uint64_t limits_sort_weight_bytes_(struct prt_worker *base, const void *item)
{
#line 28 "limits.pipe"
    struct job job;
#line 118 "limits.c"

    memcpy(&job, item, sizeof job);
#line 28 "limits.pipe"
                                                             return PRT_UNITS(base, "weight", job.bytes + 1);
#line 123 "limits.c"
}

/* limits.pipe:33: open (job <- small) -> paths, workers 8, rate slow, bound 3, blocking
 * Each worker has a thread of its own, on which it may wait for room. */
#line 33 "limits.pipe"
struct limits_open {
#line 130 "limits.c"
    struct prt_worker base;
    int worker;
    struct limits *pipe;
    struct prt_in in_job;
    struct prt_out to_paths;
};

static inline bool limits_open_emit_paths(struct limits_open *self, const char *value)
{
    return prt_emit(&self->to_paths, &value, sizeof value);
}

#line 33 "limits.pipe"
static void limits_open_(struct limits_open *self, struct job job)
{
#line 37 "limits.pipe"
    if (!limits_open_emit_paths(self, job.path)) return;
}
#line 149 "limits.c"

static void limits_open_run_(struct prt_worker *base)
{
    struct limits_open *self = (struct limits_open *)base;
#line 33 "limits.pipe"
    struct job job;
#line 156 "limits.c"

    while (prt_receive(&self->in_job, &job, sizeof job))
        limits_open_(self, job);
}

/* How much of the bound an item holds. */
static uint64_t limits_open_weight_(struct prt_worker *base, const void *item)
{
    struct limits_open *self = (struct limits_open *)base;
#line 33 "limits.pipe"
    struct job job;
#line 168 "limits.c"

    memcpy(&job, item, sizeof job);
#line 33 "limits.pipe"
                                         return PRT_UNITS(base, "weight", 
        job.bytes > (size_t)self->worker ? // more than
            2 : 1
    );
#line 176 "limits.c"
}

/* limits.pipe:40: end (path <- paths)
 * A sink; it never waits for room. */
#line 40 "limits.pipe"
struct limits_end {
#line 183 "limits.c"
    struct prt_worker base;
    int worker;
    struct limits *pipe;
    struct prt_in in_path;
};

#line 40 "limits.pipe"
static void limits_end_(struct limits_end *self, const char *path)
{
    (void)self;
    (void)path;
}
#line 196 "limits.c"

static void limits_end_run_(struct prt_worker *base)
{
    struct limits_end *self = (struct limits_end *)base;
    const char *path;

    while (prt_receive(&self->in_path, &path, sizeof path))
        limits_end_(self, path);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 15 "limits.pipe"
_Static_assert(_Generic(*(struct job *)0, struct job: 1, default: 0),
               "channel jobs: an array cannot be an item; put it into a struct");
#line 15 "limits.pipe"
_Static_assert(sizeof(struct job) <= 65536,
               "channel jobs: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct job * drop FUNCTION;");
#line 220 "limits.c"

static void limits_wire_(struct prt_run *run, const struct limits_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_jobs = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "jobs", .place = "limits.pipe:15",
#line 15 "limits.pipe"
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(struct job), .cap = 100 });
#line 229 "limits.c"
    /* many senders, many receivers */
    struct prt_chan *const chan_small = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "small", .place = "limits.pipe:16",
#line 16 "limits.pipe"
        .kind = PRT_MANY_TO_MANY, .item_size = sizeof(struct job), .cap = 10 });
#line 235 "limits.c"
    /* many senders, one receiver */
    struct prt_chan *const chan_paths = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "paths", .place = "limits.pipe:17",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(const char *), .cap = 1 });
    struct prt_rate *const rate_slow = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "slow", .per_second = 1.0 / 60, .burst = 1 });
    struct prt_rate *const rate_quick = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "quick", .per_second = 100000.0, .burst = 20 });
    struct prt_bound *const bound_files = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "files", .permits = 16 });
    struct prt_bound *const bound_bytes = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "bytes", .permits = (uint64_t)params->memory });
    struct prt_rate *const rate_sort = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "sort", .per_second = 7.0 / 3, .burst = 2 });
    struct prt_bound *const bound_open = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "open", .permits = 3 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "make", .place = "limits.pipe:24",
        .size = sizeof(struct limits_make),
        .align = _Alignof(struct limits_make),
        .workers = 1,
        .fixed = true,
        .run = limits_make_run_,
        .rate = rate_quick,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct limits_make, to_jobs), .chan = chan_jobs, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "sort", .place = "limits.pipe:28",
        .size = sizeof(struct limits_sort),
        .align = _Alignof(struct limits_sort),
        .workers = prt_cpus(),
        .leaf = true,
        .run = limits_sort_run_,
        .rate = rate_sort,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_files },
            { .bound = bound_bytes, .weight = limits_sort_weight_bytes_ },
        },
        .nbounds = 2,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct limits_sort, in_job),
              .chans = (struct prt_chan *const[]){ chan_jobs }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct limits_sort, to_small), .chan = chan_small, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "open", .place = "limits.pipe:33",
        .size = sizeof(struct limits_open),
        .align = _Alignof(struct limits_open),
        .workers = 8,
        .blocking = true,
        .run = limits_open_run_,
        .rate = rate_slow,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_open, .weight = limits_open_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct limits_open, in_job),
              .chans = (struct prt_chan *const[]){ chan_small }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct limits_open, to_paths), .chan = chan_paths, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "end", .place = "limits.pipe:40",
        .size = sizeof(struct limits_end),
        .align = _Alignof(struct limits_end),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = limits_end_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct limits_end, in_path),
              .chans = (struct prt_chan *const[]){ chan_paths }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param limits_options_[] = {
    { .name = "memory", .doc = "bytes in flight", .type = PRT_SIZE,
      .at = offsetof(struct limits_params, memory), .value.u = 67108864, .ranged = true, .low.u = 1, .high.u = 68719476736 },
};

static const char *const limits_pools_[] = { "sort", "open" };

static const char *const limits_rates_[] = { "slow", "quick", "sort" };

static const struct prt_program limits_program_ = {
    .name = "limits",
    .params = limits_options_,
    .nparams = 1,
    .pools = limits_pools_,
    .npools = 2,
    .rates = limits_rates_,
    .nrates = 3,
};

int main(int argc, char **argv)
{
    static struct limits pipe;
    const int status = prt_options(&limits_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "limits", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    limits_wire_(run, &pipe.params);
    return prt_run(run);
}
