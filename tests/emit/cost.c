/* Emitted by pipec 0.1.0 from cost.pipe; edit that file instead.
 *
 *     read --names[8]--> join
 *     read --texts[8]--> send x4
 *     read --sizes[8]--> join
 *     send x4, join --more[8]--> flush
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "cost.pipe"
#include <string.h>
#include <prt/words.h>
#line 17 "cost.c"

/* ---- params ------------------------------------------------------------------------ */

struct cost_params {
#line 6 "cost.pipe"
    int each; /* bytes to a permit */
#line 24 "cost.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "cost.pipe"
struct cost {
#line 31 "cost.c"
    struct cost_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* cost.pipe:15: read -> names, texts, sizes
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 15 "cost.pipe"
struct cost_read {
#line 42 "cost.c"
    struct prt_worker base;
    int worker;
    struct cost *pipe;
    struct prt_out to_names;
    struct prt_out to_texts;
    struct prt_out to_sizes;
};

static inline bool cost_read_emit_names(struct cost_read *self, char *value)
{
    return prt_emit(&self->to_names, &value, sizeof value);
}

static inline bool cost_read_emit_texts(struct cost_read *self, char *value)
{
    return prt_emit(&self->to_texts, &value, sizeof value);
}

static inline bool cost_read_emit_sizes(struct cost_read *self, int value)
{
    return prt_emit(&self->to_sizes, &value, sizeof value);
}

#line 15 "cost.pipe"
static void cost_read_(struct cost_read *self)
{
#line 16 "cost.pipe"
    if (!cost_read_emit_names(self, strdup("a"))) return;
    if (!cost_read_emit_texts(self, strdup("b"))) return;
    if (!cost_read_emit_sizes(self, 1)) return;
}
#line 74 "cost.c"

static void cost_read_run_(struct prt_worker *base)
{
    cost_read_((struct cost_read *)base);
}

/* cost.pipe:20: send (text <- texts) -> more, workers 4, rate 10K/s
 * Sends exactly one item for each that it receives, so it never waits. */
#line 20 "cost.pipe"
struct cost_send {
#line 85 "cost.c"
    struct prt_worker base;
    int worker;
    struct cost *pipe;
    struct prt_in in_text;
    struct prt_out to_more;
};

static inline bool cost_send_emit_more(struct cost_send *self, int value)
{
    return prt_emit(&self->to_more, &value, sizeof value);
}

#line 20 "cost.pipe"
static void cost_send_(struct cost_send *self, char *item)
{
    char *text __attribute__((__cleanup__(prt_string_drop))) = item;
#line 20 "cost.pipe"
    if (!cost_send_emit_more(self, (int)strlen(text))) return;
#line 20 "cost.pipe"
}
#line 106 "cost.c"

static void cost_send_run_(struct prt_worker *base)
{
    struct cost_send *self = (struct cost_send *)base;
    char *text;

    while (prt_receive(&self->in_text, &text, sizeof text))
        cost_send_(self, text);
}

/* How many permits of the rate an item takes. */
static uint64_t cost_send_cost_(struct prt_worker *base, const void *item)
{
    struct cost_send *self = (struct cost_send *)base;
    char *text;
    const int each = self->pipe->params.each;

    memcpy(&text, item, sizeof text);
#line 20 "cost.pipe"
                                          return PRT_UNITS(base, "cost", strlen(text) / each);
#line 127 "cost.c"
}

/* cost.pipe:21: join (name <- names, size <- sizes) -> more, rate shared
 * Sends exactly one item for each pair, so it never waits; takes one item of each input. */
#line 21 "cost.pipe"
struct cost_join {
#line 134 "cost.c"
    struct prt_worker base;
    int worker;
    struct cost *pipe;
    struct prt_in in_name;
    struct prt_in in_size;
    struct prt_out to_more;
};

static inline bool cost_join_emit_more(struct cost_join *self, int value)
{
    return prt_emit(&self->to_more, &value, sizeof value);
}

#line 21 "cost.pipe"
static void cost_join_(struct cost_join *self, char *name_item, int size)
{
    char *name __attribute__((__cleanup__(prt_string_drop))) = name_item;
    (void)name;
#line 22 "cost.pipe"
    if (!cost_join_emit_more(self, size)) return;
#line 22 "cost.pipe"
}
#line 157 "cost.c"

static void cost_join_run_(struct prt_worker *base)
{
    struct cost_join *self = (struct cost_join *)base;
    char *name;
    int size;

    while (prt_receive(&self->in_name, &name, sizeof name)) {
        prt_receive_also(&self->in_size, &size, sizeof size);
        cost_join_(self, name, size);
    }
}

/* How many permits of the rate shared an item takes. */
static uint64_t cost_join_cost_(struct prt_worker *base, const void *item)
{
    struct cost_join *self = (struct cost_join *)base;
    char *name;
    int size;

    memcpy(&name, item, sizeof name);
    memcpy(&size, prt_waiting(&self->in_size), sizeof size);
#line 21 "cost.pipe"
                                      return PRT_UNITS(base, "cost", size +
    strlen(name));
#line 183 "cost.c"
}

/* cost.pipe:23: flush (xs[50] <- more within 1s), rate shared, bound 2
 * A sink; it never waits for room; gathers up to 50 items, or what has come within its time. */
#line 23 "cost.pipe"
struct cost_flush {
#line 190 "cost.c"
    struct prt_worker base;
    int worker;
    struct cost *pipe;
    struct prt_in in_xs;
};

#line 23 "cost.pipe"
static void cost_flush_(struct cost_flush *self, int *xs, size_t xs_len)
{
    (void)self;
    (void)xs_len;
#line 23 "cost.pipe"
    (void)xs;
#line 23 "cost.pipe"
}
#line 206 "cost.c"

static void cost_flush_run_(struct prt_worker *base)
{
    struct cost_flush *self = (struct cost_flush *)base;
    size_t xs_len;
    int *xs = prt_receive_batch(&self->in_xs, &xs_len);

    if (!xs)
        return;
    cost_flush_(self, xs, xs_len);
}

/* How many permits of the rate shared an item takes. */
static uint64_t cost_flush_cost_(struct prt_worker *base, const void *item)
{
    struct cost_flush *self = (struct cost_flush *)base;
    const size_t xs_len = prt_waiting_n(&self->in_xs);
    int const *xs = item;

    (void)xs;
#line 23 "cost.pipe"
                           return PRT_UNITS(base, "cost", xs_len);
#line 229 "cost.c"
}

/* How much of the bound an item holds. */
static uint64_t cost_flush_weight_(struct prt_worker *base, const void *item)
{
    struct cost_flush *self = (struct cost_flush *)base;
    const size_t xs_len = prt_waiting_n(&self->in_xs);
    int const *xs = item;

    (void)xs_len;
    (void)xs;
#line 23 "cost.pipe"
                                                  return PRT_UNITS(base, "weight", 2);
#line 243 "cost.c"
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void cost_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_names = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "names", .place = "cost.pipe:10",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 8, .drop = prt_string_drop });
    /* one sender, many receivers */
    struct prt_chan *const chan_texts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "texts", .place = "cost.pipe:11",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(char *), .cap = 8, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_sizes = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "sizes", .place = "cost.pipe:12",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 8 });
    /* many senders, one receiver */
    struct prt_chan *const chan_more = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "more", .place = "cost.pipe:13",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 8 });
    struct prt_rate *const rate_shared = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "shared", .per_second = 1000.0, .burst = 64 });
    struct prt_rate *const rate_send = prt_rate_add(run, &(struct prt_rate_spec){
        .name = "send", .per_second = 10000.0, .burst = 4096 });
    struct prt_bound *const bound_flush = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "flush", .permits = 2 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "cost.pipe:15",
        .size = sizeof(struct cost_read),
        .align = _Alignof(struct cost_read),
        .workers = 1,
        .fixed = true,
        .run = cost_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct cost_read, to_names), .chan = chan_names, .most = 1 },
            { .at = offsetof(struct cost_read, to_texts), .chan = chan_texts, .most = 1 },
            { .at = offsetof(struct cost_read, to_sizes), .chan = chan_sizes, .most = 1 },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "send", .place = "cost.pipe:20",
        .size = sizeof(struct cost_send),
        .align = _Alignof(struct cost_send),
        .workers = 4,
        .leaf = true,
        .run = cost_send_run_,
        .rate = rate_send,
        .cost = cost_send_cost_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct cost_send, in_text),
              .chans = (struct prt_chan *const[]){ chan_texts }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct cost_send, to_more), .chan = chan_more, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "join", .place = "cost.pipe:21",
        .size = sizeof(struct cost_join),
        .align = _Alignof(struct cost_join),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = cost_join_run_,
        .rate = rate_shared,
        .cost = cost_join_cost_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct cost_join, in_name),
              .chans = (struct prt_chan *const[]){ chan_names }, .nchans = 1 },
            { .at = offsetof(struct cost_join, in_size),
              .chans = (struct prt_chan *const[]){ chan_sizes }, .nchans = 1 },
        },
        .nins = 2,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct cost_join, to_more), .chan = chan_more, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "flush", .place = "cost.pipe:23",
        .size = sizeof(struct cost_flush),
        .align = _Alignof(struct cost_flush),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = cost_flush_run_,
        .rate = rate_shared,
        .cost = cost_flush_cost_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_flush, .weight = cost_flush_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct cost_flush, in_xs),
              .chans = (struct prt_chan *const[]){ chan_more }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 50,
        .within = 1000000000, /* 1s */
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param cost_options_[] = {
    { .name = "each", .doc = "bytes to a permit", .type = PRT_INT,
      .at = offsetof(struct cost_params, each), .value.i = 100 },
};

static const char *const cost_pools_[] = { "send" };

static const char *const cost_rates_[] = { "shared", "send" };

static const struct prt_program cost_program_ = {
    .name = "cost",
    .params = cost_options_,
    .nparams = 1,
    .pools = cost_pools_,
    .npools = 1,
    .rates = cost_rates_,
    .nrates = 2,
};

int main(int argc, char **argv)
{
    static struct cost pipe;
    const int status = prt_options(&cost_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "cost", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    cost_wire_(run);
    return prt_run(run);
}
