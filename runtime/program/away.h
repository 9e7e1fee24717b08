/* Bodies that take the runtime's thread away: they end it, or go on with it in a forked child. */
#ifndef PRT_AWAY_H
#define PRT_AWAY_H

/* For prt_guard(): a section has ended the thread that called prt_run(). Ends the program. For others it is
 * prt_away_thread_() (seam.h). */
void prt_away_run_(void *run);

/* In a child that was forked, as its first step: nothing of the run can go on, and whatever looks at its end learns it. */
void prt_away_forked_(void *run);

#endif
