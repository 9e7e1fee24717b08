/* Channels that drop: what their senders and receivers do that others do not. */
#include "channel/drop.h"

#include "channel/scale.h"
#include "channel/turns.h"
#include "seam.h"

/* ---- senders ----------------------------------------------------------------------------------------------------- */

static void swap_items(unsigned char *a, unsigned char *b, size_t size)
{
    unsigned char some[64];

    for (size_t n; size > 0; a += n, b += n, size -= n) {
        n = size < sizeof some ? size : sizeof some;
        memcpy(some, a, n);
        memcpy(a, b, n);
        memcpy(b, some, n);
    }
}

/* The oldest item changes places with this one, which is the last in the ring then; where it owns nothing it may as well be
 * forgotten. In a full ring both places may be one. */
static void exchange(struct prt_chan *chan, uint64_t head, uint64_t tail, unsigned char *item)
{
    unsigned char *const oldest = prt_chan_at_(chan, head);
    unsigned char *const place = prt_chan_at_(chan, tail);

    if (chan->spec.drop && place == oldest) {
        swap_items(place, item, chan->item_size);
        return;
    }
    prt_chan_copy_(place, item, chan->item_size);
    if (chan->spec.drop)
        prt_chan_copy_(item, oldest, chan->item_size);
}

/* Puts all `n`; returns how many had room. The rest of `items` are those in whose places they lie now. Under both locks,
 * so that no look at the ring finds it emptier than it ever was. */
static uint64_t put_over(struct prt_chan *chan, unsigned char *items, uint64_t n)
{
    uint64_t head = prt_load_relaxed(&chan->head);
    uint64_t tail = prt_load_relaxed(&chan->tail);
    uint64_t room = 0;

    for (uint64_t i = 0; i < n; i++, tail++) {
        unsigned char *const item = items + (size_t)i * chan->item_size;

        if (tail - head < chan->cap) {
            prt_chan_copy_(prt_chan_at_(chan, tail), item, chan->item_size);
            room++;
        } else {
            exchange(chan, head++, tail, item);
        }
    }
    prt_store(&chan->tail, tail); /* before `taken`: a look between them must not miss an item */
    prt_store(&chan->head, head); /* before `taken` too, as by prt_chan_settle_(): else one that is gone looks promised */
    prt_store_release(&chan->taken, prt_load_relaxed(&chan->taken) + n - room);
    prt_store_relaxed(&chan->dropped, prt_load_relaxed(&chan->dropped) + n - room);
    return room;
}

static uint64_t put_oldest(struct prt_chan *chan, unsigned char *items, uint64_t n)
{
    uint64_t room = 0;
    bool abandoned;

    if (!chan->direct_send)
        prt_mutex_lock(&chan->send_lock);
    prt_mutex_lock(&chan->recv_lock);
    abandoned = prt_load(&chan->abandoned); /* under this lock too: then nobody is at the receiving end but who drops all */
    if (!abandoned) {
        prt_chan_settle_(chan);
        room = put_over(chan, items, n);
    }
    prt_mutex_unlock(&chan->recv_lock);
    if (!chan->direct_send)
        prt_mutex_unlock(&chan->send_lock);
    if (abandoned) {
        prt_chan_refuse_(chan, items, n);
        return n;
    }
    if (room > 0) /* else there are as many items as before, for which somebody is responsible */
        prt_pool_published_(chan);
    prt_chan_drop_(chan, items + (size_t)room * chan->item_size, n - room);
    return n - room;
}

uint64_t prt_drop_put_(struct prt_chan *chan, unsigned char *items, uint64_t n)
{
    if (chan->spec.full == PRT_DROPS_OLDEST)
        return put_oldest(chan, items, n);
    prt_chan_drop_(chan, items, n);
    prt_add(&chan->dropped, n);
    return n;
}

bool prt_drop_open_(struct prt_chan *chan)
{
    bool abandoned;

    prt_mutex_lock(&chan->recv_lock);
    abandoned = prt_load(&chan->abandoned);
    prt_mutex_unlock(&chan->recv_lock);
    return !abandoned;
}

bool prt_drop_was_full_(struct prt_chan *chan)
{
    const uint64_t tail = prt_load_relaxed(&chan->tail);

    if (!chan->overwrites)
        return false;
    /* Once more, for its order alone: whoever begins an item stores `head` and looks at `tail`, who sends looks at `head`. */
    prt_store(&chan->tail, tail); /* handshake: over */
    return tail - 1 - prt_load(&chan->head) >= chan->cap;
}

/* ---- receivers ---------------------------------------------------------------------------------------------------- */

/* Items that are not promised to anybody, of those before `tail`. Under recv_lock. */
static uint64_t unclaimed(const struct prt_chan *chan, uint64_t tail)
{
    return tail - prt_load_relaxed(&chan->taken);
}

static void claim(struct prt_chan *chan)
{
    prt_store_release(&chan->taken, prt_load_relaxed(&chan->taken) + 1);
}

/* Returns whether an item has come meanwhile that its sender took for one more in a full channel, where all were promised: it
 * is left for somebody now, whom nobody has woken. */
static bool begin(struct prt_chan *chan, unsigned char *into, uint64_t tail)
{
    const uint64_t head = prt_load_relaxed(&chan->head);

    prt_chan_copy_(into, prt_chan_at_(chan, head), chan->item_size);
    prt_store(&chan->head, head + 1); /* handshake: over */
    return chan->overwrites && unclaimed(chan, tail) == 0 && prt_load(&chan->tail) != tail;
}

static void tell(struct prt_chan *chan, bool is_left)
{
    if (is_left)
        prt_pool_published_(chan);
}

bool prt_drop_claim_(struct prt_chan *chan)
{
    bool some;

    prt_mutex_lock(&chan->recv_lock);
    some = unclaimed(chan, prt_chan_settle_(chan)) > 0;
    if (some)
        claim(chan);
    prt_mutex_unlock(&chan->recv_lock);
    return some;
}

void prt_drop_begin_(struct prt_chan *chan, unsigned char *into)
{
    bool is_left;

    prt_mutex_lock(&chan->recv_lock);
    is_left = begin(chan, into, prt_chan_settle_(chan));
    prt_mutex_unlock(&chan->recv_lock);
    tell(chan, is_left);
}

void prt_drop_unclaim_(struct prt_chan *chan)
{
    prt_mutex_lock(&chan->recv_lock);
    prt_store(&chan->taken, prt_load_relaxed(&chan->taken) - 1);
    prt_mutex_unlock(&chan->recv_lock);
}

bool prt_drop_take_(struct prt_chan *chan, unsigned char *into, struct prt_turns *turns, uint64_t *turn)
{
    bool some, is_left = false;
    uint64_t tail;

    prt_mutex_lock(&chan->recv_lock);
    tail = prt_chan_settle_(chan);
    some = unclaimed(chan, tail) > 0 && prt_turns_draw_(turns, 1, turn) > 0;
    if (some) {
        claim(chan);
        is_left = begin(chan, into, tail);
    }
    prt_mutex_unlock(&chan->recv_lock);
    tell(chan, is_left);
    return some;
}

uint64_t prt_drop_collect_(struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *left, struct prt_turns *turns,
                           uint64_t *turn)
{
    uint64_t tail, there;

    prt_mutex_lock(&chan->recv_lock);
    tail = prt_load_acquire(&chan->tail); /* nobody overwrites where items are collected */
    there = unclaimed(chan, tail);
    n = n < there ? n : there;
    if (n > 0 && turns && prt_turns_draw_(turns, 1, turn) == 0)
        n = 0;
    if (n > 0 && chan->scale)
        n = prt_scale_fit_(chan, n, left);
    for (uint64_t i = 0; i < n; i++) {
        claim(chan);
        begin(chan, into + i * chan->item_size, tail);
    }
    prt_mutex_unlock(&chan->recv_lock);
    return n;
}
