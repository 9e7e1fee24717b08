/* Emitted by pipec 0.1.0 from type_hidden.pipe; edit that file instead.
 *
 *     send --values[4]--> each of one, two
 *     send --items[4]--> each of three, four
 *     one --ins[4]--> attempt --passed[4]--> keep
 *     attempt --lost[4]--> bury
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "type_hidden.pipe"
#include <stdlib.h>

#line 7 "type_hidden.pipe"
struct pair { char *text; };

static void pair_free(struct pair p)
{
    free(p.text);
}

static struct pair pair_copy(struct pair p)
{
    return p;
}

#line 20 "type_hidden.pipe"
typedef struct pair value; /* owns something: pair_free() drops it */
typedef struct pair in; /* owns something: pair_free() drops it */
typedef struct pair item; /* owns something: pair_free() drops it */
#include <prt/words.h>
#line 35 "type_hidden.c"

/* An item that failed for good, in lost. */
struct type_hidden_lost {
#line 28 "type_hidden.pipe"
    in item;
#line 41 "type_hidden.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type value; one of all zero bytes is empty. */
static void type_hidden_drop_value_(void *item_)
{
#line 20 "type_hidden.pipe"
    if (memcmp(item_, (const char[sizeof(value) + 1]){ 0 }, sizeof(value)) != 0)
#line 20 "type_hidden.pipe"
        pair_free(*(value *)item_);
#line 56 "type_hidden.c"
}

/* Makes a copy of an item of type value. */
static void type_hidden_clone_value_(void *value_, const void *item_)
{
#line 20 "type_hidden.pipe"
    *(value *)value_ = pair_copy(*(const value *)item_);
#line 64 "type_hidden.c"
}

/* Drops an item of type in; one of all zero bytes is empty. */
static void type_hidden_drop_in_(void *item_)
{
#line 21 "type_hidden.pipe"
    if (memcmp(item_, (const char[sizeof(in) + 1]){ 0 }, sizeof(in)) != 0)
#line 21 "type_hidden.pipe"
        pair_free(*(in *)item_);
#line 74 "type_hidden.c"
}

/* Drops an item of type item; one of all zero bytes is empty. */
static void type_hidden_drop_item_(void *item_)
{
#line 22 "type_hidden.pipe"
    if (memcmp(item_, (const char[sizeof(item) + 1]){ 0 }, sizeof(item)) != 0)
#line 22 "type_hidden.pipe"
        pair_free(*(item *)item_);
#line 84 "type_hidden.c"
}

/* Makes a copy of an item of type item. */
static void type_hidden_clone_item_(void *value_, const void *item_)
{
#line 22 "type_hidden.pipe"
    *(item *)value_ = pair_copy(*(const item *)item_);
#line 92 "type_hidden.c"
}

/* Drops a letter of lost. */
static void type_hidden_drop_lost_(void *letter)
{
    type_hidden_drop_in_(&((struct type_hidden_lost *)letter)->item);
    free(((struct type_hidden_lost *)letter)->reason);
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "type_hidden.pipe"
struct type_hidden {
#line 106 "type_hidden.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* type_hidden.pipe:30: send -> values, items
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 30 "type_hidden.pipe"
struct type_hidden_send {
#line 116 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_out to_values[2]; /* a broadcast: to each stage that receives from values */
    struct prt_out to_items[2]; /* a broadcast: to each stage that receives from items */
};

static inline bool type_hidden_send_emit_values(struct type_hidden_send *self, value value_)
{
    value item_; /* a copy */

    return prt_emit_clones(self->to_values, 2, &value_, &item_, sizeof value_, type_hidden_clone_value_);
}

static inline bool type_hidden_send_emit_items(struct type_hidden_send *self, item value_)
{
    item item_; /* a copy */

    return prt_emit_clones(self->to_items, 2, &value_, &item_, sizeof value_, type_hidden_clone_item_);
}

#line 30 "type_hidden.pipe"
static void type_hidden_send_(struct type_hidden_send *self)
{
#line 31 "type_hidden.pipe"
    if (!type_hidden_send_emit_values(self, (value){ NULL })) return;
    if (!type_hidden_send_emit_items(self, (item){ NULL })) return;
}
#line 145 "type_hidden.c"

static void type_hidden_send_run_(struct prt_worker *base)
{
    type_hidden_send_((struct type_hidden_send *)base);
}

/* type_hidden.pipe:35: one (v <- values) -> ins
 * Sends exactly one item for each that it receives, so it never waits. */
#line 35 "type_hidden.pipe"
struct type_hidden_one {
#line 156 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_in in_v;
    struct prt_out to_ins;
};

static inline bool type_hidden_one_emit_ins(struct type_hidden_one *self, in value_)
{
    return prt_emit(&self->to_ins, &value_, sizeof value_);
}

#line 35 "type_hidden.pipe"
static void type_hidden_one_(struct type_hidden_one *self, value item_)
{
    value v __attribute__((__cleanup__(type_hidden_drop_value_))) = item_;
#line 36 "type_hidden.pipe"
    (void)v;
    if (!type_hidden_one_emit_ins(self, (in){ NULL })) return;
}
#line 177 "type_hidden.c"

static void type_hidden_one_run_(struct prt_worker *base)
{
    struct type_hidden_one *self = (struct type_hidden_one *)base;
    value v;

    while (prt_receive(&self->in_v, &v, sizeof v))
        type_hidden_one_(self, v);
}

/* type_hidden.pipe:40: two (v <- values)
 * A sink; it never waits for room. */
#line 40 "type_hidden.pipe"
struct type_hidden_two {
#line 192 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_in in_v;
};

#line 40 "type_hidden.pipe"
static void type_hidden_two_(struct type_hidden_two *self, value item_)
{
    value v __attribute__((__cleanup__(type_hidden_drop_value_))) = item_;
    (void)self;
#line 41 "type_hidden.pipe"
    (void)v;
}
#line 207 "type_hidden.c"

static void type_hidden_two_run_(struct prt_worker *base)
{
    struct type_hidden_two *self = (struct type_hidden_two *)base;
    value v;

    while (prt_receive(&self->in_v, &v, sizeof v))
        type_hidden_two_(self, v);
}

/* type_hidden.pipe:44: three (i <- items)
 * A sink; it never waits for room. */
#line 44 "type_hidden.pipe"
struct type_hidden_three {
#line 222 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_in in_i;
};

#line 44 "type_hidden.pipe"
static void type_hidden_three_(struct type_hidden_three *self, item item_)
{
    item i __attribute__((__cleanup__(type_hidden_drop_item_))) = item_;
    (void)self;
#line 45 "type_hidden.pipe"
    (void)i;
}
#line 237 "type_hidden.c"

static void type_hidden_three_run_(struct prt_worker *base)
{
    struct type_hidden_three *self = (struct type_hidden_three *)base;
    item i;

    while (prt_receive(&self->in_i, &i, sizeof i))
        type_hidden_three_(self, i);
}

/* type_hidden.pipe:48: four (i <- items)
 * A sink; it never waits for room. */
#line 48 "type_hidden.pipe"
struct type_hidden_four {
#line 252 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_in in_i;
};

#line 48 "type_hidden.pipe"
static void type_hidden_four_(struct type_hidden_four *self, item item_)
{
    item i __attribute__((__cleanup__(type_hidden_drop_item_))) = item_;
    (void)self;
#line 49 "type_hidden.pipe"
    (void)i;
}
#line 267 "type_hidden.c"

static void type_hidden_four_run_(struct prt_worker *base)
{
    struct type_hidden_four *self = (struct type_hidden_four *)base;
    item i;

    while (prt_receive(&self->in_i, &i, sizeof i))
        type_hidden_four_(self, i);
}

/* type_hidden.pipe:52: attempt (i <- ins) -> passed, on fail retry 2 then -> lost
 * Sends at most one item for each that it receives, so it never waits; what it sends is held until it has returned; an item that fails goes to lost. */
#line 52 "type_hidden.pipe"
struct type_hidden_attempt {
#line 282 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_in in_i;
    struct prt_out to_passed;
    struct prt_out to_lost;
};

static inline bool type_hidden_attempt_pass_passed(struct type_hidden_attempt *self, const struct prt_in *in_, in value_)
{
    return prt_pass(&self->to_passed, in_, &value_, sizeof value_);
}

#line 52 "type_hidden.pipe"
static void type_hidden_attempt_(struct type_hidden_attempt *self, in *item_)
{
    in i = *item_;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item_, &i, sizeof i };
#line 53 "type_hidden.pipe"
    if (!i.text)
        { prt_fail(&self->base, "no"); return; }
    if (!type_hidden_attempt_pass_passed(self, &self->in_i, PRT_TAKE(i))) return;
}
#line 306 "type_hidden.c"

static void type_hidden_attempt_run_(struct prt_worker *base)
{
    struct type_hidden_attempt *self = (struct type_hidden_attempt *)base;
    in i;

    while (prt_attempt(&self->in_i, &i)) {
        struct prt_loss loss;

        type_hidden_attempt_(self, &i);
        if (prt_settle(&self->base, &i, &loss))
            prt_emit(&self->to_lost, &(struct type_hidden_lost){ i, loss.reason, loss.attempts, loss.stage },
                     sizeof(struct type_hidden_lost));
    }
}

/* type_hidden.pipe:58: keep (i <- passed)
 * A sink; it never waits for room. */
#line 58 "type_hidden.pipe"
struct type_hidden_keep {
#line 327 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_in in_i;
};

#line 58 "type_hidden.pipe"
static void type_hidden_keep_(struct type_hidden_keep *self, in item_)
{
    in i __attribute__((__cleanup__(type_hidden_drop_in_))) = item_;
    (void)self;
#line 59 "type_hidden.pipe"
    (void)i;
}
#line 342 "type_hidden.c"

static void type_hidden_keep_run_(struct prt_worker *base)
{
    struct type_hidden_keep *self = (struct type_hidden_keep *)base;
    in i;

    while (prt_receive(&self->in_i, &i, sizeof i))
        type_hidden_keep_(self, i);
}

/* type_hidden.pipe:62: bury (l <- lost)
 * A sink; it never waits for room. */
#line 62 "type_hidden.pipe"
struct type_hidden_bury {
#line 357 "type_hidden.c"
    struct prt_worker base;
    int worker;
    struct type_hidden *pipe;
    struct prt_in in_l;
};

#line 62 "type_hidden.pipe"
static void type_hidden_bury_(struct type_hidden_bury *self, struct type_hidden_lost item_)
{
    struct type_hidden_lost l __attribute__((__cleanup__(type_hidden_drop_lost_))) = item_;
    (void)self;
#line 63 "type_hidden.pipe"
    (void)l;
}
#line 372 "type_hidden.c"

static void type_hidden_bury_run_(struct prt_worker *base)
{
    struct type_hidden_bury *self = (struct type_hidden_bury *)base;
    struct type_hidden_lost l;

    while (prt_receive(&self->in_l, &l, sizeof l))
        type_hidden_bury_(self, l);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 24 "type_hidden.pipe"
_Static_assert(_Generic(*(value *)0, value: 1, default: 0),
               "channel values: an array cannot be an item; put it into a struct");
#line 24 "type_hidden.pipe"
_Static_assert(sizeof(value) <= 65536,
               "channel values: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct pair * drop FUNCTION;");
#line 396 "type_hidden.c"
#line 25 "type_hidden.pipe"
_Static_assert(_Generic(*(item *)0, item: 1, default: 0),
               "channel items: an array cannot be an item; put it into a struct");
#line 25 "type_hidden.pipe"
_Static_assert(sizeof(item) <= 65536,
               "channel items: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct pair * drop FUNCTION;");
#line 405 "type_hidden.c"
#line 26 "type_hidden.pipe"
_Static_assert(_Generic(*(in *)0, in: 1, default: 0),
               "channel ins: an array cannot be an item; put it into a struct");
#line 26 "type_hidden.pipe"
_Static_assert(sizeof(in) <= 65536,
               "channel ins: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct pair * drop FUNCTION;");
#line 414 "type_hidden.c"
#line 28 "type_hidden.pipe"
_Static_assert(_Generic(*(struct type_hidden_lost *)0, struct type_hidden_lost: 1, default: 0),
               "channel lost: an array cannot be an item; put it into a struct");
#line 28 "type_hidden.pipe"
_Static_assert(sizeof(struct type_hidden_lost) <= 65536,
               "channel lost: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct type_hidden_lost * drop FUNCTION;");
#line 423 "type_hidden.c"

static void type_hidden_wire_(struct prt_run *run)
{
    struct prt_chan *chan_values[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver */
    chan_values[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "values>one", .place = "type_hidden.pipe:24",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(value), .cap = 4, .drop = type_hidden_drop_value_ });
    /* one sender, one receiver */
    chan_values[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "values>two", .place = "type_hidden.pipe:24",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(value), .cap = 4, .drop = type_hidden_drop_value_ });
    struct prt_chan *chan_items[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver */
    chan_items[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "items>three", .place = "type_hidden.pipe:25",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(item), .cap = 4, .drop = type_hidden_drop_item_ });
    /* one sender, one receiver */
    chan_items[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "items>four", .place = "type_hidden.pipe:25",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(item), .cap = 4, .drop = type_hidden_drop_item_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_ins = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "ins", .place = "type_hidden.pipe:26",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(in), .cap = 4, .drop = type_hidden_drop_in_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_passed = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "passed", .place = "type_hidden.pipe:27",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(in), .cap = 4, .drop = type_hidden_drop_in_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_lost = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lost", .place = "type_hidden.pipe:28",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct type_hidden_lost), .cap = 4,
            .drop = type_hidden_drop_lost_ });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "send", .place = "type_hidden.pipe:30",
        .size = sizeof(struct type_hidden_send),
        .align = _Alignof(struct type_hidden_send),
        .workers = 1,
        .fixed = true,
        .run = type_hidden_send_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct type_hidden_send, to_values[0]), .chan = chan_values[0], .most = 1 },
            { .at = offsetof(struct type_hidden_send, to_values[1]), .chan = chan_values[1], .most = 1 },
            { .at = offsetof(struct type_hidden_send, to_items[0]), .chan = chan_items[0], .most = 1 },
            { .at = offsetof(struct type_hidden_send, to_items[1]), .chan = chan_items[1], .most = 1 },
        },
        .nouts = 4,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "one", .place = "type_hidden.pipe:35",
        .size = sizeof(struct type_hidden_one),
        .align = _Alignof(struct type_hidden_one),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = type_hidden_one_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct type_hidden_one, in_v),
              .chans = (struct prt_chan *const[]){ chan_values[0] }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct type_hidden_one, to_ins), .chan = chan_ins, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "two", .place = "type_hidden.pipe:40",
        .size = sizeof(struct type_hidden_two),
        .align = _Alignof(struct type_hidden_two),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = type_hidden_two_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct type_hidden_two, in_v),
              .chans = (struct prt_chan *const[]){ chan_values[1] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "three", .place = "type_hidden.pipe:44",
        .size = sizeof(struct type_hidden_three),
        .align = _Alignof(struct type_hidden_three),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = type_hidden_three_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct type_hidden_three, in_i),
              .chans = (struct prt_chan *const[]){ chan_items[0] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "four", .place = "type_hidden.pipe:48",
        .size = sizeof(struct type_hidden_four),
        .align = _Alignof(struct type_hidden_four),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = type_hidden_four_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct type_hidden_four, in_i),
              .chans = (struct prt_chan *const[]){ chan_items[1] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "attempt", .place = "type_hidden.pipe:52",
        .size = sizeof(struct type_hidden_attempt),
        .align = _Alignof(struct type_hidden_attempt),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = type_hidden_attempt_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .holds = true,
        .retries = 2,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct type_hidden_attempt, in_i),
              .chans = (struct prt_chan *const[]){ chan_ins }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct type_hidden_attempt, to_passed), .chan = chan_passed, .most = 1 },
            { .at = offsetof(struct type_hidden_attempt, to_lost), .chan = chan_lost, .most = 1, .letters = true },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep", .place = "type_hidden.pipe:58",
        .size = sizeof(struct type_hidden_keep),
        .align = _Alignof(struct type_hidden_keep),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = type_hidden_keep_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct type_hidden_keep, in_i),
              .chans = (struct prt_chan *const[]){ chan_passed }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "bury", .place = "type_hidden.pipe:62",
        .size = sizeof(struct type_hidden_bury),
        .align = _Alignof(struct type_hidden_bury),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = type_hidden_bury_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct type_hidden_bury, in_l),
              .chans = (struct prt_chan *const[]){ chan_lost }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program type_hidden_program_ = {
    .name = "type_hidden",
    .doc = "sends types whose names arguments have",
};

int main(int argc, char **argv)
{
    static struct type_hidden pipe;
    const int status = prt_options(&type_hidden_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "type_hidden", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    type_hidden_wire_(run);
    return prt_run(run);
}
