/* Emitted by pipec 0.1.0 from record.pipe; edit that file instead.
 *
 *     open --shops[4]--> check --twins[4]--> each of keep, show
 *     check --spots[4]--> mark
 *     check --lost[4]--> report
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>
#include <prt/form.h>

#line 4 "record.pipe"
#include <stdio.h>
#include <prt/words.h>

#line 6 "record.pipe"
typedef struct place_ place;
#line 20 "record.c"
struct place_ {
    double lat;
    double lon;
};

static const struct prt_record_field place_fields_[] = {
    PRT_RECORD_FIELD(place, lat, "lat", PRT_KIND_DOUBLE, NULL),
    PRT_RECORD_FIELD(place, lon, "lon", PRT_KIND_DOUBLE, NULL),
};

static const struct prt_record place_record = { "place", sizeof(place), place_fields_, 2 };

#line 11 "record.pipe"
typedef struct shop_ shop;
#line 35 "record.c"
struct shop_ {
    int id;
    char *name;
    char country[3];
    place at;
    char *owner;                /* "the owner" */
    char **tags;
    size_t tags_len;
    place doors[2];
    uint8_t marks[4];
    struct prt_bytes picture;
};

static const struct prt_record_field shop_fields_[] = {
    PRT_RECORD_FIELD(shop, id, "id", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(shop, name, "name", PRT_KIND_STRING, NULL),
    PRT_RECORD_FIELD(shop, country, "country", PRT_KIND_TEXT, NULL),
    PRT_RECORD_FIELD(shop, at, "at", PRT_KIND_RECORD, &place_record),
    PRT_RECORD_FIELD(shop, owner, "the owner", PRT_KIND_STRING, NULL),
    PRT_RECORD_LIST(shop, tags, "tags", PRT_KIND_STRING, NULL),
    PRT_RECORD_ARRAY(shop, doors, "doors", PRT_KIND_RECORD, &place_record),
    PRT_RECORD_ARRAY(shop, marks, "marks", PRT_KIND_UINT8, NULL),
    PRT_RECORD_FIELD(shop, picture, "picture", PRT_KIND_BYTES, NULL),
};

static const struct prt_record shop_record = { "shop", sizeof(shop), shop_fields_, 9 };

static inline void shop_drop(shop *item)
{
    prt_record_drop(&shop_record, item);
}

static inline shop shop_clone(const shop *item)
{
    shop value;

    prt_record_clone(&shop_record, &value, item);
    return value;
}

static inline bool shop_equal(const shop *item, const shop *value)
{
    return prt_record_equal(&shop_record, item, value);
}

#line 23 "record.pipe"
typedef struct spot_ spot;
#line 83 "record.c"
struct spot_ {
    long n;
    place at;
};

/* An item that failed for good, in lost. */
struct log_lost {
#line 28 "record.pipe"
    struct shop_ item;
#line 93 "record.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type shop; one of all zero bytes is empty. */
static void log_drop_shop_(void *item)
{
    prt_record_drop(&shop_record, item);
}

/* Makes a copy of an item of type shop. */
static void log_clone_shop_(void *value, const void *item)
{
    prt_record_clone(&shop_record, value, item);
}

/* Shows an item of type shop that failed. */
static char *log_show_shop_(const void *item, size_t *len)
{
    return prt_json_write(&shop_record, item, len);
}

/* Drops a letter of lost. */
static void log_drop_lost_(void *letter)
{
    log_drop_shop_(&((struct log_lost *)letter)->item);
    free(((struct log_lost *)letter)->reason);
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "record.pipe"
struct log {
#line 130 "record.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* record.pipe:30: open -> shops
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 30 "record.pipe"
struct log_open {
#line 140 "record.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_out to_shops;
};

static inline bool log_open_emit_shops(struct log_open *self, struct shop_ value)
{
    return prt_emit(&self->to_shops, &value, sizeof value);
}

#line 30 "record.pipe"
static void log_open_(struct log_open *self)
{
#line 31 "record.pipe"
    if (!log_open_emit_shops(self, (shop){ .id = 1, .name = strdup("Bay"), .country = "fi" })) return;
}
#line 158 "record.c"

static void log_open_run_(struct prt_worker *base)
{
    log_open_((struct log_open *)base);
}

/* record.pipe:34: check (s <- shops) -> twins, spots, on fail then -> lost
 * Sends at most one item to each output for each that it receives, so it never waits; an item that fails goes to lost. */
#line 34 "record.pipe"
struct log_check {
#line 169 "record.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_s;
    struct prt_out to_twins[2]; /* a broadcast: to each stage that receives from twins */
    struct prt_out to_spots;
    struct prt_out to_lost;
};

static inline bool log_check_emit_twins(struct log_check *self, struct shop_ value)
{
    struct shop_ item; /* a copy */

    return prt_emit_clones(self->to_twins, 2, &value, &item, sizeof value, log_clone_shop_);
}

static inline bool log_check_emit_spots(struct log_check *self, struct spot_ value)
{
    return prt_emit(&self->to_spots, &value, sizeof value);
}

#line 34 "record.pipe"
static void log_check_(struct log_check *self, struct shop_ *item)
{
    struct shop_ s = *item;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item, &s, sizeof s };
#line 35 "record.pipe"
    if (s.id == 0)
        { prt_fail(&self->base, "shop '%s' has no number", s.name); return; }
    if (!log_check_emit_spots(self, (spot){ s.id, s.at })) return;
    if (!log_check_emit_twins(self, PRT_TAKE(s))) return;
}
#line 202 "record.c"

static void log_check_run_(struct prt_worker *base)
{
    struct log_check *self = (struct log_check *)base;
    struct shop_ s;

    while (prt_attempt(&self->in_s, &s)) {
        struct prt_loss loss;

        log_check_(self, &s);
        if (prt_settle(&self->base, &s, &loss))
            prt_emit(&self->to_lost, &(struct log_lost){ s, loss.reason, loss.attempts, loss.stage },
                     sizeof(struct log_lost));
    }
}

/* record.pipe:41: keep (s <- twins)
 * A sink; it never waits for room. */
#line 41 "record.pipe"
struct log_keep {
#line 223 "record.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_s;
#line 41 "record.pipe"
                                 shop last;
#line 41 "record.pipe"
};
#line 232 "record.c"

#line 41 "record.pipe"
static void log_keep_(struct log_keep *self, struct shop_ item)
{
    struct shop_ s __attribute__((__cleanup__(log_drop_shop_))) = item;
#line 42 "record.pipe"
    if (shop_equal(&s, &self->last))
        puts("again");
    shop_drop(&self->last);
    self->last = shop_clone(&s);
}
#line 244 "record.c"

static void log_keep_run_(struct prt_worker *base)
{
    struct log_keep *self = (struct log_keep *)base;
    struct shop_ s;

    while (prt_receive(&self->in_s, &s, sizeof s))
        log_keep_(self, s);
}

static void log_keep_final_(struct prt_worker *base)
{
    struct log_keep *self = (struct log_keep *)base;
#line 47 "record.pipe"
    shop_drop(&self->last);
}
#line 261 "record.c"

/* record.pipe:50: show (s <- twins)
 * A sink; it never waits for room. */
#line 50 "record.pipe"
struct log_show {
#line 267 "record.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_s;
};

#line 50 "record.pipe"
static void log_show_(struct log_show *self, struct shop_ item)
{
    struct shop_ s __attribute__((__cleanup__(log_drop_shop_))) = item;
    (void)self;
#line 51 "record.pipe"
    printf("%s\n", s.name);
}
#line 282 "record.c"

static void log_show_run_(struct prt_worker *base)
{
    struct log_show *self = (struct log_show *)base;
    struct shop_ s;

    while (prt_receive(&self->in_s, &s, sizeof s))
        log_show_(self, s);
}

/* record.pipe:54: mark (s <- spots)
 * A sink; it never waits for room. */
#line 54 "record.pipe"
struct log_mark {
#line 297 "record.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_s;
};

#line 54 "record.pipe"
static void log_mark_(struct log_mark *self, struct spot_ s)
{
    (void)self;
#line 55 "record.pipe"
    printf("%ld\n", s.n);
}
#line 311 "record.c"

static void log_mark_run_(struct prt_worker *base)
{
    struct log_mark *self = (struct log_mark *)base;
    struct spot_ s;

    while (prt_receive(&self->in_s, &s, sizeof s))
        log_mark_(self, s);
}

/* record.pipe:58: report (l <- lost)
 * A sink; it never waits for room. */
#line 58 "record.pipe"
struct log_report {
#line 326 "record.c"
    struct prt_worker base;
    int worker;
    struct log *pipe;
    struct prt_in in_l;
};

#line 58 "record.pipe"
static void log_report_(struct log_report *self, struct log_lost item)
{
    struct log_lost l __attribute__((__cleanup__(log_drop_lost_))) = item;
    (void)self;
#line 59 "record.pipe"
    printf("%s: %s\n", l.item.name, l.reason);
}
#line 341 "record.c"

static void log_report_run_(struct prt_worker *base)
{
    struct log_report *self = (struct log_report *)base;
    struct log_lost l;

    while (prt_receive(&self->in_l, &l, sizeof l))
        log_report_(self, l);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 25 "record.pipe"
_Static_assert(_Generic(*(struct shop_ *)0, struct shop_: 1, default: 0),
               "channel shops: an array cannot be an item; put it into a struct");
#line 25 "record.pipe"
_Static_assert(sizeof(struct shop_) <= 65536,
               "channel shops: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = shop * drop FUNCTION;");
#line 365 "record.c"
#line 28 "record.pipe"
_Static_assert(_Generic(*(struct log_lost *)0, struct log_lost: 1, default: 0),
               "channel lost: an array cannot be an item; put it into a struct");
#line 28 "record.pipe"
_Static_assert(sizeof(struct log_lost) <= 65536,
               "channel lost: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct log_lost * drop FUNCTION;");
#line 374 "record.c"

static void log_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_shops = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "shops", .place = "record.pipe:25",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct shop_), .cap = 4, .drop = log_drop_shop_ });
    struct prt_chan *chan_twins[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver */
    chan_twins[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "twins>keep", .place = "record.pipe:26",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct shop_), .cap = 4, .drop = log_drop_shop_ });
    /* one sender, one receiver */
    chan_twins[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "twins>show", .place = "record.pipe:26",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct shop_), .cap = 4, .drop = log_drop_shop_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_spots = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "spots", .place = "record.pipe:27",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct spot_), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_lost = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lost", .place = "record.pipe:28",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct log_lost), .cap = 4, .drop = log_drop_lost_ });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "open", .place = "record.pipe:30",
        .size = sizeof(struct log_open),
        .align = _Alignof(struct log_open),
        .workers = 1,
        .fixed = true,
        .run = log_open_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct log_open, to_shops), .chan = chan_shops, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "check", .place = "record.pipe:34",
        .size = sizeof(struct log_check),
        .align = _Alignof(struct log_check),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_check_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .shown = PRT_SHOWN_RECORD,
        .show = log_show_shop_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_check, in_s),
              .chans = (struct prt_chan *const[]){ chan_shops }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct log_check, to_twins[0]), .chan = chan_twins[0], .most = 1 },
            { .at = offsetof(struct log_check, to_twins[1]), .chan = chan_twins[1], .most = 1 },
            { .at = offsetof(struct log_check, to_spots), .chan = chan_spots, .most = 1 },
            { .at = offsetof(struct log_check, to_lost), .chan = chan_lost, .most = 1, .letters = true },
        },
        .nouts = 4,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep", .place = "record.pipe:41",
        .size = sizeof(struct log_keep),
        .align = _Alignof(struct log_keep),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_keep_run_,
        .final = log_keep_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_keep, in_s),
              .chans = (struct prt_chan *const[]){ chan_twins[0] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "record.pipe:50",
        .size = sizeof(struct log_show),
        .align = _Alignof(struct log_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_show, in_s),
              .chans = (struct prt_chan *const[]){ chan_twins[1] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "mark", .place = "record.pipe:54",
        .size = sizeof(struct log_mark),
        .align = _Alignof(struct log_mark),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_mark_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_mark, in_s),
              .chans = (struct prt_chan *const[]){ chan_spots }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "report", .place = "record.pipe:58",
        .size = sizeof(struct log_report),
        .align = _Alignof(struct log_report),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = log_report_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct log_report, in_l),
              .chans = (struct prt_chan *const[]){ chan_lost }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program log_program_ = {
    .name = "log",
    .doc = "sorts shops by where they lie",
};

int main(int argc, char **argv)
{
    static struct log pipe;
    const int status = prt_options(&log_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "log", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    log_wire_(run);
    return prt_run(run);
}
