/* Attempts: beginning, failing, undoing, waiting for the next one. */
#include "pool/retry.h"

#include <prt/errno.h>
#include <stdlib.h>
#include <string.h>

#include "pool/collect.h"
#include "pool/fail.h"
#include "pool/run_state.h"

static bool is_source(const struct prt_slot *slot)
{
    return prt_stage_is_source_(slot->stage);
}

/* ---- what an attempt has ------------------------------------------------------------------------------------------- */

/* One of a source has nothing; one of an inline stage has an item, and no input. */
static size_t lots_of(const struct prt_slot *slot)
{
    return is_source(slot) ? 0 : slot->ntakes > 0 ? slot->ntakes : 1;
}

static size_t size_of(const struct prt_slot *slot, size_t lot)
{
    return slot->ntakes > 0 ? slot->stage->ins[lot].chans[0]->spec.item_size : slot->stage->item_size;
}

typedef void drop_function(void *item);

static drop_function *drop_of(const struct prt_slot *slot, size_t lot)
{
    return slot->ntakes > 0 ? slot->stage->ins[lot].chans[0]->spec.drop : slot->stage->drop;
}

static void lot_drop(const struct prt_slot *slot, size_t lot, unsigned char *items)
{
    drop_function *const drop = drop_of(slot, lot);

    for (uint64_t i = 0; drop && i < prt_collect_items_(slot); i++)
        drop(items + i * prt_step_(size_of(slot, lot)));
}

/* How many of the items own nothing any more. One of a type that owns nothing is never empty. */
static uint64_t lot_empty(const struct prt_slot *slot, size_t lot, const unsigned char *items)
{
    const size_t size = size_of(slot, lot);
    uint64_t empty = 0;

    for (uint64_t i = 0; drop_of(slot, lot) && i < prt_collect_items_(slot); i++)
        empty += prt_item_is_empty_(items + i * prt_step_(size), size);
    return empty;
}

static struct prt_lot *lot_at(const struct prt_in *in)
{
    const struct prt_slot *slot = in->worker->slot;

    return &slot->tries->lots[in->take - slot->takes];
}

bool prt_tries_make_(struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;
    struct prt_memory *memory = &stage->run->memory;
    struct prt_tries *tries;
    bool made = true;

    if (!stage->spec.attempts)
        return true;
    tries = prt_memory_new_(memory, sizeof *tries, sizeof(void *));
    if (!tries)
        return false;
    tries->nlots = lots_of(slot);
    tries->lots = prt_memory_new_(memory, tries->nlots * sizeof *tries->lots, sizeof(void *));
    tries->deadline = PRT_NEVER;
    tries->random = prt_now() + ((uint64_t)stage->index << 32) + slot->index;
    slot->tries = tries;
    for (size_t i = 0; tries->lots && i < tries->nlots && !stage->spec.collect; i++) {
        tries->lots[i].items = prt_memory_raw_(memory, prt_step_(size_of(slot, i)), 2 * sizeof(void *));
        made = made && tries->lots[i].items;
    }
    return made && tries->lots;
}

/* ---- an attempt begins -------------------------------------------------------------------------------------------- */

static void attempt_begin(struct prt_slot *slot)
{
    struct prt_tries *tries = slot->tries;
    const uint64_t timeout = slot->stage->spec.timeout;

    tries->attempt++;
    tries->failed = tries->taken = tries->in_time = false;
    for (size_t i = 0; i < tries->nlots; i++) {
        tries->lots[i].rescued = false;
        tries->lots[i].passed = NULL;
    }
    tries->after = 0;
    tries->deadline = timeout ? prt_now() + timeout : PRT_NEVER;
    slot->failed_now = false;
    for (size_t i = 0; i < slot->nports; i++)
        slot->ports[i].lost = slot->ports[i].uncopied = slot->ports[i].passed = 0;
}

/* What is to be tried again, but for a tear-down. */
static bool goes_on(const struct prt_slot *slot)
{
    return slot->tries->goes_on && !prt_run_aborted_(slot->stage->run);
}

static void lot_came(const struct prt_in *in, const void *items)
{
    const struct prt_slot *slot = in->worker->slot;
    struct prt_lot *lot = lot_at(in);

    lot->empty = lot_empty(slot, (size_t)(lot - slot->tries->lots), items);
}

bool prt_attempt(struct prt_in *in, void *item)
{
    struct prt_slot *slot = in->worker->slot;
    struct prt_tries *tries = slot->tries;

    if (goes_on(slot)) {
        memcpy(item, lot_at(in)->items, prt_take_chan_(in->take)->spec.item_size);
    } else {
        if (prt_tries_wait_(tries) || !prt_receive_slow_(in, item))
            return false;
        tries->attempt = 0;
        lot_came(in, item);
    }
    tries->goes_on = false;
    attempt_begin(slot);
    return true;
}

void prt_attempt_also(struct prt_in *in, void *item)
{
    if (in->worker->slot->tries->attempt > 1) {
        memcpy(item, lot_at(in)->items, prt_take_chan_(in->take)->spec.item_size);
        return;
    }
    prt_receive_also_slow_(in, item);
    lot_came(in, item);
}

void *prt_attempt_batch(struct prt_in *in, size_t *n)
{
    struct prt_slot *slot = in->worker->slot;
    struct prt_tries *tries = slot->tries;
    struct prt_lot *lot = lot_at(in);

    *n = 0;
    if (goes_on(slot)) {
        *n = (size_t)in->take->n;
    } else {
        if (prt_tries_wait_(tries) || !prt_receive_batch(in, n))
            return NULL;
        lot->items = in->take->start;
        tries->attempt = 0;
        lot_came(in, lot->items);
    }
    tries->goes_on = false;
    attempt_begin(slot);
    return lot->items;
}

void prt_attempt_here(struct prt_worker *worker)
{
    struct prt_tries *tries = worker->slot->tries;

    if (!tries->goes_on)
        tries->attempt = 0;
    tries->goes_on = false;
    attempt_begin(worker->slot);
}

/* ---- while it runs ------------------------------------------------------------------------------------------------ */

void prt_tries_fail_(struct prt_slot *slot, int64_t after, const char *reason)
{
    struct prt_tries *tries = slot->tries;

    free(tries->reason);
    tries->reason = strdup(reason);
    tries->after = after == -1 ? PRT_NEVER : after < 0 ? 0 : (uint64_t)after;
    tries->failed = true;
    slot->failed_now = true;
    slot->cut_now = false;
}

void prt_taken(struct prt_worker *worker)
{
    if (worker->slot->tries)
        worker->slot->tries->taken = true;
}

static bool is_late(const struct prt_tries *tries)
{
    return tries->deadline != PRT_NEVER && !tries->in_time && prt_now() > tries->deadline;
}

/* The body that runs learns of it now, and leaves; a count that it does not keep is no fault of its own. */
static bool notice_late(struct prt_slot *slot)
{
    const int saved = errno;
    const bool late = slot->mode != PRT_MODE_SECTION && is_late(slot->tries);

    if (late)
        slot->failed_now = true;
    errno = saved;
    return late;
}

bool prt_is_in_time_(struct prt_out *out, const void *item)
{
    if (!notice_late(out->worker->slot))
        return true;
    if (item) /* undone, like what was sent before: it counts nowhere */
        prt_chan_drop_(out->port->chan, (unsigned char *)item, 1);
    return false;
}

bool prt_passes_(struct prt_out *out, const struct prt_in *in, const void *item)
{
    struct prt_slot *slot = out->worker->slot;
    struct prt_lot *lot = lot_at(in);

    if (slot->mode == PRT_MODE_SECTION)
        return true;
    if (notice_late(slot)) {
        memcpy(lot->items, item, prt_take_chan_(in->take)->spec.item_size);
        lot->rescued = true;
        return false;
    }
    if (lot->passed) { /* a second time: of the two, no one is known to be the item */
        slot->tries->taken = true;
        return true;
    }
    lot->passed = out->port;
    lot->passed_at = prt_port_sent_(out->port);
    return true;
}

/* One of a batch is known by where it lies. */
bool prt_pass_of(struct prt_out *out, void *at, size_t size)
{
    struct prt_port *port = out->port;
    const uint64_t place = prt_port_sent_(port);
    bool sent;

    if (notice_late(out->worker->slot))
        return false;
    for (; port->passed < place; port->passed++)
        port->came[port->passed] = NULL;
    if (place < port->box_size) {
        port->came[place] = at;
        port->passed = place + 1;
    }
    sent = prt_emit(out, at, size);
    memset(at, 0, size);
    return sent;
}

uint64_t prt_tries_deadline_(const struct prt_slot *slot)
{
    return slot->tries && slot->mode != PRT_MODE_SECTION ? slot->tries->deadline : PRT_NEVER;
}

int64_t prt_remaining(const struct prt_worker *worker)
{
    const uint64_t deadline = prt_tries_deadline_(worker->slot);
    const uint64_t now = prt_now();

    if (deadline == PRT_NEVER)
        return INT64_MAX;
    return deadline > now ? (int64_t)(deadline - now) : 0;
}

bool prt_in_time(struct prt_worker *worker)
{
    struct prt_tries *tries = worker->slot->tries;

    if (!tries || worker->slot->mode == PRT_MODE_SECTION)
        return true;
    tries->in_time = false;
    tries->in_time = !is_late(tries);
    return tries->in_time;
}

/* ---- it ends ------------------------------------------------------------------------------------------------------ */

/* What the attempt has counted in the channel although it never lay in the outbox. */
static void port_uncount(struct prt_port *port)
{
    prt_sub(&port->chan->refused, port->lost);
    prt_sub(&port->chan->uncopied, port->uncopied);
    port->lost = port->uncopied = 0;
}

/* Where the item at `i` of the outbox was before; NULL: it is the body's own. What the body has put there since stays. */
static void *home_of(const struct prt_slot *slot, const struct prt_port *port, uint64_t i, void *const *items)
{
    const struct prt_tries *tries = slot->tries;
    const bool owned = port->chan->spec.drop != NULL;

    if (port->came) {
        void *const home = i < port->passed ? port->came[i] : NULL;

        return home && owned && !prt_item_is_empty_(home, port->chan->spec.item_size) ? NULL : home;
    }
    for (size_t k = 0; k < tries->nlots; k++)
        if (tries->lots[k].passed == port && tries->lots[k].passed_at == i)
            return items[k];
    return NULL;
}

/* From the last one on: what was passed twice is what it was the first time. */
static void port_undo(const struct prt_slot *slot, struct prt_port *port, void *const *items)
{
    const struct prt_chan *chan = port->chan;

    for (uint64_t i = prt_port_sent_(port); i-- > 0;) {
        unsigned char *const at = port->box + i * chan->item_size;
        void *const home = home_of(slot, port, i, items);

        if (home)
            memcpy(home, at, chan->spec.item_size);
        else
            prt_chan_drop_(chan, at, 1);
    }
    prt_ptr_publish(&port->out->next, port->box);
    prt_ptr_set(&port->out->limit, port->box);
    port_uncount(port);
}

/* What the attempt has sent was seen by nobody. */
static void undo(struct prt_slot *slot, void *const *items)
{
    const struct prt_tries *tries = slot->tries;

    if (!slot->stage->spec.holds)
        return;
    for (size_t i = 0; i < tries->nlots; i++)
        if (tries->lots[i].rescued)
            memcpy(items[i], tries->lots[i].items, size_of(slot, i));
    for (size_t i = 0; i < slot->nports; i++)
        if (slot->ports[i].holds)
            port_undo(slot, &slot->ports[i], items);
}

static uint64_t random_next(struct prt_tries *tries)
{
    uint64_t x = tries->random += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* When the next attempt is due: min(HI, LO * 2^(k - 1)) from now, a quarter more or less, so that who failed together does
 * not come back together. */
static uint64_t due_of(struct prt_slot *slot)
{
    const struct prt_stage_spec *spec = &slot->stage->spec;
    struct prt_tries *tries = slot->tries;
    const uint64_t doubled = tries->attempt - 1;
    uint64_t delay = spec->backoff_high, quarter, grain;

    if (doubled < 63 && spec->backoff_low <= spec->backoff_high >> doubled)
        delay = spec->backoff_low << doubled;
    quarter = delay / 4;
    grain = prt_backoff_grain_(delay);
    delay -= quarter;
    if (quarter >= grain)
        delay += random_next(tries) % (2 * quarter + 2 - grain);
    if (delay < tries->after)
        delay = tries->after;
    return (prt_now() + delay + grain - 1) & ~(grain - 1);
}

/* Nothing is tried again any more: the stage has finished, or it is a source and the pipeline drains. */
static bool is_finished(const struct prt_slot *slot)
{
    return prt_load(&slot->stage->asked) || (is_source(slot) && prt_run_draining_(slot->stage->run));
}

/* Whether the items are as they came, or as the body chose to leave them. */
static bool may_try_again(const struct prt_slot *slot, void *const *items)
{
    const struct prt_tries *tries = slot->tries;
    bool whole = !tries->taken;

    if (tries->attempt > slot->stage->spec.retries || tries->after == PRT_NEVER || (is_source(slot) && is_finished(slot)))
        return false;
    for (size_t i = 0; i < tries->nlots; i++)
        whole = whole && lot_empty(slot, i, items[i]) <= tries->lots[i].empty;
    return whole;
}

/* What weighs the items looks for them where a take begins. */
static void wait_for_next(struct prt_slot *slot, void *const *items)
{
    struct prt_tries *tries = slot->tries;

    for (size_t i = 0; i < tries->nlots; i++) {
        if (tries->lots[i].items != items[i])
            memcpy(tries->lots[i].items, items[i], size_of(slot, i));
        slot->takes[i].start = tries->lots[i].items;
        slot->takes[i].open = false;
    }
    tries->due = due_of(slot);
    tries->waits = true;
}

static void forget(struct prt_tries *tries)
{
    free(tries->reason);
    tries->reason = NULL;
    tries->waits = tries->goes_on = false;
    tries->deadline = PRT_NEVER;
}

static void end_cut(struct prt_slot *slot, const void *item)
{
    slot->cut_now = false;
    prt_fail_ended_(slot, &(struct prt_failure){ PRT_OUTCOME_CUT, slot->tries->attempt, slot->tries->reason, item });
}

/* Returns whether a letter is to be sent. */
static bool end_failed(struct prt_slot *slot, const void *item, struct prt_loss *loss)
{
    struct prt_tries *tries = slot->tries;
    const enum prt_outcome outcome = prt_fail_outcome_(slot);

    prt_fail_ended_(slot, &(struct prt_failure){ outcome, tries->attempt, tries->reason, item });
    if (outcome != PRT_OUTCOME_DEAD)
        return false;
    *loss = (struct prt_loss){ tries->reason, tries->attempt < INT32_MAX ? (int)tries->attempt : INT32_MAX,
                               slot->stage->spec.name };
    tries->reason = NULL;
    return true;
}

/* Whether the items are the caller's. */
static bool settle(struct prt_slot *slot, void *const *items, struct prt_loss *loss)
{
    struct prt_tries *tries = slot->tries;
    const void *const first = tries->nlots > 0 ? items[0] : NULL;
    const bool late = is_late(tries);
    bool lost = false;

    if (late && !tries->failed)
        prt_tries_fail_(slot, 0, "not done within its timeout");
    tries->deadline = PRT_NEVER;
    if (tries->failed)
        undo(slot, items);
    if (tries->failed && may_try_again(slot, items)) {
        if (!prt_run_aborted_(slot->stage->run) && !is_finished(slot)) {
            wait_for_next(slot, items);
            return false;
        }
        end_cut(slot, first);
    } else if (tries->failed) {
        lost = end_failed(slot, first, loss);
    } else if (slot->cut_now) {
        end_cut(slot, first);
    }
    forget(tries);
    for (size_t i = 0; i < tries->nlots && !lost; i++)
        lot_drop(slot, i, items[i]);
    return lost;
}

bool prt_settle(struct prt_worker *worker, void *item, struct prt_loss *loss)
{
    return settle(worker->slot, &item, loss);
}

void prt_settle_all(struct prt_worker *worker, void *const *items)
{
    settle(worker->slot, items, NULL);
}

char *prt_reason(const struct prt_loss *loss, bool more)
{
    return more && loss->reason ? strdup(loss->reason) : loss->reason;
}

/* ---- between two attempts ----------------------------------------------------------------------------------------- */

bool prt_tries_are_due_(const struct prt_slot *slot)
{
    return prt_now() >= slot->tries->due || is_finished(slot);
}

static void cut_waiting(struct prt_slot *slot)
{
    struct prt_tries *tries = slot->tries;

    end_cut(slot, tries->nlots > 0 ? tries->lots[0].items : NULL);
    for (size_t i = 0; i < tries->nlots; i++)
        lot_drop(slot, i, tries->lots[i].items);
    forget(tries);
}

bool prt_tries_go_on_(struct prt_slot *slot)
{
    slot->tries->waits = false;
    if (is_finished(slot)) { /* what a source would send now is refused */
        cut_waiting(slot);
        return false;
    }
    slot->tries->goes_on = true;
    return true;
}

void prt_tries_discard_(struct prt_slot *slot)
{
    if (!prt_tries_wait_(slot->tries))
        return;
    cut_waiting(slot);
    for (size_t i = 0; i < slot->ntakes; i++) { /* it had begun, and a batch counts as received from then on */
        if (!slot->stage->collect)
            slot->takes[i].received[slot->takes[i].from] += slot->takes[i].begun;
        slot->takes[i].n = 0;
    }
}
