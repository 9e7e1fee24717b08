/* Emitted by pipec 0.1.0 from passed.pipe; edit that file instead.
 *
 *     ask --asked[8]--> answer x2 --answered[8]--> show
 *     answer x2 --refused[8]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "passed.pipe"
struct passed {
#line 16 "passed.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* passed.pipe:8: ask -> asked
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 8 "passed.pipe"
struct passed_ask {
#line 26 "passed.c"
    struct prt_worker base;
    int worker;
    struct passed *pipe;
    struct prt_out to_asked;
};

static inline bool passed_ask_emit_asked(struct passed_ask *self, char *value)
{
    return prt_emit(&self->to_asked, &value, sizeof value);
}

#line 8 "passed.pipe"
static void passed_ask_(struct passed_ask *self)
{
#line 9 "passed.pipe"
    if (!passed_ask_emit_asked(self, NULL)) return;
}
#line 44 "passed.c"

static void passed_ask_run_(struct prt_worker *base)
{
    passed_ask_((struct passed_ask *)base);
}

/* passed.pipe:12: answer (text <- asked) -> answered[0..1], refused[0..1], workers 2, on fail retry 3 backoff 1ms then skip, timeout 1s
 * Sends at most one item to each output for each that it receives, so it never waits; what it sends is held until it has returned. */
#line 12 "passed.pipe"
struct passed_answer {
#line 55 "passed.c"
    struct prt_worker base;
    int worker;
    struct passed *pipe;
    struct prt_in in_text;
    struct prt_out to_answered;
    struct prt_out to_refused;
};

static inline bool passed_answer_pass_answered(struct passed_answer *self, const struct prt_in *in, char *value)
{
    return prt_pass(&self->to_answered, in, &value, sizeof value);
}

static inline bool passed_answer_pass_refused(struct passed_answer *self, const struct prt_in *in, char *value)
{
    return prt_pass(&self->to_refused, in, &value, sizeof value);
}

#line 12 "passed.pipe"
static void passed_answer_(struct passed_answer *self, char **item)
{
    char *text = *item;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item, &text, sizeof text };
#line 13 "passed.pipe"
    if (!text)
        { prt_fail_after(&self->base, 5000000, "no text"); return; }
    if (*text == 'a')
        { if (!passed_answer_pass_answered(self, &self->in_text, PRT_TAKE(text))) return; }
    else if (!passed_answer_pass_refused(self, &self->in_text, PRT_TAKE(text)))
        return;
}
#line 87 "passed.c"

static void passed_answer_run_(struct prt_worker *base)
{
    struct passed_answer *self = (struct passed_answer *)base;
    char *text;

    while (prt_attempt(&self->in_text, &text)) {
        passed_answer_(self, &text);
        prt_settle(&self->base, &text, NULL);
    }
}

/* passed.pipe:21: show (text <- answered | refused)
 * A sink; it never waits for room. */
#line 21 "passed.pipe"
struct passed_show {
#line 104 "passed.c"
    struct prt_worker base;
    int worker;
    struct passed *pipe;
    struct prt_in in_text;
};

#line 21 "passed.pipe"
static void passed_show_(struct passed_show *self, char *item)
{
    char *text __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 22 "passed.pipe"
    (void)text;
}
#line 119 "passed.c"

static void passed_show_run_(struct prt_worker *base)
{
    struct passed_show *self = (struct passed_show *)base;
    char *text;

    while (prt_receive(&self->in_text, &text, sizeof text))
        passed_show_(self, text);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void passed_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_asked = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "asked", .place = "passed.pipe:4",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(char *), .cap = 8, .drop = prt_string_drop });
    /* many senders, one receiver */
    struct prt_chan *const chan_answered = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "answered", .place = "passed.pipe:5",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(char *), .cap = 8, .drop = prt_string_drop });
    /* many senders, one receiver */
    struct prt_chan *const chan_refused = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "refused", .place = "passed.pipe:6",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(char *), .cap = 8, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "ask", .place = "passed.pipe:8",
        .size = sizeof(struct passed_ask),
        .align = _Alignof(struct passed_ask),
        .workers = 1,
        .fixed = true,
        .run = passed_ask_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct passed_ask, to_asked), .chan = chan_asked, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "answer", .place = "passed.pipe:12",
        .size = sizeof(struct passed_answer),
        .align = _Alignof(struct passed_answer),
        .workers = 2,
        .leaf = true,
        .run = passed_answer_run_,
        .on_fail = PRT_THEN_SKIP,
        .attempts = true,
        .holds = true,
        .retries = 3,
        .backoff_low = 1000000, /* 1ms */
        .backoff_high = 1000000, /* 1ms */
        .timeout = 1000000000, /* 1s */
        .shown = PRT_SHOWN_TEXT,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct passed_answer, in_text),
              .chans = (struct prt_chan *const[]){ chan_asked }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct passed_answer, to_answered), .chan = chan_answered, .most = 1 },
            { .at = offsetof(struct passed_answer, to_refused), .chan = chan_refused, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "passed.pipe:21",
        .size = sizeof(struct passed_show),
        .align = _Alignof(struct passed_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = passed_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct passed_show, in_text),
              .chans = (struct prt_chan *const[]){ chan_answered, chan_refused }, .nchans = 2 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const char *const passed_pools_[] = { "answer" };

static const struct prt_program passed_program_ = {
    .name = "passed",
    .pools = passed_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct passed pipe;
    const int status = prt_options(&passed_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "passed", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    passed_wire_(run);
    return prt_run(run);
}
