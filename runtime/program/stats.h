/* The ledger. */
#ifndef PRT_STATS_H
#define PRT_STATS_H

#include <stdbool.h>
#include <stdint.h>

struct prt_chan;
struct prt_run;
struct prt_stage;

struct prt_stage_counts {
    uint64_t received, done, failed, skipped, dead, cut;
};

struct prt_chan_counts {
    uint64_t sent, received, discarded, left;
};

/* When all threads are gone. */
struct prt_stage_counts prt_stage_counts_(const struct prt_stage *stage);
struct prt_chan_counts prt_chan_counts_(const struct prt_chan *chan);

/* Checks it, prints --stats; false where the counts do not add up or cannot be printed. When all threads are gone. */
bool prt_stats_(struct prt_run *run);

#endif
