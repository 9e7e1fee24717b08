/* Emitted by pipec 0.1.0 from local_names.pipe; edit that file instead.
 *
 *     make --items[4]--> pass --more[4]--> weigh x2
 *     make --bases[4]--> end x2
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "local_names.pipe"
#include <stdlib.h>

#line 7 "local_names.pipe"
struct text {
    char *letters;
};

static void text_drop(struct text text)
{
    free(text.letters);
}

static void owned(struct text *text)
{
    free(text->letters);
    free(text);
}

#line 23 "local_names.pipe"
typedef struct text item; /* owns something: text_drop() drops it */
typedef struct text *base; /* owns something: owned() drops it */
#include <prt/words.h>
#line 35 "local_names.c"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type item; one of all zero bytes is empty. */
static void local_names_drop_item_(void *item_)
{
#line 23 "local_names.pipe"
    if (memcmp(item_, (const char[sizeof(item) + 1]){ 0 }, sizeof(item)) != 0)
#line 23 "local_names.pipe"
        text_drop(*(item *)item_);
#line 46 "local_names.c"
}

/* Drops an item of type base; one of all zero bytes is empty. */
static void local_names_drop_base_(void *item_)
{
#line 24 "local_names.pipe"
    if (*(base *)item_)
#line 24 "local_names.pipe"
        owned(*(base *)item_);
#line 56 "local_names.c"
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "local_names.pipe"
struct local_names {
#line 63 "local_names.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* local_names.pipe:30: make -> items, bases
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 30 "local_names.pipe"
struct local_names_make {
#line 73 "local_names.c"
    struct prt_worker base;
    int worker;
    struct local_names *pipe;
    struct prt_out to_items;
    struct prt_out to_bases;
};

static inline bool local_names_make_emit_items(struct local_names_make *self, item value)
{
    return prt_emit(&self->to_items, &value, sizeof value);
}

static inline bool local_names_make_emit_bases(struct local_names_make *self, base value)
{
    return prt_emit(&self->to_bases, &value, sizeof value);
}

#line 30 "local_names.pipe"
static void local_names_make_(struct local_names_make *self)
{
#line 31 "local_names.pipe"
    if (!local_names_make_emit_items(self, (item){ NULL })) return;
    if (!local_names_make_emit_bases(self, NULL)) return;
}
#line 98 "local_names.c"

static void local_names_make_run_(struct prt_worker *base_)
{
    local_names_make_((struct local_names_make *)base_);
}

/* local_names.pipe:35: pass (x <- items) -> more
 * Sends exactly one item for each that it receives, so it never waits. */
#line 35 "local_names.pipe"
struct local_names_pass {
#line 109 "local_names.c"
    struct prt_worker base;
    int worker;
    struct local_names *pipe;
    struct prt_in in_x;
    struct prt_out to_more;
};

static inline bool local_names_pass_emit_more(struct local_names_pass *self, item value)
{
    return prt_emit(&self->to_more, &value, sizeof value);
}

#line 35 "local_names.pipe"
static void local_names_pass_(struct local_names_pass *self, item item_)
{
    item x __attribute__((__cleanup__(local_names_drop_item_))) = item_;
#line 36 "local_names.pipe"
    if (!local_names_pass_emit_more(self, PRT_TAKE(x))) return;
}
#line 129 "local_names.c"

static void local_names_pass_run_(struct prt_worker *base_)
{
    struct local_names_pass *self = (struct local_names_pass *)base_;
    item x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        local_names_pass_(self, x);
}

/* local_names.pipe:39: weigh (x <- more), workers 2, bound 3
 * A sink; it never waits for room. */
#line 39 "local_names.pipe"
struct local_names_weigh {
#line 144 "local_names.c"
    struct prt_worker base;
    int worker;
    struct local_names *pipe;
    struct prt_in in_x;
};

#line 39 "local_names.pipe"
static void local_names_weigh_(struct local_names_weigh *self, item item_)
{
    item x __attribute__((__cleanup__(local_names_drop_item_))) = item_;
    (void)self;
    (void)x;
}
#line 158 "local_names.c"

static void local_names_weigh_run_(struct prt_worker *base_)
{
    struct local_names_weigh *self = (struct local_names_weigh *)base_;
    item x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        local_names_weigh_(self, x);
}

/* How much of the bound an item holds. */
static uint64_t local_names_weigh_weight_(struct prt_worker *base_, const void *item_)
{
    item x;

    memcpy(&x, item_, sizeof x);
#line 39 "local_names.pipe"
                  return PRT_UNITS(base_, "weight", x.letters ? 1 : 2);
#line 177 "local_names.c"
}

/* local_names.pipe:42: end (x <- bases), workers 2, bound 3
 * A sink; it never waits for room. */
#line 42 "local_names.pipe"
struct local_names_end {
#line 184 "local_names.c"
    struct prt_worker base;
    int worker;
    struct local_names *pipe;
    struct prt_in in_x;
};

#line 42 "local_names.pipe"
static void local_names_end_(struct local_names_end *self, base item_)
{
    base x __attribute__((__cleanup__(local_names_drop_base_))) = item_;
    (void)self;
#line 43 "local_names.pipe"
    free(PRT_TAKE(x));
}
#line 199 "local_names.c"

static void local_names_end_run_(struct prt_worker *base_)
{
    struct local_names_end *self = (struct local_names_end *)base_;
    base x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        local_names_end_(self, x);
}

/* How much of the bound an item holds. */
static uint64_t local_names_end_weight_(struct prt_worker *base_, const void *item_)
{
    base x;

    memcpy(&x, item_, sizeof x);
#line 42 "local_names.pipe"
      return PRT_UNITS(base_, "weight", x ? 1 : 2);
#line 218 "local_names.c"
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 26 "local_names.pipe"
_Static_assert(_Generic(*(item *)0, item: 1, default: 0),
               "channel items: an array cannot be an item; put it into a struct");
#line 26 "local_names.pipe"
_Static_assert(sizeof(item) <= 65536,
               "channel items: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct text * drop FUNCTION;");
#line 234 "local_names.c"

static void local_names_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_items = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "items", .place = "local_names.pipe:26",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(item), .cap = 4, .drop = local_names_drop_item_ });
    /* one sender, many receivers */
    struct prt_chan *const chan_more = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "more", .place = "local_names.pipe:27",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(item), .cap = 4, .drop = local_names_drop_item_ });
    /* one sender, many receivers */
    struct prt_chan *const chan_bases = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "bases", .place = "local_names.pipe:28",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(base), .cap = 4, .drop = local_names_drop_base_ });
    struct prt_bound *const bound_weigh = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "weigh", .permits = 3 });
    struct prt_bound *const bound_end = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "end", .permits = 3 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "make", .place = "local_names.pipe:30",
        .size = sizeof(struct local_names_make),
        .align = _Alignof(struct local_names_make),
        .workers = 1,
        .fixed = true,
        .run = local_names_make_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct local_names_make, to_items), .chan = chan_items, .most = 1 },
            { .at = offsetof(struct local_names_make, to_bases), .chan = chan_bases, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "pass", .place = "local_names.pipe:35",
        .size = sizeof(struct local_names_pass),
        .align = _Alignof(struct local_names_pass),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = local_names_pass_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct local_names_pass, in_x),
              .chans = (struct prt_chan *const[]){ chan_items }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct local_names_pass, to_more), .chan = chan_more, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "weigh", .place = "local_names.pipe:39",
        .size = sizeof(struct local_names_weigh),
        .align = _Alignof(struct local_names_weigh),
        .workers = 2,
        .leaf = true,
        .run = local_names_weigh_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_weigh, .weight = local_names_weigh_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct local_names_weigh, in_x),
              .chans = (struct prt_chan *const[]){ chan_more }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "end", .place = "local_names.pipe:42",
        .size = sizeof(struct local_names_end),
        .align = _Alignof(struct local_names_end),
        .workers = 2,
        .leaf = true,
        .run = local_names_end_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_end, .weight = local_names_end_weight_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct local_names_end, in_x),
              .chans = (struct prt_chan *const[]){ chan_bases }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const char *const local_names_pools_[] = { "weigh", "end" };

static const struct prt_program local_names_program_ = {
    .name = "local_names",
    .pools = local_names_pools_,
    .npools = 2,
};

int main(int argc, char **argv)
{
    static struct local_names pipe;
    const int status = prt_options(&local_names_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "local_names", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    local_names_wire_(run);
    return prt_run(run);
}
