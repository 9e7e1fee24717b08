/* A test that runs, as a process of its own.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "command/program.h"

enum trial_end {
    TRIAL_PASSED,
    TRIAL_FAILED,  /* it says why in its report */
    TRIAL_UNBUILT, /* pipec or the C compiler refused it */
    TRIAL_ENDED,   /* with a status that no report explains */
    TRIAL_CRASHED, /* by a signal */
    TRIAL_LATE,    /* it did not end in time */
    TRIAL_UNTRIED  /* pipec could not start it */
};

struct trial {
    const char *file;
    char *title;
    unsigned line;
    size_t number;                 /* in the file, from 1 */
    const struct program_options *options; /* of its file */

    enum trial_end end;            /* and what follows once it is done */
    int status;                    /* TRIAL_ENDED: the status; TRIAL_CRASHED: the signal; TRIAL_UNTRIED: errno */
    bool done;
    double seconds;
    char *report;                  /* its lines; "" where there are none */
    char *output;                  /* what it, or the C compiler, wrote; cut off where that is very long */

    pid_t pid;                     /* while it runs; 0: it does not */
    int started;                   /* a pipe that closes when its program begins; -1: it has */
    FILE *report_file, *output_file;
    char *scratch;                 /* its directory */
    uint64_t since;                /* when its program began */
    double limit;                  /* TRIAL_LATE: seconds that it had */
    bool killed, built;
};

/* Starts it as a child, which calls unwatch(data) first, to have signals as our caller had them. Returns whether it runs: it may
 * be done before, or because it cannot be started. */
bool trial_start(struct trial *trial, void (*unwatch)(const void *data), const void *data);

/* Reads what the child had to tell, once `started` has something: its program has begun, or it has ended. */
void trial_read_started(struct trial *trial);

/* To all of it that runs. */
void trial_signal(const struct trial *trial, int signal);

/* Whether it has ended, of which nothing is left then. `alone`: no other one runs. */
bool trial_ended(struct trial *trial, bool alone);

/* The time, ns. */
uint64_t trial_now(void);

/* Why it did not pass, in lines that begin with FILE:LINE; to be freed; NULL where memory is short. */
char *trial_why(const struct trial *trial);

void trial_free(struct trial *trial);

#endif
