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

struct last {
    struct prt_run *run;
    struct prt_thread_handle keeper;
    prt_atomic_u64 over;
    prt_atomic_u64 until; /* when nobody who reads is waited for any more */
};

/* As long after the limit as bodies have that hang. */
static void limit_is_over(struct last *last, uint64_t now)
{
    prt_store(&last->until, now + PRT_STUCK_NS);
    prt_bell_ring(&last->run->bell);
}

static void keep_limit(void *opaque)
{
    struct last *last = opaque;
    struct prt_run *run = last->run;

    while (!prt_load(&last->over)) {
        const uint64_t now = prt_now();

        if (prt_monitor_drains_(run, now) && now >= run->drain_until) {
            limit_is_over(last, now);
            return;
        }
        prt_event_wait(&run->event, run->drain_until);
    }
}

/* Not on the stack, which is gone while the thread runs where `final` ends its own. NULL: there is no memory, and no limit. */
static struct last *last_new(struct prt_run *run)
{
    struct last *last = prt_memory_new_(&run->memory, sizeof *last, 8);

    if (!last) {
        prt_run_tell_(run, "nothing keeps the limit of the drain to the end: no memory");
        return NULL;
    }
    last->run = run;
    prt_store(&last->until, PRT_NEVER);
    return last;
}

/* True: there is a limit to keep, and a thread that does. */
static bool keeper_begins(struct last *last)
{
    struct prt_run *run = last->run;
    int status;

    if (!run->spec.settings->drain)
        return false;
    if (prt_run_aborted_(run)) {
        limit_is_over(last, prt_now());
        return false;
    }
    status = prt_thread_start(&last->keeper, 0, keep_limit, last);
    if (status)
        prt_run_tell_(run, "no thread keeps the limit of the drain to the end: %s", strerror(status));
    return !status;
}

static void keeper_ends(struct last *last)
{
    prt_store(&last->over, 1);
    prt_event_set(&last->run->event);
    prt_thread_join(&last->keeper);
}

/* Without a limit it may be a person who reads, page by page. */
static bool has_waited(void *opaque)
{
    struct last *last = opaque;

    return last && prt_now() >= prt_load(&last->until);
}

void prt_last_(struct prt_run *run)
{
    struct last *last = last_new(run);
    const bool kept = last && keeper_begins(last);

    run->section_stage.spec.name = "final";
    if (run->spec.final && run->initialised)
        run->spec.final(&run->section_worker, run->spec.pipe);
    prt_run_returned_(run);
    prt_forks(false, NULL, NULL);
    if (!prt_flush(has_waited, last))
        prt_run_complain_(run, "cannot write standard output: %s",
                          errno == ETIMEDOUT ? "nobody reads it" : strerror(errno));
    else if (ferror(stdout)) /* an earlier write failed; its reason is gone */
        prt_run_complain_(run, "cannot write standard output");
    if (kept)
        keeper_ends(last);
}
