/* Rates: when permits are due. Who waits for them, and how, is the callers' affair. */
#include "limit/rate.h"

#include "seam.h"

static void rate_due(struct prt_rate *rate)
{
    prt_store_release(&rate->due, prt_pace_due_(&rate->pace, rate->spec.per_second, 0));
}

void prt_rate_start_(struct prt_rate *rate, uint64_t now)
{
    rate->pace = (struct prt_pace){ .anchor = now };
    rate->resting = true;
    rate->fast = prt_pace_span_(rate->spec.per_second, 1) < prt_grain_;
    rate_due(rate);
}

/* At `when` exactly `burst` permits may be due. */
static void rate_forget(struct prt_rate *rate, uint64_t when)
{
    if (prt_pace_is_full_(&rate->pace, rate->spec.per_second, rate->spec.burst, when)) {
        prt_pace_fill_(&rate->pace, rate->spec.per_second, rate->spec.burst, when);
        rate_due(rate);
    }
}

static void rate_asked(struct prt_rate *rate, struct prt_asker *asker, uint64_t needs)
{
    if (prt_load_relaxed(&asker->asked) == 0)
        prt_store_relaxed(&asker->asked, ++rate->asks);
    asker->needs = needs;
}

void prt_rate_ask_(struct prt_rate *rate, struct prt_asker *asker)
{
    if (rate->naskers < 2 || prt_load_relaxed(&asker->asked) > 0)
        return;
    prt_mutex_lock(&rate->lock);
    rate_asked(rate, asker, 1);
    prt_mutex_unlock(&rate->lock);
}

void prt_rate_unask_(struct prt_rate *rate, struct prt_asker *asker)
{
    if (prt_load_relaxed(&asker->asked) == 0)
        return;
    prt_mutex_lock(&rate->lock);
    prt_store_relaxed(&asker->asked, 0);
    prt_mutex_unlock(&rate->lock);
}

/* When so many permits are due. */
static uint64_t rate_due_of(const struct prt_rate *rate, uint64_t permits)
{
    return prt_pace_due_(&rate->pace, rate->spec.per_second, permits - 1);
}

/* When there are `needs` permits beside those of another stage, which asked earlier; 0: nobody did, or they are there.
 * Where all are due each gets its own: who comes late for its permits keeps nobody waiting for longer than it takes them to
 * come. */
static uint64_t rate_yields(const struct prt_rate *rate, const struct prt_asker *asker, uint64_t needs, uint64_t now)
{
    const uint64_t mine = prt_load_relaxed(&asker->asked);

    if (rate->naskers < 2)
        return 0;
    for (size_t i = 0; i < rate->naskers; i++) {
        const struct prt_asker *other = rate->askers[i];
        const uint64_t asked = prt_load_relaxed(&other->asked);
        const uint64_t both = rate_due_of(rate, needs + (other->needs ? other->needs : 1));

        /* Who asks after a look may do so when the item that it saw has gone, and then nobody takes the ask back. */
        if (asked > 0 && both > now && (mine == 0 || asked < mine) && prt_stage_may_ask_(other->stage))
            return both;
    }
    return 0;
}

/* No rate that a program lives to see owes more. */
static void rate_taken(struct prt_rate *rate, uint64_t permits)
{
    const uint64_t most = UINT64_MAX / 4;

    rate->pace.k = permits < most - rate->pace.k ? rate->pace.k + permits : most;
    rate_due(rate);
}

bool prt_rate_take_(struct prt_rate *rate, struct prt_asker *asker, uint64_t permits, uint64_t now, uint64_t *due)
{
    const uint64_t needs = permits < rate->spec.burst ? permits : rate->spec.burst;
    uint64_t later;
    bool taken;

    prt_mutex_lock(&rate->lock);
    if (rate->resting)
        rate_forget(rate, now);
    rate->resting = false;
    *due = rate_due_of(rate, needs);
    later = *due <= now ? rate_yields(rate, asker, needs, now) : 0;
    taken = *due <= now && later == 0;
    if (taken) {
        prt_store_relaxed(&asker->asked, 0);
        rate_taken(rate, permits);
    } else {
        if (later > 0)
            *due = later;
        rate_asked(rate, asker, needs);
    }
    prt_mutex_unlock(&rate->lock);
    return taken;
}

uint64_t prt_rate_wake_(const struct prt_rate *rate, uint64_t due)
{
    return rate->fast && due != PRT_NEVER ? due + prt_grain_ : due;
}

void prt_rate_rest_(struct prt_rate *rate)
{
    prt_mutex_lock(&rate->lock);
    rate->resting = true;
    prt_mutex_unlock(&rate->lock);
}

void prt_rate_clamp_(struct prt_rate *rate, uint64_t when)
{
    prt_mutex_lock(&rate->lock);
    rate_forget(rate, when);
    prt_mutex_unlock(&rate->lock);
}
