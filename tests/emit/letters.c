/* Emitted by pipec 0.1.0 from letters.pipe; edit that file instead.
 *
 *     read --words[4]--> cut x2 --parts()--> call x2 --called[4]--> show
 *     read, cut x2, call x2, show --lost[*]--> late
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "letters.pipe"
#include <stdio.h>
#include <string.h>
#include <prt/words.h>
#line 16 "letters.c"

/* An item that failed for good, in lost. */
struct letters_lost {
#line 10 "letters.pipe"
    char *item;
#line 22 "letters.c"
    char *reason;               /* owned, like the item; NULL: there was no memory for it */
    int attempts;
    const char *stage;          /* in which it failed */
};

/* ---- items ------------------------------------------------------------------------- */

/* Drops a letter of lost. */
static void letters_drop_lost_(void *letter)
{
    prt_string_drop(&((struct letters_lost *)letter)->item);
    free(((struct letters_lost *)letter)->reason);
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "letters.pipe"
struct letters {
#line 41 "letters.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* letters.pipe:12: read -> words, on fail then -> lost
 * A source; sends at most one item each time it runs, so its emit may wait for room; an item that fails goes to lost. */
#line 12 "letters.pipe"
struct letters_read {
#line 51 "letters.c"
    struct prt_worker base;
    int worker;
    struct letters *pipe;
    struct prt_out to_words;
    struct prt_out to_lost;
};

static inline bool letters_read_emit_words(struct letters_read *self, char *value)
{
    return prt_emit(&self->to_words, &value, sizeof value);
}

#line 12 "letters.pipe"
static void letters_read_(struct letters_read *self)
{
#line 13 "letters.pipe"
    if (!letters_read_emit_words(self, strdup("one"))) return;
    { prt_fail(&self->base, "no more"); return; }
}
#line 71 "letters.c"

static void letters_read_run_(struct prt_worker *base)
{
    struct letters_read *self = (struct letters_read *)base;
    struct prt_loss loss;

    prt_attempt_here(&self->base);
    letters_read_(self);
    if (prt_settle(&self->base, NULL, &loss))
        prt_emit(&self->to_lost, &(struct letters_lost){ .reason = loss.reason, loss.attempts, loss.stage },
                 sizeof(struct letters_lost));
}

/* letters.pipe:24: call (part <- parts) -> called, inline, on fail then -> lost
 * Runs within 'cut': an item comes by a function call; sends at most one item for each; an item that fails goes to lost. */
#line 24 "letters.pipe"
struct letters_call {
#line 89 "letters.c"
    struct prt_worker base;
    int worker;
    struct letters *pipe;
    struct prt_out to_called;
    struct prt_out to_lost;
};

static inline bool letters_call_emit_called(struct letters_call *self, char *value)
{
    return prt_emit(&self->to_called, &value, sizeof value);
}

/* letters.pipe:17: cut (word <- words) -> parts, workers 2, on fail then -> lost
 * Sends any number of items, so its emit may wait for room; an item that fails goes to lost. */
#line 17 "letters.pipe"
struct letters_cut {
#line 106 "letters.c"
    struct prt_worker base;
    int worker;
    struct letters *pipe;
    struct prt_in in_word;
    struct prt_call call_parts;
    struct letters_call to_parts; /* inline: sending to parts runs call */
    struct prt_out to_lost;
};

static void letters_call_run_(struct letters_call *self, char *value);

static inline bool letters_cut_emit_parts(struct letters_cut *self, char *value)
{
    if (!prt_call_check(&self->call_parts)) {
        prt_string_drop(&value);
        return false;
    }
    letters_call_run_(&self->to_parts, value);
    return true;
}

#line 17 "letters.pipe"
static void letters_cut_(struct letters_cut *self, char **item)
{
    char *word = *item;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item, &word, sizeof word };
#line 18 "letters.pipe"
    if (strlen(word) > 3)
        { prt_fail(&self->base, "'%s' is too long", word); return; }
    for (int i = 0; i < 2; i++)
        if (!letters_cut_emit_parts(self, strdup(word))) return;
}
#line 139 "letters.c"

static void letters_cut_run_(struct prt_worker *base)
{
    struct letters_cut *self = (struct letters_cut *)base;
    char *word;

    while (prt_attempt(&self->in_word, &word)) {
        struct prt_loss loss;

        letters_cut_(self, &word);
        if (prt_settle(&self->base, &word, &loss))
            prt_emit(&self->to_lost, &(struct letters_lost){ word, loss.reason, loss.attempts, loss.stage },
                     sizeof(struct letters_lost));
    }
}

#line 24 "letters.pipe"
static void letters_call_(struct letters_call *self, char **item)
{
    char *part = *item;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item, &part, sizeof part };
#line 25 "letters.pipe"
    if (!*part)
        { prt_fail(&self->base, "empty"); return; }
    if (!letters_call_emit_called(self, PRT_TAKE(part))) return;
}
#line 166 "letters.c"

static void letters_call_run_(struct letters_call *self, char *part)
{
    struct prt_loss loss;

    prt_attempt_here(&self->base);
    letters_call_(self, &part);
    if (prt_settle(&self->base, &part, &loss))
        prt_emit(&self->to_lost, &(struct letters_lost){ part, loss.reason, loss.attempts, loss.stage },
                 sizeof(struct letters_lost));
}

/* letters.pipe:30: show (item <- called), on fail then -> lost
 * A sink; it never waits for room; an item that fails goes to lost. */
#line 30 "letters.pipe"
struct letters_show {
#line 183 "letters.c"
    struct prt_worker base;
    int worker;
    struct letters *pipe;
    struct prt_in in_item;
    struct prt_out to_lost;
};

#line 30 "letters.pipe"
static void letters_show_(struct letters_show *self, char **item_)
{
    char *item = *item_;
    const struct prt_kept kept __attribute__((__cleanup__(prt_keep), __unused__)) = { item_, &item, sizeof item };
#line 31 "letters.pipe"
    if (puts(item) < 0)
        { prt_fail(&self->base, "cannot be shown"); return; }
}
#line 200 "letters.c"

static void letters_show_run_(struct prt_worker *base)
{
    struct letters_show *self = (struct letters_show *)base;
    char *item;

    while (prt_attempt(&self->in_item, &item)) {
        struct prt_loss loss;

        letters_show_(self, &item);
        if (prt_settle(&self->base, &item, &loss))
            prt_emit(&self->to_lost, &(struct letters_lost){ item, loss.reason, loss.attempts, loss.stage },
                     sizeof(struct letters_lost));
    }
}

/* letters.pipe:35: late (letter <- lost)
 * A sink; it never waits for room. */
#line 35 "letters.pipe"
struct letters_late {
#line 221 "letters.c"
    struct prt_worker base;
    int worker;
    struct letters *pipe;
    struct prt_in in_letter;
};

#line 35 "letters.pipe"
static void letters_late_(struct letters_late *self, struct letters_lost item)
{
    struct letters_lost letter __attribute__((__cleanup__(letters_drop_lost_))) = item;
    (void)self;
#line 36 "letters.pipe"
    puts(letter.reason);
}
#line 236 "letters.c"

static void letters_late_run_(struct prt_worker *base)
{
    struct letters_late *self = (struct letters_late *)base;
    struct letters_lost letter;

    while (prt_receive(&self->in_letter, &letter, sizeof letter))
        letters_late_(self, letter);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void letters_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_words = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "words", .place = "letters.pipe:7",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* many senders, one receiver */
    struct prt_chan *const chan_called = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "called", .place = "letters.pipe:9",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* grows as it needs, so nobody waits to send */
    struct prt_chan *const chan_lost = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lost", .place = "letters.pipe:10",
        .kind = PRT_GROWING, .item_size = sizeof(struct letters_lost), .drop = letters_drop_lost_ });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "letters.pipe:12",
        .size = sizeof(struct letters_read),
        .align = _Alignof(struct letters_read),
        .workers = 1,
        .fixed = true,
        .run = letters_read_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct letters_read, to_words), .chan = chan_words, .most = 1 },
            { .at = offsetof(struct letters_read, to_lost), .chan = chan_lost, .most = 1, .letters = true },
        },
        .nouts = 2,
    });

    static const struct prt_inline_spec inlines_cut[] = {
        { .name = "call", .place = "letters.pipe:24",
          .chan = "parts", .at = offsetof(struct letters_cut, to_parts),
          .call_at = offsetof(struct letters_cut, call_parts),
          .on_fail = PRT_THEN_LETTER, .drop = prt_string_drop,
          .shown = PRT_SHOWN_TEXT, .item_size = sizeof(char *) },
    };
    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "cut", .place = "letters.pipe:17",
        .size = sizeof(struct letters_cut),
        .align = _Alignof(struct letters_cut),
        .workers = 2,
        .run = letters_cut_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .shown = PRT_SHOWN_TEXT,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct letters_cut, in_word),
              .chans = (struct prt_chan *const[]){ chan_words }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct letters_cut, to_lost), .chan = chan_lost, .most = 1, .letters = true },
            { .at = offsetof(struct letters_call, to_called), .chan = chan_called, .most = PRT_ANY, .by = 1 },
            { .at = offsetof(struct letters_call, to_lost), .chan = chan_lost, .most = PRT_ANY, .letters = true,
                .by = 1 },
        },
        .nouts = 3,
        .inlines = inlines_cut,
        .ninlines = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "letters.pipe:30",
        .size = sizeof(struct letters_show),
        .align = _Alignof(struct letters_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = letters_show_run_,
        .on_fail = PRT_THEN_LETTER,
        .attempts = true,
        .shown = PRT_SHOWN_TEXT,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct letters_show, in_item),
              .chans = (struct prt_chan *const[]){ chan_called }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct letters_show, to_lost), .chan = chan_lost, .most = 1, .letters = true },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "late", .place = "letters.pipe:35",
        .size = sizeof(struct letters_late),
        .align = _Alignof(struct letters_late),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = letters_late_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct letters_late, in_letter),
              .chans = (struct prt_chan *const[]){ chan_lost }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const char *const letters_pools_[] = { "cut" };

static const struct prt_program letters_program_ = {
    .name = "letters",
    .pools = letters_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct letters pipe;
    const int status = prt_options(&letters_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "letters", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    letters_wire_(run);
    return prt_run(run);
}
