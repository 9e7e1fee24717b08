/* Emitted by pipec 0.1.0 from keys.pipe; edit that file instead.
 *
 *     read --a[64]--> fetch x16
 *     read --b[64]--> fetch x16
 *     read --texts[64]--> base
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 5 "keys.pipe"
#include <string.h>

#line 8 "keys.pipe"
struct base {
    int item;
    char key[8];
    long self;
};
#include <prt/words.h>
#line 23 "keys.c"

/* ---- params ------------------------------------------------------------------------ */

struct keys_params {
#line 15 "keys.pipe"
    double pace; /* how often for each host */
    int most;
    int shards;
#line 32 "keys.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 3 "keys.pipe"
struct keys {
#line 39 "keys.c"
    struct keys_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* keys.pipe:25: read -> a, b, texts
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 25 "keys.pipe"
struct keys_read {
#line 50 "keys.c"
    struct prt_worker base;
    int worker;
    struct keys *pipe;
    struct prt_out to_a;
    struct prt_out to_b;
    struct prt_out to_texts;
};

static inline bool keys_read_emit_a(struct keys_read *self,
#line 21 "keys.pipe"
        struct base value)
#line 62 "keys.c"
{
    return prt_emit(&self->to_a, &value, sizeof value);
}

static inline bool keys_read_emit_b(struct keys_read *self,
#line 22 "keys.pipe"
        struct base value)
#line 70 "keys.c"
{
    return prt_emit(&self->to_b, &value, sizeof value);
}

static inline bool keys_read_emit_texts(struct keys_read *self, char *value)
{
    return prt_emit(&self->to_texts, &value, sizeof value);
}

#line 25 "keys.pipe"
static void keys_read_(struct keys_read *self)
{
#line 26 "keys.pipe"
    if (!keys_read_emit_a(self, (struct base){ 1, "a", 2 })) return;
    if (!keys_read_emit_b(self, (struct base){ 1, "a", 2 })) return;
    if (!keys_read_emit_texts(self, strdup("t"))) return;
}
#line 88 "keys.c"

static void keys_read_run_(struct prt_worker *base)
{
    keys_read_((struct keys_read *)base);
}

/* keys.pipe:30: fetch (item <- a | b), workers 16, rate pace per (item.key), bound most per (item . item%shards), bound 4 per (...), bound few, by (item.item % shards)
 * A sink; it never waits for room. */
#line 30 "keys.pipe"
struct keys_fetch {
#line 99 "keys.c"
    struct prt_worker base;
    int worker;
    struct keys *pipe;
    struct prt_in in_item;
};

#line 30 "keys.pipe"
static void keys_fetch_(struct keys_fetch *self, struct base item)
{
    (void)self;
#line 32 "keys.pipe"
    (void)item;
#line 32 "keys.pipe"
}
#line 114 "keys.c"

static void keys_fetch_run_(struct prt_worker *base_)
{
    struct keys_fetch *self = (struct keys_fetch *)base_;
#line 30 "keys.pipe"
    struct base item;
#line 121 "keys.c"

    while (prt_receive(&self->in_item, &item, sizeof item))
        keys_fetch_(self, item);
}

/* Which key an item has. */
static void keys_fetch_by_(struct prt_worker *base_, const void *item_, struct prt_key *key)
{
    struct keys_fetch *self = (struct keys_fetch *)base_;
#line 30 "keys.pipe"
    struct base item;
#line 133 "keys.c"
    const int shards = self->pipe->params.shards;

    memcpy(&item, item_, sizeof item);
#line 30 "keys.pipe"
                       *key = PRT_KEY(base_, item.item % shards);
#line 139 "keys.c"
}

/* Which key an item has. */
static void keys_fetch_rate_per_(struct prt_worker *base_, const void *item_, struct prt_key *key)
{
#line 30 "keys.pipe"
    struct base item;
#line 147 "keys.c"

    memcpy(&item, item_, sizeof item);
#line 30 "keys.pipe"
                                                                   *key = PRT_KEY(base_, item.key);
#line 152 "keys.c"
}

/* Which key an item has. */
static void keys_fetch_bound_per_2_(struct prt_worker *base_, const void *item_, struct prt_key *key)
{
#line 30 "keys.pipe"
    struct base item;
#line 160 "keys.c"

    memcpy(&item, item_, sizeof item);
#line 31 "keys.pipe"
                                                  *key = PRT_KEY(base_, item.self +
        1);
#line 166 "keys.c"
}

/* How much of its key's rate an item takes. */
static uint64_t keys_fetch_cost_(struct prt_worker *base_, const void *item_)
{
#line 30 "keys.pipe"
    struct base item;
#line 174 "keys.c"

    memcpy(&item, item_, sizeof item);
#line 30 "keys.pipe"
                                                                         return PRT_UNITS(base_, "cost", item.self);
#line 179 "keys.c"
}

/* How much of its key's bound an item holds. */
static uint64_t keys_fetch_weight_per_(struct prt_worker *base_, const void *item_)
{
#line 30 "keys.pipe"
    struct base item;
#line 187 "keys.c"

    memcpy(&item, item_, sizeof item);
#line 31 "keys.pipe"
              return PRT_UNITS(base_, "weight", item.item);
#line 192 "keys.c"
}

/* keys.pipe:33: base (key <- texts), rate 5/s per (key)
 * A sink; it never waits for room. */
#line 33 "keys.pipe"
struct keys_base {
#line 199 "keys.c"
    struct prt_worker base;
    int worker;
    struct keys *pipe;
    struct prt_in in_key;
};

#line 33 "keys.pipe"
static void keys_base_(struct keys_base *self, char *item)
{
    char *key __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 33 "keys.pipe"
    (void)key;
#line 33 "keys.pipe"
}
#line 215 "keys.c"

static void keys_base_run_(struct prt_worker *base)
{
    struct keys_base *self = (struct keys_base *)base;
    char *key;

    while (prt_receive(&self->in_key, &key, sizeof key))
        keys_base_(self, key);
}

/* Which key an item has. */
static void keys_base_rate_per_(struct prt_worker *base, const void *item, struct prt_key *key_)
{
    char *key;

    memcpy(&key, item, sizeof key);
#line 33 "keys.pipe"
                   *key_ = PRT_KEY(base, key);
#line 234 "keys.c"
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 21 "keys.pipe"
_Static_assert(_Generic(*(struct base *)0, struct base: 1, default: 0),
               "channel a: an array cannot be an item; put it into a struct");
#line 21 "keys.pipe"
_Static_assert(sizeof(struct base) <= 65536,
               "channel a: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct base * drop FUNCTION;");
#line 250 "keys.c"

static void keys_wire_(struct prt_run *run, const struct keys_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_a = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "a", .place = "keys.pipe:21",
#line 21 "keys.pipe"
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(struct base), .cap = 64 });
#line 259 "keys.c"
    /* one sender, many receivers */
    struct prt_chan *const chan_b = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "b", .place = "keys.pipe:22",
#line 22 "keys.pipe"
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(struct base), .cap = 64 });
#line 265 "keys.c"
    /* one sender, one receiver */
    struct prt_chan *const chan_texts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "texts", .place = "keys.pipe:23",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 64, .drop = prt_string_drop });
    struct prt_bound *const bound_few = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "few", .permits = 3 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "keys.pipe:25",
        .size = sizeof(struct keys_read),
        .align = _Alignof(struct keys_read),
        .workers = 1,
        .fixed = true,
        .run = keys_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct keys_read, to_a), .chan = chan_a, .most = 1 },
            { .at = offsetof(struct keys_read, to_b), .chan = chan_b, .most = 1 },
            { .at = offsetof(struct keys_read, to_texts), .chan = chan_texts, .most = 1 },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "fetch", .place = "keys.pipe:30",
        .size = sizeof(struct keys_fetch),
        .align = _Alignof(struct keys_fetch),
        .workers = 16,
        .leaf = true,
        .run = keys_fetch_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_few },
        },
        .nbounds = 1,
        .keyed = (const struct prt_keyed_spec[]){
            { .kind = PRT_BY_KEY, .key = keys_fetch_by_, .name = "by" },
            { .kind = PRT_RATE_PER_KEY, .key = keys_fetch_rate_per_, .weight = keys_fetch_cost_,
                .per_second = params->pace, .burst = 3, .name = "rate" },
            { .kind = PRT_BOUND_PER_KEY, .key = keys_fetch_by_, .weight = keys_fetch_weight_per_,
                .permits = (uint64_t)params->most, .name = "bound" },
            { .kind = PRT_BOUND_PER_KEY, .key = keys_fetch_bound_per_2_, .permits = 4, .name = "bound" },
        },
        .nkeyed = 4,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct keys_fetch, in_item),
              .chans = (struct prt_chan *const[]){ chan_a, chan_b }, .nchans = 2 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "base", .place = "keys.pipe:33",
        .size = sizeof(struct keys_base),
        .align = _Alignof(struct keys_base),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = keys_base_run_,
        .keyed = (const struct prt_keyed_spec[]){
            { .kind = PRT_RATE_PER_KEY, .key = keys_base_rate_per_, .per_second = 5.0, .burst = 1, .name = "rate" },
        },
        .nkeyed = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct keys_base, in_key),
              .chans = (struct prt_chan *const[]){ chan_texts }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param keys_options_[] = {
    { .name = "pace", .doc = "how often for each host", .type = PRT_RATE,
      .at = offsetof(struct keys_params, pace), .value.d = 5.0 },
    { .name = "most", .type = PRT_INT,
      .at = offsetof(struct keys_params, most), .value.i = 2, .ranged = true, .low.i = 1, .high.i = INT32_MAX },
    { .name = "shards", .type = PRT_INT,
      .at = offsetof(struct keys_params, shards), .value.i = 9 },
};

static const char *const keys_pools_[] = { "fetch" };

static const char *const keys_rates_[] = { "fetch", "base" };

static const struct prt_program keys_program_ = {
    .name = "keys",
    .params = keys_options_,
    .nparams = 3,
    .pools = keys_pools_,
    .npools = 1,
    .rates = keys_rates_,
    .nrates = 2,
};

int main(int argc, char **argv)
{
    static struct keys pipe;
    const int status = prt_options(&keys_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "keys", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    keys_wire_(run, &pipe.params);
    return prt_run(run);
}
