/* Emitted by pipec 0.1.0 from record_forms.pipe; edit that file instead.
 *
 *     make --lines[4]--> read --shops[4]--> write --texts[4]--> drop
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>
#include <prt/form.h>

#line 4 "record_forms.pipe"
typedef struct shop_ shop;
#line 14 "record_forms.c"
struct shop_ {
    int id;
    char *name;
};

static const struct prt_record_field shop_fields_[] = {
    PRT_RECORD_FIELD(shop, id, "id", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(shop, name, "name", PRT_KIND_STRING, NULL),
};

static const struct prt_record shop_record = { "shop", sizeof(shop), shop_fields_, 2 };

static inline bool shop_from_json(const char *text, size_t len, shop *item, struct prt_error *error)
{
    return prt_json_read(&shop_record, text, len, item, error);
}

static inline char *shop_to_json(const shop *item, size_t *len)
{
    return prt_json_write(&shop_record, item, len);
}

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type shop; one of all zero bytes is empty. */
static void forms_drop_shop_(void *item)
{
    prt_record_drop(&shop_record, item);
}

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "record_forms.pipe"
struct forms {
#line 49 "record_forms.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* record_forms.pipe:10: make -> lines
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 10 "record_forms.pipe"
struct forms_make {
#line 59 "record_forms.c"
    struct prt_worker base;
    int worker;
    struct forms *pipe;
    struct prt_out to_lines;
};

static inline bool forms_make_emit_lines(struct forms_make *self, char *value)
{
    return prt_emit(&self->to_lines, &value, sizeof value);
}

#line 10 "record_forms.pipe"
static void forms_make_(struct forms_make *self)
{
#line 11 "record_forms.pipe"
    if (!forms_make_emit_lines(self, strdup("{}"))) return;
}
#line 77 "record_forms.c"

static void forms_make_run_(struct prt_worker *base)
{
    forms_make_((struct forms_make *)base);
}

/* record_forms.pipe:14: read (line <- lines) -> shops
 * Sends at most one item for each that it receives, so it never waits. */
#line 14 "record_forms.pipe"
struct forms_read {
#line 88 "record_forms.c"
    struct prt_worker base;
    int worker;
    struct forms *pipe;
    struct prt_in in_line;
    struct prt_out to_shops;
};

static inline bool forms_read_emit_shops(struct forms_read *self, struct shop_ value)
{
    return prt_emit(&self->to_shops, &value, sizeof value);
}

#line 14 "record_forms.pipe"
static void forms_read_(struct forms_read *self, char *item)
{
    char *line __attribute__((__cleanup__(prt_string_drop))) = item;
#line 15 "record_forms.pipe"
    shop s;

    if (shop_from_json(line, strlen(line), &s, NULL))
        if (!forms_read_emit_shops(self, s)) return;
}
#line 111 "record_forms.c"

static void forms_read_run_(struct prt_worker *base)
{
    struct forms_read *self = (struct forms_read *)base;
    char *line;

    while (prt_receive(&self->in_line, &line, sizeof line))
        forms_read_(self, line);
}

/* record_forms.pipe:21: write (s <- shops) -> texts
 * Sends exactly one item for each that it receives, so it never waits. */
#line 21 "record_forms.pipe"
struct forms_write {
#line 126 "record_forms.c"
    struct prt_worker base;
    int worker;
    struct forms *pipe;
    struct prt_in in_s;
    struct prt_out to_texts;
};

static inline bool forms_write_emit_texts(struct forms_write *self, char *value)
{
    return prt_emit(&self->to_texts, &value, sizeof value);
}

#line 21 "record_forms.pipe"
static void forms_write_(struct forms_write *self, struct shop_ item)
{
    struct shop_ s __attribute__((__cleanup__(forms_drop_shop_))) = item;
#line 22 "record_forms.pipe"
    if (!forms_write_emit_texts(self, shop_to_json(&s, NULL))) return;
}
#line 146 "record_forms.c"

static void forms_write_run_(struct prt_worker *base)
{
    struct forms_write *self = (struct forms_write *)base;
    struct shop_ s;

    while (prt_receive(&self->in_s, &s, sizeof s))
        forms_write_(self, s);
}

/* record_forms.pipe:25: drop (text <- texts)
 * A sink; it never waits for room. */
#line 25 "record_forms.pipe"
struct forms_drop {
#line 161 "record_forms.c"
    struct prt_worker base;
    int worker;
    struct forms *pipe;
    struct prt_in in_text;
};

#line 25 "record_forms.pipe"
static void forms_drop_(struct forms_drop *self, char *item)
{
    char *text __attribute__((__cleanup__(prt_string_drop))) = item;
    (void)self;
#line 26 "record_forms.pipe"
    (void)text;
}
#line 176 "record_forms.c"

static void forms_drop_run_(struct prt_worker *base)
{
    struct forms_drop *self = (struct forms_drop *)base;
    char *text;

    while (prt_receive(&self->in_text, &text, sizeof text))
        forms_drop_(self, text);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void forms_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_lines = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "lines", .place = "record_forms.pipe:6",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });
    /* one sender, one receiver */
    struct prt_chan *const chan_shops = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "shops", .place = "record_forms.pipe:7",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct shop_), .cap = 4, .drop = forms_drop_shop_ });
    /* one sender, one receiver */
    struct prt_chan *const chan_texts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "texts", .place = "record_forms.pipe:8",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(char *), .cap = 4, .drop = prt_string_drop });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "make", .place = "record_forms.pipe:10",
        .size = sizeof(struct forms_make),
        .align = _Alignof(struct forms_make),
        .workers = 1,
        .fixed = true,
        .run = forms_make_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct forms_make, to_lines), .chan = chan_lines, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "record_forms.pipe:14",
        .size = sizeof(struct forms_read),
        .align = _Alignof(struct forms_read),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = forms_read_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct forms_read, in_line),
              .chans = (struct prt_chan *const[]){ chan_lines }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct forms_read, to_shops), .chan = chan_shops, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "write", .place = "record_forms.pipe:21",
        .size = sizeof(struct forms_write),
        .align = _Alignof(struct forms_write),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = forms_write_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct forms_write, in_s),
              .chans = (struct prt_chan *const[]){ chan_shops }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct forms_write, to_texts), .chan = chan_texts, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "drop", .place = "record_forms.pipe:25",
        .size = sizeof(struct forms_drop),
        .align = _Alignof(struct forms_drop),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = forms_drop_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct forms_drop, in_text),
              .chans = (struct prt_chan *const[]){ chan_texts }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program forms_program_ = {
    .name = "forms",
    .doc = "reads shops and writes them",
};

int main(int argc, char **argv)
{
    static struct forms pipe;
    const int status = prt_options(&forms_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "forms", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    forms_wire_(run);
    return prt_run(run);
}
