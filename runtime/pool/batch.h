/* A batch: the items that a slot has in hand, and the windows that its bodies receive from and send to.
 *
 * A window is a piece of memory that the bodies go through without asking: items of the channel's ring, or of memory of
 * the slot's own where other workers are at the same end. A batch is hidden when the stage's bodies are known to take
 * microseconds at most: then its progress becomes visible when it is done, not body by body. Should a body of it wait
 * for something after all, the monitor publishes on its behalf what is done, so that no item waits for what may not come.
 */
#ifndef PRT_BATCH_H
#define PRT_BATCH_H

#include "channel/chan.h"

struct prt_slot;
struct prt_thread;

/* The runtime's part of one output. */
struct prt_port {
    struct prt_out *out;
    uint32_t index;        /* of the slot's */
    struct prt_chan *chan;
    struct prt_slot *sender; /* the slot itself, or that of an inline stage within it */
    uint64_t most;         /* of one body; PRT_ANY */
    bool discards;         /* what is sent here while the pipeline drains would keep a cycle going */
    bool boxed;            /* the current window is the outbox */
    bool letters;          /* for what failed for good: its sender may be a source that is to end */
    bool holds;            /* it always is: what bodies send is undone should they fail */
    uint64_t tail;         /* of the channel when the window on its ring was opened */
    unsigned char *box;    /* the outbox: memory for `box_size` items */
    uint64_t box_size;
    uint64_t first, len;   /* items in it */
    bool gathers;          /* a body without a bounded count: windows lie on the outbox (gather.c) */
    bool waited;           /* the same: it has waited for room since `since` */
    uint64_t sent, since;  /* the same: items sent one by one since that time */
    uint64_t refused;      /* items that emits consumed without putting them */
    uint64_t lost, uncopied; /* where it holds: those of them that the attempt has counted in the channel */
    void **came;           /* the same, for batches: where in the hand an item of the outbox was, for the first `passed` of */
    uint64_t passed;       /* them; NULL: it is the body's own */
    bool meets;            /* rendezvous: an item was put and has not begun */
    uint64_t ticket;       /* what tail became then */
    bool owed;             /* a broadcast: what is sent now is still to be put here; */
    bool met_later;        /* it was, and has not begun: a rendezvous */
    prt_atomic_u64 *turn;  /* ordered: of the stage's output, whose turn it is to send there; NULL: not ordered */
    bool owes;             /* ordered: the turns of the batch in hand are still to be passed on here */
    struct prt_waiter waiter;
};

/* The runtime's part of one input. */
struct prt_take {
    struct prt_in *in;
    struct prt_chan *const *chans;
    size_t nchans;
    size_t look;           /* where the next look begins: merges are fair */
    bool preferred;        /* they are not: each looks for the first channel that has items */
    size_t from;           /* which channel the items in hand came from */
    unsigned char *hand;   /* memory for items of channels that several workers receive from */
    uint64_t hand_size;
    uint64_t n;            /* items in hand; those that are handed back are not */
    unsigned char *start;  /* the first of them */
    unsigned char *end;    /* of the window, as it was opened */
    uint64_t head;         /* of the channel, where the items lie in its ring */
    uint64_t at;           /* where the first stands among all, of those that were copied out of it */
    struct prt_segment segment; /* items of this hand that were handed back */
    size_t lent_from;      /* to which channel */
    bool lent;             /* the segment may still lie in the hand's memory */
    uint64_t begun;        /* items in hand whose places in the channel are free already */
    bool open;             /* a window lies on what is in hand; `in->next` counts, not `begun` */
    uint64_t *received;    /* of each channel: items that bodies have begun with */
    uint64_t *counts;      /* collecting: of each channel, items in hand, from `from` on; NULL: all are of that one */
};

static inline struct prt_chan *prt_take_chan_(const struct prt_take *take)
{
    return take->chans[take->from];
}

/* The places of the first `received` items in hand are free. Moves the ring's head forward only: the owner of the slot
 * may have moved it further since the monitor looked. Who waits for them is woken by prt_senders_wake_(). */
static inline void prt_take_begin_(struct prt_take *take, uint64_t received)
{
    struct prt_chan *chan = prt_take_chan_(take);

    if (received <= take->begun)
        return;
    if (chan->direct_receive)
        prt_publish(&chan->head, take->head + received);
    else
        prt_chan_begin_(chan, received - take->begun);
    take->begun = received;
}

/* Items in hand that bodies have begun with. */
uint64_t prt_take_received_(const struct prt_take *take);

/* Prepares input or output `i` of a slot whose stage and worker are set. False: no memory. */
bool prt_take_make_(struct prt_slot *slot, size_t i);
bool prt_port_make_(struct prt_slot *slot, size_t i);

/* Takes a batch from the inputs into hand; one item of each, if there are several. False: there is none. The slot's
 * owner; never blocks. An ordered stage's batch draws its turns. */
bool prt_batch_take_(struct prt_slot *slot);

/* How many items of its own queue a worker may take at once (store.h). */
uint64_t prt_batch_kept_(const struct prt_slot *slot);

/* Before and after the stage's `run`, which runs its bodies on what is in hand (a source's: once): opens the windows; leaves
 * what the bodies sent published or in outboxes, and returns how many have run. By the slot's thread, which may be another
 * in the end. */
void prt_batch_open_(struct prt_slot *slot);
uint64_t prt_batch_close_(struct prt_slot *slot);

/* By a body of the batch: no further one begins. */
void prt_batch_end_(struct prt_slot *slot);

/* Opens and closes around a call of `run` on the thread's own stack. */
uint64_t prt_batch_run_(struct prt_slot *slot);

/* The items in hand, whose bodies have all run before, have ended without another one (retry.h). */
void prt_batch_close_cut_(struct prt_slot *slot);

/* The same at once for what lies in the ring of the slot's only channel, whose only sender is the caller (slot.h); how
 * many items that was. */
uint64_t prt_batch_feed_(struct prt_thread *thread, struct prt_slot *slot);

/* Publishes what the bodies of a hidden batch have done so far, since one of them has not returned for long, and hands back
 * what none of them has begun with. The monitor, for a `batch` number that it read from the slot. Returns whether it need
 * not look after that batch any more. `shows_until`: prt_now() time until which the stage's next batches hide nothing, if this
 * one did; 0: they may. */
bool prt_batch_publish_(struct prt_slot *slot, uint64_t batch, uint64_t shows_until);

/* The body of the batch waits: what was begun shows. It is held: what was not is handed back, so that other workers have
 * it as if each item of this one's had been taken for itself. By the slot's owner, while the batch has no number. */
void prt_batch_show_(struct prt_slot *slot);
void prt_batch_hand_back_(struct prt_slot *slot);

/* `n` turns, from slot->turn on, are this slot's on every output; its owner, who has drawn them. */
void prt_batch_enter_turns_(struct prt_slot *slot, uint64_t n);

/* Between these two the monitor looks after the slot, which is woken if it sleeps, and publishes for it. */
void prt_batch_number_(struct prt_thread *thread, struct prt_slot *slot);
void prt_batch_unnumber_(struct prt_thread *thread, struct prt_slot *slot);

/* Torn down: what is in hand and in outboxes is dropped and counted. */
void prt_batch_discard_(struct prt_slot *slot);

/* Items that the bodies of the current batch of a leaf have sent to an output. */
uint64_t prt_port_sent_(const struct prt_port *port);

#endif
