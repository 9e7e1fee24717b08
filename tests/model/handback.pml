/* Hand-back: a hidden batch (batch.c) of a stage with several workers is stuck in a body. What its hand holds and no body
 * has begun goes back to the front of the channel, where it lies: the hand's memory becomes a segment of the channel,
 * which those who take look at before the ring. `taken` counts back; `head` is raised by what has begun, so that the
 * sender has room for that. Positions of the ring are counted as before: those in the segment come first.
 *
 * Slot A takes up to K items into its hand, in a window of which it steps through them; a body may block until the last
 * item of its hand has begun, which hand-back alone brings about, or until a further item was put, for which the
 * monitor shows `head`. Slot B takes one item at a time, and parks when nothing is queued. The monitor, under
 * batch_lock, for the number it saw: stores `limit`, passes a barrier, reads `next` again, and takes what lies beyond
 * the one item that A may be about to begin. `next` is a plain store (tso.h).
 * ABORT=1: a tear-down at any time; what is left is dropped by whoever has it.
 *
 * Left out: several segments, kept in the items' order; the same without membarrier, where `next` is stored and
 * `limit` looked at sequentially consistent, or nothing is handed back; batches that are not hidden, which hold one
 * item, and windows on the ring, which nobody else could take from: nothing is handed back there; the turns of an ordered
 * stage (ordered.pml); rings that grow, which leave out what lies in a segment; how the sender and the slots' threads sleep (many.pml, park.pml).
 *
 * run window        -DK=2 -DCAP=2 -DITEMS=4
 * run hand-of-three -DK=3 -DCAP=3 -DITEMS=4
 * run abort         -DK=3 -DCAP=3 -DITEMS=4 -DABORT=1
 * long more         -DK=3 -DCAP=3 -DITEMS=6 -DTSO=2
 * long more-room    -DK=3 -DCAP=4 -DITEMS=7
 * mutant 1 -DK=3 -DCAP=3 -DITEMS=4 nothing is handed back
 * mutant 2 -DK=3 -DCAP=3 -DITEMS=4 the item that A may be about to begin goes back too
 * mutant 3 -DK=3 -DCAP=3 -DITEMS=4 no barrier between the store of limit and the look at next
 * mutant 4 -DK=3 -DCAP=3 -DITEMS=4 next is not read again behind the barrier
 * mutant 5 -DK=3 -DCAP=3 -DITEMS=4 receive compares next with limit for equality
 * mutant 6 -DK=3 -DCAP=3 -DITEMS=6 A takes its next batch into a hand of which a segment is left
 * mutant 7 -DK=3 -DCAP=3 -DITEMS=4 nobody is woken for what was handed back
 * mutant 8 -DK=3 -DCAP=3 -DITEMS=4 taken does not count back: what was handed back is not queued
 * mutant 9 -DK=2 -DCAP=2 -DITEMS=4 the monitor does not show what has begun
 * mutant 10 -DK=3 -DCAP=3 -DITEMS=4 an owner that meets the limit does not look again under the lock
 * mutant 11 -DK=3 -DCAP=3 -DITEMS=4 the monitor works without the lock
 * mutant 12 -DK=2 -DCAP=2 -DITEMS=6 the monitor does not compare the batch's number
 * mutant 13 -DK=2 -DCAP=2 -DITEMS=4 the owner shows what the monitor has shown already
 * mutant 14 -DK=3 -DCAP=3 -DITEMS=4 the batch ends without the lock
 * mutant 15 -DK=3 -DCAP=3 -DITEMS=4 an owner that meets a nearer limit does not lock if that is the window's end again by then
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef ABORT
#define ABORT 0
#endif
#define BUFFERS 1
byte next, limit, n; /* of A's hand; n: where what it holds ends */
#define STORE_TO(p, v) next = v
#include "tso.h"
byte hand[K], first, shown;      /* where the batch begins in the hand; what of it `head` counts */
byte from, to;                   /* the segment in it that was handed back */
byte ring[CAP], tail, taken, head;
byte began[ITEMS];               /* or dropped: once each */
byte batch, batches;
bool lock, closed, parked, event, aborted;
byte busy;

#define QUEUED (tail - taken)
#define OVER (closed && QUEUED == 0 && busy == 0)
#define LOCK(broken) atomic { (broken) || !lock -> if :: !(broken) -> lock = true :: else fi }
#define UNLOCK(broken) if :: !(broken) -> lock = false :: else fi

inline begin(item)
{
    d_step { assert(began[item] == 0); began[item] = 1 }
}

inline published()
{
    if :: parked -> event = true :: else fi
}

/* Under recv_lock, when no segment is left. */
inline take_one(into)
{
    into = ring[(taken + to - from) % CAP];
    taken++
}

active proctype sender()
{
    do
    :: atomic { tail < ITEMS && !aborted && ((tail - head) & 15) < CAP ->
           assert(head <= taken && tail - taken - (to - from) < CAP);
           ring[tail % CAP] = tail; tail++; published() }
    :: tail == ITEMS || aborted -> break
    od;
    closed = true
}

active proctype slot_a()
{
    byte me, l, last, last_at, end_of;
    bool several;

    do
    :: atomic { !aborted && QUEUED > 0 -> /* under recv_lock */
           busy++;
           if
           :: from < to && MUT != 6 -> /* in its own hand */
              first = from; n = to; taken = taken + to - from; from = 0; to = 0
           :: else ->
              first = 0; n = 0;
              do
              :: n < K && QUEUED - (to - from) > 0 -> take_one(hand[n]); n++
              :: else -> break
              od
           fi;
           next = first; limit = n; end_of = n; me = first; shown = 0;
           if :: n > first -> last = hand[n - 1] :: else -> last = 0 fi;
           last_at = n;
           several = n - first > 1
       };
       batches = 2 - batches / 2;
       if :: several -> batch = batches :: else fi; /* one item has nothing to hold back */
       do
       :: aborted -> break
       :: !aborted ->
          l = limit;
          if
          :: (MUT == 5 && me == l) || (MUT != 5 && me >= l) ->
             if
             :: (MUT == 15 -> limit == end_of : me == end_of) -> break /* its own end: nobody has brought it nearer */
             :: else
             fi;
             if :: MUT != 10 -> LOCK(false); l = limit; UNLOCK(false) :: else fi;
             if :: me >= l -> break :: else fi
          :: else
          fi;
          if :: me >= K -> assert(false) :: else fi;
          begin(hand[me]);
          me++;
          STORE(0, 0, me);
          if
          :: true
          :: several && me + 1 < last_at -> began[last] == 1 || aborted /* the item after this one stays */
          :: several -> tail > last + 1 || tail == ITEMS || aborted
          fi
       od;
       LOCK(MUT == 14);
       atomic { DRAINED(0) -> batch = 0 };
       UNLOCK(MUT == 14);
       l = (MUT == 13 -> 0 : shown);
       atomic { /* take_close() */
           head = head + me - first - l;
           do
           :: me < n -> begin(hand[me]); me++; assert(aborted) /* dropped */
           :: else -> break
           od;
           l = 0; last = 0; last_at = 0; me = 0; several = false;
           first = 0; n = 0; next = 0; limit = 0; shown = 0; end_of = 0;
           busy--;
           published()
       }
    :: atomic { OVER || aborted -> break }
    od
}

active proctype slot_b()
{
    byte item;

    do
    :: atomic { !aborted && QUEUED > 0 -> /* under recv_lock */
           busy++;
           if
           :: from < to ->
              item = hand[from]; from++; taken++;
              if :: from == to -> from = 0; to = 0 :: else fi
           :: else -> take_one(item)
           fi
       };
       begin(item);
       atomic { head++; busy--; item = 0 }
    :: atomic { OVER || aborted -> break }
    :: atomic { !aborted && QUEUED == 0 && !OVER -> parked = true };
       atomic { event || OVER || aborted -> event = false; parked = false }
    od
}

#define STUCK(a) (batch != 0 && !aborted && \
                  ((a + 1 < n && from == to && MUT != 1) || (a - first > shown && a <= n && MUT != 9)))
active proctype monitor()
{
    byte seen, a;

end:
    do
    :: atomic { STUCK(next) -> seen = batch };
       batch == seen || batch != seen; /* the tick */
       LOCK(MUT == 11);
       if
       :: batch == seen || MUT == 12 ->
          atomic { /* prt_batch_publish_() */
              a = next;
              if
              :: MUT != 9 && a > first && a - first > shown -> head = head + a - first - shown; shown = a - first
              :: else
              fi
          };
          if
          :: a + 1 < n && from == to && MUT != 1 ->
             limit = (MUT == 2 -> a : a + 1);
             if :: MUT != 3 -> barrier_all() :: else fi;
             if :: MUT != 4 -> a = next :: else fi;
             atomic { /* under recv_lock */
                 a = (MUT == 2 -> a : a + 1); /* the first that goes back */
                 if
                 :: a < n ->
                    limit = a; from = a; to = n; n = a;
                    if :: MUT != 8 -> taken = taken - (to - from) :: else fi;
                    if :: MUT != 7 -> published() :: else fi
                 :: else -> limit = n
                 fi
             }
          :: else
          fi
       :: else
       fi;
       atomic { a = 0; seen = 0 };
       UNLOCK(MUT == 11)
#if ABORT
    :: atomic { !aborted && !OVER -> aborted = true; event = true }; break
#endif
    :: atomic { OVER && !aborted -> break }
    od;
    atomic { /* at the run's end: what the ring and the segment hold is dropped */
        busy == 0 && batch == 0 && closed ->
        if
        :: aborted ->
           a = taken + to - from;
           do
           :: from < to -> begin(hand[from]); from++; taken++
           :: else -> break
           od;
           do
           :: a < tail -> begin(ring[a % CAP]); a++; taken++
           :: else -> break
           od
        :: else -> assert(head == ITEMS)
        fi;
        assert(taken == tail);
        a = 0;
        do
        :: a < tail -> assert(began[a] == 1); a++
        :: else -> break
        od
    }
}

#if TSO > 0
active proctype flusher()
{
end:
    do
    :: atomic { buf[0].n > 0 -> flush_one(0) }
    od
}
#endif
