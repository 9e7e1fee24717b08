/* Emitted by pipec 0.1.0 from owned.pipe; edit that file instead.
 *
 *     read --lines[8]--> parse --pairs[8]--> split --names[*]--> forward
 *     read --blobs[8]--> weigh
 *     read --lists[8]--> walk
 *     split --sizes[8]--> add
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "owned.pipe"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#line 9 "owned.pipe"
struct pair {
    char *name, *value;
};

static void pair_free(struct pair pair)
{
    free(pair.name);
    free(pair.value);
}

struct node {
    struct node *next;
};

static void list_free(struct node *list)
{
    while (list) {
        struct node *next = list->next;

        free(list);
        list = next;
    }
}

#line 34 "owned.pipe"
typedef struct pair pair; /* owns something: pair_free() drops it */
typedef struct node *list; /* owns something: list_free() drops it */
typedef unsigned long plain;
#include <prt/words.h>
#line 49 "owned.c"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type pair; one of all zero bytes is empty. */
static void owned_drop_pair_(void *item)
{
#line 34 "owned.pipe"
    if (memcmp(item, (const char[sizeof(pair) + 1]){ 0 }, sizeof(pair)) != 0)
#line 34 "owned.pipe"
        pair_free(*(pair *)item);
#line 60 "owned.c"
}

/* Drops an item of type list; one of all zero bytes is empty. */
static void owned_drop_list_(void *item)
{
#line 35 "owned.pipe"
    if (*(list *)item)
#line 35 "owned.pipe"
        list_free(*(list *)item);
#line 70 "owned.c"
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "owned.pipe"
struct owned {
#line 77 "owned.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* owned.pipe:45: read -> lines, blobs, lists
 * A source; sends any number of items, so its emit may wait for room. */
#line 45 "owned.pipe"
struct owned_read {
#line 87 "owned.c"
    struct prt_worker base;
    int worker;
    struct owned *pipe;
    struct prt_out to_lines;
    struct prt_out to_blobs;
    struct prt_out to_lists;
};

static inline bool owned_read_emit_lines(struct owned_read *self, char *value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

static inline bool owned_read_emit_blobs(struct owned_read *self, struct prt_bytes value)
{
    return prt_emit(&self->to_blobs, &value, sizeof value);
}

static inline bool owned_read_emit_lists(struct owned_read *self, list value)
{
    return prt_emit(&self->to_lists, &value, sizeof value);
}

#line 45 "owned.pipe"
static void owned_read_(struct owned_read *self)
{
#line 46 "owned.pipe"
    char text[80];

    while (fgets(text, sizeof text, stdin)) {
        if (!owned_read_emit_lines(self, strdup(text))) return;
        if (!owned_read_emit_blobs(self, (struct prt_bytes){ .data = malloc(1), .len = 1 }))
            return;
        if (!owned_read_emit_lists(self, calloc(1, sizeof(struct node)))) return;
    }
}
#line 124 "owned.c"

static void owned_read_run_(struct prt_worker *base)
{
    owned_read_((struct owned_read *)base);
}

/* owned.pipe:56: parse (item <- lines) -> pairs
 * Sends at most one item for each that it receives, so it never waits. */
#line 56 "owned.pipe"
struct owned_parse {
#line 135 "owned.c"
    struct prt_worker base;
    int worker;
    struct owned *pipe;
    struct prt_in in_item;
    struct prt_out to_pairs;
};

static inline bool owned_parse_emit_pairs(struct owned_parse *self, pair value)
{
    return prt_emit(&self->to_pairs, &value, sizeof value);
}

#line 56 "owned.pipe"
static void owned_parse_(struct owned_parse *self, char *item_)
{
    char *item __attribute__((__cleanup__(prt_string_drop))) = item_;
#line 57 "owned.pipe"
    char *equals = strchr(item, '=');

    if (!equals)
        return;
    *equals = '\0';
    if (!owned_parse_emit_pairs(self, (struct pair){ .name = strdup(item), .value = strdup(equals + 1) })) return;
}
#line 160 "owned.c"

static void owned_parse_run_(struct prt_worker *base)
{
    struct owned_parse *self = (struct owned_parse *)base;
    char *item;

    while (prt_receive(&self->in_item, &item, sizeof item))
        owned_parse_(self, item);
}

/* owned.pipe:65: forward (line <- names)
 * A sink; it never waits for room. */
#line 65 "owned.pipe"
struct owned_forward {
#line 175 "owned.c"
    struct prt_worker base;
    int worker;
    struct owned *pipe;
    struct prt_in in_line;
};

#line 65 "owned.pipe"
static void owned_forward_(struct owned_forward *self, char *item)
{
    char *line __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 66 "owned.pipe"
    char *mine = PRT_TAKE(line);

    free(mine);
}
#line 192 "owned.c"

static void owned_forward_run_(struct prt_worker *base)
{
    struct owned_forward *self = (struct owned_forward *)base;
    char *line;

    while (prt_receive(&self->in_line, &line, sizeof line))
        owned_forward_(self, line);
}

/* owned.pipe:71: split (p <- pairs) -> names, sizes
 * Sends exactly one item to each output for each that it receives, so it never waits. */
#line 71 "owned.pipe"
struct owned_split {
#line 207 "owned.c"
    struct prt_worker base;
    int worker;
    struct owned *pipe;
    struct prt_in in_p;
    struct prt_out to_names;
    struct prt_out to_sizes;
};

static inline bool owned_split_emit_names(struct owned_split *self, char *value)
{
    return prt_emit(&self->to_names, &value, sizeof value);
}

static inline bool owned_split_emit_sizes(struct owned_split *self, plain value)
{
    return prt_emit(&self->to_sizes, &value, sizeof value);
}

#line 71 "owned.pipe"
static void owned_split_(struct owned_split *self, pair item)
{
    pair p __attribute__((__cleanup__(owned_drop_pair_))) = item;
#line 72 "owned.pipe"
    if (!owned_split_emit_sizes(self, strlen(p.name))) return;
    if (!owned_split_emit_names(self, PRT_TAKE(p.name))) return;
}
#line 234 "owned.c"

static void owned_split_run_(struct prt_worker *base)
{
    struct owned_split *self = (struct owned_split *)base;
    pair p;

    while (prt_receive(&self->in_p, &p, sizeof p))
        owned_split_(self, p);
}

/* owned.pipe:76: weigh (blob <- blobs), bound 1
 * A sink; it never waits for room. */
#line 76 "owned.pipe"
struct owned_weigh {
#line 249 "owned.c"
    struct prt_worker base;
    int worker;
    struct owned *pipe;
    struct prt_in in_blob;
};

#line 76 "owned.pipe"
static void owned_weigh_(struct owned_weigh *self, struct prt_bytes item)
{
    struct prt_bytes blob __attribute__((__cleanup__(prt_bytes_drop))) = item;
    (void)self;
#line 77 "owned.pipe"
    struct prt_bytes mine = PRT_TAKE( blob );

    free(mine.data);
}
#line 266 "owned.c"

static void owned_weigh_run_(struct prt_worker *base)
{
    struct owned_weigh *self = (struct owned_weigh *)base;
    struct prt_bytes blob;

    while (prt_receive(&self->in_blob, &blob, sizeof blob))
        owned_weigh_(self, blob);
}

/* owned.pipe:82: walk (whole <- lists)
 * A sink; it never waits for room. */
#line 82 "owned.pipe"
struct owned_walk {
#line 281 "owned.c"
    struct prt_worker base;
    int worker;
    struct owned *pipe;
    struct prt_in in_whole;
};

#line 82 "owned.pipe"
static void owned_walk_(struct owned_walk *self, list item)
{
    list whole __attribute__((__cleanup__(owned_drop_list_))) = item;
    (void)self;
#line 83 "owned.pipe"
    for (struct node *at = whole; at; at = at->next)
        puts("node");
}
#line 297 "owned.c"

static void owned_walk_run_(struct prt_worker *base)
{
    struct owned_walk *self = (struct owned_walk *)base;
    list whole;

    while (prt_receive(&self->in_whole, &whole, sizeof whole))
        owned_walk_(self, whole);
}

/* owned.pipe:87: add (size <- sizes)
 * A sink; it never waits for room. */
#line 87 "owned.pipe"
struct owned_add {
#line 312 "owned.c"
    struct prt_worker base;
    int worker;
    struct owned *pipe;
    struct prt_in in_size;
};

#line 87 "owned.pipe"
static void owned_add_(struct owned_add *self, plain size)
{
    (void)self;
    (void)size;
#line 88 "owned.pipe"
    (void)0;
}
#line 327 "owned.c"

static void owned_add_run_(struct prt_worker *base)
{
    struct owned_add *self = (struct owned_add *)base;
    plain size;

    while (prt_receive(&self->in_size, &size, sizeof size))
        owned_add_(self, size);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

/* Bodies hold items on their stacks. */
#line 40 "owned.pipe"
_Static_assert(_Generic(*(pair *)0, pair: 1, default: 0),
               "channel pairs: an array cannot be an item; put it into a struct");
#line 40 "owned.pipe"
_Static_assert(sizeof(pair) <= 65536,
               "channel pairs: "
               "an item may have at most 65536 bytes; "
               "send a pointer, as with type NAME = struct pair * drop FUNCTION;");
#line 351 "owned.c"

static void owned_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "owned.pipe:38",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 8, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_blobs = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "blobs", .place = "owned.pipe:39",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct prt_bytes), .cap = 8, .drop = prt_bytes_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_pairs = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "pairs", .place = "owned.pipe:40",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(pair), .cap = 8, .drop = owned_drop_pair_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_lists = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lists", .place = "owned.pipe:41",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(list), .cap = 8, .drop = owned_drop_list_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_sizes = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "sizes", .place = "owned.pipe:42",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(plain), .cap = 8 });
    /* grows as it needs, so nobody waits to send */
    struct prt_chan *const chan_names = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "names", .place = "owned.pipe:43",
        .kind = PRT_GROWING, .item_size = sizeof(char *), .drop = prt_string_drop });
    struct prt_bound *const bound_weigh = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "weigh", .permits = 1 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "owned.pipe:45",
        .size = sizeof(struct owned_read),
        .align = _Alignof(struct owned_read),
        .workers = 1,
        .fixed = true,
        .run = owned_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct owned_read, to_lines), .chan = chan_lines, .most = PRT_ANY },
            { .at = offsetof(struct owned_read, to_blobs), .chan = chan_blobs, .most = PRT_ANY },
            { .at = offsetof(struct owned_read, to_lists), .chan = chan_lists, .most = PRT_ANY },
        },
        .nouts = 3,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "parse", .place = "owned.pipe:56",
        .size = sizeof(struct owned_parse),
        .align = _Alignof(struct owned_parse),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = owned_parse_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct owned_parse, in_item),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct owned_parse, to_pairs), .chan = chan_pairs, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "forward", .place = "owned.pipe:65",
        .size = sizeof(struct owned_forward),
        .align = _Alignof(struct owned_forward),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = owned_forward_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct owned_forward, in_line),
              .chans = (struct prt_chan *const[]){ chan_names }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "split", .place = "owned.pipe:71",
        .size = sizeof(struct owned_split),
        .align = _Alignof(struct owned_split),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = owned_split_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct owned_split, in_p),
              .chans = (struct prt_chan *const[]){ chan_pairs }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct owned_split, to_names), .chan = chan_names, .most = 1 },
            { .at = offsetof(struct owned_split, to_sizes), .chan = chan_sizes, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "weigh", .place = "owned.pipe:76",
        .size = sizeof(struct owned_weigh),
        .align = _Alignof(struct owned_weigh),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = owned_weigh_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_weigh },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct owned_weigh, in_blob),
              .chans = (struct prt_chan *const[]){ chan_blobs }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "walk", .place = "owned.pipe:82",
        .size = sizeof(struct owned_walk),
        .align = _Alignof(struct owned_walk),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = owned_walk_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct owned_walk, in_whole),
              .chans = (struct prt_chan *const[]){ chan_lists }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "add", .place = "owned.pipe:87",
        .size = sizeof(struct owned_add),
        .align = _Alignof(struct owned_add),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = owned_add_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct owned_add, in_size),
              .chans = (struct prt_chan *const[]){ chan_sizes }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program owned_program_ = {
    .name = "owned",
};

int main(int argc, char **argv)
{
    static struct owned pipe;
    const int status = prt_options(&owned_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "owned", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    owned_wire_(run);
    return prt_run(run);
}
