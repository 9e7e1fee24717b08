/* Slots' hands: taking, bodies that begin and end, giving back. */
#include "pool/store_hands.h"

#include "limit/key_limits.h"
#include "pool/dedicated.h"
#include "pool/policy.h"
#include "pool/run_state.h"
#include "pool/stage.h"
#include "pool/store_able.h"
#include "pool/store_blocks.h"
#include "pool/store_groups.h"
#include "pool/store_moves.h"
#include "pool/store_nodes.h"
#include "pool/store_queues.h"

/* ---- taking -------------------------------------------------------------------------------------------------------- */

/* What has gone straight to the slot while items were moved in: it is the slot's already. */
static void take_given(struct prt_store *store, struct prt_slot *slot)
{
    struct prt_take *take = &slot->takes[0];
    const size_t size = take->chans[0]->item_size;

    take->start = prt_node_item_(store, slot->node);
    take->from = slot->node->from;
    take->n = 1 + slot->nrest;
    if (take->n == 1)
        return;
    prt_chan_copy_keyed_(take->hand, take->start, size);
    for (uint64_t i = 0; i < slot->nrest; i++)
        prt_chan_copy_keyed_(take->hand + (i + 1) * size, prt_node_item_(store, slot->rest[i]), size);
    take->start = take->hand;
}

static void take_limited(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    struct prt_take *take = &slot->takes[0];

    slot->node = node;
    slot->turn = prt_node_asks_(node)->turn;
    prt_store_take_node_(store, slot, node, now, news);
    take->start = prt_node_item_(store, node);
    take->from = node->from;
    take->n = 1;
}

/* The next of the key of an item in hand, which lacks nothing but what that one holds. Of one hand bodies run one after the
 * other, so both need no more than one does. */
static struct prt_node *choose_rider(const struct prt_store *store, const struct prt_node *holder, uint64_t now)
{
    const struct prt_asks *asks = prt_node_asks_(holder);
    struct prt_entry *entry = asks->of[0].of.in.entry;
    struct prt_node *next = entry->in.queue.first;

    if (store->by || store->nkeys > 1 || !next || next->behind > 0 || next->state != PRT_NODE_WAITS ||
        prt_node_asks_(next)->slot ||
        !prt_keys_may_ride_(&store->keys[0], entry, prt_node_asks_(next)->weights, asks->weights, now))
        return NULL;
    return next;
}

/* Further ones, where bodies cost little: of what is able a share, and then what else there is of a key in hand. */
static void take_more(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t now, struct prt_news *news)
{
    struct prt_take *take = &slot->takes[0];
    const size_t size = take->chans[0]->item_size;
    const uint64_t share = prt_store_share_(store, store->nable, most);
    struct prt_node *holder = slot->nrest > 0 ? slot->rest[slot->nrest - 1] : slot->node, *node;

    while (take->n < most) {
        const bool is_able = take->n < share && (node = prt_store_choose_(store, slot));

        if (!is_able)
            node = choose_rider(store, holder, now);
        if (!node || node->from != take->from)
            break;
        if (is_able)
            holder = node;
        else
            prt_node_asks_(node)->rides = true;
        if (take->n == 1) {
            prt_chan_copy_keyed_(take->hand, take->start, size);
            take->start = take->hand;
        }
        prt_chan_copy_keyed_(take->hand + take->n++ * size, prt_node_item_(store, node), size);
        slot->rest[slot->nrest++] = node;
        prt_store_take_node_(store, slot, node, now, news);
    }
}

/* Whether the last of all items has gone: who waits for another is to know. */
static bool is_the_last(const struct prt_store *store, uint64_t n)
{
    return store->stage->spec.blocking && prt_load(&store->kept) == n;
}

/* Items of one key, whole. Their turn is drawn only now, since which group is complete first was open. */
static bool take_group(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t now,
                       struct prt_news *news)
{
    struct prt_turns *turns = store->stage->turns;

    if (turns && prt_turns_draw_(turns, 1, &slot->turn) == 0)
        return false;
    slot->node = node;
    prt_store_take_node_(store, slot, node, now, news);
    slot->takes[0].n = prt_node_group_(store, node)->n;
    return true;
}

/* Nobody else looks at the group that was taken: it is copied without the lock. */
static void copy_group(struct prt_store *store, struct prt_slot *slot)
{
    struct prt_group *group = prt_node_group_(store, slot->node);
    struct prt_news news = PRT_NO_NEWS;

    prt_groups_copy_(store, slot->node, &slot->takes[0]);
    if (!group->rest)
        return;
    prt_mutex_lock(&store->lock);
    prt_store_nodes_give_(store, group->rest, group->last, prt_rows_count_(&store->groups->rows, group));
    group->rest = NULL;
    prt_store_note_memory_(store, &news);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
}

static void take(struct prt_store *store, struct prt_slot *slot, uint64_t most)
{
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);
    struct prt_take *take = &slot->takes[0];
    const uint64_t given = take->n;
    struct prt_node *node;
    bool last = false, grouped = false;

    prt_mutex_lock(&store->lock);
    prt_store_look_at_due_(store, now, &news);
    node = given > 0 ? slot->node : prt_store_choose_(store, slot);
    if (node && store->nkeys == 0)
        prt_blocks_take_(store, slot, node, most, &news);
    else if (node && store->groups)
        grouped = take_group(store, slot, node, now, &news);
    else if (node && given == 0)
        take_limited(store, slot, node, now, &news);
    if (node && store->nkeys > 0 && most > 1)
        take_more(store, slot, most, now, &news);
    if (take->n > given) {
        last = is_the_last(store, take->n);
        slot->holds = store->stage->spec.blocking;
        prt_add(&store->holding, slot->holds);
        prt_sub(&store->kept, take->n - given);
    }
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
    if (grouped)
        copy_group(store, slot);
    if (last)
        prt_dedicated_wake_all_(store->stage);
}

/* One that is complete may be so only since the last look, and wait for being weighed. */
static void take_next_group(struct prt_store *store, struct prt_slot *slot)
{
    do {
        prt_store_weigh_(store, !store->by);
        take(store, slot, 1);
    } while (slot->takes[0].n == 0 && prt_load(&store->groups->to_weigh));
}

/* It has nothing any more, of what it had. */
static void put_down(struct prt_store *store, struct prt_slot *slot)
{
    if (!slot->holds)
        return;
    slot->holds = false;
    prt_sub(&store->holding, 1);
}

/* While slow bodies are expected, none is held to be quick. */
static void expect_slow(struct prt_stage *stage)
{
    if (prt_load_relaxed(&stage->wary_until) && prt_load_relaxed(&stage->cost) < PRT_WARY_COST_NS)
        prt_store_relaxed(&stage->cost, PRT_WARY_COST_NS);
}

bool prt_store_take_(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    struct prt_store *store = stage->store;
    struct prt_take *const hand = &slot->takes[0];
    uint64_t most;

    expect_slow(stage);
    most = store->nkeys == 0 || prt_stage_hides_(stage) ? prt_batch_kept_(slot) : 1;
    hand->n = hand->begun = 0;
    put_down(store, slot);
    prt_store_move_(store, slot, store->goes_straight ? most : 0, !store->by);
    if (slot->node)
        take_given(store, slot);
    if (store->groups)
        take_next_group(store, slot);
    else if (hand->n < most) /* else what has gone straight fills the hand */
        take(store, slot, most);
    if (hand->n == 0)
        return false;
    slot->hidden = hand->n > 1 && prt_stage_hides_(stage);
    if (stage->turns)
        prt_batch_enter_turns_(slot, 1);
    return true;
}

/* ---- bodies -------------------------------------------------------------------------------------------------------- */

void prt_store_begin_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);

    prt_mutex_lock(&store->lock);
    slot->keyed_from = now;
    prt_store_begin_of_keys_(store, slot->node, now, now, &news);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
}

/* What one of the slot's items held. `again`: it keeps its keys. */
static void give_back(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, bool again, uint64_t now,
                      struct prt_news *news)
{
    struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++) {
        struct prt_entry *entry = asks->of[i].of.in.entry;
        struct prt_node *first = entry->in.queue.first;

        prt_keys_give_(&store->keys[i], entry, asks->weights, asks->rides);
        if (!again)
            prt_keys_leave_(&store->keys[i], entry, now);
        prt_store_look_at_first_(store, first, slot->keyed_until, now, news);
    }
    if (again)
        node->state = PRT_NODE_FREE; /* in no queue, though the slot's */
    else
        prt_store_node_free_(store, node);
}

static void give_all_back(struct prt_store *store, struct prt_slot *slot, uint64_t now, struct prt_news *news)
{
    const bool again = prt_tries_wait_(slot->tries);

    while (slot->nrest > 0)
        give_back(store, slot, slot->rest[--slot->nrest], false, now, news);
    give_back(store, slot, slot->node, again, now, news);
    if (!again)
        slot->node = NULL;
    prt_store_note_memory_(store, news);
}

void prt_store_end_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);

    slot->keyed_until = slot->keyed_from + (slot->returned - slot->begun_at);
    prt_mutex_lock(&store->lock);
    give_all_back(store, slot, now, &news);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, !store->by && !slot->owner);
}

/* ---- once more ----------------------------------------------------------------------------------------------------- */

bool prt_store_ask_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct prt_node *node = slot->node;
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);
    bool granted;

    prt_mutex_lock(&store->lock);
    if (node->state == PRT_NODE_FREE) {
        prt_node_asks_(node)->slot = slot;
        prt_node_asks_(node)->since = now;
        prt_store_enter_first_(store, node, now, &news);
    }
    granted = node->state == PRT_NODE_TAKEN;
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
    return granted;
}

bool prt_store_granted_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    bool granted;

    prt_mutex_lock(&store->lock);
    granted = slot->node->state == PRT_NODE_TAKEN;
    prt_store_unlock_(store);
    return granted;
}

void prt_store_give_up_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);

    if (!slot->node)
        return;
    prt_mutex_lock(&store->lock);
    for (size_t i = 0; i < store->nkeys; i++)
        prt_keys_leave_(&store->keys[i], prt_node_asks_(slot->node)->of[i].of.in.entry, now);
    prt_store_node_free_(store, slot->node);
    prt_store_note_memory_(store, &news);
    slot->node = NULL;
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
}

/* ---- what has not begun -------------------------------------------------------------------------------------------- */

void prt_store_hand_back_(struct prt_slot *slot, uint64_t kept)
{
    struct prt_store *store = slot->stage->store;
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);

    prt_mutex_lock(&store->lock);
    for (; slot->nrest + 1 > kept && slot->nrest > 0; prt_add(&store->kept, 1))
        prt_store_enter_again_(store, slot->rest[--slot->nrest], now, &news);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
}

bool prt_store_may_hand_back_(const struct prt_stage *stage)
{
    return stage->store->nkeys > 0 && !stage->store->groups && !stage->store->by && stage->nslots > 1 && !stage->turns;
}
