/* The file of --failures: a line of JSON for each item that was begun and is not done. */
#ifndef PRT_FAILURES_H
#define PRT_FAILURES_H

#include <stdbool.h>

struct prt_run;

/* Opens the file, if there is to be one, before anything runs. False: it cannot be written, which is told. */
bool prt_failures_open_(struct prt_run *run);

/* The last lines, once all threads are gone; then the file is whole. */
void prt_failures_close_(struct prt_run *run);

#endif
