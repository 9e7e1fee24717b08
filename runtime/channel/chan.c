/* Channels: rings, their waiters, closing. Nothing of what stages are. */
#include "channel/chan.h"

#include <stdlib.h>

#include "channel/scale.h"
#include "channel/turns.h"
#include "seam.h"

#define FIRST_SIZE 64 /* items that a growing channel begins with */
/* Places that a sender which overwrites has to spare: as many as the capacity, and at least so many, in at most so many bytes. */
#define SPARE_ITEMS 64
#define SPARE_BYTES 16384

uint64_t prt_chan_start_;

/* How many places more than `cap` a ring has whose sender overwrites: as wide as its windows may be. */
static uint64_t spare(const struct prt_chan *chan)
{
    const uint64_t wanted = chan->cap > SPARE_ITEMS ? chan->cap : SPARE_ITEMS;
    const uint64_t most = SPARE_BYTES / chan->item_size;

    return wanted < most ? wanted : most > 0 ? most : 1;
}

bool prt_chan_ready_(struct prt_chan *chan)
{
    const enum prt_chan_kind kind = chan->spec.kind;
    uint64_t wanted = FIRST_SIZE;

    chan->item_size = prt_step_(chan->spec.item_size);
    chan->meets = kind == PRT_RENDEZVOUS;
    chan->grows = kind == PRT_GROWING;
    chan->drops = chan->spec.full != PRT_WAITS;
    chan->cap = chan->grows ? UINT64_MAX : chan->meets ? 1 : chan->spec.cap;
    /* A rendezvous needs its waiting counter looked at with each item, a blocking receiver a wake of its own kind. */
    chan->direct_send = prt_have_barrier_ && chan->nsend_slots == 1 && !chan->grows && !chan->meets &&
                        !chan->wakes_dedicated && chan->spec.cycle == 0 && !chan->has_daemons;
    /* Whoever writes over an item cannot drop it, and what is gathered or set aside goes by what was taken. */
    chan->overwrites = chan->direct_send && chan->spec.full == PRT_DROPS_OLDEST && !chan->spec.drop && !chan->is_collected &&
                       !chan->sets_aside;
    if (!chan->grows)
        wanted = chan->cap + (chan->overwrites ? PRT_SPARE(spare(chan)) : 0);
    for (chan->size = 1; chan->size < wanted; chan->size *= 2)
        if (chan->size > SIZE_MAX / 4 / chan->item_size)
            return false;
    /* A sender takes the oldest item out of a full channel that drops it; who looks weighs what lies there. */
    chan->direct_receive = prt_have_barrier_ && chan->nrecv_slots == 1 && !chan->grows && !chan->sets_aside &&
                           chan->spec.full != PRT_DROPS_OLDEST && !chan->scale;
    prt_store_relaxed(&chan->tail, prt_chan_start_);
    prt_store_relaxed(&chan->head, prt_chan_start_);
    prt_store_relaxed(&chan->taken, prt_chan_start_);
    chan->items = malloc((size_t)chan->size * chan->item_size);
    return chan->items != NULL;
}

void prt_chan_free_(struct prt_chan *chan)
{
    free(chan->items);
}

/* Doubles the ring; send_lock is held. */
static bool chan_grow(struct prt_chan *chan)
{
    const uint64_t tail = prt_load_relaxed(&chan->tail);
    const uint64_t size = chan->size * 2;
    unsigned char *items;
    bool grown = false;

    if (chan->size > SIZE_MAX / 4 / chan->item_size)
        return false;
    prt_mutex_lock(&chan->recv_lock);
    items = malloc((size_t)size * chan->item_size);
    if (items) {
        for (uint64_t i = prt_load_relaxed(&chan->taken) + chan->nsegments; i != tail; i++)
            memcpy(items + (size_t)(i & (size - 1)) * chan->item_size, prt_chan_at_(chan, i), chan->item_size);
        free(chan->items);
        chan->items = items;
        chan->size = size;
        grown = true;
    }
    prt_mutex_unlock(&chan->recv_lock);
    return grown;
}

/* Copies `n` items in at `tail`, where there is room for them. */
static void chan_copy_in(struct prt_chan *chan, uint64_t tail, const unsigned char *items, uint64_t n)
{
    const uint64_t at = tail & (chan->size - 1);
    const uint64_t first = n < chan->size - at ? n : chan->size - at;

    prt_chan_copy_(chan->items + (size_t)at * chan->item_size, items, (size_t)first * chan->item_size);
    if (n > first)
        memcpy(chan->items, items + (size_t)first * chan->item_size, (size_t)(n - first) * chan->item_size);
}

static void chan_copy_out(const struct prt_chan *chan, uint64_t from, unsigned char *into, uint64_t n)
{
    const uint64_t at = from & (chan->size - 1);
    const uint64_t first = n < chan->size - at ? n : chan->size - at;

    prt_chan_copy_(into, chan->items + (size_t)at * chan->item_size, (size_t)first * chan->item_size);
    if (n > first)
        memcpy(into + (size_t)first * chan->item_size, chan->items, (size_t)(n - first) * chan->item_size);
}

/* Room for `n` items in a growing channel, or none. */
static uint64_t chan_make_room(struct prt_chan *chan, uint64_t tail, uint64_t n)
{
    while (tail + n - prt_load_acquire(&chan->taken) > chan->size)
        if (!chan_grow(chan)) {
            prt_run_cannot_grow_(chan);
            return 0;
        }
    return n;
}

uint64_t prt_chan_put_(struct prt_chan *chan, const unsigned char *items, uint64_t n, uint64_t *ticket)
{
    uint64_t tail, room;

    if (!chan->direct_send)
        prt_mutex_lock(&chan->send_lock);
    tail = prt_load_relaxed(&chan->tail);
    if (prt_load(&chan->abandoned))
        room = 0;
    else
        room = chan->grows ? chan_make_room(chan, tail, n) : prt_chan_room_(chan);
    if (n > room)
        n = room;
    if (n > 0) {
        chan_copy_in(chan, tail, items, n);
        prt_store(&chan->tail, tail + n);
    }
    if (!chan->direct_send)
        prt_mutex_unlock(&chan->send_lock);
    *ticket = tail + n;
    if (n > 0)
        prt_pool_published_(chan);
    return n;
}

/* Takes the first `n` items, which it has, of a segment in the list. Under recv_lock. */
static void segment_take(struct prt_chan *chan, struct prt_segment *segment, uint64_t n)
{
    struct prt_segment **at = &chan->segments;

    segment->items += (size_t)n * chan->item_size;
    segment->n -= n;
    segment->at += n;
    segment->turn += n;
    if (segment->turns)
        prt_turns_take_(segment->turns, n);
    chan->nsegments -= n;
    if (segment->n > 0)
        return;
    while (*at != segment)
        at = &(*at)->next;
    *at = segment->next;
}

/* How many of the next `n` items lie together: what was handed back comes first. Under recv_lock. */
static uint64_t chan_first(const struct prt_chan *chan, uint64_t n)
{
    const uint64_t there = chan->segments ? chan->segments->n
                                          : prt_load_acquire(&chan->tail) - prt_load_relaxed(&chan->taken);

    return n < there ? n : there;
}

/* Copies the first `n` items, which lie together. Under recv_lock. */
static void chan_copy_first(struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *at)
{
    struct prt_segment *segment = chan->segments;

    if (segment) {
        const unsigned char *items = segment->items;

        *at = segment->at;
        segment_take(chan, segment, n);
        prt_chan_copy_(into, items, (size_t)n * chan->item_size);
        return;
    }
    *at = prt_load_relaxed(&chan->taken);
    chan_copy_out(chan, *at, into, n);
}

/* The same, each to a place of its own. */
static void chan_copy_each(struct prt_chan *chan, unsigned char *const *into, uint64_t n)
{
    const size_t size = chan->item_size;
    struct prt_segment *segment = chan->segments;
    const uint64_t at = prt_load_relaxed(&chan->taken);

    for (uint64_t i = 0; i < n; i++)
        prt_chan_copy_keyed_(into[i], segment ? segment->items + i * size : prt_chan_at_(chan, at + i), size);
    if (segment)
        segment_take(chan, segment, n);
}

/* The turns of the first `n` items, which lie together: those that were handed back bring theirs along. Returns for how
 * many there are some. Under recv_lock. */
static uint64_t chan_turns(const struct prt_chan *chan, uint64_t n, struct prt_turns *turns, uint64_t *turn)
{
    const struct prt_segment *segment = chan->segments;

    if (!segment || !segment->turns)
        return prt_turns_draw_(turns, n, turn);
    *turn = segment->turn;
    return n;
}

uint64_t prt_chan_take_(struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *at, struct prt_turns *turns,
                        uint64_t *turn)
{
    prt_mutex_lock(&chan->recv_lock);
    n = chan_first(chan, n);
    if (n > 0 && turns)
        n = chan_turns(chan, n, turns, turn);
    if (n > 0) {
        chan_copy_first(chan, into, n, at);
        prt_store_release(&chan->taken, prt_load_relaxed(&chan->taken) + n);
    }
    prt_mutex_unlock(&chan->recv_lock);
    return n;
}

uint64_t prt_chan_move_(struct prt_chan *chan, unsigned char *const *into, uint64_t n, struct prt_turns *turns, uint64_t *turn)
{
    prt_mutex_lock(&chan->recv_lock);
    n = chan_first(chan, n);
    if (n > 0 && turns)
        n = chan_turns(chan, n, turns, turn);
    if (n > 0) {
        chan_copy_each(chan, into, n);
        prt_store_release(&chan->taken, prt_load_relaxed(&chan->taken) + n);
    }
    prt_mutex_unlock(&chan->recv_lock);
    return n;
}

static uint64_t chan_copy_all(struct prt_chan *chan, unsigned char *into, uint64_t n)
{
    uint64_t copied = 0, more, at;

    while ((more = chan_first(chan, n - copied)) > 0) {
        chan_copy_first(chan, into + copied * chan->item_size, more, &at);
        prt_store_release(&chan->taken, prt_load_relaxed(&chan->taken) + more);
        copied += more;
    }
    return copied;
}

uint64_t prt_chan_collect_(struct prt_chan *chan, unsigned char *into, uint64_t n, uint64_t *left, struct prt_turns *turns,
                           uint64_t *turn)
{
    if (chan->direct_receive) { /* one worker, so it has no turns */
        const uint64_t head = prt_load_relaxed(&chan->head), there = prt_load_acquire(&chan->tail) - head;

        n = n < there ? n : there;
        chan_copy_out(chan, head, into, n);
        return n;
    }
    prt_mutex_lock(&chan->recv_lock);
    if (chan_first(chan, n) == 0 || (turns && prt_turns_draw_(turns, 1, turn) == 0))
        n = 0;
    else if (chan->scale) /* nothing was handed back: no other stage receives here */
        n = prt_scale_fit_(chan, chan_first(chan, n), left);
    n = chan_copy_all(chan, into, n);
    prt_mutex_unlock(&chan->recv_lock);
    return n;
}

void prt_chan_hand_back_(struct prt_chan *chan, struct prt_segment *segment)
{
    struct prt_segment **at = &chan->segments;

    prt_mutex_lock(&chan->recv_lock);
    while (*at && !prt_count_reached_((*at)->at, segment->at))
        at = &(*at)->next;
    segment->next = *at;
    *at = segment;
    chan->nsegments += segment->n;
    if (segment->turns) /* before the items show, or who is woken for them finds no credit */
        prt_turns_return_(segment->turns, segment->n);
    prt_store(&chan->taken, prt_load_relaxed(&chan->taken) - segment->n);
    prt_mutex_unlock(&chan->recv_lock);
    prt_pool_published_(chan);
}

bool prt_chan_has_handed_back_(struct prt_chan *chan)
{
    bool some;

    prt_mutex_lock(&chan->recv_lock);
    some = chan->segments != NULL;
    prt_mutex_unlock(&chan->recv_lock);
    return some;
}

unsigned char *prt_chan_take_own_(struct prt_chan *chan, struct prt_segment *segment, uint64_t *at, uint64_t *turn)
{
    unsigned char *item = NULL;

    prt_mutex_lock(&chan->recv_lock);
    if (segment->n > 0) {
        item = segment->items;
        *at = segment->at;
        *turn = segment->turn;
        segment_take(chan, segment, 1);
        prt_store_release(&chan->taken, prt_load_relaxed(&chan->taken) + 1);
    }
    prt_mutex_unlock(&chan->recv_lock);
    return item;
}

void prt_chan_begin_(struct prt_chan *chan, uint64_t n)
{
    prt_add(&chan->head, n);
}

/* ---- waiting for room ------------------------------------------------------------------------------------------- */

/* Those with a ticket come first: few at a time, since a rendezvous takes the next item when the last one has begun. */
static void chan_link(struct prt_chan *chan, struct prt_waiter *waiter)
{
    waiter->prev = waiter->meets ? NULL : chan->last;
    waiter->next = waiter->meets ? chan->first : NULL;
    *(waiter->prev ? &waiter->prev->next : &chan->first) = waiter;
    *(waiter->next ? &waiter->next->prev : &chan->last) = waiter;
    waiter->listed = true;
    prt_add(&chan->waiting, 1);
}

static void chan_unlink(struct prt_chan *chan, struct prt_waiter *waiter)
{
    *(waiter->prev ? &waiter->prev->next : &chan->first) = waiter->next;
    *(waiter->next ? &waiter->next->prev : &chan->last) = waiter->prev;
    waiter->listed = false;
    prt_sub(&chan->waiting, 1);
}

static void chan_enlist(struct prt_chan *chan, struct prt_waiter *waiter, bool meets, uint64_t ticket)
{
    prt_mutex_lock(&chan->wait_lock);
    if (waiter->listed && waiter->meets != meets)
        chan_unlink(chan, waiter);
    waiter->meets = meets;
    waiter->ticket = ticket;
    if (!waiter->listed)
        chan_link(chan, waiter);
    prt_mutex_unlock(&chan->wait_lock);
}

void prt_chan_enlist_(struct prt_chan *chan, struct prt_waiter *waiter)
{
    chan_enlist(chan, waiter, false, 0);
}

void prt_chan_enlist_meeting_(struct prt_chan *chan, struct prt_waiter *waiter, uint64_t ticket)
{
    chan_enlist(chan, waiter, true, ticket);
}

void prt_chan_delist_(struct prt_chan *chan, struct prt_waiter *waiter)
{
    prt_mutex_lock(&chan->wait_lock);
    if (waiter->listed)
        chan_unlink(chan, waiter);
    prt_mutex_unlock(&chan->wait_lock);
}

/* Whose wait is over: with whose item a body has begun, or, where there is room, who has waited for it longest. */
static struct prt_waiter *chan_served(const struct prt_chan *chan)
{
    const uint64_t head = prt_load(&chan->head);
    struct prt_waiter *waiter = chan->first;

    while (waiter && waiter->meets && !prt_count_reached_(head, waiter->ticket))
        waiter = waiter->next;
    return waiter && (waiter->meets || prt_chan_room_(chan) > 0) ? waiter : NULL;
}

/* Takes a waiter off the list and wakes it: the first, or the first whose wait is over, and then says in `*meets` for what
 * it waited. False: there is none. */
static bool chan_wake(struct prt_chan *chan, bool *meets)
{
    struct prt_waiter *waiter;
    struct prt_slot *slot = NULL;

    prt_mutex_lock(&chan->wait_lock);
    waiter = meets ? chan_served(chan) : chan->first;
    if (waiter) {
        slot = waiter->slot;
        if (meets)
            *meets = waiter->meets;
        chan_unlink(chan, waiter);
    }
    prt_mutex_unlock(&chan->wait_lock);
    if (slot)
        prt_slot_wake_(slot);
    return slot != NULL;
}

/* Until nobody is left: whoever comes now stands in front, and not for long, since it finds the channel abandoned. */
static void chan_wake_all(struct prt_chan *chan)
{
    while (chan_wake(chan, NULL))
        ;
}

void prt_chan_pass_room_(struct prt_chan *chan)
{
    bool meets;

    if (!prt_load(&chan->waiting) || (!chan->meets && prt_chan_room_(chan) == 0))
        return;
    do
        meets = false;
    while (chan_wake(chan, &meets) && meets);
}

/* The flag of the channel is set before that of the run is looked at, and cleared after it: one of the two finds the
 * other's. */
void prt_chan_lull_(struct prt_chan *chan)
{
    prt_store(&chan->lulled, 1); /* handshake: lulled */
    prt_monitor_lull_(chan);
}

bool prt_chan_is_lulled_(struct prt_chan *chan)
{
    const uint64_t head = prt_load(&chan->head);

    if (!prt_load(&chan->lulled))
        return false;
    if (prt_load(&chan->waiting) && head != chan->head_seen) {
        chan->head_seen = head;
        return true;
    }
    /* The swap sees with the receiver's last store there the `head` that came before it. */
    prt_swap(&chan->lulled, 0); /* handshake: lulled */
    prt_chan_pass_room_(chan);
    return false;
}

/* ---- ending ----------------------------------------------------------------------------------------------------- */

void prt_chan_close_(struct prt_chan *chan)
{
    prt_store(&chan->closed, 1);
    prt_pool_published_(chan);
}

/* Under both locks, so that from now on `tail` and the ring stay as they are where the sending end has one, and no sender
 * takes the oldest item away. */
void prt_chan_abandon_(struct prt_chan *chan)
{
    prt_mutex_lock(&chan->send_lock);
    prt_mutex_lock(&chan->recv_lock);
    prt_store(&chan->abandoned, 1);
    prt_mutex_unlock(&chan->recv_lock);
    prt_mutex_unlock(&chan->send_lock);
    prt_barrier_all(); /* handshake: room */
    chan_wake_all(chan);
}

uint64_t prt_chan_settle_(struct prt_chan *chan)
{
    const uint64_t tail = prt_load_acquire(&chan->tail);
    const uint64_t queued = tail - prt_load_relaxed(&chan->head);

    if (chan->overwrites && queued > chan->cap) {
        const uint64_t gone = queued - chan->cap;

        /* `head` before `taken`, as looks read them the other way round: they never find more promised than is. */
        prt_store_release(&chan->head, tail - chan->cap);
        prt_store_release(&chan->taken, prt_load_relaxed(&chan->taken) + gone);
        prt_store_relaxed(&chan->dropped, prt_load_relaxed(&chan->dropped) + gone);
    }
    return tail;
}

void prt_chan_drop_(const struct prt_chan *chan, unsigned char *items, uint64_t n)
{
    if (chan->spec.drop)
        for (uint64_t i = 0; i < n; i++)
            chan->spec.drop(items + (size_t)i * chan->item_size);
}

void prt_chan_refuse_(struct prt_chan *chan, unsigned char *items, uint64_t n)
{
    prt_chan_drop_(chan, items, n);
    prt_add(&chan->refused, n);
}

uint64_t prt_chan_drain_(struct prt_chan *chan)
{
    const uint64_t tail = prt_chan_settle_(chan);
    uint64_t at = prt_load(chan->direct_receive ? &chan->head : &chan->taken);
    const uint64_t n = tail - at;

    for (const struct prt_segment *segment = chan->segments; segment; segment = segment->next)
        prt_chan_drop_(chan, segment->items, segment->n);
    for (at += chan->nsegments; at != tail; at++)
        prt_chan_drop_(chan, prt_chan_at_(chan, at), 1);
    chan->segments = NULL;
    chan->nsegments = 0;
    if (!chan->direct_receive)
        prt_store(&chan->taken, tail);
    prt_chan_begin_(chan, n);
    return n;
}
