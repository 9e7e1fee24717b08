/* What a lower room says to a higher one. Each room of the runtime calls its own functions and those of the rooms below
 * it (docs/hacking.md); the way up is here and nowhere else. Each function says from where it is called, what may happen
 * in it, and which locks the caller may hold. All may be called by any thread, and none of them runs a body.
 */
#ifndef PRT_SEAM_H
#define PRT_SEAM_H

#include <stdbool.h>
#include <stdint.h>

struct prt_chan;
struct prt_failure;
struct prt_run;
struct prt_slot;
struct prt_stage;

/* ---- to pool/, from channel/ and limit/ ------------------------------------------------------------------------- */

/* What the slot waits for may have come: room, a permit, its turn. It is queued if it is held, and looks again if it is
 * about to be; a thread of a blocking stage is woken. Takes the pool's locks: none of channel/ or limit/ is held, and of
 * pool/ a slot's batch_lock at most, which comes before all others. */
void prt_slot_wake_(struct prt_slot *slot);

/* Items were put into the channel or handed back to it, or it was closed, and that is stored. Sees to it that a thread finds
 * them: wakes one of the pool, or the monitor, or threads of a blocking stage that receives there. Locks: as above. */
void prt_pool_published_(struct prt_chan *chan);

/* A receiver leaves a sender of the channel asleep although there is room, and has said so in `lulled`. The monitor
 * looks after the channel from now on, and is woken if it sleeps. Locks: as above. */
void prt_monitor_lull_(struct prt_chan *chan);

/* For a stage that asked for a permit of a rate: whether anybody could want it now. Only looks; under the rate's lock. */
bool prt_stage_may_ask_(struct prt_stage *stage);

/* ---- to program/, from the rooms below --------------------------------------------------------------------------- */

/* One line on standard error, "NAME: message"; with prt_run_complain_() the exit status will be 1. Take the lock of messages;
 * others may be held, since that is the last one. */
void prt_run_tell_(struct prt_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
void prt_run_complain_(struct prt_run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An item of this slot's stage was begun and is not done, or a section of it failed: a line in the file of --failures, if
 * there is one. May wait for the file; takes a lock of its own, and no other is held. */
void prt_run_failed_(const struct prt_slot *slot, const struct prt_failure *failure);

/* Ask for a drain, or a tear-down: a flag in the pool's word, and the monitor is woken, which carries it out. With any locks
 * held: this only swaps a word and sets an event. */
void prt_run_drain_(struct prt_run *run);
void prt_run_abort_(struct prt_run *run);

/* A drain begins that a signal asked for: at a terminal a line says so, and how many items are left. No lock is held. */
void prt_run_tell_drain_(struct prt_run *run);

/* The monitor, where progress is shown: shows it. Takes the lock of messages; does not wait for a terminal. Returns when to show it
 * next, prt_now() time. */
uint64_t prt_run_show_(struct prt_run *run, uint64_t now);

/* The monitor, at run->live_at, or when somebody has knocked: sees to what others see of the run, which it makes the first time.
 * Waits for nobody. Returns when to do so next, prt_now() time. */
uint64_t prt_run_live_(struct prt_run *run, uint64_t now);

/* The monitor: a tear-down has lasted for so long that bodies which have not returned by now never will. Names them and
 * ends the program, unless none is left but `final`s. No lock is held. */
void prt_away_stuck_(struct prt_run *run);

/* A growing channel has no memory to grow: says so and asks for a tear-down, unless one is under way. Under the channel's
 * send_lock. */
void prt_run_cannot_grow_(struct prt_chan *chan);

/* A forked child went on in the pipeline: ends it, with a message. With any locks held, which are nobody's there. */
_Noreturn void prt_run_forked_(const struct prt_run *run);

/* For prt_guard(): the code that ran on a thread, a struct prt_thread, has ended it. Ends the program. */
void prt_away_thread_(void *thread);

#endif
