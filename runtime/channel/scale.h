/* A scale: what the items that lie in a channel weigh, for the stage that alone receives there and gathers them until they
 * weigh enough.
 *
 * Items carry no weight. The scale remembers what so many of the first items that are there weigh together, and goes on from
 * there when more have come, so that each look costs what is new. Where `taken` has moved, because a body got some or a
 * sender dropped the oldest, it begins anew. All of it is under the channel's recv_lock, and so is the take: what is weighed
 * stays where it is, and nobody takes more than was weighed.
 */
#ifndef PRT_SCALE_H
#define PRT_SCALE_H

#include "channel/chan.h"

struct prt_scale {
    uint64_t most;             /* what a body's items weigh together at most, from 1 */
    int64_t (*weigh)(void *pipe, const void *item);
    void *pipe;
    const char *stage;         /* whose items they are */
    prt_atomic_u64 *told;      /* that one of them weighs less than nothing; of all the stage's scales */
    prt_atomic_u64 said;       /* what `told` points to */
    /* Under recv_lock: */
    uint64_t base;             /* what `taken` was when the first of them was weighed */
    uint64_t n, sum;           /* so many have been since then, and what they weigh */
};

/* What `left` is while a body has no item: any one may be the first, and is alone if it weighs more than the most. */
#define PRT_WEIGHT_ANY UINT64_MAX

/* Adds to `*sum` what the items weigh that are there, and looks at no more of them than it needs. Returns whether it comes
 * to the most. A channel that is abandoned has none. */
bool prt_scale_reaches_(struct prt_chan *chan, uint64_t *sum);

/* How many of the first `n` items, which are there, weigh no more than `*left`; then `*left` is what further ones may weigh,
 * 0 where the next one would be too heavy. Under recv_lock. */
uint64_t prt_scale_fit_(struct prt_chan *chan, uint64_t n, uint64_t *left);

#endif
