/* The store: queues of keys, what is able, taking, giving back. */
#include "pool/store.h"

#include <stdlib.h>

#include "pool/cycle.h"
#include "pool/dedicated.h"
#include "pool/look.h"
#include "pool/moves.h"
#include "pool/run_state.h"

/* What is to be told when the lock is no longer held. */
struct news {
    uint64_t able;          /* items, or slots, that have become so */
    struct prt_slot *woken; /* slots to be woken, by `next_woken` */
    uint64_t arm;           /* when the timer is to fire; PRT_NEVER: as it is */
};

static const struct news no_news = { .arm = PRT_NEVER };

/* ---- telling ------------------------------------------------------------------------------------------------------ */

void prt_store_published_(struct prt_stage *stage)
{
    const bool by = stage->store->by != NULL;

    if (stage->spec.blocking) {
        prt_dedicated_wake_some_(stage, 1);
    } else if (by || prt_stage_has_free_(stage)) {
        prt_pool_hint_(stage->ins[0].chans[0]);
        prt_pool_needs_(&stage->run->pool);
    }
}

/* `own`: of what is able the caller goes on to take so many. */
static void tell(struct prt_store *store, const struct news *news, uint64_t own)
{
    struct prt_stage *stage = store->stage;
    struct prt_slot *next;

    if (news->arm != PRT_NEVER)
        prt_timer_set_(&stage->run->timers, &store->timer, news->arm);
    for (struct prt_slot *slot = news->woken; slot; slot = next) {
        next = slot->next_woken;
        prt_slot_wake_(slot);
    }
    if (news->able <= own)
        return;
    if (stage->spec.blocking)
        prt_dedicated_wake_some_(stage, news->able);
    else
        prt_store_published_(stage);
}

/* ---- able --------------------------------------------------------------------------------------------------------- */

static struct prt_line *line_of(struct prt_line *lines, const struct prt_store *store, const struct prt_node *node)
{
    return &lines[store->nlines > 1 ? node->from : 0];
}

static void line_enter(struct prt_line *line, struct prt_node *node)
{
    node->next = NULL;
    *(line->last ? &line->last->next : &line->first) = node;
    line->last = node;
}

static void note_lowest(struct prt_store *store)
{
    if (store->stage->turns)
        prt_store(&store->lowest, store->oldest && store->oldest->state == PRT_NODE_ABLE);
}

static void worker_enter(struct prt_store *store, uint32_t index, struct news *news)
{
    struct prt_of_worker *of = &store->workers[index];
    struct prt_slot *slot = &store->stage->slots[index];

    if (slot->owner) {
        slot->next_woken = news->woken;
        news->woken = slot;
        return;
    }
    if (of->busy || of->listed)
        return;
    of->listed = true;
    of->next = 0;
    *(store->last_able ? &store->workers[store->last_able - 1].next : &store->first_able) = index + 1;
    store->last_able = index + 1;
    prt_add(&store->able, 1);
    news->able++;
}

static void grant(struct prt_store *store, struct prt_node *node, struct news *news);

static void make_able(struct prt_store *store, struct prt_node *node, struct news *news)
{
    struct prt_line *line;

    if (store->nkeys > 0 && prt_node_asks_(node)->slot) {
        grant(store, node, news);
        return;
    }
    node->state = PRT_NODE_ABLE;
    if (store->by) {
        worker_enter(store, node->worker, news);
        return;
    }
    line = line_of(store->lines, store, node);
    prt_node_asks_(node)->before = line->last;
    line_enter(line, node);
    prt_add(&store->able, 1);
    news->able++;
}

static void line_leave(struct prt_store *store, struct prt_node *node)
{
    struct prt_line *line = line_of(store->lines, store, node);
    struct prt_node *before = prt_node_asks_(node)->before;

    *(before ? &before->next : &line->first) = node->next;
    if (node->next)
        prt_node_asks_(node->next)->before = before;
    else
        line->last = before;
    prt_sub(&store->able, 1);
}

/* ---- time --------------------------------------------------------------------------------------------------------- */

/* Many times that come due one after the other are looked at together, a little late. */
static void arm_timer(struct prt_store *store, struct news *news)
{
    const struct prt_due *first = prt_heap_first_(&store->heap);
    uint64_t at = first ? first->at : PRT_NEVER;

    prt_store(&store->due, at);
    if (at < store->fired + prt_grain_)
        at = store->fired + prt_grain_;
    if (first && at < store->armed)
        store->armed = news->arm = at;
}

static void wait_until(struct prt_store *store, struct prt_node *node, uint64_t at, struct news *news)
{
    node->state = PRT_NODE_TIMED;
    prt_heap_set_(&store->heap, &prt_node_asks_(node)->due, at);
    arm_timer(store, news);
}

/* ---- an item that is first ---------------------------------------------------------------------------------------- */

/* From when on its keys have what it needs. */
static uint64_t able_at(const struct prt_store *store, const struct prt_node *node, uint64_t now)
{
    const struct prt_asks *asks = prt_node_asks_(node);
    uint64_t latest = now;

    for (size_t i = 0; i < store->nkeys && latest != PRT_NEVER; i++)
        latest = prt_keys_able_at_(&store->keys[i], asks->of[i].of.in.entry, asks->weights, latest);
    return latest;
}

/* It is first in all of its queues, and nothing else is known of it. */
static void look_at(struct prt_store *store, struct prt_node *node, uint64_t now, struct news *news)
{
    const uint64_t at = able_at(store, node, now);

    if (at == now)
        make_able(store, node, news);
    else if (at != PRT_NEVER)
        wait_until(store, node, at, news);
    note_lowest(store);
}

static void note_since(struct prt_node *node, uint64_t when)
{
    struct prt_asks *asks = prt_node_asks_(node);

    if (prt_time_is_before_(asks->since, when))
        asks->since = when;
}

/* One of its queues less has another before it. */
static void step_forward(struct prt_store *store, struct prt_node *node, uint64_t when, uint64_t now, struct news *news)
{
    if (store->nkeys > 0)
        note_since(node, when);
    if (--node->behind == 0)
        look_at(store, node, now, news);
}

/* It is not first any more: what was known of it does not hold. */
static void step_back(struct prt_store *store, struct prt_node *node, struct news *news)
{
    node->behind++;
    if (node->state == PRT_NODE_ABLE && !store->by)
        line_leave(store, node);
    if (node->state == PRT_NODE_TIMED) {
        prt_heap_remove_(&store->heap, &prt_node_asks_(node)->due);
        arm_timer(store, news);
    }
    node->state = PRT_NODE_WAITS;
    note_lowest(store);
}

/* Those that wait for a time which has come. */
static void look_at_due(struct prt_store *store, uint64_t now, struct news *news)
{
    struct prt_due *first;

    if (!store->has_rates || prt_load_relaxed(&store->due) > now)
        return;
    while ((first = prt_heap_first_(&store->heap)) && first->at <= now) {
        struct prt_node *node = (struct prt_node *)first - 1; /* the first member of what it asks */

        prt_heap_remove_(&store->heap, first);
        node->state = PRT_NODE_WAITS;
        look_at(store, node, now, news);
    }
    arm_timer(store, news);
}

/* ---- entering, leaving -------------------------------------------------------------------------------------------- */

/* False: there is no memory for one of its keys, and it stands nowhere. */
static bool find_entries(struct prt_store *store, struct prt_node *node, uint64_t now)
{
    struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++) {
        struct prt_entry *entry = prt_keys_use_(&store->keys[i], asks->of[i].of.key, now);

        if (entry) {
            asks->of[i].of.in.entry = entry;
            continue;
        }
        while (i-- > 0) {
            const struct prt_key key = asks->of[i].of.in.entry->key;

            prt_keys_leave_(&store->keys[i], asks->of[i].of.in.entry, now);
            asks->of[i].of.key = key;
        }
        return false;
    }
    return true;
}

static void age_enter(struct prt_store *store, struct prt_node *node)
{
    struct prt_asks *asks = prt_node_asks_(node);

    asks->younger = NULL;
    asks->older = store->youngest;
    *(store->youngest ? &prt_node_asks_(store->youngest)->younger : &store->oldest) = node;
    store->youngest = node;
}

static void age_leave(struct prt_store *store, struct prt_node *node)
{
    const struct prt_asks *asks = prt_node_asks_(node);

    *(asks->older ? &prt_node_asks_(asks->older)->younger : &store->oldest) = asks->younger;
    *(asks->younger ? &prt_node_asks_(asks->younger)->older : &store->youngest) = asks->older;
}

static void queue_enter(struct prt_node *node, size_t i)
{
    struct prt_ask *ask = &prt_node_asks_(node)->of[i];
    struct prt_entry *entry = ask->of.in.entry;
    struct prt_node *last = entry->in.queue.last;

    ask->of.in.next = NULL;
    if (last)
        prt_node_asks_(last)->of[i].of.in.next = node;
    else
        entry->in.queue.first = node;
    entry->in.queue.last = node;
    node->behind += last != NULL;
}

/* In front of all that no slot has. */
static void queue_enter_first(struct prt_store *store, struct prt_node *node, size_t i, struct news *news)
{
    struct prt_ask *ask = &prt_node_asks_(node)->of[i];
    struct prt_entry *entry = ask->of.in.entry;
    struct prt_node *first = entry->in.queue.first;

    if (first && first->state == PRT_NODE_TAKEN) {
        struct prt_ask *before = &prt_node_asks_(first)->of[i];

        ask->of.in.next = before->of.in.next;
        before->of.in.next = node;
        node->behind++;
    } else {
        ask->of.in.next = first;
        entry->in.queue.first = node;
        if (first)
            step_back(store, first, news);
    }
    if (!ask->of.in.next)
        entry->in.queue.last = node;
}

/* The first of the queue. */
static void queue_leave(struct prt_store *store, struct prt_node *node, size_t i, uint64_t when, uint64_t now,
                        struct news *news)
{
    struct prt_ask *ask = &prt_node_asks_(node)->of[i];
    struct prt_entry *entry = ask->of.in.entry;

    entry->in.queue.first = ask->of.in.next;
    if (entry->in.queue.first)
        step_forward(store, entry->in.queue.first, when, now, news);
    else
        entry->in.queue.last = NULL;
}

static bool enter(struct prt_store *store, struct prt_node *node, uint64_t now, struct news *news)
{
    if (!find_entries(store, node, now))
        return false;
    node->state = PRT_NODE_WAITS;
    node->behind = 0;
    if (store->by) {
        struct prt_line *line = line_of(store->workers[node->worker].lines, store, node);

        node->behind += line->first != NULL;
        line_enter(line, node);
    }
    if (store->nkeys > 0) {
        prt_node_asks_(node)->since = now;
        age_enter(store, node);
    }
    for (size_t i = 0; i < store->nkeys; i++)
        queue_enter(node, i);
    if (node->behind == 0)
        look_at(store, node, now, news);
    return true;
}

static uint64_t now_of(const struct prt_store *store)
{
    return store->has_rates ? prt_now() : 0;
}

/* There is no memory for one of its keys: it waits until another one is forgotten. */
static void starve(struct prt_store *store, uint64_t now)
{
    struct prt_timers *timers = &store->stage->run->timers;
    uint64_t earliest = PRT_NEVER;

    for (size_t i = 0; i < store->nkeys && earliest > 0; i++) {
        const uint64_t at = prt_keys_sweep_(&store->keys[i], now);

        earliest = at < earliest ? at : earliest;
    }
    prt_store(&store->starved, earliest > 0 ? PRT_STARVED : PRT_STARVED_NO_MORE);
    if (earliest > 0 && earliest < store->armed) {
        store->armed = earliest;
        prt_timer_set_(timers, &store->timer, earliest);
    }
}

void prt_store_enter_(struct prt_store *store, uint64_t own)
{
    struct news news = no_news;
    const uint64_t now = now_of(store);
    struct prt_node *node;
    uint64_t n = 0;

    prt_mutex_lock(&store->lock);
    for (; (node = store->first); n++) {
        struct prt_node *const next = node->next;

        if (!enter(store, node, now, &news))
            break;
        store->first = next;
    }
    if (!node)
        store->last = NULL;
    prt_add(&store->kept, n);
    if (node)
        starve(store, now);
    else if (prt_load_relaxed(&store->starved) != PRT_STARVED_NOT)
        prt_store(&store->starved, PRT_STARVED_NOT);
    prt_mutex_unlock(&store->lock);
    tell(store, &news, own);
}

/* ---- memory for another item -------------------------------------------------------------------------------------- */

/* Memory has become free, of which some item may stand in need. */
static void note_memory(struct prt_store *store, struct news *news)
{
    if (prt_load_relaxed(&store->starved) != PRT_STARVED)
        return;
    prt_store(&store->starved, PRT_STARVED_NO_MORE);
    news->able++;
}

static void node_free(struct prt_store *store, struct prt_node *node, struct news *news)
{
    node->state = PRT_NODE_FREE;
    node->next = store->back;
    store->back = node;
    note_memory(store, news);
}

/* ---- taking ------------------------------------------------------------------------------------------------------- */

/* The body of the item begins at `when`, or will for all that its keys know. */
static void begin(struct prt_store *store, struct prt_node *node, uint64_t when, uint64_t now, struct news *news)
{
    struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++)
        prt_keys_take_(&store->keys[i], asks->of[i].of.in.entry, asks->weights, when, asks->rides);
    for (size_t i = 0; i < store->nkeys; i++)
        queue_leave(store, node, i, when, now, news);
}

static void grant(struct prt_store *store, struct prt_node *node, struct news *news)
{
    struct prt_slot *slot = prt_node_asks_(node)->slot;
    const uint64_t now = now_of(store);

    node->state = PRT_NODE_TAKEN;
    slot->next_woken = news->woken;
    news->woken = slot;
    slot->keyed_from = able_at(store, node, prt_node_asks_(node)->since);
    if (!store->begins_later)
        begin(store, node, slot->keyed_from, now, news);
}

/* While one slot alone is free, that is for the item whose result leaves first: else slots would hold later ones, which wait
 * for it, and it would wait for a slot. */
static bool is_one_free(const struct prt_store *store, bool claimed)
{
    const struct prt_stage *stage = store->stage;

    if (stage->spec.blocking)
        return prt_load(&store->holding) + 1 >= stage->nslots;
    return prt_stage_active_(stage) + !claimed >= stage->nslots;
}

static struct prt_node *choose_of(const struct prt_store *store, const struct prt_of_worker *of)
{
    for (size_t i = 0; i < store->nlines; i++) {
        struct prt_node *node = of->lines[i].first;

        if (node && (store->nkeys == 0 || node->state == PRT_NODE_ABLE))
            return node;
    }
    return NULL;
}

static struct prt_node *choose(const struct prt_store *store, const struct prt_slot *slot)
{
    if (store->by)
        return choose_of(store, &store->workers[slot->index]);
    if (store->stage->turns && is_one_free(store, true))
        return store->oldest && store->oldest->state == PRT_NODE_ABLE ? store->oldest : NULL;
    for (size_t i = 0; i < store->nlines; i++)
        if (store->lines[i].first)
            return store->lines[i].first;
    return NULL;
}

/* Out of its worker's queue, of which it is the first. */
static struct prt_node *leave_worker(struct prt_store *store, struct prt_node *node)
{
    struct prt_line *line = line_of(store->workers[node->worker].lines, store, node);

    line->first = node->next;
    if (!line->first)
        line->last = NULL;
    return line->first;
}

/* It is the slot's, and stays where it is until its body has ended. */
static void take_node(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t now, struct news *news)
{
    struct prt_asks *asks = prt_node_asks_(node);
    struct prt_node *next = NULL;

    if (store->by)
        next = leave_worker(store, node);
    else if (node->state == PRT_NODE_ABLE)
        line_leave(store, node);
    age_leave(store, node);
    node->state = PRT_NODE_TAKEN;
    slot->keyed_from = asks->rides ? now : able_at(store, node, asks->since);
    if (prt_time_is_before_(slot->keyed_from, slot->keyed_until))
        slot->keyed_from = slot->keyed_until;
    if (next)
        step_forward(store, next, slot->keyed_from, now, news);
    if (!store->begins_later)
        begin(store, node, slot->keyed_from, now, news);
    note_lowest(store);
}

static void take_limited(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t now, struct news *news)
{
    struct prt_take *take = &slot->takes[0];

    slot->node = node;
    slot->turn = prt_node_asks_(node)->turn;
    take_node(store, slot, node, now, news);
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

    if (store->by || store->nkeys > 1 || !next || next->behind > 0 || next->state != PRT_NODE_WAITS || prt_node_asks_(next)->slot ||
        !prt_keys_may_ride_(&store->keys[0], entry, prt_node_asks_(next)->weights, asks->weights, now))
        return NULL;
    return next;
}

/* Further ones, where bodies cost little: of what is able a share, and then what else there is of a key in hand. */
static void take_more(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t now, struct news *news)
{
    struct prt_take *take = &slot->takes[0];
    const size_t size = take->chans[0]->item_size;
    const uint64_t able = prt_load_relaxed(&store->able), cpus = store->stage->run->pool.cpus;
    const uint64_t share = store->by || store->stage->nslots == 1 ? most : able / cpus + 1;
    struct prt_node *holder = slot->node, *node;

    while (take->n < most) {
        const bool is_able = take->n < share && (node = choose(store, slot));

        if (!is_able)
            node = choose_rider(store, holder, now);
        if (!node || node->from != take->from)
            break;
        if (is_able)
            holder = node;
        else
            prt_node_asks_(node)->rides = true;
        if (take->n == 1) {
            prt_chan_copy_(take->hand, take->start, size);
            take->start = take->hand;
        }
        prt_chan_copy_(take->hand + take->n++ * size, prt_node_item_(store, node), size);
        slot->rest[slot->nrest++] = node;
        take_node(store, slot, node, now, news);
    }
}

/* One after the other from one channel, as many as the slot may have at once. */
static void take_of_worker(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t most, struct news *news)
{
    struct prt_take *take = &slot->takes[0];
    const size_t size = take->chans[0]->item_size;

    take->start = take->hand;
    take->from = node->from;
    while (node && node->from == take->from && take->n < most) {
        struct prt_node *const next = leave_worker(store, node);

        prt_chan_copy_(take->hand + take->n++ * size, prt_node_item_(store, node), size);
        node_free(store, node, news);
        node = next;
    }
}

/* Whether the last of all items has gone: who waits for another is to know. */
static bool is_the_last(const struct prt_store *store, uint64_t n)
{
    return store->stage->spec.blocking && prt_load(&store->kept) == n;
}

static void take(struct prt_store *store, struct prt_slot *slot)
{
    struct news news = no_news;
    const uint64_t most = store->nkeys == 0 || prt_stage_hides_(store->stage) ? prt_batch_kept_(slot) : 1;
    const uint64_t now = now_of(store);
    struct prt_take *take = &slot->takes[0];
    struct prt_node *node;
    bool last = false;

    prt_mutex_lock(&store->lock);
    look_at_due(store, now, &news);
    node = choose(store, slot);
    if (node && store->nkeys == 0)
        take_of_worker(store, slot, node, most, &news);
    else if (node)
        take_limited(store, slot, node, now, &news);
    if (node && store->nkeys > 0 && most > 1)
        take_more(store, slot, most, now, &news);
    if (take->n > 0) {
        last = is_the_last(store, take->n);
        slot->holds = store->stage->spec.blocking;
        prt_add(&store->holding, slot->holds);
        prt_sub(&store->kept, take->n);
    }
    prt_mutex_unlock(&store->lock);
    tell(store, &news, 0);
    if (last)
        prt_dedicated_wake_all_(store->stage);
}

/* It has nothing any more, of what it had. */
static void put_down(struct prt_store *store, struct prt_slot *slot)
{
    if (!slot->holds)
        return;
    slot->holds = false;
    prt_sub(&store->holding, 1);
}

bool prt_store_take_(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    struct prt_store *store = stage->store;
    struct prt_take *const hand = &slot->takes[0];

    hand->n = hand->begun = 0;
    put_down(store, slot);
    prt_store_move_(store, !store->by);
    take(store, slot);
    if (hand->n == 0)
        return false;
    slot->hidden = hand->n > 1 && prt_stage_hides_(stage);
    if (stage->turns)
        prt_batch_enter_turns_(slot, 1);
    return true;
}

/* ---- bodies ------------------------------------------------------------------------------------------------------- */

void prt_store_begin_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct news news = no_news;
    const uint64_t now = now_of(store);

    prt_mutex_lock(&store->lock);
    slot->keyed_from = now;
    begin(store, slot->node, now, now, &news);
    prt_mutex_unlock(&store->lock);
    tell(store, &news, 0);
}

/* Looks at who waits first for what was given back. */
static void look_at_first(struct prt_store *store, struct prt_node *first, uint64_t when, uint64_t now, struct news *news)
{
    if (!first || first->behind > 0 || first->state != PRT_NODE_WAITS)
        return;
    note_since(first, when);
    look_at(store, first, now, news);
}

/* What one of the slot's items held. `again`: it keeps its keys. */
static void give_back(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, bool again, uint64_t now,
                      struct news *news)
{
    struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++) {
        struct prt_entry *entry = asks->of[i].of.in.entry;
        struct prt_node *first = entry->in.queue.first;

        prt_keys_give_(&store->keys[i], entry, asks->weights, asks->rides);
        if (!again && prt_keys_leave_(&store->keys[i], entry, now))
            note_memory(store, news);
        look_at_first(store, first, slot->keyed_until, now, news);
    }
    if (again)
        node->state = PRT_NODE_FREE; /* in no queue, though the slot's */
    else
        node_free(store, node, news);
}

static void give_all_back(struct prt_store *store, struct prt_slot *slot, uint64_t now, struct news *news)
{
    const bool again = prt_tries_wait_(slot->tries);

    while (slot->nrest > 0)
        give_back(store, slot, slot->rest[--slot->nrest], false, now, news);
    give_back(store, slot, slot->node, again, now, news);
    if (!again)
        slot->node = NULL;
}

/* An item whose body has not begun. It is first again, but of those that are handed back after it. */
static void enter_again(struct prt_store *store, struct prt_node *node, uint64_t now, struct news *news)
{
    struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++)
        prt_keys_take_back_(&store->keys[i], asks->of[i].of.in.entry, asks->weights, asks->rides);
    node->state = PRT_NODE_WAITS;
    node->behind = 0;
    asks->rides = false;
    age_enter(store, node);
    for (size_t i = 0; i < store->nkeys; i++)
        queue_enter_first(store, node, i, news);
    if (node->behind == 0)
        look_at(store, node, now, news);
}

void prt_store_hand_back_(struct prt_slot *slot, uint64_t kept)
{
    struct prt_store *store = slot->stage->store;
    struct news news = no_news;
    const uint64_t now = now_of(store);

    prt_mutex_lock(&store->lock);
    for (; slot->nrest + 1 > kept && slot->nrest > 0; prt_add(&store->kept, 1))
        enter_again(store, slot->rest[--slot->nrest], now, &news);
    prt_mutex_unlock(&store->lock);
    tell(store, &news, 0);
}

bool prt_store_may_hand_back_(const struct prt_stage *stage)
{
    return stage->store->nkeys > 0 && !stage->store->by && stage->nslots > 1 && !stage->turns;
}

void prt_store_end_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct news news = no_news;
    const uint64_t now = now_of(store);

    slot->keyed_until = slot->keyed_from + (slot->returned - slot->begun_at);
    prt_mutex_lock(&store->lock);
    give_all_back(store, slot, now, &news);
    prt_mutex_unlock(&store->lock);
    tell(store, &news, !store->by && !slot->owner);
}

bool prt_store_ask_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct prt_node *node = slot->node;
    struct news news = no_news;
    const uint64_t now = now_of(store);
    bool granted;

    prt_mutex_lock(&store->lock);
    if (node->state == PRT_NODE_FREE) {
        node->state = PRT_NODE_WAITS;
        node->behind = 0;
        prt_node_asks_(node)->slot = slot;
        prt_node_asks_(node)->since = now;
        for (size_t i = 0; i < store->nkeys; i++)
            queue_enter_first(store, node, i, &news);
        if (node->behind == 0)
            look_at(store, node, now, &news);
    }
    granted = node->state == PRT_NODE_TAKEN;
    prt_mutex_unlock(&store->lock);
    tell(store, &news, 0);
    return granted;
}

bool prt_store_granted_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    bool granted;

    prt_mutex_lock(&store->lock);
    granted = slot->node->state == PRT_NODE_TAKEN;
    prt_mutex_unlock(&store->lock);
    return granted;
}

void prt_store_give_up_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct news news = no_news;
    const uint64_t now = now_of(store);

    if (!slot->node)
        return;
    prt_mutex_lock(&store->lock);
    for (size_t i = 0; i < store->nkeys; i++)
        if (prt_keys_leave_(&store->keys[i], prt_node_asks_(slot->node)->of[i].of.in.entry, now))
            note_memory(store, &news);
    node_free(store, slot->node, &news);
    slot->node = NULL;
    prt_mutex_unlock(&store->lock);
    tell(store, &news, 0);
}

void prt_store_due_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;
    struct news news = no_news;
    const uint64_t now = prt_now();

    prt_mutex_lock(&store->lock);
    store->armed = PRT_NEVER;
    store->fired = now;
    look_at_due(store, now, &news);
    arm_timer(store, &news);
    note_memory(store, &news);
    prt_mutex_unlock(&store->lock);
    tell(store, &news, 0);
}

/* ---- slots by name ------------------------------------------------------------------------------------------------ */

static struct prt_slot *next_able(struct prt_store *store)
{
    while (store->first_able) {
        const uint32_t index = store->first_able - 1;
        struct prt_of_worker *of = &store->workers[index];

        store->first_able = of->next;
        if (!store->first_able)
            store->last_able = 0;
        of->listed = false;
        prt_sub(&store->able, 1);
        if (!of->busy && choose_of(store, of)) { /* a tick may have claimed it meanwhile */
            of->busy = true;
            return &store->stage->slots[index];
        }
    }
    return NULL;
}

struct prt_slot *prt_store_claim_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;
    struct news news = no_news;
    struct prt_slot *slot;

    if (!prt_stage_enter_(stage)) /* nobody ends the stage while something is moved */
        return NULL;
    if (prt_load(&store->able) == 0)
        prt_store_move_(store, true);
    prt_mutex_lock(&store->lock);
    look_at_due(store, now_of(store), &news);
    slot = next_able(store);
    prt_mutex_unlock(&store->lock);
    tell(store, &news, slot != NULL);
    if (slot) {
        prt_store_relaxed(&slot->state, PRT_SLOT_RUNNING);
        return slot;
    }
    prt_stage_leave_(stage);
    prt_pool_alert_stage_(stage); /* others may have taken it for busy */
    return NULL;
}

struct prt_slot *prt_store_claim_any_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;
    struct prt_slot *slot = NULL;

    if (!prt_stage_enter_(stage))
        return NULL;
    prt_mutex_lock(&store->lock);
    for (uint32_t i = 0; i < stage->nslots && !slot; i++)
        if (!store->workers[i].busy) {
            store->workers[i].busy = true;
            slot = &stage->slots[i];
        }
    prt_mutex_unlock(&store->lock);
    if (slot)
        prt_store_relaxed(&slot->state, PRT_SLOT_RUNNING);
    else
        prt_stage_leave_(stage);
    return slot;
}

void prt_store_let_go_(struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    struct prt_of_worker *of = &store->workers[slot->index];
    struct news news = no_news;

    slot->thread = NULL;
    prt_store_relaxed(&slot->state, PRT_SLOT_FREE);
    prt_mutex_lock(&store->lock);
    of->busy = false;
    if (choose_of(store, of))
        worker_enter(store, slot->index, &news);
    prt_mutex_unlock(&store->lock);
    prt_stage_leave_(slot->stage);
}

/* ---- levels ------------------------------------------------------------------------------------------------------- */

bool prt_store_is_ready_(struct prt_stage *stage)
{
    const struct prt_store *store = stage->store;
    uint64_t due;

    if (prt_store_may_move_(store))
        return true;
    if (stage->turns && is_one_free(store, false))
        return prt_load(&store->lowest);
    if (prt_load(&store->able) > 0)
        return true;
    due = prt_load(&store->due);
    return due != PRT_NEVER && due <= prt_now();
}

bool prt_store_is_empty_(const struct prt_store *store)
{
    /* In this order: who moves counts what it has moved before it clears `moving`, or says that nothing waits for memory. */
    return !prt_load(&store->moving) && prt_load(&store->starved) == PRT_STARVED_NOT && prt_load(&store->kept) == 0;
}

/* ---- the end ------------------------------------------------------------------------------------------------------ */

static void drop(struct prt_store *store, struct prt_node *node)
{
    struct prt_chan *chan = store->stage->ins[0].chans[node->from];

    prt_chan_drop_(chan, prt_node_item_(store, node), 1);
    prt_add(prt_run_aborted_(chan->run) ? &chan->left : &chan->discarded, 1);
    prt_chan_begin_(chan, 1);
    prt_cycle_lower_(chan->run, chan->spec.cycle, 1);
    prt_chan_pass_room_(chan);
}

static void drop_line(struct prt_store *store, struct prt_node *node)
{
    for (struct prt_node *next; node; node = next) {
        next = node->next;
        drop(store, node);
    }
}

void prt_store_drop_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;
    struct prt_node *node;

    prt_timer_unset_(&stage->run->timers, &store->timer);
    prt_mutex_lock(&store->lock);
    node = store->oldest;
    store->heap.n = 0;
    prt_store(&store->due, PRT_NEVER);
    prt_store(&store->kept, 0);
    prt_mutex_unlock(&store->lock);
    for (struct prt_node *next; node; node = next) {
        next = prt_node_asks_(node)->younger;
        drop(store, node);
    }
    for (uint32_t i = 0; store->nkeys == 0 && i < stage->nslots; i++)
        for (size_t j = 0; j < store->nlines; j++)
            drop_line(store, store->workers[i].lines[j].first);
    drop_line(store, store->first);
    store->first = store->last = NULL;
}

/* ---- making ------------------------------------------------------------------------------------------------------- */

bool prt_store_limits_(const struct prt_stage_spec *spec)
{
    for (size_t i = 0; i < spec->nkeyed; i++)
        if (spec->keyed[i].kind != PRT_BY_KEY)
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
    store->has_rates = store->has_rates || is_rate;
    return true;
}

static bool add_all(struct prt_store *store)
{
    const struct prt_stage *stage = store->stage;

    for (size_t i = 0; i < stage->spec.nkeyed; i++)
        if (stage->keyed[i].kind == PRT_BY_KEY)
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

static void lay_out(struct prt_store *store)
{
    size_t size = sizeof(struct prt_node);

    if (store->nkeys > 0)
        size += sizeof(struct prt_asks) + store->nkeys * sizeof(struct prt_ask) + store->nweights * sizeof(uint64_t);
    store->item_at = rounded(size);
    store->node_size = rounded(store->item_at + store->stage->ins[0].chans[0]->item_size);
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
    store->begins_later = (spec->rate || spec->nbounds > 0) && prt_store_limits_(spec);
    store->keys = prt_memory_new_(memory, spec->nkeyed * sizeof *store->keys, PRT_LINE);
    store->weights = prt_memory_new_(memory, spec->nkeyed * sizeof(struct prt_keyed_spec *), 8);
    if (!store->keys || !store->weights || !add_all(store))
        return false;
    lay_out(store);
    return make_lines(store) && prt_store_nodes_make_(store);
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
