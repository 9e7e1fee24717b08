/* The queues of keys: an item stands in that of each of its keys, and with `by` in its worker's. First in all of them it is
 * looked at: it is able (store_able.h), or waits for a time, or for what a body gives back. All under the lock but where it is
 * said; nothing blocks. `now` is prt_store_now_(). */
#ifndef PRT_STORE_QUEUES_H
#define PRT_STORE_QUEUES_H

#include "pool/store_news.h"

/* prt_now(), ns; 0 where there are neither rates nor times of batches, and nobody need look at the clock. Without the lock. */
uint64_t prt_store_now_(const struct prt_store *store);

/* Enters what was moved (store_moves.h), in its order, as far as there is memory for its keys; who moves, without the lock. What
 * need not wait, for its keys nor behind others that are able, is the slot's at once, up to `most` items, as if it had been
 * taken; NULL: nobody's. Of what is able then, if none was, the caller takes `own`. */
void prt_store_enter_(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t own);

/* In front of all that no slot has: an item that its slot tries again; and one that a slot has taken and whose body has not begun,
 * which takes nothing from its keys any more. What was first there and able is so no more. */
void prt_store_enter_first_(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news);
void prt_store_enter_again_(struct prt_store *store, struct prt_node *node, uint64_t now, struct prt_news *news);

/* An item that is able, or rides, is the slot's: out of its lines, and stays where it is in memory until its body has ended. It
 * takes from its keys and leaves their queues too, unless its body begins later; then that is told when it does. */
void prt_store_take_node_(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t now,
                          struct prt_news *news);

/* The body of the item begins at `when`, or will for all that its keys know: it takes from them what it needs, and those behind
 * it step forward. */
void prt_store_begin_of_keys_(struct prt_store *store, struct prt_node *node, uint64_t when, uint64_t now,
                              struct prt_news *news);

/* Looks at who waits first for what was given back at `when`; NULL: nobody. */
void prt_store_look_at_first_(struct prt_store *store, struct prt_node *first, uint64_t when, uint64_t now,
                              struct prt_news *news);

/* Somebody stands in need of room: of the groups that gather, a body may have that whose first item came first as it is. */
void prt_store_relieve_(struct prt_store *store, uint64_t now, struct prt_news *news);

/* Weighs the groups that are complete and wait for that, unless another thread does, and then they go on. Of what is able then the
 * caller takes `own`, 0 or 1. Calls the program's code; who has entered the stage, so that it does not end meanwhile, without the
 * lock. */
void prt_store_weigh_(struct prt_store *store, uint64_t own);

/* Looks at those that wait for a time which has come, and at groups when nothing more can. */
void prt_store_look_at_due_(struct prt_store *store, uint64_t now, struct prt_news *news);

/* The timer has fired. The monitor, without the lock. */
void prt_store_due_(struct prt_stage *stage);

#endif
