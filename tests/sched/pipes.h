/* Whole small pipelines for harnesses: the torture tests' kit on the scheduler, and bodies that note what they get.
 *
 * All of it is plain memory: only one thread runs at a time, and what the bodies note is no part of what is tested.
 */
#ifndef PIPES_H
#define PIPES_H

#include "platform_sched.h"
#include "harness.h"

#define KIT_CHECK(condition, ...) SCHED_CHECK(condition, __VA_ARGS__)
#include "../torture/stage_kit.h"

enum { PIPE_ITEMS = 16, PIPE_STAGES = 4 };

/* What happened in one run; pipe_begin() forgets it. */
struct pipe_state {
    uint64_t items;                 /* that a source sends */
    uint64_t begun[PIPE_STAGES][PIPE_ITEMS];  /* how often a body of the stage got this item */
    uint64_t order[PIPE_ITEMS];     /* the items in the order that the last stage got them */
    uint64_t norder;
    uint64_t sent;                  /* emits of the source that returned true */
    uint64_t finals[PIPE_STAGES];
    uint64_t inside, most_inside;   /* bodies at once, where the harness counts them */
    uint64_t stop_at, fail_at;      /* an item's id; PIPE_ITEMS: none */
    uint64_t dropped;               /* items that their drop function got */
    bool told;                      /* the harness's own */
    uint64_t n[4];                  /* the same */
};

extern struct pipe_state pipe_state;

struct prt_run *pipe_begin(uint64_t items);

struct prt_run *pipe_begin_with(uint64_t items, const struct prt_settings *settings);

/* A run that is never run, for harnesses that drive a part of the runtime by hand. They free what they add to it. */
struct prt_run *unit_run(void);

struct prt_chan *pipe_chan(struct prt_run *run, const char *name, enum prt_chan_kind kind, uint64_t cap);

/* Bodies. In `begun`, sinks are stage 0 and those that pass on are stage 1. */
void source_run(struct prt_worker *base);      /* sends items 0 to items - 1 */
void source_idle_run(struct prt_worker *base); /* the same, each when nothing else can happen any more */
void source_pong_run(struct prt_worker *base); /* the same, each when the last one has arrived at a sink */
void pass_run(struct prt_worker *base);        /* sends on what it gets, and notes it */
void on_run(struct prt_worker *base);          /* sends on what it gets */
void sink_run(struct prt_worker *base);        /* notes what it gets; `pong` sources go on */
void nothing_run(struct prt_worker *base);
void final_note(struct prt_worker *base);

/* In a body: sends item `id` to output `to`. */
bool send_to(struct prt_worker *base, size_t to, uint64_t id);

/* Stages: a source, a leaf that sends each item on, a leaf at the end. */
void pipe_source(struct prt_run *run, struct prt_chan *to, void (*body)(struct prt_worker *));
void pipe_pass(struct prt_run *run, struct prt_chan *from, struct prt_chan *to, uint32_t workers);
void pipe_sink(struct prt_run *run, struct prt_chan *from, uint32_t workers);

/* Each item reached stage 0's bodies exactly once. */
void pipe_check_all(void);
void end_well(struct prt_run *run); /* the same, after a run with exit status 0 */
/* Each item reached them at most once, and none that was not sent. */
void pipe_check_some(void);
void pipe_check_order(void); /* and in order */

#endif
