/* Emitted by pipec 0.1.0 from helpers.pipe; edit that file instead.
 *
 *     walk --nodes[16]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>

#line 4 "helpers.pipe"
#include <stdio.h>

#line 7 "helpers.pipe"
struct helpers_walk;
static bool walk(struct helpers_walk *self, int depth);
#include <prt/words.h>
#line 18 "helpers.c"

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "helpers.pipe"
struct helpers {
#line 24 "helpers.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* helpers.pipe:13: walk -> nodes
 * A source; sends any number of items, so its emit may wait for room. */
#line 13 "helpers.pipe"
struct helpers_walk {
#line 34 "helpers.c"
    struct prt_worker base;
    int worker;
    struct helpers *pipe;
    struct prt_out to_nodes;
};

__attribute__((__unused__)) static inline bool helpers_walk_emit_nodes(struct helpers_walk *self, int value)
{
    return prt_emit(&self->to_nodes, &value, sizeof value);
}

#line 13 "helpers.pipe"
static void helpers_walk_(struct helpers_walk *self)
{
#line 14 "helpers.pipe"
    if (!walk(self, 3))
        return;
    puts("walked");
}
#line 54 "helpers.c"

static void helpers_walk_run_(struct prt_worker *base)
{
    helpers_walk_((struct helpers_walk *)base);
}

#line 20 "helpers.pipe"
static bool walk(struct helpers_walk *self, int depth)
{
    return depth == 0 || (helpers_walk_emit_nodes(self, depth) && walk(self, depth - 1));
}
#include <prt/words.h>
#line 67 "helpers.c"

/* helpers.pipe:26: show (node <- nodes)
 * A sink; it never waits for room. */
#line 26 "helpers.pipe"
struct helpers_show {
#line 73 "helpers.c"
    struct prt_worker base;
    int worker;
    struct helpers *pipe;
    struct prt_in in_node;
};

#line 26 "helpers.pipe"
static void helpers_show_(struct helpers_show *self, int node)
{
    (void)self;
#line 27 "helpers.pipe"
    printf("%d\n", node);
}
#line 87 "helpers.c"

static void helpers_show_run_(struct prt_worker *base)
{
    struct helpers_show *self = (struct helpers_show *)base;
    int node;

    while (prt_receive(&self->in_node, &node, sizeof node))
        helpers_show_(self, node);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void helpers_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_nodes = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "nodes", .place = "helpers.pipe:11",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 16 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "walk", .place = "helpers.pipe:13",
        .size = sizeof(struct helpers_walk),
        .align = _Alignof(struct helpers_walk),
        .workers = 1,
        .fixed = true,
        .run = helpers_walk_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct helpers_walk, to_nodes), .chan = chan_nodes, .most = PRT_ANY },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "helpers.pipe:26",
        .size = sizeof(struct helpers_show),
        .align = _Alignof(struct helpers_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = helpers_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct helpers_show, in_node),
              .chans = (struct prt_chan *const[]){ chan_nodes }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program helpers_program_ = {
    .name = "helpers",
};

int main(int argc, char **argv)
{
    static struct helpers pipe;
    const int status = prt_options(&helpers_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "helpers", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    helpers_wire_(run);
    return prt_run(run);
}
