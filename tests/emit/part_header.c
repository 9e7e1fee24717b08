/* Emitted by pipec 0.1.0 from part_header.pipe; edit that file instead.
 *
 *     read --words[4]--> word
 *     read --more[4]--> pass --numbers[4]--> number
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "part_header.h"

/* ---- before and after all stages --------------------------------------------------- */

struct keep_pipeline_ {
    struct prt_worker *base;
    struct keep *pipe;
};

/* ---- stages ------------------------------------------------------------------------ */

#line 32 "part_header.pipe"
static void keep_read_(struct keep_read *self)
{
#line 32 "part_header.pipe"
    { if (!keep_read_emit_words(self, NULL)) return; } if (!keep_read_emit_more(self, NULL)) return;
#line 32 "part_header.pipe"
}
#line 28 "part_header.c"

static void keep_read_run_(struct prt_worker *base)
{
    keep_read_((struct keep_read *)base);
}

static void keep_pass_run_(struct prt_worker *base)
{
    struct keep_pass *self = (struct keep_pass *)base;
    char *word;

    while (prt_receive(&self->in_word, &word, sizeof word)) {
        numbered(self, &word);
        prt_string_drop(&word);
    }
}

static inline void keep_word_T_drop(keep_word_T *item)
{
    prt_string_drop(item);
    memset(item, 0, sizeof *item);
}

static void keep_final_word_(struct prt_worker *base, void *pipe)
{
    struct keep_pipeline_ *self = &(struct keep_pipeline_){ .base = base, .pipe = pipe };

#line 12 "part_header.pipe"
        keep_word_T_drop(&self->pipe->word.kept);
}
#line 59 "part_header.c"

#line 34 "part_header.pipe"
static void keep_word_(struct keep_word *self, char *item)
{
    char *x __attribute__((__cleanup__(prt_string_drop))) = item;
#line 20 "part_header.pipe"
        keep_word_T_drop(&self->before);
        self->before = self->pipe->word.kept;
        self->pipe->word.kept = PRT_TAKE(x);
}
#line 70 "part_header.c"

static void keep_word_run_(struct prt_worker *base)
{
    struct keep_word *self = (struct keep_word *)base;
    char *x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        keep_word_(self, x);
}

static void keep_word_final_(struct prt_worker *base)
{
    struct keep_word *self = (struct keep_word *)base;
#line 25 "part_header.pipe"
        keep_word_T_drop(&self->before);
}
#line 87 "part_header.c"

static inline void keep_number_T_drop(int *item)
{
    (void)item; /* owns nothing */
}

static void keep_final_number_(struct prt_worker *base, void *pipe)
{
    struct keep_pipeline_ *self = &(struct keep_pipeline_){ .base = base, .pipe = pipe };

#line 12 "part_header.pipe"
        keep_number_T_drop(&self->pipe->number.kept);
}
#line 101 "part_header.c"

#line 35 "part_header.pipe"
static void keep_number_(struct keep_number *self, int x)
{
#line 20 "part_header.pipe"
        keep_number_T_drop(&self->before);
        self->before = self->pipe->number.kept;
        self->pipe->number.kept = PRT_TAKE(x);
}
#line 111 "part_header.c"

static void keep_number_run_(struct prt_worker *base)
{
    struct keep_number *self = (struct keep_number *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        keep_number_(self, x);
}

static void keep_number_final_(struct prt_worker *base)
{
    struct keep_number *self = (struct keep_number *)base;
#line 25 "part_header.pipe"
        keep_number_T_drop(&self->before);
}
#line 128 "part_header.c"

/* ---- before and after all stages, of instances too --------------------------------- */

static void keep_final_(struct prt_worker *base, void *pipe)
{
    keep_final_number_(base, pipe);
    keep_final_word_(base, pipe);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void keep_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_words = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "words", .place = "part_header.pipe:29",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_more = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "more", .place = "part_header.pipe:30",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "part_header.pipe:31",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "part_header.pipe:32",
        .size = sizeof(struct keep_read),
        .align = _Alignof(struct keep_read),
        .workers = 1,
        .fixed = true,
        .run = keep_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct keep_read, to_words), .chan = chan_words, .most = 1 },
            { .at = offsetof(struct keep_read, to_more), .chan = chan_more, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "pass", .place = "part_header.pipe:33",
        .size = sizeof(struct keep_pass),
        .align = _Alignof(struct keep_pass),
        .workers = 1,
        .fixed = true,
        .run = keep_pass_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct keep_pass, in_word),
              .chans = (struct prt_chan *const[]){ chan_more }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct keep_pass, to_numbers), .chan = chan_numbers, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "word", .place = "part_header.pipe:34",
        .size = sizeof(struct keep_word),
        .align = _Alignof(struct keep_word),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = keep_word_run_,
        .final = keep_word_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct keep_word, in_x),
              .chans = (struct prt_chan *const[]){ chan_words }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "number", .place = "part_header.pipe:35",
        .size = sizeof(struct keep_number),
        .align = _Alignof(struct keep_number),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = keep_number_run_,
        .final = keep_number_final_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct keep_number, in_x),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program keep_program_ = {
    .name = "keep",
};

int main(int argc, char **argv)
{
    static struct keep pipe;
    const int status = prt_options(&keep_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "keep", .pipe = &pipe, .settings = &pipe.settings, .final = keep_final_ });
    if (!run)
        return 1;
    keep_wire_(run);
    return prt_run(run);
}
