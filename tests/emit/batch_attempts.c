/* Emitted by pipec 0.1.0 from batch_attempts.pipe; edit that file instead.
 *
 *     ask --asked[64]--> answer x2 --answered[8]--> show
 *     answer x2 --sums[8]--> add --bad[2]--> wrong
 *     answer x2 --lost[8]--> late
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* An item that failed for good, in lost. */
struct batch_attempts_lost {
#line 8 "batch_attempts.pipe"
    char *item;
#line 17 "batch_attempts.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

/* An item that failed for good, in bad. */
struct batch_attempts_bad {
#line 28 "batch_attempts.pipe"
    int item;
#line 27 "batch_attempts.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

/* ---- items ------------------------------------------------------------------------- */

/* Drops a letter of lost. */
static void batch_attempts_drop_lost_(void *letter)
{
    prt_string_drop(&((struct batch_attempts_lost *)letter)->item);
    free(((struct batch_attempts_lost *)letter)->reason);
}

/* Drops a letter of bad. */
static void batch_attempts_drop_bad_(void *letter)
{
    free(((struct batch_attempts_bad *)letter)->reason);
}

/* ---- params ------------------------------------------------------------------------ */

struct batch_attempts_params {
#line 4 "batch_attempts.pipe"
    int many;
#line 53 "batch_attempts.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "batch_attempts.pipe"
struct batch_attempts {
#line 60 "batch_attempts.c"
    struct batch_attempts_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* batch_attempts.pipe:11: ask -> asked
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 11 "batch_attempts.pipe"
struct batch_attempts_ask {
#line 71 "batch_attempts.c"
    struct prt_worker base;
    int worker;
    struct batch_attempts *pipe;
    struct prt_out to_asked;
};

static inline bool batch_attempts_ask_emit_asked(struct batch_attempts_ask *self, char *value)
{
    return prt_emit(&self->to_asked, &value, sizeof value);
}

#line 11 "batch_attempts.pipe"
static void batch_attempts_ask_(struct batch_attempts_ask *self)
{
#line 12 "batch_attempts.pipe"
    if (!batch_attempts_ask_emit_asked(self, NULL)) return;
}
#line 89 "batch_attempts.c"

static void batch_attempts_ask_run_(struct prt_worker *base)
{
    batch_attempts_ask_((struct batch_attempts_ask *)base);
}

/* batch_attempts.pipe:15: answer (texts[many] <- asked) -> answered[0..16], sums[0..1], workers 2, on fail retry 3 backoff 1ms then -> lost, timeout 1s
 * Sends at most 16 items to each output for each batch, so it never waits; gathers up to 'many' items; what it sends is held until it has returned; each item of a batch that fails goes to lost. */
#line 15 "batch_attempts.pipe"
struct batch_attempts_answer {
#line 100 "batch_attempts.c"
    struct prt_worker base;
    int worker;
    struct batch_attempts *pipe;
    struct prt_in in_texts;
    struct prt_out to_answered;
    struct prt_out to_sums;
    struct prt_out to_lost;
};

static inline bool batch_attempts_answer_pass_answered(struct batch_attempts_answer *self, char **at)
{
    return prt_pass_of(&self->to_answered, at, sizeof *at);
}

static inline bool batch_attempts_answer_emit_answered(struct batch_attempts_answer *self, char *value)
{
    return prt_emit_in_time(&self->to_answered, &value, sizeof value);
}

static inline bool batch_attempts_answer_emit_sums(struct batch_attempts_answer *self, int value)
{
    return prt_emit_in_time(&self->to_sums, &value, sizeof value);
}

#line 15 "batch_attempts.pipe"
static void batch_attempts_answer_(struct batch_attempts_answer *self, char **texts, size_t texts_len)
{
#line 16 "batch_attempts.pipe"
    size_t n = 0;

    while (n < texts_len)
        if (!batch_attempts_answer_pass_answered(self, &texts[n++])) return;
    if (!batch_attempts_answer_pass_answered(self, &
        texts[(n - 1)])) return;
    if (!batch_attempts_answer_emit_answered(self, (prt_taken(&self->base), PRT_TAKE(texts[0])) + 0)) return;
    if (!batch_attempts_answer_emit_sums(self, (int)n)) return;
}
#line 138 "batch_attempts.c"

static void batch_attempts_answer_run_(struct prt_worker *base)
{
    struct batch_attempts_answer *self = (struct batch_attempts_answer *)base;
    size_t texts_len;
    char **texts = prt_attempt_batch(&self->in_texts, &texts_len);
    struct prt_loss loss;

    if (!texts)
        return;
    prt_begin(&self->to_answered);
    batch_attempts_answer_(self, texts, texts_len);
    prt_kept(&self->to_answered, 0, 16);
    if (!prt_settle(&self->base, texts, &loss))
        return;
    for (size_t i = 0; i < texts_len; i++)
        prt_emit(&self->to_lost,
                 &(struct batch_attempts_lost){ texts[i], prt_reason(&loss, i + 1 < texts_len), loss.attempts, loss.stage },
                 sizeof(struct batch_attempts_lost));
}

/* batch_attempts.pipe:26: show (texts[4] <- answered), on fail retry 2
 * A sink; it never waits for room; gathers up to 4 items. */
#line 26 "batch_attempts.pipe"
struct batch_attempts_show {
#line 164 "batch_attempts.c"
    struct prt_worker base;
    int worker;
    struct batch_attempts *pipe;
    struct prt_in in_texts;
};

#define batch_attempts_show_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)
#define batch_attempts_show_fail_after(self, delay, ...) prt_fail_after(&(self)->base, delay, __VA_ARGS__)

#line 26 "batch_attempts.pipe"
enum prt_result show_texts(struct batch_attempts_show *self, char **texts, size_t texts_len);
#line 176 "batch_attempts.c"

static void batch_attempts_show_run_(struct prt_worker *base)
{
    struct batch_attempts_show *self = (struct batch_attempts_show *)base;
    size_t texts_len;
    char **texts = prt_attempt_batch(&self->in_texts, &texts_len);

    if (!texts)
        return;
    show_texts(self, texts, texts_len);
    prt_settle(&self->base, texts, NULL);
}

/* batch_attempts.pipe:27: add (sums[100] <- sums), on fail then -> bad
 * A sink; a batch that fails leaves more letters than a worker can keep, so it may wait for room; gathers up to 100 items; each item of a batch that fails goes to bad. */
#line 27 "batch_attempts.pipe"
struct batch_attempts_add {
#line 194 "batch_attempts.c"
    struct prt_worker base;
    int worker;
    struct batch_attempts *pipe;
    struct prt_in in_sums;
    struct prt_out to_bad;
};

#line 27 "batch_attempts.pipe"
static void batch_attempts_add_(struct batch_attempts_add *self, int *sums, size_t sums_len)
{
    (void)sums;
#line 27 "batch_attempts.pipe"
    if (sums_len) { prt_fail(&self->base, "no"); return; }
#line 27 "batch_attempts.pipe"
}
#line 210 "batch_attempts.c"

static void batch_attempts_add_run_(struct prt_worker *base)
{
    struct batch_attempts_add *self = (struct batch_attempts_add *)base;
    size_t sums_len;
    int *sums = prt_attempt_batch(&self->in_sums, &sums_len);
    struct prt_loss loss;

    if (!sums)
        return;
    batch_attempts_add_(self, sums, sums_len);
    if (!prt_settle(&self->base, sums, &loss))
        return;
    for (size_t i = 0; i < sums_len; i++)
        prt_emit(&self->to_bad,
                 &(struct batch_attempts_bad){ sums[i], prt_reason(&loss, i + 1 < sums_len), loss.attempts, loss.stage },
                 sizeof(struct batch_attempts_bad));
}

/* batch_attempts.pipe:29: late (letter <- lost)
 * A sink; it never waits for room. */
#line 29 "batch_attempts.pipe"
struct batch_attempts_late {
#line 234 "batch_attempts.c"
    struct prt_worker base;
    int worker;
    struct batch_attempts *pipe;
    struct prt_in in_letter;
};

#line 29 "batch_attempts.pipe"
static void batch_attempts_late_(struct batch_attempts_late *self, struct batch_attempts_lost item)
{
    struct batch_attempts_lost letter __attribute__((__cleanup__(batch_attempts_drop_lost_))) = item;
    (void)self;
#line 29 "batch_attempts.pipe"
    (void)letter;
#line 29 "batch_attempts.pipe"
}
#line 250 "batch_attempts.c"

static void batch_attempts_late_run_(struct prt_worker *base)
{
    struct batch_attempts_late *self = (struct batch_attempts_late *)base;
    struct batch_attempts_lost letter;

    while (prt_receive(&self->in_letter, &letter, sizeof letter))
        batch_attempts_late_(self, letter);
}

/* batch_attempts.pipe:30: wrong (letter <- bad)
 * A sink; it never waits for room. */
#line 30 "batch_attempts.pipe"
struct batch_attempts_wrong {
#line 265 "batch_attempts.c"
    struct prt_worker base;
    int worker;
    struct batch_attempts *pipe;
    struct prt_in in_letter;
};

#line 30 "batch_attempts.pipe"
static void batch_attempts_wrong_(struct batch_attempts_wrong *self, struct batch_attempts_bad item)
{
    struct batch_attempts_bad letter __attribute__((__cleanup__(batch_attempts_drop_bad_))) = item;
    (void)self;
#line 30 "batch_attempts.pipe"
    (void)letter;
#line 30 "batch_attempts.pipe"
}
#line 281 "batch_attempts.c"

static void batch_attempts_wrong_run_(struct prt_worker *base)
{
    struct batch_attempts_wrong *self = (struct batch_attempts_wrong *)base;
    struct batch_attempts_bad letter;

    while (prt_receive(&self->in_letter, &letter, sizeof letter))
        batch_attempts_wrong_(self, letter);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void batch_attempts_wire_(struct prt_run *run, const struct batch_attempts_params *params)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_asked = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "asked", .place = "batch_attempts.pipe:6",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(char *), .cap = 64, .drop = prt_string_drop });
    /* many senders, one receiver */
    struct prt_chan *const chan_answered = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "answered", .place = "batch_attempts.pipe:7",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(char *), .cap = 8, .drop = prt_string_drop });
    /* many senders, one receiver */
    struct prt_chan *const chan_lost = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lost", .place = "batch_attempts.pipe:8",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(struct batch_attempts_lost), .cap = 8,
            .drop = batch_attempts_drop_lost_ });
    /* many senders, one receiver */
    struct prt_chan *const chan_sums = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "sums", .place = "batch_attempts.pipe:9",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 8 });
    /* one sender, one receiver */
    struct prt_chan *const chan_bad = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "bad", .place = "batch_attempts.pipe:28",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct batch_attempts_bad), .cap = 2,
            .drop = batch_attempts_drop_bad_ });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "ask", .place = "batch_attempts.pipe:11",
        .size = sizeof(struct batch_attempts_ask),
        .align = _Alignof(struct batch_attempts_ask),
        .workers = 1,
        .fixed = true,
        .run = batch_attempts_ask_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_attempts_ask, to_asked), .chan = chan_asked, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "answer", .place = "batch_attempts.pipe:15",
        .size = sizeof(struct batch_attempts_answer),
        .align = _Alignof(struct batch_attempts_answer),
        .workers = 2,
        .leaf = true,
        .run = batch_attempts_answer_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .holds = true,
        .retries = 3,
        .backoff_low = 1000000, /* 1ms */
        .backoff_high = 1000000, /* 1ms */
        .timeout = 1000000000, /* 1s */
        .shown = PRT_SHOWN_TEXT,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_attempts_answer, in_texts),
              .chans = (struct prt_chan *const[]){ chan_asked }, .nchans = 1 },
        },
        .nins = 1,
        .collect = (uint64_t)params->many,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_attempts_answer, to_answered), .chan = chan_answered, .most = 16 },
            { .at = offsetof(struct batch_attempts_answer, to_sums), .chan = chan_sums, .most = 1 },
            { .at = offsetof(struct batch_attempts_answer, to_lost), .chan = chan_lost, .most = 1, .letters = true },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "batch_attempts.pipe:26",
        .size = sizeof(struct batch_attempts_show),
        .align = _Alignof(struct batch_attempts_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_attempts_show_run_,
        .attempts = true,
        .holds = true,
        .retries = 2,
        .shown = PRT_SHOWN_TEXT,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_attempts_show, in_texts),
              .chans = (struct prt_chan *const[]){ chan_answered }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 4,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "batch_attempts.pipe:27",
        .size = sizeof(struct batch_attempts_add),
        .align = _Alignof(struct batch_attempts_add),
        .workers = 1,
        .fixed = true,
        .run = batch_attempts_add_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .shown = PRT_SHOWN_SIGNED,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_attempts_add, in_sums),
              .chans = (struct prt_chan *const[]){ chan_sums }, .nchans = 1 },
        },
        .nins = 1,
        .collect = 100,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct batch_attempts_add, to_bad), .chan = chan_bad, .most = 1, .letters = true },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "late", .place = "batch_attempts.pipe:29",
        .size = sizeof(struct batch_attempts_late),
        .align = _Alignof(struct batch_attempts_late),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_attempts_late_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_attempts_late, in_letter),
              .chans = (struct prt_chan *const[]){ chan_lost }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "wrong", .place = "batch_attempts.pipe:30",
        .size = sizeof(struct batch_attempts_wrong),
        .align = _Alignof(struct batch_attempts_wrong),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = batch_attempts_wrong_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct batch_attempts_wrong, in_letter),
              .chans = (struct prt_chan *const[]){ chan_bad }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param batch_attempts_options_[] = {
    { .name = "many", .type = PRT_INT,
      .at = offsetof(struct batch_attempts_params, many), .value.i = 8, .ranged = true, .low.i = 1, .high.i = 16 },
};

static const char *const batch_attempts_pools_[] = { "answer" };

static const struct prt_program batch_attempts_program_ = {
    .name = "batch_attempts",
    .params = batch_attempts_options_,
    .nparams = 1,
    .pools = batch_attempts_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct batch_attempts pipe;
    const int status = prt_options(&batch_attempts_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "batch_attempts", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    batch_attempts_wire_(run, &pipe.params);
    return prt_run(run);
}
