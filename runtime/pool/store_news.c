/* Telling what has changed in a store. */
#include "pool/store_news.h"

#include "pool/dedicated.h"
#include "pool/look.h"
#include "pool/run_state.h"
#include "pool/stage.h"

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

void prt_store_wake_(struct prt_slot *slot, struct prt_news *news)
{
    if (prt_swap(&slot->woken, 1))
        return;
    slot->next_woken = news->woken;
    news->woken = slot;
}

void prt_store_tell_(struct prt_store *store, const struct prt_news *news, uint64_t own)
{
    struct prt_stage *stage = store->stage;
    struct prt_slot *next;

    if (news->arm != PRT_NEVER)
        prt_timer_set_(&stage->run->timers, &store->timer, news->arm);
    for (struct prt_slot *slot = news->woken; slot; slot = next) {
        next = slot->next_woken;
        prt_store(&slot->woken, 0);
        prt_slot_wake_(slot);
    }
    if (news->able <= own)
        return;
    if (stage->spec.blocking)
        prt_dedicated_wake_some_(stage, news->able);
    else
        prt_store_published_(stage);
}
