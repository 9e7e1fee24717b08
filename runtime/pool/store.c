/* The store: made, looked at, emptied. */
#include "pool/store.h"

#include "pool/cycle.h"
#include "pool/run_state.h"
#include "pool/stage.h"
#include "pool/store_able.h"
#include "pool/store_blocks.h"
#include "pool/store_groups.h"
#include "pool/store_moves.h"
#include "pool/store_nodes.h"

/* ---- levels -------------------------------------------------------------------------------------------------------- */

bool prt_store_is_ready_(struct prt_stage *stage)
{
    const struct prt_store *store = stage->store;
    uint64_t due;

    if (prt_store_may_move_(store))
        return true;
    if (store->turns && prt_store_is_one_free_(store, false))
        return prt_load(&store->lowest);
    if (prt_load(&store->able) > 0)
        return true;
    if (store->groups && (prt_load(&store->groups->to_weigh) || prt_groups_are_over_(store)))
        return true;
    due = prt_load(&store->due);
    return due != PRT_NEVER && due <= prt_now();
}

bool prt_store_is_empty_(const struct prt_store *store)
{
    /* In this order: who moves counts what it has moved before it clears `moving`, or says that nothing waits for memory. */
    return !prt_load(&store->moving) && prt_load(&store->starved) == PRT_STARVED_NOT && prt_load(&store->kept) == 0;
}

/* ---- the end ------------------------------------------------------------------------------------------------------- */

static void drop_items(struct prt_chan *chan, unsigned char *items, uint64_t n)
{
    prt_chan_drop_(chan, items, n);
    prt_add(prt_run_aborted_(chan->run) ? &chan->left : &chan->discarded, n);
    prt_chan_begin_(chan, n);
    prt_cycle_lower_(chan->run, chan->spec.cycle, n);
    prt_chan_pass_room_(chan);
}

static void drop_item(struct prt_store *store, uint32_t from, unsigned char *item)
{
    drop_items(store->stage->ins[0].chans[from], item, 1);
}

static void drop_blocks(struct prt_store *store, const struct prt_node *node)
{
    for (; node; node = node->next) {
        struct prt_chan *chan = store->stage->ins[0].chans[node->from];

        drop_items(chan, prt_node_item_(store, node) + node->block.taken * chan->item_size, node->block.n - node->block.taken);
    }
}

static void drop(struct prt_store *store, struct prt_node *node)
{
    drop_item(store, node->from, prt_node_item_(store, node));
}

static void drop_line(struct prt_store *store, struct prt_node *node)
{
    for (struct prt_node *next; node; node = next) {
        next = node->next;
        drop(store, node);
    }
}

static void drop_group(struct prt_store *store, struct prt_node *node)
{
    const struct prt_group *group = prt_node_group_(store, node);
    const struct prt_rows *rows = &store->groups->rows;

    for (struct prt_walk walk = prt_rows_walk_(group); walk.left > 0; prt_rows_step_(rows, &walk))
        drop_item(store, prt_rows_from_(rows, &walk), prt_rows_item_(rows, &walk));
    drop_item(store, group->from, prt_node_item_(store, node));
}

void prt_store_drop_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;
    struct prt_node *node;

    prt_timer_unset_(&stage->run->timers, &store->timer);
    prt_mutex_lock(&store->lock);
    node = store->oldest;
    store->heap.n = 0;
    if (store->groups)
        prt_groups_forget_(store); /* the timer may have fired already */
    prt_store(&store->due, PRT_NEVER);
    prt_store(&store->kept, 0);
    prt_mutex_unlock(&store->lock);
    for (struct prt_node *next; node; node = next) {
        next = prt_node_asks_(node)->younger;
        if (store->groups)
            drop_group(store, node);
        else
            drop(store, node);
    }
    for (uint64_t i = 0; store->nkeys == 0 && i < stage->nslots * store->nlines; i++)
        drop_blocks(store, store->lines[i].first);
    drop_line(store, store->first);
    store->first = store->last = NULL;
}

/* ---- making -------------------------------------------------------------------------------------------------------- */

bool prt_store_limits_(const struct prt_stage_spec *spec)
{
    for (size_t i = 0; i < spec->nkeyed; i++)
        if (spec->keyed[i].kind == PRT_RATE_PER_KEY || spec->keyed[i].kind == PRT_BOUND_PER_KEY)
            return true;
    return false;
}

/* The table of the expression; a new one, which `most` are enough for. */
static struct prt_keys *keys_of(struct prt_store *store, const struct prt_keyed_spec *spec)
{
    for (size_t i = 0; i < store->nkeys; i++)
        if (store->keys[i].key == spec->key)
            return &store->keys[i];
    store->keys[store->nkeys].key = spec->key;
    return &store->keys[store->nkeys++];
}

static bool add_limit(struct prt_store *store, const struct prt_keyed_spec *spec)
{
    struct prt_keys *keys = keys_of(store, spec);
    const bool is_rate = spec->kind == PRT_RATE_PER_KEY;

    if (!keys->limits)
        keys->limits = prt_memory_new_(&store->stage->run->memory, store->stage->spec.nkeyed * sizeof *keys->limits, 8);
    if (!keys->limits)
        return false;
    keys->limits[keys->nlimits++] = (struct prt_key_limit){ .is_rate = is_rate, .per_second = spec->per_second,
                                                            .most = is_rate ? spec->burst : spec->permits,
                                                            .weight = store->nweights };
    store->weights[store->nweights++] = spec;
    store->weighs = store->weighs || spec->weight;
    store->has_rates = store->has_rates || is_rate;
    store->has_bounds = store->has_bounds || !is_rate;
    return true;
}

static bool add_all(struct prt_store *store)
{
    const struct prt_stage *stage = store->stage;

    for (size_t i = 0; i < stage->spec.nkeyed; i++)
        if (stage->keyed[i].kind == PRT_BATCH_PER_KEY)
            keys_of(store, &stage->keyed[i]);
        else if (stage->keyed[i].kind == PRT_BY_KEY)
            store->by = &stage->keyed[i];
        else if (!add_limit(store, &stage->keyed[i]))
            return false;
    store->by_key = store->nkeys;
    for (size_t i = 0; store->by && i < store->nkeys; i++)
        if (store->keys[i].key == store->by->key)
            store->by_key = i;
    for (size_t i = 0; i < store->nkeys; i++) {
        store->keys[i].seed = store->seed;
        if (!prt_keys_make_(&store->keys[i]))
            return false;
    }
    return true;
}

static size_t rounded(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

#define FIRST_NODES 64 /* where a channel grows */

/* How many items there are in the channels and bodies. */
static uint64_t count_items(struct prt_store *store)
{
    const struct prt_in_spec *in = store->stage->ins;
    uint64_t n = store->stage->nslots;

    for (size_t i = 0; i < in->nchans; i++) {
        store->grows = store->grows || in->chans[i]->grows;
        n += in->chans[i]->grows ? FIRST_NODES : in->chans[i]->cap;
    }
    return n;
}

static void lay_out(struct prt_store *store)
{
    const struct prt_in_spec *in = &store->stage->ins[0];
    size_t size = sizeof(struct prt_node);

    if (store->nkeys > 0)
        size += sizeof(struct prt_asks) + store->nkeys * sizeof(struct prt_ask) + store->nweights * sizeof(uint64_t);
    if (store->groups) {
        store->groups->at = size;
        size += sizeof(struct prt_group);
    }
    store->item_at = rounded(size);
    store->node_size = rounded(store->item_at + store->room * in->chans[0]->item_size);
    if (!store->groups)
        return;
    store->groups->rows = (struct prt_rows){ .size = in->chans[0]->item_size, .item_at = store->item_at,
                                             .node_size = store->node_size, .mixed = in->nchans > 1 };
    prt_rows_make_(&store->groups->rows);
}

static bool make_lines(struct prt_store *store)
{
    const struct prt_stage *stage = store->stage;
    struct prt_memory *memory = &stage->run->memory;
    const size_t lines = store->by ? stage->nslots * store->nlines : store->nlines;

    store->lines = prt_memory_new_(memory, lines * sizeof *store->lines, PRT_LINE);
    if (!store->lines || !store->by)
        return store->lines != NULL;
    store->workers = prt_memory_new_(memory, stage->nslots * sizeof *store->workers, PRT_LINE);
    for (uint32_t i = 0; store->workers && i < stage->nslots; i++)
        store->workers[i].lines = &store->lines[i * store->nlines];
    return store->workers != NULL;
}

const struct prt_keys *prt_store_keys_(const struct prt_store *store, const struct prt_keyed_spec *spec)
{
    for (size_t i = 0; i < store->nkeys && spec->kind != PRT_BY_KEY; i++)
        if (store->keys[i].key == spec->key)
            return &store->keys[i];
    return NULL;
}

bool prt_store_make_(struct prt_stage *stage)
{
    struct prt_memory *memory = &stage->run->memory;
    const struct prt_stage_spec *spec = &stage->spec;
    struct prt_store *store;
    uint64_t items;

    if (spec->nkeyed == 0)
        return true;
    store = prt_memory_new_(memory, sizeof *store, PRT_LINE_PAIR);
    if (!store)
        return false;
    stage->store = store;
    store->stage = stage;
    store->timer = (struct prt_timer){ .kind = PRT_TIMER_STORE, .of.stage = stage };
    store->armed = PRT_NEVER;
    prt_store_relaxed(&store->due, PRT_NEVER);
    store->nlines = stage->ins[0].preferred ? stage->ins[0].nchans : 1;
    store->seed = stage->run->key_seed[0] + stage->index;
    store->keys = prt_memory_new_(memory, spec->nkeyed * sizeof *store->keys, PRT_LINE);
    store->weights = prt_memory_new_(memory, spec->nkeyed * sizeof(struct prt_keyed_spec *), 8);
    if (!store->keys || !store->weights || !add_all(store) || !prt_groups_make_(store))
        return false;
    store->turns = store->groups ? NULL : stage->turns;
    store->has_times = store->has_rates || (store->groups && spec->within > 0);
    store->begins_later = (spec->rate || spec->nbounds > 0) && store->nkeys > 0;
    store->goes_straight = store->nkeys > 0 && !store->groups && !store->by && !store->begins_later && !stage->turns &&
                           !spec->blocking && store->nlines == 1;
    items = count_items(store);
    store->room = store->nkeys == 0 ? prt_blocks_room_(store, items) : 1;
    lay_out(store);
    if (store->nkeys > 0)
        return make_lines(store) && prt_store_nodes_make_(store, items);
    return make_lines(store) && prt_blocks_make_(store, items) && prt_store_nodes_make_(store, prt_blocks_count_(store, items));
}

void prt_store_free_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;

    if (!store)
        return;
    for (size_t i = 0; store->keys && i < store->nkeys; i++)
        prt_keys_free_(&store->keys[i]);
    prt_store_nodes_free_(store);
}
