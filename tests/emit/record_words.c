/* Emitted by pipec 0.1.0 from record_words.pipe; edit that file instead.
 *
 *     make --errors[4]--> send --others[4]--> each of one, two
 *     ask --asked[4]--> answer --lost[4]--> keep
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>
#include <prt/form.h>

#line 4 "record_words.pipe"
typedef struct name_ name;
#line 15 "record_words.c"
struct name_ {
    char *value;
    int text;
};

static const struct prt_record_field name_fields_[] = {
    PRT_RECORD_FIELD(name, value, "value", PRT_KIND_STRING, NULL),
    PRT_RECORD_FIELD(name, text, "text", PRT_KIND_INT32, NULL),
};

static const struct prt_record name_record = { "name", sizeof(name), name_fields_, 2 };

static inline void name_drop(name *item)
{
    prt_record_drop(&name_record, item);
}

#line 5 "record_words.pipe"
typedef struct text_ text;
#line 35 "record_words.c"
struct text_ {
    char *text;
    name len[2];
};

static const struct prt_record_field text_fields_[] = {
    PRT_RECORD_FIELD(text, text, "text", PRT_KIND_STRING, NULL),
    PRT_RECORD_ARRAY(text, len, "len", PRT_KIND_RECORD, &name_record),
};

static const struct prt_record text_record = { "text", sizeof(text), text_fields_, 2 };

#line 6 "record_words.pipe"
typedef struct len_ len;
#line 50 "record_words.c"
struct len_ {
    text len;
};

static const struct prt_record_field len_fields_[] = {
    PRT_RECORD_FIELD(len, len, "len", PRT_KIND_RECORD, &text_record),
};

static const struct prt_record len_record = { "len", sizeof(len), len_fields_, 1 };

static inline void len_drop(len *item)
{
    prt_record_drop(&len_record, item);
}

static inline bool len_from_json(const char *text_, size_t len_, len *item, struct prt_error *error_)
{
    return prt_json_read(&len_record, text_, len_, item, error_);
}

#line 7 "record_words.pipe"
typedef struct error_ error;
#line 73 "record_words.c"
struct error_ {
    len error;
    char **tags;
    size_t tags_len;
};

static const struct prt_record_field error_fields_[] = {
    PRT_RECORD_FIELD(error, error, "error", PRT_KIND_RECORD, &len_record),
    PRT_RECORD_LIST(error, tags, "tags", PRT_KIND_STRING, NULL),
};

static const struct prt_record error_record = { "error", sizeof(error), error_fields_, 2 };

static inline error error_clone(const error *item)
{
    error value;

    prt_record_clone(&error_record, &value, item);
    return value;
}

static inline bool error_equal(const error *item, const error *value)
{
    return prt_record_equal(&error_record, item, value);
}

static inline bool error_from_json(const char *text_, size_t len_, error *item, struct prt_error *error_)
{
    return prt_json_read(&error_record, text_, len_, item, error_);
}

static inline char *error_to_json(const error *item, size_t *len_)
{
    return prt_json_write(&error_record, item, len_);
}

#line 9 "record_words.pipe"
typedef struct letter_ letter;
#line 112 "record_words.c"
struct letter_ {
    int id;
};

static const struct prt_record_field letter_fields_[] = {
    PRT_RECORD_FIELD(letter, id, "id", PRT_KIND_INT32, NULL),
};

static const struct prt_record letter_record = { "letter", sizeof(letter), letter_fields_, 1 };

/* An item that failed for good, in lost. */
struct words_lost {
#line 12 "record_words.pipe"
    struct letter_ item;
#line 127 "record_words.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

static const struct prt_record_field words_lost_fields_[] = {
    PRT_RECORD_FIELD(struct words_lost, item, "item", PRT_KIND_RECORD, &letter_record),
    PRT_RECORD_FIELD(struct words_lost, reason, "reason", PRT_KIND_STRING, NULL),
    PRT_RECORD_FIELD(struct words_lost, attempts, "attempts", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(struct words_lost, stage, "stage", PRT_KIND_STRING, NULL),
};

static const struct prt_record words_lost_record_ = { "lost", sizeof(struct words_lost), words_lost_fields_, 4 };

static inline char *words_lost_to_json(const struct words_lost *letter_, size_t *len_)
{
    return prt_json_write(&words_lost_record_, letter_, len_);
}

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type error; one of all zero bytes is empty. */
static void words_drop_error_(void *item)
{
    prt_record_drop(&error_record, item);
}

/* Makes a copy of an item of type error. */
static void words_clone_error_(void *value, const void *item)
{
    prt_record_clone(&error_record, value, item);
}

/* Shows an item of type letter that failed. */
static char *words_show_letter_(const void *item, size_t *len_)
{
    return prt_json_write(&letter_record, item, len_);
}

/* Drops a letter of lost. */
static void words_drop_lost_(void *letter_)
{
    free(((struct words_lost *)letter_)->reason);
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "record_words.pipe"
struct words {
#line 177 "record_words.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* record_words.pipe:16: make -> errors
 * A source; sends at most one item each time it runs, so its emit may wait for room. */
#line 16 "record_words.pipe"
struct words_make {
#line 187 "record_words.c"
    struct prt_worker base;
    int worker;
    struct words *pipe;
    struct prt_out to_errors;
};

static inline bool words_make_emit_errors(struct words_make *self, struct error_ value)
{
    return prt_emit(&self->to_errors, &value, sizeof value);
}

#line 16 "record_words.pipe"
static void words_make_(struct words_make *self)
{
#line 17 "record_words.pipe"
    error e;

    if (error_from_json("{}", 2, &e, NULL))
        if (!words_make_emit_errors(self, e)) return;
}
#line 208 "record_words.c"

static void words_make_run_(struct prt_worker *base)
{
    words_make_((struct words_make *)base);
}

/* record_words.pipe:23: send (e <- errors) -> others
 * Sends exactly one item for each that it receives, so it never waits. */
#line 23 "record_words.pipe"
struct words_send {
#line 219 "record_words.c"
    struct prt_worker base;
    int worker;
    struct words *pipe;
    struct prt_in in_e;
    struct prt_out to_others[2]; /* a broadcast: to each stage that receives from others */
};

static inline bool words_send_emit_others(struct words_send *self, struct error_ value)
{
    struct error_ item; /* a copy */

    return prt_emit_clones(self->to_others, 2, &value, &item, sizeof value, words_clone_error_);
}

#line 23 "record_words.pipe"
static void words_send_(struct words_send *self, struct error_ item)
{
    struct error_ e __attribute__((__cleanup__(words_drop_error_))) = item;
#line 24 "record_words.pipe"
    char *text_ = error_to_json(&e, NULL);

    free(text_);
    if (!words_send_emit_others(self, error_clone(&e))) return;
}
#line 244 "record_words.c"

static void words_send_run_(struct prt_worker *base)
{
    struct words_send *self = (struct words_send *)base;
    struct error_ e;

    while (prt_receive(&self->in_e, &e, sizeof e))
        words_send_(self, e);
}

/* record_words.pipe:30: one (e <- others)
 * A sink; it never waits for room. */
#line 30 "record_words.pipe"
struct words_one {
#line 259 "record_words.c"
    struct prt_worker base;
    int worker;
    struct words *pipe;
    struct prt_in in_e;
};

#line 30 "record_words.pipe"
static void words_one_(struct words_one *self, struct error_ item)
{
    struct error_ e __attribute__((__cleanup__(words_drop_error_))) = item;
    (void)self;
#line 31 "record_words.pipe"
    len l;
    name v = { NULL, 1 };

    if (len_from_json("", 0, &l, NULL) && error_equal(&e, &e))
        len_drop(&l);
    name_drop(&v);
}
#line 279 "record_words.c"

static void words_one_run_(struct prt_worker *base)
{
    struct words_one *self = (struct words_one *)base;
    struct error_ e;

    while (prt_receive(&self->in_e, &e, sizeof e))
        words_one_(self, e);
}

/* record_words.pipe:39: two (e <- others)
 * A sink; it never waits for room. */
#line 39 "record_words.pipe"
struct words_two {
#line 294 "record_words.c"
    struct prt_worker base;
    int worker;
    struct words *pipe;
    struct prt_in in_e;
};

#line 39 "record_words.pipe"
static void words_two_(struct words_two *self, struct error_ item)
{
    struct error_ e __attribute__((__cleanup__(words_drop_error_))) = item;
    (void)self;
#line 40 "record_words.pipe"
    (void)e;
}
#line 309 "record_words.c"

static void words_two_run_(struct prt_worker *base)
{
    struct words_two *self = (struct words_two *)base;
    struct error_ e;

    while (prt_receive(&self->in_e, &e, sizeof e))
        words_two_(self, e);
}

/* record_words.pipe:43: ask -> asked
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 43 "record_words.pipe"
struct words_ask {
#line 324 "record_words.c"
    struct prt_worker base;
    int worker;
    struct words *pipe;
    struct prt_out to_asked;
};

static inline bool words_ask_emit_asked(struct words_ask *self, struct letter_ value)
{
    return prt_emit(&self->to_asked, &value, sizeof value);
}

#line 43 "record_words.pipe"
static void words_ask_(struct words_ask *self)
{
#line 44 "record_words.pipe"
    if (!words_ask_emit_asked(self, (letter){ 1 })) return;
}
#line 342 "record_words.c"

static void words_ask_run_(struct prt_worker *base)
{
    words_ask_((struct words_ask *)base);
}

/* record_words.pipe:47: answer (l <- asked), on fail then -> lost
 * A sink; it never waits for room; an item that fails goes to lost. */
#line 47 "record_words.pipe"
struct words_answer {
#line 353 "record_words.c"
    struct prt_worker base;
    int worker;
    struct words *pipe;
    struct prt_in in_l;
    struct prt_out to_lost;
};

#line 47 "record_words.pipe"
static void words_answer_(struct words_answer *self, struct letter_ *item)
{
    struct letter_ l = *item;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item, &l, sizeof l };
#line 48 "record_words.pipe"
    if (l.id > 0)
        { prt_fail(&self->base, "no answer"); return; }
}
#line 370 "record_words.c"

static void words_answer_run_(struct prt_worker *base)
{
    struct words_answer *self = (struct words_answer *)base;
    struct letter_ l;

    while (prt_attempt(&self->in_l, &l)) {
        struct prt_loss loss;

        words_answer_(self, &l);
        if (prt_settle(&self->base, &l, &loss))
            prt_emit(&self->to_lost, &(struct words_lost){ l, loss.reason, loss.attempts, loss.stage },
                     sizeof(struct words_lost));
    }
}

/* record_words.pipe:52: keep (l <- lost)
 * A sink; it never waits for room. */
#line 52 "record_words.pipe"
struct words_keep {
#line 391 "record_words.c"
    struct prt_worker base;
    int worker;
    struct words *pipe;
    struct prt_in in_l;
};

#line 52 "record_words.pipe"
static void words_keep_(struct words_keep *self, struct words_lost item)
{
    struct words_lost l __attribute__((__cleanup__(words_drop_lost_))) = item;
    (void)self;
#line 53 "record_words.pipe"
    char *json = words_lost_to_json(&l, NULL);

    free(json);
}
#line 408 "record_words.c"

static void words_keep_run_(struct prt_worker *base)
{
    struct words_keep *self = (struct words_keep *)base;
    struct words_lost l;

    while (prt_receive(&self->in_l, &l, sizeof l))
        words_keep_(self, l);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void words_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_asked = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "asked", .place = "record_words.pipe:11",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct letter_), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_lost = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lost", .place = "record_words.pipe:12",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct words_lost), .cap = 4, .drop = words_drop_lost_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_errors = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "errors", .place = "record_words.pipe:13",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct error_), .cap = 4, .drop = words_drop_error_ });
    struct prt_chan *chan_others[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver */
    chan_others[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "others>one", .place = "record_words.pipe:14",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct error_), .cap = 4, .drop = words_drop_error_ });
    /* one sender, one receiver */
    chan_others[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "others>two", .place = "record_words.pipe:14",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct error_), .cap = 4, .drop = words_drop_error_ });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "make", .place = "record_words.pipe:16",
        .size = sizeof(struct words_make),
        .align = _Alignof(struct words_make),
        .workers = 1,
        .fixed = true,
        .run = words_make_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct words_make, to_errors), .chan = chan_errors, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "send", .place = "record_words.pipe:23",
        .size = sizeof(struct words_send),
        .align = _Alignof(struct words_send),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = words_send_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct words_send, in_e),
              .chans = (struct prt_chan *const[]){ chan_errors }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct words_send, to_others[0]), .chan = chan_others[0], .most = 1 },
            { .at = offsetof(struct words_send, to_others[1]), .chan = chan_others[1], .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "one", .place = "record_words.pipe:30",
        .size = sizeof(struct words_one),
        .align = _Alignof(struct words_one),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = words_one_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct words_one, in_e),
              .chans = (struct prt_chan *const[]){ chan_others[0] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "two", .place = "record_words.pipe:39",
        .size = sizeof(struct words_two),
        .align = _Alignof(struct words_two),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = words_two_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct words_two, in_e),
              .chans = (struct prt_chan *const[]){ chan_others[1] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "ask", .place = "record_words.pipe:43",
        .size = sizeof(struct words_ask),
        .align = _Alignof(struct words_ask),
        .workers = 1,
        .fixed = true,
        .run = words_ask_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct words_ask, to_asked), .chan = chan_asked, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "answer", .place = "record_words.pipe:47",
        .size = sizeof(struct words_answer),
        .align = _Alignof(struct words_answer),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = words_answer_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .shown = PRT_SHOWN_RECORD,
        .show = words_show_letter_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct words_answer, in_l),
              .chans = (struct prt_chan *const[]){ chan_asked }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct words_answer, to_lost), .chan = chan_lost, .most = 1, .letters = true },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep", .place = "record_words.pipe:52",
        .size = sizeof(struct words_keep),
        .align = _Alignof(struct words_keep),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = words_keep_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct words_keep, in_l),
              .chans = (struct prt_chan *const[]){ chan_lost }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program words_program_ = {
    .name = "words",
    .doc = "has records of many names",
};

int main(int argc, char **argv)
{
    static struct words pipe;
    const int status = prt_options(&words_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "words", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    words_wire_(run);
    return prt_run(run);
}
