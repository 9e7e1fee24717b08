/* Bodies that take the runtime's thread away. Whatever waits for what that thread had in hand would wait for ever, and
 * nothing can be unwound: so the program says why and ends, when what standard output holds is written. Before it happens
 * this costs two stores a batch, which say whose bodies a thread runs.
 *
 * A body that forks leaves a child with one thread and the locks of all. Sections are meant too where bodies are named.
 */
#include "program/away.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "pool/policy.h"
#include "pool/run_state.h"

/* `slot`: whose body or section it was, or NULL. */
static _Noreturn void lost(struct prt_run *run, const struct prt_slot *slot)
{
    const struct prt_stage *stage = slot ? slot->stage : NULL;

    fprintf(stderr, "%s: %s%s%spthread_exit() or pthread_cancel() ended a thread that the program needs; "
            "end a body by return\n", run->spec.name, stage ? stage->spec.name : "",
            stage && stage->spec.ninlines > 0 ? ", or a stage within it" : "", stage ? ": " : "");
    prt_exit(1, true);
}

void prt_away_thread_(void *opaque)
{
    const struct prt_thread *thread = opaque;

    lost(thread->run, (const struct prt_slot *)(uintptr_t)prt_load_relaxed(&thread->running));
}

void prt_away_run_(void *opaque)
{
    struct prt_run *run = opaque;

    lost(run, (const struct prt_slot *)(uintptr_t)prt_load_relaxed(&run->running));
}

/* Without the lock of standard error, which a body may hold that writes there and nobody reads. */
static bool tell_stuck(const struct prt_run *run, const struct prt_thread *thread)
{
    const struct prt_slot *slot = (const struct prt_slot *)(uintptr_t)prt_load_relaxed(&thread->running);

    if (!slot || prt_load(&thread->lingers) || prt_load_relaxed(&slot->ending))
        return false;
    dprintf(STDERR_FILENO, "%s: %s%s, worker %" PRIu32 ": has not returned for %d s after the pipeline was torn down\n",
            run->spec.name, slot->stage->spec.name, slot->stage->spec.ninlines > 0 ? ", or a stage within it" : "",
            slot->index, (int)(PRT_STUCK_NS / 1000000000));
    return true;
}

void prt_away_stuck_(struct prt_run *run)
{
    bool stuck = false;

    for (const struct prt_thread *thread = run->threads; thread; thread = thread->next)
        stuck = tell_stuck(run, thread) || stuck;
    if (stuck)
        prt_exit(1, ftrylockfile(stdout) == 0);
}

/* The next item that a body receives or sends is looked at by the slow side, which looks for a tear-down. */
static void cut_windows(struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->ntakes; i++) {
        struct prt_take *take = &slot->takes[i];

        prt_ptr_set(&take->in->limit, prt_ptr(&take->in->next));
        take->open = false;
        take->n = take->begun + 1;
    }
    for (size_t i = 0; i < slot->nports; i++)
        prt_ptr_set(&slot->ports[i].out->limit, prt_ptr(&slot->ports[i].out->next));
}

/* Other threads do not exist here, and what they had locked stays so: only words are changed, so that a child which
 * calls exec or _exit() as it should meets nothing. */
void prt_away_forked_(void *opaque)
{
    struct prt_run *run = opaque;
    uint64_t word = prt_load(&run->pool.word);

    run->forked = true;
    while (!prt_cas(&run->pool.word, &word, word | PRT_ABORTED))
        ;
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        for (uint32_t i = 0; i < stage->nslots; i++)
            cut_windows(&stage->slots[i]);
}

void prt_run_forked_(const struct prt_run *run)
{
    fprintf(stderr, "%s: a forked child went on in the pipeline, of which it has one thread alone; "
            "end it in the body, by _exit() or exec\n", run->spec.name);
    prt_exit(1, false);
}
