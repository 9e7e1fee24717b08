/* Attempts: beginning, failing, undoing, waiting for the next one. */
#include "pool/retry.h"

#include <prt/errno.h>
#include <stdlib.h>
#include <string.h>

#include "pool/fail.h"
#include "pool/run_state.h"

bool prt_tries_hold_(const struct prt_slot *slot)
{
    const struct prt_stage_spec *spec = &slot->stage->spec;

    return spec->nins > 0 && (spec->retries > 0 || spec->timeout > 0);
}

static bool is_source(const struct prt_slot *slot)
{
    return prt_stage_is_source_(slot->stage);
}

bool prt_tries_wanted_(const struct prt_stage_spec *spec)
{
    return spec->retries > 0 || spec->timeout > 0 || spec->on_fail == PRT_THEN_LETTER;
}

bool prt_tries_make_(struct prt_slot *slot)
{
    const struct prt_stage *stage = slot->stage;
    struct prt_memory *memory = &stage->run->memory;
    struct prt_tries *tries;

    if (!prt_tries_wanted_(&stage->spec))
        return true;
    tries = prt_memory_new_(memory, sizeof *tries, sizeof(void *));
    if (!tries)
        return false;
    tries->item = prt_memory_raw_(memory, prt_step_(stage->item_size), 2 * sizeof(void *));
    tries->deadline = PRT_NEVER;
    tries->random = prt_now() + ((uint64_t)stage->index << 32) + slot->index;
    slot->tries = tries;
    return tries->item;
}

/* ---- an attempt begins -------------------------------------------------------------------------------------------- */

static void attempt_begin(struct prt_slot *slot)
{
    struct prt_tries *tries = slot->tries;
    const uint64_t timeout = slot->stage->spec.timeout;

    tries->attempt++;
    tries->failed = tries->taken = tries->rescued = false;
    tries->passed = NULL;
    tries->after = 0;
    tries->deadline = timeout ? prt_now() + timeout : PRT_NEVER;
    slot->failed_now = false;
    for (size_t i = 0; i < slot->nports; i++)
        slot->ports[i].lost = slot->ports[i].uncopied = 0;
}

/* An item of a type that owns nothing is never empty. */
static bool is_empty(const struct prt_slot *slot, const void *item)
{
    return slot->stage->drop && prt_item_is_empty_(item, slot->stage->item_size);
}

bool prt_attempt(struct prt_in *in, void *item)
{
    struct prt_slot *slot = in->worker->slot;
    struct prt_tries *tries = slot->tries;

    if (tries->waits || (tries->goes_on && prt_run_aborted_(in->worker->run)))
        return false;
    if (tries->goes_on) {
        memcpy(item, tries->item, slot->stage->item_size);
        tries->goes_on = false;
    } else {
        if (!prt_receive_slow_(in, item))
            return false;
        tries->attempt = 0;
        tries->was_empty = is_empty(slot, item);
    }
    attempt_begin(slot);
    return true;
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
    tries->after = after > 0 ? (uint64_t)after : 0;
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
    return tries->deadline != PRT_NEVER && prt_now() > tries->deadline;
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

bool prt_passes_(struct prt_out *out, const void *item)
{
    struct prt_slot *slot = out->worker->slot;
    struct prt_tries *tries = slot->tries;

    if (slot->mode == PRT_MODE_SECTION)
        return true;
    if (notice_late(slot)) {
        memcpy(tries->item, item, slot->stage->item_size);
        tries->rescued = true;
        return false;
    }
    if (tries->passed) { /* a second time: of the two, no one is known to be the item */
        tries->taken = true;
        return true;
    }
    tries->passed = out->port;
    tries->passed_at = prt_port_sent_(out->port);
    return true;
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

/* ---- it ends ------------------------------------------------------------------------------------------------------ */

/* What the attempt has counted in the channel although it never lay in the outbox. */
static void port_uncount(struct prt_port *port)
{
    prt_sub(&port->chan->refused, port->lost);
    prt_sub(&port->chan->uncopied, port->uncopied);
    port->lost = port->uncopied = 0;
}

static void port_undo(struct prt_tries *tries, struct prt_port *port, void *item)
{
    const struct prt_chan *chan = port->chan;
    const uint64_t sent = prt_port_sent_(port);
    uint64_t from = 0;

    if (tries->passed == port && tries->passed_at < sent) {
        unsigned char *const passed = port->box + tries->passed_at * chan->item_size;

        memcpy(item, passed, chan->spec.item_size);
        prt_chan_drop_(chan, port->box, tries->passed_at);
        from = tries->passed_at + 1;
    }
    prt_chan_drop_(chan, port->box + from * chan->item_size, sent - from);
    prt_ptr_publish(&port->out->next, port->box);
    prt_ptr_set(&port->out->limit, port->box);
    port_uncount(port);
}

/* What the attempt has sent was seen by nobody. */
static void undo(struct prt_slot *slot, void *item)
{
    struct prt_tries *tries = slot->tries;

    if (!prt_tries_hold_(slot))
        return;
    if (tries->rescued)
        memcpy(item, tries->item, slot->stage->item_size);
    for (size_t i = 0; i < slot->nports; i++)
        if (slot->ports[i].holds)
            port_undo(tries, &slot->ports[i], item);
}

static uint64_t random_next(struct prt_tries *tries)
{
    uint64_t x = tries->random += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* min(HI, LO * 2^(k - 1)), a quarter more or less, so that who failed together does not come back together. */
static uint64_t delay_of(struct prt_slot *slot)
{
    const struct prt_stage_spec *spec = &slot->stage->spec;
    struct prt_tries *tries = slot->tries;
    const uint64_t doubled = tries->attempt - 1;
    uint64_t delay = spec->backoff_high, quarter;

    if (doubled < 63 && spec->backoff_low <= spec->backoff_high >> doubled)
        delay = spec->backoff_low << doubled;
    quarter = delay / 4;
    delay += quarter > 0 ? random_next(tries) % (2 * quarter + 1) : 0;
    delay -= quarter;
    return delay > tries->after ? delay : tries->after;
}

/* Nothing is tried again any more: the stage has finished, or it is a source and the pipeline drains. */
static bool is_finished(const struct prt_slot *slot)
{
    return prt_load(&slot->stage->asked) || (is_source(slot) && prt_run_draining_(slot->stage->run));
}

/* Whether the item is as it came, or as the body chose to leave it. */
static bool may_try_again(const struct prt_slot *slot, const void *item)
{
    const struct prt_tries *tries = slot->tries;

    if (tries->attempt > slot->stage->spec.retries || (is_source(slot) && is_finished(slot)))
        return false;
    return !tries->taken && (is_source(slot) || tries->was_empty || !is_empty(slot, item));
}

static void wait_for_next(struct prt_slot *slot, const void *item)
{
    struct prt_tries *tries = slot->tries;

    if (!is_source(slot))
        memcpy(tries->item, item, slot->stage->item_size);
    tries->due = prt_now() + delay_of(slot);
    tries->waits = true;
}

static void forget(struct prt_tries *tries)
{
    free(tries->reason);
    tries->reason = NULL;
    tries->waits = tries->goes_on = false;
    tries->deadline = PRT_NEVER;
}

static void drop(const struct prt_slot *slot, void *item)
{
    if (slot->stage->drop)
        slot->stage->drop(item);
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

/* Whether the item is the caller's. */
static bool settle(struct prt_slot *slot, void *item, struct prt_loss *loss)
{
    struct prt_tries *tries = slot->tries;
    const bool late = is_late(tries);
    bool lost = false;

    if (late && !tries->failed)
        prt_tries_fail_(slot, 0, "not done within its timeout");
    tries->deadline = PRT_NEVER;
    if (tries->failed)
        undo(slot, item);
    if (tries->failed && may_try_again(slot, item)) {
        if (!prt_run_aborted_(slot->stage->run) && !is_finished(slot)) {
            wait_for_next(slot, item);
            return true;
        }
        end_cut(slot, item);
    } else if (tries->failed) {
        lost = end_failed(slot, item, loss);
    } else if (slot->cut_now) {
        end_cut(slot, item);
    }
    forget(tries);
    if (!lost)
        drop(slot, item);
    return lost;
}

bool prt_settle(struct prt_worker *worker, void *item, struct prt_loss *loss)
{
    struct prt_slot *slot = worker->slot;
    const bool theirs = settle(slot, item, loss);

    return theirs && !slot->tries->waits;
}

/* ---- between two attempts ----------------------------------------------------------------------------------------- */

bool prt_tries_are_due_(const struct prt_slot *slot)
{
    return prt_now() >= slot->tries->due || is_finished(slot);
}

bool prt_tries_go_on_(struct prt_slot *slot)
{
    struct prt_tries *tries = slot->tries;

    tries->waits = false;
    if (is_finished(slot)) { /* what a source would send now is refused */
        end_cut(slot, is_source(slot) ? NULL : tries->item);
        drop(slot, tries->item);
        forget(tries);
        return false;
    }
    tries->goes_on = true;
    return true;
}

void prt_tries_discard_(struct prt_slot *slot)
{
    struct prt_tries *tries = slot->tries;

    if (!prt_tries_wait_(tries))
        return;
    end_cut(slot, is_source(slot) ? NULL : tries->item);
    drop(slot, tries->item);
    forget(tries);
    for (size_t i = 0; i < slot->ntakes; i++) { /* it had begun */
        slot->takes[i].received[slot->takes[i].from] += slot->takes[i].begun;
        slot->takes[i].n = 0;
    }
}
