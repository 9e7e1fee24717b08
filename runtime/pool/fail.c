/* Items that fail: who is told, what is counted, what follows. */
#include "pool/fail.h"

#include <prt/errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "pool/run_state.h"

#define TOLD_MOST 10     /* failures of one stage that are told one by one */
#define REASON_MOST 1024 /* bytes, with the NUL */

static void tell_failure(struct prt_worker *worker, const char *reason)
{
    struct prt_stage *stage = worker->stage;
    const uint64_t told = prt_add(&stage->told, 1);

    if (told < TOLD_MOST)
        prt_run_complain_(worker->run, "%s: %s", stage->spec.name, reason);
    else if (told == TOLD_MOST)
        prt_run_complain_(worker->run, "%s: more failures follow; they are counted, not shown", stage->spec.name);
}

/* No further body of this batch begins. The monitor may be at the windows. */
static void end_batch(struct prt_slot *slot)
{
    prt_mutex_lock(&slot->batch_lock);
    for (size_t i = 0; i < slot->ntakes; i++)
        prt_ptr_set(&slot->takes[i].in->limit, prt_ptr(&slot->takes[i].in->next));
    prt_mutex_unlock(&slot->batch_lock);
}

static enum prt_outcome count_failure(struct prt_worker *worker)
{
    struct prt_slot *slot = worker->slot;
    const bool is_body = slot->mode != PRT_MODE_SECTION;

    slot->failed_now = true;
    slot->cut_now = false; /* counted here, not as cut */
    if (!is_body || worker->stage->spec.on_fail == PRT_THEN_STOP) {
        slot->failed += is_body;
        prt_run_abort_(worker->run);
        end_batch(slot->host ? slot->host : slot);
        return PRT_OUTCOME_FAILED;
    }
    slot->skipped++;
    if (worker->stage->spec.nins == 0 && !worker->stage->spec.every)
        slot->finish = true;
    return PRT_OUTCOME_SKIPPED;
}

static void fail_body(struct prt_worker *worker, const void *item, const char *reason)
{
    struct prt_slot *slot = worker->slot;
    const bool is_body = slot->mode != PRT_MODE_SECTION;

    prt_store(&worker->run->broken, 1);
    tell_failure(worker, reason);
    prt_run_failed_(slot, &(struct prt_failure){ count_failure(worker), is_body, reason, item });
}

enum prt_result prt_fail(struct prt_worker *worker, const char *format, ...)
{
    const int saved = errno;
    char reason[REASON_MOST];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    fail_body(worker, NULL, reason);
    errno = saved;
    return PRT_FAILED;
}

enum prt_result prt_fail_item(struct prt_worker *worker, const void *item, const char *format, ...)
{
    const int saved = errno;
    char reason[REASON_MOST];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    fail_body(worker, item, reason);
    errno = saved;
    return PRT_FAILED;
}

void prt_fail_cut_(struct prt_slot *slot)
{
    slot->cut++;
    prt_run_failed_(slot, &(struct prt_failure){ PRT_OUTCOME_CUT, 1, "the pipeline was torn down", NULL });
}
