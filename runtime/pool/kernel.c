/* Waits of bodies in the kernel: the only ones there that an end of the pipeline always ends. Whoever asks for an end rings a
 * bell that is polled beside the descriptor, and that stays rung: an end cannot fall between a look and the wait, as a
 * signal does that comes before the call which it should interrupt.
 */
#include <prt/errno.h>

#include "pool/body.h"
#include "pool/run_state.h"

static bool is_source_body(const struct prt_slot *slot)
{
    return prt_stage_is_source_(slot->stage) && slot->mode != PRT_MODE_SECTION;
}

/* No wait lasts longer than its item may. */
static uint64_t deadline_in(const struct prt_slot *slot, int64_t ns)
{
    const uint64_t until = prt_wait_end_(ns);
    const uint64_t timeout = prt_tries_deadline_(slot);

    return until < timeout ? until : timeout;
}

int prt_wait_for(struct prt_worker *worker, int fd, int events, int64_t ns)
{
    struct prt_slot *slot = worker->slot;
    const bool is_source = is_source_body(slot);
    const int saved = errno;
    int result = -1;

    /* The source's bell rings when the monitor has carried out what was asked. */
    prt_slot_says_(slot, PRT_FOR_KERNEL, 0, false);
    if (!is_source || !prt_stage_is_ending_(slot->stage))
        result = prt_bell_wait(is_source ? &slot->stage->bell : &worker->run->bell, fd, events, deadline_in(slot, ns));
    prt_slot_says_(slot, PRT_FOR_NOTHING, 0, false);
    if (result < 0)
        prt_body_cut_(slot);
    errno = saved;
    return result;
}
