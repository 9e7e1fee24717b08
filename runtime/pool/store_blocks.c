/* Blocks of items, of workers that are chosen by a key. */
#include "pool/store_blocks.h"

#include "pool/run_state.h"
#include "pool/stage.h"
#include "pool/store_able.h"
#include "pool/store_nodes.h"

#define ROOM_MOST 32
#define COPIED_MOST 512 /* bytes of an item that is copied once more */
#define MOVED_MOST 256  /* items, as many as a slot takes in one */

/* ---- memory -------------------------------------------------------------------------------------------------------- */

static uint64_t lines(const struct prt_store *store)
{
    return store->stage->nslots * store->nlines;
}

uint64_t prt_blocks_room_(const struct prt_store *store, uint64_t n)
{
    const struct prt_in_spec *in = &store->stage->ins[0];
    const uint64_t room = n / (4 * lines(store));

    if (in->nchans > store->nlines || in->chans[0]->item_size > COPIED_MOST) /* a block has items of one channel: they may alternate */
        return 1;
    if (store->grows)
        return ROOM_MOST;
    return room < 1 ? 1 : room > ROOM_MOST ? ROOM_MOST : room;
}

uint64_t prt_blocks_count_(const struct prt_store *store, uint64_t n)
{
    return store->room > 1 ? n / store->room + 2 * lines(store) : n;
}

bool prt_blocks_make_(struct prt_store *store, uint64_t n)
{
    const uint64_t most = n < MOVED_MOST && !store->grows ? n : MOVED_MOST;
    struct prt_memory *memory = &store->stage->run->memory;

    if (store->room == 1)
        return true;
    store->moved = prt_memory_new_(memory, most * store->stage->ins[0].chans[0]->item_size, PRT_LINE);
    store->whose = prt_memory_new_(memory, most * sizeof *store->whose, PRT_LINE);
    store->most_moved = most;
    return store->moved && store->whose;
}

/* ---- moving -------------------------------------------------------------------------------------------------------- */

/* Sees that there are blocks for `n` more items, as each worker's last may be full: for how many there are. Those that were moved
 * have theirs. */
static uint64_t reserve(struct prt_store *store, uint64_t n)
{
    const uint64_t all = store->nmoved + n, most = lines(store) + all / store->room, blocks = all < most ? all : most;
    const uint64_t there = prt_store_nodes_reserve_(store, blocks);

    return there == blocks ? n : there > store->nmoved ? there - store->nmoved : 0;
}

uint64_t prt_blocks_move_(struct prt_store *store, size_t from, uint64_t n)
{
    struct prt_chan *chan = store->stage->ins[0].chans[from];
    struct prt_worker *worker = store->stage->slots[0].worker;
    unsigned char *items = store->moved + store->nmoved * chan->item_size;
    struct prt_key key;
    uint64_t at, turn;

    if (n > store->most_moved - store->nmoved)
        n = store->most_moved - store->nmoved;
    if (store->grows)
        n = reserve(store, n);
    n = n > 0 ? prt_chan_take_(chan, items, n, &at, NULL, &turn) : 0;
    for (uint64_t i = 0; i < n; i++) {
        store->by->key(worker, items + i * chan->item_size, &key);
        store->whose[store->nmoved++] = (struct prt_whose){ .worker = prt_store_worker_of_(store, key), .from = (uint32_t)from };
    }
    return n;
}

static void enter(struct prt_store *store, struct prt_node *block, struct prt_news *news)
{
    if (prt_store_enter_worker_(store, block))
        prt_store_list_worker_(store, block->worker, news);
}

static void enter_each(struct prt_store *store, struct prt_news *news)
{
    for (struct prt_node *node = store->first, *next; node; node = next) {
        next = node->next;
        node->block.n = 1;
        node->block.taken = 0;
        enter(store, node, news);
        store->nmoved++;
    }
    store->first = store->last = NULL;
}

static void put(struct prt_store *store, struct prt_whose whose, const unsigned char *item, size_t size, struct prt_news *news)
{
    struct prt_line *line = &store->workers[whose.worker].lines[store->nlines > 1 ? whose.from : 0];
    struct prt_node *node = line->last;

    if (!node || node->block.n == store->room || node->from != whose.from) {
        node = prt_store_node_reserved_(store);
        node->from = whose.from;
        node->worker = whose.worker;
        node->block.n = node->block.taken = 0;
        enter(store, node, news);
    }
    prt_chan_copy_keyed_(prt_node_item_(store, node) + node->block.n++ * size, item, size);
}

void prt_blocks_enter_(struct prt_store *store, uint64_t own)
{
    const size_t size = store->stage->ins[0].chans[0]->item_size;
    struct prt_news news = PRT_NO_NEWS;

    prt_mutex_lock(&store->lock);
    if (store->room == 1)
        enter_each(store, &news);
    for (uint64_t i = 0; store->room > 1 && i < store->nmoved; i++)
        put(store, store->whose[i], store->moved + i * size, size, &news);
    prt_add(&store->kept, store->nmoved);
    store->nmoved = 0;
    if (prt_load_relaxed(&store->starved) != PRT_STARVED_NOT)
        prt_store(&store->starved, PRT_STARVED_NOT);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, own);
}

/* ---- taking -------------------------------------------------------------------------------------------------------- */

void prt_blocks_take_(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t most, struct prt_news *news)
{
    struct prt_take *take = &slot->takes[0];
    const size_t size = take->chans[0]->item_size;

    take->start = take->hand;
    take->from = node->from;
    while (node && node->from == take->from && take->n < most) {
        const uint64_t there = node->block.n - node->block.taken;
        const uint64_t n = there < most - take->n ? there : most - take->n;
        struct prt_node *next;

        memcpy(take->hand + take->n * size, prt_node_item_(store, node) + node->block.taken * size, n * size);
        take->n += n;
        node->block.taken += (uint32_t)n;
        if (n < there)
            break;
        next = prt_store_leave_worker_(store, node);
        prt_store_node_free_(store, node);
        node = next;
    }
    prt_store_note_memory_(store, news);
}
