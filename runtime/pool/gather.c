/* Gathering: what a body without a bounded count sends to a channel that has other senders too.
 *
 * Each put there takes a lock. A body that sends faster than an item a microsecond therefore fills a window on its
 * outbox, and the lock is taken once for a window. While the body runs with a window open the slot has a batch number, so
 * the monitor publishes what lies in it, should the body turn slow or block. Both work on the outbox under the slot's
 * batch_lock; what the body adds to it meanwhile they do not see. While it waits there is no number, and whoever owns
 * the slot sends what lies there.
 */
#include "pool/gather.h"

#include "pool/cycle.h"
#include "pool/outbox.h"
#include "pool/run_state.h"

static bool port_can_gather(const struct prt_port *port)
{
    return port->box_size > 1 && !port->out->worker->slot->stage->spec.leaf;
}

static void window_open(struct prt_port *port)
{
    port->boxed = true;
    port->first = port->len = 0;
    prt_ptr_publish(&port->out->next, port->box);
    prt_ptr_set(&port->out->limit, port->box + port->box_size * port->chan->item_size);
    port->out->tail = NULL;
}

/* The slot has no batch number yet: the monitor sees no window half open. */
bool prt_gather_open_(struct prt_slot *slot)
{
    bool some = false;

    for (size_t i = 0; i < slot->nports; i++)
        if (slot->ports[i].gathers) {
            window_open(&slot->ports[i]);
            some = true;
        }
    return some;
}

/* Whether the body took little time of its own for so many items. */
static bool port_is_fast(const struct prt_port *port, uint64_t items)
{
    return prt_sends_fast_(items, prt_now() - port->since);
}

void prt_gather_sent_(struct prt_thread *thread, struct prt_port *port)
{
    struct prt_slot *slot = port->out->worker->slot;

    if (!port_can_gather(port))
        return;
    if (port->waited) { /* the time since then says nothing: the next item that need not wait begins anew */
        port->waited = false;
        port->sent = PRT_SAMPLE;
        return;
    }
    if (port->sent == PRT_SAMPLE) {
        port->sent = 0;
        port->since = prt_now();
    }
    if (++port->sent < PRT_SAMPLE || !port_is_fast(port, PRT_SAMPLE))
        return;
    prt_mutex_lock(&slot->batch_lock);
    port->gathers = true;
    window_open(port);
    prt_mutex_unlock(&slot->batch_lock);
    prt_batch_number_(thread, slot); /* by a new number, since the monitor may be done with the last one */
}

bool prt_gather_flush_(struct prt_port *port)
{
    struct prt_slot *slot = port->out->worker->slot;
    uint64_t sent;
    bool empty;

    prt_mutex_lock(&slot->batch_lock);
    prt_port_publish_(port);
    sent = prt_port_sent_(port);
    if (prt_load(&port->chan->abandoned)) {
        prt_chan_refuse_(port->chan, port->box + port->first * port->chan->item_size, sent - port->first);
        port->first = sent;
    }
    empty = port->first == sent;
    if (empty) {
        port->out->count += sent;
        port->gathers = port->waited || port_is_fast(port, port->box_size);
        port->waited = false;
        port->since = prt_now();
        window_open(port);
        if (!port->gathers)
            prt_ptr_set(&port->out->limit, port->box);
    }
    prt_mutex_unlock(&slot->batch_lock);
    return empty;
}

/* Only in bodies: sections send one by one, whatever the bodies did last. */
static bool has_window(const struct prt_port *port)
{
    return port->gathers && port->boxed;
}

/* Whether nothing is left in the windows. */
static bool publish_windows(struct prt_slot *slot, bool end)
{
    bool empty = true;

    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];

        if (!has_window(port))
            continue;
        if (end)
            prt_ptr_set(&port->out->limit, port->box);
        prt_port_publish_(port);
        empty = empty && port->first == prt_port_sent_(port);
    }
    return empty;
}

bool prt_gather_put_away_(struct prt_slot *slot)
{
    if (!prt_load_relaxed(&slot->batch))
        return false;
    prt_batch_unnumber_(slot->thread, slot);
    publish_windows(slot, false);
    return true;
}

/* The monitor ends all windows when a drain begins, and those of a source that is asked to finish; it may not have seen this
 * one. */
void prt_gather_take_up_(struct prt_slot *slot)
{
    prt_batch_number_(slot->thread, slot);
    if (prt_stage_is_ending_(slot->stage)) {
        prt_mutex_lock(&slot->batch_lock);
        publish_windows(slot, true);
        prt_mutex_unlock(&slot->batch_lock);
    }
}

bool prt_gather_has_items_(const struct prt_port *port)
{
    return has_window(port) && port->first < prt_port_sent_(port);
}

bool prt_gather_may_send_(const struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->nports; i++) {
        const struct prt_port *port = &slot->ports[i];

        if (prt_gather_has_items_(port) && prt_port_has_turn_(port) && prt_chan_room_(port->chan) > 0 &&
            !prt_load(&port->chan->abandoned))
            return true;
    }
    return false;
}

/* It was woken for all the room that there is. */
void prt_gather_send_(struct prt_slot *slot)
{
    publish_windows(slot, false);
    for (size_t i = 0; i < slot->nports; i++)
        if (has_window(&slot->ports[i]))
            prt_chan_pass_room_(slot->ports[i].chan);
}

bool prt_gather_stuck_(struct prt_slot *slot)
{
    prt_store_relaxed(&slot->eased, 0);
    return publish_windows(slot, true);
}

void prt_gather_close_(struct prt_thread *thread, struct prt_slot *slot)
{
    if (!prt_load_relaxed(&slot->batch))
        return;
    prt_batch_unnumber_(thread, slot);
    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];

        if (!port_can_gather(port) || !port->boxed)
            continue;
        port->out->count += prt_port_sent_(port);
        port->len = prt_port_sent_(port) - port->first;
        prt_cycle_raise_(slot->stage->run, port->chan->spec.cycle, port->len);
        port->boxed = false;
        prt_ptr_set(&port->out->limit, prt_ptr(&port->out->next));
    }
}
