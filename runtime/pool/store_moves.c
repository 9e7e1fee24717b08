/* Moving items into a store. */
#include "pool/store_moves.h"

#include "pool/dedicated.h"
#include "pool/run_state.h"
#include "pool/stage.h"
#include "pool/store_able.h"
#include "pool/store_blocks.h"
#include "pool/store_groups.h"
#include "pool/store_news.h"
#include "pool/store_nodes.h"
#include "pool/store_queues.h"

#define MOVES 64           /* items of a channel in one go */
#define GOES 4             /* goes whose items enter together: as many as a slot takes in one */
#define RUNS 4             /* of those, before the thread looks for other work */

/* ---- keys ---------------------------------------------------------------------------------------------------------- */

static void ask_keys(const struct prt_store *store, struct prt_node *node)
{
    struct prt_worker *worker = store->stage->slots[0].worker;
    const void *item = prt_node_item_(store, node);
    struct prt_asks *asks = prt_node_asks_(node);
    struct prt_key key;

    for (size_t i = 0; i < store->nkeys; i++)
        store->keys[i].key(worker, item, &asks->of[i].of.key);
    for (size_t i = 0; store->weighs && !store->groups && i < store->nweights; i++) /* else those of a body have one */
        if (store->weights[i]->weight)
            asks->weights[i] = store->weights[i]->weight(worker, item);
    if (!store->by)
        return;
    if (store->by_key < store->nkeys)
        key = asks->of[store->by_key].of.key;
    else
        store->by->key(worker, item, &key);
    node->worker = prt_store_worker_of_(store, key);
}

/* ---- moving -------------------------------------------------------------------------------------------------------- */

static bool some_queued(const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->ins[0].nchans; i++)
        if (prt_chan_queued_(stage->ins[0].chans[i]) > 0)
            return true;
    return false;
}

bool prt_store_may_move_(const struct prt_store *store)
{
    const struct prt_stage *stage = store->stage;
    const uint64_t starved = prt_load(&store->starved);

    if (prt_load(&store->moving) || starved == PRT_STARVED || prt_load(&stage->asked)) /* handshake: moving */
        return false;
    if (starved == PRT_STARVED_NO_MORE)
        return true;
    return some_queued(stage) && (!store->turns || prt_turns_credit_(store->turns) > 0);
}

/* Up to `n` nodes with memory to move items into; how many. */
static uint64_t nodes_new(struct prt_store *store, struct prt_node **nodes, unsigned char **items, uint64_t n)
{
    uint64_t made = 0;

    while (made < n && (nodes[made] = prt_store_node_new_(store))) {
        items[made] = prt_node_item_(store, nodes[made]);
        made++;
    }
    return made;
}

static void node_moved(struct prt_store *store, struct prt_node *node, size_t from, uint64_t turn)
{
    node->from = (uint32_t)from;
    node->next = NULL;
    if (store->nkeys > 0) {
        struct prt_asks *asks = prt_node_asks_(node);

        asks->slot = NULL;
        asks->turn = turn;
        asks->rides = false;
    }
    ask_keys(store, node);
    if (store->groups)
        prt_groups_weigh_item_(store, node);
    *(store->last ? &store->last->next : &store->first) = node;
    store->last = node;
}

static uint64_t move_each(struct prt_store *store, size_t from, uint64_t n)
{
    struct prt_chan *chan = store->stage->ins[0].chans[from];
    struct prt_node *nodes[MOVES];
    unsigned char *items[MOVES];
    const uint64_t made = nodes_new(store, nodes, items, n);
    uint64_t turn = 0;

    n = 0;
    if (made > 0)
        n = prt_chan_move_(chan, items, made, store->turns, &turn);
    for (uint64_t i = 0; i < n; i++)
        node_moved(store, nodes[i], from, turn + i);
    for (uint64_t i = n; i < made; i++)
        prt_store_node_spare_(store, nodes[i]);
    return n;
}

/* A run of one channel's items; how many. */
static uint64_t move_from(struct prt_store *store, size_t from)
{
    const uint64_t queued = prt_chan_queued_(store->stage->ins[0].chans[from]), n = queued < MOVES ? queued : MOVES;

    return store->room > 1 ? prt_blocks_move_(store, from, n) : move_each(store, from, n);
}

/* From the first channel that has items, or in turn. */
static uint64_t move_one(struct prt_store *store)
{
    const struct prt_in_spec *in = &store->stage->ins[0];
    uint64_t n = 0;

    for (size_t i = 0; i < in->nchans && n == 0; i++) {
        const size_t at = in->preferred ? i : (store->look + i) % in->nchans;

        n = move_from(store, at);
        if (n > 0)
            store->look = (at + 1) % in->nchans;
    }
    return n;
}

static uint64_t move_run(struct prt_store *store)
{
    uint64_t n = 0, moved;
    unsigned goes = 0;

    do {
        moved = move_one(store);
        n += moved;
    } while (moved == MOVES && ++goes < GOES);
    return n;
}

/* Without memory what is queued waits until some is free. */
static void note_starved(struct prt_store *store)
{
    struct prt_news news = PRT_NO_NEWS;

    prt_mutex_lock(&store->lock);
    if (!store->back) {
        prt_store(&store->starved, PRT_STARVED);
        prt_store_relieve_(store, prt_store_now_(store), &news);
    }
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
}

/* There is memory again, and nothing that needs it can be moved now: that is no level any more. Nothing waits before what is queued. */
static void note_fed(struct prt_store *store)
{
    if (prt_load(&store->starved) != PRT_STARVED_NO_MORE)
        return;
    prt_mutex_lock(&store->lock);
    prt_store(&store->starved, PRT_STARVED_NOT);
    prt_store_unlock_(store);
}

/* How far one goes on. */
static bool goes_on(const struct prt_store *store, unsigned runs)
{
    return runs < RUNS && prt_load(&store->able) == 0 && prt_load(&store->starved) == PRT_STARVED_NOT &&
           !(store->groups && prt_load(&store->groups->to_weigh)) && some_queued(store->stage);
}

/* Whether something has gone straight to the slot: of the rest it may take none. */
static bool is_given(const struct prt_slot *slot)
{
    return slot && slot->node;
}

static void enter(struct prt_store *store, struct prt_slot *slot, uint64_t n, uint64_t most, uint64_t own)
{
    if (store->nkeys == 0)
        prt_blocks_enter_(store, own);
    else
        prt_store_enter_(store, slot, prt_store_share_(store, n + prt_load_relaxed(&store->able), most), own);
}

static void move_all(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t own)
{
    unsigned runs = 0;

    if (store->first)
        prt_store_enter_(store, NULL, 0, own);
    while (!store->first && runs++ < RUNS) {
        const uint64_t n = move_run(store);

        if (n > 0)
            enter(store, slot, n, most, own);
        else if (!store->spare && some_queued(store->stage) && store->nmade == store->nnodes)
            note_starved(store);
        else
            note_fed(store);
        if (n == 0 || is_given(slot) || !goes_on(store, runs))
            break;
    }
}

void prt_store_move_(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t own)
{
    if (!prt_store_may_move_(store) || prt_swap(&store->moving, 1))
        return;
    move_all(store, slot, most, own);
    if (is_given(slot))
        own = 0;
    prt_store(&store->moving, 0); /* handshake: moving */
    if (prt_store_may_move_(store) || prt_load(&store->able) > own)
        prt_store_published_(store->stage);
    else if (store->stage->spec.blocking && prt_stage_over_(store->stage)) /* while something was moved it was not */
        prt_dedicated_wake_all_(store->stage);
}
