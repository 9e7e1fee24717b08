/* Emitted by pipec 0.1.0 from broadcast.pipe; edit that file instead.
 *
 *     count --numbers[16]--> each of write, add x4
 *     count --lines[*]--> show
 *     write --cards[4]--> each of read, keep
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 5 "broadcast.pipe"
struct card {
    char *title;
    int number;
};

static void card_drop(struct card card)
{
    free(card.title);
}

static struct card card_clone(struct card card)
{
    return (struct card){ strdup(card.title), card.number };
}

#line 21 "broadcast.pipe"
typedef struct card card; /* owns something: card_drop() drops it */
#include <prt/words.h>
#line 32 "broadcast.c"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type card; one of all zero bytes is empty. */
static void broadcast_drop_card_(void *item)
{
#line 21 "broadcast.pipe"
    if (memcmp(item, (const char[sizeof(card) + 1]){ 0 }, sizeof(card)) != 0)
#line 21 "broadcast.pipe"
        card_drop(*(card *)item);
#line 43 "broadcast.c"
}

/* Makes a copy of an item of type card. */
static void broadcast_clone_card_(void *value, const void *item)
{
#line 21 "broadcast.pipe"
    *(card *)value = card_clone(*(const card *)item);
#line 51 "broadcast.c"
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "broadcast.pipe"
struct broadcast {
#line 58 "broadcast.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* broadcast.pipe:27: count -> numbers, lines
 * A source; sends any number of items, so its emit may wait for room. */
#line 27 "broadcast.pipe"
struct broadcast_count {
#line 68 "broadcast.c"
    struct prt_worker base;
    int worker;
    struct broadcast *pipe;
    struct prt_out to_numbers[2]; /* a broadcast: to each stage that receives from numbers */
    struct prt_out to_lines[1]; /* a broadcast: to each stage that receives from lines */
};

static inline bool broadcast_count_emit_numbers(struct broadcast_count *self, int value)
{
    return prt_emit_each(self->to_numbers, 2, &value, sizeof value);
}

static inline bool broadcast_count_emit_lines(struct broadcast_count *self, char *value)
{
    return prt_emit_each(self->to_lines, 1, &value, sizeof value);
}

#line 27 "broadcast.pipe"
static void broadcast_count_(struct broadcast_count *self)
{
#line 28 "broadcast.pipe"
    for (int n = 1; n <= 10; n++) {
        if (!broadcast_count_emit_numbers(self, n)) return;
        if (!broadcast_count_emit_lines(self, strdup("line"))) return;
    }
}
#line 95 "broadcast.c"

static void broadcast_count_run_(struct prt_worker *base)
{
    broadcast_count_((struct broadcast_count *)base);
}

/* broadcast.pipe:34: write (n <- numbers) -> cards[1]
 * Sends exactly one item for each that it receives, so it never waits. */
#line 34 "broadcast.pipe"
struct broadcast_write {
#line 106 "broadcast.c"
    struct prt_worker base;
    int worker;
    struct broadcast *pipe;
    struct prt_in in_n;
    struct prt_out to_cards[2]; /* a broadcast: to each stage that receives from cards */
};

static inline bool broadcast_write_emit_cards(struct broadcast_write *self, card value)
{
    card item; /* a copy */

    return prt_emit_clones(self->to_cards, 2, &value, &item, sizeof value, broadcast_clone_card_);
}

#line 34 "broadcast.pipe"
static void broadcast_write_(struct broadcast_write *self, int n)
{
#line 35 "broadcast.pipe"
    const int copies = n > 0;

    for (int i = 0; i < copies; i++)
        if (!broadcast_write_emit_cards(self, (struct card){ strdup("card"), n })) return;
}
#line 130 "broadcast.c"

static void broadcast_write_run_(struct prt_worker *base)
{
    struct broadcast_write *self = (struct broadcast_write *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n)) {
        prt_begin(&self->to_cards[0]);
        broadcast_write_(self, n);
        prt_kept(&self->to_cards[0], 1, 1);
    }
}

/* broadcast.pipe:41: add (n <- numbers), workers 4
 * A sink; it never waits for room. */
#line 41 "broadcast.pipe"
struct broadcast_add {
#line 148 "broadcast.c"
    struct prt_worker base;
    int worker;
    struct broadcast *pipe;
    struct prt_in in_n;
};

#line 41 "broadcast.pipe"
static void broadcast_add_(struct broadcast_add *self, int n)
{
    (void)self;
#line 42 "broadcast.pipe"
    (void)n;
}
#line 162 "broadcast.c"

static void broadcast_add_run_(struct prt_worker *base)
{
    struct broadcast_add *self = (struct broadcast_add *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        broadcast_add_(self, n);
}

/* broadcast.pipe:45: read (one <- cards)
 * A sink; it never waits for room. */
#line 45 "broadcast.pipe"
struct broadcast_read {
#line 177 "broadcast.c"
    struct prt_worker base;
    int worker;
    struct broadcast *pipe;
    struct prt_in in_one;
};

#line 45 "broadcast.pipe"
static void broadcast_read_(struct broadcast_read *self, card item)
{
    card one __attribute__((__cleanup__(broadcast_drop_card_))) = item;
    (void)self;
#line 46 "broadcast.pipe"
    (void)one;
}
#line 192 "broadcast.c"

static void broadcast_read_run_(struct prt_worker *base)
{
    struct broadcast_read *self = (struct broadcast_read *)base;
    card one;

    while (prt_receive(&self->in_one, &one, sizeof one))
        broadcast_read_(self, one);
}

/* broadcast.pipe:49: keep (one <- cards)
 * A sink; it never waits for room. */
#line 49 "broadcast.pipe"
struct broadcast_keep {
#line 207 "broadcast.c"
    struct prt_worker base;
    int worker;
    struct broadcast *pipe;
    struct prt_in in_one;
};

#line 49 "broadcast.pipe"
static void broadcast_keep_(struct broadcast_keep *self, card item)
{
    card one __attribute__((__cleanup__(broadcast_drop_card_))) = item;
    (void)self;
#line 50 "broadcast.pipe"
    (void)one;
}
#line 222 "broadcast.c"

static void broadcast_keep_run_(struct prt_worker *base)
{
    struct broadcast_keep *self = (struct broadcast_keep *)base;
    card one;

    while (prt_receive(&self->in_one, &one, sizeof one))
        broadcast_keep_(self, one);
}

/* broadcast.pipe:53: show (line <- lines)
 * A sink; it never waits for room. */
#line 53 "broadcast.pipe"
struct broadcast_show {
#line 237 "broadcast.c"
    struct prt_worker base;
    int worker;
    struct broadcast *pipe;
    struct prt_in in_line;
};

#line 53 "broadcast.pipe"
static void broadcast_show_(struct broadcast_show *self, char *item)
{
    char *line __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 54 "broadcast.pipe"
    (void)line;
}
#line 252 "broadcast.c"

static void broadcast_show_run_(struct prt_worker *base)
{
    struct broadcast_show *self = (struct broadcast_show *)base;
    char *line;

    while (prt_receive(&self->in_line, &line, sizeof line))
        broadcast_show_(self, line);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 24 "broadcast.pipe"
_Static_assert(_Generic(*(card *)0, card: 1, default: 0),
               "channel cards: an array cannot be an item; put it into a struct");
#line 24 "broadcast.pipe"
_Static_assert(sizeof(card) <= 65536,
               "channel cards: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct card * drop FUNCTION;");
#line 276 "broadcast.c"

static void broadcast_wire_(struct prt_run *run)
{
    struct prt_chan *chan_numbers[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver */
    chan_numbers[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers>write", .place = "broadcast.pipe:23",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 16 });
    /* one sender, many receivers */
    chan_numbers[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "numbers>add", .place = "broadcast.pipe:23",
        .kind = PRT_ONE_TO_MANY, .item_size = sizeof(int), .cap = 16 });
    struct prt_chan *chan_cards[2]; /* a broadcast: one for each stage that receives */
    /* one sender, one receiver; while it is full, what is sent takes the place of the oldest */
    chan_cards[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "cards>read", .place = "broadcast.pipe:24",
        .kind = PRT_ONE_TO_ONE, .full = PRT_DROPS_OLDEST, .item_size = sizeof(card), .cap = 4,
            .drop = broadcast_drop_card_ });
    /* one sender, one receiver; while it is full, what is sent takes the place of the oldest */
    chan_cards[1] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "cards>keep", .place = "broadcast.pipe:24",
        .kind = PRT_ONE_TO_ONE, .full = PRT_DROPS_OLDEST, .item_size = sizeof(card), .cap = 4,
            .drop = broadcast_drop_card_ });
    struct prt_chan *chan_lines[1]; /* a broadcast: one for each stage that receives */
    /* grows as it needs, so nobody waits to send */
    chan_lines[0] = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines>show", .place = "broadcast.pipe:25",
        .kind = PRT_GROWING, .item_size = sizeof(char *), .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "count", .place = "broadcast.pipe:27",
        .size = sizeof(struct broadcast_count),
        .align = _Alignof(struct broadcast_count),
        .workers = 1,
        .fixed = true,
        .run = broadcast_count_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct broadcast_count, to_numbers[0]), .chan = chan_numbers[0], .most = PRT_ANY },
            { .at = offsetof(struct broadcast_count, to_numbers[1]), .chan = chan_numbers[1], .most = PRT_ANY },
            { .at = offsetof(struct broadcast_count, to_lines[0]), .chan = chan_lines[0], .most = PRT_ANY },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "write", .place = "broadcast.pipe:34",
        .size = sizeof(struct broadcast_write),
        .align = _Alignof(struct broadcast_write),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_write_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_write, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers[0] }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct broadcast_write, to_cards[0]), .chan = chan_cards[0], .most = 1 },
            { .at = offsetof(struct broadcast_write, to_cards[1]), .chan = chan_cards[1], .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "broadcast.pipe:41",
        .size = sizeof(struct broadcast_add),
        .align = _Alignof(struct broadcast_add),
        .workers = 4,
        .leaf = true,
        .run = broadcast_add_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_add, in_n),
              .chans = (struct prt_chan *const[]){ chan_numbers[1] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "broadcast.pipe:45",
        .size = sizeof(struct broadcast_read),
        .align = _Alignof(struct broadcast_read),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_read_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_read, in_one),
              .chans = (struct prt_chan *const[]){ chan_cards[0] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "keep", .place = "broadcast.pipe:49",
        .size = sizeof(struct broadcast_keep),
        .align = _Alignof(struct broadcast_keep),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_keep_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_keep, in_one),
              .chans = (struct prt_chan *const[]){ chan_cards[1] }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "broadcast.pipe:53",
        .size = sizeof(struct broadcast_show),
        .align = _Alignof(struct broadcast_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = broadcast_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct broadcast_show, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines[0] }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const char *const broadcast_pools_[] = { "add" };

static const struct prt_program broadcast_program_ = {
    .name = "broadcast",
    .pools = broadcast_pools_,
    .npools = 1,
};

int main(int argc, char **argv)
{
    static struct broadcast pipe;
    const int status = prt_options(&broadcast_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "broadcast", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    broadcast_wire_(run);
    return prt_run(run);
}
