/* The thread that called prt_run(), and the threads that it starts. */
#ifndef PRT_MONITOR_H
#define PRT_MONITOR_H

#include "pool/run_state.h"

/* Starts a thread of the pool, or the one of a blocking stage's slot. Returns 0 or an errno value. That thread alone. */
int prt_monitor_start_(struct prt_run *run, struct prt_slot *dedicated);

/* Ends the pool's threads and waits for all; every stage has finished. */
void prt_monitor_join_(struct prt_run *run);

/* Timers, growth, signals, drains, until every stage has finished. */
void prt_monitor_(struct prt_run *run);

/* Whether the pipeline drains, also where only a signal's handler has asked for it until now: from then on run->drain_until says
 * when its limit is over. The thread that keeps the limit. */
bool prt_monitor_drains_(struct prt_run *run, uint64_t now);

#endif
