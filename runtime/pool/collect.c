/* Collecting: when a stage is ready, taking, deadlines. */
#include "pool/collect.h"

#include "channel/drop.h"
#include "channel/scale.h"
#include "pool/run_state.h"
#include "pool/senders.h"

static struct prt_take *take_of(const struct prt_slot *slot)
{
    return &slot->takes[0];
}

static uint64_t taken(const struct prt_chan *chan)
{
    return prt_load(chan->direct_receive ? &chan->head : &chan->taken);
}

/* Whether the position lies behind items that are there: it is ahead of what was taken. */
static bool is_ahead(const prt_atomic_u64 *position, const struct prt_chan *chan)
{
    return !prt_count_reached_(taken(chan), prt_load(position));
}

static bool make_scales(struct prt_stage *stage)
{
    const struct prt_in_spec *in = stage->ins;
    struct prt_scale *scales = prt_memory_new_(&stage->run->memory, in->nchans * sizeof *scales, PRT_LINE);

    if (!scales)
        return false;
    for (size_t i = 0; i < in->nchans; i++) {
        scales[i].most = stage->spec.weight;
        scales[i].weigh = stage->spec.weigh;
        scales[i].pipe = stage->run->spec.pipe;
        scales[i].stage = stage->spec.name;
        scales[i].told = &scales[0].said;
        in->chans[i]->scale = &scales[i];
    }
    return true;
}

bool prt_collect_scales_(struct prt_run *run)
{
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (stage->spec.weigh && stage->spec.nkeyed == 0 && !make_scales(stage))
            return false;
    return true;
}

bool prt_collect_make_(struct prt_stage *stage)
{
    struct prt_collect *collect;
    const struct prt_in_spec *in = stage->ins;

    if (stage->spec.collect == 0)
        return true;
    collect = prt_memory_new_(&stage->run->memory, sizeof *collect, PRT_LINE);
    if (!collect)
        return false;
    collect->most = stage->spec.collect;
    collect->within = stage->spec.nkeyed > 0 ? 0 : stage->spec.within; /* else the store sees to that */
    collect->timer = (struct prt_timer){ .kind = PRT_TIMER_COLLECT, .of.stage = stage };
    collect->at = prt_memory_new_(&stage->run->memory, in->nchans * sizeof *collect->at, PRT_LINE);
    if (!collect->at)
        return false;
    for (size_t i = 0; i < in->nchans; i++) {
        prt_store_relaxed(&collect->at[i].mark, taken(in->chans[i]));
        prt_store_relaxed(&collect->at[i].passed, taken(in->chans[i]));
    }
    stage->collect = collect;
    return true;
}

/* ---- deadlines -------------------------------------------------------------------------------------------------- */

/* Whether one is set for an item that is there. One is enough: when it has passed, a body gets them all. */
static bool is_covered(const struct prt_stage *stage)
{
    const struct prt_in_spec *in = stage->ins;

    for (size_t i = 0; i < in->nchans; i++)
        if (is_ahead(&stage->collect->at[i].mark, in->chans[i]))
            return true;
    return false;
}

/* Several may find the same items without a deadline: the first of them sets it. */
static void set_deadline(struct prt_stage *stage)
{
    struct prt_collect *collect = stage->collect;
    uint64_t due = 0;

    prt_mutex_lock(&collect->lock);
    if (!is_covered(stage)) {
        collect->due = due = prt_now() + collect->within;
        for (size_t i = 0; i < stage->ins[0].nchans; i++)
            prt_store(&collect->at[i].mark, prt_load(&stage->ins[0].chans[i]->tail));
    }
    prt_mutex_unlock(&collect->lock);
    if (due)
        prt_timer_set_(&stage->run->timers, &collect->timer, due);
}

static uint64_t queued(const struct prt_stage *stage)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < stage->ins[0].nchans; i++)
        sum += prt_chan_queued_(stage->ins[0].chans[i]);
    return sum;
}

/* Items that are there have a deadline from now on. Where senders store `tail` and look in plain order, the barrier orders
 * what was taken before this look with theirs: one of the two sees the other's. */
static void cover(struct prt_stage *stage)
{
    if (stage->collect->within == 0 || is_covered(stage))
        return;
    if (queued(stage) == 0)
        prt_barrier_all(); /* handshake: collect */
    if (queued(stage) > 0)
        set_deadline(stage);
}

void prt_collect_due_(struct prt_stage *stage)
{
    struct prt_collect *collect = stage->collect;
    uint64_t due;

    prt_mutex_lock(&collect->lock);
    due = collect->due;
    if (due <= prt_now()) {
        for (size_t i = 0; i < stage->ins[0].nchans; i++)
            prt_store(&collect->at[i].passed, prt_load(&collect->at[i].mark));
        due = 0;
    }
    prt_mutex_unlock(&collect->lock);
    if (due) { /* it was set for items that have gone, and since then for others */
        prt_timer_set_(&stage->run->timers, &collect->timer, due);
        return;
    }
    for (uint32_t i = 0; stage->spec.blocking && i < stage->nslots; i++)
        prt_slot_wake_(&stage->slots[i]);
    prt_pool_needs_(&stage->run->pool);
}

/* ---- ready ------------------------------------------------------------------------------------------------------ */

/* Whether what is there weighs as much as a body gets. */
static bool is_heavy(const struct prt_in_spec *in)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < in->nchans && in->chans[i]->scale; i++)
        if (prt_scale_reaches_(in->chans[i], &sum))
            return true;
    return false;
}

static bool is_complete(const struct prt_stage *stage)
{
    const struct prt_in_spec *in = stage->ins;
    bool closed = true; /* read before the queues are, as by prt_stage_over_() */
    uint64_t sum = 0;

    for (size_t i = 0; i < in->nchans; i++)
        closed = closed && prt_load(&in->chans[i]->closed);
    for (size_t i = 0; i < in->nchans; i++) {
        const uint64_t n = prt_chan_queued_(in->chans[i]);

        sum += n;
        if (n > 0 && (prt_chan_room_(in->chans[i]) == 0 || is_ahead(&stage->collect->at[i].passed, in->chans[i])))
            return true;
    }
    return sum >= stage->collect->most || (closed && sum > 0) || (sum > 0 && is_heavy(in));
}

bool prt_collect_ready_(struct prt_stage *stage)
{
    if (is_complete(stage))
        return true;
    if (queued(stage) > 0)
        cover(stage);
    return false;
}

bool prt_collect_waits_(const struct prt_chan *chan)
{
    const struct prt_stage *stage = chan->collector;

    return stage && !prt_load(&chan->closed) && !is_complete(stage) && /* handshake: collect */
           (stage->collect->within == 0 || is_covered(stage));
}

/* ---- taking ----------------------------------------------------------------------------------------------------- */

/* What is taken from a channel that drops the oldest begins at once, since nobody else may drop it then. */
static bool begins_when_taken(const struct prt_chan *chan)
{
    return chan->spec.full == PRT_DROPS_OLDEST;
}

static uint64_t take_from(struct prt_slot *slot, struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *left)
{
    if (begins_when_taken(chan))
        return prt_drop_collect_(chan, into, n, left, slot->stage->turns, &slot->turn);
    return prt_chan_collect_(chan, into, n, left, slot->stage->turns, &slot->turn);
}

/* From one channel after the other, going on from where the last look ended, until one is too heavy. Results of an ordered
 * stage leave in the order of each channel: there a body gets the items of one. */
static void take_all(struct prt_slot *slot, struct prt_take *take)
{
    struct prt_turns *turns = slot->stage->turns;
    uint64_t left = PRT_WEIGHT_ANY;

    take->n = 0;
    take->from = take->look;
    for (size_t i = 0; i < take->nchans; i++)
        take->counts[i] = 0;
    for (size_t i = 0; i < take->nchans && take->n < take->hand_size && left > 0 && !(turns && take->n > 0); i++) {
        const size_t at = (take->from + i) % take->nchans;
        struct prt_chan *chan = take->chans[at];

        take->counts[at] = take_from(slot, chan, take->hand + take->n * chan->item_size, take->hand_size - take->n,
                                     &left);
        take->n += take->counts[at];
        take->look = take->preferred ? 0 : (at + 1) % take->nchans;
    }
}

/* One worker at a time: what the other has found to be enough is gone when this one has taken it. */
static bool take_if_ready(struct prt_slot *slot, struct prt_take *take)
{
    struct prt_stage *stage = slot->stage;
    struct prt_mutex *lock = stage->nslots > 1 ? &stage->collect->taking : NULL;
    bool ready;

    if (lock)
        prt_mutex_lock(lock);
    ready = prt_collect_ready_(stage);
    if (ready)
        take_all(slot, take);
    if (lock)
        prt_mutex_unlock(lock);
    return ready;
}

bool prt_collect_take_(struct prt_slot *slot)
{
    struct prt_take *take = take_of(slot);

    take->n = take->begun = 0;
    if (!take_if_ready(slot, take))
        return false;
    take->start = take->hand;
    if (slot->stage->turns && take->n > 0)
        prt_batch_enter_turns_(slot, 1);
    return take->n > 0;
}

void prt_collect_begin_(struct prt_slot *slot)
{
    struct prt_take *take = take_of(slot);

    for (size_t i = 0; i < take->nchans; i++) {
        struct prt_chan *chan = take->chans[i];

        if (chan->direct_receive)
            prt_publish(&chan->head, prt_load_relaxed(&chan->head) + take->counts[i]);
        else if (!begins_when_taken(chan))
            prt_chan_begin_(chan, take->counts[i]);
        take->received[i] += take->counts[i];
    }
    take->begun = take->n;
    cover(slot->stage);
    prt_senders_wake_all_(slot);
}

static void drop_all(struct prt_take *take)
{
    unsigned char *at = take->start;

    for (size_t i = 0; i < take->nchans; i++) {
        struct prt_chan *chan = take->chans[(take->from + i) % take->nchans];
        const uint64_t n = take->counts[(take->from + i) % take->nchans];

        if (!chan->direct_receive) { /* else they lie in the ring still */
            prt_chan_drop_(chan, at, n);
            prt_add(&chan->left, n);
        }
        at += n * chan->item_size;
    }
}

uint64_t prt_collect_close_(struct prt_slot *slot)
{
    struct prt_take *take = take_of(slot);
    const bool begun = take->begun > 0;

    if (!begun && take->n > 0)
        drop_all(take);
    take->n = 0;
    return begun;
}

uint64_t prt_collect_of_cycle_(const struct prt_take *take, int cycle)
{
    uint64_t n = 0;

    for (size_t i = 0; i < take->nchans && take->begun > 0; i++)
        if (take->chans[i]->spec.cycle == cycle)
            n += take->counts[i];
    return n;
}

uint64_t prt_collect_items_(const struct prt_slot *slot)
{
    return slot->stage->collect ? slot->takes[0].n : 1;
}
