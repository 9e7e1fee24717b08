/* What zips leave. */
#ifndef PRT_UNPAIRED_H
#define PRT_UNPAIRED_H

struct prt_run;

/* At a normal end: one line on standard error for each zip that dropped items, since another of its inputs had ended.
 * The exit status stays. When all threads are gone, and what was queued is dropped. */
void prt_unpaired_tell_(const struct prt_run *run);

#endif
