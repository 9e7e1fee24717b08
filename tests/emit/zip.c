/* Emitted by pipec 0.1.0 from zip.pipe; edit that file instead.
 *
 *     name --names[4]--> join --lines[4]--> show
 *     text --texts[4]--> join --counts[4]--> show
 *     size --sizes[4]--> join
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "zip.pipe"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <prt/words.h>
#line 18 "zip.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "zip.pipe"
struct zip {
#line 24 "zip.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* zip.pipe:15: name -> names
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 15 "zip.pipe"
struct zip_name {
#line 34 "zip.c"
    struct prt_worker base;
    int worker;
    struct zip *pipe;
    struct prt_out to_names;
};

static inline bool zip_name_emit_names(struct zip_name *self, char *value)
{
    return prt_emit(&self->to_names, &value, sizeof value);
}

#line 15 "zip.pipe"
static void zip_name_(struct zip_name *self)
{
#line 16 "zip.pipe"
    if (!zip_name_emit_names(self, strdup("a"))) return;
}
#line 52 "zip.c"

static void zip_name_run_(struct prt_worker *base)
{
    zip_name_((struct zip_name *)base);
}

/* zip.pipe:19: text -> texts
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 19 "zip.pipe"
struct zip_text {
#line 63 "zip.c"
    struct prt_worker base;
    int worker;
    struct zip *pipe;
    struct prt_out to_texts;
};

static inline bool zip_text_emit_texts(struct zip_text *self, char *value)
{
    return prt_emit(&self->to_texts, &value, sizeof value);
}

#line 19 "zip.pipe"
static void zip_text_(struct zip_text *self)
{
#line 20 "zip.pipe"
    if (!zip_text_emit_texts(self, strdup("b"))) return;
}
#line 81 "zip.c"

static void zip_text_run_(struct prt_worker *base)
{
    zip_text_((struct zip_text *)base);
}

/* zip.pipe:23: size -> sizes
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 23 "zip.pipe"
struct zip_size {
#line 92 "zip.c"
    struct prt_worker base;
    int worker;
    struct zip *pipe;
    struct prt_out to_sizes;
};

static inline bool zip_size_emit_sizes(struct zip_size *self, int value)
{
    return prt_emit(&self->to_sizes, &value, sizeof value);
}

#line 23 "zip.pipe"
static void zip_size_(struct zip_size *self)
{
#line 24 "zip.pipe"
    if (!zip_size_emit_sizes(self, 1)) return;
}
#line 110 "zip.c"

static void zip_size_run_(struct prt_worker *base)
{
    zip_size_((struct zip_size *)base);
}

/* zip.pipe:27: join (name <- names, text <- texts, size <- sizes) -> lines, counts, bound memory
 * Sends exactly one item to each output for each pair, so it never waits; takes one item of each input. */
#line 27 "zip.pipe"
struct zip_join {
#line 121 "zip.c"
    struct prt_worker base;
    int worker;
    struct zip *pipe;
    struct prt_in in_name;
    struct prt_in in_text;
    struct prt_in in_size;
    struct prt_out to_lines;
    struct prt_out to_counts;
};

static inline bool zip_join_emit_lines(struct zip_join *self, char *value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

static inline bool zip_join_emit_counts(struct zip_join *self, int value)
{
    return prt_emit(&self->to_counts, &value, sizeof value);
}

#line 27 "zip.pipe"
static void zip_join_(struct zip_join *self, char *name_item, char *text_item, int size)
{
    char *name __attribute__((__cleanup__(prt_string_drop))) = name_item;
    char *text __attribute__((__cleanup__(prt_string_drop))) = text_item;
    (void)name;
#line 28 "zip.pipe"
    if (!zip_join_emit_counts(self, size)) return;
    if (!zip_join_emit_lines(self, PRT_TAKE(text))) return;
}
#line 152 "zip.c"

static void zip_join_run_(struct prt_worker *base)
{
    struct zip_join *self = (struct zip_join *)base;
    char *name;
    char *text;
    int size;

    while (prt_receive(&self->in_name, &name, sizeof name)) {
        prt_receive_also(&self->in_text, &text, sizeof text);
        prt_receive_also(&self->in_size, &size, sizeof size);
        zip_join_(self, name, text, size);
    }
}

/* How much of the bound memory an item holds. */
static uint64_t zip_join_weight_memory_(struct prt_worker *base, const void *item)
{
    struct zip_join *self = (struct zip_join *)base;
    char *name;
    char *text;
    int size;

    memcpy(&name, item, sizeof name);
    memcpy(&text, prt_waiting(&self->in_text), sizeof text);
    memcpy(&size, prt_waiting(&self->in_size), sizeof size);
#line 27 "zip.pipe"
                                                               return PRT_UNITS(base, "weight", size + strlen(text));
#line 181 "zip.c"
}

/* zip.pipe:32: show (line <- lines, count <- counts)
 * A sink; it never waits for room; takes one item of each input. */
#line 32 "zip.pipe"
struct zip_show {
#line 188 "zip.c"
    struct prt_worker base;
    int worker;
    struct zip *pipe;
    struct prt_in in_line;
    struct prt_in in_count;
};

#define zip_show_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 32 "zip.pipe"
enum prt_result show_line(struct zip_show *self, char **line, int *count);
#line 200 "zip.c"

static void zip_show_run_(struct prt_worker *base)
{
    struct zip_show *self = (struct zip_show *)base;
    char *line;
    int count;

    while (prt_receive(&self->in_line, &line, sizeof line)) {
        prt_receive_also(&self->in_count, &count, sizeof count);
        show_line(self, &line, &count);
        prt_string_drop(&line);
    }
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void zip_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_names = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "names", .place = "zip.pipe:9",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_texts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "texts", .place = "zip.pipe:10",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_sizes = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "sizes", .place = "zip.pipe:11",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    /* one sender, one receiver */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "zip.pipe:12",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_counts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "counts", .place = "zip.pipe:13",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 4 });
    struct prt_bound *const bound_memory = prt_bound_add(run, &(struct prt_bound_spec){
        .name = "memory", .permits = 100 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "name", .place = "zip.pipe:15",
        .size = sizeof(struct zip_name),
        .align = _Alignof(struct zip_name),
        .workers = 1,
        .fixed = true,
        .run = zip_name_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct zip_name, to_names), .chan = chan_names, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "text", .place = "zip.pipe:19",
        .size = sizeof(struct zip_text),
        .align = _Alignof(struct zip_text),
        .workers = 1,
        .fixed = true,
        .run = zip_text_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct zip_text, to_texts), .chan = chan_texts, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "size", .place = "zip.pipe:23",
        .size = sizeof(struct zip_size),
        .align = _Alignof(struct zip_size),
        .workers = 1,
        .fixed = true,
        .run = zip_size_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct zip_size, to_sizes), .chan = chan_sizes, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "join", .place = "zip.pipe:27",
        .size = sizeof(struct zip_join),
        .align = _Alignof(struct zip_join),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = zip_join_run_,
        .bounds = (const struct prt_bound_use[]){
            { .bound = bound_memory, .weight = zip_join_weight_memory_ },
        },
        .nbounds = 1,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct zip_join, in_name),
              .chans = (struct prt_chan *const[]){ chan_names }, .nchans = 1 },
            { .at = offsetof(struct zip_join, in_text),
              .chans = (struct prt_chan *const[]){ chan_texts }, .nchans = 1 },
            { .at = offsetof(struct zip_join, in_size),
              .chans = (struct prt_chan *const[]){ chan_sizes }, .nchans = 1 },
        },
        .nins = 3,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct zip_join, to_lines), .chan = chan_lines, .most = 1 },
            { .at = offsetof(struct zip_join, to_counts), .chan = chan_counts, .most = 1 },
        },
        .nouts = 2,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "zip.pipe:32",
        .size = sizeof(struct zip_show),
        .align = _Alignof(struct zip_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = zip_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct zip_show, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
            { .at = offsetof(struct zip_show, in_count),
              .chans = (struct prt_chan *const[]){ chan_counts }, .nchans = 1 },
        },
        .nins = 2,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program zip_program_ = {
    .name = "zip",
};

int main(int argc, char **argv)
{
    static struct zip pipe;
    const int status = prt_options(&zip_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "zip", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    zip_wire_(run);
    return prt_run(run);
}
