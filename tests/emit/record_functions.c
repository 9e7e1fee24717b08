/* Emitted by pipec 0.1.0 from record_functions.pipe; edit that file instead.
 *
 *     open --shops[4]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "record_functions.h"

/* ---- items ------------------------------------------------------------------------- */

/* Drops an item of type shop; one of all zero bytes is empty. */
static void files_drop_shop_(void *item)
{
    prt_record_drop(&shop_record, item);
}

/* ---- stages ------------------------------------------------------------------------ */

#line 8 "record_functions.pipe"
static void files_open_(struct files_open *self)
{
#line 9 "record_functions.pipe"
    if (!files_open_emit_shops(self, (shop){ .id = 1 })) return;
}
#line 27 "record_functions.c"

static void files_open_run_(struct prt_worker *base)
{
    files_open_((struct files_open *)base);
}

static void files_show_run_(struct prt_worker *base)
{
    struct files_show *self = (struct files_show *)base;
    struct shop_ s;

    while (prt_receive(&self->in_s, &s, sizeof s)) {
        show_shop(self, &s);
        files_drop_shop_(&s);
    }
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void files_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_shops = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "shops", .place = "record_functions.pipe:6",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct shop_), .cap = 4, .drop = files_drop_shop_ });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "open", .place = "record_functions.pipe:8",
        .size = sizeof(struct files_open),
        .align = _Alignof(struct files_open),
        .workers = 1,
        .fixed = true,
        .run = files_open_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct files_open, to_shops), .chan = chan_shops, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "record_functions.pipe:12",
        .size = sizeof(struct files_show),
        .align = _Alignof(struct files_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = files_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct files_show, in_s),
              .chans = (struct prt_chan *const[]){ chan_shops }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program files_program_ = {
    .name = "files",
    .doc = "shows shops in a C file",
};

int main(int argc, char **argv)
{
    static struct files pipe;
    const int status = prt_options(&files_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "files", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    files_wire_(run);
    return prt_run(run);
}
