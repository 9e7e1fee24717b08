/* Nodes: the memory of what is set aside. It is there from the start, but where a channel grows; a page of it is touched when it
 * is first used. Who moves takes nodes without a lock, from what is spare or new; what slots are done with comes back under
 * the lock, and who moves fetches all of that at once. */
#ifndef PRT_STORE_NODES_H
#define PRT_STORE_NODES_H

#include "pool/store_news.h"

/* Memory for so many nodes, and for their times. False: there is none. */
bool prt_store_nodes_make_(struct prt_store *store, uint64_t n);
void prt_store_nodes_free_(struct prt_store *store);

/* One more; NULL: no memory. And one that was not needed. Who moves, without the lock. */
struct prt_node *prt_store_node_new_(struct prt_store *store);
void prt_store_node_spare_(struct prt_store *store, struct prt_node *node);

/* With `by` alone nodes are taken under the lock. First who moves, without it, sees that there are `n`, where the channels have
 * no capacity: returns how many there are, up to that. */
uint64_t prt_store_nodes_reserve_(struct prt_store *store, uint64_t n);
struct prt_node *prt_store_node_reserved_(struct prt_store *store);

/* What no item changes in a node, unless it has weights of its own: set in a new one, and to be set again in one whose memory had
 * another use. */
void prt_store_node_make_(const struct prt_store *store, struct prt_node *node);

/* A node that is in no queue any more. Under the lock. */
void prt_store_node_free_(struct prt_store *store, struct prt_node *node);

/* The same of `n` nodes in a list, from `first` to `last`. Under the lock. */
void prt_store_nodes_give_(struct prt_store *store, struct prt_node *first, struct prt_node *last, uint64_t n);

/* Memory has become free, of nodes or keys, of which some item may stand in need: to be called in each section in which some has.
 * Under the lock. */
void prt_store_note_memory_(struct prt_store *store, struct prt_news *news);

#endif
