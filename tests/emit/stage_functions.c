/* Emitted by pipec 0.1.0 from stage_functions.pipe; edit that file instead.
 *
 *     count --numbers[4]--> name x2 --words[4]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 3 "stage_functions.pipe"
#include <stdlib.h>
#include <prt/words.h>
#line 14 "stage_functions.c"

/* ---- params ------------------------------------------------------------------------ */

struct own_params {
#line 4 "stage_functions.pipe"
    int limit; /* the most */
#line 21 "stage_functions.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "stage_functions.pipe"
struct own {
#line 28 "stage_functions.c"
    struct own_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* stage_functions.pipe:7: count -> numbers
 * A source; sends any number of items, so its emit may wait for room. */
#line 7 "stage_functions.pipe"
struct own_count {
#line 39 "stage_functions.c"
    struct prt_worker base;
    int worker;
    struct own *pipe;
    struct prt_out to_numbers;
#line 8 "stage_functions.pipe"
        int next;
#line 8 "stage_functions.pipe"
};
#line 48 "stage_functions.c"

static inline bool own_count_emit_numbers(struct own_count *self, int value)
{
    return prt_emit(&self->to_numbers, &value, sizeof value);
}

#line 10 "stage_functions.pipe"
    static bool own_count_below(struct own_count *self);

    /* Whether the number was sent. */
    static bool own_count_send(struct own_count *self, int n)
    {
        return own_count_below(self) && own_count_emit_numbers(self, n);
    }

    static bool own_count_below(struct own_count *self) {
#line 65 "stage_functions.c"
    const int limit = self->pipe->params.limit;
#line 18 "stage_functions.pipe"
 return self->next < limit && !prt_stopping(&self->base); }
#line 69 "stage_functions.c"

#line 7 "stage_functions.pipe"
static void own_count_(struct own_count *self)
{
#line 21 "stage_functions.pipe"
    while (own_count_send(self, self->next))
        self->next++;
}
#line 78 "stage_functions.c"

static void own_count_run_(struct prt_worker *base)
{
    own_count_((struct own_count *)base);
}

/* stage_functions.pipe:24: name (n <- numbers) -> words, workers 2
 * Sends exactly one item for each that it receives, so it never waits. */
#line 24 "stage_functions.pipe"
struct own_name {
#line 89 "stage_functions.c"
    struct prt_worker base;
    int worker;
    struct own *pipe;
    struct prt_in in_n;
    struct prt_out to_words;
};

static inline bool own_name_emit_words(struct own_name *self, char *value)
{
    return prt_emit(&self->to_words, &value, sizeof value);
}

#line 26 "stage_functions.pipe"
    static int own_name_compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
    static int own_name_least(struct own_name *self, int *numbers, size_t len)
    {
#line 106 "stage_functions.c"
    const int limit = self->pipe->params.limit;
#line 28 "stage_functions.pipe"

        qsort(numbers, len, sizeof *numbers, own_name_compare);
        return numbers[0] < limit ? numbers[0] : self->worker;
    }
#line 113 "stage_functions.c"

#line 24 "stage_functions.pipe"
static void own_name_(struct own_name *self, int n)
{
#line 34 "stage_functions.pipe"
    int numbers[] = { n, 2, 1 };

    if (!own_name_emit_words(self, own_name_least(self, numbers, 3) > 0 ? strdup("some") : strdup("none"))) return;
}
#line 123 "stage_functions.c"

static void own_name_run_(struct prt_worker *base)
{
    struct own_name *self = (struct own_name *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        own_name_(self, n);
}

/* stage_functions.pipe:38: show (word <- words)
 * A sink; it never waits for room. */
#line 38 "stage_functions.pipe"
struct own_show {
#line 138 "stage_functions.c"
    struct prt_worker base;
    int worker;
    struct own *pipe;
    struct prt_in in_word;
};

#line 40 "stage_functions.pipe"
    static char *own_show_keep(char **word) { return PRT_TAKE(*word); }
#line 147 "stage_functions.c"

#line 38 "stage_functions.pipe"
static void own_show_(struct own_show *self, char *item)
{
    char *word __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 43 "stage_functions.pipe"
    free(own_show_keep(&word));
}
#line 157 "stage_functions.c"

static void own_show_run_(struct prt_worker *base)
{
    struct own_show *self = (struct own_show *)base;
    char *word;

    while (prt_receive(&self->in_word, &word, sizeof word))
        own_show_(self, word);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void own_wire_(struct prt_run *run)
{
    /* one sender, many receivers */
    struct prt_chan *const chan_numbers = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers", .place = "stage_functions.pipe:5",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 4 });
    /* many senders, one receiver */
    struct prt_chan *const chan_words = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "words", .place = "stage_functions.pipe:6",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "stage_functions.pipe:7",
        .size = sizeof(struct own_count),
        .align = _Alignof(struct own_count),
        .workers = 1,
        .fixed = true,
        .run = own_count_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct own_count, to_numbers), .chan = chan_numbers, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "name", .place = "stage_functions.pipe:24",
        .size = sizeof(struct own_name),
        .align = _Alignof(struct own_name),
        .workers = 2,
        .leaf = true,
        .run = own_name_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct own_name, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct own_name, to_words), .chan = chan_words, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "stage_functions.pipe:38",
        .size = sizeof(struct own_show),
        .align = _Alignof(struct own_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = own_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct own_show, in_word),
              .chans = (struct prt_chan *const[]){ chan_words }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param own_options_[] = {
    { .name = "limit", .doc = "the most", .type = PRT_INT,
      .at = offsetof(struct own_params, limit), .value.i = 3 },
};

static const char *const own_pools_[] = { "name" };

static const struct prt_program own_program_ = {
    .name = "own",
    .params = own_options_,
    .nparams = 1,
    .pools = own_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct own pipe;
    const int status = prt_options(&own_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "own", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    own_wire_(run);
    return prt_run(run);
}
