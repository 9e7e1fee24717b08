/* Claiming slots by name. */
#include "pool/store_named.h"

#include "pool/look.h"
#include "pool/run_state.h"
#include "pool/stage.h"
#include "pool/store_able.h"
#include "pool/store_moves.h"
#include "pool/store_queues.h"

struct prt_slot *prt_store_claim_(struct prt_stage *stage)
{
    struct prt_store *store = stage->store;
    struct prt_news news = PRT_NO_NEWS;
    struct prt_slot *slot;

    if (!prt_stage_enter_(stage)) /* nobody ends the stage while something is moved */
        return NULL;
    if (prt_load(&store->able) == 0)
        prt_store_move_(store, NULL, 0, 1);
    prt_store_weigh_(store, 1);
    prt_mutex_lock(&store->lock);
    prt_store_look_at_due_(store, prt_store_now_(store), &news);
    slot = prt_store_next_worker_(store);
    prt_store_unlock_(store);
    prt_store_tell_(store, &news, slot != NULL);
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
    prt_store_unlock_(store);
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
    struct prt_news news = PRT_NO_NEWS;

    slot->thread = NULL;
    prt_store_relaxed(&slot->state, PRT_SLOT_FREE);
    prt_mutex_lock(&store->lock);
    of->busy = false;
    if (prt_store_choose_of_(store, of))
        prt_store_list_worker_(store, slot->index, &news);
    prt_store_unlock_(store);
    prt_stage_leave_(slot->stage);
}

/* Not with a time of its own, it is not first of one of its keys, or lacks what a body holds. */
static enum prt_for waits_for(const struct prt_store *store, const struct prt_of_worker *of)
{
    const struct prt_node *first = NULL;

    if (prt_store_choose_of_(store, of))
        return PRT_FOR_THREAD;
    for (size_t i = 0; i < store->nlines && !first; i++)
        first = of->lines[i].first;
    if (!first)
        return PRT_FOR_ITEM;
    if (first->state == PRT_NODE_TIMED || !store->has_bounds)
        return store->has_rates ? PRT_FOR_RATE : PRT_FOR_ITEM;
    return PRT_FOR_BOUND;
}

enum prt_for prt_store_waits_for_(const struct prt_slot *slot)
{
    struct prt_store *store = slot->stage->store;
    enum prt_for what;

    if (store->nkeys == 0) /* what lies there lacks nothing */
        return PRT_FOR_ITEM;
    prt_mutex_lock(&store->lock);
    what = waits_for(store, &store->workers[slot->index]);
    prt_store_unlock_(store);
    return what;
}
