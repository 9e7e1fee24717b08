/* Workers that wait for an item of a channel, since their bodies take items themselves.
 *
 * The list is a level like the ring: one that is in it while there are items, or none will come any more, may go on. So a
 * sender need not know of it: whoever looks for work finds the two together, as it finds a free slot and items. Threads of
 * blocking stages look for nothing, and are woken.
 */
#ifndef PRT_PULLS_H
#define PRT_PULLS_H

#include "channel/chan.h"

/* Whether who waits for an item would find one, or that none will come. */
bool prt_pulls_may_go_on_(const struct prt_chan *chan);

/* Whether that is so and somebody waits. */
static inline bool prt_pulls_are_ready_(const struct prt_chan *chan)
{
    return prt_load(&chan->pulling) > 0 && prt_pulls_may_go_on_(chan);
}

/* Into the list, behind those that wait already; out of it, wherever it is. The slot's owner. */
void prt_pulls_enlist_(struct prt_chan *chan, struct prt_puller *puller);
void prt_pulls_delist_(struct prt_chan *chan, struct prt_puller *puller);

/* Takes the one out that has waited longest; NULL: nobody does. It is the caller's to let it go on. Any thread. */
struct prt_slot *prt_pulls_take_(struct prt_chan *chan);

#endif
