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

static void rate_asked(struct prt_rate *rate, struct prt_asker *asker)
{
    if (prt_load_relaxed(&asker->asked) == 0)
        prt_store_relaxed(&asker->asked, ++rate->asks);
}

void prt_rate_ask_(struct prt_rate *rate, struct prt_asker *asker)
{
    if (rate->naskers < 2 || prt_load_relaxed(&asker->asked) > 0)
        return;
    prt_mutex_lock(&rate->lock);
    rate_asked(rate, asker);
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

/* Whether the permit that is due is another stage's, which asked earlier. Where two are due there is one for each: who
 * comes late for its permit keeps nobody waiting for longer than a period. */
static bool rate_yields(const struct prt_rate *rate, const struct prt_asker *asker, uint64_t now)
{
    const uint64_t mine = prt_load_relaxed(&asker->asked);

    if (rate->naskers < 2 || now >= prt_pace_due_(&rate->pace, rate->spec.per_second, 1))
        return false;
    for (size_t i = 0; i < rate->naskers; i++) {
        const struct prt_asker *other = rate->askers[i];
        const uint64_t asked = prt_load_relaxed(&other->asked);

        /* Who asks after a look may do so when the item that it saw has gone, and then nobody takes the ask back. */
        if (asked > 0 && (mine == 0 || asked < mine) && prt_stage_may_ask_(other->stage))
            return true;
    }
    return false;
}

bool prt_rate_take_(struct prt_rate *rate, struct prt_asker *asker, uint64_t now, uint64_t *due)
{
    bool taken;

    prt_mutex_lock(&rate->lock);
    if (rate->resting)
        rate_forget(rate, now);
    rate->resting = false;
    *due = prt_load_relaxed(&rate->due);
    taken = *due <= now && !rate_yields(rate, asker, now);
    if (taken) {
        rate->pace.k++;
        prt_store_relaxed(&asker->asked, 0);
        rate_due(rate);
    } else {
        if (*due <= now)
            *due = prt_pace_due_(&rate->pace, rate->spec.per_second, 1);
        rate_asked(rate, asker);
    }
    prt_mutex_unlock(&rate->lock);
    return taken;
}

uint64_t prt_rate_wake_(const struct prt_rate *rate, uint64_t due)
{
    return rate->fast ? due + prt_grain_ : due;
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
