#ifndef PRT_LAST_H
#define PRT_LAST_H

struct prt_run;

/* Runs the pipeline's `final`, if its `init` has run, and writes what was printed and waits in memory. The thread that called
 * prt_run(), when every worker has ended; blocks. */
void prt_last_(struct prt_run *run);

#endif
