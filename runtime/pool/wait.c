/* Waits of bodies: when they are over, and what is done before and after. */
#include "pool/wait.h"

#include "pool/gather.h"
#include "pool/linger.h"
#include "pool/look.h"
#include "pool/outbox.h"
#include "pool/pull.h"
#include "pool/run_state.h"
#include "pool/senders.h"

uint64_t prt_wait_end_(int64_t ns)
{
    const uint64_t now = ns < 0 ? 0 : prt_now();

    return ns < 0 || (uint64_t)ns >= PRT_NEVER - now ? PRT_NEVER : now + (uint64_t)ns;
}

/* Who is to leave does not wait for its rate, but for room: what was accepted goes out. */
static bool time_is_over(const struct prt_stage *stage, uint64_t until)
{
    return prt_stage_is_ending_(stage) || prt_now() >= until;
}

bool prt_wait_is_over_(const struct prt_slot *slot)
{
    const struct prt_run *run = slot->stage->run;
    const struct prt_wait *wait = &slot->wait;
    const struct prt_chan *chan = wait->port ? wait->port->chan : NULL;

    if (wait->kind == PRT_WAIT_NOTHING || prt_run_aborted_(run))
        return true;
    switch (wait->kind) {
    case PRT_WAIT_TURN:
        return prt_port_has_turn_(wait->port);
    case PRT_WAIT_ROOM:
        return prt_chan_room_(chan) > 0 || prt_load(&chan->abandoned);
    case PRT_WAIT_BEGINNING:
        return prt_count_reached_(prt_load(&chan->head), wait->ticket) || prt_load(&chan->abandoned);
    case PRT_WAIT_TIME:
        return time_is_over(slot->stage, wait->until);
    case PRT_WAIT_ITEM:
        return prt_load(&slot->stage->asked) || prt_pull_wait_is_over_(wait);
    default:
        return true;
    }
}

/* The turn needs no list: who holds it is entered already (batch.c). Beside the output that it waits for, the body may
 * have windows with items that found no room, and they must not wait for this one's. */
void prt_wait_announce_(struct prt_slot *slot)
{
    const struct prt_wait *wait = &slot->wait;
    bool barrier = false;

    slot->waited = true;
    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];

        if (wait->kind == PRT_WAIT_BEGINNING && port == wait->port)
            prt_chan_enlist_meeting_(port->chan, &port->waiter, wait->ticket);
        else if ((wait->kind == PRT_WAIT_ROOM && port == wait->port) ||
                 (prt_gather_has_items_(port) && prt_port_has_turn_(port)))
            prt_chan_enlist_(port->chan, &port->waiter);
        else
            continue;
        barrier = barrier || port->chan->direct_receive;
    }
    if (wait->kind == PRT_WAIT_ITEM)
        prt_pull_announce_(wait);
    if (wait->kind == PRT_WAIT_TIME || (wait->kind == PRT_WAIT_ITEM && wait->until != PRT_NEVER))
        prt_timer_set_(&slot->stage->run->timers, &slot->timer, wait->until);
    if (barrier)
        prt_barrier_all(); /* handshake: room */
}

/* It was woken for all the room, and is about to use one place; with a window maybe none, if its items went out while it
 * was held. */
void prt_wait_forget_(struct prt_slot *slot)
{
    if (!slot->waited)
        return;
    slot->waited = false;
    if (slot->wait.kind == PRT_WAIT_ITEM) {
        prt_pull_forget_(&slot->wait);
        prt_timer_unset_(&slot->stage->run->timers, &slot->timer);
    }
    for (size_t i = 0; i < slot->nports; i++) {
        struct prt_port *port = &slot->ports[i];
        const bool uses_one = port == slot->wait.port && slot->wait.kind == PRT_WAIT_ROOM && !port->gathers;

        prt_chan_delist_(port->chan, &port->waiter);
        if (!uses_one || prt_chan_room_(port->chan) > 1)
            prt_chan_pass_room_(port->chan);
    }
}

/* A thread of a blocking stage, which is its slot's own. */
static void sleep_until_over(struct prt_slot *slot)
{
    struct prt_thread *thread = slot->owner;

    while (!prt_wait_is_over_(slot)) {
        prt_wait_announce_(slot);
        if (!prt_wait_is_over_(slot)) {
            prt_pool_alert_(thread->run);
            prt_event_wait(&thread->event, slot->wait.kind >= PRT_WAIT_TIME ? slot->wait.until : PRT_NEVER);
        }
        prt_wait_forget_(slot);
    }
}

void prt_wait_(struct prt_slot *slot, struct prt_wait wait)
{
    uint64_t from;
    bool numbered;

    slot->wait = wait;
    if (prt_wait_is_over_(slot))
        return;
    numbered = prt_gather_put_away_(slot);
    prt_batch_show_(slot);
    prt_senders_wake_all_(slot);
    prt_pull_wake_senders_(slot);
    if (wait.port)
        prt_pool_hint_(wait.port->chan);
    from = slot->measured ? prt_now() : 0;
    prt_slot_says_wait_(slot, false);
    if (slot->stack)
        prt_linger_(slot);
    else
        sleep_until_over(slot);
    prt_slot_says_(slot, PRT_FOR_NOTHING, 0, false);
    prt_wait_forget_(slot);
    if (numbered)
        prt_gather_take_up_(slot);
    if (wait.port)
        wait.port->waited = true;
    slot->waits_ns += slot->measured ? prt_now() - from : 0;
}
