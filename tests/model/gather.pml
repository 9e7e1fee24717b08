/* Gathering (gather.c, batch.c, monitor.c): a body without a bounded count that sends fast, to a channel with another
 * sender, fills a window of G places on its outbox and puts what lies there in one go. While a window is open the slot has
 * a batch number, and the monitor sends what lies there, should the body turn slow; both do it under the slot's
 * `batch_lock`. A put under the channel's own lock is one step, and so is its wake-up; the channel has one place.
 *
 * At any item the body may block in the kernel until all it sent was received, and its `run` may end: what is left then
 * lies in the outbox, and the owner flushes it. The monitor works at ticks: a batch that it has seen a tick ago loses its
 * windows (`limit`), and is done with when a look finds nothing while no emit is on its way (QUIET_TICKS makes sure of
 * that). It sleeps when there is no batch that it is not done with. A body that waits for room takes its batch out of the
 * monitor's sight (prt_gather_rest_), since all that lies there waits for that room, and begins it anew when it goes on.
 * Items are numbered mod 4; at most MOST are on their way.
 *
 * Left out: several windows of one body, and a batch within a body that waits, which takes thread.slot over and gives
 * it back: here there is one slot.
 *
 * run fast-and-slow  -DG=2 -DMOST=2
 * long three-items   -DG=2 -DMOST=3
 * long three-places  -DG=3 -DMOST=3
 * mutant 1 -DG=2 -DMOST=2 the monitor sends nothing for a batch that is stuck
 * mutant 2 -DG=2 -DMOST=2 the monitor works without the lock
 * mutant 3 -DG=2 -DMOST=2 the owner empties a window without the lock
 * mutant 4 -DG=2 -DMOST=2 a window opens under the number of the last batch, with which the monitor is done
 * mutant 5 -DG=2 -DMOST=2 a batch begins and the monitor is not woken
 * mutant 6 -DG=2 -DMOST=2 the monitor is done with a batch whose emit is on its way
 * mutant 7 -DG=2 -DMOST=2 the batch ends without the lock
 * mutant 8 -DG=2 -DMOST=2 the owner sends what the monitor has sent already
 * mutant 9 -DG=2 -DMOST=2 the monitor goes to sleep without looking once more
 * mutant 10 -DG=2 -DMOST=2 what lies in the window when the body ends is dropped
 * mutant 11 -DG=2 -DMOST=2 a body that has slept does not begin its batch anew
 */
#ifndef MUT
#define MUT 0
#endif
#define MASK 3
byte box[G];
bool gathers;
byte first, next, limit; /* sent from the window; written to it; its end */
byte batch, batches;     /* the number of the batch, 0: none; of the last: 1 or 2 */
bool batch_lock, emits;  /* emits: between the look at `limit` and the step of `next` */
bool shown;              /* thread.slot: the monitor finds the batch */
bool watching;
byte done_with;          /* the monitor's */
bool occupied;               /* the channel's one place */
byte lies;               /* the item there; FOREIGN: the other sender's */
#define FOREIGN 7
byte sent, received;
bool may_send; /* the other sender, an item for one of the body's: for ever, it would hide that all others wait */

#define LOCK(broken) atomic { (broken) || !batch_lock -> if :: !(broken) -> batch_lock = true :: else fi }
#define UNLOCK(broken) if :: !(broken) -> batch_lock = false :: else fi

/* prt_port_publish_(): as many as there is room for; `from` is read once, as both sides do. */
inline publish(from, to)
{
    from = (MUT == 8 && _pid == 1 -> 0 : first);
    to = next;
    if
    :: atomic { from < to && !occupied -> occupied = true; lies = box[from] };
       atomic { first = from + 1; from = 0; to = 0 }
    :: else -> atomic { from = 0; to = 0 }
    fi
}

inline begin_batch()
{
    d_step { /* numbers do not come again: the one of the last but one is forgotten */
        batches = 2 - batches / 2;
        done_with = (done_with == batches -> 0 : done_with);
        batch = batches;
        shown = true
    };
    if
    :: !watching && MUT != 5 -> watching = true
    :: else
    fi
}

inline open()
{
    atomic { first = 0; next = 0; limit = G; box[0] = 0; box[1] = 0; box[G - 1] = 0 }
}

/* wait_parked(), for room; the look after the announcement may find it. */
inline rest()
{
    if
    :: occupied && batch != 0 ->
       shown = false;
       !occupied;
       if :: MUT != 11 -> begin_batch() :: else fi
    :: else
    fi
}

active proctype receiver()
{
    do
    :: occupied ->
       if
       :: atomic { lies != FOREIGN -> assert(lies == received); received = (received + 1) & MASK; occupied = false; lies = 0 }
       :: atomic { lies == FOREIGN -> occupied = false; lies = 0 }
       fi
    od
}

active proctype owner()
{
    byte from, to;

    do
    :: /* an emit */
       ((sent - received) & MASK) < MOST;
       if
       :: gathers && next >= limit -> /* empty_window() */
          do
          :: LOCK(MUT == 3);
             publish(from, to);
             if
             :: first == next ->
                if
                :: batch != done_with -> open() /* else it is too old: the body was slow */
                :: atomic { gathers = false; first = 0; next = 0; limit = 0 }
                fi;
                UNLOCK(MUT == 3);
                break
             :: else -> UNLOCK(MUT == 3); rest()
             fi
          od
       :: else
       fi;
       if
       :: atomic { gathers && next < limit -> emits = true };
          box[next] = sent;
          atomic { next++; emits = false; sent = (sent + 1) & MASK; may_send = true }
       :: gathers && next >= limit -> goto more
       :: !gathers ->
          atomic { !occupied -> occupied = true; lies = sent; sent = (sent + 1) & MASK; may_send = true };
          if
          :: true
          :: true -> /* fast enough: prt_gather_sent_() */
             LOCK(false); gathers = true; open(); UNLOCK(false);
             if :: MUT != 4 || batch == 0 -> begin_batch() :: else fi
          fi
       fi;
       if
       :: true
       :: true -> received == sent /* the body blocks in the kernel */
       :: true -> /* the body ends: prt_gather_end_() */
          if
          :: batch != 0 -> LOCK(MUT == 7); batch = 0; UNLOCK(MUT == 7)
          :: else
          fi;
          if
          :: gathers ->
             do
             :: first < next && MUT != 10 -> atomic { !occupied -> occupied = true; lies = box[first]; first++ }
             :: else -> break
             od;
             open(); /* prt_gather_begin_() of the next batch */
             begin_batch()
          :: else
          fi
       fi;
more:  skip
    od
}

active proctype other()
{
    do
    :: atomic { may_send && !occupied -> occupied = true; lies = FOREIGN; may_send = false }
    od
}

/* A tick that would change nothing is no step: it would hide that all others wait. */
active proctype monitor()
{
    byte seen, from, to;

    do
    :: atomic { watching && shown && batch != 0 && batch != done_with -> seen = batch };
       atomic { batch != seen || limit != 0 || !emits || MUT == 6 -> skip }; /* the tick */
       LOCK(MUT == 2);
       if
       :: batch == seen && MUT != 1 ->
          limit = 0;
          publish(from, to);
          atomic {
              if
              :: first == next && (!emits || MUT == 6) -> done_with = seen
              :: else
              fi
          }
       :: batch == seen && MUT == 1 -> done_with = seen
       :: else
       fi;
       UNLOCK(MUT == 2);
       seen = 0
    :: watching && (!shown || batch == 0 || batch == done_with) ->
       watching = false;
       if
       :: MUT != 9 && shown && batch != 0 && batch != done_with -> watching = true
       :: else
       fi
    od
}
