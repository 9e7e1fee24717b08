/* Emitted by pipec 0.1.0 from escapes.pipe; edit that file instead.
 *
 *     say --texts[2]--> hear
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "escapes.pipe"
#include <stdio.h>
#include <prt/words.h>
#line 14 "escapes.c"

/* ---- params ------------------------------------------------------------------------ */

struct escapes_params {
#line 6 "escapes.pipe"
    const char *path; /* a ???doc * / with / * comment marks ? ?/ */
#line 21 "escapes.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "escapes.pipe"
struct escapes {
#line 28 "escapes.c"
    struct escapes_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* escapes.pipe:10: say -> texts
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 10 "escapes.pipe"
struct escapes_say {
#line 39 "escapes.c"
    struct prt_worker base;
    int worker;
    struct escapes *pipe;
    struct prt_out to_texts;
};

static inline bool escapes_say_emit_texts(struct escapes_say *self, const char *value)
{
    return prt_emit(&self->to_texts, &value, sizeof value);
}

#line 10 "escapes.pipe"
static void escapes_say_(struct escapes_say *self)
{
    const char *const path = self->pipe->params.path;
#line 11 "escapes.pipe"
    if (!escapes_say_emit_texts(self, path)) return;
}
#line 58 "escapes.c"

static void escapes_say_run_(struct prt_worker *base)
{
    escapes_say_((struct escapes_say *)base);
}

/* escapes.pipe:14: hear (text <- texts)
 * A sink; it never waits for room. */
#line 14 "escapes.pipe"
struct escapes_hear {
#line 69 "escapes.c"
    struct prt_worker base;
    int worker;
    struct escapes *pipe;
    struct prt_in in_text;
};

#line 14 "escapes.pipe"
static void escapes_hear_(struct escapes_hear *self, const char *text)
{
    (void)self;
#line 15 "escapes.pipe"
    puts(text);
}
#line 83 "escapes.c"

static void escapes_hear_run_(struct prt_worker *base)
{
    struct escapes_hear *self = (struct escapes_hear *)base;
    const char *text;

    while (prt_receive(&self->in_text, &text, sizeof text))
        escapes_hear_(self, text);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void escapes_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_texts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "texts", .place = "escapes.pipe:8",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(const char *), .cap = 2 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "say", .place = "escapes.pipe:10",
        .size = sizeof(struct escapes_say),
        .align = _Alignof(struct escapes_say),
        .workers = 1,
        .fixed = true,
        .run = escapes_say_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct escapes_say, to_texts), .chan = chan_texts, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "hear", .place = "escapes.pipe:14",
        .size = sizeof(struct escapes_hear),
        .align = _Alignof(struct escapes_hear),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = escapes_hear_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct escapes_hear, in_text),
              .chans = (struct prt_chan *const[]){ chan_texts }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param escapes_options_[] = {
    { .name = "path", .doc = "a \342\200\256doc */ with /* comment marks ?\?/", .type = PRT_STRING,
      .at = offsetof(struct escapes_params, path), .value.s = "C:\\new\\table ?\?' /* */ é \342\200\256\342\201\246" },
};

static const struct prt_program escapes_program_ = {
    .name = "escapes",
    .doc = "ends */ a comment, \"quotes\", a trigraph ?\?/ and ünicode \\ too",
    .params = escapes_options_,
    .nparams = 1,
};

int main(int argc, char **argv)
{
    static struct escapes pipe;
    const int status = prt_options(&escapes_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "escapes", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    escapes_wire_(run);
    return prt_run(run);
}
