/* The store of a stage whose options have keys: items that wait for their key are set aside there, and others pass.
 *
 * It stands between the stage's channels and its slots. Items are *moved* in by one thread at a time, in their order; `taken`
 * of the channel counts them then, `head` when their bodies begin, so what is set aside counts as queued, and a full channel
 * is full. An item stands in the queue of each of its keys. First in all of them, it is looked at: when its keys have all that
 * it needs, it is *able*, and a slot takes it; else it waits for the end of a body that holds what it lacks, or for a time.
 *
 * What is able stays so: nobody but the first in a queue takes from that key. So nothing is given to an item before a slot has
 * it, and then all at once, under the lock. Each moment the item that came first of all is first everywhere, and what it lacks
 * comes by itself: nobody waits for ever, and nobody in a circle.
 *
 * `by` is a queue for each slot, in which the items of that slot stand, and stand first one after the other. Where there is
 * nothing else, an item that is there is able, and has no other queue (store_blocks.h).
 *
 * Where a body gets several items of one key, the first of these stands for all of them (store_groups.h).
 *
 * Its parts, each of which calls those before it: store_news.h, store_nodes.h, store_able.h, store_blocks.h, store_rows.h,
 * store_groups.h, store_queues.h, store_moves.h, store_hands.h and store_named.h.
 */
#ifndef PRT_STORE_H
#define PRT_STORE_H

#include "channel/chan.h"
#include "limit/heap.h"
#include "limit/keys.h"
#include "limit/timer.h"

struct prt_slot;
struct prt_stage;

enum prt_node_state {
    PRT_NODE_FREE,
    PRT_NODE_WAITS, /* in its queues */
    PRT_NODE_TIMED, /* the same, in the heap */
    PRT_NODE_ABLE,  /* the same, in the line of those that a slot may take */
    PRT_NODE_TAKEN  /* a slot's */
};

/* An item in one of its keys' queues. */
struct prt_ask {
    union {
        struct prt_key key; /* until the entry is found */
        struct {
            struct prt_entry *entry;
            struct prt_node *next; /* in its queue */
        } in;
    } of;
};

/* What an item asks for, where there is more than `by`. */
struct prt_asks {
    struct prt_due due;
    struct prt_node *before;         /* in the line of those that are able */
    struct prt_node *older, *younger; /* of all that are set aside, in the order in which they were moved in */
    struct prt_slot *slot;  /* asks anew for the item that it has (retry): it is not taken then but granted */
    uint64_t turn;          /* ordered */
    uint64_t since;         /* when nothing but time was missing: it came, was first, or what it lacked was given back; of one that a
                             * slot has, with rates, when it has taken */
    uint64_t *weights;
    bool rides;             /* taken behind another of its key, and before that one's body ends: both hold what one needs */
    struct prt_ask of[];    /* each of its keys */
};

/* An item; with `by` alone a block of them. */
struct prt_node {
    struct prt_node *next;  /* of those that are free, moved in, or able, or in its worker's queue */
    uint32_t from;          /* which channel it came from */
    uint32_t worker;        /* `by`: whose it is */
    union {
        struct {
            uint32_t behind; /* queues in which it is not first */
            enum prt_node_state state;
        };
        struct {
            uint32_t n, taken; /* items that it got, and those of them that it has no more */
        } block;
    };
};

struct prt_line {
    struct prt_node *first, *last;
};

/* Items that a body gets together, in the node of the first: it stands for the others, in its state and its queues. */
struct prt_group {
    struct prt_node *rest, *last; /* rows of the others, by `next` (store_rows.h); and the last of them */
    uint64_t n;                   /* items */
    uint64_t weight;              /* what they weigh; of an item that stands for nothing, its own */
    uint64_t came;                /* when the first did, */
    uint32_t from;                /* and where from: its node stands where that of them does which came from the first channel */
    uint16_t room;                /* items for which there is room in the last row */
    bool gathers;                 /* no body may have it yet */
};

/* With `by`, of each slot. */
struct prt_of_worker {
    struct prt_line *lines; /* its queue; one for each channel where some come first */
    bool busy;              /* somebody runs the slot */
    bool listed;            /* among those with an item that is able */
    uint32_t next;          /* there: index + 1; 0 ends it */
};

/* `by` alone: an item that is being moved in. */
struct prt_whose {
    uint32_t worker, from;
};

/* No memory for what keeps a key. */
enum prt_starved { PRT_STARVED_NOT, PRT_STARVED, PRT_STARVED_NO_MORE /* since then a key was forgotten */ };

struct prt_store {
    /* Levels, everybody's: changed under the lock, `moving` by a swap. */
    _Alignas(128) prt_atomic_u64 moving; /* a thread moves items in */
    prt_atomic_u64 able;    /* items that a slot may take; with `by`, free slots that may take one: `nable`, as of the last section */
    prt_atomic_u64 kept;    /* items set aside */
    prt_atomic_u64 due;     /* when the first of those that wait for a time is able, or complete; PRT_NEVER: none does */
    prt_atomic_u64 starved; /* enum prt_starved */
    prt_atomic_u64 lowest;  /* ordered: the item with the lowest turn is able */

    /* Under the lock. */
    _Alignas(128) struct prt_mutex lock;
    uint64_t nable;
    struct prt_line *lines; /* items that are able; one line for each channel where some come first */
    struct prt_of_worker *workers;
    uint32_t first_able, last_able; /* slots: index + 1 */
    struct prt_node *oldest, *youngest;
    struct prt_heap heap;
    uint64_t armed, fired;  /* when the timer is to fire, PRT_NEVER: it is not; when it last did */
    struct prt_node *back;  /* free, for who moves; */
    uint64_t nback;         /* so many */
    prt_atomic_u64 holding; /* blocking: slots that were given an item and have not asked again */

    /* Set before any thread starts. */
    struct prt_stage *stage;
    struct prt_timer timer;
    size_t nlines;
    struct prt_keys *keys;  /* of each expression of which there is a limit */
    size_t nkeys;
    struct prt_groups *groups; /* NULL: a body gets one item */
    struct prt_turns *turns; /* that are drawn as items are moved in; NULL: none are */
    const struct prt_keyed_spec *by; /* NULL: any worker */
    size_t by_key;          /* which of the keys it has too; nkeys: none */
    const struct prt_keyed_spec **weights; /* of each limit, in their order */
    size_t nweights;
    bool weighs;            /* some items have others than 1 */
    uint64_t seed;
    size_t node_size, item_at; /* bytes of a node, and where its item is, or the first of them */
    uint64_t room;          /* `by` alone: items in a block */
    bool has_rates, has_bounds;
    bool has_times;         /* rates, or deadlines of groups */
    bool begins_later;      /* what is taken stands first in its queues until its body begins: other permits come after */
    bool goes_straight;     /* what waits for nothing is given to the slot of who moves it in, and stands nowhere */
    bool grows;             /* a channel does */

    /* Who moves has it. */
    struct prt_node *spare; /* free */
    struct prt_node *first, *last; /* moved, and not in its queues yet */
    unsigned char *moved;   /* `by` alone: the same, `nmoved` items, most_moved at most; */
    struct prt_whose *whose;
    uint64_t nmoved, most_moved;
    size_t look;            /* at which channel it begins */
    struct prt_nodes_chunk *chunk;
    uint64_t nnodes, nmade; /* in it; of these, that were in use */
    uint64_t total;         /* in all */
};

static inline unsigned char *prt_node_item_(const struct prt_store *store, const struct prt_node *node)
{
    return (unsigned char *)node + store->item_at;
}

/* Where there are limits, or groups. */
static inline struct prt_asks *prt_node_asks_(const struct prt_node *node)
{
    return (struct prt_asks *)(node + 1);
}

/* Whether a stage with this spec limits what begins for a key, beside sending it to a worker. */
bool prt_store_limits_(const struct prt_stage_spec *spec);

/* Ends a section under the store's lock. What has become able in it shows now: once for all, and before anybody is told. */
static inline void prt_store_unlock_(struct prt_store *store)
{
    if (prt_load_relaxed(&store->able) != store->nable)
        prt_store(&store->able, store->nable);
    prt_mutex_unlock(&store->lock);
}

/* Prepares a stage whose spec has keys, once its channels are ready and its slots are there. False: no memory. */
bool prt_store_make_(struct prt_stage *stage);
void prt_store_free_(struct prt_stage *stage);

/* The level: a slot that is free would find something, or what is in the channels can be moved. Without a look at slots but
 * for `by`. */
bool prt_store_is_ready_(struct prt_stage *stage);

/* Nothing is set aside, nor about to be: for who has found the channels empty. */
bool prt_store_is_empty_(const struct prt_store *store);

/* The table that the option's keys are in; NULL: it needs none. For --stats. */
const struct prt_keys *prt_store_keys_(const struct prt_store *store, const struct prt_keyed_spec *spec);

/* The stage has ended, and nobody takes any more: drops what is set aside, and counts it. */
void prt_store_drop_(struct prt_stage *stage);

#endif
