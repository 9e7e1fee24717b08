/* Bodies on stacks of their own: how they leave their thread and go on.
 *
 * A body that waits leaves its stack, and its thread, at its base level again, *lingers*: for a moment it keeps the body in
 * reach and runs what the wait is for, most of all the receiver of the full channel. As a rule the body goes on at once, and
 * nobody has to be told. While the thread is in a leaf the body may be *stolen*, by who looks for work and sees nothing
 * happen for some microseconds, or by the monitor: so a leaf that turns out slow holds up nothing but itself. What is
 * not taken up again is *held* like any other slot (slot.h), and any thread goes on with it.
 */
#ifndef PRT_LINGER_H
#define PRT_LINGER_H

#include <stdbool.h>

struct prt_chan;
struct prt_port;
struct prt_run;
struct prt_slot;
struct prt_thread;

/* Called on the stack of the slot's body: waits until prt_wait_is_over_(). Returns in any thread. */
void prt_linger_(struct prt_slot *slot);

/* The same for as long as one batch of a leaf takes, on two occasions: the output's channel is full, and its receiver
 * need only be fed what is there (slot.h); an item was just sent, and to run its receiver costs less than to wake
 * somebody (prt_pool_find_at_once_()). Whether it did so. */
bool prt_linger_feed_(struct prt_slot *slot, struct prt_port *port);
bool prt_linger_at_once_(struct prt_slot *slot, const struct prt_chan *chan);

/* Runs the slot's body or section, from its beginning or where it left its stack. True: it has returned; false: the slot is
 * not the thread's any more. At base level. */
bool prt_linger_enter_(struct prt_thread *thread, struct prt_slot *slot);

/* The thread has left the code of a source, if it was in any: a signal that interrupts that has arrived when this returns, and
 * no other will come. */
void prt_linger_leave_source_(struct prt_thread *thread);

/* For a thread that looks for work: a slot that it has stolen and can run; NULL: there is none. `*some`: somebody lingers;
 * `*moved`: with another leaf than at the thread's last look. */
struct prt_slot *prt_linger_steal_(struct prt_thread *thread, bool *some, bool *moved);

/* The monitor, at a tick: if the thread lingers with a body, it has been in the same leaf since the last one. It passes a
 * barrier before it looks. */
void prt_linger_rescue_(struct prt_thread *victim);

/* Whether a body lingers with the thread that could be stolen; a snapshot. */
bool prt_linger_is_on_(const struct prt_thread *thread);

/* Makes the table of those who linger. False: no memory. */
bool prt_linger_make_(struct prt_run *run);

#endif
