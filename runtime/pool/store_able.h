/* What is able, in the order in which it became so: items stand in a line, or in one for each channel where some come first. With
 * `by` each worker has its items in such lines, whether they are able or not, and the free workers whose first one is able stand
 * in a line of their own. All of it under the lock; nothing blocks. */
#ifndef PRT_STORE_ABLE_H
#define PRT_STORE_ABLE_H

#include "pool/store_news.h"

/* The item has become able: enters its line, or its worker does. */
void prt_store_able_(struct prt_store *store, struct prt_node *node, struct prt_news *news);

/* It is taken, or not able any more: leaves its line. Not with `by`. */
void prt_store_line_leave_(struct prt_store *store, struct prt_node *node);

/* ordered: whether the item with the lowest turn is able may have changed. */
void prt_store_note_lowest_(struct prt_store *store);

/* `by`: enters its worker's queue; whether it is the first there. Leaves it, of which it is the first: returns the next of the
 * same channel; NULL: there is none. */
bool prt_store_enter_worker_(struct prt_store *store, struct prt_node *node);
struct prt_node *prt_store_leave_worker_(struct prt_store *store, struct prt_node *node);

/* `by`: the item that the worker would take; NULL: none of its items is able. */
struct prt_node *prt_store_choose_of_(const struct prt_store *store, const struct prt_of_worker *of);

/* `by`: whose an item with the key is, its index. Without the lock. */
uint32_t prt_store_worker_of_(const struct prt_store *store, struct prt_key key);

/* `by`: the worker has an item that is able: it enters the workers' line, if it is free and not there; of a blocking stage, it
 * is woken. The first of that line whose slot is free still and has an item leaves it, and is busy; NULL: there is none. */
void prt_store_list_worker_(struct prt_store *store, uint32_t index, struct prt_news *news);
struct prt_slot *prt_store_next_worker_(struct prt_store *store);

/* While one slot alone is free, that is for the item whose result leaves first: else slots would hold later ones, which wait
 * for it, and it would wait for a slot. `claimed`: the caller's is that one, and counts as active. Without the lock too: a
 * level. */
bool prt_store_is_one_free_(const struct prt_store *store, bool claimed);

/* How many of `able` items one slot takes at most, so that others find some; where bodies cost next to nothing nobody would come
 * for them. Without the lock too. */
uint64_t prt_store_share_(const struct prt_store *store, uint64_t able, uint64_t most);

/* The item that the slot, which is its caller's, should take; it stays where it is. NULL: nothing is able that it may take. */
struct prt_node *prt_store_choose_(const struct prt_store *store, const struct prt_slot *slot);

#endif
