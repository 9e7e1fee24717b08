/* Bodies that take the runtime's thread away: they end it, or go on with it in a forked child. */
#ifndef PRT_AWAY_H
#define PRT_AWAY_H

#include "pool/pool.h"

/* For prt_guard(): a body or a section has ended this thread, or the one that called prt_run(). They end the program. */
void prt_away_thread_(void *thread);
void prt_away_run_(void *run);

/* In a child that was forked, as its first step: nothing of the run can go on, and whatever looks at its end learns it. */
void prt_away_forked_(void *run);

#endif
