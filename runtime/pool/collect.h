/* Collecting: stages whose bodies get several items at once.
 *
 * What such a stage collects stays in its channels; no slot, hand or thread holds anything meanwhile. It is ready, a
 * level like any other, when as many items are there as a body gets, or as a channel can hold, when they weigh as much
 * (channel/scale.h), when its channels are closed, or when the deadline for the first item has passed.
 *
 * Items carry no time. Each channel has two positions, counts like its `taken`: `mark`, a deadline is set for the items
 * before it; `passed`, it has passed for those before this one. So a take makes them out of date by itself. Whoever looks
 * at the stage, and finds items without a deadline, sets one.
 */
#ifndef PRT_COLLECT_H
#define PRT_COLLECT_H

#include "channel/chan.h"
#include "limit/timer.h"

struct prt_run;
struct prt_slot;
struct prt_stage;
struct prt_take;

struct prt_collect_at {
    prt_atomic_u64 mark, passed;
};

struct prt_collect {
    uint64_t most;   /* items that a body gets, from 1 */
    uint64_t within; /* ns; 0: no deadline */
    struct prt_collect_at *at; /* of each channel */
    struct prt_timer timer;
    struct prt_mutex taking; /* who takes, of several workers; before `lock` */
    struct prt_mutex lock;
    uint64_t due;    /* under the lock: when the deadline is that was set last */
};

/* Puts a scale into each channel that a stage receives from which collects by weight: before the channels are ready. False:
 * no memory. */
bool prt_collect_scales_(struct prt_run *run);

/* Prepares a stage whose spec says that it collects, once its channels are ready. False: no memory. */
bool prt_collect_make_(struct prt_stage *stage);

/* The level. Sets the deadline of items that have none. */
bool prt_collect_ready_(struct prt_stage *stage);

/* Takes what a body gets into hand, if the stage is ready; false: it is not, or others were quicker. The slot's owner; it
 * waits for no more than another worker that takes, or weighs, what is there. */
bool prt_collect_take_(struct prt_slot *slot);

/* The body begins with all of it. Then the rest of what lies in the channels gets its deadline: others maybe do not look. */
void prt_collect_begin_(struct prt_slot *slot);

/* The body is done, or never began because of a tear-down, which drops the items. Returns how many bodies ran. */
uint64_t prt_collect_close_(struct prt_slot *slot);

/* Items in hand that came from channels of the cycle. */
uint64_t prt_collect_of_cycle_(const struct prt_take *take, int cycle);

/* How many items the slot's body has: what is in hand; 1 where its stage does not collect. */
uint64_t prt_collect_items_(const struct prt_slot *slot);

/* The timer has fired. The monitor. */
void prt_collect_due_(struct prt_stage *stage);

/* Whether an item that was just put there calls for nobody: the only stage that receives there collects more, and will be
 * looked at in time. */
bool prt_collect_waits_(const struct prt_chan *chan);

#endif
