/* Daemons: sources that keep nothing running.
 *
 * They are no senders to a channel that others send to: it closes without them. What only daemons send to closes when the
 * *core* has ended: the stages that other sources feed and that no such channel leads to. A channel that closes so is abandoned
 * for those who send, so a daemon is asked to finish when all of its channels are (finish.h); one without outputs when all
 * stages have ended that are no daemons.
 */
#ifndef PRT_DAEMON_H
#define PRT_DAEMON_H

#include <stdbool.h>

struct prt_run;
struct prt_stage;

/* Finds the core. Where there is no daemon it does nothing. */
void prt_daemon_make_(struct prt_run *run);

/* The stage has ended, and its outputs are closed. At base level. */
void prt_daemon_ended_(struct prt_stage *stage);

#endif
