/* Slots' hands at a stage with a store: what they take, what becomes of it as bodies begin and end, and what they hand back. Called
 * by the slot's owner but where it is said, without the store's lock; nothing blocks. */
#ifndef PRT_STORE_HANDS_H
#define PRT_STORE_HANDS_H

#include "pool/store.h"

/* Moves in what lies in the channels, and takes for the slot: into its hand, or where it lies. False: there is nothing for it
 * now. */
bool prt_store_take_(struct prt_slot *slot);

/* Its body begins, where that was not told when it was taken; and has ended: what it held of its keys is given back. An item
 * that is tried again keeps its keys, and asks for the rest once more: true, it is granted, or its slot will be woken. */
void prt_store_begin_(struct prt_slot *slot);
void prt_store_end_(struct prt_slot *slot);
bool prt_store_ask_(struct prt_slot *slot);
bool prt_store_granted_(struct prt_slot *slot);
void prt_store_give_up_(struct prt_slot *slot); /* it is not tried again */

/* All but the first `kept` items of its hand go back, to the front of their queues. By the slot's owner, or the monitor under
 * batch_lock, who have seen to it that no body begins with them. Whether others could take them there. */
void prt_store_hand_back_(struct prt_slot *slot, uint64_t kept);
bool prt_store_may_hand_back_(const struct prt_stage *stage);

#endif
