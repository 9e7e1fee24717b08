/* Passing on (look.c: prt_pool_pass_, pass_on_stage, prt_pool_hold_place_, prt_pool_drop_place_; slot.c: prt_slot_pass_;
 * batch.c: prt_batch_pass_; body.c: emit_waiting, wait_parked; monitor.c: uncount_placed). A source that finds its channel
 * x full claims the slot of the only receiver, a leaf, and runs its bodies in place: it shows the room when they are done,
 * and wakes nobody. Results go to y, item by item; what finds no room lies in the outbox, and the slot is held.
 *
 * The source sends for ever. It may leave the receiver alone (bodies that are not quick) and sleep, and at any item it may
 * block in the kernel until all that it sent came through y; then what it left is somebody else's. A body may block until
 * the result before its own was had. NT threads of the pool run the receiver beside it, one item at a time, and show its
 * place when its body begins. x and y have CAP places; counters wrap at 2 CAP. How a slot is held is slot.pml's.
 *
 * REND=1: x is a rendezvous: the source goes on when its item has begun. OTHER=1: another sender waits for room too, and a
 * body may block until one of the two had it; then nothing is passed on.
 *
 * run one-place        -DCAP=1 -DNT=1
 * run rendezvous       -DCAP=1 -DNT=1 -DREND=1 -DTSO=0
 * long two-places      -DCAP=2 -DNT=1 -DTSO=2
 * long another-sender  -DCAP=2 -DNT=1 -DOTHER=1
 * long rendezvous-late -DCAP=1 -DNT=2 -DREND=1
 * long two-threads     -DCAP=1 -DNT=2 -DPLACES=2
 * mutant 1 -DCAP=2 -DNT=1 who passes on does not claim the slot
 * mutant 2 -DCAP=1 -DNT=1 a slot whose outbox is not empty is let go
 * mutant 3 -DCAP=2 -DNT=1 -DTSO=0 results show when all bodies are done
 * mutant 4 -DCAP=2 -DNT=1 -DTSO=0 -DOTHER=1 items are passed on though another sender may wait for the room
 * mutant 5 -DCAP=1 -DNT=1 the room does not show when the bodies are done
 * mutant 6 -DCAP=1 -DNT=1 the source is marked as placed before it is counted
 * mutant 7 -DCAP=1 -DNT=1 a place is given back by a look and a store, not a swap
 * mutant 8 -DCAP=1 -DNT=1 a sender that could not pass its items on sleeps without a barrier
 * mutant 9 -DCAP=1 -DNT=1 the same without another look
 * mutant 10 -DCAP=1 -DNT=1 -DTSO=0 -DREND=1 who has passed a rendezvous on waits to be woken as well
 * mutant 11 -DCAP=1 -DNT=1 -DTSO=0 the source's place is never given back, and no further ones are added
 * passes 12 -DCAP=1 -DNT=1 -DTSO=0 who passed items on does not look at the stage again: what it had no room for it sends next, and looks at the word then
 * passes 13 -DCAP=1 -DNT=1 -DTSO=0 the room shows before the bodies have run: nobody but the source beneath them could use it
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef REND
#define REND 0
#endif
#ifndef OTHER
#define OTHER 0
#endif
#ifndef PLACES
#define PLACES 1
#endif
#define MASK (2 * CAP - 1)
#define BUFFERS (1 + NT)
#define SOURCE 0
#define TAIL 0
#define HEAD 1
byte tail, head; /* of x */
#define STORE_TO(p, v) if :: (p) == TAIL -> tail = v :: else -> head = v fi
#include "tso.h"

mtype = { FREE, BUSY, HELD, QUEUED };
mtype slot = FREE;
byte owners;
byte ring[CAP];
bool box;               /* a result lies in the outbox */
byte boxed;             /* which */
byte y, results[CAP];   /* queued; the first is results[0] */
byte received, pending; /* results; items that were sent and have not come through y */
bool listed, event;     /* the source: in x's list of waiters; woken */
bool asked;             /* OTHER: a body waits until a sender had room */

byte spinning = NT, parked, acting, places = PLACES; /* the word */
bool watching = true;
bool placed;            /* the source is counted in `acting` */
byte lot;               /* threads in it; who takes one out leaves a token */
byte tokens;
#define NEEDY (spinning == 0 && ((parked > 0 && acting < places) || !watching))
#define READY (slot == FREE && tail != head)
#define HAS_WORK (READY || slot == QUEUED)

inline wake_one(ok)
{
    if
    :: parked > 0 -> parked--; spinning++; tokens++; ok = true
    :: else -> ok = false
    fi
}

inline needs(ok)
{
    atomic {
        if
        :: NEEDY ->
           if :: acting < places -> wake_one(ok) :: else -> ok = false fi;
           watching = watching || !ok;
           ok = false
        :: else
        fi
    }
}

inline pass_on(ok)
{
    if
    :: NEEDY ->
       barrier_all();
       if :: HAS_WORK -> needs(ok) :: else fi
    :: else
    fi
}

/* Swaps `placed` for 0; who finds the 1 lowers the count. */
inline drop_place(mine)
{
    if
    :: MUT == 7 ->
       mine = placed;
       placed = false
    :: MUT == 11
    :: else -> d_step { mine = placed; placed = false }
    fi;
    d_step { if :: mine -> assert(acting > 0); acting--; mine = false :: else fi }
}

inline hold_place()
{
    if
    :: placed
    :: !placed && MUT == 6 -> placed = true; acting++
    :: !placed && MUT != 6 -> acting++; placed = true
    fi
}

inline put(item)
{
    results[y] = item;
    y++
}

inline send(item)
{
    if
    :: y < CAP -> put(item)
    :: else -> box = true; boxed = item
    fi
}

inline let_go(b)
{
    atomic { DRAINED(b) -> owners--; slot = FREE }
}

/* The slot is the caller's; afterwards it is free, or held. */
inline flush_slot(b)
{
    if
    :: !box || MUT == 2 -> let_go(b)
    :: box && MUT != 2 ->
       if
       :: atomic { y < CAP -> d_step { put(boxed) }; box = false; boxed = 0 }; needs(ok); let_go(b)
       :: atomic { DRAINED(b) && y == CAP -> owners--; slot = HELD }
       fi
    fi
}

/* It may wait in the kernel until the result before its own was had, or until a sender had the room. */
inline body()
{
    if
    :: true
    :: true -> received == item
    :: OTHER -> !asked
    fi;
    item = 0
}

/* A body begins, with the item at `at`. */
inline begin()
{
    d_step { item = ring[at % CAP]; assert(item == at && owners == 1 && !box); asked = OTHER }
}

/* prt_batch_pass_(): n items, for whose results there is room, or one. */
inline pass()
{
    d_step { at = head; n = (((count - head) & MASK) > 1 && CAP - y > 1 -> 2 : 1); left = n };
    if :: MUT == 13 -> STORE(SOURCE, HEAD, (at + n) & MASK) :: else fi;
    do
    :: left > 0 ->
       begin();
       body();
       d_step {
           if
           :: MUT == 3 && left > 1
           :: MUT == 3 && n > 1 && left == 1 -> put(((at - 1) & MASK)); put(at)
           :: else -> send(at)
           fi;
           left--;
           at = (at + 1) & MASK
       }
    :: else -> break
    od;
    if :: MUT != 5 && MUT != 13 -> STORE(SOURCE, HEAD, at) :: else fi;
    d_step { at = 0; n = 0 };
    flush_slot(SOURCE);
    if
    :: MUT != 12 && NEEDY -> if :: READY -> needs(ok) :: else fi /* pass_on_stage() */
    :: else
    fi
}

/* wait_parked(), for what `over` says */
#define PARK(over) \
    atomic { DRAINED(SOURCE) -> listed = true }; \
    if :: MUT != 8 -> barrier_all() :: else fi; \
    if \
    :: MUT != 9 && (over) -> skip \
    :: else -> \
       drop_place(mine); \
       pass_on(ok); \
       atomic { event -> event = false } \
    fi; \
    atomic { DRAINED(SOURCE) -> listed = false }

#define ROOM (((count - head) & MASK) < CAP)
#define PASSES (!OTHER || MUT == 4)

active proctype source()
{
    byte count, at, n, left, item;
    bool ok, mine;

    do
    :: do
       :: ROOM -> break
       :: atomic { !ROOM && PASSES && (slot == FREE || (MUT == 1 && slot == BUSY)) && DRAINED(SOURCE) ->
              slot = BUSY; owners++ };
          hold_place();
          pass()
       :: !ROOM -> hold_place(); PARK(ROOM)
       od;
       atomic { ring[count % CAP] = count; count = (count + 1) & MASK; pending++; asked = false };
       STORE(SOURCE, TAIL, count);
       needs(ok);
#if REND
       if
       :: true
       :: atomic { slot == FREE && DRAINED(SOURCE) -> slot = BUSY; owners++ };
          if
          :: head != count -> hold_place(); pass()
          :: else -> let_go(SOURCE)
          fi;
          if :: MUT == 10 -> atomic { event -> event = false } :: else fi
       fi;
       do
       :: head == count -> break
       :: head != count -> PARK(head == count)
       od;
#endif
       if
       :: true
       :: true -> pending == 0 /* in the kernel */
       fi
    od
}

#if OTHER
active proctype other()
{
    do
    :: atomic { asked && ((tail - head) & MASK) < CAP -> asked = false }
    od
}
#endif

active proctype sink()
{
    bool ok;

    do
    :: atomic {
           y > 0 -> assert(results[0] == received);
           received = (received + 1) & MASK;
           y--;
           pending--;
           results[0] = results[CAP - 1];
           results[CAP - 1] = (y == CAP - 1 -> 0 : results[CAP - 1]);
           if :: slot == HELD -> slot = QUEUED; needs(ok) :: else fi
       }
    od
}

/* It has the slot, and looks for work no more. */
inline take()
{
    if
    :: d_step { spins -> spinning--; acting++; spins = false }; pass_on(ok)
    :: else
    fi
}

active [NT] proctype pool()
{
    byte me = _pid - 2 - OTHER + 1; /* its buffer */
    byte at, item;
    bool spins = true, ok;

    do
    :: atomic { slot == QUEUED && DRAINED(me) -> slot = BUSY; owners++ }; take(); flush_slot(me)
    :: READY ->
       if
       :: atomic { slot == FREE && DRAINED(me) -> slot = BUSY; owners++ };
          take();
          if
          :: tail != head ->
             at = head;
             begin();
             STORE(me, HEAD, (at + 1) & MASK);
             if
             :: listed -> atomic { DRAINED(me) -> if :: listed -> listed = false; event = true :: else fi }
             :: else
             fi;
             body();
             d_step { send(at); at = 0 };
             needs(ok)
          :: else
          fi;
          flush_slot(me)
       :: slot != FREE
       fi
    :: d_step { !HAS_WORK && !spins -> spinning++; acting--; spins = true }
    :: d_step { !HAS_WORK && spins -> spinning--; parked++; spins = false };
       barrier_all();
       if
       :: NEEDY && HAS_WORK ->
          atomic { if :: parked > 0 -> parked--; spinning++ :: else -> tokens-- fi; spins = true }
       :: else -> atomic { tokens > 0 -> tokens--; spins = true }
       fi
    od
}

/* A tick is enabled only where it would change something (park.pml). */
#define GROW (watching && HAS_WORK && (parked > 0 && acting < places || (MUT != 11 && acting >= places && places <= NT)))

active proctype monitor()
{
    bool ok, mine;

    do
    :: atomic {
           GROW -> if :: acting >= places -> places++ :: else fi;
           wake_one(ok);
           ok = false
       }
    :: d_step { watching && !HAS_WORK && places > PLACES && places > acting + spinning -> places-- }
    :: MUT != 11 && watching && placed -> drop_place(mine); needs(ok) /* it has found no channel full for a tick */
    :: d_step { watching && !HAS_WORK && spinning == 0 && !placed -> watching = false };
       barrier_all();
       if
       :: d_step { spinning > 0 || placed || (NEEDY && HAS_WORK) -> watching = true }
       :: else
       fi
    od
}

#if TSO > 0
active proctype flusher()
{
    do
    :: atomic { buf[0].n > 0 -> flush_one(0) }
    :: atomic { buf[1].n > 0 -> flush_one(1) }
#if NT > 1
    :: atomic { buf[2].n > 0 -> flush_one(2) }
#endif
    od
}
#endif
