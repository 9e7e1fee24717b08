/* Bounds: weighted permits in the order of asking. */
#include "limit/bound.h"

#include "seam.h"

static bool bound_fits(const struct prt_bound *bound, uint64_t units)
{
    return units <= bound->free;
}

static void bound_grant(struct prt_bound *bound, struct prt_permit *permit)
{
    bound->free -= permit->units;
    permit->granted = true;
}

bool prt_bound_take_(struct prt_permit *permit, uint64_t units)
{
    struct prt_bound *bound = permit->bound;
    bool granted;

    prt_mutex_lock(&bound->lock);
    permit->units = units < bound->spec.permits ? units : bound->spec.permits; /* heavier: all of it, so alone */
    permit->next = NULL;
    permit->granted = false;
    if (!bound->first && bound_fits(bound, permit->units)) {
        bound_grant(bound, permit);
    } else {
        *(bound->last ? &bound->last->next : &bound->first) = permit;
        bound->last = permit;
        permit->queued = true;
    }
    granted = permit->granted;
    prt_mutex_unlock(&bound->lock);
    return granted;
}

bool prt_bound_granted_(struct prt_permit *permit)
{
    bool granted;

    prt_mutex_lock(&permit->bound->lock);
    granted = permit->granted;
    prt_mutex_unlock(&permit->bound->lock);
    return granted;
}

static void queue_remove(struct prt_bound *bound, struct prt_permit *permit)
{
    struct prt_permit *before = NULL;

    for (struct prt_permit *p = bound->first; p != permit; p = p->next)
        before = p;
    *(before ? &before->next : &bound->first) = permit->next;
    if (bound->last == permit)
        bound->last = before;
    permit->queued = false;
}

/* Grants to the longest waiting if it fits. Returns its slot, to be woken without the lock; NULL: nobody. */
static struct prt_slot *bound_pass_on(struct prt_bound *bound)
{
    struct prt_permit *first;
    struct prt_slot *slot = NULL;

    prt_mutex_lock(&bound->lock);
    first = bound->first;
    if (first && bound_fits(bound, first->units)) {
        queue_remove(bound, first);
        bound_grant(bound, first);
        slot = first->slot;
    }
    prt_mutex_unlock(&bound->lock);
    return slot;
}

void prt_bound_give_(struct prt_permit *permit)
{
    struct prt_bound *bound = permit->bound;
    struct prt_slot *slot;

    prt_mutex_lock(&bound->lock);
    if (permit->queued)
        queue_remove(bound, permit);
    if (permit->granted)
        bound->free += permit->units;
    permit->granted = false;
    prt_mutex_unlock(&bound->lock);
    while ((slot = bound_pass_on(bound)))
        prt_slot_wake_(slot);
}
