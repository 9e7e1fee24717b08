/* Outboxes: publishing, emptying, turns. */
#include "pool/outbox.h"

#include "channel/drop.h"
#include "pool/cycle.h"
#include "pool/look.h"
#include "pool/run_state.h"

static void port_meets(struct prt_port *port, uint64_t ticket)
{
    port->meets = true;
    port->ticket = ticket;
}

void prt_port_publish_(struct prt_port *port)
{
    struct prt_chan *chan = port->chan;
    struct prt_run *run = port->out->worker->run;
    const uint64_t sent = prt_port_sent_(port);
    const uint64_t more = sent - port->first;
    uint64_t ticket, put;

    if (!port->boxed) {
        if (sent > 0) {
            prt_publish(&chan->tail, port->tail + sent);
            prt_pool_published_(chan);
        }
        return;
    }
    if (more == 0 || !prt_port_has_turn_(port))
        return;
    prt_cycle_raise_(run, chan->spec.cycle, more);
    put = prt_chan_put_(chan, port->box + port->first * chan->item_size, more, &ticket);
    prt_cycle_lower_(run, chan->spec.cycle, more - put);
    if (put > 0 && chan->meets)
        port_meets(port, ticket);
    port->first += put;
}

bool prt_port_is_settled_(const struct prt_port *port)
{
    return port->len == 0 && (!port->meets || prt_count_reached_(prt_load(&port->chan->head), port->ticket) ||
                              prt_load(&port->chan->abandoned));
}

bool prt_port_has_turn_(const struct prt_port *port)
{
    return !port->owes || prt_load(port->turn) == port->out->worker->slot->turn;
}

/* Sends what lies in one outbox as far as there is room. */
static void port_flush(struct prt_port *port)
{
    struct prt_chan *chan = port->chan;
    uint64_t ticket = 0;
    uint64_t put = prt_chan_put_(chan, port->box + port->first * chan->item_size, port->len, &ticket);
    unsigned char *const rest = port->box + (port->first + put) * chan->item_size;

    if (put > 0 && chan->meets)
        port_meets(port, ticket);
    if (prt_load(&chan->abandoned)) {
        prt_chan_refuse_(chan, rest, port->len - put);
        prt_cycle_lower_(port->out->worker->run, chan->spec.cycle, port->len - put);
        put = port->len;
    } else if (chan->drops && put < port->len) {
        prt_cycle_lower_(port->out->worker->run, chan->spec.cycle, prt_drop_put_(chan, rest, port->len - put));
        put = port->len;
    }
    port->first += put;
    port->len -= put;
}

/* The turn is stored before its holder is looked up, and a holder is entered before he looks at the turn: one of the two
 * sees the other. */
static void port_pass_turn(struct prt_port *port)
{
    const struct prt_slot *slot = port->out->worker->slot;

    port->owes = false;
    prt_store(port->turn, slot->turn_end); /* handshake: turn */
    prt_turns_wake_(slot->stage->turns, slot->turn_end);
}

bool prt_batch_flush_(struct prt_slot *slot)
{
    bool settled = true, passed = false;

    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];
        const bool turn = prt_port_has_turn_(port);

        if (turn && port->len > 0)
            port_flush(port);
        if (!turn || !prt_port_is_settled_(port)) {
            settled = false;
            continue;
        }
        port->meets = false;
        if (port->owes) {
            port_pass_turn(port);
            passed = true;
        }
    }
    if (passed) /* there may be credit that others wait for, and this thread maybe does not take it */
        prt_pool_alert_stage_(slot->stage); /* handshake: credit */
    return settled;
}

bool prt_batch_may_flush_(const struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->nports; i++) {
        const struct prt_port *port = &slot->ports[i];

        if (!prt_port_has_turn_(port))
            continue;
        if (port->len > 0 ? prt_chan_accepts_(port->chan) || prt_load(&port->chan->abandoned)
                          : (port->meets || port->owes) && prt_port_is_settled_(port))
            return true;
    }
    return false;
}
