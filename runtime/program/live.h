/* What others see of a run while it lasts: the live table (prt/live.h), which a run makes when it has lasted a second. */
#ifndef PRT_PROGRAM_LIVE_H
#define PRT_PROGRAM_LIVE_H

#include <stdint.h>

struct prt_run;

/* When the monitor is to see to it first: PRT_NEVER where there is to be none. */
uint64_t prt_live_first_(const struct prt_run *run);

/* The threads are gone: so is the table. */
void prt_live_end_(struct prt_run *run);

#endif
