/* Batches: making windows, taking, running, handing back. */
#include "pool/batch.h"

#include "channel/drop.h"
#include "pool/collect.h"
#include "pool/cycle.h"
#include "pool/fail.h"
#include "pool/gather.h"
#include "pool/inline.h"
#include "pool/look.h"
#include "pool/outbox.h"
#include "pool/pull.h"
#include "pool/retry.h"
#include "pool/senders.h"
#include "pool/run_state.h"
#include "pool/store_hands.h"

/* ---- making ----------------------------------------------------------------------------------------------------- */

/* How many items of `size` bytes a worker holds in memory of its own: what one body needs, or several bodies'. */
static uint64_t held_most(const struct prt_stage *stage, uint64_t body, size_t size)
{
    return stage->batches ? body * prt_box_bodies_(body, size) : body;
}

static unsigned char *held_new(const struct prt_stage *stage, uint64_t items, size_t size)
{
    return prt_memory_items_(&stage->run->hands, items, size);
}

bool prt_take_make_(struct prt_slot *slot, size_t i)
{
    struct prt_take *take = &slot->takes[i];
    const struct prt_in_spec *spec = &slot->stage->ins[i];
    const size_t size = spec->chans[0]->item_size;
    bool copied = false;

    take->in = (struct prt_in *)((char *)slot->worker + spec->at);
    take->in->worker = slot->worker;
    take->in->take = take;
    take->chans = spec->chans;
    take->nchans = spec->nchans;
    take->preferred = spec->preferred;
    take->received = prt_memory_new_(&slot->stage->run->memory, spec->nchans * sizeof(uint64_t), sizeof(uint64_t));
    for (size_t j = 0; j < spec->nchans; j++)
        copied = copied || !spec->chans[j]->direct_receive;
    if (slot->stage->spec.collect > 0) {
        take->counts = prt_memory_new_(&slot->stage->run->memory, spec->nchans * sizeof(uint64_t), sizeof(uint64_t));
        take->hand_size = slot->stage->spec.collect;
        copied = true;
    } else {
        take->hand_size = copied ? held_most(slot->stage, 1, size) : 0;
    }
    if (slot->stage->store && slot->stage->spec.collect == 0) {
        slot->rest = prt_memory_raw_(&slot->stage->run->hands, (size_t)take->hand_size * sizeof *slot->rest, PRT_LINE);
        if (!slot->rest)
            return false;
    }
    if (copied)
        take->hand = held_new(slot->stage, take->hand_size, size);
    return take->received && (take->hand || !copied) && (take->counts || slot->stage->spec.collect == 0);
}

/* A batch that fails leaves a letter for each of its items. */
static uint64_t items_most(const struct prt_stage *stage, const struct prt_out_spec *spec)
{
    return spec->letters && spec->by == 0 && stage->spec.collect > 0 ? stage->spec.collect : spec->most;
}

bool prt_port_make_(struct prt_slot *slot, size_t i)
{
    struct prt_port *port = &slot->ports[i];
    const struct prt_out_spec *spec = &slot->stage->outs[i];
    const size_t size = spec->chan->item_size;

    port->index = (uint32_t)i;
    port->sender = prt_inline_slot_(slot, spec->by);
    port->out = (struct prt_out *)((char *)port->sender->worker + spec->at);
    port->out->worker = slot->worker;
    port->out->word = &slot->stage->run->pool.word;
    port->out->port = port;
    port->chan = spec->chan;
    port->most = items_most(slot->stage, spec);
    port->discards = spec->in_cycle && (spec->chan->grows || spec->chan->drops);
    port->letters = spec->letters;
    port->holds = slot->stage->spec.holds && !spec->letters;
    port->turn = slot->stage->turns ? &slot->stage->turns->outs[i] : NULL;
    port->waiter.slot = slot;
    if (slot->stage->spec.leaf)
        port->box_size = held_most(slot->stage, items_most(slot->stage, spec), size);
    else if (!spec->chan->direct_send && !spec->chan->meets && !spec->chan->drops && !slot->stage->spec.blocking &&
             !slot->stage->spec.rate && !port->discards)
        port->box_size = prt_window_items_(size);
    else
        return true;
    port->box = held_new(slot->stage, port->box_size, size);
    if (port->holds && slot->stage->spec.collect > 0) {
        port->came = prt_memory_raw_(&slot->stage->run->memory, port->box_size * sizeof *port->came, sizeof(void *));
        return port->box && port->came;
    }
    return port->box != NULL;
}

/* ---- taking ----------------------------------------------------------------------------------------------------- */

/* How many bodies' items fit in a window on this output. Where less than one body's do, its outbox takes them. */
static uint64_t port_bodies(const struct prt_port *port, bool hidden)
{
    const uint64_t most = port->most;
    struct prt_chan *chan = port->chan;
    uint64_t room;

    if (most == 0) /* only `final` sends there */
        return PRT_BATCH_MOST;
    if (chan->direct_send)
        return prt_chan_window_(chan) / most;
    room = prt_chan_room_(chan);
    /* What lies in an outbox is not seen before the batch is done: only then may bodies wait for each other there. */
    room = room < port->box_size ? room : port->box_size;
    return hidden ? room / most : 1;
}

/* As many of `k` bodies as there is room for in each output, so that at most one body's items have to lie in an outbox. */
static inline uint64_t batch_sent(const struct prt_slot *slot, uint64_t k, bool hidden)
{
    for (size_t i = 0; slot->stage->spec.leaf && i < slot->nports && k > 1; i++) {
        const uint64_t bodies = port_bodies(&slot->ports[i], hidden);

        k = bodies < k ? bodies : k;
    }
    return k > 0 ? k : 1;
}

/* How many bodies may run in one go: by what they cost, by what other workers could do meanwhile, and by the room in
 * each output. */
static uint64_t batch_size(const struct prt_slot *slot, const struct prt_chan *chan, bool hidden)
{
    const struct prt_stage *stage = slot->stage;
    const uint64_t cost = prt_load_relaxed(&stage->cost);
    const uint64_t mean = prt_load_relaxed(&stage->mean);
    const uint64_t each = hidden && mean > 0 ? mean : cost;
    uint64_t k;

    if (!stage->batches || cost == 0) /* the first one is measured */
        return 1;
    /* Items that are copied out of the ring are out of the other workers' reach. */
    if (!chan->direct_receive && !hidden)
        return 1;
    k = prt_batch_bodies_(each);
    if (stage->nslots > 1 && !prt_cost_is_least_(cost)) {
        const uint64_t share = prt_chan_queued_(chan) / stage->run->pool.cpus;

        k = share < k ? share : k;
    }
    if (stage->turns) {
        const uint64_t share = prt_turns_share_(stage->turns->ahead, stage->nslots, stage->run->pool.cpus, cost);

        k = share < k ? share : k;
    }
    return batch_sent(slot, k, hidden);
}

/* What stands in a worker's own queue is out of the others' reach in any case. */
uint64_t prt_batch_kept_(const struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;
    const bool hidden = prt_stage_hides_(stage);
    const uint64_t cost = prt_load_relaxed(&stage->cost), mean = prt_load_relaxed(&stage->mean);
    uint64_t k;

    if (!stage->batches || cost == 0)
        return 1;
    k = batch_sent(slot, prt_batch_bodies_(hidden && mean > 0 ? mean : cost), hidden);
    return k < slot->takes[0].hand_size ? k : slot->takes[0].hand_size;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The first channel that has items. The others are looked at before it: what was sent there earlier is seen then. */
static uint64_t take_prefer(struct prt_take *take)
{
    uint64_t chosen = 0;

    for (size_t at = take->nchans; at-- > 0;) {
        const uint64_t queued = prt_chan_queued_(take->chans[at]);

        if (queued > 0) {
            chosen = queued;
            take->from = at;
        }
    }
    return chosen;
}

/* Chooses a channel that has items, going on from where the last look ended; returns how many. */
static uint64_t take_choose(struct prt_take *take)
{
    if (take->preferred)
        return take_prefer(take);
    for (size_t i = 0; i < take->nchans; i++) {
        const size_t at = (take->look + i) % take->nchans;
        const uint64_t queued = prt_chan_queued_(take->chans[at]);

        if (queued > 0) {
            take->look = (at + 1) % take->nchans;
            take->from = at;
            return queued;
        }
    }
    return 0;
}

/* The window lies on the ring itself: this worker is the only one that receives there. */
static void take_in_place(struct prt_take *take, struct prt_chan *chan, uint64_t most)
{
    const uint64_t head = prt_load_relaxed(&chan->head);
    const uint64_t queued = prt_load_acquire(&chan->tail) - head;
    const uint64_t straight = chan->size - (head & (chan->size - 1));

    take->n = queued < most ? queued : most;
    if (take->n > straight)
        take->n = straight;
    take->start = prt_chan_at_(chan, head);
    take->head = head;
}

void prt_batch_enter_turns_(struct prt_slot *slot, uint64_t n)
{
    slot->turn_end = slot->turn + n;
    prt_turns_enter_(slot->stage->turns, slot->turn, slot);
    for (size_t i = 0; i < slot->nports; i++)
        slot->ports[i].owes = true;
}

/* An item that this hand holds still, since it was handed back and nobody else has taken it. One at a time, so that there
 * is never anything else of this hand's to hand back. */
static bool take_own(struct prt_slot *slot, struct prt_take *take)
{
    take->start = prt_chan_take_own_(take->chans[take->lent_from], &take->segment, &take->at, &slot->turn);
    take->lent = take->start != NULL;
    if (!take->lent) /* others have taken them: what was chosen stands */
        return false;
    take->n = 1;
    take->from = take->lent_from;
    if (slot->stage->turns)
        prt_batch_enter_turns_(slot, 1);
    return true;
}

/* The channel drops the oldest: which item it is shows when the body begins, but for one that has a turn. */
static void take_claim(struct prt_slot *slot, struct prt_take *take, struct prt_chan *chan)
{
    struct prt_turns *turns = slot->stage->turns;

    take->n = turns ? prt_drop_take_(chan, take->hand, turns, &slot->turn) : prt_drop_claim_(chan);
    take->start = take->hand;
    if (!turns || take->n == 0)
        return;
    take->begun = 1;
    prt_batch_enter_turns_(slot, 1);
}

/* The items leave the ring; the lock there makes the order of the turns the items' order. */
static void take_copied(struct prt_slot *slot, struct prt_take *take, struct prt_chan *chan, uint64_t most)
{
    struct prt_turns *turns = slot->stage->turns;

    take->n = prt_chan_take_(chan, take->hand, most < take->hand_size ? most : take->hand_size, &take->at, turns, &slot->turn);
    take->start = take->hand;
    if (turns && take->n > 0)
        prt_batch_enter_turns_(slot, take->n);
}

static bool take_items(struct prt_slot *slot, struct prt_take *take)
{
    const bool hidden = prt_stage_hides_(slot->stage);
    const uint64_t queued = take_choose(take);
    uint64_t most = 1;
    struct prt_chan *chan;

    take->n = take->begun = 0;
    if (take->lent && take_own(slot, take))
        return true;
    if (queued == 0)
        return false;
    chan = prt_take_chan_(take);
    if (queued > 1)
        most = batch_size(slot, chan, hidden);
    if (take->nchans > 1 && most > PRT_MERGE_MOST)
        most = PRT_MERGE_MOST;
    if (take->preferred && take->from > 0) /* what several workers take is out of reach, and what comes now may be behind */
        most = chan->direct_receive ? prt_batch_behind_(least(most, queued), prt_load_relaxed(&slot->stage->cost)) : 1;
    if (chan->spec.full == PRT_DROPS_OLDEST)
        take_claim(slot, take, chan);
    else if (chan->direct_receive)
        take_in_place(take, chan, most);
    else
        take_copied(slot, take, chan, most);
    slot->hidden = hidden && take->n > 1; /* one item has nothing to hold back */
    return take->n > 0;
}

/* How many items of the channel lie in one piece, or fit in the hand. */
static uint64_t take_piece(const struct prt_take *take, const struct prt_chan *chan)
{
    if (chan->spec.full == PRT_DROPS_OLDEST)
        return 1;
    if (!chan->direct_receive)
        return take->hand_size;
    return chan->size - (prt_load_relaxed(&chan->head) & (chan->size - 1));
}

/* As many items of each input. A zip has one worker, and nobody else receives from its channels, so what it sees queued
 * there stays there. */
static bool take_zip(struct prt_slot *slot)
{
    const bool hidden = prt_stage_hides_(slot->stage);
    uint64_t n = PRT_BATCH_MOST;

    for (size_t i = 0; i < slot->ntakes && n > 0; i++)
        n = least(n, take_choose(&slot->takes[i]));
    for (size_t i = 0; i < slot->ntakes && n > 1; i++) {
        const struct prt_take *take = &slot->takes[i];

        n = least(n, take_piece(take, prt_take_chan_(take)));
        n = least(n, batch_size(slot, prt_take_chan_(take), hidden));
    }
    for (size_t i = 0; i < slot->ntakes && n > 0; i++) {
        struct prt_take *take = &slot->takes[i];

        take->begun = 0;
        if (prt_take_chan_(take)->spec.full == PRT_DROPS_OLDEST)
            take_claim(slot, take, prt_take_chan_(take));
        else if (prt_take_chan_(take)->direct_receive)
            take_in_place(take, prt_take_chan_(take), n);
        else
            take_copied(slot, take, prt_take_chan_(take), n);
    }
    slot->hidden = hidden && n > 1;
    return n > 0;
}

bool prt_batch_take_(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    slot->hidden = false;
    if (prt_stage_over_(stage))
        return false;
    if (stage->picks)
        return stage->store ? prt_store_take_(slot) : prt_collect_take_(slot);
    if (slot->ntakes > 1)
        return take_zip(slot);
    if (slot->ntakes == 1)
        return take_items(slot, &slot->takes[0]);
    if (stage->npulls > 0)
        return prt_pull_begin_(slot);
    if (stage->spec.every)
        return prt_load(&stage->due) <= prt_now();
    return prt_swap(&stage->started, 1) == 0;
}

/* ---- windows ---------------------------------------------------------------------------------------------------- */

/* Opens a window for `n` bodies on an output of a leaf: on the ring, if this worker alone sends there and it has that
 * much room in one piece, else on the outbox. */
static void port_open(struct prt_port *port, uint64_t n, bool hidden)
{
    struct prt_chan *chan = port->chan;
    struct prt_out *out = port->out;
    /* Inside a cycle that is to end nothing new is taken on: with no window, each emit asks (body.c). */
    const bool closed = port->discards && prt_run_draining_(out->worker->run);
    const uint64_t items = closed ? 0 : n * port->most;
    unsigned char *window = port->box;

    port->first = port->len = 0;
    port->boxed = port->holds || !chan->direct_send || port_bodies(port, hidden) < n ||
                  (chan->overwrites && !prt_drop_open_(chan));
    out->tail = NULL;
    if (!port->boxed) {
        out->count = port->tail = prt_load_relaxed(&chan->tail);
        out->tail = hidden ? NULL : &chan->tail;
        window = prt_chan_at_(chan, port->tail);
    }
    prt_ptr_publish(&out->next, window);
    prt_ptr_set(&out->limit, window + items * chan->item_size);
}

uint64_t prt_port_sent_(const struct prt_port *port)
{
    unsigned char *window = port->boxed ? port->box : prt_chan_at_(port->chan, port->tail);

    return (uint64_t)(prt_ptr_acquire(&port->out->next) - window) / port->chan->item_size;
}

/* A leaf's bodies have run: what they sent is published or lies in the outbox, and no window stays open. */
static void port_close(struct prt_port *port)
{
    struct prt_out *out = port->out;
    struct prt_chan *chan = port->chan;
    const uint64_t sent = prt_port_sent_(port);

    if (port->boxed) {
        port->len = sent - port->first;
    } else if (!out->tail && sent > 0) {
        prt_publish(&chan->tail, port->tail + sent);
        prt_pool_published_(chan);
    } else {
        prt_pool_hint_(chan);
    }
    prt_ptr_set(&out->limit, prt_ptr(&out->next));
}

uint64_t prt_take_received_(const struct prt_take *take)
{
    if (!take->open)
        return take->begun;
    return (uint64_t)(prt_ptr_acquire(&take->in->next) - take->start) / prt_take_chan_(take)->item_size;
}

/* A claim becomes an item, with which the body begins; it lies in a window of its own. One that is tried again has begun
 * before, and comes from elsewhere. */
static bool take_begins_now(struct prt_take *take)
{
    struct prt_chan *chan = prt_take_chan_(take);

    if (chan->spec.full != PRT_DROPS_OLDEST || take->counts || prt_tries_wait_(take->in->worker->slot->tries))
        return false;
    if (take->begun == 0)
        prt_drop_begin_(chan, take->hand);
    take->begun = 1;
    return true;
}

/* A window on all that is in hand; else none, and prt_receive() asks for each item. */
static void take_open(struct prt_take *take, bool hidden)
{
    struct prt_in *in = take->in;

    take->open = hidden;
    take->end = take->start + (hidden ? take->n * prt_take_chan_(take)->item_size : 0);
    prt_ptr_publish(&in->next, take->start);
    prt_ptr_publish(&in->limit, take->end);
}

/* Whether others could take what lies in this hand. Items that have turns go back only to a channel that nobody but the
 * workers of their own stage takes from, and those from no other. */
static bool take_may_hand_back(const struct prt_take *take)
{
    const struct prt_chan *chan = prt_take_chan_(take);

    if (take->in->worker->stage->store)
        return prt_store_may_hand_back_(take->in->worker->stage);
    if (take->in->worker->stage->turns && (take->nchans > 1 || chan->nto > 1))
        return false;
    return !take->lent && !chan->direct_receive && chan->nrecv_slots > 1;
}

/* All but the first `kept` items go back. The caller has seen to it that no body begins with them. */
static void take_hand_back(struct prt_take *take, uint64_t kept)
{
    struct prt_chan *chan = prt_take_chan_(take);
    struct prt_slot *slot = take->in->worker->slot;

    if (slot->stage->store) {
        prt_store_hand_back_(slot, kept);
        take->n = kept;
        return;
    }
    take->segment.items = take->start + kept * chan->item_size;
    take->segment.n = take->n - kept;
    take->segment.at = take->at + kept;
    take->segment.turns = slot->stage->turns;
    take->segment.turn = slot->turn + kept;
    if (slot->stage->turns)
        slot->turn_end = take->segment.turn;
    take->n = kept;
    take->lent = true;
    take->lent_from = take->from;
    prt_chan_hand_back_(chan, &take->segment);
}

/* Of what was taken no more will begin. Torn down, it is left; a worker that has finished hands it back, or drops it where
 * nobody else could take it. */
static __attribute__((noinline)) void take_leave(struct prt_take *take, uint64_t received)
{
    struct prt_chan *chan = prt_take_chan_(take);
    const bool torn_down = prt_run_aborted_(chan->run);
    const uint64_t rest = take->n - received;

    if (!torn_down && !take->in->worker->stage->turns && take_may_hand_back(take)) {
        take_hand_back(take, received);
        return;
    }
    prt_chan_drop_(chan, take->start + received * chan->item_size, rest);
    prt_add(torn_down ? &chan->left : &chan->discarded, rest);
    if (!torn_down) {
        prt_chan_begin_(chan, rest);
        prt_cycle_lower_(chan->run, chan->spec.cycle, rest);
    }
}

/* Counts what was received, and sees to what was taken but not begun: torn down, or finished. Returns the former. */
static uint64_t take_close(struct prt_take *take)
{
    struct prt_in *in = take->in;
    struct prt_chan *chan = prt_take_chan_(take);
    const uint64_t received = prt_take_received_(take);
    const uint64_t rest = take->n - received;

    prt_take_begin_(take, received);
    take->received[take->from] += received;
    if (rest > 0 && !chan->direct_receive)
        take_leave(take, received);
    prt_ptr_set(&in->limit, prt_ptr(&in->next));
    take->n = 0;
    take->open = false;
    return received;
}

/* ---- handing back ----------------------------------------------------------------------------------------------- */

/* Hands back of a stuck batch, by the monitor, under the slot's batch_lock. The window is cut behind the next item first;
 * whoever is past its look at the old limit when every thread has passed a barrier is at the item that `next` shows by
 * then: that one stays. */
static void take_cut(struct prt_take *take)
{
    struct prt_in *in = take->in;
    const uint64_t size = prt_take_chan_(take)->item_size;
    unsigned char *const limit = prt_ptr(&in->limit);
    unsigned char *next = prt_ptr_acquire(&in->next);

    if (!take->open || !prt_have_barrier_ || !take_may_hand_back(take) || next + size >= limit)
        return;
    prt_ptr_publish(&in->limit, next + size);
    prt_barrier_all(); /* handshake: cut */
    next = prt_ptr_acquire(&in->next) + size;
    prt_ptr_publish(&in->limit, next < limit ? next : limit);
    if (next < limit)
        take_hand_back(take, (uint64_t)(next - take->start) / size);
}

void prt_batch_hand_back_(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->ntakes; i++) {
        struct prt_take *take = &slot->takes[i];
        const uint64_t received = prt_take_received_(take);

        if (received >= take->n || !take_may_hand_back(take))
            continue;
        if (take->open)
            prt_ptr_set(&take->in->limit, prt_ptr(&take->in->next));
        take_hand_back(take, received);
    }
}

void prt_batch_show_(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->ntakes; i++)
        prt_take_begin_(&slot->takes[i], prt_take_received_(&slot->takes[i]));
}

/* Batches stay small for a while, whether the owner measures this one or not. */
static void note_surprise(const struct prt_slot *slot, uint64_t shows_until)
{
    struct prt_stage *stage = slot->stage;

    if (!slot->hidden)
        return;
    if (prt_load_relaxed(&stage->cost) < PRT_TICK_NS)
        prt_store_relaxed(&stage->cost, PRT_TICK_NS);
    if (shows_until)
        prt_store_relaxed(&stage->shows_until, shows_until);
}

/* A body that may wait shows what it sends by itself, or gathers it. Whether the monitor has nothing more to do for it. */
static bool publish_sent(struct prt_slot *slot)
{
    if (!slot->stage->spec.leaf || !slot->hidden)
        return prt_gather_stuck_(slot);
    for (size_t i = 0; i < slot->nports; i++)
        prt_port_publish_(&slot->ports[i]);
    return false;
}

bool prt_batch_publish_(struct prt_slot *slot, uint64_t batch, uint64_t shows_until)
{
    bool done = false;

    prt_mutex_lock(&slot->batch_lock);
    if (batch && prt_load(&slot->batch) == batch) { /* 0: none runs, and everything in the slot is its owner's */
        note_surprise(slot, shows_until);
        done = publish_sent(slot);
        for (size_t i = 0; i < slot->ntakes; i++) {
            struct prt_take *take = &slot->takes[i];

            if (slot->hidden) { /* else the owner shows each item as it begins */
                prt_take_begin_(take, prt_take_received_(take));
                take_cut(take);
                done = done && prt_take_received_(take) == take->n;
            }
            prt_senders_wake_(take, PRT_SENDERS_LEFT);
        }
    }
    prt_mutex_unlock(&slot->batch_lock);
    return done;
}

void prt_batch_number_(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_run *run = slot->stage->run;

    prt_store(&slot->batch, ++slot->batches);
    prt_store(&thread->slot, (uint64_t)(uintptr_t)slot);
    prt_run_watch_(run);
}

/* After this the monitor keeps its hands off the slot. */
void prt_batch_unnumber_(struct prt_thread *thread, struct prt_slot *slot)
{
    prt_store_release(&thread->slot, 0);
    prt_mutex_lock(&slot->batch_lock);
    prt_store_relaxed(&slot->batch, 0);
    prt_mutex_unlock(&slot->batch_lock);
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

static void tick_done(struct prt_stage *stage)
{
    const uint64_t now = prt_now();
    uint64_t next = prt_load(&stage->due) + stage->spec.every;

    if (next < now) {
        const uint64_t late = (now - next) / stage->spec.every + ((now - next) % stage->spec.every != 0);

        prt_add(&stage->missed, late);
        next += late * stage->spec.every;
    }
    prt_store(&stage->due, next);
}

static void source_returned(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    if (stage->npulls > 0) {
        prt_pull_returned_(slot);
        return;
    }
    if (prt_tries_wait_(slot->tries))
        return;
    if (stage->spec.every)
        tick_done(stage);
    if (!stage->spec.every || slot->finish)
        prt_store(&stage->ended, 1);
}

/* Bodies that may wait, but cost little of their own, leave senders asleep too, and gather what they send; those of a
 * paced stage leave them asleep whatever they cost. */
static void eased_open(struct prt_thread *thread, struct prt_slot *slot)
{
    const uint64_t cost = prt_load_relaxed(&slot->stage->cost);
    const bool eased = slot->ntakes > 0 && (prt_stage_is_paced_(slot->stage) || prt_cost_is_unnoticed_(cost));
    const bool gathers = prt_gather_open_(slot);

    prt_store_relaxed(&slot->eased, eased);
    if (eased || gathers || slot->hidden) /* only now: the monitor works on the windows */
        prt_batch_number_(thread, slot);
}

static void leaf_close(struct prt_thread *thread, struct prt_port *port)
{
    port_close(port);
    prt_store_relaxed(&port->chan->filler, (uint64_t)(uintptr_t)thread);
}

/* Items that the batch's bodies have begun with, of channels of the cycle. */
static uint64_t take_of_cycle(const struct prt_take *take, int cycle)
{
    if (take->counts)
        return prt_collect_of_cycle_(take, cycle);
    return prt_take_chan_(take)->spec.cycle == cycle ? take->begun : 0;
}

/* The cycles' counts of what is in flight, before what was sent leaves the outboxes: raised first, then lowered. In the
 * stage's own cycle what was sent takes the place of what was received, and only the difference is counted. */
static void cycles_close(const struct prt_slot *slot)
{
    const int own = slot->stage->spec.cycle;
    struct prt_run *run = slot->stage->run;
    uint64_t sent = 0, received = 0;

    if (run->ncycles == 0)
        return;
    for (size_t i = 0; slot->stage->spec.leaf && i < slot->nports; i++) {
        const struct prt_port *port = &slot->ports[i];

        if (port->chan->spec.cycle == own)
            sent += port->len;
        else
            prt_cycle_raise_(run, port->chan->spec.cycle, port->len);
    }
    for (size_t i = 0; i < slot->ntakes; i++)
        received += take_of_cycle(&slot->takes[i], own);
    if (sent > received)
        prt_cycle_raise_(run, own, sent - received);
    for (size_t i = 0; i < slot->ntakes; i++)
        for (int cycle = 1; cycle <= run->ncycles; cycle++)
            if (cycle != own)
                prt_cycle_lower_(run, cycle, take_of_cycle(&slot->takes[i], cycle));
    if (sent < received)
        prt_cycle_lower_(run, own, received - sent);
}

static bool batch_eases(const struct prt_stage *stage)
{
    return !stage->spec.leaf || prt_stage_is_paced_(stage);
}

void prt_batch_open_(struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;
    const uint64_t n = slot->ntakes && !stage->collect ? slot->takes[0].n : 1;

    for (size_t i = 0; i < slot->ntakes; i++)
        take_open(&slot->takes[i], take_begins_now(&slot->takes[i]) || slot->hidden);
    for (size_t i = 0; stage->spec.leaf && i < slot->nports; i++)
        port_open(&slot->ports[i], n, slot->hidden);
    if (stage->spec.leaf && slot->hidden)
        prt_batch_number_(slot->thread, slot);
    else if (batch_eases(stage))
        eased_open(slot->thread, slot);
}

uint64_t prt_batch_close_(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    uint64_t bodies = 1;

    if (slot->ntakes == 0)
        source_returned(slot);
    if (stage->timed)
        slot->returned = prt_now();
    if (stage->spec.leaf && slot->hidden)
        prt_batch_unnumber_(slot->thread, slot);
    else if (batch_eases(stage))
        prt_gather_close_(slot->thread, slot);
    if (slot->cut_now)
        prt_fail_cut_(slot);
    for (size_t i = 0; stage->spec.leaf && i < slot->nports; i++)
        leaf_close(slot->thread, &slot->ports[i]);
    if (prt_tries_wait_(slot->tries)) /* the item stays in hand; it has not ended */
        return 0;
    if (stage->collect)
        bodies = prt_collect_close_(slot);
    for (size_t i = 0; i < slot->ntakes && !stage->collect; i++) {
        bodies = take_close(&slot->takes[i]);
        prt_senders_wake_(&slot->takes[i],
                          slot->hidden || prt_stage_is_paced_(stage) ? PRT_SENDERS_QUICK : PRT_SENDERS_SLOW);
    }
    cycles_close(slot);
    return bodies;
}

/* The monitor may be at the windows. */
void prt_batch_end_(struct prt_slot *slot)
{
    prt_mutex_lock(&slot->batch_lock);
    for (size_t i = 0; i < slot->ntakes; i++)
        prt_ptr_set(&slot->takes[i].in->limit, prt_ptr(&slot->takes[i].in->next));
    prt_mutex_unlock(&slot->batch_lock);
}

void prt_batch_close_cut_(struct prt_slot *slot)
{
    if (slot->ntakes == 0)
        prt_store(&slot->stage->ended, 1);
    if (slot->stage->collect)
        prt_collect_close_(slot);
    for (size_t i = 0; i < slot->ntakes && !slot->stage->collect; i++)
        take_close(&slot->takes[i]);
    cycles_close(slot);
}

uint64_t prt_batch_run_(struct prt_slot *slot)
{
    prt_batch_open_(slot);
    slot->stage->spec.run(slot->worker);
    prt_run_returned_(slot->stage->run);
    return prt_batch_close_(slot);
}

/* What is fed at once shows when it is done, by the monitor's hand should it not be. That watches while the thread has
 * its place; before it stops it passes a barrier and looks for batches: one of the two sees the other's. */
static void feed_hidden(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_run *run = thread->run;

    prt_store_release(&slot->batch, ++slot->batches);
    prt_publish(&thread->slot, (uint64_t)(uintptr_t)slot);
    if (!prt_load_relaxed(&thread->placed))
        prt_run_watch_(run);
    slot->stage->spec.run(slot->worker);
    prt_batch_unnumber_(thread, slot);
}

/* One item shows before its body runs, which therefore gets a copy: its place in the ring is the sender's from then on,
 * and that may have been stolen and be held for it. */
static void feed_one(struct prt_slot *slot, struct prt_take *take)
{
    unsigned char item[PRT_COPIED] __attribute__((__aligned__));
    const size_t size = prt_take_chan_(take)->item_size;

    if (size <= sizeof item) {
        prt_chan_copy_(item, take->start, size);
        take->start = item;
        take_open(take, true);
        prt_take_begin_(take, 1);
        prt_senders_wake_(take, PRT_SENDERS_LEFT);
    }
    slot->stage->spec.run(slot->worker); /* begins with it, torn down or not: nobody else ends this window */
}

uint64_t prt_batch_feed_(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_take *take = &slot->takes[0];
    struct prt_chan *chan = prt_take_chan_(take);
    uint64_t n;

    slot->cut_now = false;
    take->begun = 0;
    if (prt_load_relaxed(&slot->stage->asked)) /* by a body of this very slot, perhaps, since the caller looked */
        return 0;
    take_in_place(take, chan, chan->cap == 1 ? 1 : batch_size(slot, chan, false));
    n = take->n;
    slot->hidden = n > 1;
    if (n == 0)
        return 0;
    take_open(take, slot->hidden);
    for (size_t i = 0; i < slot->nports; i++)
        port_open(&slot->ports[i], n, slot->hidden);
    if (slot->hidden)
        feed_hidden(thread, slot);
    else
        feed_one(slot, take);
    if (slot->cut_now)
        prt_fail_cut_(slot);
    for (size_t i = 0; i < slot->nports; i++)
        leaf_close(thread, &slot->ports[i]);
    take_close(take);
    return n;
}

/* ---- tearing down ------------------------------------------------------------------------------------------------ */

void prt_batch_discard_(struct prt_slot *slot)
{
    if (slot->stage->collect)
        prt_collect_close_(slot);
    for (size_t i = 0; i < slot->ntakes; i++) {
        struct prt_take *take = &slot->takes[i];
        struct prt_chan *chan = prt_take_chan_(take);

        if (take->n > 0 && chan->spec.full == PRT_DROPS_OLDEST && take->begun == 0) {
            prt_drop_unclaim_(chan);
        } else if (take->n > 0 && !chan->direct_receive) {
            prt_chan_drop_(chan, take->start, take->n);
            prt_add(&chan->left, take->n);
        }
        take->n = 0;
        prt_ptr_set(&take->in->limit, prt_ptr(&take->in->next));
    }
    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];

        prt_chan_delist_(port->chan, &port->waiter);
        prt_chan_drop_(port->chan, port->box + port->first * port->chan->item_size, port->len);
        prt_add(&port->chan->left_boxed, port->len);
        port->len = 0;
        port->meets = false;
        port->owes = false;
    }
}
