/* Slots by name: those of a stage with `by`, whose items choose them. They are claimed under the store's lock, since there is no
 * stack of free ones. Any thread; nothing blocks. */
#ifndef PRT_STORE_NAMED_H
#define PRT_STORE_NAMED_H

#include "pool/slot.h"
#include "pool/store.h"

/* Moves in what lies in the channels, and claims a slot that has something to do. Claims any that is free. NULL: there is none.
 * The slot is RUNNING then, and the stage active. */
struct prt_slot *prt_store_claim_(struct prt_stage *stage);
struct prt_slot *prt_store_claim_any_(struct prt_stage *stage);

/* Lets go of one; its owner. */
void prt_store_let_go_(struct prt_slot *slot);

/* What a free one waits for: PRT_FOR_ITEM, it has none; PRT_FOR_RATE or PRT_FOR_BOUND, which the keys of its first one lack;
 * PRT_FOR_THREAD, it could take one. The monitor. */
enum prt_for prt_store_waits_for_(const struct prt_slot *slot);

#endif
