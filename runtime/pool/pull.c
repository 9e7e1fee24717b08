/* Pulling: taking an item, waiting for one, who runs whose body goes on. */
#include "pool/pull.h"

#include <prt/errno.h>

#include "channel/drop.h"
#include "pool/finish.h"
#include "pool/run_state.h"
#include "pool/senders.h"

static struct prt_pull *pull_of(const struct prt_in *in)
{
    return (struct prt_pull *)in->take; /* its first member */
}

static struct prt_chan *chan_of(const struct prt_in *in)
{
    return prt_take_chan_(in->take);
}

bool prt_pull_make_(struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;
    struct prt_memory *memory = &stage->run->memory;
    uint64_t *received;

    slot->npulls = stage->npulls;
    slot->pulls = prt_memory_new_(memory, stage->npulls * sizeof *slot->pulls, 2 * sizeof(void *));
    received = prt_memory_new_(memory, stage->npulls * sizeof *received, sizeof *received);
    if (!slot->pulls || !received)
        return false;
    for (size_t i = 0; i < stage->npulls; i++) {
        const struct prt_in_spec *spec = &stage->pulls[i];
        struct prt_in *in = (struct prt_in *)((char *)slot->worker + spec->at);

        slot->pulls[i] = (struct prt_pull){
            .take = { .in = in, .chans = spec->chans, .nchans = 1, .received = &received[i] },
            .tail = prt_chan_start_,
            .puller = { .slot = slot },
        };
        in->worker = slot->worker;
        in->take = &slot->pulls[i].take;
    }
    return true;
}

/* ---- from beginning to end --------------------------------------------------------------------------------------- */

bool prt_pull_begin_(struct prt_slot *slot)
{
    const bool first = !slot->pulled;

    slot->pulled = true;
    return first;
}

void prt_pull_returned_(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    prt_pull_wake_senders_(slot);
    if (prt_add(&stage->ended, 1) + 1 == stage->nslots)
        prt_finish_ask_(stage); /* its finals may last, and nobody waits for it meanwhile */
}

void prt_pull_end_waits_(struct prt_stage *stage)
{
    for (uint32_t i = 0; stage->npulls > 0 && i < stage->nslots; i++)
        prt_slot_wake_(&stage->slots[i]); /* handshake: hold */
}

bool prt_pull_is_over_(struct prt_stage *stage)
{
    return prt_load(&stage->ended) == stage->nslots;
}

void prt_pull_wake_senders_(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->npulls; i++)
        prt_chan_pass_room_(prt_take_chan_(&slot->pulls[i].take));
}

/* ---- who goes on ------------------------------------------------------------------------------------------------- */

bool prt_pull_is_ready_(const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->npulls; i++)
        if (prt_pulls_are_ready_(stage->pulls[i].chans[0]))
            return true;
    return false;
}

/* A slot that is not held yet looks again before it is; a blocking stage's thread is woken. */
static struct prt_slot *claim_held(struct prt_slot *slot)
{
    uint64_t state = PRT_SLOT_HELD;

    if (!slot->owner && prt_cas(&slot->state, &state, PRT_SLOT_RUNNING)) {
        struct prt_stage *stage = slot->stage;

        prt_store_relaxed(&stage->claims, prt_load_relaxed(&stage->claims) + 1);
        prt_store_relaxed(&slot->begins, prt_load_relaxed(&slot->begins) + 1);
        return slot;
    }
    prt_slot_wake_(slot);
    return NULL;
}

struct prt_slot *prt_pull_claim_(struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->npulls; i++) {
        struct prt_chan *chan = stage->pulls[i].chans[0];

        while (prt_pulls_are_ready_(chan)) {
            struct prt_slot *slot = prt_pulls_take_(chan);

            slot = slot ? claim_held(slot) : NULL;
            if (slot)
                return slot;
        }
    }
    return NULL;
}

void prt_pull_wake_(struct prt_chan *chan)
{
    uint64_t n = prt_load(&chan->closed) ? UINT64_MAX : prt_chan_queued_(chan);

    for (; n > 0 && prt_load(&chan->pulling) > 0; n--) { /* handshake: pull */
        struct prt_slot *slot = prt_pulls_take_(chan);

        if (slot)
            prt_slot_wake_(slot);
    }
}

/* ---- waiting ----------------------------------------------------------------------------------------------------- */

static bool is_closed(const struct prt_chan *chan)
{
    return prt_load(&chan->closed) && prt_chan_queued_(chan) == 0;
}

bool prt_pull_wait_is_over_(const struct prt_wait *wait)
{
    bool closed = true;

    for (int i = 0; i < wait->nins; i++) {
        const struct prt_chan *chan = chan_of(wait->ins[i]);

        if (!is_closed(chan)) {
            if (prt_pulls_may_go_on_(chan))
                return true;
            closed = false;
        }
    }
    return closed || (wait->until != PRT_NEVER && prt_now() >= wait->until);
}

/* Not where nothing will come: that is over for good, and who waited for it and others would go on again and again. */
void prt_pull_announce_(const struct prt_wait *wait)
{
    for (int i = 0; i < wait->nins; i++)
        if (!is_closed(chan_of(wait->ins[i]))) /* handshake: pull */
            prt_pulls_enlist_(chan_of(wait->ins[i]), &pull_of(wait->ins[i])->puller);
}

/* It may have been taken out for one of several items, and take another: who waits behind it is woken for that one, or
 * found by who looks for work. */
void prt_pull_forget_(const struct prt_wait *wait)
{
    for (int i = 0; i < wait->nins; i++) {
        struct prt_chan *chan = chan_of(wait->ins[i]);

        prt_pulls_delist_(chan, &pull_of(wait->ins[i])->puller);
        if (chan->wakes_dedicated)
            prt_pull_wake_(chan);
    }
}

/* ---- taking ------------------------------------------------------------------------------------------------------ */

/* Until half of the channel is free a sender that is woken would soon sleep again: the monitor looks after it, should this
 * body take no more. */
static void wake_sender(struct prt_chan *chan)
{
    if (!chan->meets && prt_room_is_early_(prt_chan_room_(chan), chan->cap))
        prt_chan_lull_(chan);
    else
        prt_chan_pass_room_(chan);
}

static bool take_in_place(struct prt_pull *pull, struct prt_chan *chan, void *item)
{
    const uint64_t head = prt_load_relaxed(&chan->head);

    if (head == pull->tail) {
        pull->tail = prt_load_acquire(&chan->tail);
        if (head == pull->tail)
            return false;
    }
    prt_chan_copy_(item, prt_chan_at_(chan, head), chan->spec.item_size);
    prt_publish(&chan->head, head + 1);
    return true;
}

static bool take_locked(struct prt_chan *chan, void *item)
{
    unsigned char nothing[1]; /* an item without bytes takes one in the ring, and none in the body */
    unsigned char *const into = chan->spec.item_size > 0 ? item : nothing;
    uint64_t at, turn;

    if (prt_chan_queued_(chan) == 0)
        return false;
    if (chan->spec.full == PRT_DROPS_OLDEST) {
        if (!prt_drop_claim_(chan))
            return false;
        prt_drop_begin_(chan, into);
        return true;
    }
    if (prt_chan_take_(chan, into, 1, &at, NULL, &turn) == 0)
        return false;
    prt_chan_begin_(chan, 1);
    return true;
}

static bool take(struct prt_pull *pull, struct prt_chan *chan, void *item)
{
    if (!(chan->direct_receive ? take_in_place(pull, chan, item) : take_locked(chan, item)))
        return false;
    (*pull->take.received)++;
    if (prt_load(&chan->waiting)) /* handshake: room */
        wake_sender(chan);
    return true;
}

static void drop(const struct prt_chan *chan, void *item)
{
    if (chan->spec.drop)
        chan->spec.drop(item);
    memset(item, 0, chan->spec.item_size);
}

/* The body, or whoever had it, has no item to take and cannot wait for one. */
static bool is_cut(const struct prt_in *in)
{
    return prt_run_aborted_(in->worker->run) || in->worker->slot->mode == PRT_MODE_SECTION ||
           prt_load(&in->worker->stage->asked);
}

static void await(struct prt_in *const *ins, int n, uint64_t until)
{
    const int saved = errno;

    prt_wait_(ins[0]->worker->slot, (struct prt_wait){ .kind = PRT_WAIT_ITEM, .ins = ins, .nins = n, .until = until });
    errno = saved;
}

static int next_until(struct prt_in *in, void *item, uint64_t until)
{
    struct prt_pull *pull = pull_of(in);
    struct prt_chan *chan = chan_of(in);

    while (!is_cut(in)) {
        const bool closed = prt_load(&chan->closed); /* before the look at the queue */

        if (take(pull, chan, item))
            return 1;
        if (closed)
            break;
        if (until != PRT_NEVER && prt_now() >= until)
            return 0;
        await(&in, 1, until);
    }
    return -1;
}

bool prt_next(struct prt_in *in, void *item)
{
    drop(chan_of(in), item);
    return next_until(in, item, PRT_NEVER) > 0;
}

int prt_next_for(struct prt_in *in, void *item, int64_t ns)
{
    const uint64_t until = prt_wait_end_(ns);

    drop(chan_of(in), item);
    return next_until(in, item, until);
}

/* Which of them has an item, which is taken; below 0: none. `*closed`: none will. */
static int take_any(struct prt_in *const *ins, void *const *items, int n, bool *closed)
{
    struct prt_slot *slot = ins[0]->worker->slot;

    *closed = true;
    for (int i = 0; i < n; i++) {
        const int at = (int)((slot->pull_look + (unsigned)i) % (unsigned)n);
        struct prt_chan *chan = chan_of(ins[at]);
        const bool is_over = prt_load(&chan->closed);

        if (prt_chan_queued_(chan) > 0) {
            drop(chan, items[at]);
            if (take(pull_of(ins[at]), chan, items[at])) {
                slot->pull_look = (unsigned)at + 1;
                return at;
            }
        }
        *closed = *closed && is_over;
    }
    return -1;
}

int prt_next_any(struct prt_in *const *ins, void *const *items, int n)
{
    while (!is_cut(ins[0])) {
        bool closed;
        const int at = take_any(ins, items, n, &closed);

        if (at >= 0)
            return at;
        if (closed)
            break;
        await(ins, n, PRT_NEVER);
    }
    for (int i = 0; i < n; i++)
        drop(chan_of(ins[i]), items[i]);
    return -1;
}
