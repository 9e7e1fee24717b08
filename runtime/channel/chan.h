/* A channel: a ring of items with a counter at each end, and the senders that wait for room.
 *
 * `tail` counts the items that were put, `head` those whose bodies have begun; both run free and are compared by
 * difference, so an item that a worker holds but has not begun still counts as queued. Where one worker alone is at an
 * end (direct_send, direct_receive) it moves that counter and touches the items there without a lock; which thread runs
 * that worker changes only through its slot, which orders their accesses. Else the workers take turns under the end's
 * lock: two locks, so senders and receivers do not disturb each other (Michael and Scott, PODC 1996).
 *
 * Lock order: send_lock, recv_lock; wait_lock is taken alone.
 */
#ifndef PRT_CHAN_H
#define PRT_CHAN_H

#include <prt/run.h>

struct prt_scale;
struct prt_thread;
struct prt_turns;

/* A sender that waits for room: a slot that is held, or one of a blocking stage, whose thread sleeps. */
struct prt_waiter {
    struct prt_waiter *prev, *next;
    struct prt_slot *slot;
    /* Under wait_lock: */
    bool listed;
    bool meets;                /* it has put its item into a rendezvous, and goes on when a body begins with it */
    uint64_t ticket;           /* that `head` must reach then */
};

/* A worker that waits for an item: a slot that is held, or one of a blocking stage, whose thread sleeps (pulls.h). */
struct prt_puller {
    struct prt_puller *prev, *next;
    struct prt_slot *slot;
    bool listed; /* under wait_lock */
};

/* Items that were taken and handed back before any body had begun with them, in the memory of who took them. */
struct prt_segment {
    struct prt_segment *next; /* in the channel's list, in the order of the items */
    unsigned char *items;
    uint64_t n;
    uint64_t at;              /* what `taken` was when the first of them left the ring */
    struct prt_turns *turns;  /* of the ordered stage that took them, and the first one's turn; NULL: they have none */
    uint64_t turn;
};

struct prt_chan {
    _Alignas(128) prt_atomic_u64 tail;
    struct prt_mutex send_lock;
    _Alignas(128) prt_atomic_u64 head;
    prt_atomic_u64 taken; /* a locked end, under recv_lock: items that were taken and not handed back; equal to head or ahead
                           * of it */
    struct prt_mutex recv_lock;
    struct prt_segment *segments; /* under recv_lock: what comes before the items in the ring */
    uint64_t nsegments;       /* items in them */
    _Alignas(128) prt_atomic_u64 waiting; /* senders in the list below */
    prt_atomic_u64 lulled; /* a receiver left one of them asleep although there is room */
    uint64_t head_seen;       /* the monitor's, then */
    prt_atomic_u64 closed;    /* nothing more will be put */
    prt_atomic_u64 lost;      /* those that send know that nobody will receive, or are about to */
    prt_atomic_u64 abandoned; /* nobody will receive: what is put is dropped */
    uint64_t cap;             /* items; 1 for a rendezvous, UINT64_MAX where it grows */
    uint64_t size;            /* items that the ring has memory for: a power of two */
    unsigned char *items;
    size_t item_size;
    /* What its kind and those at its ends make of it: set by prt_chan_ready_(), and all that anybody asks for. */
    bool direct_send, direct_receive; /* one worker alone is at that end, and works on the ring in place */
    bool meets;               /* a rendezvous: a sender goes on when a body has begun with its item */
    bool grows;               /* never full */
    bool drops;               /* a full one drops items (drop.h), and makes no sender wait */
    bool overwrites;          /* it drops the oldest: its only sender writes in place, full or not, and does not look */
    struct prt_chan_spec spec;
    prt_atomic_u64 filler;    /* the thread that ran the last leaf that sent here: a struct prt_thread *, for its address
                               * alone */
    struct prt_run *run;
    struct prt_chan *next; /* in the run's list, */
    uint32_t index;        /* and where in it */
    struct prt_mutex wait_lock;
    struct prt_waiter *first, *last;
    prt_atomic_u64 senders;   /* stages that may still send, those of the channel's own cycle excepted */
    prt_atomic_u64 receivers; /* stages that were not asked to finish, and have not ended: at 0 it is abandoned */
    prt_atomic_u64 takers;    /* receiving stages that have not ended: at 0 nobody is at what is queued any more */
    uint32_t nsend_slots, nrecv_slots; /* workers at each end */
    struct prt_stage **to;    /* the stages that receive */
    uint32_t nto;
    struct prt_stage **from;  /* those that send, and end by themselves when nobody receives what they send: none of its
                               * cycle */
    uint32_t nfrom;
    bool has_daemons, only_daemons; /* some of those that send are; all of them */
    bool wakes_dedicated;     /* one of those that receive is `blocking` */
    bool sets_aside;          /* one of them takes items out of their order */
    bool is_collected;        /* one of them gets several items at once (collect.h) */
    struct prt_stage *collector; /* the only receiver, if it collects from here alone (collect.h); NULL */
    struct prt_scale *scale;  /* the only receiver gathers by what items weigh (scale.h); NULL: it does not */
    struct prt_stage *feeds; /* the receiver, if its sender feeds it (slot.h); NULL: it does not */
    prt_atomic_u64 pulling;   /* workers in the list below, who wait for an item; changed under wait_lock */
    struct prt_puller *first_puller, *last_puller;
    prt_atomic_u64 refused;   /* items that an emit consumed without sending them */
    prt_atomic_u64 dropped;   /* items that were discarded because it was full (drop.h) */
    prt_atomic_u64 uncopied;  /* items of a broadcast of which no copy could be made for it: failures, told as such */
    prt_atomic_u64 left;      /* items that reached the ring and never began */
    prt_atomic_u64 discarded; /* the same, where no receiver wanted them any more */
    prt_atomic_u64 left_boxed; /* items that were dropped from an outbox */
};

/* Where the counters of a channel start: 0, but for tests that let them wrap around. */
extern uint64_t prt_chan_start_;

/* Whether `count` has come to `goal`, of two counts of one channel: they are never half their range apart. */
static inline bool prt_count_reached_(uint64_t count, uint64_t goal)
{
    return (int64_t)(count - goal) >= 0;
}

/* The loads of the next two are what a waiter does after it has announced itself: where there is no membarrier, only their
 * being sequentially consistent makes them see what was published before (docs/runtime.md). */

/* Items that are queued and not taken; a snapshot. */
static inline uint64_t prt_chan_queued_(const struct prt_chan *chan)
{
    const uint64_t taken = prt_load(chan->direct_receive ? &chan->head : &chan->taken);
    const uint64_t queued = prt_load(&chan->tail) - taken;
    uint64_t most;

    if (!chan->overwrites || queued == 0)
        return queued;
    most = chan->cap + prt_load(&chan->head) - taken; /* the rest is promised, or gone: nobody has counted that yet */
    return queued < most ? queued : most;
}

/* Items that have come and not begun; a snapshot, never above the capacity. */
static inline uint64_t prt_chan_fill_(const struct prt_chan *chan)
{
    const uint64_t head = prt_load(&chan->head); /* first: see prt_chan_room_() */
    const uint64_t queued = prt_load(&chan->tail) - head;

    return queued < chan->cap ? queued : chan->cap;
}

/* Items for which there is room; a snapshot that a channel's only sender may rely on, since for it room only grows. */
static inline uint64_t prt_chan_room_(const struct prt_chan *chan)
{
    /* head first: the other way round, receives in between would show more room than cap. */
    const uint64_t head = prt_load(&chan->head);
    const uint64_t queued = prt_load(&chan->tail) - head;

    return queued < chan->cap ? chan->cap - queued : 0;
}

/* Places in one piece behind the last item that the channel's only sender may write now. */
static inline uint64_t prt_chan_window_(const struct prt_chan *chan)
{
    const uint64_t room = chan->overwrites ? chan->size - chan->cap : prt_chan_room_(chan);
    uint64_t straight;

    if (room <= 1)
        return room;
    straight = chan->size - (prt_load_relaxed(&chan->tail) & (chan->size - 1));
    return room < straight ? room : straight;
}

/* Whether what is sent now finds a place, or needs none; a snapshot. */
static inline bool prt_chan_accepts_(const struct prt_chan *chan)
{
    return chan->drops || prt_chan_room_(chan) > 0;
}

static inline unsigned char *prt_chan_at_(const struct prt_chan *chan, uint64_t count)
{
    return chan->items + (size_t)(count & (chan->size - 1)) * chan->item_size;
}

/* Most items are a word: the call would cost more than its copy. */
static inline void prt_chan_copy_(void *to, const void *from, size_t bytes)
{
    if (bytes == sizeof(uint64_t))
        memcpy(to, from, sizeof(uint64_t));
    else
        memcpy(to, from, bytes);
}

/* The same of an item with a key, which often is two. */
static inline void prt_chan_copy_keyed_(void *to, const void *from, size_t bytes)
{
    if (bytes == 2 * sizeof(uint64_t))
        memcpy(to, from, 2 * sizeof(uint64_t));
    else
        prt_chan_copy_(to, from, bytes);
}

/* An item that owns something is empty when all its bytes are zero: then there is nothing to drop, or to copy. */
static inline bool prt_item_is_empty_(const void *item, size_t size)
{
    const unsigned char *const bytes = item;

    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* Allocates the ring, once the workers at both ends are known. False: no memory. */
bool prt_chan_ready_(struct prt_chan *chan);
void prt_chan_free_(struct prt_chan *chan); /* the ring */

/* Puts up to `n` items; returns how many there was room for, and in `*ticket` what `tail` became. At a locked end any
 * thread may call it. A growing channel that cannot grow tears the pipeline down. */
uint64_t prt_chan_put_(struct prt_chan *chan, const unsigned char *items, uint64_t n, uint64_t *ticket);

/* Takes up to `n` items into `into`, at a locked end; returns how many, and in `*at` where the first of them stands among
 * all. They still count as queued. With `turns`, each gets one from there, in the order of the items, `*turn` the first
 * of them, and where those do not suffice fewer are taken. */
uint64_t prt_chan_take_(struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *at, struct prt_turns *turns,
                        uint64_t *turn);

/* The same for who keeps each item at a place of its own: the n-th goes to `into[n]`. Those that were handed back come alone. */
uint64_t prt_chan_move_(struct prt_chan *chan, unsigned char *const *into, uint64_t n, struct prt_turns *turns, uint64_t *turn);

/* For a body that gets several items: copies up to `n` that are there into `into`, in their order, and returns how many. With
 * `turns` they get one turn from there, `*turn`, or where there is none, none is taken. At a locked end they are taken
 * as by prt_chan_take_(); at a direct one they stay in the ring until the body begins with them. `*left`: what they may weigh
 * where the channel has a scale, as for prt_scale_fit_(). */
uint64_t prt_chan_collect_(struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *left, struct prt_turns *turns,
                           uint64_t *turn);

/* Hands back the items of the segment, all or the last of what was taken at once: they are queued again, before all that
 * came later, and lie where they are until others have taken them. Takes one of them, for who handed them back: where
 * it lies, and its place and turn; NULL: there is none left, and their memory is free. */
void prt_chan_hand_back_(struct prt_chan *chan, struct prt_segment *segment);
unsigned char *prt_chan_take_own_(struct prt_chan *chan, struct prt_segment *segment, uint64_t *at, uint64_t *turn);

/* Whether some of those have not been taken again. */
bool prt_chan_has_handed_back_(struct prt_chan *chan);

/* The bodies of `n` items that were taken begin now, or have begun: their places are free. */
void prt_chan_begin_(struct prt_chan *chan, uint64_t n);

/* Room was made, or a sender that no longer waits has not used it all: if there is room, wakes the sender that has waited
 * for it longest, which passes on what it leaves; and in a rendezvous those with whose items bodies have begun. */
void prt_chan_pass_room_(struct prt_chan *chan);

/* A receiver leaves a sender that waits asleep although there is room: the monitor, which is woken if it sleeps, wakes the
 * sender if nobody begins an item from one tick to the next. */
void prt_chan_lull_(struct prt_chan *chan);
bool prt_chan_is_lulled_(struct prt_chan *chan); /* the monitor, at each tick: does that; whether one is left asleep */

/* Into the list of those who wait: for room, or for the beginning of the item that was put with `ticket`. Who is there
 * already waits for that from now on. */
void prt_chan_enlist_(struct prt_chan *chan, struct prt_waiter *waiter);
void prt_chan_enlist_meeting_(struct prt_chan *chan, struct prt_waiter *waiter, uint64_t ticket);
void prt_chan_delist_(struct prt_chan *chan, struct prt_waiter *waiter);

void prt_chan_close_(struct prt_chan *chan);

/* Nobody will receive: what is put from now on is refused, and who waits is woken. A sender in place may go on in its
 * window. */
void prt_chan_abandon_(struct prt_chan *chan);

/* Where a sender overwrites: of more than `cap` items the oldest are gone, and that is counted now. Returns `tail` as it was
 * then; what the receiving end does until its lock is given back goes by that. Under recv_lock, or when nobody is at that end
 * any more. */
uint64_t prt_chan_settle_(struct prt_chan *chan);

/* Drops `n` items in memory. */
void prt_chan_drop_(const struct prt_chan *chan, unsigned char *items, uint64_t n);

/* The same, of items that an emit consumes without sending them. */
void prt_chan_refuse_(struct prt_chan *chan, unsigned char *items, uint64_t n);

/* Drops what is queued; returns how many items that were. The channel is abandoned, and nobody takes from it any more, or
 * all threads are gone. */
uint64_t prt_chan_drain_(struct prt_chan *chan);

#endif
