/* The list of those who wait for an item. */
#include "channel/pulls.h"

/* Closed is read before the queue: the other way round, an item put in between would be taken for none. Whichever it is,
 * who waits goes on. */
bool prt_pulls_may_go_on_(const struct prt_chan *chan)
{
    return prt_load(&chan->closed) || prt_chan_queued_(chan) > 0;
}

static void unlink_puller(struct prt_chan *chan, struct prt_puller *puller)
{
    *(puller->prev ? &puller->prev->next : &chan->first_puller) = puller->next;
    *(puller->next ? &puller->next->prev : &chan->last_puller) = puller->prev;
    puller->listed = false;
    prt_sub(&chan->pulling, 1);
}

void prt_pulls_enlist_(struct prt_chan *chan, struct prt_puller *puller)
{
    prt_mutex_lock(&chan->wait_lock);
    if (!puller->listed) {
        puller->prev = chan->last_puller;
        puller->next = NULL;
        *(puller->prev ? &puller->prev->next : &chan->first_puller) = puller;
        chan->last_puller = puller;
        puller->listed = true;
        prt_add(&chan->pulling, 1);
    }
    prt_mutex_unlock(&chan->wait_lock);
}

void prt_pulls_delist_(struct prt_chan *chan, struct prt_puller *puller)
{
    prt_mutex_lock(&chan->wait_lock);
    if (puller->listed)
        unlink_puller(chan, puller);
    prt_mutex_unlock(&chan->wait_lock);
}

struct prt_slot *prt_pulls_take_(struct prt_chan *chan)
{
    struct prt_puller *puller;

    prt_mutex_lock(&chan->wait_lock);
    puller = chan->first_puller;
    if (puller)
        unlink_puller(chan, puller);
    prt_mutex_unlock(&chan->wait_lock);
    return puller ? puller->slot : NULL;
}
