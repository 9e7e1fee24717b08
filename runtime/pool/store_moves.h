/* Moving items from the channels of a stage into its store: one thread at a time, in their order (store.h).
 *
 * Who finds something to move swaps `moving`; who loses that goes on to what is able, and never waits. Keys are asked for
 * without a lock. When it has moved a run it clears `moving`, and looks at the channels and the store once more: what came
 * meanwhile was found by others who saw that somebody moves. */
#ifndef PRT_STORE_MOVES_H
#define PRT_STORE_MOVES_H

#include "pool/store.h"

/* There is something to move, and nobody does. */
bool prt_store_may_move_(const struct prt_store *store);

/* Moves it. What waits for nothing goes straight to `slot`, up to `most` items, whose owner is the caller (store_hands.h); NULL:
 * to nobody. Of what is able then, if none has, the caller goes on to take `own`, 0 or 1. */
void prt_store_move_(struct prt_store *store, struct prt_slot *slot, uint64_t most, uint64_t own);

#endif
