/* Which stack a slot runs its bodies on.
 *
 * A slot has one from before it takes a batch until it lets go. Each thread keeps a few that came back, the run some more.
 * Each stage whose bodies may wait has one in reserve from the start: where memory for others is refused, its slots take
 * turns with that one, as if the stage had so many workers fewer, and what the compiler has proved of the graph holds.
 */
#ifndef PRT_STACKS_H
#define PRT_STACKS_H

#include <prt/platform.h>

struct prt_run;
struct prt_slot;
struct prt_stage;
struct prt_thread;

enum { PRT_STACKS_KEPT = 64, PRT_STACKS_NEAR = 4 };

struct prt_stacks {
    struct prt_mutex lock;
    struct prt_stack *kept[PRT_STACKS_KEPT]; /* that nobody uses, and no thread keeps */
    unsigned nkept;
    struct prt_slot *first, *last; /* held for want of one */
    prt_atomic_u64 nwaiting;       /* of them */
};

/* Makes the stage's reserve. False: no memory. */
bool prt_stacks_reserve_(struct prt_stage *stage);
void prt_stacks_free_(struct prt_run *run); /* all, at the run's end */

/* Gives the slot a stack. False: there is none, and whoever gives one back hands it over and wakes the slot. */
bool prt_stacks_take_(struct prt_thread *thread, struct prt_slot *slot);
void prt_stacks_give_(struct prt_thread *thread, struct prt_slot *slot);

/* Frees what the thread keeps, which ends. */
void prt_stacks_drop_(struct prt_thread *thread);

/* Whether one was handed over to a slot that waits for it. */
bool prt_stacks_handed_(const struct prt_slot *slot);

#endif
