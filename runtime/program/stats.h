/* The ledger. */
#ifndef PRT_STATS_H
#define PRT_STATS_H

#include <stdbool.h>

struct prt_run;

/* Checks it, prints --stats; false where the counts do not add up or cannot be printed. When all threads are gone. */
bool prt_stats_(struct prt_run *run);

#endif
