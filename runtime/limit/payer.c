/* Lines: a list in the order of the numbers. */
#include "limit/payer.h"

#include "seam.h"

/* Few come back to a place before the last one. */
static void insert(struct prt_payers *payers, struct prt_payer *payer)
{
    struct prt_payer **at = &payers->first;

    while (*at && (*at)->number < payer->number)
        at = &(*at)->next;
    payer->next = *at;
    *at = payer;
    payer->stands = true;
    prt_store(&payers->n, prt_load_relaxed(&payers->n) + 1);
}

static void remove_payer(struct prt_payers *payers, struct prt_payer *payer)
{
    struct prt_payer **at = &payers->first;

    while (*at != payer)
        at = &(*at)->next;
    *at = payer->next;
    payer->stands = false;
    prt_store(&payers->n, prt_load_relaxed(&payers->n) - 1);
}

bool prt_payer_stand_(struct prt_payers *payers, struct prt_payer *payer)
{
    bool first;

    prt_mutex_lock(&payers->lock);
    if (payer->number == 0)
        payer->number = ++payers->numbers;
    if (!payer->stands)
        insert(payers, payer);
    first = payers->first == payer;
    prt_mutex_unlock(&payers->lock);
    return first;
}

bool prt_payer_leave_(struct prt_payers *payers, struct prt_payer *payer, bool done)
{
    struct prt_slot *next = NULL;
    bool last = false;

    prt_mutex_lock(&payers->lock);
    if (payer->stands) {
        const bool first = payers->first == payer;

        remove_payer(payers, payer);
        next = first && payers->first ? payers->first->slot : NULL;
        last = !payers->first;
    }
    if (done)
        payer->number = 0;
    prt_mutex_unlock(&payers->lock);
    if (next)
        prt_slot_wake_(next);
    return last;
}

bool prt_payer_is_first_(struct prt_payers *payers, const struct prt_payer *payer)
{
    bool first;

    prt_mutex_lock(&payers->lock);
    first = payers->first == payer;
    prt_mutex_unlock(&payers->lock);
    return first;
}
