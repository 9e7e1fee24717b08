/* Emitted by pipec 0.1.0 from params_named.pipe; edit that file instead.
 *
 *     tag, label, member, uses --items[4]--> macro
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "params_named.pipe"
#include <stdio.h>
#include <stdlib.h>

#line 13 "params_named.pipe"
struct size { int count; };
#define BELOW(n) ((n) < limit)
#define SMALL(n) BELOW(n)
#include <prt/words.h>
#line 20 "params_named.c"

/* ---- params ------------------------------------------------------------------------ */

struct named_params {
#line 7 "params_named.pipe"
    int size;
    int count;
    int limit;
    struct prt_operands names;
#line 30 "params_named.c"
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "params_named.pipe"
struct named {
#line 37 "params_named.c"
    struct named_params params;
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* params_named.pipe:20: tag -> items
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 20 "params_named.pipe"
struct named_tag {
#line 48 "params_named.c"
    struct prt_worker base;
    int worker;
    struct named *pipe;
    struct prt_out to_items;
};

static inline bool named_tag_emit_items(struct named_tag *self, int value)
{
    return prt_emit(&self->to_items, &value, sizeof value);
}

#line 20 "params_named.pipe"
static void named_tag_(struct named_tag *self)
{
#line 21 "params_named.pipe"
    struct size local = { .count = 1 };

    if (!named_tag_emit_items(self, local.count)) return;
}
#line 68 "params_named.c"

static void named_tag_run_(struct prt_worker *base)
{
    named_tag_((struct named_tag *)base);
}

/* params_named.pipe:26: label -> items
 * A source; sends any number of items, so its emit may wait for room. */
#line 26 "params_named.pipe"
struct named_label {
#line 79 "params_named.c"
    struct prt_worker base;
    int worker;
    struct named *pipe;
    struct prt_out to_items;
};

static inline bool named_label_emit_items(struct named_label *self, int value)
{
    return prt_emit(&self->to_items, &value, sizeof value);
}

#line 26 "params_named.pipe"
static void named_label_(struct named_label *self)
{
#line 27 "params_named.pipe"
    goto count;
count:
    if (!named_label_emit_items(self, 2)) return;
}
#line 99 "params_named.c"

static void named_label_run_(struct prt_worker *base)
{
    named_label_((struct named_label *)base);
}

/* params_named.pipe:32: member -> items
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 32 "params_named.pipe"
struct named_member {
#line 110 "params_named.c"
    struct prt_worker base;
    int worker;
    struct named *pipe;
    struct prt_out to_items;
};

static inline bool named_member_emit_items(struct named_member *self, int value)
{
    return prt_emit(&self->to_items, &value, sizeof value);
}

#line 32 "params_named.pipe"
static void named_member_(struct named_member *self)
{
    __attribute__((__unused__)) const int size = self->pipe->params.size;
    __attribute__((__unused__)) const int limit = self->pipe->params.limit;
    { /* variables may be called like params here */
#line 33 "params_named.pipe"
    struct { int size, *limit; } local = { 1, NULL };

    if (!named_member_emit_items(self, local.size)) return;
    }
}
#line 134 "params_named.c"

static void named_member_run_(struct prt_worker *base)
{
    named_member_((struct named_member *)base);
}

/* params_named.pipe:38: macro (n <- items)
 * A sink; it never waits for room. */
#line 38 "params_named.pipe"
struct named_macro {
#line 145 "params_named.c"
    struct prt_worker base;
    int worker;
    struct named *pipe;
    struct prt_in in_n;
};

#line 38 "params_named.pipe"
static void named_macro_(struct named_macro *self, int n)
{
    __attribute__((__unused__)) const int limit = self->pipe->params.limit;
#line 39 "params_named.pipe"
    if (SMALL(n))
        printf("%d\n", n);
}
#line 160 "params_named.c"

static void named_macro_run_(struct prt_worker *base)
{
    struct named_macro *self = (struct named_macro *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        named_macro_(self, n);
}

/* params_named.pipe:43: uses -> items
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 43 "params_named.pipe"
struct named_uses {
#line 175 "params_named.c"
    struct prt_worker base;
    int worker;
    struct named *pipe;
    struct prt_out to_items;
};

static inline bool named_uses_emit_items(struct named_uses *self, int value)
{
    return prt_emit(&self->to_items, &value, sizeof value);
}

#line 43 "params_named.pipe"
static void named_uses_(struct named_uses *self)
{
    const int size = self->pipe->params.size;
    const int count = self->pipe->params.count;
    const size_t names_len = prt_operands_count(self->pipe->params.names);
#line 44 "params_named.pipe"
    if (!named_uses_emit_items(self, abs(size * count) + (int)names_len)) return;
}
#line 196 "params_named.c"

static void named_uses_run_(struct prt_worker *base)
{
    named_uses_((struct named_uses *)base);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void named_wire_(struct prt_run *run)
{
    /* many senders, one receiver */
    struct prt_chan *const chan_items = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "items", .place = "params_named.pipe:18",
        .kind = PRT_MANY_TO_ONE, .item_size = sizeof(int), .cap = 4 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "tag", .place = "params_named.pipe:20",
        .size = sizeof(struct named_tag),
        .align = _Alignof(struct named_tag),
        .workers = 1,
        .fixed = true,
        .run = named_tag_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct named_tag, to_items), .chan = chan_items, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "label", .place = "params_named.pipe:26",
        .size = sizeof(struct named_label),
        .align = _Alignof(struct named_label),
        .workers = 1,
        .fixed = true,
        .run = named_label_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct named_label, to_items), .chan = chan_items, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "member", .place = "params_named.pipe:32",
        .size = sizeof(struct named_member),
        .align = _Alignof(struct named_member),
        .workers = 1,
        .fixed = true,
        .run = named_member_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct named_member, to_items), .chan = chan_items, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "macro", .place = "params_named.pipe:38",
        .size = sizeof(struct named_macro),
        .align = _Alignof(struct named_macro),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = named_macro_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct named_macro, in_n),
              .chans = (struct prt_chan *const[]){ chan_items }, .nchans = 1 },
        },
        .nins = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "uses", .place = "params_named.pipe:43",
        .size = sizeof(struct named_uses),
        .align = _Alignof(struct named_uses),
        .workers = 1,
        .fixed = true,
        .run = named_uses_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct named_uses, to_items), .chan = chan_items, .most = 1 },
        },
        .nouts = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_param named_options_[] = {
    { .name = "size", .type = PRT_INT,
      .at = offsetof(struct named_params, size), .value.i = 1 },
    { .name = "count", .type = PRT_INT,
      .at = offsetof(struct named_params, count), .value.i = 2 },
    { .name = "limit", .type = PRT_INT,
      .at = offsetof(struct named_params, limit), .value.i = 3 },
    { .name = "names", .type = PRT_OPERANDS,
      .at = offsetof(struct named_params, names) },
};

static const struct prt_program named_program_ = {
    .name = "named",
    .params = named_options_,
    .nparams = 4,
};

int main(int argc, char **argv)
{
    static struct named pipe;
    const int status = prt_options(&named_program_, &pipe.params, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "named", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    named_wire_(run);
    return prt_run(run);
}
