/* Emitted by pipec 0.1.0 from test_letters.pipe; edit that file instead.
 *
 *     feed_rows --rows[4]--> name --names[4]--> look_at_names
 *     feed_again --again[4]--> tell --told[4]--> look_at_told
 *     name --lost[4]--> look_at_lost
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>
#include <prt/form.h>
#include <prt/test.h>

#line 5 "test_letters.pipe"
#include <string.h>
#include <prt/words.h>

#line 7 "test_letters.pipe"
typedef struct row_ row;
#line 21 "test_letters.c"
struct row_ {
    int id;
    char *name;
};

static const struct prt_record_field row_fields_[] = {
    PRT_RECORD_FIELD(row, id, "id", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(row, name, "name", PRT_KIND_STRING, NULL),
};

static const struct prt_record row_record = { "row", sizeof(row), row_fields_, 2 };

static inline row row_clone(const row *item)
{
    row value;

    prt_record_clone(&row_record, &value, item);
    return value;
}

/* An item that failed for good, in lost. */
struct test_letters_lost {
#line 12 "test_letters.pipe"
    struct row_ item;
#line 46 "test_letters.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

/* An item that failed for good, in again. */
struct test_letters_again {
#line 36 "test_letters.pipe"
    struct row_ item;
#line 56 "test_letters.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type row; one of all zero bytes is empty. */
static void test_letters_drop_row_(void *item)
{
    prt_record_drop(&row_record, item);
}

/* Shows an item of type row that failed. */
static char *test_letters_show_row_(const void *item, size_t *len)
{
    return prt_json_write(&row_record, item, len);
}

/* Drops a letter of lost. */
static void test_letters_drop_lost_(void *letter)
{
    test_letters_drop_row_(&((struct test_letters_lost *)letter)->item);
    free(((struct test_letters_lost *)letter)->reason);
}

/* Drops a letter of again. */
static void test_letters_drop_again_(void *letter)
{
    test_letters_drop_row_(&((struct test_letters_again *)letter)->item);
    free(((struct test_letters_again *)letter)->reason);
}

/* ---- params ------------------------------------------------------------------------ */

struct test_letters_params {
#line 9 "test_letters.pipe"
    int least; /* the least id */
#line 95 "test_letters.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 3 "test_letters.pipe"
struct test_letters {
#line 102 "test_letters.c"
    struct test_letters_params params;
    struct prt_settings settings;
    struct prt_test test;
};

/* ---- stages ------------------------------------------------------------------------ */

/* test_letters.pipe:19: name (r <- rows) -> names[0..1], on fail then -> lost
 * Sends at most one item for each that it receives, so it never waits; an item that fails goes to lost. */
#line 19 "test_letters.pipe"
struct test_letters_name {
#line 114 "test_letters.c"
    struct prt_worker base;
    int worker;
    struct test_letters *pipe;
    struct prt_in in_r;
    struct prt_out to_names;
    struct prt_out to_lost;
};

static inline bool test_letters_name_emit_names(struct test_letters_name *self, char *value)
{
    return prt_emit(&self->to_names, &value, sizeof value);
}

#line 19 "test_letters.pipe"
static void test_letters_name_(struct test_letters_name *self, struct row_ *item)
{
    struct row_ r = *item;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item, &r, sizeof r };
    const int least = self->pipe->params.least;
#line 20 "test_letters.pipe"
    if (r.id < least)
        { prt_fail(&self->base, "%d is below %d", r.id, least); return; }
    if (!test_letters_name_emit_names(self, PRT_TAKE(r.name))) return;
}
#line 139 "test_letters.c"

static void test_letters_name_run_(struct prt_worker *base)
{
    struct test_letters_name *self = (struct test_letters_name *)base;
    struct row_ r;

    while (prt_attempt(&self->in_r, &r)) {
        struct prt_loss loss;

        test_letters_name_(self, &r);
        if (prt_settle(&self->base, &r, &loss))
            prt_emit(&self->to_lost, &(struct test_letters_lost){ r, loss.reason, loss.attempts, loss.stage },
                     sizeof(struct test_letters_lost));
    }
}

/* test_letters.pipe:38: tell (l <- again) -> told[0..1]
 * Sends at most one item for each that it receives, so it never waits. */
#line 38 "test_letters.pipe"
struct test_letters_tell {
#line 160 "test_letters.c"
    struct prt_worker base;
    int worker;
    struct test_letters *pipe;
    struct prt_in in_l;
    struct prt_out to_told;
};

static inline bool test_letters_tell_emit_told(struct test_letters_tell *self, char *value)
{
    return prt_emit(&self->to_told, &value, sizeof value);
}

#line 38 "test_letters.pipe"
static void test_letters_tell_(struct test_letters_tell *self, struct test_letters_again item)
{
    struct test_letters_again l __attribute__((__cleanup__(test_letters_drop_again_))) = item;
#line 39 "test_letters.pipe"
        if (l.attempts > 1)
            if (!test_letters_tell_emit_told(self, strdup(l.reason))) return;
}
#line 181 "test_letters.c"

static void test_letters_tell_run_(struct prt_worker *base)
{
    struct test_letters_tell *self = (struct test_letters_tell *)base;
    struct test_letters_again l;

    while (prt_receive(&self->in_l, &l, sizeof l))
        test_letters_tell_(self, l);
}

/* test_letters.pipe:43: feed_rows -> rows
 * A source; sends exactly 2 items each time it runs, so its emit may wait for room. */
#line 43 "test_letters.pipe"
struct test_letters_feed_rows {
#line 196 "test_letters.c"
    struct prt_worker base;
    int worker;
    struct test_letters *pipe;
    struct prt_out to_rows;
};

static inline bool test_letters_feed_rows_emit_rows(struct test_letters_feed_rows *self, struct row_ value)
{
    return prt_emit(&self->to_rows, &value, sizeof value);
}

#line 43 "test_letters.pipe"
static void test_letters_feed_rows_(struct test_letters_feed_rows *self)
{
#line 43 "test_letters.pipe"
    { if (!test_letters_feed_rows_emit_rows(self, row_clone((const row[]){ { .id = 1, .name = "one" } }))) return; } if (!test_letters_feed_rows_emit_rows(self, row_clone((const row[]){ { .id = 2, .name = "two" } }))) return;
#line 43 "test_letters.pipe"
}
#line 215 "test_letters.c"

static void test_letters_feed_rows_run_(struct prt_worker *base)
{
    test_letters_feed_rows_((struct test_letters_feed_rows *)base);
}

/* test_letters.pipe:45: look_at_lost (got <- lost)
 * A sink; it never waits for room. */
#line 45 "test_letters.pipe"
struct test_letters_look_at_lost {
#line 226 "test_letters.c"
    struct prt_worker base;
    int worker;
    struct test_letters *pipe;
    struct prt_in in_got;
#line 54 "test_letters.pipe"
    struct prt_test_expect expects;
    struct test_letters_lost items[1];
};
#line 235 "test_letters.c"

static void test_letters_look_at_lost_init_(struct prt_worker *base)
{
    struct test_letters_look_at_lost *self = (struct test_letters_look_at_lost *)base;
#line 45 "test_letters.pipe"
    self->items[0] = (struct test_letters_lost){ .item = { .id = 1, .name = "one" }, .reason = "1 is below 2" }; self->items[0].item = row_clone(&self->items[0].item); prt_test_letter_expected(&self->items[0].reason, &self->items[0].stage);
    static const unsigned lines[] = { 45 };
    static const unsigned char says[] = { PRT_TEST_ITEM | PRT_TEST_REASON };
    prt_test_expect(&self->expects, &(struct prt_test_expect){
        .test = &self->pipe->test, .channel = "lost", .line = 45, .kind = PRT_TEST_RECORD, .size = sizeof(struct row_),
        .record = &row_record,
        .letter = PRT_TEST_LETTER(struct test_letters_lost),
        .items = self->items, .lines = lines, .n = 1, .says = says });
}
#line 250 "test_letters.c"

#line 45 "test_letters.pipe"
static void test_letters_look_at_lost_(struct test_letters_look_at_lost *self, struct test_letters_lost item)
{
    struct test_letters_lost got __attribute__((__cleanup__(test_letters_drop_lost_))) = item;
#line 59 "test_letters.pipe"
    prt_test_came(&self->expects, &got);
}
#line 259 "test_letters.c"

static void test_letters_look_at_lost_run_(struct prt_worker *base)
{
    struct test_letters_look_at_lost *self = (struct test_letters_look_at_lost *)base;
    struct test_letters_lost got;

    while (prt_receive(&self->in_got, &got, sizeof got))
        test_letters_look_at_lost_(self, got);
}

static void test_letters_look_at_lost_final_(struct prt_worker *base)
{
    struct test_letters_look_at_lost *self = (struct test_letters_look_at_lost *)base;
#line 57 "test_letters.pipe"
    prt_test_ended(&self->expects);
}
#line 276 "test_letters.c"

/* test_letters.pipe:44: look_at_names (got <- names)
 * A sink; it never waits for room. */
#line 44 "test_letters.pipe"
struct test_letters_look_at_names {
#line 282 "test_letters.c"
    struct prt_worker base;
    int worker;
    struct test_letters *pipe;
    struct prt_in in_got;
#line 50 "test_letters.pipe"
    struct prt_test_expect expects;
    char *items[1];
};
#line 291 "test_letters.c"

static void test_letters_look_at_names_init_(struct prt_worker *base)
{
    struct test_letters_look_at_names *self = (struct test_letters_look_at_names *)base;
#line 44 "test_letters.pipe"
    self->items[0] = prt_test_string("two");
    static const unsigned lines[] = { 44 };
    prt_test_expect(&self->expects, &(struct prt_test_expect){
        .test = &self->pipe->test, .channel = "names", .line = 44, .kind = PRT_TEST_STRING, .size = sizeof(char *),
        .items = self->items, .lines = lines, .n = 1 });
}
#line 303 "test_letters.c"

#line 44 "test_letters.pipe"
static void test_letters_look_at_names_(struct test_letters_look_at_names *self, char *item)
{
    char *got __attribute__((__cleanup__(prt_string_drop))) = item;
#line 55 "test_letters.pipe"
    prt_test_came(&self->expects, &got);
}
#line 312 "test_letters.c"

static void test_letters_look_at_names_run_(struct prt_worker *base)
{
    struct test_letters_look_at_names *self = (struct test_letters_look_at_names *)base;
    char *got;

    while (prt_receive(&self->in_got, &got, sizeof got))
        test_letters_look_at_names_(self, got);
}

static void test_letters_look_at_names_final_(struct prt_worker *base)
{
    struct test_letters_look_at_names *self = (struct test_letters_look_at_names *)base;
#line 53 "test_letters.pipe"
    prt_test_ended(&self->expects);
}
#line 329 "test_letters.c"

/* test_letters.pipe:47: feed_again -> again
 * A source; sends exactly 2 items each time it runs, so its emit may wait for room. */
#line 47 "test_letters.pipe"
struct test_letters_feed_again {
#line 335 "test_letters.c"
    struct prt_worker base;
    int worker;
    struct test_letters *pipe;
    struct prt_out to_again;
};

static inline bool test_letters_feed_again_emit_again(struct test_letters_feed_again *self, struct test_letters_again value)
{
    return prt_emit(&self->to_again, &value, sizeof value);
}

#line 47 "test_letters.pipe"
static void test_letters_feed_again_(struct test_letters_feed_again *self)
{
#line 47 "test_letters.pipe"
    { struct test_letters_again letter_ = { .item = { .id = 2 }, .reason = "no room", .attempts = 3 }; letter_.item = row_clone(&letter_.item); prt_test_letter_fed(&letter_.reason, &letter_.attempts, &letter_.stage); if (!test_letters_feed_again_emit_again(self, letter_)) return; }
 { struct test_letters_again letter_ = { .item = row_clone((const row[]){ ((row){ .id = 3 }) }) }; prt_test_letter_fed(&letter_.reason, &letter_.attempts, &letter_.stage); if (!test_letters_feed_again_emit_again(self, letter_)) return; }
#line 48 "test_letters.pipe"
}
#line 355 "test_letters.c"

static void test_letters_feed_again_run_(struct prt_worker *base)
{
    test_letters_feed_again_((struct test_letters_feed_again *)base);
}

/* test_letters.pipe:49: look_at_told (got <- told)
 * A sink; it never waits for room. */
#line 49 "test_letters.pipe"
struct test_letters_look_at_told {
#line 366 "test_letters.c"
    struct prt_worker base;
    int worker;
    struct test_letters *pipe;
    struct prt_in in_got;
#line 55 "test_letters.pipe"
    struct prt_test_expect expects;
    char *items[1];
    struct prt_test_fits *came[1];
};
#line 376 "test_letters.c"

static void test_letters_look_at_told_init_(struct prt_worker *base)
{
    struct test_letters_look_at_told *self = (struct test_letters_look_at_told *)base;
#line 49 "test_letters.pipe"
    self->items[0] = prt_test_string("no room");
    static const unsigned lines[] = { 49 };
    prt_test_expect(&self->expects, &(struct prt_test_expect){
        .test = &self->pipe->test, .channel = "told", .line = 49, .kind = PRT_TEST_STRING, .size = sizeof(char *),
        .items = self->items, .lines = lines, .n = 1, .came = self->came });
}
#line 388 "test_letters.c"

#line 49 "test_letters.pipe"
static void test_letters_look_at_told_(struct test_letters_look_at_told *self, char *item)
{
    char *got __attribute__((__cleanup__(prt_string_drop))) = item;
#line 61 "test_letters.pipe"
    prt_test_came(&self->expects, &got);
}
#line 397 "test_letters.c"

static void test_letters_look_at_told_run_(struct prt_worker *base)
{
    struct test_letters_look_at_told *self = (struct test_letters_look_at_told *)base;
    char *got;

    while (prt_receive(&self->in_got, &got, sizeof got))
        test_letters_look_at_told_(self, got);
}

static void test_letters_look_at_told_final_(struct prt_worker *base)
{
    struct test_letters_look_at_told *self = (struct test_letters_look_at_told *)base;
#line 59 "test_letters.pipe"
    prt_test_ended(&self->expects);
}
#line 414 "test_letters.c"

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void test_letters_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_rows = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "rows", .place = "test_letters.pipe:11",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct row_), .cap = 4, .drop = test_letters_drop_row_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_lost = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lost", .place = "test_letters.pipe:12",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct test_letters_lost), .cap = 4,
            .drop = test_letters_drop_lost_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_names = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "names", .place = "test_letters.pipe:13",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_again = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "again", .place = "test_letters.pipe:36",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct test_letters_again), .cap = 4,
            .drop = test_letters_drop_again_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_told = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "told", .place = "test_letters.pipe:37",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "name", .place = "test_letters.pipe:19",
        .size = sizeof(struct test_letters_name),
        .align = _Alignof(struct test_letters_name),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = test_letters_name_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .shown = PRT_SHOWN_RECORD,
        .show = test_letters_show_row_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct test_letters_name, in_r),
              .chans = (struct prt_chan *const[]){ chan_rows }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct test_letters_name, to_names), .chan = chan_names, .most = 1 },
            { .at = offsetof(struct test_letters_name, to_lost), .chan = chan_lost, .most = 1, .letters = true },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "tell", .place = "test_letters.pipe:38",
        .size = sizeof(struct test_letters_tell),
        .align = _Alignof(struct test_letters_tell),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = test_letters_tell_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct test_letters_tell, in_l),
              .chans = (struct prt_chan *const[]){ chan_again }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct test_letters_tell, to_told), .chan = chan_told, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "feed_rows", .place = "test_letters.pipe:43",
        .size = sizeof(struct test_letters_feed_rows),
        .align = _Alignof(struct test_letters_feed_rows),
        .workers = 1,
        .fixed = true,
        .run = test_letters_feed_rows_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct test_letters_feed_rows, to_rows), .chan = chan_rows, .most = 2 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "look_at_lost", .place = "test_letters.pipe:45",
        .size = sizeof(struct test_letters_look_at_lost),
        .align = _Alignof(struct test_letters_look_at_lost),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = test_letters_look_at_lost_run_,
        .init = test_letters_look_at_lost_init_,
        .final = test_letters_look_at_lost_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct test_letters_look_at_lost, in_got),
              .chans = (struct prt_chan *const[]){ chan_lost }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "look_at_names", .place = "test_letters.pipe:44",
        .size = sizeof(struct test_letters_look_at_names),
        .align = _Alignof(struct test_letters_look_at_names),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = test_letters_look_at_names_run_,
        .init = test_letters_look_at_names_init_,
        .final = test_letters_look_at_names_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct test_letters_look_at_names, in_got),
              .chans = (struct prt_chan *const[]){ chan_names }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "feed_again", .place = "test_letters.pipe:47",
        .size = sizeof(struct test_letters_feed_again),
        .align = _Alignof(struct test_letters_feed_again),
        .workers = 1,
        .fixed = true,
        .run = test_letters_feed_again_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct test_letters_feed_again, to_again), .chan = chan_again, .most = 2 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "look_at_told", .place = "test_letters.pipe:49",
        .size = sizeof(struct test_letters_look_at_told),
        .align = _Alignof(struct test_letters_look_at_told),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = test_letters_look_at_told_run_,
        .init = test_letters_look_at_told_init_,
        .final = test_letters_look_at_told_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct test_letters_look_at_told, in_got),
              .chans = (struct prt_chan *const[]){ chan_told }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param test_letters_options_[] = {
    { .name = "least", .doc = "the least id", .type = PRT_INT,
      .at = offsetof(struct test_letters_params, least), .value.i = 2 },
};

static const struct prt_program test_letters_program_ = {
    .name = "test_letters",
    .params = test_letters_options_,
    .nparams = 1,
};

static const struct prt_test_failure test_letters_failures_[] = {
    { "name", "below 2", 46 },
};

/* rows below the least */
static const struct prt_test_spec test_letters_test_ = {
    .file = "test_letters.pipe",
    .line = 33,
    .failures = test_letters_failures_,
    .nfailures = 1,
};

int main(int argc, char **argv)
{
    static struct test_letters pipe;
    const int status = prt_options(&test_letters_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    prt_test_begin(&pipe.test, &test_letters_test_);
    run = prt_run_new(&(struct prt_run_spec){
        .name = "test_letters", .pipe = &pipe, .settings = &pipe.settings,
        .failed = prt_test_failed, .opaque = &pipe.test });
    if (!run)
        return 1;
    test_letters_wire_(run);
    return prt_test_end(&pipe.test, prt_run(run));
}
