/* All of one running pipeline. */
#ifndef PRT_RUN_STATE_H
#define PRT_RUN_STATE_H

#include <stdio.h>

#include "platform/memory.h"
#include "pool/pool.h"
#include "seam.h"

/* A directed cycle: it ends when nobody outside can send into it and nothing is in flight inside. */
struct prt_cycle {
    prt_atomic_u64 inflight; /* items queued, in hand or in outboxes; raised before publishing, lowered after the body */
    prt_atomic_u64 outside;  /* unfinished senders from outside */
    prt_atomic_u64 closed;
};

/* The file of --failures (program/failures.c). */
struct prt_failures {
    struct prt_mutex lock;
    FILE *to;          /* NULL: there is none, or no line can be written to it any more */
};

struct prt_run {
    struct prt_pool pool;
    struct prt_run_spec spec;
    struct prt_memory memory;  /* what it consists of */
    struct prt_memory hands;   /* for items in workers' hands and outboxes, which many of them never have */
    struct prt_chan *chans, **last_chan;
    uint32_t nchans;
    struct prt_rate *rates;
    struct prt_bound *bounds;
    struct prt_stage *stages, **last_stage;
    struct prt_stage **order;  /* furthest downstream first */
    uint32_t nstages;
    prt_atomic_u64 *hints;     /* a bit for each stage, as in `order`: it may be ready (look.c); NULL: few stages */
    struct prt_cycle *cycles;  /* [1..ncycles] */
    int ncycles;
    struct prt_figures *figures; /* the monitor's; NULL: nobody watches */
    struct prt_progress *progress; /* program/progress.c; NULL: none is shown */
    uint64_t show_at;          /* the monitor's: when to show it next, prt_now() time */
    struct prt_live *live;     /* what others see of the run (program/live.c); NULL: nothing yet, or any more */
    uint64_t live_at;          /* the monitor's: when to see to it next, prt_now() time */
    uint64_t drain_until;      /* the monitor's, and behind it program/last.c's: when the drain's limit is over, prt_now() time */
    struct prt_thread_handle keeper; /* program/last.c's: keeps the limit behind the last worker, */
    prt_atomic_u64 kept;       /* until that is over */
    prt_atomic_u64 unread_until; /* as long what is printed waits for who reads it, prt_now() time; 0: for ever */
    struct prt_knock knock;    /* by which others have the monitor see to it at once */
    prt_atomic_u64 troubles;   /* items that failed, were skipped or are dead letters, so far */
    struct prt_timers timers;
    struct prt_stacks stacks;
    struct prt_event event;    /* wakes the thread that called prt_run() */
    struct prt_bell bell;      /* torn down: ends waits of bodies in the kernel */
    struct prt_thread *threads; /* the list is the monitor's */
    struct prt_thread *retired; /* ended; the monitor's too */
    uint32_t nthreads;         /* in the first list */
    prt_atomic_u64 lulled;  /* some channel's is set, perhaps */
    prt_atomic_u64 unfinished; /* stages */
    prt_atomic_u64 starting;   /* threads of blocking stages that have not run their `init` */
    prt_atomic_u64 going;      /* all threads are there: bodies may begin */
    uint64_t key_seed[2];      /* of keys that are hashes (prt/key.h) */
    bool has_daemons;
    prt_atomic_u64 core;       /* stages of the core (daemon.h) that have not ended */
    prt_atomic_u64 others;     /* stages that are no daemons, the same */
    prt_atomic_u64 asks;       /* a source was asked to finish, which the monitor carries out */
    prt_atomic_u64 wants_drain; /* a signal handler asked; the monitor carries it out */
    prt_atomic_u64 signal;     /* the first that arrived */
    prt_atomic_u64 broken;     /* something failed: exit status 1 */
    prt_atomic_u64 status;     /* the least one that bodies asked for */
    bool short_of_memory;      /* an add call failed */
    struct prt_mutex message_lock;
    struct prt_failures failures;
    struct prt_slot section;   /* what runs the pipeline's own init and final */
    struct prt_worker section_worker;
    struct prt_stage section_stage;
    bool initialised;
    prt_atomic_u64 running;    /* whose section runs on the thread that called prt_run(): a struct prt_slot *, or 0 */
    bool forked;               /* this process is a child that a body forked */
    uint64_t started;
};

static inline bool prt_run_draining_(const struct prt_run *run)
{
    return prt_load(&run->pool.word) & PRT_DRAINING;
}

/* Whether a source is to leave: the pipeline drains, or it was asked to finish. */
static inline bool prt_stage_is_ending_(const struct prt_stage *stage)
{
    return prt_run_draining_(stage->run) || prt_load(&stage->asked);
}

/* Where code of the pipeline's returns: what follows in a forked child would wait for locks that nobody gives back, or do
 * once more what its parent does. */
static inline void prt_run_returned_(const struct prt_run *run)
{
    if (run->forked)
        prt_run_forked_(run);
}

static inline bool prt_run_aborted_(const struct prt_run *run)
{
    const bool aborted = prt_load(&run->pool.word) & PRT_ABORTED;

    if (aborted && run->forked)
        prt_run_forked_(run);
    return aborted;
}

/* The monitor looks at every tick from now on, for what the caller has just stored. */
static inline void prt_run_watch_(struct prt_run *run)
{
    if (!(prt_load(&run->pool.word) & PRT_WATCHING)) /* handshake: watch */
        prt_pool_watch_(run);
}

#endif
