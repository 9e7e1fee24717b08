/* Directed cycles: the count, and closing. */
#include "pool/cycle.h"

#include "pool/run_state.h"

static void cycle_close(struct prt_run *run, int cycle)
{
    if (prt_load(&run->cycles[cycle].outside) != 0 || prt_load(&run->cycles[cycle].inflight) != 0 ||
        prt_swap(&run->cycles[cycle].closed, 1) != 0)
        return;
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next)
        if (chan->spec.cycle == cycle)
            prt_chan_close_(chan);
}

void prt_cycle_raise_(struct prt_run *run, int cycle, uint64_t n)
{
    if (cycle > 0 && n > 0)
        prt_add(&run->cycles[cycle].inflight, n);
}

/* Nobody can raise it from 0 once no outside sender is left: only a body that is counted itself could. */
void prt_cycle_lower_(struct prt_run *run, int cycle, uint64_t n)
{
    if (cycle > 0 && n > 0 && prt_sub(&run->cycles[cycle].inflight, n) == n)
        cycle_close(run, cycle);
}

void prt_cycle_sender_gone_(struct prt_run *run, int cycle)
{
    if (prt_sub(&run->cycles[cycle].outside, 1) == 1)
        cycle_close(run, cycle);
}
