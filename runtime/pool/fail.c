/* Items that fail: who is told, what is counted, what follows. */
#include "pool/fail.h"

#include <inttypes.h>
#include <prt/errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "pool/batch.h"
#include "pool/collect.h"
#include "pool/retry.h"
#include "pool/run_state.h"

#define TOLD_MOST 10     /* failures of one stage that are told one by one */
#define REASON_MOST 1024 /* bytes, with the NUL */

/* A dead letter is no reason for an exit status: somebody in the program gets it. Nor is an item that is cut: who tears the
 * pipeline down has one of his own. */
static void tell_failure(const struct prt_slot *slot, const struct prt_failure *failure)
{
    struct prt_stage *stage = slot->stage;
    const uint64_t told = prt_add(&stage->told, 1);
    const char *reason = failure->reason ? failure->reason : "failed, and there was no memory for the reason";

    if (failure->outcome == PRT_OUTCOME_FAILED || failure->outcome == PRT_OUTCOME_SKIPPED)
        prt_store(&stage->run->broken, 1);
    if (told < TOLD_MOST && failure->attempt > 1)
        prt_run_tell_(stage->run, "%s: %s (attempt %" PRIu64 ")", stage->spec.name, reason, failure->attempt);
    else if (told < TOLD_MOST)
        prt_run_tell_(stage->run, "%s: %s", stage->spec.name, reason);
    else if (told == TOLD_MOST)
        prt_run_tell_(stage->run, "%s: more failures follow; they are counted, not shown", stage->spec.name);
}

static bool is_body(const struct prt_slot *slot)
{
    return slot->mode != PRT_MODE_SECTION;
}

enum prt_outcome prt_fail_outcome_(const struct prt_slot *slot)
{
    if (!is_body(slot) || slot->stage->spec.on_fail == PRT_THEN_STOP)
        return PRT_OUTCOME_FAILED;
    return slot->stage->spec.on_fail == PRT_THEN_SKIP ? PRT_OUTCOME_SKIPPED : PRT_OUTCOME_DEAD;
}

/* The ledger counts items. */
static void count(struct prt_slot *slot, enum prt_outcome outcome)
{
    const uint64_t items = prt_collect_items_(slot);

    switch (outcome) {
    case PRT_OUTCOME_FAILED:
        slot->failed += is_body(slot) ? items : 0;
        prt_run_abort_(slot->stage->run);
        prt_batch_end_(slot->host ? slot->host : slot);
        return;
    case PRT_OUTCOME_SKIPPED:
        slot->skipped += items;
        break;
    case PRT_OUTCOME_DEAD:
        slot->dead += items;
        break;
    case PRT_OUTCOME_CUT:
        slot->cut += items;
        return;
    }
    if (slot->stage->spec.nins == 0 && !slot->stage->spec.every)
        slot->finish = true;
}

/* Which of its items the slot is at, counted from 1. A body that pulls is one. 0: a source has none. */
static uint64_t item_of(const struct prt_slot *slot)
{
    const struct prt_take *take;
    uint64_t n = 0;

    while (slot->host && !slot->call)
        slot = slot->sender;
    if (slot->host)
        return slot->call->sent;
    if (slot->npulls > 0 || slot->ntakes == 0)
        return slot->npulls > 0;
    take = &slot->takes[0];
    for (size_t i = 0; i < take->nchans; i++)
        n += take->received[i];
    return take->n > 0 && !slot->stage->collect ? n + prt_take_received_(take) : n; /* those of a batch in hand come on top */
}

/* An item ends once, though its body may fail again or be made to leave then: while it sends what no copy can be made of, while
 * a letter is sent. */
static bool has_ended(const struct prt_slot *slot)
{
    return slot->ended > 0 && slot->ended == item_of(slot);
}

bool prt_fail_is_cut_(const struct prt_slot *slot)
{
    return slot->cut_now && !has_ended(slot);
}

/* Each item of a batch in a line of its own, as each is counted. */
static void tell_each(const struct prt_slot *slot, const struct prt_failure *failure)
{
    const unsigned char *const items = failure->item;
    const uint64_t n = is_body(slot) ? prt_collect_items_(slot) : 1;

    for (uint64_t i = 0; i < n; i++) {
        struct prt_failure each = *failure;

        if (items)
            each.item = items + i * prt_step_(slot->stage->item_size);
        prt_run_failed_(slot, &each);
    }
}

void prt_fail_ended_(struct prt_slot *slot, const struct prt_failure *failure)
{
    const struct prt_run_spec *spec = &slot->stage->run->spec;

    if (is_body(slot))
        slot->ended = item_of(slot);
    if (failure->outcome != PRT_OUTCOME_CUT || failure->reason)
        tell_failure(slot, failure);
    if (spec->failed && failure->outcome != PRT_OUTCOME_CUT)
        spec->failed(spec->opaque, slot->stage->spec.name, failure->reason, failure->outcome == PRT_OUTCOME_FAILED);
    count(slot, failure->outcome);
    tell_each(slot, failure);
}

static void fail_body(struct prt_slot *slot, const void *item, int64_t after, const char *reason)
{
    if (slot->tries && is_body(slot)) {
        prt_tries_fail_(slot, after, reason);
        return;
    }
    slot->failed_now = true;
    slot->cut_now = false; /* counted here, not as cut */
    if (is_body(slot) && has_ended(slot))
        return;
    if (is_body(slot) && slot->stage->collect) /* which lie where they came */
        item = slot->takes[0].start;
    prt_fail_ended_(slot, &(struct prt_failure){ prt_fail_outcome_(slot), is_body(slot), reason, item });
}

static void fail(struct prt_worker *worker, const void *item, int64_t after, const char *format, va_list args)
{
    const int saved = errno;
    char reason[REASON_MOST];

    vsnprintf(reason, sizeof reason, format, args);
    fail_body(worker->slot, item, after, reason);
    errno = saved;
}

enum prt_result prt_fail(struct prt_worker *worker, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(worker, NULL, 0, format, args);
    va_end(args);
    return PRT_FAILED;
}

enum prt_result prt_fail_item(struct prt_worker *worker, const void *item, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(worker, item, 0, format, args);
    va_end(args);
    return PRT_FAILED;
}

enum prt_result prt_fail_after(struct prt_worker *worker, int64_t delay, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(worker, NULL, delay, format, args);
    va_end(args);
    return PRT_FAILED;
}

void prt_fail_cut_(struct prt_slot *slot)
{
    if (prt_fail_is_cut_(slot))
        prt_fail_ended_(slot, &(struct prt_failure){ PRT_OUTCOME_CUT, 1, NULL, NULL });
}
