/* Slots: taking a batch, its permits, running the body, emptying the outboxes, waiting without a thread. */
#include "slot.h"

#include <stdlib.h>

#include "run_state.h"

#define BATCH_MOST 64
#define MERGE_MOST 32   /* the same where other channels are waiting for their turn */
#define SHARED_MOST 8   /* the same where other workers could run the rest */
#define BATCH_NS 20000  /* longest that a batch may take, by the stage's measured cost */
#define CLOCK_NS 40     /* what measuring itself takes */
#define BOX_BYTES 8192  /* an outbox holds more than one body's items only within this */

/* ---- waking ----------------------------------------------------------------------------------------------------- */

void prt_slot_wake_(struct prt_slot *slot)
{
    uint64_t state = prt_load(&slot->state);

    if (slot->owner) {
        prt_event_set(&slot->owner->event);
        return;
    }
    while (state == PRT_SLOT_RUNNING)
        if (prt_cas(&slot->state, &state, PRT_SLOT_WOKEN))
            return;
    if (state == PRT_SLOT_HELD && prt_cas(&slot->state, &state, PRT_SLOT_QUEUED))
        prt_pool_queue_(&slot->stage->run->pool, slot);
}

static void slot_timer_fired(struct prt_timer *timer)
{
    prt_slot_wake_(timer->owner);
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

static void in_make(struct prt_take *take, struct prt_slot *slot)
{
    struct prt_in *in = take->in;

    in->worker = slot->worker;
    in->word = &slot->stage->run->pool.word;
    in->chan = take->chans[0];
    in->waiting = &in->chan->waiting;
}

static void out_make(struct prt_port *port, struct prt_slot *slot)
{
    struct prt_out *out = port->out;

    out->worker = slot->worker;
    out->word = &slot->stage->run->pool.word;
    out->chan = port->chan;
    port->waiter.slot = slot;
}

static bool take_make(struct prt_slot *slot, size_t i)
{
    struct prt_take *take = &slot->takes[i];
    const struct prt_in_spec *spec = &slot->stage->ins[i];
    bool copied = false;

    take->in = (struct prt_in *)((char *)slot->worker + spec->at);
    take->chans = spec->chans;
    take->nchans = spec->nchans;
    take->received = calloc(spec->nchans, sizeof(uint64_t));
    in_make(take, slot);
    for (size_t j = 0; j < spec->nchans; j++)
        copied = copied || !spec->chans[j]->direct_receive;
    take->hand_size = !copied ? 0 : slot->stage->nslots == 1 ? BATCH_MOST : SHARED_MOST;
    take->hand = copied ? malloc((size_t)take->hand_size * spec->chans[0]->spec.item_size) : NULL;
    return take->received && (take->hand || !copied);
}

static bool port_make(struct prt_slot *slot, size_t i)
{
    struct prt_port *port = &slot->ports[i];
    const struct prt_out_spec *spec = &slot->stage->outs[i];
    const size_t size = spec->chan->spec.item_size;

    port->out = (struct prt_out *)((char *)slot->worker + spec->at);
    port->chan = spec->chan;
    port->most = spec->most;
    port->in_cycle = spec->in_cycle;
    out_make(port, slot);
    if (!slot->stage->spec.leaf)
        return true;
    port->box_size = spec->most;
    if (slot->stage->batches && spec->most > 0)
        while (port->box_size < BATCH_MOST && (port->box_size + spec->most) * size <= BOX_BYTES)
            port->box_size += spec->most;
    port->box = malloc((size_t)port->box_size * size + 1);
    return port->box != NULL;
}

bool prt_slot_ready_(struct prt_slot *slot, struct prt_stage *stage, uint32_t index)
{
    const struct prt_stage_spec *spec = &stage->spec;
    const int worker = (int)index;
    bool made = true;

    slot->stage = stage;
    slot->index = index;
    slot->timer = (struct prt_timer){ .fire = slot_timer_fired, .owner = slot };
    slot->worker = aligned_alloc(64, (spec->size + 63) / 64 * 64);
    slot->takes = calloc(spec->nins + 1, sizeof(struct prt_take));
    slot->ports = calloc(spec->nouts + 1, sizeof(struct prt_port));
    slot->permits = calloc(spec->nbounds + 1, sizeof(struct prt_permit));
    slot->ntakes = spec->nins;
    slot->nports = spec->nouts;
    if (!slot->worker || !slot->takes || !slot->ports || !slot->permits)
        return false;
    memset(slot->worker, 0, spec->size);
    *slot->worker = (struct prt_worker){ slot, stage, stage->run };
    memcpy((char *)slot->worker + spec->worker_at, &worker, sizeof worker);
    memcpy((char *)slot->worker + spec->pipe_at, &stage->run->spec.pipe, sizeof(void *));
    for (size_t i = 0; i < spec->nins; i++)
        made = take_make(slot, i) && made;
    for (size_t i = 0; i < spec->nouts; i++)
        made = port_make(slot, i) && made;
    for (size_t i = 0; i < spec->nbounds; i++)
        slot->permits[i] = (struct prt_permit){ .slot = slot, .bound = stage->bounds[i].bound };
    return made;
}

void prt_slot_free_(struct prt_slot *slot)
{
    for (size_t i = 0; slot->takes && i < slot->ntakes; i++) {
        free(slot->takes[i].hand);
        free(slot->takes[i].received);
    }
    for (size_t i = 0; slot->ports && i < slot->nports; i++)
        free(slot->ports[i].box);
    free(slot->takes);
    free(slot->ports);
    free(slot->permits);
    free(slot->worker);
}

/* ---- waiting without a thread ----------------------------------------------------------------------------------- */

/* An item is still in this worker's hand as far as its sender's promise goes: in the outbox, or in a rendezvous that no
 * body has begun with. */
static bool port_is_settled(const struct prt_port *port)
{
    return port->len == 0 && (port->ticket == 0 || prt_load(&port->chan->head) >= port->ticket ||
                              prt_load(&port->chan->abandoned));
}

/* What the slot waits for may have come already. */
static bool slot_may_go_on(struct prt_slot *slot)
{
    if (prt_run_aborted_(slot->stage->run))
        return true;
    switch (slot->phase) {
    case PRT_PHASE_PERMITS:
        return prt_bound_granted_(&slot->permits[slot->held - 1]);
    case PRT_PHASE_FLUSH:
        for (size_t i = 0; i < slot->nports; i++) {
            const struct prt_port *port = &slot->ports[i];

            if (port->len > 0 ? prt_chan_room_(port->chan) > 0 || prt_load(&port->chan->abandoned)
                              : port->ticket > 0 && port_is_settled(port))
                return true;
        }
        return false;
    default:
        return false; /* the timer fires in any case */
    }
}

/* Lets go of the slot until prt_slot_wake_(). False: what it waits for is there, and it is still the thread's.
 * The wait is announced first, then looked at once more: who ends it after that look finds the announcement, and makes
 * the slot WOKEN if it is not HELD yet. */
static bool slot_hold(struct prt_slot *slot)
{
    uint64_t running = PRT_SLOT_RUNNING;

    prt_store(&slot->state, PRT_SLOT_RUNNING); /* forgets wake-ups for earlier waits */
    slot->waited = slot->phase == PRT_PHASE_FLUSH;
    for (size_t i = 0; slot->waited && i < slot->nports; i++)
        if (!port_is_settled(&slot->ports[i]))
            prt_chan_enlist_(slot->ports[i].chan, &slot->ports[i].waiter);
    if (slot->phase == PRT_PHASE_RATE)
        prt_timer_set_(&slot->stage->run->timers, &slot->timer, prt_load(&slot->stage->spec.rate->due));
    prt_barrier_all();
    if (slot_may_go_on(slot))
        return false;
    slot->thread = NULL;
    if (prt_cas(&slot->state, &running, PRT_SLOT_HELD))
        return true;
    prt_store(&slot->state, PRT_SLOT_RUNNING);
    return false;
}

/* ---- taking ----------------------------------------------------------------------------------------------------- */

/* Bodies of this stage are known to be quick, and nothing has to be looked at between two of them. */
static bool stage_is_quick(const struct prt_stage *stage)
{
    const uint64_t cost = prt_load_relaxed(&stage->cost);

    return stage->spec.leaf && stage->batches && stage->spec.cycle == 0 && cost > 0 && cost <= PRT_QUICK_NS;
}

/* How many bodies' items fit in a window on this output. Where less than one body's do, its outbox takes them. */
static uint64_t port_bodies(const struct prt_port *port, bool quick)
{
    const uint64_t most = port->most > 0 ? port->most : 1; /* 0: only `final` sends there */
    struct prt_chan *chan = port->chan;
    uint64_t room = prt_chan_room_(chan);

    if (chan->direct_send) {
        const uint64_t straight = chan->size - (prt_load_relaxed(&chan->tail) & (chan->size - 1));

        return (room < straight ? room : straight) / most;
    }
    /* What lies in an outbox is not seen before the batch is done: only quick bodies may wait for each other there. */
    room = room < port->box_size ? room : port->box_size;
    return quick ? room / most : 1;
}

/* How many bodies may run in one go: by what they cost, by what other workers could do meanwhile, and by the room in
 * each output, so that at most one body's items have to lie in an outbox. */
static uint64_t batch_size(const struct prt_slot *slot, const struct prt_chan *chan)
{
    const struct prt_stage *stage = slot->stage;
    const uint64_t cost = prt_load_relaxed(&stage->cost);
    const bool quick = stage_is_quick(stage);
    uint64_t k = BATCH_MOST;

    if (!stage->batches || cost == 0) /* the first one is measured */
        return 1;
    /* Items that are copied out of the ring begin together, when the batch is done: only quick bodies may. */
    if (!chan->direct_receive && !quick)
        return 1;
    if (stage->nslots > 1) {
        const uint64_t share = prt_chan_queued_(chan) / stage->run->pool.cpus;

        k = share < SHARED_MOST ? share : SHARED_MOST;
    } else if (cost > BATCH_NS / BATCH_MOST) {
        k = BATCH_NS / cost;
    }
    for (size_t i = 0; stage->spec.leaf && i < slot->nports && k > 1; i++) {
        const uint64_t bodies = port_bodies(&slot->ports[i], quick);

        k = bodies < k ? bodies : k;
    }
    return k > 0 ? k : 1;
}

/* Chooses a channel that has items, going on from where the last look ended. */
static struct prt_chan *take_choose(struct prt_take *take)
{
    for (size_t i = 0; i < take->nchans; i++) {
        const size_t at = (take->turn + i) % take->nchans;

        if (prt_chan_queued_(take->chans[at]) > 0) {
            take->turn = (at + 1) % take->nchans;
            return take->chans[at];
        }
    }
    return NULL;
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

static bool take_items(struct prt_slot *slot, struct prt_take *take)
{
    struct prt_chan *chan = take_choose(take);
    uint64_t most;

    take->n = take->begun = 0;
    if (!chan)
        return false;
    most = slot->ntakes > 1 ? 1 : batch_size(slot, chan);
    if (take->nchans > 1 && most > MERGE_MOST)
        most = MERGE_MOST;
    take->from = chan;
    take->in->chan = chan;
    take->in->waiting = &chan->waiting;
    if (chan->direct_receive) {
        take_in_place(take, chan, most);
    } else {
        take->n = prt_chan_take_(chan, take->hand, most < take->hand_size ? most : take->hand_size);
        take->start = take->hand;
    }
    prt_ptr_publish(&take->in->next, take->start);
    take->in->limit = take->start + take->n * chan->item_size;
    return take->n > 0;
}

/* One item of each input. A zip has one worker, so what it sees queued in a channel of its own stays there. */
static bool take_zip(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->ntakes; i++)
        if (!take_choose(&slot->takes[i]))
            return false;
    for (size_t i = 0; i < slot->ntakes; i++)
        if (!take_items(slot, &slot->takes[i]))
            return false;
    return true;
}

bool prt_slot_take_(struct prt_slot *slot)
{
    const struct prt_stage_spec *spec = &slot->stage->spec;

    slot->held = 0;
    if (prt_stage_over_(slot->stage))
        return false;
    if (slot->ntakes > 1)
        return take_zip(slot);
    if (slot->ntakes == 1)
        return take_items(slot, &slot->takes[0]);
    if (spec->every)
        return prt_load(&slot->stage->due) <= prt_now();
    return prt_swap(&slot->stage->begun, 1) == 0;
}

/* ---- permits ---------------------------------------------------------------------------------------------------- */

uint64_t prt_slot_weight_(struct prt_slot *slot, size_t bound)
{
    const struct prt_bound_use *use = &slot->stage->bounds[bound];

    return use->weight ? use->weight(slot->worker, slot->takes[0].start) : 1;
}

/* Takes the bounds that are left, in the order that all stages keep. False: one of them will wake the slot. */
bool prt_slot_take_bounds_(struct prt_slot *slot)
{
    if (slot->held > 0 && !prt_bound_granted_(&slot->permits[slot->held - 1]))
        return false;
    while (slot->held < slot->stage->spec.nbounds) {
        const uint64_t units = prt_slot_weight_(slot, slot->held);

        slot->held++;
        if (!prt_bound_take_(&slot->permits[slot->held - 1], units))
            return false;
    }
    return true;
}

void prt_slot_give_bounds_(struct prt_slot *slot)
{
    while (slot->held > 0)
        prt_bound_give_(&slot->permits[--slot->held]);
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

/* Opens a window for `n` bodies on an output of a leaf: on the ring, if this worker alone sends there and it has that
 * much room in one piece, else on the outbox. */
static void port_open(struct prt_port *port, uint64_t n, bool quick)
{
    struct prt_chan *chan = port->chan;
    struct prt_out *out = port->out;
    /* Inside a cycle that is to end nothing new is taken on: with no window, each emit asks (body.c). */
    const bool closed = prt_port_discards_(port) && prt_run_draining_(out->worker->run);
    const uint64_t items = closed ? 0 : n * port->most;
    unsigned char *window = port->box;

    port->first = port->len = 0;
    port->boxed = !chan->direct_send || port_bodies(port, quick) < n;
    out->tail = NULL;
    if (!port->boxed) {
        out->count = port->tail = prt_load_relaxed(&chan->tail);
        out->tail = quick ? NULL : &chan->tail;
        window = prt_chan_at_(chan, port->tail);
    }
    prt_ptr_publish(&out->next, window);
    out->limit = window + items * chan->item_size;
}

/* Items that are in the window so far. */
uint64_t prt_slot_port_sent_(const struct prt_port *port)
{
    unsigned char *window = port->boxed ? port->box : prt_chan_at_(port->chan, port->tail);

    return (uint64_t)(prt_ptr_acquire(&port->out->next) - window) / port->chan->item_size;
}

/* A leaf's bodies have run: what they sent is published or lies in the outbox, and no window stays open. */
static void port_close(struct prt_port *port)
{
    struct prt_out *out = port->out;
    struct prt_chan *chan = port->chan;
    const uint64_t sent = prt_slot_port_sent_(port);

    if (port->boxed) {
        port->len = sent - port->first;
        prt_cycle_raise_(out->worker->run, chan->spec.cycle, port->len);
    } else if (!out->tail && sent > 0) {
        prt_publish(&chan->tail, port->tail + sent);
        prt_pool_published_(chan);
    }
    out->limit = prt_ptr(&out->next);
}

/* Bodies that have begun in this batch. */
static uint64_t take_received(const struct prt_take *take)
{
    return (uint64_t)(prt_ptr_acquire(&take->in->next) - take->start) / take->from->item_size;
}

/* The places of the first `received` items in hand are free. Moves the ring's head forward only: the owner of the slot
 * may have moved it further since the monitor looked. */
static void take_begin(struct prt_take *take, uint64_t received)
{
    struct prt_chan *chan = take->from;

    if (received <= take->begun)
        return;
    if (chan->direct_receive)
        prt_publish(&chan->head, take->head + received);
    else
        prt_chan_begin_(chan, received - take->begun);
    for (uint64_t i = take->begun; chan->direct_receive && i < received && prt_load(&chan->waiting); i++)
        prt_chan_room_made_(chan);
    take->begun = received;
}

/* Opens the window on the items in hand: `each` lets their places go one by one. */
static void take_open(struct prt_take *take, bool each)
{
    struct prt_in *in = take->in;

    in->head = each && take->from->direct_receive ? &take->from->head : NULL;
    in->count = take->head;
    if (each && !take->from->direct_receive)
        take_begin(take, take->n); /* one item, whose body begins now */
}

/* Counts what was received, and what was taken but not begun because of a tear-down. */
static void take_close(struct prt_take *take)
{
    struct prt_in *in = take->in;
    const uint64_t received = take_received(take);
    const uint64_t rest = take->n - received;

    if (!in->head)
        take_begin(take, received);
    for (size_t i = 0; i < take->nchans; i++)
        if (take->chans[i] == take->from)
            take->received[i] += received;
    if (rest > 0 && !take->from->direct_receive) {
        prt_chan_drop_(take->from, prt_ptr(&in->next), rest);
        prt_add(&take->from->left, rest);
    }
    prt_cycle_lower_(in->worker->run, take->from->spec.cycle, received);
    in->limit = prt_ptr(&in->next);
    in->head = NULL;
    take->n = 0;
}

static void port_publish(struct prt_port *port)
{
    struct prt_chan *chan = port->chan;
    const uint64_t sent = prt_slot_port_sent_(port);
    uint64_t ticket;

    if (port->boxed) {
        const uint64_t more = sent - port->first;
        uint64_t put;

        if (more == 0)
            return;
        prt_cycle_raise_(port->out->worker->run, chan->spec.cycle, more);
        put = prt_chan_put_(chan, port->box + port->first * chan->item_size, more, &ticket);
        prt_cycle_lower_(port->out->worker->run, chan->spec.cycle, more - put);
        if (put > 0 && chan->spec.kind == PRT_RENDEZVOUS)
            port->ticket = ticket;
        port->first += put;
    } else if (sent > 0) {
        prt_publish(&chan->tail, port->tail + sent);
        prt_pool_published_(chan);
    }
}

void prt_slot_publish_(struct prt_slot *slot, uint64_t batch)
{
    prt_mutex_lock(&slot->batch_lock);
    if (prt_load(&slot->batch) == batch) {
        for (size_t i = 0; i < slot->nports; i++)
            port_publish(&slot->ports[i]);
        for (size_t i = 0; i < slot->ntakes; i++)
            take_begin(&slot->takes[i], take_received(&slot->takes[i]));
    }
    prt_mutex_unlock(&slot->batch_lock);
}

static void batch_begin(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_run *run = slot->stage->run;

    prt_store(&slot->batch, ++slot->batches);
    prt_store(&thread->slot, (uint64_t)(uintptr_t)slot);
    if (!(prt_load(&run->pool.word) & PRT_WATCHING)) { /* the monitor looks after quick batches */
        prt_pool_flags_(&run->pool, PRT_WATCHING, 0);
        prt_event_set(&run->event);
    }
}

/* After this the monitor keeps its hands off the slot. */
static void batch_end(struct prt_thread *thread, struct prt_slot *slot)
{
    prt_store_release(&thread->slot, 0);
    prt_mutex_lock(&slot->batch_lock);
    prt_store_relaxed(&slot->batch, 0);
    prt_mutex_unlock(&slot->batch_lock);
}

static void cost_measured(struct prt_stage *stage, uint64_t ns, uint64_t bodies)
{
    const uint64_t each = (ns > CLOCK_NS ? ns - CLOCK_NS : 0) / bodies + 1;
    const uint64_t old = prt_load_relaxed(&stage->cost);
    const uint64_t faded = old - old / 8;
    const uint64_t mean = prt_load_relaxed(&stage->mean);

    prt_store_relaxed(&stage->cost, each > faded ? each : faded);
    prt_store_relaxed(&stage->mean, mean ? (7 * mean + each) / 8 : each);
}

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

static void source_run(struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;

    prt_store_relaxed(&slot->thread->in_source, 1);
    stage->spec.run(slot->worker);
    prt_store_relaxed(&slot->thread->in_source, 0);
    if (stage->spec.every)
        tick_done(stage);
    if (!stage->spec.every || slot->finish)
        prt_store(&stage->ended, 1);
}

static void batch_run(struct prt_thread *thread, struct prt_slot *slot, bool quick)
{
    struct prt_stage *stage = slot->stage;
    const uint64_t n = slot->ntakes ? slot->takes[0].n : 1;

    for (size_t i = 0; i < slot->ntakes; i++)
        take_open(&slot->takes[i], !quick);
    for (size_t i = 0; stage->spec.leaf && i < slot->nports; i++)
        port_open(&slot->ports[i], n, quick);
    if (quick)
        batch_begin(thread, slot);
    if (slot->ntakes == 0)
        source_run(slot);
    else
        stage->spec.run(slot->worker);
    if (quick)
        batch_end(thread, slot);
    if (slot->left_now)
        slot->cut++;
    for (size_t i = 0; stage->spec.leaf && i < slot->nports; i++)
        port_close(&slot->ports[i]);
    for (size_t i = 0; i < slot->ntakes; i++)
        take_close(&slot->takes[i]);
}

void prt_slot_body_(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    const uint64_t n = slot->ntakes ? slot->takes[0].n : 1;
    const bool quick = slot->ntakes > 0 && stage_is_quick(stage);
    const bool measured = slot->ntakes && (!quick || (++slot->measures & 7) == 0);
    const uint64_t from = measured || stage->spec.rate ? prt_now() : 0;

    slot->thread = thread;
    slot->mode = stage->spec.leaf ? PRT_MODE_LEAF : PRT_MODE_WAIT;
    slot->left_now = false;
    prt_store_relaxed(&stage->claims, prt_load_relaxed(&stage->claims) + 1);
    batch_run(thread, slot, quick && n > 1); /* one item has nothing to hold back */
    prt_slot_give_bounds_(slot);
    if (measured)
        cost_measured(stage, prt_now() - from, n);
    /* Permits that came due while every worker was busy found nobody. */
    if (stage->spec.rate && slot->ntakes && !prt_stage_has_free_(stage))
        prt_rate_clamp_(stage->spec.rate, slot->rate_due + (prt_now() - from));
}

/* Sends what lies in the outboxes as far as there is room. True: nothing is left, and no rendezvous is open. */
bool prt_slot_flush_boxes_(struct prt_slot *slot)
{
    bool settled = true;

    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];
        struct prt_chan *chan = port->chan;
        uint64_t ticket = 0;

        if (port->len > 0) {
            uint64_t put = prt_chan_put_(chan, port->box + port->first * chan->item_size, port->len, &ticket);

            if (put > 0 && chan->spec.kind == PRT_RENDEZVOUS)
                port->ticket = ticket;
            if (prt_load(&chan->abandoned)) {
                prt_chan_drop_(chan, port->box + (port->first + put) * chan->item_size, port->len - put);
                prt_add(&chan->refused, port->len - put);
                put = port->len;
            }
            port->first += put;
            port->len -= put;
        }
        if (port_is_settled(port))
            port->ticket = 0;
        else
            settled = false;
    }
    return settled;
}

/* The wait for room is over: nothing of it stays in the channels' lists, and room that others can use goes on to them. */
static void slot_unlist(struct prt_slot *slot)
{
    if (!slot->waited)
        return;
    slot->waited = false;
    for (size_t i = 0; i < slot->nports; i++) {
        prt_chan_delist_(slot->ports[i].chan, &slot->ports[i].waiter);
        prt_chan_pass_room_(slot->ports[i].chan);
    }
}

void prt_slot_discard_(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->ntakes; i++) {
        struct prt_take *take = &slot->takes[i];

        if (take->n > 0 && !take->from->direct_receive) {
            prt_chan_drop_(take->from, take->start, take->n);
            prt_add(&take->from->left, take->n);
        }
        take->n = 0;
        take->in->limit = prt_ptr(&take->in->next);
    }
    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];

        prt_chan_delist_(port->chan, &port->waiter);
        prt_chan_drop_(port->chan, port->box + port->first * port->chan->item_size, port->len);
        prt_add(&port->chan->left_boxed, port->len);
        port->len = 0;
        port->ticket = 0;
    }
    prt_slot_give_bounds_(slot);
}

/* `flush every`: between items. */
void prt_slot_tick_(struct prt_thread *thread, struct prt_slot *slot)
{
    const uint64_t ticks = prt_load(&slot->stage->ticks);

    if (slot->ticks == ticks || prt_stage_over_(slot->stage))
        return;
    slot->ticks = ticks;
    slot->thread = thread;
    slot->mode = PRT_MODE_SECTION;
    slot->stage->spec.flush(slot->worker);
}

void prt_slot_init_(struct prt_thread *thread, struct prt_slot *slot)
{
    if (prt_run_aborted_(slot->stage->run))
        return;
    slot->thread = thread;
    slot->mode = PRT_MODE_SECTION;
    slot->failed_now = false;
    if (slot->stage->spec.init)
        slot->stage->spec.init(slot->worker);
    slot->initialised = !slot->failed_now;
}

void prt_slot_final_(struct prt_thread *thread, struct prt_slot *slot)
{
    if (!slot->initialised || !slot->stage->spec.final)
        return;
    slot->initialised = false;
    slot->thread = thread;
    slot->mode = PRT_MODE_SECTION;
    slot->stage->spec.final(slot->worker);
}

void prt_slot_rest_rate_(const struct prt_stage *stage)
{
    const struct prt_rate *rate = stage->spec.rate;

    for (size_t i = 0; i < rate->nstages; i++) {
        const struct prt_stage *other = rate->stages[i];

        for (size_t j = 0; other->spec.nins > 0 && j < other->ins[0].nchans; j++)
            if (prt_chan_queued_(other->ins[0].chans[j]) > 0)
                return;
    }
    prt_rate_rest_(stage->spec.rate);
}

/* One step; false: the slot has nothing more to do. `*held`: it is not the thread's any more. */
static bool slot_step(struct prt_thread *thread, struct prt_slot *slot, bool *held)
{
    struct prt_stage *stage = slot->stage;

    switch (slot->phase) {
    case PRT_PHASE_TAKE:
        if (stage->spec.flush)
            prt_slot_tick_(thread, slot);
        if (!prt_slot_take_(slot))
            return false;
        slot->phase = PRT_PHASE_PERMITS;
        return true;
    case PRT_PHASE_PERMITS:
        if (prt_slot_take_bounds_(slot))
            slot->phase = PRT_PHASE_RATE;
        else
            *held = slot_hold(slot);
        return true;
    case PRT_PHASE_RATE:
        if (stage->spec.rate && stage->spec.nins > 0 &&
            !prt_rate_take_(stage->spec.rate, stage, prt_now(), &slot->rate_due)) {
            prt_slot_give_bounds_(slot); /* nobody holds a bound while he waits for a time */
            *held = slot_hold(slot);
            if (!*held)
                slot->phase = PRT_PHASE_PERMITS;
            return true;
        }
        prt_slot_body_(thread, slot);
        slot->phase = PRT_PHASE_FLUSH;
        return true;
    case PRT_PHASE_FLUSH:
        if (!stage->spec.leaf || prt_slot_flush_boxes_(slot))
            slot->phase = PRT_PHASE_TAKE;
        else
            *held = slot_hold(slot);
        return true;
    }
    return false;
}

static void slot_let_go(struct prt_slot *slot)
{
    if (slot->stage->spec.rate && slot->ntakes > 0)
        prt_slot_rest_rate_(slot->stage);
    prt_stage_release_(slot->stage, slot);
}

/* Whether to go on with the next batch at once: a few items of a quick body are left to gather, rather than taken one by
 * one from under the sender's hands. */
static bool slot_is_worth_more(const struct prt_slot *slot)
{
    const uint64_t mean = prt_load_relaxed(&slot->stage->mean);

    if (slot->stage->may_wait || slot->ntakes != 1 || slot->takes[0].nchans != 1 || mean == 0)
        return true;
    return prt_chan_queued_(slot->takes[0].chans[0]) * mean >= PRT_WORTH_NS;
}

bool prt_slot_run_(struct prt_thread *thread, struct prt_slot *slot, unsigned budget)
{
    struct prt_stage *stage = slot->stage;
    bool held = false;

    slot->thread = thread;
    if (slot->phase == PRT_PHASE_RATE) /* its bounds were given back for the wait */
        slot->phase = PRT_PHASE_PERMITS;
    while (!prt_run_aborted_(stage->run)) {
        const bool flushing = slot->phase == PRT_PHASE_FLUSH;

        if (!slot_step(thread, slot, &held)) {
            slot_let_go(slot);
            return true;
        }
        if (held)
            return false;
        if (!flushing || slot->phase != PRT_PHASE_TAKE)
            continue;
        slot_unlist(slot);
        if (--budget == 0 || !slot_is_worth_more(slot)) {
            slot_let_go(slot);
            return true;
        }
    }
    prt_slot_discard_(slot);
    slot->phase = PRT_PHASE_TAKE;
    prt_stage_release_(stage, slot);
    return true;
}
