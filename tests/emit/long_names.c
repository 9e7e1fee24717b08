/* Emitted by pipec 0.1.0 from long_names.pipe; edit that file instead.
 *
 *     make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo --first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m[16]--> take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo x4
 *     make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo --second_that_has_as_many_letters_as_a_name_may_have_and_not_one_[16]--> take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo x4
 *     take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo x4 --third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m()--> inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m x4
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "long_names.pipe"
#include <stdio.h>
#include <string.h>
#include <prt/words.h>
#line 17 "long_names.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "long_names.pipe"
struct folded {
#line 23 "long_names.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* long_names.pipe:13: make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo -> first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m, second_that_has_as_many_letters_as_a_name_may_have_and_not_one_, every 1s
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 13 "long_names.pipe"
struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo {
#line 33 "long_names.c"
    struct prt_worker base;
    int worker;
    struct folded *pipe;
    struct prt_out to_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m;
    struct prt_out to_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_;
};

static inline bool folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_emit_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m(struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *self, int value)
{
    return prt_emit(&self->to_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m, &value, sizeof value);
}

static inline bool folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_emit_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_(struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *self, int value)
{
    return prt_emit(&self->to_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_, &value, sizeof value);
}

#line 13 "long_names.pipe"
static void folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_(struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *self)
{
#line 14 "long_names.pipe"
    if (!folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_emit_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m(self, 1)) return;
    if (!folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_emit_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_(self, 2)) return;
}
#line 58 "long_names.c"

static void folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_run_(struct prt_worker *base)
{
    folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_((struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *)base);
}

/* long_names.pipe:23: inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m (item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo <- third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m), inline
 * Runs within 'take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo': an item comes by a function call. */
#line 23 "long_names.pipe"
struct folded_inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m {
#line 69 "long_names.c"
    struct prt_worker base;
    int worker;
    struct folded *pipe;
};

/* long_names.pipe:18: take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo (item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo <- first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m | second_that_has_as_many_letters_as_a_name_may_have_and_not_one_) -> third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m, workers 4, rate pace_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo, bound space
 * What it sends stays within it, so it never waits for room. */
#line 18 "long_names.pipe"
struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo {
#line 79 "long_names.c"
    struct prt_worker base;
    int worker;
    struct folded *pipe;
    struct prt_in in_item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo;
    struct prt_call call_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m;
    struct folded_inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m to_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m; /* inline: sending to third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m runs inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m */
};

static void folded_inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m_(struct folded_inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m *self, char *value);

static inline bool folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_emit_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m(struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *self, char *value)
{
    prt_call_count(&self->call_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m);
    folded_inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m_(&self->to_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m, value);
    return true;
}

#line 18 "long_names.pipe"
static void folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_(struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *self, int item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo)
{
    if (!folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_emit_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m(self, strdup(item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo > 1 ? "more" : "one"))) return;
}
#line 102 "long_names.c"

static void folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_run_(struct prt_worker *base)
{
    struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *self = (struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo *)base;
    int item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo;

    while (prt_receive(&self->in_item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo, &item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo, sizeof item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo))
        folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_(self, item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo);
}

/* How much of the bound space an item holds. */
static uint64_t folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_weight_space_(struct prt_worker *base, const void *item)
{
    int item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo;

    memcpy(&item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo, item, sizeof item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo);
#line 19 "long_names.pipe"
                                                                      return PRT_UNITS(base, "weight", item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo);
#line 121 "long_names.c"
}

#line 23 "long_names.pipe"
static void folded_inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m_(struct folded_inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m *self, char *item)
{
    char *item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 24 "long_names.pipe"
    puts(item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo);
}
#line 132 "long_names.c"

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void folded_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m = prt_chan_add(run,
        &(struct prt_chan_spec){
        .name = "first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m", .place = "long_names.pipe:7",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 16 });
    /* one sender, many receivers */
    struct prt_chan *const chan_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_ = prt_chan_add(run,
        &(struct prt_chan_spec){
        .name = "second_that_has_as_many_letters_as_a_name_may_have_and_not_one_", .place = "long_names.pipe:8",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 16 });
    struct prt_rate *const rate_pace_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo = prt_rate_add(run,
        &(struct prt_rate_spec){
        .name = "pace_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo", .per_second = 5.0, .burst = 1 });
    struct prt_bound *const bound_space = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "space", .permits = 64 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo", .place = "long_names.pipe:13",
        .size = sizeof(struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo),
        .align = _Alignof(struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo),
        .workers = 1,
        .fixed = true,
        .run = folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_run_,
        .every = 1000000000, /* 1s */
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo,
                to_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m),
                .chan = chan_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m, .most = 1 },
            { .at = offsetof(struct folded_make_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo,
                to_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_),
                .chan = chan_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_, .most = 1 },
        },
        .nouts = 2,
    });

    static const struct prt_inline_spec inlines_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo[] = {
        { .name = "inner_that_has_as_many_letters_as_a_name_may_have_and_not_one_m", .place = "long_names.pipe:23",
          .chan = "third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m",
              .at = offsetof(struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo,
              to_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m),
          .call_at = offsetof(struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo,
              call_third_that_has_as_many_letters_as_a_name_may_have_and_not_one_m) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo", .place = "long_names.pipe:18",
        .size = sizeof(struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo),
        .align = _Alignof(struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo),
        .workers = 4,
        .leaf = true,
        .run = folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_run_,
        .rate = rate_pace_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_space,
                .weight = folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo_weight_space_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct folded_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo,
                in_item_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo),
              .chans = (struct prt_chan *const[]){ chan_first_that_has_as_many_letters_as_a_name_may_have_and_not_one_m,
                  chan_second_that_has_as_many_letters_as_a_name_may_have_and_not_one_ }, .nchans = 2 },
        },
        .nins = 1,
        .inlines = inlines_take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo,
        .ninlines = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const char *const folded_pools_[] = { "take_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo" };

static const char *const folded_rates_[] = { "pace_that_has_as_many_letters_as_a_name_may_have_and_not_one_mo" };

static const struct prt_program folded_program_ = {
    .name = "folded",
    .pools = folded_pools_,
    .npools = 1,
    .rates = folded_rates_,
    .nrates = 1,
};

int main(int argc, char **argv)
{
    static struct folded pipe;
    const int status = prt_options(&folded_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "folded", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    folded_wire_(run);
    return prt_run(run);
}
