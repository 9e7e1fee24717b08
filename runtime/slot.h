/* A slot: the runtime's part of a worker, and what one thread at a time does with it.
 *
 * States, and who may change them:
 *   FREE     on its stage's stack; a thread that pops it makes it RUNNING.
 *   RUNNING  one thread owns the slot and everything in it.
 *   WOKEN    RUNNING, and somebody ended a wait that the owner may have announced: it must look again before it lets go.
 *   HELD     waits without a thread: for room for its outboxes, for a permit, for a time. Whoever ends the wait makes it
 *            QUEUED by compare and swap.
 *   QUEUED   in the pool's queue of slots that may go on; the thread that takes it out makes it RUNNING.
 *
 * A batch is quick when the stage's bodies are known to take a fraction of a microsecond. Then their progress becomes
 * visible when the batch is done, not item by item; should a body of it wait for something after all, the monitor
 * publishes on its behalf what is done, so that no item waits for what may not come.
 */
#ifndef PRT_SLOT_H
#define PRT_SLOT_H

#include "bound.h"
#include "chan.h"
#include "timer.h"

#define PRT_QUICK_NS 300  /* a body that costs no more is quick */
#define PRT_WORTH_NS 2000 /* a backlog that costs more is worth another thread's while */

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
    PRT_PHASE_FLUSH    /* bodies have run, outboxes to be emptied */
};

/* The runtime's part of one output. */
struct prt_port {
    struct prt_out *out;
    struct prt_chan *chan;
    uint32_t most;         /* of one body; PRT_ANY */
    bool in_cycle;
    bool boxed;            /* the current window is the outbox */
    uint64_t tail;         /* of the channel when the window on its ring was opened */
    unsigned char *box;    /* the outbox: memory for `box_size` items */
    uint64_t box_size;
    uint64_t first, len;   /* items in it */
    uint64_t ticket;       /* rendezvous: an item was put when tail became this, and has not begun; 0: none */
    struct prt_waiter waiter;
};

/* The runtime's part of one input. */
struct prt_take {
    struct prt_in *in;
    struct prt_chan *const *chans;
    size_t nchans;
    size_t turn;           /* where the next look begins: merges are fair */
    struct prt_chan *from; /* where the items in hand came from */
    unsigned char *hand;   /* memory for items of channels that several workers receive from */
    uint64_t hand_size;
    uint64_t n;            /* items in hand */
    unsigned char *start;  /* the first of them */
    uint64_t head;         /* of the channel, where the items lie in its ring */
    uint64_t begun;        /* items in hand whose places in the channel are free already */
    uint64_t *received;    /* of each channel: bodies begun */
};

struct prt_slot {
    prt_atomic_u64 state;
    struct prt_worker *worker;
    struct prt_stage *stage;
    uint32_t index;
    prt_atomic_u64 next_free;      /* in the stage's stack: index + 1; 0 ends it */
    struct prt_slot *next_queued;
    struct prt_thread *thread;     /* that runs it */
    struct prt_thread *owner;      /* blocking: the thread that is its own for good */
    enum prt_mode mode;
    enum prt_phase phase;
    struct prt_take *takes;
    size_t ntakes;
    struct prt_port *ports;
    size_t nports;
    struct prt_permit *permits;    /* of each bound of the stage, in its order */
    size_t held;                   /* how many of them are taken or asked for */
    struct prt_timer timer;
    uint64_t rate_due;             /* when the permit of the body was due */
    uint64_t rate_left;            /* a source: when it went on with that permit; 0: it never had one */
    uint64_t ticks;                /* flush: ticks served */
    bool initialised;              /* `init` returned: `final` is owed */
    bool finish;                   /* the source asked to end */
    bool waited;                   /* its outputs may be in their channels' lists of waiters */
    bool failed_now;               /* the body that runs has failed */
    bool left_now;                 /* the body that runs was made to leave by a tear-down */
    struct prt_mutex batch_lock;   /* the end of a quick batch, against the monitor */
    prt_atomic_u64 batch;          /* nonzero: a quick batch runs; no two of the slot have the same number */
    uint64_t batches, measures;
    uint64_t failed, skipped, cut; /* bodies */
};

/* Ends the wait of a held slot, if it waits; from any thread, without locks held. */
void prt_slot_wake_(struct prt_slot *slot);

/* Runs a slot that `thread` owns (state RUNNING) until it has no more to do, is held, or has run `budget` batches. It is
 * no longer the thread's then. Returns true iff it was let go for good (free), false iff it is held. */
bool prt_slot_run_(struct prt_thread *thread, struct prt_slot *slot, unsigned budget);

/* Runs a slot's `init`, unless the pipeline is torn down already; runs its `final`, at base level, iff init returned. */
void prt_slot_init_(struct prt_thread *thread, struct prt_slot *slot);
void prt_slot_final_(struct prt_thread *thread, struct prt_slot *slot);

/* While the pipeline drains, what is sent to this output is discarded: it would keep a cycle going. */
static inline bool prt_port_discards_(const struct prt_port *port)
{
    return port->in_cycle && port->chan->spec.kind == PRT_GROWING;
}

/* Items that the bodies of the current batch of a leaf have sent to an output. */
uint64_t prt_slot_port_sent_(const struct prt_port *port);

/* Publishes what the bodies of a quick batch have done so far: one of them has not returned for long. The monitor, for a
 * `batch` number that it read from the slot. */
void prt_slot_publish_(struct prt_slot *slot, uint64_t batch);

/* The steps of a batch, for the threads of blocking stages, which wait between them themselves. */
bool prt_slot_take_(struct prt_slot *slot);
void prt_slot_body_(struct prt_thread *thread, struct prt_slot *slot);
void prt_slot_discard_(struct prt_slot *slot); /* torn down: what is in hand and in outboxes is dropped and counted */
bool prt_slot_flush_boxes_(struct prt_slot *slot);
bool prt_slot_take_bounds_(struct prt_slot *slot);
void prt_slot_give_bounds_(struct prt_slot *slot);
void prt_slot_tick_(struct prt_thread *thread, struct prt_slot *slot);
/* If the input is empty, permits that come due from now on find nobody, unless another stage shares the rate. */
void prt_slot_rest_rate_(const struct prt_stage *stage);
uint64_t prt_slot_weight_(struct prt_slot *slot, size_t bound);

/* Allocates what the slot of worker `index` needs. False: no memory. */
bool prt_slot_ready_(struct prt_slot *slot, struct prt_stage *stage, uint32_t index);
void prt_slot_free_(struct prt_slot *slot);

#endif
