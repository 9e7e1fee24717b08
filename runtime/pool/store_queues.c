/* Queues of keys: who is first, and what becomes of it. */
#include "pool/store_queues.h"

#include "limit/key_limits.h"
#include "pool/run_state.h"
#include "pool/stage.h"
#include "pool/store_able.h"
#include "pool/store_groups.h"
#include "pool/store_nodes.h"

static void grant(struct prt_store *store, struct prt_node *node, struct prt_news *news);

uint64_t prt_store_now_(const struct prt_store *store)
{
    return store->has_times ? prt_now() : 0;
}

/* ---- time ---------------------------------------------------------------------------------------------------------- */

/* Many times that come due one after the other are looked at together, a little late. */
static void arm_timer(struct prt_store *store, struct prt_news *news)
{
    const struct prt_due *first = prt_heap_first_(&store->heap);
    uint64_t at = first ? first->at : PRT_NEVER;

    if (store->groups && prt_groups_due_(store) < at)
        at = prt_groups_due_(store);
    prt_store(&store->due, at);
    if (at == PRT_NEVER)
        return;
    if (at < store->fired + prt_grain_)
        at = store->fired + prt_grain_;
    if (at < store->armed)
        store->armed = news->arm = at;
}

static void wait_until(struct prt_store *store, struct prt_node *node, uint64_t at, struct prt_news *news)
{
    node->state = PRT_NODE_TIMED;
    prt_heap_set_(&store->heap, &prt_node_asks_(node)->due, at);
    arm_timer(store, news);
}

/* ---- an item that is first ----------------------------------------------------------------------------------------- */

static void make_able(struct prt_store *store, struct prt_node *node, struct prt_news *news)
{
    if (prt_node_asks_(node)->slot)
        grant(store, node, news);
    else
        prt_store_able_(store, node, news);
}

/* From when on its keys have what it needs. */
static uint64_t able_at(const struct prt_store *store, const struct prt_node *node, uint64_t now)
{
    const struct prt_asks *asks = prt_node_asks_(node);
    uint64_t latest = now;

    for (size_t i = 0; i < store->nkeys && latest != PRT_NEVER; i++)
        latest = prt_keys_able_at_(&store->keys[i], asks->of[i].of.in.entry, asks->weights, latest);
    return latest;
}

/* When the item that the slot takes would begin on a machine that is never late: the moment that counts for rates. */
static uint64_t begins_at(const struct prt_store *store, const struct prt_slot *slot, const struct prt_node *node, uint64_t now)
{
    const struct prt_asks *asks = prt_node_asks_(node);
    const uint64_t from = asks->rides ? now : able_at(store, node, asks->since);

    return prt_time_is_before_(from, slot->keyed_until) ? slot->keyed_until : from;
}

/* It is first in all of its queues, and nothing else is known of it. */
static void look_at(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    const uint64_t at = able_at(store, node, now);

    if (at == now)
        make_able(store, node, news);
    else if (at != PRT_NEVER)
        wait_until(store, node, at, news);
    prt_store_note_lowest_(store);
}

static void note_since(struct prt_node *node, uint64_t when)
{
    struct prt_asks *asks = prt_node_asks_(node);

    if (prt_time_is_before_(asks->since, when))
        asks->since = when;
}

void prt_store_look_at_first_(struct prt_store *store, struct prt_node *first, uint64_t when, uint64_t now, struct prt_news *news)
{
    if (!first || first->behind > 0 || first->state != PRT_NODE_WAITS)
        return;
    note_since(first, when);
    look_at(store, first, now, news);
}

/* One of its queues less has another before it. */
static void step_forward(struct prt_store *store, struct prt_node *node, uint64_t when, uint64_t now, struct prt_news *news)
{
    note_since(node, when);
    if (--node->behind == 0)
        look_at(store, node, now, news);
}

/* It is not first any more: what was known of it does not hold. */
static void step_back(struct prt_store *store, struct prt_node *node, struct prt_news *news)
{
    node->behind++;
    if (node->state == PRT_NODE_ABLE && !store->by)
        prt_store_line_leave_(store, node);
    if (node->state == PRT_NODE_TIMED) {
        prt_heap_remove_(&store->heap, &prt_node_asks_(node)->due);
        arm_timer(store, news);
    }
    node->state = PRT_NODE_WAITS;
    prt_store_note_lowest_(store);
}

/* ---- groups -------------------------------------------------------------------------------------------------------- */

/* A body may have the group, as soon as its key allows. */
static void go_on(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    if (store->by)
        node->behind += !prt_store_enter_worker_(store, node);
    step_forward(store, node, now, now, news);
}

static void complete(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    const bool known = prt_groups_complete_(store, node);

    if (store->has_times)
        arm_timer(store, news);
    if (known)
        go_on(store, node, now, news);
    else
        news->able++; /* a thread is to come for it */
}

/* In sections of its own, so that what weighs has none. */
static struct prt_node *weigh_next(struct prt_store *store)
{
    struct prt_node *node;

    if (!prt_load(&store->groups->to_weigh))
        return NULL;
    prt_mutex_lock(&store->lock);
    node = prt_groups_weigh_next_(store);
    prt_store_unlock_(store);
    return node;
}

static void weighed(struct prt_store *store, struct prt_node *node, uint64_t own)
{
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);

    prt_mutex_lock(&store->lock);
    prt_groups_weighed_(store);
    go_on(store, node, now, &news);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, own);
}

void prt_store_weigh_(struct prt_store *store, uint64_t own)
{
    struct prt_node *node;

    for (; store->groups && (node = weigh_next(store)); own = 0) {
        prt_groups_weigh_(store, node);
        weighed(store, node, own);
    }
}

void prt_store_relieve_(struct prt_store *store, uint64_t now, struct prt_news *news)
{
    if (store->groups && store->groups->line.first)
        complete(store, store->groups->line.first, now, news);
}

/* Those that have waited for long enough, and all of them when nothing more can come. */
static void look_at_groups(struct prt_store *store, uint64_t now, struct prt_news *news)
{
    const bool over = prt_groups_are_over_(store);

    while (store->groups->line.first && (over || prt_groups_due_(store) <= now))
        complete(store, store->groups->line.first, now, news);
}

/* ---- time that has come -------------------------------------------------------------------------------------------- */

void prt_store_look_at_due_(struct prt_store *store, uint64_t now, struct prt_news *news)
{
    struct prt_due *first;

    if (store->groups)
        look_at_groups(store, now, news);
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

void prt_store_due_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_now();

    prt_mutex_lock(&store->lock);
    store->armed = PRT_NEVER;
    store->fired = now;
    prt_store_look_at_due_(store, now, &news);
    arm_timer(store, &news);
    prt_store_note_memory_(store, &news);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, 0);
}

/* ---- entering ------------------------------------------------------------------------------------------------------ */

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
static void queue_enter_first(struct prt_store *store, struct prt_node *node, size_t i, struct prt_news *news)
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

/* Behind all that are there, in the queues of its keys. */
static void stand(struct prt_store *store, struct prt_node *node, uint64_t now)
{
    prt_node_asks_(node)->since = now;
    age_enter(store, node);
    for (size_t i = 0; i < store->nkeys; i++)
        queue_enter(node, i);
}

/* An item comes to the others of its key, or is the first of some. */
static void gather(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    struct prt_entry *entry = prt_node_asks_(node)->of[0].of.in.entry;
    struct prt_node *group = entry->in.queue.last;
    const uint32_t from = node->from;

    if (group && prt_groups_join_(store, group, node)) {
        prt_keys_leave_(&store->keys[0], entry, now); /* the group uses it */
    } else {
        if (group && prt_node_group_(store, group)->gathers) /* this one would be too much for it */
            complete(store, group, now, news);
        group = node;
        node->behind = 1; /* the same as if another stood before it: it gathers */
        stand(store, node, now);
        prt_groups_begin_(store, node, now);
        if (store->has_times && store->groups->line.first == node)
            arm_timer(store, news);
    }
    if (prt_groups_is_full_(store, group))
        complete(store, group, now, news);
    while (prt_groups_fill_(store, from)) /* nothing of it may begin, and nothing more comes */
        prt_store_relieve_(store, now, news);
}

static void enter(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    node->state = PRT_NODE_WAITS;
    node->behind = 0;
    if (store->groups) {
        gather(store, node, now, news);
        return;
    }
    if (store->by)
        node->behind += !prt_store_enter_worker_(store, node);
    stand(store, node, now);
    if (node->behind == 0)
        look_at(store, node, now, news);
}

/* Whether it need not wait: of its keys nothing waits before it, and they have what it needs. */
static bool may_go_straight(const struct prt_store *store, const struct prt_node *node, uint64_t now)
{
    const struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++)
        if (asks->of[i].of.in.entry->in.queue.first)
            return false;
    return able_at(store, node, now) == now;
}

/* Whether it may lie in the hand beside what the slot was given. */
static bool goes_with(const struct prt_slot *slot, const struct prt_node *node)
{
    return !slot->node || slot->node->from == node->from;
}

static void give(struct prt_slot *slot, struct prt_node *node)
{
    if (slot->node)
        slot->rest[slot->nrest++] = node;
    else
        slot->node = node;
}

/* What was able before all that is moved in now. */
static uint64_t give_able(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t now, struct prt_news *news)
{
    struct prt_node *node;
    uint64_t n = 0;

    for (; n < most && (node = prt_store_choose_(store, slot)) && goes_with(slot, node); n++) {
        prt_store_take_node_(store, slot, node, now, news);
        give(slot, node);
    }
    return n;
}

static void go_straight(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t now)
{
    struct prt_asks *asks = prt_node_asks_(node);

    node->state = PRT_NODE_TAKEN;
    asks->since = now;
    if (store->has_rates)
        asks->since = slot->keyed_from = begins_at(store, slot, node, now);
    for (size_t i = 0; i < store->nkeys; i++)
        prt_keys_take_(&store->keys[i], asks->of[i].of.in.entry, asks->weights, slot->keyed_from, false);
    give(slot, node);
}

/* There is no memory for one of its keys: it waits until another one is forgotten. */
static void starve(struct prt_store *store, uint64_t now, struct prt_news *news)
{
    struct prt_timers *timers = &store->stage->run->timers;
    uint64_t earliest = PRT_NEVER;

    for (size_t i = 0; i < store->nkeys && earliest > 0; i++) {
        const uint64_t at = prt_keys_sweep_(&store->keys[i], now);

        earliest = at < earliest ? at : earliest;
    }
    if (earliest > 0)
        prt_store_relieve_(store, now, news);
    prt_store(&store->starved, earliest > 0 ? PRT_STARVED : PRT_STARVED_NO_MORE);
    if (earliest > 0 && earliest < store->armed) {
        store->armed = earliest;
        prt_timer_set_(timers, &store->timer, earliest);
    }
}

void prt_store_enter_(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t own)
{
    struct prt_news news = PRT_NO_NEWS;
    const uint64_t now = prt_store_now_(store);
    struct prt_node *node;
    uint64_t n = 0, able = 0, given;

    prt_mutex_lock(&store->lock);
    if (most > 0) {
        prt_store_look_at_due_(store, now, &news);
        able = give_able(store, slot, most, now, &news);
        if (store->nable > 0) /* of another channel, or not for this slot: nothing passes it */
            most = able;
    }
    given = able;
    while ((node = store->first)) {
        struct prt_node *const next = node->next;

        if (!find_entries(store, node, now))
            break;
        if (given < most && !goes_with(slot, node)) /* it may be able, and nothing passes it */
            most = given;
        if (given < most && may_go_straight(store, node, now)) {
            go_straight(store, slot, node, now);
            given++;
        } else {
            enter(store, node, now, &news);
            n++;
        }
        store->first = next;
    }
    if (!node)
        store->last = NULL;
    prt_add(&store->kept, n - able);
    if (node)
        starve(store, now, &news);
    else if (prt_load_relaxed(&store->starved) != PRT_STARVED_NOT)
        prt_store(&store->starved, PRT_STARVED_NOT);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, given > 0 ? 0 : own);
}

void prt_store_enter_first_(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    node->state = PRT_NODE_WAITS;
    node->behind = 0;
    for (size_t i = 0; i < store->nkeys; i++)
        queue_enter_first(store, node, i, news);
    if (node->behind == 0)
        look_at(store, node, now, news);
}

void prt_store_enter_again_(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news)
{
    struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++)
        prt_keys_take_back_(&store->keys[i], asks->of[i].of.in.entry, asks->weights, asks->since, asks->rides);
    asks->rides = false;
    asks->since = now;
    age_enter(store, node);
    prt_store_enter_first_(store, node, now, news);
}

/* ---- leaving ------------------------------------------------------------------------------------------------------- */

/* The first of the queue. */
static void queue_leave(struct prt_store *store, struct prt_node *node, size_t i, uint64_t when, uint64_t now,
                        struct prt_news *news)
{
    struct prt_ask *ask = &prt_node_asks_(node)->of[i];
    struct prt_entry *entry = ask->of.in.entry;

    entry->in.queue.first = ask->of.in.next;
    if (entry->in.queue.first)
        step_forward(store, entry->in.queue.first, when, now, news);
    else
        entry->in.queue.last = NULL;
}

void prt_store_begin_of_keys_(struct prt_store *store, struct prt_node *node, uint64_t when, uint64_t now, struct prt_news *news)
{
    struct prt_asks *asks = prt_node_asks_(node);

    for (size_t i = 0; i < store->nkeys; i++)
        prt_keys_take_(&store->keys[i], asks->of[i].of.in.entry, asks->weights, when, asks->rides);
    for (size_t i = 0; i < store->nkeys; i++)
        queue_leave(store, node, i, when, now, news);
}

static void grant(struct prt_store *store, struct prt_node *node, struct prt_news *news)
{
    struct prt_slot *slot = prt_node_asks_(node)->slot;
    const uint64_t now = prt_store_now_(store);

    node->state = PRT_NODE_TAKEN;
    prt_store_wake_(slot, news);
    slot->keyed_from = able_at(store, node, prt_node_asks_(node)->since);
    if (!store->begins_later)
        prt_store_begin_of_keys_(store, node, slot->keyed_from, now, news);
}

void prt_store_take_node_(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t now,
                          struct prt_news *news)
{
    struct prt_node *next = NULL;

    if (store->by)
        next = prt_store_leave_worker_(store, node);
    else if (node->state == PRT_NODE_ABLE)
        prt_store_line_leave_(store, node);
    age_leave(store, node);
    node->state = PRT_NODE_TAKEN;
    if (store->has_rates)
        prt_node_asks_(node)->since = slot->keyed_from = begins_at(store, slot, node, now);
    if (next)
        step_forward(store, next, slot->keyed_from, now, news);
    if (!store->begins_later)
        prt_store_begin_of_keys_(store, node, slot->keyed_from, now, news);
    prt_store_note_lowest_(store);
}
