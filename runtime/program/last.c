/* What comes behind the last worker: the pipeline's `final`, and the rest of what is printed. Either may wait for somebody outside,
 * and the monitor is no more: so where a drain has a limit, a thread keeps it on. When it is over, the waits of `final` end. What
 * failed() tells stays as it was when the first of several instances decided what becomes of its file.
 */
#include "program/last.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pool/monitor.h"
#include "pool/policy.h"

/* As long after the limit as bodies have that hang. */
static void limit_is_over(struct prt_run *run, uint64_t now)
{
    prt_store(&run->unread_until, now + PRT_STUCK_NS);
    prt_bell_ring(&run->bell);
}

static void keep_limit(void *opaque)
{
    struct prt_run *run = opaque;

    while (!prt_load(&run->kept)) {
        const uint64_t now = prt_now();

        if (prt_monitor_drains_(run, now) && now >= run->drain_until) {
            limit_is_over(run, now);
            return;
        }
        prt_event_wait(&run->event, run->drain_until);
    }
}

/* True: there is a limit to keep, and a thread that does. */
static bool keeper_begins(struct prt_run *run)
{
    int status;

    if (!run->spec.settings->drain)
        return false;
    if (prt_run_aborted_(run)) {
        limit_is_over(run, prt_now());
        return false;
    }
    status = prt_thread_start(&run->keeper, 0, keep_limit, run);
    if (status)
        prt_run_tell_(run, "no thread keeps the limit of the drain to the end: %s", strerror(status));
    return !status;
}

static void keeper_ends(struct prt_run *run)
{
    prt_store(&run->kept, 1);
    prt_event_set(&run->event);
    prt_thread_join(&run->keeper);
}

/* Without a limit it may be a person who reads, page by page. */
static bool has_waited(void *opaque)
{
    struct prt_run *run = opaque;
    const uint64_t until = prt_load(&run->unread_until);

    return until > 0 && prt_now() >= until;
}

void prt_last_(struct prt_run *run)
{
    const bool kept = keeper_begins(run);

    run->section_stage.spec.name = "final";
    if (run->spec.final && run->initialised)
        run->spec.final(&run->section_worker, run->spec.pipe);
    prt_run_returned_(run);
    prt_forks(false, NULL, NULL);
    if (!prt_flush(has_waited, run))
        prt_run_complain_(run, "cannot write standard output: %s",
                          errno == ETIMEDOUT ? "nobody reads it" : strerror(errno));
    else if (ferror(stdout)) /* an earlier write failed; its reason is gone */
        prt_run_complain_(run, "cannot write standard output");
    if (kept)
        keeper_ends(run);
}
