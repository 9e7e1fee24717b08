/* The turns of an ordered stage: one for each item that its workers take, drawn in the order of the items.
 *
 * On each output results leave in the order of the turns, and no more than `ahead` items have begun and not left: whoever
 * would take one more finds no credit, and takes it when the oldest has left every output. There is no count of those:
 * the turns drawn tell how many have begun, and whose turn it is on an output how many have left there.
 *
 * Only leaves take several items at once; so a thread of a `blocking` stage, or a body that may wait, always finds credit
 * for its one.
 */
#ifndef PRT_TURNS_H
#define PRT_TURNS_H

#include "platform/memory.h"

#include <prt/platform.h>

struct prt_slot;

struct prt_turns {
    /* Turns begin with 0 and come to no end that a program reaches (2^64 items). They could not wrap around: `holders`
     * has a place for each turn that is drawn and not passed on, whatever it is modulo 2^64. */
    prt_atomic_u64 next;     /* drawn by whoever takes items */
    uint64_t ahead;          /* items that may have begun and not left; not below the workers */
    size_t nouts;
    prt_atomic_u64 *outs;    /* of each output: whose turn it is to send there */
    prt_atomic_u64 *holders; /* [turn modulo ahead] who drew it last, as the first in hand: a struct prt_slot * */
    prt_atomic_u64 returned; /* drawn, and gone back to the channel with their items */
    prt_atomic_u64 permits;  /* whose turn it is to take permits */
};

/* Makes turns for so many outputs, from 1, and items that may have begun and not left. NULL: no memory. */
struct prt_turns *prt_turns_new_(struct prt_memory *memory, size_t nouts, uint64_t ahead);

/* How many items may begin now; a snapshot. It is never less than what was so when the call began, but for what others
 * have drawn since. */
uint64_t prt_turns_credit_(const struct prt_turns *turns);

/* Draws up to `n` turns, as many as there is credit for; returns how many, and the first of them in `*first`. Under the
 * lock of the channel that the items come from. */
uint64_t prt_turns_draw_(struct prt_turns *turns, uint64_t n, uint64_t *first);

/* `n` turns that were drawn go back to the channel with their items, which whoever takes them needs no credit for; are
 * taken with them. Under the same lock. */
void prt_turns_return_(struct prt_turns *turns, uint64_t n);
void prt_turns_take_(struct prt_turns *turns, uint64_t n);

/* Enters the slot, whose owner calls it, as the holder of the turns that it has drawn, `turn` the first: before it looks
 * whether that has come. */
void prt_turns_enter_(struct prt_turns *turns, uint64_t turn, struct prt_slot *slot);

/* Wakes the slot that drew this turn, if one did: what it waits for may have come. */
void prt_turns_wake_(struct prt_turns *turns, uint64_t turn);

#endif
