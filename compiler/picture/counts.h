/* What a run of the program has counted: what `--stats=json` prints, as far as a picture shows it. */
#ifndef COUNTS_H
#define COUNTS_H

#include "plan/plan.h"

enum { HEATS = 5 };

struct stage_count {
    bool known;
    uint64_t received, failed, skipped, dead, cut;
    uint64_t looks;      /* of those who looked where the time goes; 0: nobody */
    double busy, kernel; /* share of its workers' time in bodies, awake and asleep */
};

struct channel_count {
    bool known; /* calls of inline stages are not counted */
    uint64_t sent, discarded, left;
    uint64_t looks;
    double full;         /* how full it was on average, from 0 to 1; of a broadcast, its fullest; one that grows never is */
};

struct counts {
    struct stage_count *stages;     /* of each stage of the plan */
    struct channel_count *channels; /* of each channel */
    uint64_t most_received, most_sent;
    bool shares;         /* enough looks that stages and channels are coloured by them, not by items */
    double seconds;
};

/* Reads what `--stats=json` of the plan's program has printed. Lives as long as the plan. NULL, after a message, where it
 * cannot be read, or is of another pipeline. */
const struct counts *counts_read(const char *path, const struct plan *plan);

#endif
