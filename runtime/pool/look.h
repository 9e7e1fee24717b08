/* Looking for work: which stage a thread runs next, what a body that waits may run meanwhile, and who is responsible for
 * what is ready while a thread is in a body or asleep (docs/runtime.md). */
#ifndef PRT_LOOK_H
#define PRT_LOOK_H

#include <stdbool.h>
#include <stdint.h>

struct prt_chan;
struct prt_pool;
struct prt_run;
struct prt_slot;
struct prt_stage;
struct prt_thread;

/* Items were put into this channel: its receivers are found without a look at all stages. Only a hint, which may be late,
 * lost or wrong. */
void prt_pool_hint_(const struct prt_chan *chan);
bool prt_pool_hints_make_(struct prt_run *run); /* false: no memory */

/* Whether a thread that looks now would find something. */
bool prt_pool_has_work_(struct prt_run *run);

/* Runs something that is ready, at base level; false: a look at everything found nothing, or left it to others. A thread
 * that was `*spinning` and went to work is not any more. */
bool prt_pool_run_ready_(struct prt_thread *thread, bool *spinning);

/* What a thread runs beside a body that waits: a slot of a leaf, claimed for the caller; NULL: there is none.
 * find_fed: of the full channel's receiver, if that is a quick leaf that asks for nothing else: run by prt_slot_feed_().
 * find_leaf: any that may go on or is ready, of `chan`'s receiver first (NULL: none is). A leaf whose output is full can still
 * put one body's items into its outbox; that is slow and only done where `into_outboxes` says so.
 * find_at_once: of the receiver of an item that was just sent and for which somebody would have to be woken, if that is
 * cheaper than the wake, and was not done just now. */
struct prt_slot *prt_pool_find_fed_(const struct prt_thread *thread, const struct prt_chan *chan);
struct prt_slot *prt_pool_find_leaf_(struct prt_thread *thread, const struct prt_chan *chan, bool into_outboxes);
struct prt_slot *prt_pool_find_at_once_(struct prt_thread *thread, const struct prt_chan *chan);

/* For a thread that had one of the stage's slots, and that does not look for work now: others are alerted to
 * what it leaves there. */
void prt_pool_alert_stage_(struct prt_stage *stage);

/* For a thread that goes to sleep, and that others may have taken for one that gets on. */
void prt_pool_sleeps_(struct prt_pool *pool);

/* For the thread of a body, before it sleeps: unless somebody else looks for work, one is alerted to what is ready; and who
 * sleeps between two looks wakes. */
void prt_pool_alert_(struct prt_run *run);

/* The thread of a body that waits for room takes its place back; gives it away to sleep. */
void prt_pool_take_place_(struct prt_thread *thread);
void prt_pool_drop_place_(struct prt_thread *thread);

/* For a thread that runs a leaf at base level: sleeps until `until`, or a wake-up before, with its place given away, unless
 * that is too long to sleep with a slot in hand. Whether it did. */
bool prt_pool_nap_(struct prt_thread *thread, uint64_t until);

/* Whether `until` is near enough for that; `spins`: the caller counts as looking for work itself. */
bool prt_pool_may_nap_(const struct prt_pool *pool, uint64_t until, bool spins);

#endif
