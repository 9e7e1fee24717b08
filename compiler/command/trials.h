/* Tests that run, several at a time.
 */
#ifndef TRIALS_H
#define TRIALS_H

#include "command/trial.h"

struct trials {
    struct trial *at;
    size_t n;
    size_t jobs;                   /* at a time */
    uint64_t limit;                /* ns that one may take */
    void (*tell)(void *data, const struct trial *trial); /* of each, in their order */
    void *data;
};

/* Runs all; returns the signal that ended it before, or 0. Then nothing is left of them: no process, no directory. */
int trials_run(struct trials *trials);

#endif
