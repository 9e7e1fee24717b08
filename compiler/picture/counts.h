/* What a run of the program has counted: what `--stats=json` prints, as far as a picture shows it. */
#ifndef COUNTS_H
#define COUNTS_H

#include "plan/plan.h"

enum { HEATS = 5 };

struct stage_count {
    bool known;
    uint64_t received, failed, skipped, dead, cut;
};

struct channel_count {
    bool known; /* calls of inline stages are not counted */
    uint64_t sent, discarded, left;
};

struct counts {
    struct stage_count *stages;     /* of each stage of the plan */
    struct channel_count *channels; /* of each channel */
    uint64_t most_received, most_sent;
    double seconds;
};

/* Reads what `--stats=json` of the plan's program has printed. Lives as long as the plan. NULL, after a message, where it
 * cannot be read, or is of another pipeline. */
const struct counts *counts_read(const char *path, const struct plan *plan);

#endif
