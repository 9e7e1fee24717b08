/* Channels that drop when they are full, so that no sender ever waits for them.
 *
 * Where the newest is dropped, an item that finds no room is discarded. Where the oldest is, its sender takes that out and
 * puts its own in, under the lock of the receiving end. Only what nobody has begun with can be the oldest, so a worker that
 * receives there takes a *claim* first: that an item will be left for it, whichever that is by then. It gets one when its
 * body begins, in one section with the beginning. So a worker that waits for a permit does not wait with an item that grows
 * old, and with a capacity of 1 a body begins with the latest. `taken` counts claims, `head` beginnings: what lies in the
 * ring is always head to tail, of which the first `taken` - `head` are promised to somebody.
 *
 * A sole sender of items that own nothing as a rule does not even do that (`overwrites`): its ring has places to spare, and it writes on
 * in windows of as many, like any sole sender, as if there were always room. What is more than the capacity is gone; `taken`
 * and `head` are moved on over it by whoever is at the receiving end next. A window is opened under the lock of that end, so
 * nobody copies an item while it is written over: that would take more places than are in one window.
 *
 * A worker of an ordered stage draws its turn with its item, and so takes both at once: what it begins with is fixed then.
 */
#ifndef PRT_DROP_H
#define PRT_DROP_H

#include "channel/chan.h"

/* Sends `n` items for which prt_chan_put_() found no room, at any end. What is dropped, these or as many that were there
 * before, is counted and released, with no lock held. Returns how many that were: an item of a cycle that is gone. */
uint64_t prt_drop_put_(struct prt_chan *chan, unsigned char *items, uint64_t n);

/* Of a channel that overwrites, by its sender: nobody copies an item now that lies in the next window. False: the channel is
 * abandoned. And whether an item that was just put found the channel full: then there are no more items than before, for which
 * somebody is responsible. */
bool prt_drop_open_(struct prt_chan *chan);
bool prt_drop_was_full_(struct prt_chan *chan);

/* Of a channel that drops the oldest. A claim; false: no item is left for one. It ends with prt_drop_begin_(), which copies
 * the oldest item to `into` and is its beginning, or with prt_drop_unclaim_(). */
bool prt_drop_claim_(struct prt_chan *chan);
void prt_drop_begin_(struct prt_chan *chan, unsigned char *into);
void prt_drop_unclaim_(struct prt_chan *chan);

/* All of it at once, for an ordered stage: also draws a turn. False: there is no item, or no turn. */
bool prt_drop_take_(struct prt_chan *chan, unsigned char *into, struct prt_turns *turns, uint64_t *turn);

/* The same of up to `n` items, which have one turn, for a body that gets several; `turns` may be NULL. Returns how many. */
uint64_t prt_drop_collect_(struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *left, struct prt_turns *turns,
                           uint64_t *turn);

#endif
