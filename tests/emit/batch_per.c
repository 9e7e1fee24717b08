/* Emitted by pipec 0.1.0 from batch_per.pipe; edit that file instead.
 *
 *     read --sales[500]--> book x8
 *     read --late[500]--> book x8
 *     read --words[500]--> count
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "batch_per.pipe"
#include <stdio.h>
#include <string.h>

#line 8 "batch_per.pipe"
struct sale {
    int shop, key;
    long cents;
};
#include <prt/words.h>
#line 23 "batch_per.c"

/* ---- params ------------------------------------------------------------------------ */

struct batch_per_params {
#line 14 "batch_per.pipe"
    int shops;
    long most;
#line 31 "batch_per.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "batch_per.pipe"
struct batch_per {
#line 38 "batch_per.c"
    struct batch_per_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* batch_per.pipe:21: read -> sales, late, words
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 21 "batch_per.pipe"
struct batch_per_read {
#line 49 "batch_per.c"
    struct prt_worker base;
    int worker;
    struct batch_per *pipe;
    struct prt_out to_sales;
    struct prt_out to_late;
    struct prt_out to_words;
};

static inline bool batch_per_read_emit_sales(struct batch_per_read *self,
#line 17 "batch_per.pipe"
        struct sale value)
#line 61 "batch_per.c"
{
    return prt_emit(&self->to_sales, &value, sizeof value);
}

static inline bool batch_per_read_emit_late(struct batch_per_read *self,
#line 18 "batch_per.pipe"
        struct sale value)
#line 69 "batch_per.c"
{
    return prt_emit(&self->to_late, &value, sizeof value);
}

static inline bool batch_per_read_emit_words(struct batch_per_read *self, char *value)
{
    return prt_emit(&self->to_words, &value, sizeof value);
}

#line 21 "batch_per.pipe"
static void batch_per_read_(struct batch_per_read *self)
{
#line 22 "batch_per.pipe"
    if (!batch_per_read_emit_sales(self, (struct sale){ 1, 2, 3 })) return;
    if (!batch_per_read_emit_late(self, (struct sale){ 1, 2, 3 })) return;
    if (!batch_per_read_emit_words(self, strdup("one"))) return;
}
#line 87 "batch_per.c"

static void batch_per_read_run_(struct prt_worker *base)
{
    batch_per_read_((struct batch_per_read *)base);
}

/* batch_per.pipe:27: book (s[100] <- sales > late within 50ms weight (s->cents) most per (s->shop % shops)), workers 8, rate 5/s per (s->shop % shops), bound 2 per (s->shop % shops), by (s->shop % shops)
 * A sink; it never waits for room; takes from 'sales' first; gathers up to 100 items of one key by their weight, or what has come within its time. */
#line 27 "batch_per.pipe"
struct batch_per_book {
#line 98 "batch_per.c"
    struct prt_worker base;
    int worker;
    struct batch_per *pipe;
    struct prt_in in_s;
};

#line 27 "batch_per.pipe"
static void batch_per_book_(struct batch_per_book *self, struct sale *s, size_t s_len)
{
    (void)self;
#line 29 "batch_per.pipe"
    printf("%d: %zu\n", s->shop, s_len);
}
#line 112 "batch_per.c"

static void batch_per_book_run_(struct prt_worker *base)
{
    struct batch_per_book *self = (struct batch_per_book *)base;
    size_t s_len;
#line 27 "batch_per.pipe"
    struct sale *s = prt_receive_batch(&self->in_s, &s_len);
#line 120 "batch_per.c"

    if (!s)
        return;
    batch_per_book_(self, s, s_len);
}

/* Which key an item has. */
static void batch_per_book_per_(struct prt_worker *base, const void *item, struct prt_key *key)
{
    struct batch_per_book *self = (struct batch_per_book *)base;
#line 27 "batch_per.pipe"
    struct sale s[1];
#line 133 "batch_per.c"
    const int shops = self->pipe->params.shops;

    memcpy(s, item, sizeof s);
#line 27 "batch_per.pipe"
                                                      *key = PRT_KEY(base, s->shop % shops);
#line 139 "batch_per.c"
}

/* How much of its key's rate an item takes. */
static uint64_t batch_per_book_cost_(struct prt_worker *base, const void *item)
{
    struct batch_per_book *self = (struct batch_per_book *)base;
    const size_t s_len = prt_waiting_n(&self->in_s);
    struct sale const *s = item;

    (void)s;
#line 28 "batch_per.pipe"
          return PRT_UNITS(base, "cost", s_len);
#line 152 "batch_per.c"
}

/* What an item weighs that waits for a batch. */
static int64_t batch_per_book_weigh_(void *program, const void *item)
{
#line 27 "batch_per.pipe"
    struct sale s[1];
#line 160 "batch_per.c"

    (void)program;
    memcpy(s, item, sizeof s);
#line 27 "batch_per.pipe"
                                     return PRT_WEIGHT(s->cents);
#line 166 "batch_per.c"
}

/* batch_per.pipe:32: count (key[10] <- words per (*key))
 * A sink; it never waits for room; gathers up to 10 items of one key. */
#line 32 "batch_per.pipe"
struct batch_per_count {
#line 173 "batch_per.c"
    struct prt_worker base;
    int worker;
    struct batch_per *pipe;
    struct prt_in in_key;
};

#line 32 "batch_per.pipe"
static void batch_per_count_(struct batch_per_count *self, char **key, size_t key_len)
{
    (void)self;
#line 33 "batch_per.pipe"
    printf("%s: %zu\n", key[0], key_len);
}
#line 187 "batch_per.c"

static void batch_per_count_run_(struct prt_worker *base)
{
    struct batch_per_count *self = (struct batch_per_count *)base;
    size_t key_len;
    char **key = prt_receive_batch(&self->in_key, &key_len);

    if (!key)
        return;
    batch_per_count_(self, key, key_len);
    for (size_t i = 0; i < key_len; i++)
        prt_string_drop(&key[i]);
}

/* Which key an item has. */
static void batch_per_count_per_(struct prt_worker *base, const void *item, struct prt_key *key_)
{
    char *key[1];

    memcpy(key, item, sizeof key);
#line 32 "batch_per.pipe"
             *key_ = PRT_KEY(base, *key);
#line 210 "batch_per.c"
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 17 "batch_per.pipe"
_Static_assert(_Generic(*(struct sale *)0, struct sale: 1, default: 0),
               "channel sales: an array cannot be an item; put it into a struct");
#line 17 "batch_per.pipe"
_Static_assert(sizeof(struct sale) <= 65536,
               "channel sales: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct sale * drop FUNCTION;");
#line 226 "batch_per.c"

static void batch_per_wire_(struct prt_run *run, const struct batch_per_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_sales = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "sales", .place = "batch_per.pipe:17",
#line 17 "batch_per.pipe"
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(struct sale), .cap = 500 });
#line 235 "batch_per.c"
    /* one sender, many receivers */
    struct prt_chan *const chan_late = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "late", .place = "batch_per.pipe:18",
#line 18 "batch_per.pipe"
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(struct sale), .cap = 500 });
#line 241 "batch_per.c"
    /* one sender, one receiver */
    struct prt_chan *const chan_words = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "words", .place = "batch_per.pipe:19",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 500, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "batch_per.pipe:21",
        .size = sizeof(struct batch_per_read),
        .align = _Alignof(struct batch_per_read),
        .workers = 1,
        .fixed = true,
        .run = batch_per_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_per_read, to_sales), .chan = chan_sales, .most = 1 },
            { .at = offsetof(struct batch_per_read, to_late), .chan = chan_late, .most = 1 },
            { .at = offsetof(struct batch_per_read, to_words), .chan = chan_words, .most = 1 },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "book", .place = "batch_per.pipe:27",
        .size = sizeof(struct batch_per_book),
        .align = _Alignof(struct batch_per_book),
        .workers = 8,
        .leaf = true,
        .run = batch_per_book_run_,
        .keyed = (const struct prt_keyed_spec[]){
            { .kind = PRT_BATCH_PER_KEY, .key = batch_per_book_per_, .name = "per" },
            { .kind = PRT_BY_KEY, .key = batch_per_book_per_, .name = "by" },
            { .kind = PRT_RATE_PER_KEY, .key = batch_per_book_per_, .weight = batch_per_book_cost_, .per_second = 5.0,
                .burst = 1, .name = "rate" },
            { .kind = PRT_BOUND_PER_KEY, .key = batch_per_book_per_, .permits = 2, .name = "bound" },
        },
        .nkeyed = 4,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_per_book, in_s),
              .chans = (struct prt_chan *const[]){ chan_sales, chan_late }, .nchans = 2, .preferred = true },
        },
        .nins = 1,
        .collect = 100,
        .within = 50000000, /* 50ms */
        .weight = (uint64_t)params->most,
        .weigh = batch_per_book_weigh_,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "batch_per.pipe:32",
        .size = sizeof(struct batch_per_count),
        .align = _Alignof(struct batch_per_count),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_per_count_run_,
        .keyed = (const struct prt_keyed_spec[]){
            { .kind = PRT_BATCH_PER_KEY, .key = batch_per_count_per_, .name = "per" },
        },
        .nkeyed = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_per_count, in_key),
              .chans = (struct prt_chan *const[]){ chan_words }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 10,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param batch_per_options_[] = {
    { .name = "shops", .type = PRT_INT,
      .at = offsetof(struct batch_per_params, shops), .value.i = 10 },
    { .name = "most", .type = PRT_LONG,
      .at = offsetof(struct batch_per_params, most), .value.i = 1000, .ranged = true, .low.i = 1, .high.i = INT64_MAX },
};

static const char *const batch_per_pools_[] = { "book" };

static const char *const batch_per_rates_[] = { "book" };

static const struct prt_program batch_per_program_ = {
    .name = "batch_per",
    .params = batch_per_options_,
    .nparams = 2,
    .pools = batch_per_pools_,
    .npools = 1,
    .rates = batch_per_rates_,
    .nrates = 1,
};

int main(int argc, char **argv)
{
    static struct batch_per pipe;
    const int status = prt_options(&batch_per_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "batch_per", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    batch_per_wire_(run, &pipe.params);
    return prt_run(run);
}
