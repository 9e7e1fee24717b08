/* Weighing what lies in a channel. */
#include "channel/scale.h"

#include <inttypes.h>

#include "seam.h"

static void begin_anew(struct prt_scale *scale, uint64_t base)
{
    scale->base = base;
    scale->n = scale->sum = 0;
}

static void catch_up(struct prt_chan *chan)
{
    const uint64_t taken = prt_load_relaxed(&chan->taken);

    if (chan->scale->base != taken)
        begin_anew(chan->scale, taken);
}

/* The first item that was not weighed. */
static uint64_t weigh_next(struct prt_chan *chan)
{
    struct prt_scale *scale = chan->scale;
    const int64_t weight = scale->weigh(scale->pipe, prt_chan_at_(chan, scale->base + scale->n));

    if (weight >= 0)
        return (uint64_t)weight;
    if (prt_swap(scale->told, 1) == 0)
        prt_run_tell_(chan->run, "%s: an item weighs %" PRId64 ", and counts as 0, as all below 0 do", scale->stage, weight);
    return 0;
}

static void add(struct prt_scale *scale, uint64_t weight)
{
    scale->n++;
    scale->sum += weight <= scale->most ? weight : scale->most + 1; /* that it is too much is enough to know */
}

static uint64_t there(const struct prt_chan *chan)
{
    return prt_load_acquire(&chan->tail) - prt_load_relaxed(&chan->taken);
}

bool prt_scale_reaches_(struct prt_chan *chan, uint64_t *sum)
{
    struct prt_scale *scale = chan->scale;
    const uint64_t most = scale->most;

    prt_mutex_lock(&chan->recv_lock);
    if (!prt_load(&chan->abandoned)) { /* else what lies there may be dropped meanwhile */
        catch_up(chan);
        for (const uint64_t n = there(chan); scale->n < n && *sum < most && scale->sum < most - *sum;)
            add(scale, weigh_next(chan));
        *sum = *sum > UINT64_MAX - scale->sum ? UINT64_MAX : *sum + scale->sum;
    }
    prt_mutex_unlock(&chan->recv_lock);
    return *sum >= most;
}

uint64_t prt_scale_fit_(struct prt_chan *chan, uint64_t n, uint64_t *left)
{
    struct prt_scale *scale = chan->scale;
    const bool first = *left == PRT_WEIGHT_ANY;
    const uint64_t most = first ? scale->most : *left;
    bool fits = true;

    catch_up(chan);
    if (scale->n > n || scale->sum > most)
        begin_anew(scale, scale->base);
    while (fits && scale->n < n && scale->sum < most) {
        const uint64_t weight = weigh_next(chan);

        fits = weight <= most - scale->sum || (first && scale->n == 0);
        if (fits)
            add(scale, weight);
    }
    if (n > 0)
        *left = fits && scale->sum < most ? most - scale->sum : 0;
    return scale->n;
}
