/* Emitted by pipec 0.1.0 from part_key.pipe; edit that file instead.
 *
 *     read --visits[16]--> host --hosts[16]--> number --statuses[16]--> status --others[16]--> show
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <prt/prt.h>
#include <prt/record.h>

#line 4 "part_key.pipe"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <prt/words.h>

#line 8 "part_key.pipe"
typedef struct visit_ visit;
#line 20 "part_key.c"
struct visit_ {
    char host[32];
    int status;
};

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "part_key.pipe"
struct visits {
#line 30 "part_key.c"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* part_key.pipe:36: read -> visits
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 36 "part_key.pipe"
struct visits_read {
#line 40 "part_key.c"
    struct prt_worker base;
    int worker;
    struct visits *pipe;
    struct prt_out to_visits;
};

static inline bool visits_read_emit_visits(struct visits_read *self, struct visit_ value)
{
    return prt_emit(&self->to_visits, &value, sizeof value);
}

#line 36 "part_key.pipe"
static void visits_read_(struct visits_read *self)
{
#line 36 "part_key.pipe"
    if (!visits_read_emit_visits(self, (visit){ "example.org", 200 })) return;
#line 36 "part_key.pipe"
}
#line 59 "part_key.c"

static void visits_read_run_(struct prt_worker *base)
{
    visits_read_((struct visits_read *)base);
}

#line 37 "part_key.pipe"
static inline struct prt_key_text visits_host_of(struct visits *pipe, visit *v)
{
    (void)pipe;
#line 37 "part_key.pipe"
                             return PRT_KEY_TEXT((*v).host);
#line 72 "part_key.c"
}

#line 37 "part_key.pipe"
static inline const char *visits_host_name(struct visits *pipe, visit *v)
{
    (void)pipe;
#line 37 "part_key.pipe"
                                                          return ((*v).status == 200 ? (*v).host : "another");
#line 81 "part_key.c"
}

/* part_key.pipe:37: host (x <- visits) -> hosts[0..1]: unseen, part_key.pipe:10
 * Sends at most one item for each that it receives, so it never waits. */
#line 37 "part_key.pipe"
struct visits_host {
#line 88 "part_key.c"
    struct prt_worker base;
    int worker;
    struct visits *pipe;
    struct prt_in in_x;
    struct prt_out to_out;
#line 18 "part_key.pipe"
            char last[64];
#line 18 "part_key.pipe"
};
#line 98 "part_key.c"

static inline bool visits_host_emit_out(struct visits_host *self, struct visit_ value)
{
    return prt_emit(&self->to_out, &value, sizeof value);
}

#line 37 "part_key.pipe"
static void visits_host_(struct visits_host *self, struct visit_ x)
{
#line 20 "part_key.pipe"
        const struct prt_key_text text = visits_host_of(self->pipe, &x);
        const struct prt_bytes key = prt_key_bytes(&text);

        if (key.len == strlen(self->last) && memcmp(self->last, key.data, key.len) == 0)
            return;
        snprintf(self->last, sizeof self->last, "%.*s", (int)key.len, (const char *)key.data);
        printf("%s is new\n", visits_host_name(self->pipe, &x));
        if (!visits_host_emit_out(self, PRT_TAKE(x))) return;
}
#line 118 "part_key.c"

static void visits_host_run_(struct prt_worker *base)
{
    struct visits_host *self = (struct visits_host *)base;
    struct visit_ x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        visits_host_(self, x);
}

/* part_key.pipe:38: number (v <- hosts) -> statuses[1]
 * Sends exactly one item for each that it receives, so it never waits. */
#line 38 "part_key.pipe"
struct visits_number {
#line 133 "part_key.c"
    struct prt_worker base;
    int worker;
    struct visits *pipe;
    struct prt_in in_v;
    struct prt_out to_statuses;
};

static inline bool visits_number_emit_statuses(struct visits_number *self, int value)
{
    return prt_emit(&self->to_statuses, &value, sizeof value);
}

#line 38 "part_key.pipe"
static void visits_number_(struct visits_number *self, struct visit_ v)
{
#line 38 "part_key.pipe"
    if (!visits_number_emit_statuses(self, v.status)) return;
#line 38 "part_key.pipe"
}
#line 153 "part_key.c"

static void visits_number_run_(struct prt_worker *base)
{
    struct visits_number *self = (struct visits_number *)base;
    struct visit_ v;

    while (prt_receive(&self->in_v, &v, sizeof v))
        visits_number_(self, v);
}

#line 39 "part_key.pipe"
static inline struct prt_key_text visits_status_of(struct visits *pipe, int n)
{
    (void)pipe;
#line 39 "part_key.pipe"
                                  return PRT_KEY_TEXT(n);
#line 170 "part_key.c"
}

#line 15 "part_key.pipe"
static inline const char *visits_status_name(struct visits *pipe, int in)
{
    (void)pipe;
    (void)in;
#line 15 "part_key.pipe"
                     return ("it");
#line 180 "part_key.c"
}

/* part_key.pipe:39: status (x <- statuses) -> others[0..1]: unseen, part_key.pipe:10
 * Sends at most one item for each that it receives, so it never waits. */
#line 39 "part_key.pipe"
struct visits_status {
#line 187 "part_key.c"
    struct prt_worker base;
    int worker;
    struct visits *pipe;
    struct prt_in in_x;
    struct prt_out to_out;
#line 18 "part_key.pipe"
            char last[64];
#line 18 "part_key.pipe"
};
#line 197 "part_key.c"

static inline bool visits_status_emit_out(struct visits_status *self, int value)
{
    return prt_emit(&self->to_out, &value, sizeof value);
}

#line 39 "part_key.pipe"
static void visits_status_(struct visits_status *self, int x)
{
#line 20 "part_key.pipe"
        const struct prt_key_text text = visits_status_of(self->pipe, x);
        const struct prt_bytes key = prt_key_bytes(&text);

        if (key.len == strlen(self->last) && memcmp(self->last, key.data, key.len) == 0)
            return;
        snprintf(self->last, sizeof self->last, "%.*s", (int)key.len, (const char *)key.data);
        printf("%s is new\n", visits_status_name(self->pipe, x));
        if (!visits_status_emit_out(self, PRT_TAKE(x))) return;
}
#line 217 "part_key.c"

static void visits_status_run_(struct prt_worker *base)
{
    struct visits_status *self = (struct visits_status *)base;
    int x;

    while (prt_receive(&self->in_x, &x, sizeof x))
        visits_status_(self, x);
}

/* part_key.pipe:40: show (n <- others)
 * A sink; it never waits for room. */
#line 40 "part_key.pipe"
struct visits_show {
#line 232 "part_key.c"
    struct prt_worker base;
    int worker;
    struct visits *pipe;
    struct prt_in in_n;
};

#line 40 "part_key.pipe"
static void visits_show_(struct visits_show *self, int n)
{
    (void)self;
#line 40 "part_key.pipe"
    printf("%d\n", n);
#line 40 "part_key.pipe"
}
#line 247 "part_key.c"

static void visits_show_run_(struct prt_worker *base)
{
    struct visits_show *self = (struct visits_show *)base;
    int n;

    while (prt_receive(&self->in_n, &n, sizeof n))
        visits_show_(self, n);
}

/* ---- wiring ------------------------------------------------------------------------ */

#include <prt/wiring.h>

static void visits_wire_(struct prt_run *run)
{
    /* one sender, one receiver */
    struct prt_chan *const chan_visits = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "visits", .place = "part_key.pipe:31",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct visit_), .cap = 16 });
    /* one sender, one receiver */
    struct prt_chan *const chan_hosts = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "hosts", .place = "part_key.pipe:32",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(struct visit_), .cap = 16 });
    /* one sender, one receiver */
    struct prt_chan *const chan_statuses = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "statuses", .place = "part_key.pipe:33",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 16 });
    /* one sender, one receiver */
    struct prt_chan *const chan_others = prt_chan_add(run, &(struct prt_chan_spec){
        .name = "others", .place = "part_key.pipe:34",
        .kind = PRT_ONE_TO_ONE, .item_size = sizeof(int), .cap = 16 });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "read", .place = "part_key.pipe:36",
        .size = sizeof(struct visits_read),
        .align = _Alignof(struct visits_read),
        .workers = 1,
        .fixed = true,
        .run = visits_read_run_,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct visits_read, to_visits), .chan = chan_visits, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "host", .place = "part_key.pipe:37",
        .size = sizeof(struct visits_host),
        .align = _Alignof(struct visits_host),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = visits_host_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct visits_host, in_x),
              .chans = (struct prt_chan *const[]){ chan_visits }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct visits_host, to_out), .chan = chan_hosts, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "number", .place = "part_key.pipe:38",
        .size = sizeof(struct visits_number),
        .align = _Alignof(struct visits_number),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = visits_number_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct visits_number, in_v),
              .chans = (struct prt_chan *const[]){ chan_hosts }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct visits_number, to_statuses), .chan = chan_statuses, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "status", .place = "part_key.pipe:39",
        .size = sizeof(struct visits_status),
        .align = _Alignof(struct visits_status),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = visits_status_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct visits_status, in_x),
              .chans = (struct prt_chan *const[]){ chan_statuses }, .nchans = 1 },
        },
        .nins = 1,
        .outs = (const struct prt_out_spec[]){
            { .at = offsetof(struct visits_status, to_out), .chan = chan_others, .most = 1 },
        },
        .nouts = 1,
    });

    prt_stage_add(run, &(struct prt_stage_spec){
        .name = "show", .place = "part_key.pipe:40",
        .size = sizeof(struct visits_show),
        .align = _Alignof(struct visits_show),
        .workers = 1,
        .fixed = true,
        .leaf = true,
        .run = visits_show_run_,
        .ins = (const struct prt_in_spec[]){
            { .at = offsetof(struct visits_show, in_n),
              .chans = (struct prt_chan *const[]){ chan_others }, .nchans = 1 },
        },
        .nins = 1,
    });
}

/* ---- the program ------------------------------------------------------------------- */

static const struct prt_program visits_program_ = {
    .name = "visits",
    .doc = "the hosts that were visited, each once",
};

int main(int argc, char **argv)
{
    static struct visits pipe;
    const int status = prt_options(&visits_program_, NULL, &pipe.settings, argc, argv);
    struct prt_run *run;

    if (status >= 0)
        return status;
    run = prt_run_new(&(struct prt_run_spec){
        .name = "visits", .pipe = &pipe, .settings = &pipe.settings });
    if (!run)
        return 1;
    visits_wire_(run);
    return prt_run(run);
}
