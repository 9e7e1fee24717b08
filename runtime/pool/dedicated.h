/* Threads of `blocking` stages: each has one worker for good, and waits in the kernel itself. */
#ifndef PRT_DEDICATED_H
#define PRT_DEDICATED_H

#include <stdint.h>

struct prt_chan;
struct prt_stage;

/* Wakes as many threads that wait for items of this channel as there are items; at its end all of them. */
void prt_dedicated_wake_(struct prt_chan *chan);

/* Wakes all threads of the stage that wait for items. */
void prt_dedicated_wake_all_(struct prt_stage *stage);
void prt_dedicated_wake_some_(struct prt_stage *stage, uint64_t n); /* up to so many */

/* What such a thread does from start to end. */
void prt_dedicated_main_(void *thread);

#endif
