/* A channel with one worker at each end: both move their counter by a plain store (prt_publish) and then look at the
 * other side. Who waits announces it, makes everybody pass a barrier, and looks once more (chan.h, body.c, pool.c).
 *
 * The source sends for ever and, at any item, may block in the kernel until all it sent came through: nothing but that
 * item wakes the receiver then. The receiver is a pool thread that parks when it finds nothing. Counters wrap at 8.
 *
 * Left out: what a sender does before it sleeps (linger.pml, feed.pml), batches (batch.pml), and the list of senders,
 * which has one at most (many.pml).
 *
 * run one-entry     -DTSO=1 -DCAP=1
 * run two-entries   -DTSO=2 -DCAP=2
 * run seq-cst       -DTSO=0 -DCAP=2
 * long two-entries-cap-4 -DTSO=2 -DCAP=4
 * mutant 1 -DTSO=1 -DCAP=1 the parking receiver passes no barrier
 * mutant 2 -DTSO=0 -DCAP=1 the parking receiver does not look again
 * mutant 3 -DTSO=1 -DCAP=1 the waiting sender passes no barrier
 * mutant 4 -DTSO=0 -DCAP=1 the waiting sender does not look again
 * mutant 5 -DTSO=0 -DCAP=2 tail is published before the item is written
 * mutant 6 -DTSO=0 -DCAP=2 head is published before the item is copied out
 * mutant 7 -DTSO=0 -DCAP=1 the receiver does not look at `waiting`
 * mutant 8 -DTSO=0 -DCAP=2 the sender takes one place too many for free
 * mutant 9 -DTSO=0 -DCAP=1 the sender looks whether somebody must be woken before it publishes
 * mutant 10 -DTSO=0 -DCAP=1 the receiver looks at `waiting` before it publishes head
 */
#ifndef MUT
#define MUT 0
#endif
#define BUFFERS 2
#define SENDER 0
#define RECEIVER 1
#define TAIL 0
#define HEAD 1
#define RING 2

byte tail, head;
byte ring[CAP];
#define STORE_TO(p, v) \
    if \
    :: (p) == TAIL -> tail = v \
    :: (p) == HEAD -> head = v \
    :: else -> ring[(p) - RING] = v \
    fi
#include "tso.h"

bool spinning = true, parked; /* of the pool's word */
bool receiver_set, sender_set; /* events */
bool waiting;                 /* the sender is in the channel's list */
byte received;                /* what the kernel call of the source waits for */

active proctype sender()
{
    byte count, seen;

    do
    :: seen = head;
       if
       :: ((count - seen) & 7) >= CAP + (MUT == 8) ->
          atomic { DRAINED(SENDER) && !waiting -> waiting = true };
          if :: MUT != 3 -> barrier_all() :: else fi;
          seen = head;
          if
          :: MUT == 4 || ((count - seen) & 7) >= CAP -> atomic { sender_set -> sender_set = false }
          :: else
          fi;
          atomic { DRAINED(SENDER) -> waiting = false }
       :: else ->
          if :: MUT == 9 -> seen = !spinning && parked :: else fi;
          if
          :: MUT == 5 -> STORE(SENDER, TAIL, (count + 1) & 7); STORE(SENDER, RING + count % CAP, count & 7)
          :: else -> STORE(SENDER, RING + count % CAP, count & 7); STORE(SENDER, TAIL, (count + 1) & 7)
          fi;
          count = (count + 1) & 7;
          if :: MUT != 9 -> seen = !spinning && parked :: else fi;
          if
          :: seen ->
             atomic {
                 DRAINED(SENDER) ->
                 if :: parked -> parked = false; spinning = true; receiver_set = true :: else fi
             }
          :: else
          fi;
          if :: true :: true -> received == count fi
       fi
    od
}

active proctype receiver()
{
    byte count, item;

    do
    :: tail != count ->
       if :: spinning -> atomic { DRAINED(RECEIVER) -> spinning = false } :: else fi;
       if
       :: MUT == 6 -> STORE(RECEIVER, HEAD, (count + 1) & 7); item = ring[count % CAP]
       :: MUT == 10 ->
          item = waiting;
          assert(ring[count % CAP] == count);
          STORE(RECEIVER, HEAD, (count + 1) & 7);
          goto room
       :: else -> item = ring[count % CAP]; STORE(RECEIVER, HEAD, (count + 1) & 7)
       fi;
       assert(item == count);
       item = waiting;
room:  count = (count + 1) & 7;
       if
       :: item && MUT != 7 ->
          atomic { DRAINED(RECEIVER) -> if :: waiting -> waiting = false; sender_set = true :: else fi }
       :: else
       fi;
       received = count; item = 0
    :: tail == count ->
       atomic { DRAINED(RECEIVER) -> spinning = false; parked = true };
       if :: MUT != 1 -> barrier_all() :: else fi;
       if
       :: MUT != 2 && tail != count -> atomic { if :: parked -> parked = false; spinning = true :: else fi }
       :: else
       fi;
       do
       :: parked -> atomic { receiver_set -> receiver_set = false }
       :: else -> break
       od
    od
}
#if TSO > 0
active proctype flusher()
{
    do
    :: atomic { buf[0].n > 0 -> flush_one(0) }
    :: atomic { buf[1].n > 0 -> flush_one(1) }
    od
}
#endif
