/* A slot whose output is full waits without a thread (slot.c: prt_slot_hold_, prt_slot_wake_, slot_unlist; chan.c: the list
 * of senders that wait). One worker of a leaf with two outputs, each a channel of one place with a receiver of its own
 * that takes items in place: it publishes `head` by a plain store, then looks at `waiting`. The item after the next comes
 * only when both receivers had one, so nothing but the room ends a wait. Counters wrap at 4.
 *
 * Somebody else wakes the slot now and then for no reason (a tear-down that was not meant for it): SPURIOUS=1.
 *
 * Left out: turns (ordered.pml), permits (bound.pml) and timers, which end a wait by the same prt_slot_wake_(); the
 * stack of free slots, with one slot a single word; other senders, to whom a slot that goes on passes room (many.pml);
 * tear-downs.
 *
 * run one-entry     -DTSO=1
 * long two-entries  -DTSO=2
 * long spurious     -DTSO=1 -DSPURIOUS=1
 * long three-threads -DTSO=1 -DNT=3
 * long three-spurious -DTSO=2 -DNT=3 -DSPURIOUS=1
 * mutant 1 -DTSO=1 the slot passes no barrier between announcing its wait and looking again
 * mutant 2 -DTSO=0 the slot does not look again
 * mutant 3 -DTSO=0 the slot becomes HELD by a store, not by compare and swap
 * mutant 4 -DTSO=0 who wakes ends only the wait of a HELD slot: a RUNNING one is not made WOKEN
 * mutant 5 -DTSO=0 the slot becomes HELD before it is in the list
 * mutant 6 -DTSO=0 -DSPURIOUS=1 who wakes a slot stores QUEUED instead of swapping
 * mutant 7 -DTSO=0 a slot that was woken is not put into the queue
 * mutant 8 -DTSO=0 the receiver does not look at `waiting`
 * passes 9 -DTSO=0 a slot that goes on stays in the other channel's list: it is woken once too often, and looks again
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef SPURIOUS
#define SPURIOUS 0
#endif
#ifndef NT
#define NT 2
#endif
#define BUFFERS 2
byte head[2];
#define STORE_TO(p, v) head[p] = v
#include "tso.h"

mtype = { FREE, RUNNING, WOKEN, HELD, QUEUED };
mtype state = FREE;
byte tail[2];
bool box[2];     /* an item lies in the outbox */
bool waiting[2]; /* the slot is in the channel's list */
byte queue;      /* how often the slot is in the pool's queue */
byte owners;
byte received[2], sent;

inline wake()
{
    if
    :: atomic { state == RUNNING && MUT != 4 -> state = WOKEN }
    :: atomic { state == HELD && MUT != 6 -> state = QUEUED }; if :: MUT != 7 -> queue++ :: else fi
    :: MUT == 6 && state == HELD -> state = QUEUED; queue++
    :: else
    fi
}

active [2] proctype receiver()
{
    byte me = _pid, count, saw;

    do
    :: tail[me] != count -> /* (how a receiver parks: park.pml) */
       count = (count + 1) & 3;
       STORE(me, me, count);
       if
       :: waiting[me] && MUT != 8 ->
          atomic { DRAINED(me) -> saw = waiting[me]; waiting[me] = false };
          if :: saw -> saw = 0; wake() :: else -> saw = 0 fi
       :: else
       fi;
       received[me] = count
    od
}
#if SPURIOUS
active proctype stranger()
{
    byte wakes = SPURIOUS;

end:
    do
    :: wakes > 0 -> wakes--; wake()
    od
}
#endif

inline flush(o)
{
    if
    :: box[o] && ((tail[o] - head[o]) & 3) < 1 -> tail[o] = (tail[o] + 1) & 3; box[o] = false
    :: else
    fi
}
#define ROOM(o) (box[o] && ((tail[o] - head[o]) & 3) < 1)

#define MAY_COME (((sent - received[0]) & 3) < 2 && ((sent - received[1]) & 3) < 2)

active [NT] proctype pool()
{
    do
    :: atomic { state == FREE && MAY_COME -> state = RUNNING; owners++; sent = (sent + 1) & 3 };
       assert(owners == 1);
       assert(!box[0] && !box[1]);
       box[0] = true;
       box[1] = true;
       goto flushing
    :: atomic { queue > 0 -> queue--; state = RUNNING; owners++ };
       assert(owners == 1);
flushing:
       do
       :: flush(0);
          flush(1);
          if
          :: !box[0] && !box[1] -> break
          :: else
          fi;
          state = (MUT == 5 -> HELD : RUNNING);
          if :: MUT == 5 -> owners-- :: else fi;
          if :: box[0] -> waiting[0] = true :: else fi;
          if :: box[1] -> waiting[1] = true :: else fi;
          if :: MUT != 1 -> barrier_all() :: else fi;
          if
          :: MUT != 2 && MUT != 5 && (ROOM(0) || ROOM(1)) -> skip
          :: else ->
             if
             :: MUT == 3 -> owners--; state = HELD; goto gone
             :: MUT == 5 -> goto gone
             :: atomic { MUT != 3 && MUT != 5 && state == RUNNING -> state = HELD; owners-- }; goto gone
             :: MUT != 3 && MUT != 5 && state != RUNNING -> state = RUNNING
             fi
          fi
       od;
       if :: MUT != 9 -> waiting[0] = false; waiting[1] = false :: else fi;
       atomic { state = FREE; owners-- };
gone:  skip
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
