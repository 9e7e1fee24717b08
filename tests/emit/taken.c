/* Emitted by pipec 0.1.0 from taken.pipe; edit that file instead.
 *
 *     from --pairs[2]--> split --words[2]--> to
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "taken.pipe"
#include <stdlib.h>
#include <string.h>

#line 8 "taken.pipe"
struct pair { char *first, *second; };
static void pair_drop(struct pair pair) { free(pair.first); free(pair.second); }

#line 12 "taken.pipe"
typedef struct pair pair; /* owns something: pair_drop() drops it */
#include <prt/words.h>
#line 22 "taken.c"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type pair; one of all zero bytes is empty. */
static void taken_drop_pair_(void *item)
{
#line 12 "taken.pipe"
    if (memcmp(item, (const char[sizeof(pair) + 1]){ 0 }, sizeof(pair)) != 0)
#line 12 "taken.pipe"
        pair_drop(*(pair *)item);
#line 33 "taken.c"
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "taken.pipe"
struct taken {
#line 40 "taken.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* taken.pipe:19: from -> pairs
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 19 "taken.pipe"
struct taken_from {
#line 50 "taken.c"
    struct prt_worker base;
    int worker;
    struct taken *pipe;
    struct prt_out to_pairs;
};

static inline bool taken_from_emit_pairs(struct taken_from *self, pair value)
{
    return prt_emit(&self->to_pairs, &value, sizeof value);
}

#line 19 "taken.pipe"
static void taken_from_(struct taken_from *self)
{
#line 20 "taken.pipe"
    if (!taken_from_emit_pairs(self, (struct pair){ strdup("a"), strdup("b") })) return;
}
#line 68 "taken.c"

static void taken_from_run_(struct prt_worker *base)
{
    taken_from_((struct taken_from *)base);
}

/* taken.pipe:23: split (p <- pairs) -> words, bound space
 * Sends at most 4 items for each that it receives, so it never waits. */
#line 23 "taken.pipe"
struct taken_split {
#line 79 "taken.c"
    struct prt_worker base;
    int worker;
    struct taken *pipe;
    struct prt_in in_p;
    struct prt_out to_words;
};

static inline bool taken_split_emit_words(struct taken_split *self, char *value)
{
    return prt_emit(&self->to_words, &value, sizeof value);
}

#line 23 "taken.pipe"
static void taken_split_(struct taken_split *self, pair item)
{
    pair p __attribute__((__cleanup__(taken_drop_pair_))) = item;
#line 24 "taken.pipe"
    if (!taken_split_emit_words(self, PRT_TAKE(p.first // the first half
    ))) return;
    if (!taken_split_emit_words(self, PRT_TAKE( /* the second */ (&p)[prt_stopping(&self->base) ? 0
        : 0].second))) return;
    if (p.first)
        { if (!taken_split_emit_words(self, PRT_TAKE((&p)[(int[]){ 0, 1 }[0]].first))) return; } else if (!taken_split_emit_words(self, strdup("none"))) return;
}
#line 104 "taken.c"

static void taken_split_run_(struct prt_worker *base)
{
    struct taken_split *self = (struct taken_split *)base;
    pair p;

    while (prt_receive(&self->in_p, &p, sizeof p))
        taken_split_(self, p);
}

/* How much of the bound space an item holds. */
static uint64_t taken_split_weight_space_(struct prt_worker *base, const void *item)
{
    struct taken_split *self = (struct taken_split *)base;
    pair p;

    memcpy(&p, item, sizeof p);
#line 23 "taken.pipe"
                      return PRT_UNITS(base, "weight", prt_stopping(&self->base) ? 1 : 2);
#line 124 "taken.c"
}

/* taken.pipe:32: to (word <- words)
 * A sink; it never waits for room. */
#line 32 "taken.pipe"
struct taken_to {
#line 131 "taken.c"
    struct prt_worker base;
    int worker;
    struct taken *pipe;
    struct prt_in in_word;
};

#line 32 "taken.pipe"
static void taken_to_(struct taken_to *self, char *item)
{
    char *word __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 33 "taken.pipe"
    char *mine = PRT_TAKE(
word);

    free(mine);
}
#line 149 "taken.c"

static void taken_to_run_(struct prt_worker *base)
{
    struct taken_to *self = (struct taken_to *)base;
    char *word;

    while (prt_receive(&self->in_word, &word, sizeof word))
        taken_to_(self, word);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 16 "taken.pipe"
_Static_assert(_Generic(*(pair *)0, pair: 1, default: 0),
               "channel pairs: an array cannot be an item; put it into a struct");
#line 16 "taken.pipe"
_Static_assert(sizeof(pair) <= 65536,
               "channel pairs: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct pair * drop FUNCTION;");
#line 173 "taken.c"

static void taken_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_pairs = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "pairs", .place = "taken.pipe:16",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(pair), .cap = 2, .drop = taken_drop_pair_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_words = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "words", .place = "taken.pipe:17",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 2, .drop = prt_string_drop });
    struct prt_bound *const bound_space = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "space", .permits = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "from", .place = "taken.pipe:19",
        .size = sizeof(struct taken_from),
        .align = _Alignof(struct taken_from),
        .workers = 1,
        .fixed = true,
        .run = taken_from_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct taken_from, to_pairs), .chan = chan_pairs, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "split", .place = "taken.pipe:23",
        .size = sizeof(struct taken_split),
        .align = _Alignof(struct taken_split),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = taken_split_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_space, .weight = taken_split_weight_space_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct taken_split, in_p),
              .chans = (struct prt_chan *const[]){ chan_pairs }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct taken_split, to_words), .chan = chan_words, .most = 4 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "to", .place = "taken.pipe:32",
        .size = sizeof(struct taken_to),
        .align = _Alignof(struct taken_to),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = taken_to_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct taken_to, in_word),
              .chans = (struct prt_chan *const[]){ chan_words }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program taken_program_ = {
    .name = "taken",
};

int main(int argc, char **argv)
{
    static struct taken pipe;
    const int status = prt_options(&taken_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "taken", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    taken_wire_(run);
    return prt_run(run);
}
