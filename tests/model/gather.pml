/* Gathering (gather.c, batch.c, monitor.c): a body without a bounded count that sends fast, to channels with other
 * senders, fills a window of G places on each output's outbox and puts what lies there in one go. While a window is
 * open the slot has a batch number, and the monitor sends what lies there, should the body turn slow; both do it under
 * the slot's `batch_lock`. A put under the channel's own lock is one step, and so is its wake-up; a channel has one
 * place. OUTS outputs: the body sends to them in turn, and the receiver takes one item of each.
 *
 * At any item the body may block in the kernel until all it sent was received, and its `run` may end: what is left then
 * lies in the outboxes, and the owner flushes them. The monitor works at ticks: a batch that it has seen a tick ago
 * loses its windows (`limit`), and is done with when a look finds nothing while no emit is on its way (QUIET_TICKS
 * makes sure of that). It sleeps when there is no batch that it is not done with.
 *
 * A body that waits for room puts its windows away: under `batch_lock` what lies there becomes the outboxes' contents,
 * and there is no batch. The body is held then, as a leaf is, for room in each channel for which something lies there,
 * and flushes what fits. Nobody may resume it while the monitor works on it, nor the monitor work on it then. It goes on
 * when there is nothing left, with new windows and a new number. Items are numbered mod 4; at most MOST are on their
 * way.
 *
 * Left out: how a body is held and stolen (slot.pml, linger.pml); the thread that runs it, in whose `slot` the
 * monitor finds it: a body that goes on enters itself there.
 *
 * run fast-and-slow  -DG=2 -DMOST=2
 * long two-outputs   -DG=2 -DMOST=1 -DOUTS=2
 * long two-windows   -DG=2 -DMOST=2 -DOUTS=2
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
 * mutant 10 -DG=2 -DMOST=2 what lies in the windows when the body waits or ends is dropped
 * mutant 11 -DG=2 -DMOST=2 a body that goes on opens its windows and begins no batch
 * mutant 12 -DG=2 -DMOST=2 windows are put away without the lock
 * mutant 13 -DG=2 -DMOST=2 a body that waits keeps its batch
 * mutant 14 -DG=2 -DMOST=2 -DOUTS=2 a body that waits for room on one output lets the others' outboxes lie
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef OUTS
#define OUTS 1
#endif
#define MASK 3
typedef port {
    byte box[G];
    byte first, next, limit; /* sent from the window; written to it; its end */
    bool gathers;
    bool occupied;           /* the channel's one place */
    byte lies;               /* the item there; FOREIGN: the other sender's */
}
port p[OUTS];
byte batch, batches;     /* the number of the batch, 0: none; of the last: 1 or 2 */
bool batch_lock, emits;  /* emits: between the look at `limit` and the step of `next` */
bool watching;
byte done_with;          /* the monitor's */
#define FOREIGN 7
byte received;
bool may_send; /* the other sender, an item for one of the body's: for ever, it would hide that all others wait */

#define LOCK(broken) atomic { (broken) || !batch_lock -> if :: !(broken) -> batch_lock = true :: else fi }
#define UNLOCK(broken) if :: !(broken) -> batch_lock = false :: else fi
#define EMPTY (p[0].first == p[0].next && p[OUTS - 1].first == p[OUTS - 1].next)
#define GATHERS (p[0].gathers || p[OUTS - 1].gathers)

/* prt_port_publish_(): as many as there is room for; `from` is read once, as both sides do. */
inline publish(o_, owner_)
{
    from = (MUT == 8 && owner_ -> 0 : p[o_].first);
    to = p[o_].next;
    if
    :: atomic { from < to && !p[o_].occupied -> p[o_].occupied = true; p[o_].lies = p[o_].box[from] };
       atomic { p[o_].first = from + 1; from = 0; to = 0 }
    :: else -> atomic { from = 0; to = 0 }
    fi
}

inline begin_batch()
{
    d_step { /* numbers do not come again: the one of the last but one is forgotten */
        batches = 2 - batches / 2;
        done_with = (done_with == batches -> 0 : done_with);
        batch = batches
    };
    if
    :: !watching && MUT != 5 -> watching = true
    :: else
    fi
}

inline open(o_)
{
    p[o_].first = 0; p[o_].next = 0; p[o_].limit = G; p[o_].box[0] = 0; p[o_].box[1] = 0; p[o_].box[G - 1] = 0
}

/* The body is held for room in any channel for which something lies in an outbox, until nothing does. */
#define FLUSHES(o_) (p[o_].first < p[o_].next && !p[o_].occupied && (MUT != 14 || o_ == o || p[o].first == p[o].next))
inline flush_one_of(o_)
{
    atomic { FLUSHES(o_) -> p[o_].occupied = true; p[o_].lies = p[o_].box[p[o_].first]; p[o_].first++ }
}

inline flush()
{
    do
    :: flush_one_of(0)
#if OUTS > 1
    :: flush_one_of(1)
#endif
    :: EMPTY -> break
    :: MUT == 10 -> break
    od
}

inline put_away(broken)
{
    if
    :: batch != 0 ->
       LOCK(broken);
       if :: MUT != 13 -> batch = 0 :: else fi;
       UNLOCK(broken)
    :: else
    fi
}

inline reopen()
{
    if
    :: GATHERS && (batch == 0 || MUT == 13) ->
       atomic {
           if :: p[0].gathers -> open(0) :: else fi;
           if :: OUTS > 1 && p[OUTS - 1].gathers -> open(OUTS - 1) :: else fi
       };
       if :: MUT != 11 -> begin_batch() :: else fi
    :: else
    fi
}

active proctype receiver()
{
    do
    :: atomic {
           p[0].occupied && p[OUTS - 1].occupied && p[0].lies != FOREIGN ->
           assert(p[0].lies == received && p[OUTS - 1].lies == received);
           received = (received + 1) & MASK;
           p[0].occupied = false; p[0].lies = 0; p[OUTS - 1].occupied = false; p[OUTS - 1].lies = 0
       }
    :: atomic { p[0].lies == FOREIGN -> p[0].occupied = false; p[0].lies = 0 }
    od
}

active proctype owner()
{
    byte o, item, from, to;

    do
    :: /* an emit */
       ((item - received) & MASK) < MOST;
       if
       :: p[o].gathers && p[o].next >= p[o].limit -> /* empty_window() */
          LOCK(MUT == 3);
          publish(o, true);
          if
          :: p[o].first == p[o].next ->
             if
             :: batch != done_with -> atomic { open(o) } /* else it is too old: the body was slow */
             :: atomic { p[o].gathers = false; p[o].first = 0; p[o].next = 0; p[o].limit = 0 }
             fi;
             UNLOCK(MUT == 3)
          :: else ->
             UNLOCK(MUT == 3);
             if
             :: p[o].occupied -> put_away(MUT == 12); flush(); reopen()
             :: else
             fi
          fi;
          goto more
       :: else
       fi;
       if
       :: atomic { p[o].gathers && p[o].next < p[o].limit -> emits = true };
          p[o].box[p[o].next] = item;
          atomic { p[o].next++; emits = false }
       :: p[o].gathers && p[o].next >= p[o].limit -> goto more
       :: !p[o].gathers ->
          do
          :: atomic { !p[o].occupied -> p[o].occupied = true; p[o].lies = item; break }
          :: p[o].occupied && batch != 0 ->
             put_away(MUT == 12);
             if :: MUT == 14 -> !p[o].occupied :: else fi;
             flush()
          od;
          reopen();
          if
          :: true
          :: true -> /* fast enough: prt_gather_sent_() */
             LOCK(false);
             atomic { p[o].gathers = true; open(o) };
             UNLOCK(false);
             if :: MUT != 4 || batch == 0 -> begin_batch() :: else fi
          fi
       fi;
       atomic {
           o++;
           may_send = true;
           if
           :: o == OUTS -> o = 0; item = (item + 1) & MASK
           :: else -> goto more
           fi
       };
       if
       :: true
       :: true -> received == item /* the body blocks in the kernel */
       :: true -> put_away(MUT == 7); flush(); reopen() /* the body ends, and begins anew: prt_gather_close_() */
       fi;
more:  skip
    od
}

active proctype other()
{
    do
    :: atomic { may_send && !p[0].occupied -> p[0].occupied = true; p[0].lies = FOREIGN; may_send = false }
    od
}

/* A tick that would change nothing is no step: it would hide that all others wait. */
active proctype monitor()
{
    byte seen, from, to;

    do
    :: atomic { watching && batch != 0 && batch != done_with -> seen = batch };
       atomic { batch != seen || p[0].limit != 0 || p[OUTS - 1].limit != 0 || !emits || MUT == 6 -> skip }; /* the tick */
       LOCK(MUT == 2);
       if
       :: batch == seen && MUT != 1 ->
          p[0].limit = 0;
          publish(0, false);
#if OUTS > 1
          p[1].limit = 0;
          publish(1, false);
#endif
          atomic {
              if
              :: EMPTY && (!emits || MUT == 6) -> done_with = seen
              :: else
              fi
          }
       :: batch == seen && MUT == 1 -> done_with = seen
       :: else
       fi;
       UNLOCK(MUT == 2);
       seen = 0
    :: watching && (batch == 0 || batch == done_with) ->
       watching = false;
       if
       :: MUT != 9 && batch != 0 && batch != done_with -> watching = true
       :: else
       fi
    od
}
