/* How far a run is, shown while it runs: --progress. On a terminal it is drawn in place, and gone at the end. */
#ifndef PRT_PROGRESS_H
#define PRT_PROGRESS_H

#include <stdbool.h>

struct prt_run;

/* Makes it, where the settings ask for it and it has somewhere to be shown; else run->progress is NULL. False: no memory. */
bool prt_progress_make_(struct prt_run *run);

/* Takes it off the terminal, for what is to be said there; the next prt_run_show_() draws it again. Under the lock of messages. */
void prt_progress_hide_(struct prt_run *run);

/* The threads are gone: off the terminal for good, or the last line. */
void prt_progress_end_(struct prt_run *run);

#endif
