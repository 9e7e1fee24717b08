/* A slot: the runtime's part of a worker, and what one thread at a time does with it.
 *
 * States, and who may change them:
 *   FREE     on its stage's stack; a thread that pops it makes it RUNNING.
 *   RUNNING  one thread owns the slot and everything in it.
 *   WOKEN    RUNNING, and somebody ended a wait that the owner may have announced: it must look again before it lets go.
 *   HELD     waits without a thread: for what its body waits for, for room for its outboxes, for a permit, for a time, for
 *            a stack. Whoever ends the wait makes it QUEUED by compare and swap.
 *   QUEUED   in the pool's queue of slots that may go on; the thread that takes it out makes it RUNNING.
 */
#ifndef PRT_SLOT_H
#define PRT_SLOT_H

#include "pool/batch.h"
#include "limit/bound.h"
#include "limit/payer.h"
#include "pool/retry.h"
#include "pool/stacks.h"
#include "limit/timer.h"
#include "channel/turns.h"
#include "pool/wait.h"

enum prt_slot_state { PRT_SLOT_FREE, PRT_SLOT_RUNNING, PRT_SLOT_WOKEN, PRT_SLOT_HELD, PRT_SLOT_QUEUED };

/* What the code that emits on behalf of a slot may do. */
enum prt_mode {
    PRT_MODE_LEAF,    /* never waits: what does not fit stays in the outbox */
    PRT_MODE_WAIT,    /* a body without a bounded count */
    PRT_MODE_SECTION, /* init, final, flush: may wait, and does not leave while draining */
};

/* Where a slot goes on when it has been woken. */
enum prt_phase {
    PRT_PHASE_TAKE,    /* nothing in hand */
    PRT_PHASE_PERMITS, /* items in hand, some bound still to be taken */
    PRT_PHASE_RATE,    /* items and bounds in hand, the rate not due */
    PRT_PHASE_BACKOFF, /* the body has failed, and the next attempt is not due (retry.h) */
    PRT_PHASE_KEYS,    /* it is, and asks for what the item's keys allow (store.h) */
    PRT_PHASE_FLUSH,   /* bodies have run, outboxes to be emptied */
    PRT_PHASE_TICK,    /* from here on something lies on the slot's stack: a `flush` that may wait, */
    PRT_PHASE_BODY,    /* a body that may, */
    PRT_PHASE_FINAL    /* a `final` that may */
};

/* What a slot waits for, as its owner says where it waits, and nowhere else: so that costs nothing while items flow. */
enum prt_for {
    PRT_FOR_NOTHING = PRT_WAIT_NOTHING, /* its body runs */
    /* What bodies wait for, and others: */
    PRT_FOR_TURN = PRT_WAIT_TURN,
    PRT_FOR_ROOM = PRT_WAIT_ROOM,           /* in the channel of a port */
    PRT_FOR_BEGINNING = PRT_WAIT_BEGINNING, /* of the item that was put there */
    PRT_FOR_RATE = PRT_WAIT_TIME,           /* or the next tick of `every` */
    PRT_FOR_ITEM = PRT_WAIT_ITEM,
    /* What the others wait for besides: */
    PRT_FOR_BOUND,
    PRT_FOR_RETRY,                          /* the time of its next attempt */
    PRT_FOR_KERNEL,                         /* in prt_wait_for() */
    PRT_FOR_THREAD,                         /* that runs it; or a stack */
    PRT_FOR_GOOD,                           /* it has ended */
    PRT_FORS
};

struct prt_slot {
    /* Everybody's: who may change it is in the table above, or holds the lock of the list that it is for. No two slots share a
     * line. */
    _Alignas(PRT_LINE) prt_atomic_u64 state;
    prt_atomic_u64 waits_for;      /* its owner's; the monitor looks (prt_slot_says_()) */
    prt_atomic_u64 next_free;      /* in the stage's stack: index + 1; 0 ends it */
    struct prt_slot *next_queued;  /* in the pool's queue */
    struct prt_slot *next_stackless; /* of those held for want of a stack */
    struct prt_timer timer;

    /* Set before any thread runs it. */
    struct prt_worker *worker;
    struct prt_stage *stage;
    struct prt_take *takes;
    size_t ntakes;
    struct prt_pull *pulls;        /* of a stage whose bodies take items themselves, which has no `takes` (pull.h) */
    size_t npulls;
    struct prt_port *ports;
    size_t nports;
    struct prt_permit *permits;    /* of each bound of the stage, in its order */
    struct prt_payer *payer;       /* in its stage's line; NULL: items have no cost */
    uint32_t index;
    struct prt_thread *owner;      /* blocking: the thread that is its own for good */
    struct prt_slot *host;         /* of an inline stage: the slot that it runs in */
    struct prt_slot *sender;       /* and that of the stage that calls it */
    struct prt_call *call;         /* what counts the calls; NULL: each body of the sender calls once */

    /* Its owner's, and the monitor's: that looks at a batch which has a number, under batch_lock. The owner changes these
     * while there is none, `eased` apart, which the monitor clears. */
    prt_atomic_u64 batch;          /* nonzero: one runs that is hidden, eased or gathers; each has another number */
    struct prt_mutex batch_lock;
    bool hidden;                   /* what the batch in hand does becomes visible when it is done */
    prt_atomic_u64 eased;          /* its bodies may wait, but cost little: senders are woken as by a hidden batch */

    /* Its owner's: the thread that made it RUNNING. Where it runs, and where it goes on. */
    struct prt_thread *thread;     /* that runs it, or lingers with it */
    struct prt_stack *stack;       /* of its bodies that may wait (stacks.h); NULL: they need none, or it has none yet. Under
                                    * the stacks' lock while the slot is held for want of one */
    bool stackless;                /* it has been one of those, and has not looked since */
    bool entered;                  /* a body or section lies on the stack */
    bool naps;                     /* its thread is at base level, and may sleep for a moment with the slot in hand */
    bool waited;                   /* its outputs may be in their channels' lists of waiters */
    enum prt_mode mode;
    enum prt_phase phase;
    struct prt_wait wait;          /* what lies on the stack waits for */

    /* The same: permits and turns. */
    size_t asked;                  /* permits that are taken or asked for */
    uint64_t rate_due;             /* when the permit of the body was due */
    uint64_t returned;             /* when the body did, where the stage has a rate */
    uint64_t rate_from;            /* a source: when it went on with that permit; 0: it never had one */
    uint64_t ticks;                /* flush: ticks served */
    uint64_t turn, turn_end;       /* ordered: of the first item of the batch in hand, and behind its last. The monitor, which
                                    * hands back, brings the end nearer under batch_lock */

    /* The same: what it measures. */
    uint64_t batches, measures;    /* so far */
    prt_atomic_u64 begins;         /* how often its bodies began; the monitor looks */
    uint64_t begun_at;             /* prt_now() when the bodies of the batch began, where that matters */
    uint64_t waits_ns;             /* that its bodies spent waiting in emit, since then */
    bool measured;                 /* what they take is the stage's cost */

    /* The same: how its bodies ended. */
    bool initialised;              /* `init` returned: `final` is owed */
    prt_atomic_u64 ending;         /* `final` has begun; the monitor looks */
    bool finish;                   /* the source asked to end */
    bool pulled;                   /* a body that pulls: it has begun, and no other will */
    unsigned pull_look;            /* where its next look at several inputs begins */
    bool failed_now;               /* the body that runs has failed */
    bool cut_now;                 /* the body that runs was made to leave by a tear-down */
    uint64_t failed, skipped, dead, cut; /* bodies */
    uint64_t ended;                /* which of its items was the last to count as one of those (fail.c); 0: none */

    /* The same: what it has of its stage's store (store.h). */
    struct prt_node *node;         /* of the item in hand, whose keys may hold something for it; NULL: none does */
    struct prt_node **rest;        /* of further ones; */
    uint64_t nrest;                /* the monitor's too, under batch_lock */
    prt_atomic_u64 woken;          /* somebody's news (store_news.h) have it: whose, */
    struct prt_slot *next_woken;   /* the list is too */
    uint64_t keyed_from, keyed_until; /* when its body began, and ended, on a machine that is never late */
    bool holds;                    /* blocking: it was given an item since it last asked */
    struct prt_tries *tries;       /* of a stage with retry, a timeout or dead letters; NULL: another */
};

/* The owner says what it waits for, and in which of its ports, or for which of its stage's bounds, or (of an item) whether for a
 * while only; behind the wait, nothing.
 * What it says as it is held (`held`) counts only while it is: so a slot that goes on need not take it back. */
static inline void prt_slot_says_(struct prt_slot *slot, enum prt_for what, size_t which, bool held)
{
    prt_store_relaxed(&slot->waits_for, (uint64_t)which << 8 | (uint64_t)held << 7 | (uint64_t)what);
}

static inline enum prt_for prt_said_what_(uint64_t said)
{
    return (enum prt_for)(said & 127);
}

static inline bool prt_said_held_(uint64_t said)
{
    return said & 128;
}

static inline size_t prt_said_which_(uint64_t said)
{
    return (size_t)(said >> 8);
}

/* The same for what its body waits for. */
static inline void prt_slot_says_wait_(struct prt_slot *slot, bool held)
{
    const bool limited = slot->wait.kind == PRT_WAIT_ITEM && slot->wait.until != PRT_NEVER;

    prt_slot_says_(slot, (enum prt_for)slot->wait.kind, slot->wait.port ? slot->wait.port->index : limited, held);
}

/* For permits of bounds; for its outboxes to be emptied, so for room in one of the channels or its turn there. */
void prt_slot_says_permits_(struct prt_slot *slot, bool held);
void prt_slot_says_flush_(struct prt_slot *slot, bool held);

/* Runs a slot that `thread` owns (state RUNNING) until it has no more to do, is held, or has run `budget` batches. It is
 * no longer the thread's then. Returns true iff it was let go for good (free), false iff it is held. */
bool prt_slot_run_(struct prt_thread *thread, struct prt_slot *slot, unsigned budget);

/* Feeding: a thread with the only worker that sends to a channel runs the only one that receives there, on what
 * is queued. Nobody but that sender would use the room, and as a rule it is not asleep: nobody is woken before the bodies
 * are done, but for one that was stolen (linger.h) while they run. prt_slot_feeds_() says between
 * which stages that is all there is to do: the receiver is a leaf that waits for nothing but items and room, and
 * sends into no cycle. prt_slot_feed_() runs a slot that `thread` has claimed there, and lets it go. */
struct prt_stage *prt_slot_feeds_(const struct prt_chan *chan);
void prt_slot_feed_(struct prt_thread *thread, struct prt_slot *slot);

/* Lets go of the slot until prt_slot_wake_(). False: what it waits for is there, and it is still the caller's, who may be
 * any thread that owns it. */
bool prt_slot_hold_(struct prt_slot *slot);

/* Runs a slot's `init`, unless the pipeline is torn down already; runs its `final`, iff init returned. `thread`: of the run,
 * or NULL. */
void prt_slot_init_(struct prt_thread *thread, struct prt_slot *slot);
void prt_slot_final_(struct prt_slot *slot);
void prt_slot_final_here_(struct prt_thread *thread, struct prt_slot *slot);

/* The same for a `final` that may wait, on the slot's stack. False: it waits, and the slot is not the thread's any more. */
bool prt_slot_run_final_(struct prt_thread *thread, struct prt_slot *slot);

/* The steps between taking a batch and sending its results, for the threads of blocking stages, which wait between them
 * themselves. Bounds are taken in the order that all stages keep; false: one of them, or its turn, will wake the slot. */
bool prt_slot_take_bounds_(struct prt_slot *slot);
void prt_slot_give_bounds_(struct prt_slot *slot);

/* Then the permits of the stage's rate, which it has: false: none before `slot->rate_due`; where that is PRT_NEVER, somebody
 * else's item comes first, and the slot will be woken. Who waits for a bound instead stands in nobody's way. */
bool prt_slot_take_rate_(struct prt_slot *slot);
void prt_slot_unask_rate_(struct prt_slot *slot);
void prt_slot_body_(struct prt_thread *thread, struct prt_slot *slot);

/* For such a thread too, where a leaf's outboxes have found no room: enters the slot among those that wait for it, and
 * takes it out again. False: there is some, or the pipeline is torn down. */
bool prt_slot_await_room_(struct prt_slot *slot);
void prt_slot_forget_room_(struct prt_slot *slot);

/* Torn down: gives back and drops what the slot has. */
void prt_slot_discard_(struct prt_slot *slot);

/* `flush every`, between items: runs the section if a tick has passed that the slot has not served. */
void prt_slot_tick_(struct prt_thread *thread, struct prt_slot *slot);

/* Writes how the worker's structure begins: its base, its number and the way to the pipeline. */
void prt_slot_make_worker_(struct prt_slot *slot, struct prt_run *run);

/* Allocates what the slot of worker `index` needs. False: no memory. */
bool prt_slot_ready_(struct prt_slot *slot, struct prt_stage *stage, uint32_t index);

#endif
