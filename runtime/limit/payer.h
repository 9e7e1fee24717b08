/* Payers: slots of one stage whose items have a cost stand in a line, in the order in which they asked its rate for permits.
 *
 * Permits that an expensive item waits for would else go to cheaper ones behind it, one by one, for ever. Only the first of
 * the line asks the rate; who leaves it wakes the next. A slot that must wait for a bound first leaves the line meanwhile,
 * and comes back to the place that its number gives it.
 */
#ifndef PRT_PAYER_H
#define PRT_PAYER_H

#include <prt/run.h>

struct prt_slot;

/* One slot of the stage. */
struct prt_payer {
    struct prt_payer *next;
    struct prt_slot *slot;
    uint64_t number;  /* in the order of asking, from 1; 0: its item has not asked */
    bool stands;      /* under the line's lock, as is the number */
};

struct prt_payers {
    struct prt_mutex lock;
    struct prt_payer *first;
    uint64_t numbers;  /* drawn so far */
    prt_atomic_u64 n;  /* that stand here; read without the lock */
};

/* Stands in the line, if it does not yet. Returns whether it is the first, who may ask the rate. */
bool prt_payer_stand_(struct prt_payers *payers, struct prt_payer *payer);

/* Leaves the line; `done`: its item needs no permit any more, and the next one draws another number. Wakes the slot that is
 * first then, if it was this one. Returns whether nobody stands there now, and did until now. */
bool prt_payer_leave_(struct prt_payers *payers, struct prt_payer *payer, bool done);

/* Whether it is the first now. */
bool prt_payer_is_first_(struct prt_payers *payers, const struct prt_payer *payer);

#endif
