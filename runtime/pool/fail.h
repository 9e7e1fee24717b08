/* What becomes of items that were begun and are not done. */
#ifndef PRT_POOL_FAIL_H
#define PRT_POOL_FAIL_H

#include <stdbool.h>
#include <stdint.h>

struct prt_slot;

/* How an item ended that is not done: the ledger's columns. */
enum prt_outcome { PRT_OUTCOME_FAILED, PRT_OUTCOME_SKIPPED, PRT_OUTCOME_DEAD, PRT_OUTCOME_CUT };

struct prt_failure {
    enum prt_outcome outcome;
    uint64_t attempt;   /* from 1; 0: of a section, which has no item */
    const char *reason; /* NULL: none was said, or there was no memory for it */
    const void *item;   /* NULL: it is gone, or its type is the author's */
};

/* What becomes of an item whose body has failed for good. */
enum prt_outcome prt_fail_outcome_(const struct prt_slot *slot);

/* The item of this slot's body has ended so: it is counted, told, and what `on fail` says follows. */
void prt_fail_ended_(struct prt_slot *slot, const struct prt_failure *failure);

/* Whether the body that ran last in this slot was made to leave by a tear-down, and its item had not ended before; then that
 * has ended so. */
bool prt_fail_is_cut_(const struct prt_slot *slot);
void prt_fail_cut_(struct prt_slot *slot);

#endif
