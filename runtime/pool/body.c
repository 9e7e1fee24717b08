/* What bodies call: the slow sides of receive and emit, stopping. */
#include "pool/body.h"

#include <prt/errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "channel/drop.h"
#include "pool/collect.h"
#include "pool/cycle.h"
#include "pool/finish.h"
#include "pool/gather.h"
#include "pool/linger.h"
#include "pool/outbox.h"
#include "pool/run_state.h"
#include "pool/senders.h"

#define STATUS_MOST 255     /* what the kernel hands on of an exit status */

/* ---- receive ---------------------------------------------------------------------------------------------------- */

/* The window's end, unless the monitor has brought it nearer: then it may be at it, and what it leaves is known when it is
 * done. */
static bool receive_cut(struct prt_in *in, void *item)
{
    struct prt_take *take = in->take;
    struct prt_slot *slot = in->worker->slot;
    const size_t size = prt_take_chan_(take)->item_size;
    unsigned char *next = prt_ptr(&in->next);
    bool some;

    if (next == take->end || prt_run_aborted_(in->worker->run))
        return false;
    prt_mutex_lock(&slot->batch_lock);
    some = next < prt_ptr(&in->limit);
    if (some) {
        prt_chan_copy_(item, next, size);
        prt_ptr_publish(&in->next, next + size);
    }
    prt_mutex_unlock(&slot->batch_lock);
    return some;
}

/* One by one: the item begins, and shows that at once. */
static void receive_next(struct prt_in *in, void *item)
{
    struct prt_take *take = in->take;
    const size_t size = prt_take_chan_(take)->item_size;
    bool goes_on_soon;

    prt_chan_copy_(item, take->start + take->begun * size, size);
    prt_take_begin_(take, take->begun + 1);
    goes_on_soon = prt_load_relaxed(&in->worker->slot->eased) &&
                   (take->begun < take->n || prt_stage_is_paced_(in->worker->stage));
    prt_senders_wake_(take, goes_on_soon ? PRT_SENDERS_QUICK : PRT_SENDERS_SLOW);
}

bool prt_receive_slow_(struct prt_in *in, void *item)
{
    const struct prt_take *take = in->take;

    if (take->open)
        return receive_cut(in, item);
    if (take->begun == take->n || in->worker->slot->finish || prt_run_aborted_(in->worker->run))
        return false;
    receive_next(in, item);
    return true;
}

/* The window may have been ended since the first item of the pair was taken: as many lie here as there. */
void prt_receive_also_slow_(struct prt_in *in, void *item)
{
    const size_t size = prt_take_chan_(in->take)->item_size;
    unsigned char *next = prt_ptr(&in->next);

    if (!in->take->open) {
        receive_next(in, item);
        return;
    }
    prt_chan_copy_(item, next, size);
    prt_ptr_publish(&in->next, next + size);
}

void *prt_receive_batch(struct prt_in *in, size_t *n)
{
    struct prt_take *take = in->take;

    *n = 0;
    if (take->begun > 0 || prt_run_aborted_(in->worker->run))
        return NULL;
    prt_collect_begin_(in->worker->slot);
    *n = (size_t)take->n;
    return take->start;
}

const void *prt_waiting(const struct prt_in *in)
{
    return in->take->start;
}

size_t prt_waiting_n(const struct prt_in *in)
{
    return (size_t)in->take->n;
}

/* ---- emit ------------------------------------------------------------------------------------------------------- */

static struct prt_chan *out_chan(const struct prt_out *out)
{
    return out->port->chan;
}

/* Whose body, init or final sends. */
static struct prt_slot *sender_of(const struct prt_out *out)
{
    return out->port->sender;
}

static bool is_source(const struct prt_slot *slot)
{
    return prt_stage_is_source_(slot->stage);
}

static bool is_source_body(const struct prt_out *out)
{
    return out->worker->slot->mode == PRT_MODE_WAIT && is_source(sender_of(out));
}

/* Whether this is one that is to leave at its next emit. */
static bool is_leaving(const struct prt_out *out)
{
    return is_source_body(out) && prt_stage_is_ending_(out->worker->stage);
}

void prt_emit_lose_(struct prt_out *out)
{
    out->port->refused++;
    out->port->lost++;
    prt_add(&out_chan(out)->refused, 1);
}

/* The emit consumes its item without sending it. */
static bool refuse(struct prt_out *out, const void *item, bool go_on)
{
    prt_emit_lose_(out);
    prt_chan_drop_(out_chan(out), (unsigned char *)item, 1);
    return go_on;
}

/* The channel is full, and drops: the emit consumes its item, sent or not. */
static bool send_over(struct prt_out *out, const void *item)
{
    struct prt_chan *chan = out_chan(out);
    struct prt_run *run = out->worker->run;

    prt_cycle_raise_(run, chan->spec.cycle, 1);
    prt_cycle_lower_(run, chan->spec.cycle, prt_drop_put_(chan, (unsigned char *)item, 1));
    if (chan->spec.full == PRT_DROPS_NEWEST)
        out->port->refused++;
    else
        out->count++;
    return true;
}

void prt_body_cut_(struct prt_slot *slot)
{
    if (slot->mode != PRT_MODE_SECTION)
        slot->cut_now = !is_source(slot);
}

static bool torn_down(struct prt_out *out, const void *item)
{
    prt_body_cut_(sender_of(out));
    return refuse(out, item, false);
}

/* Nothing enters a cycle's channel any more that grows or drops. */
static bool is_discarding(const struct prt_out *out)
{
    return out->port->discards && prt_run_draining_(out->worker->run);
}

bool prt_emit_reaches_(const struct prt_out *out)
{
    return !is_discarding(out) && !prt_load(&out_chan(out)->abandoned);
}

/* Opens a window on the ring for the channel's only sender, as wide as there is room in one piece. A source that was asked to
 * finish gets no wider one than for this item, so that it leaves at its next. False: there is no room, or of a channel that
 * overwrites, nobody to receive. */
static inline bool ring_open(struct prt_out *out)
{
    struct prt_chan *chan = out_chan(out);
    const uint64_t tail = prt_load_relaxed(&chan->tail);
    const uint64_t room = prt_chan_window_(chan);

    if (room == 0 || (chan->overwrites && !prt_drop_open_(chan)))
        return false;
    prt_ptr_publish(&out->next, prt_chan_at_(chan, tail));
    prt_ptr_set(&out->limit, prt_chan_at_(chan, tail) + room * chan->item_size);
    out->tail = &chan->tail;
    out->count = tail;
    if (room > 1 && prt_load_relaxed(&out->worker->stage->asked) && is_source(sender_of(out))) /* handshake: asked */
        prt_ptr_set(&out->limit, prt_ptr(&out->next) + chan->item_size);
    return true;
}

/* Sends the item if there is room now. */
static inline bool try_put(struct prt_out *out, const void *item, uint64_t *ticket, bool *go_on)
{
    struct prt_chan *chan = out_chan(out);
    struct prt_run *run = out->worker->run;

    if (chan->direct_send && !out->worker->stage->spec.rate) {
        if (!ring_open(out))
            return false;
        *go_on = prt_emit_here_(out, prt_ptr(&out->next), item, chan->item_size);
        return true;
    }
    prt_cycle_raise_(run, chan->spec.cycle, 1);
    if (prt_chan_put_(chan, item, 1, ticket) > 0) {
        out->count++;
        return true;
    }
    prt_cycle_lower_(run, chan->spec.cycle, 1);
    return false;
}

static void wait_for(const struct prt_out *out, enum prt_wait_kind kind, uint64_t ticket)
{
    prt_wait_(out->worker->slot, (struct prt_wait){ .kind = kind, .port = out->port, .ticket = ticket });
}

/* A source's emit takes a permit of its rate. False: the pipeline stops, or none is due and it does not wait: whoever asks
 * again later has not waited for it. */
static bool take_rate(struct prt_worker *worker, bool waits)
{
    struct prt_slot *slot = worker->slot;
    struct prt_rate *rate = worker->stage->spec.rate;
    struct prt_run *run = worker->run;
    uint64_t now = prt_now(), due;

    /* What the source itself took since its last permit counts; that it got it late does not. */
    if (slot->rate_from)
        prt_rate_clamp_(rate, slot->rate_due + (now - slot->rate_from));
    while (!prt_rate_take_(rate, &worker->stage->asker, 1, now, &due)) {
        if (!waits || prt_stage_is_ending_(worker->stage) || prt_run_aborted_(run)) {
            prt_rate_unask_(rate, &worker->stage->asker);
            return false;
        }
        prt_wait_(slot, (struct prt_wait){ .kind = PRT_WAIT_TIME, .until = prt_rate_wake_(rate, due) });
        now = prt_now();
    }
    slot->rate_due = due;
    slot->rate_from = now;
    return true;
}

/* The window of a body that gathers is full. False: torn down before there was room for what lies in it. */
static bool empty_window(struct prt_out *out)
{
    while (!prt_gather_flush_(out->port)) {
        wait_for(out, PRT_WAIT_TURN, 0);
        wait_for(out, PRT_WAIT_ROOM, 0);
        if (prt_run_aborted_(out->worker->run))
            return false;
    }
    return true;
}

/* Only around a body does anybody empty the window: what a section sends goes out one by one. */
static bool is_gathering(const struct prt_out *out)
{
    return out->port->gathers && out->worker->slot->mode == PRT_MODE_WAIT;
}

/* These two are one with emit_waiting(), and broadcasts call them by their other names: where a channel holds one item each
 * emit comes here, and calls would be a tenth of what it costs. */
static inline __attribute__((always_inline)) bool emit_begins(struct prt_out *out)
{
    struct prt_worker *worker = out->worker;

    if (!is_source_body(out) || out->port->letters)
        return true;
    return !prt_stage_is_ending_(worker->stage) && (!worker->stage->spec.rate || take_rate(worker, true));
}

static inline __attribute__((always_inline)) bool emit_put(struct prt_out *out, const void *item, bool *meets)
{
    struct prt_chan *chan = out_chan(out);
    struct prt_slot *slot = out->worker->slot;
    bool go_on = true;

    if (is_discarding(out))
        return refuse(out, item, true);
    if (is_gathering(out) && !empty_window(out))
        return torn_down(out, item);
    if (is_gathering(out))
        return prt_emit_here_(out, prt_ptr(&out->next), item, chan->item_size);
    if (out->port->turn)
        wait_for(out, PRT_WAIT_TURN, 0);
    while (!try_put(out, item, &out->port->ticket, &go_on)) {
        if (chan->drops && !prt_load(&chan->abandoned))
            return send_over(out, item);
        if (prt_linger_feed_(slot, out->port))
            continue;
        wait_for(out, PRT_WAIT_ROOM, 0);
        if (prt_run_aborted_(out->worker->run))
            return torn_down(out, item);
        if (prt_load(&chan->abandoned))
            return refuse(out, item, !is_leaving(out));
    }
    *meets = chan->meets;
    if (slot->mode == PRT_MODE_WAIT)
        prt_gather_sent_(slot->thread, out->port);
    return go_on;
}

bool prt_emit_begins_(struct prt_out *out)
{
    return emit_begins(out);
}

bool prt_emit_put_(struct prt_out *out, const void *item, bool *meets)
{
    return emit_put(out, item, meets);
}

bool prt_emit_has_room_(const struct prt_out *out)
{
    if (prt_ptr(&out->next) < prt_ptr(&out->limit))
        return true;
    return !is_gathering(out) && prt_chan_accepts_(out_chan(out)) && (!out->port->turn || prt_port_has_turn_(out->port));
}

void prt_emit_meet_(struct prt_out *out)
{
    wait_for(out, PRT_WAIT_BEGINNING, out->port->ticket);
}

static bool emit_waiting(struct prt_out *out, const void *item)
{
    bool meets = false, go_on;

    if (!emit_begins(out))
        return refuse(out, item, false);
    go_on = emit_put(out, item, &meets);
    if (meets)
        prt_emit_meet_(out);
    return go_on;
}

/* A leaf has filled its window: it sent more than it promised. */
static bool emit_broken(struct prt_out *out, const void *item)
{
    prt_run_complain_(out->worker->run, "%s: sent more items to %s than its count allows",
                      sender_of(out)->stage->spec.name, out_chan(out)->spec.name);
    prt_run_abort_(out->worker->run);
    return torn_down(out, item);
}

bool prt_emit_leaf_(struct prt_out *out, const void *item)
{
    if (is_discarding(out))
        return refuse(out, item, true);
    if (prt_ptr(&out->next) >= prt_ptr(&out->limit))
        return emit_broken(out, item);
    return prt_emit_here_(out, prt_ptr(&out->next), item, out_chan(out)->item_size);
}

bool prt_emit_slow_(struct prt_out *out, const void *item)
{
    const struct prt_slot *slot = out->worker->slot;
    const int saved = errno;
    bool sent;

    if (prt_run_aborted_(out->worker->run))
        sent = torn_down(out, item);
    else if (slot->mode == PRT_MODE_LEAF)
        sent = prt_emit_leaf_(out, item);
    else
        sent = emit_waiting(out, item);
    errno = saved;
    return sent;
}

/* What lies in the outbox takes room first. */
static bool try_leaf(struct prt_out *out, const void *item)
{
    const struct prt_port *port = out->port;
    const bool is_dropped = is_discarding(out) || prt_load(&port->chan->abandoned);

    if (port->boxed && !is_dropped && prt_chan_room_(port->chan) <= prt_port_sent_(port))
        return false;
    prt_emit_leaf_(out, item);
    return true;
}

static bool try_waiting(struct prt_out *out, const void *item)
{
    struct prt_chan *chan = out_chan(out);
    uint64_t ticket;
    bool go_on;

    if (is_leaving(out))
        return false;
    if (prt_load(&chan->abandoned) || is_discarding(out))
        return refuse(out, item, true);
    if (is_gathering(out) && !prt_gather_flush_(out->port))
        return false;
    if ((out->port->turn && !prt_port_has_turn_(out->port)) || prt_chan_room_(chan) == 0)
        return false;
    if (is_source_body(out) && out->worker->stage->spec.rate && !take_rate(out->worker, false))
        return false;
    return try_put(out, item, &ticket, &go_on);
}

bool prt_try_emit_slow_(struct prt_out *out, const void *item)
{
    const struct prt_slot *slot = out->worker->slot;
    const int saved = errno;
    bool sent = false;

    if (prt_run_aborted_(out->worker->run))
        prt_body_cut_(sender_of(out));
    else if (slot->mode == PRT_MODE_LEAF)
        sent = try_leaf(out, item);
    else
        sent = try_waiting(out, item);
    errno = saved;
    return sent;
}

bool prt_source_paced_(struct prt_worker *worker)
{
    const int saved = errno;
    const bool paced = !prt_stage_is_ending_(worker->stage) && take_rate(worker, true);

    errno = saved;
    return paced;
}

static bool run_at_once(struct prt_out *out)
{
    struct prt_slot *slot = out->worker->slot;

    return slot->mode == PRT_MODE_WAIT && slot->stack && prt_linger_at_once_(slot, out_chan(out));
}

/* An item was published while a thread must be woken for it, or while the pipeline ends. While it drains a source gets no
 * further window, so that it leaves at its next emit, which sends nothing: what it was told of this item stays true. */
bool prt_emitted_(struct prt_out *out)
{
    const struct prt_slot *slot = sender_of(out);
    const bool is_body = slot->mode != PRT_MODE_SECTION;
    const uint64_t word = prt_load(out->word);
    const int saved = errno;

    if ((word & PRT_NEEDY) && !(out_chan(out)->collector && prt_collect_waits_(out_chan(out))) &&
        !prt_drop_was_full_(out_chan(out)) && !run_at_once(out))
        prt_pool_needs_(&out->worker->run->pool);
    errno = saved;
    if (!(word & PRT_ABORTED) && !((word & PRT_DRAINING) && is_body && is_source(slot)))
        return true;
    prt_ptr_set(&out->limit, prt_ptr(&out->next));
    if (!(word & PRT_ABORTED))
        return true;
    prt_body_cut_(sender_of(out));
    return false;
}

/* ---- promises --------------------------------------------------------------------------------------------------- */

/* Items sent so far: in the window of a leaf's batch, else in all. */
static uint64_t out_sent(const struct prt_out *out)
{
    const struct prt_port *port = out->port;

    if (out->worker->slot->mode == PRT_MODE_LEAF)
        return prt_port_sent_(port) + port->refused;
    return out->count + port->refused + (port->gathers ? prt_port_sent_(port) : 0);
}

void prt_begin(struct prt_out *out)
{
    out->begun = out_sent(out);
    sender_of(out)->failed_now = false;
}

static void tell_broken(const struct prt_stage *stage, const char *chan, uint64_t sent, uint64_t least, uint64_t most)
{
    const unsigned long long n = sent;
    char promised[64];

    if (least == most)
        snprintf(promised, sizeof promised, "%llu", (unsigned long long)least);
    else
        snprintf(promised, sizeof promised, "%llu to %llu", (unsigned long long)least, (unsigned long long)most);
    prt_run_complain_(stage->run, "%s: sent %llu item%s to %s, not %s as promised", stage->spec.name, n,
                      n == 1 ? "" : "s", chan, promised);
}

bool prt_promise_kept_(struct prt_slot *slot, const char *chan, uint64_t sent, uint64_t least, uint64_t most)
{
    struct prt_run *run = slot->stage->run;

    if ((sent >= least && sent <= most) || slot->failed_now || prt_run_aborted_(run) || prt_run_draining_(run))
        return true;
    tell_broken(slot->stage, chan, sent, least, most);
    prt_run_abort_(run);
    return false;
}

bool prt_kept(struct prt_out *out, uint64_t least, uint64_t most)
{
    return prt_promise_kept_(sender_of(out), out_chan(out)->spec.name, out_sent(out) - out->begun, least, most);
}

/* ---- stopping ---------------------------------------------------------------------------------------------------- */

/* The next emit of this body asks, and learns of it: what is in its windows already was sent before. */
static void end_windows(struct prt_slot *slot)
{
    if (slot->host)
        slot = slot->host;
    if (slot->ntakes > 0 || slot->mode != PRT_MODE_WAIT)
        return;
    prt_mutex_lock(&slot->batch_lock);
    for (size_t i = 0; i < slot->nports; i++)
        prt_ptr_set(&slot->ports[i].out->limit, prt_ptr(&slot->ports[i].out->next));
    prt_mutex_unlock(&slot->batch_lock);
}

void prt_stop(struct prt_worker *worker)
{
    prt_run_drain_(worker->run);
    end_windows(worker->slot);
}

/* Items of an ordered stage have turns, so that no other stage can have them back. */
static bool must_do_the_rest(const struct prt_slot *slot)
{
    return slot->stage->turns && prt_take_chan_(&slot->takes[0])->nto > 1;
}

/* What this worker has claimed and not begun with goes to others, or nobody. */
static void finish_batch(struct prt_slot *slot)
{
    if (slot->mode != PRT_MODE_SECTION && must_do_the_rest(slot))
        return;
    slot->finish = true;
    prt_batch_end_(slot);
}

void prt_finish(struct prt_worker *worker)
{
    struct prt_slot *slot = worker->slot;
    const int saved = errno;

    if (is_source(slot)) {
        slot->finish = true;
        return;
    }
    if (slot->ntakes > 0)
        finish_batch(slot);
    prt_finish_ask_(slot->stage);
    errno = saved;
}

bool prt_stopping(const struct prt_worker *worker)
{
    return prt_load(&worker->run->pool.word) & (PRT_DRAINING | PRT_ABORTED) || prt_finish_waits_(worker->stage);
}

bool prt_interrupted(const struct prt_worker *worker)
{
    return prt_load(&worker->run->signal) != 0;
}

void prt_total(struct prt_worker *worker, int64_t items)
{
    prt_store_relaxed(&worker->stage->total, items < 0 ? 0 : (uint64_t)items + 1);
}

void prt_status(struct prt_worker *worker, int status)
{
    const uint64_t least = status < 0 ? 0 : status > STATUS_MOST ? STATUS_MOST : (uint64_t)status;
    uint64_t now = prt_load(&worker->run->status);

    while (now < least && !prt_cas(&worker->run->status, &now, least))
        ;
}

bool prt_failed(const struct prt_worker *worker)
{
    return prt_load(&worker->run->pool.word) & PRT_ABORTED; /* also for a forked child, which may ask */
}
