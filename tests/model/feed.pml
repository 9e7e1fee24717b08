/* Feeding (look.c: prt_pool_find_fed_; slot.c: prt_slot_feed_; batch.c: prt_batch_feed_). A source finds its channel x
 * full. Its thread lingers (linger.pml): on its own stack it claims the slot of the only receiver, a leaf, and runs its
 * bodies in place. It shows the room when they are done, and wakes nobody: the source, which alone would use the room,
 * is in its hands. Meanwhile the source may be stolen, held in x's list, and sent on by another thread. So a batch that
 * is fed has a number, and the monitor shows what has begun, and wakes, should it be stuck; and a thread that
 * finds its source stolen looks into the list when it has shown the room. Results go to y, item by item; what finds no
 * room lies in the outbox, and the slot is held.
 *
 * The source sends for ever. Its thread may leave the receiver alone and give the source up, and at any item the source
 * may block in the kernel until all that it sent came through y. A body may block until the result before its own was
 * had, or until the source has sent the item after its own. Each of two threads may run the source, and the receiver,
 * one item at a time. x and y have CAP places; counters wrap at 2 CAP. REND=1: x is a rendezvous: the source goes on
 * when its item has begun.
 *
 * Left out: the handshake of stealing, here one step (linger.pml); how a leaf's slot is held (slot.pml); the word, and
 * how threads park (place.pml, park.pml).
 *
 * run one-place        -DCAP=1
 * run rendezvous       -DCAP=1 -DREND=1
 * long two-places      -DCAP=2 -DTSO=0
 * long two-delayed     -DCAP=2 -DTSO=2
 * mutant 1 -DCAP=1 who feeds does not claim the slot
 * mutant 2 -DCAP=1 a slot whose outbox is not empty is let go
 * mutant 3 -DCAP=2 -DTSO=0 results show when all bodies are done
 * mutant 4 -DCAP=1 a batch that is fed has no number: nobody shows what has begun
 * mutant 5 -DCAP=1 the room does not show when the bodies are done
 * mutant 6 -DCAP=2 -DTSO=0 the room shows before the bodies have run
 * mutant 7 -DCAP=1 a thread whose source was stolen wakes nobody
 * mutant 8 -DCAP=1 who holds the source passes no barrier
 * mutant 9 -DCAP=1 who holds the source does not look again
 * mutant 10 -DCAP=1 a thread whose source was stolen looks into the list before it shows the room
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef REND
#define REND 0
#endif
#define NT 2
#define MASK (2 * CAP - 1)
#define BUFFERS NT
#define TAIL 0
#define HEAD 1
#define NEXT 2
byte tail, head, next; /* of x; how far the batch is that is fed */
#define STORE_TO(p, v) if :: (p) == TAIL -> tail = v :: (p) == HEAD -> head = v :: else -> next = v fi
#include "tso.h"

mtype = { FREE, BUSY, RUNNING, WOKEN, HELD, QUEUED };
mtype slot = FREE;      /* of the receiver */
byte owners;
byte ring[CAP];
bool box;               /* a result lies in the outbox */
byte boxed;             /* which */
byte y, results[CAP];   /* queued; the first is results[0] */
byte received, pending; /* results; items that were sent and have not come through y */
bool asked;             /* a body waits for the next item */

mtype source = QUEUED;
byte sent;              /* the source's own count */
bool meets, waiting;    /* it waits for its item to begin; it is in x's list */
byte holder;            /* a ghost: thread + 1 */
#define MONITOR (NT + 1)
bool lingers[NT], taken[NT];
bool batch_lock, passed; /* a batch that is fed has a number */
byte start;             /* where it begins */

#define GOES_ON (meets -> sent == head : ((sent - head) & MASK) < CAP)
#define READY (slot == FREE && tail != head)

inline wake_source()
{
    if
    :: atomic { waiting -> waiting = false };
       if
       :: atomic { source == RUNNING -> source = WOKEN }
       :: atomic { source == HELD -> source = QUEUED }
       :: atomic { source != RUNNING && source != HELD -> skip }
       fi
    :: else
    fi
}

inline put(item_)
{
    results[y] = item_;
    y++
}

inline send(item_)
{
    if
    :: y < CAP -> put(item_)
    :: else -> box = true; boxed = item_
    fi
}

inline let_go()
{
    atomic { DRAINED(me) -> owners--; slot = FREE }
}

/* The slot is the caller's; afterwards it is free, or held. */
inline flush_slot()
{
    if
    :: !box || MUT == 2 -> let_go()
    :: box && MUT != 2 ->
       if
       :: atomic { y < CAP -> put(boxed); box = false; boxed = 0 }; let_go()
       :: atomic { DRAINED(me) && y == CAP -> owners--; slot = HELD }
       fi
    fi
}

/* In the kernel: until the result before its own was had, or the next item was sent. */
inline body()
{
    if
    :: true
    :: true -> received == item
    :: atomic { sent == ((item + 1) & MASK) -> asked = true }; !asked
    fi;
    item = 0
}

/* A body begins, with the item at `at`. */
inline begin()
{
    d_step { item = ring[at % CAP]; assert(item == at && owners == 1 && !box) }
}

/* One item, as any thread at base level runs it. */
inline run_one()
{
    if
    :: tail != head ->
       at = head;
       begin();
       STORE(me, HEAD, (at + 1) & MASK);
       if :: waiting -> DRAINED(me); wake_source() :: else fi;
       body();
       d_step { send(at); at = 0 }
    :: else
    fi;
    flush_slot()
}

/* prt_batch_feed_(): n items, for whose results there is room, or one. */
inline feed()
{
    d_step {
        at = head; start = at; next = at;
        n = (((tail - head) & MASK) > 1 && CAP - y > 1 -> 2 : 1); left = n;
        passed = (MUT != 4)
    };
    if :: MUT == 6 -> STORE(me, HEAD, (at + n) & MASK) :: else fi;
    do
    :: left > 0 ->
       begin();
       STORE(me, NEXT, (at + 1) & MASK);
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
    atomic { !batch_lock && DRAINED(me) -> passed = false };
    if :: MUT == 10 && waiting && taken[me] -> wake_source() :: else fi;
    if :: MUT != 5 -> STORE(me, HEAD, at) :: else fi;
    d_step { at = 0; n = 0 };
    flush_slot()
}

/* The source is the caller's. Afterwards its wait is over, or it is somebody else's. */
inline hold(me_)
{
    d_step { assert(holder == me_); source = RUNNING };
    waiting = true;
    if :: MUT != 8 -> barrier_all() :: else fi;
    if
    :: MUT != 9 && GOES_ON -> over = true
    :: else ->
       if
       :: atomic { source == RUNNING -> source = HELD; holder = 0 }
       :: atomic { source == WOKEN -> over = true }
       fi
    fi;
    if
    :: atomic { over -> waiting = false; source = RUNNING }
    :: else
    fi
}

inline end_linger()
{
    atomic { DRAINED(me) -> lingers[me] = false; over = !taken[me]; taken[me] = false };
    if
    :: !over -> if :: MUT != 7 && MUT != 10 -> wake_source() :: else fi; goto base
    :: else -> over = false
    fi
}

#define CLAIM atomic { READY && DRAINED(me) -> slot = BUSY; owners++; lingers[me] = has; taken[me] = false }
#define CLAIM_QUEUED \
    atomic { slot == QUEUED && DRAINED(me) -> slot = BUSY; owners++; lingers[me] = has; taken[me] = false }

active [NT] proctype pool()
{
    byte me = _pid, at, n, left, item;
    bool over, has;

base:
    has = false;
    do
    :: atomic { source == QUEUED && DRAINED(me) -> source = RUNNING; assert(holder == 0); holder = me + 1; has = true };
       goto up
    :: CLAIM_QUEUED; flush_slot()
    :: CLAIM; run_one()
    :: atomic { lingers[1 - me] && !taken[1 - me] && DRAINED(me) -> taken[1 - me] = true; holder = me + 1 };
       hold((me + 1));
       if :: d_step { over -> over = false; has = true } -> goto up :: else fi
    od;
up: /* with the source */
    do
    :: GOES_ON && !meets ->
       d_step {
           assert(holder == me + 1);
           ring[sent % CAP] = sent; sent = (sent + 1) & MASK; pending++; asked = false; meets = REND
       };
       STORE(me, TAIL, sent);
       if
       :: REND
       :: !REND
       :: !REND -> pending == 0 || asked /* in the kernel */
       fi
    :: meets && GOES_ON ->
       d_step { assert(holder == me + 1); meets = false };
       if
       :: true
       :: true -> pending == 0 || asked
       fi
    :: atomic { !GOES_ON && MUT == 1 && slot == BUSY -> owners++; lingers[me] = true; taken[me] = false };
       feed();
       end_linger()
    :: !GOES_ON ->
       if
       :: CLAIM;
          if
          :: tail != head -> feed()
          :: else -> let_go()
          fi;
          end_linger()
       :: CLAIM_QUEUED; flush_slot(); end_linger()
       :: true ->
          hold((me + 1));
          if :: d_step { over -> over = false } :: else -> goto base fi
       fi
    od
}

active proctype sink()
{
    do
    :: atomic {
           y > 0 -> assert(results[0] == received);
           received = (received + 1) & MASK;
           y--;
           pending--;
           results[0] = results[CAP - 1];
           results[CAP - 1] = (y == CAP - 1 -> 0 : results[CAP - 1]);
           if :: slot == HELD -> slot = QUEUED :: else fi
       }
    od
}

/* A tick that would change nothing is no step. */
active proctype monitor()
{
    bool over;
    byte t;

    do
    :: atomic { lingers[0] && !taken[0] -> taken[0] = true; holder = MONITOR }; goto stolen
    :: atomic { lingers[1] && !taken[1] -> taken[1] = true; holder = MONITOR };
stolen:
       hold(MONITOR);
       if
       :: atomic { over -> over = false; holder = 0; source = QUEUED }
       :: else
       fi
    :: atomic { passed && !batch_lock && next != head -> batch_lock = true; head = next };
       wake_source();
       batch_lock = false
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
