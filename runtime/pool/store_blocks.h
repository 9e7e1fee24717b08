/* Blocks: with `by` alone nothing of an item is kept but the item, and those of a worker lie side by side, several in a node. So
 * the processor that runs the worker fetches a line of them at once, which another one has written, and not a line for each.
 *
 * Who moves copies items to a place of its own first, and looks for their workers there, without a lock. */
#ifndef PRT_STORE_BLOCKS_H
#define PRT_STORE_BLOCKS_H

#include "pool/store_news.h"

/* How many items a block has room for, of a stage that sets `n` items aside at most: so many that blocks which are partly empty,
 * at each worker the first and the last, are no more than half as much again where there is a capacity. One, where items are large,
 * which had better not be copied once more, or come from several channels in turn. And how many blocks that takes. */
uint64_t prt_blocks_room_(const struct prt_store *store, uint64_t n);
uint64_t prt_blocks_count_(const struct prt_store *store, uint64_t n);

/* The place of who moves, for a stage that sets `n` items aside. False: no memory. */
bool prt_blocks_make_(struct prt_store *store, uint64_t n);

/* Takes items out of that channel, up to `n` and as many as there is memory for, and chooses their workers; how many. Not for
 * blocks of one, which are moved as nodes are. Then all that were moved are entered, in their order; of the workers that are able
 * then, if none was, the caller takes `own`. Who moves, without the lock. */
uint64_t prt_blocks_move_(struct prt_store *store, size_t from, uint64_t n);
void prt_blocks_enter_(struct prt_store *store, uint64_t own);

/* The slot takes items of its worker, from `node` on, which is the first of its line: from one channel, `most` at most. Under the
 * lock. */
void prt_blocks_take_(struct prt_store *store, struct prt_slot *slot, struct prt_node *node, uint64_t most, struct prt_news *news);

#endif
