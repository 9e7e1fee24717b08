/* Gathering: windows on the outbox of bodies without a bounded count that send fast. */
#ifndef PRT_GATHER_H
#define PRT_GATHER_H

#include <stdbool.h>

struct prt_port;
struct prt_slot;
struct prt_thread;

/* The slot's owner. Before and after each call of `run`: opens the windows of outputs that gather, and returns whether any
 * does; ends them. An item was sent by itself. A window is full: sends what has room; true: it is empty, and open if that
 * still pays. */
bool prt_gather_open_(struct prt_slot *slot);
void prt_gather_close_(struct prt_thread *thread, struct prt_slot *slot);
void prt_gather_sent_(struct prt_thread *thread, struct prt_port *port);
bool prt_gather_flush_(struct prt_port *port);

/* The body waits: what lies in its windows is sent as far as there is room, and the batch has no number, so that the monitor
 * leaves them alone. Whether it had one: then it gets another when the body goes on. */
bool prt_gather_put_away_(struct prt_slot *slot);
void prt_gather_take_up_(struct prt_slot *slot);

/* While it waits so, for the slot's owner: whether some window holds items, and some of them could be sent; sends
 * those. */
bool prt_gather_has_items_(const struct prt_port *port);
bool prt_gather_may_send_(const struct prt_slot *slot);
void prt_gather_send_(struct prt_slot *slot);

/* The monitor, under batch_lock, for a body that has not returned for long: the same, and its windows end, so that its
 * next item shows at once. Whether nothing is left in them. */
bool prt_gather_stuck_(struct prt_slot *slot);

#endif
