/* Emitted by pipec 0.1.0 from part.pipe; edit that file instead.
 *
 *     read --rows[64]--> errors x4 --bad[64]--> keep --newest[4]--> print
 *     read --names[4]--> keep_name --name[4]--> print_name
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 5 "part.pipe"
typedef struct {
    int id, status;
} row;
#include <prt/words.h>
#line 17 "part.c"

/* ---- params ------------------------------------------------------------------------ */

struct log_params {
#line 50 "part.pipe"
    int least; /* what is wrong */
#line 24 "part.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 64 "part.pipe"
typedef char *log_keep_name_T;
#line 31 "part.c"

/* What the stages of keep share, of the part last. */
struct log_state_keep_ {
#line 30 "part.pipe"
        row kept;
        int seen;
};
#line 39 "part.c"

/* What the stages of keep_name share, of the part last. */
struct log_state_keep_name_ {
#line 30 "part.pipe"
        log_keep_name_T kept;
        int seen;
};
#line 47 "part.c"

#line 2 "part.pipe"
struct log {
#line 51 "part.c"
    struct log_params params;
    struct prt_settings settings;
    struct log_state_keep_ keep;
    struct log_state_keep_name_ keep_name;
};

/* ---- before and after all stages --------------------------------------------------- */

struct log_pipeline_ {
    struct prt_worker *base;
    struct log *pipe;
};

/* ---- stages ------------------------------------------------------------------------ */

/* part.pipe:57: read -> rows, names
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 57 "part.pipe"
struct log_read {
#line 71 "part.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_out to_rows;
    struct prt_out to_names;
};

static inline bool log_read_emit_rows(struct log_read *self,
#line 51 "part.pipe"
        row value)
#line 82 "part.c"
{
    return prt_emit(&self->to_rows, &value, sizeof value);
}

static inline bool log_read_emit_names(struct log_read *self, char *value)
{
    return prt_emit(&self->to_names, &value, sizeof value);
}

#line 57 "part.pipe"
static void log_read_(struct log_read *self)
{
#line 58 "part.pipe"
    if (!log_read_emit_rows(self, (row){ 1, 500 })) return;
    if (!log_read_emit_names(self, NULL)) return;
}
#line 99 "part.c"

static void log_read_run_(struct prt_worker *base)
{
    log_read_((struct log_read *)base);
}

#line 62 "part.pipe"
static inline bool log_errors_test(struct log *pipe, row r)
{
    const int least = pipe->params.least;
#line 62 "part.pipe"
                                                    return (r.status >= least);
#line 112 "part.c"
}

/* part.pipe:62: errors (x <- rows) -> bad[0..1], workers 4: filter, part.pipe:10
 * Sends at most one item for each that it receives, so it never waits. */
#line 62 "part.pipe"
struct log_errors {
#line 119 "part.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_x;
    struct prt_out to_out;
};

static inline bool log_errors_emit_out(struct log_errors *self,
#line 52 "part.pipe"
        row value)
#line 130 "part.c"
{
    return prt_emit(&self->to_out, &value, sizeof value);
}

#line 62 "part.pipe"
static void log_errors_(struct log_errors *self, row x)
{
#line 17 "part.pipe"
        if (log_errors_test(self->pipe, x))
            if (!log_errors_emit_out(self, PRT_TAKE(x))) return;
}
#line 142 "part.c"

static void log_errors_run_(struct prt_worker *base)
{
    struct log_errors *self = (struct log_errors *)base;
#line 62 "part.pipe"
    row x;
#line 149 "part.c"

    while (prt_receive(&self->in_x, &x, sizeof x))
        log_errors_(self, x);
}

static inline void log_keep_T_drop(row *item)
{
    (void)item; /* owns nothing */
}

static void log_init_keep_(struct prt_worker *base, void *pipe)
{
    struct log_pipeline_ *self = &(struct log_pipeline_){ .base = base, .pipe = pipe };

    const int n = 3;
#line 34 "part.pipe"
        self->pipe->keep.seen = n;
}
#line 168 "part.c"

static void log_final_keep_(struct prt_worker *base, void *pipe)
{
    struct log_pipeline_ *self = &(struct log_pipeline_){ .base = base, .pipe = pipe };

#line 37 "part.pipe"
        log_keep_T_drop(&self->pipe->keep.kept);
}
#line 177 "part.c"

/* part.pipe:63: keep (x <- bad) -> newest: last, part.pipe:22
 * Sends nothing for each that it receives, so it never waits. */
#line 63 "part.pipe"
struct log_keep {
#line 183 "part.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_x;
    struct prt_out to_out;
};

static inline bool log_keep_emit_out(struct log_keep *self,
#line 53 "part.pipe"
        row value)
#line 194 "part.c"
{
    return prt_emit(&self->to_out, &value, sizeof value);
}

#line 63 "part.pipe"
static void log_keep_(struct log_keep *self, row x)
{
    static const char *const names[] = { "a", "b" };
    const size_t names_len = 2;
#line 41 "part.pipe"
        log_keep_T_drop(&self->pipe->keep.kept);
        self->pipe->keep.kept = PRT_TAKE(x);
        self->pipe->keep.seen += (int)names_len + (names_len > 0 && names[0] ? 1 : 0);
}
#line 209 "part.c"

static void log_keep_run_(struct prt_worker *base)
{
    struct log_keep *self = (struct log_keep *)base;
#line 63 "part.pipe"
    row x;
#line 216 "part.c"

    while (prt_receive(&self->in_x, &x, sizeof x))
        log_keep_(self, x);
}

static void log_keep_final_(struct prt_worker *base)
{
    struct log_keep *self = (struct log_keep *)base;
#line 46 "part.pipe"
        if (!log_keep_emit_out(self, PRT_TAKE(self->pipe->keep.kept))) return;
}
#line 228 "part.c"

static inline void log_keep_name_T_drop(log_keep_name_T *item)
{
    prt_string_drop(item);
    memset(item, 0, sizeof *item);
}

static void log_init_keep_name_(struct prt_worker *base, void *pipe)
{
    struct log_pipeline_ *self = &(struct log_pipeline_){ .base = base, .pipe = pipe };

    const int n = 1;
#line 34 "part.pipe"
        self->pipe->keep_name.seen = n;
}
#line 244 "part.c"

static void log_final_keep_name_(struct prt_worker *base, void *pipe)
{
    struct log_pipeline_ *self = &(struct log_pipeline_){ .base = base, .pipe = pipe };

#line 37 "part.pipe"
        log_keep_name_T_drop(&self->pipe->keep_name.kept);
}
#line 253 "part.c"

/* part.pipe:64: keep_name (x <- names) -> name: last, part.pipe:22
 * Sends nothing for each that it receives, so it never waits. */
#line 64 "part.pipe"
struct log_keep_name {
#line 259 "part.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_x;
    struct prt_out to_out;
};

static inline bool log_keep_name_emit_out(struct log_keep_name *self, char *value)
{
    return prt_emit(&self->to_out, &value, sizeof value);
}

#line 64 "part.pipe"
static void log_keep_name_(struct log_keep_name *self, char *item)
{
    char *x __attribute__((__cleanup__(prt_string_drop))) = item;
    const char *const *const names = NULL;
    const size_t names_len = 0;
#line 41 "part.pipe"
        log_keep_name_T_drop(&self->pipe->keep_name.kept);
        self->pipe->keep_name.kept = PRT_TAKE(x);
        self->pipe->keep_name.seen += (int)names_len + (names_len > 0 && names[0] ? 1 : 0);
}
#line 283 "part.c"

static void log_keep_name_run_(struct prt_worker *base)
{
    struct log_keep_name *self = (struct log_keep_name *)base;
    char *x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        log_keep_name_(self, x);
}

static void log_keep_name_final_(struct prt_worker *base)
{
    struct log_keep_name *self = (struct log_keep_name *)base;
#line 46 "part.pipe"
        if (!log_keep_name_emit_out(self, PRT_TAKE(self->pipe->keep_name.kept))) return;
}
#line 300 "part.c"

/* part.pipe:66: print (r <- newest)
 * A sink; it never waits for room. */
#line 66 "part.pipe"
struct log_print {
#line 306 "part.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_r;
};

#line 66 "part.pipe"
static void log_print_(struct log_print *self, row r)
{
    (void)self;
#line 67 "part.pipe"
    (void)r;
}
#line 320 "part.c"

static void log_print_run_(struct prt_worker *base)
{
    struct log_print *self = (struct log_print *)base;
#line 66 "part.pipe"
    row r;
#line 327 "part.c"

    while (prt_receive(&self->in_r, &r, sizeof r))
        log_print_(self, r);
}

/* part.pipe:70: print_name (r <- name)
 * A sink; it never waits for room. */
#line 70 "part.pipe"
struct log_print_name {
#line 337 "part.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_r;
};

#line 70 "part.pipe"
static void log_print_name_(struct log_print_name *self, char *item)
{
    char *r __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 71 "part.pipe"
    (void)r;
}
#line 352 "part.c"

static void log_print_name_run_(struct prt_worker *base)
{
    struct log_print_name *self = (struct log_print_name *)base;
    char *r;

    while (prt_receive(&self->in_r, &r, sizeof r))
        log_print_name_(self, r);
}

/* ---- before and after all stages, of instances too --------------------------------- */

static void log_init_(struct prt_worker *base, void *pipe)
{
    log_init_keep_(base, pipe);
    if (!prt_failed(base))
        log_init_keep_name_(base, pipe);
}

static void log_final_(struct prt_worker *base, void *pipe)
{
    log_final_keep_name_(base, pipe);
    log_final_keep_(base, pipe);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 51 "part.pipe"
_Static_assert(_Generic(*(row *)0, row: 1, default: 0),
               "channel rows: an array cannot be an item; put it into a struct");
#line 51 "part.pipe"
_Static_assert(sizeof(row) <= 65536,
               "channel rows: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = row * drop FUNCTION;");
#line 391 "part.c"

static void log_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_rows = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "rows", .place = "part.pipe:51",
#line 51 "part.pipe"
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(row), .cap = 64 });
#line 400 "part.c"
    /* many senders, one receiver */
    struct prt_chan *const chan_bad = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "bad", .place = "part.pipe:52",
#line 52 "part.pipe"
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(row), .cap = 64 });
#line 406 "part.c"
    /* one sender, one receiver */
    struct prt_chan *const chan_newest = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "newest", .place = "part.pipe:53",
#line 53 "part.pipe"
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(row), .cap = 4 });
#line 412 "part.c"
    /* one sender, one receiver */
    struct prt_chan *const chan_names = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "names", .place = "part.pipe:54",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_name = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "name", .place = "part.pipe:55",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "part.pipe:57",
        .size = sizeof(struct log_read),
        .align = _Alignof(struct log_read),
        .workers = 1,
        .fixed = true,
        .run = log_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct log_read, to_rows), .chan = chan_rows, .most = 1 },
            { .at = offsetof(struct log_read, to_names), .chan = chan_names, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "errors", .place = "part.pipe:62",
        .size = sizeof(struct log_errors),
        .align = _Alignof(struct log_errors),
        .workers = 4,
        .leaf = true,
        .run = log_errors_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_errors, in_x),
              .chans = (struct prt_chan *const[]){ chan_rows }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct log_errors, to_out), .chan = chan_bad, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep", .place = "part.pipe:63",
        .size = sizeof(struct log_keep),
        .align = _Alignof(struct log_keep),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_keep_run_,
        .final = log_keep_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_keep, in_x),
              .chans = (struct prt_chan *const[]){ chan_bad }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct log_keep, to_out), .chan = chan_newest, .most = 0 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep_name", .place = "part.pipe:64",
        .size = sizeof(struct log_keep_name),
        .align = _Alignof(struct log_keep_name),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_keep_name_run_,
        .final = log_keep_name_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_keep_name, in_x),
              .chans = (struct prt_chan *const[]){ chan_names }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct log_keep_name, to_out), .chan = chan_name, .most = 0 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "print", .place = "part.pipe:66",
        .size = sizeof(struct log_print),
        .align = _Alignof(struct log_print),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_print_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_print, in_r),
              .chans = (struct prt_chan *const[]){ chan_newest }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "print_name", .place = "part.pipe:70",
        .size = sizeof(struct log_print_name),
        .align = _Alignof(struct log_print_name),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_print_name_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_print_name, in_r),
              .chans = (struct prt_chan *const[]){ chan_name }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param log_options_[] = {
    { .name = "least", .doc = "what is wrong", .type = PRT_INT,
      .at = offsetof(struct log_params, least), .value.i = 400, .ranged = true, .low.i = 0, .high.i = 999 },
};

static const char *const log_pools_[] = { "errors" };

static const struct prt_program log_program_ = {
    .name = "log",
    .doc = "rows that have failed",
    .drain = 5000000000, /* 5s */
    .params = log_options_,
    .nparams = 1,
    .pools = log_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct log pipe;
    const int status = prt_options(&log_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "log", .pipe = &pipe, .settings = &pipe.settings, .init = log_init_, .final = log_final_ });
    if (!run)
        return 1;
    log_wire_(run);
    return prt_run(run);
}
