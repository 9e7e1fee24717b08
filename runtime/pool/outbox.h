/* Outboxes: what bodies have sent that is not in its channel yet, and the turns that are passed on with it.
 *
 * A leaf never waits for room: what does not fit stays in memory of its slot, and the slot is held until it has gone. A body
 * that gathers (gather.h) fills the same memory window by window. In an ordered stage an outbox is emptied when the slot has
 * its turn on that output. */
#ifndef PRT_OUTBOX_H
#define PRT_OUTBOX_H

#include <stdbool.h>

struct prt_port;
struct prt_slot;

/* Sends what lies in the outboxes as far as there is room, and passes the turns on that are done with. True: nothing is
 * left, no rendezvous is open, and all turns are passed on. */
bool prt_batch_flush_(struct prt_slot *slot);

/* Whether prt_batch_flush_() could get on now. */
bool prt_batch_may_flush_(const struct prt_slot *slot);

/* Publishes what lies in one output's window; under the slot's batch_lock, or while the batch has no number. */
void prt_port_publish_(struct prt_port *port);

/* An item is still in this worker's hand as far as its sender's promise goes: in the outbox, or in a rendezvous that no
 * body has begun with. */
bool prt_port_is_settled_(const struct prt_port *port);

/* Whether an ordered slot may send to this output now. */
bool prt_port_has_turn_(const struct prt_port *port);

#endif
