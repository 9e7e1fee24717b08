/* Running the C compiler, and pkg-config for the libraries that a pipeline names.
 *
 * CC, CFLAGS and LDFLAGS are words split at blanks, as make's users write them; no shell reads them. The emitted C goes
 * to the compiler's standard input, so there is no file of it to clean up.
 */
#ifndef CC_H
#define CC_H

#include <stdbool.h>
#include <stdio.h>

#include "build/words.h"
#include "plan/plan.h"

/* What a command line of `build` or `run` says about compiling. */
struct cc_options {
    struct words flags;    /* -I -D -g -O -std=: before the sources */
    struct words inputs;   /* .c, .o, .a */
    struct words libraries; /* -L -l: after them */
    const char *sanitize;  /* NULL: none */
};

struct cc_job {
    const struct plan *plan;
    const struct cc_options *options;
    const char *name;         /* what messages call the emitted C */
    const char *text;
    size_t len;
    const char *include;      /* one more directory of headers, or NULL */
    struct words words;       /* cc_prepare(): the command, without its -o */
    size_t ncompiler;         /* so many of them are CC */
    struct words unknown;     /* modules of which pkg-config knows nothing */
    char *runtime;            /* where the runtime's headers are; NULL where they are not needed */
};

/* cc_prepare() gathers the command line. False after a message: the runtime is not found. */
bool cc_prepare(struct cc_job *job);

/* cc_run() compiles and links to `output`. The compiler's messages go to standard error as they are; what else goes
 * wrong (no compiler, a signal) is told there too. The linker's list of the files that it read goes to `told`, unless
 * that is NULL. */
bool cc_run(struct cc_job *job, const char *output, FILE *told);

/* cc_rules() writes the C compiler's rules for make, of all C that the job has, to `to`, which is then at its start. False,
 * without a message, where it gives none. */
bool cc_rules(struct cc_job *job, FILE *to);

/* What the C compiler calls its program `name` (as), to be freed, perhaps empty; NULL where it cannot be
 * asked. */
char *cc_program(const struct cc_job *job, const char *name);

void cc_job_free(struct cc_job *job);

void cc_options_free(struct cc_options *options);

#endif
