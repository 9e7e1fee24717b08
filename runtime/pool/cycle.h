/* Directed cycles: counting what is in flight, so that they end by themselves. */
#ifndef PRT_CYCLE_H
#define PRT_CYCLE_H

#include <stdint.h>

struct prt_run;

/* `n` items enter the cycle, before they are published. Cycle 0: nothing. */
void prt_cycle_raise_(struct prt_run *run, int cycle, uint64_t n);

/* `n` items of the cycle are gone. At 0 its channels are closed, which publishes. No lock of channel/ or limit/ is held. */
void prt_cycle_lower_(struct prt_run *run, int cycle, uint64_t n);

/* A stage outside that could send into it has finished. */
void prt_cycle_sender_gone_(struct prt_run *run, int cycle);

#endif
