/* A body that waits leaves its thread. It has a stack of its own; where its channel is full, its thread goes back to
 * its own stack and lingers: it runs leaves, and takes the body up again when there is room. While the thread is in a
 * leaf the body may be stolen, by a thread that looks or by the monitor. Who has stolen it holds it as a slot is held
 * (slot.pml): it enters the channel's list, looks again, and swaps RUNNING for HELD. So does a thread that has nothing
 * to run.
 *
 * MEMB=1: `lingers` is a plain store of the owner's, as `head` is of a leaf and `tail` of a body. The thief swaps
 * `wants`, passes a barrier and looks at `lingers`; the owner clears `lingers` and looks at `wants`. MEMB=0: no
 * membarrier; the owner and the ends of the channel swap. `wants` is 0, ASKED, TAKEN or DENIED, and changes by compare
 * and swap: 0 to ASKED and ASKED to TAKEN by a thief, ASKED to DENIED by an owner that is back; who asked clears what
 * was denied, the owner what was taken. The monitor sleeps while nobody lingers, and an owner wakes it.
 *
 * A leaf may block until its body has sent the next item, so whoever keeps the body from going on stops everything.
 * There are BODIES sources, each with a channel of one place and a leaf; of two only the first one's leaf blocks, or
 * both threads would (growth adds more). Any thread runs, suspends, steals and resumes any body. LOOKS=1: threads look
 * until they all sleep, at any time; then the monitor is left. ITEMS: of each body; 0: for ever. ABORT=1: a tear-down
 * at any time. `holder` is a ghost: who may touch the body.
 *
 * Left out: when a thief tries (a body that has not moved for 5 us; the second tick), how threads park (park.pml),
 * batches of leaves (batch.pml), outboxes, turns, permits; other waits than for room, which differ in what is looked
 * at.
 *
 * run looks           -DLOOKS=1
 * run no-membarrier   -DLOOKS=1 -DMEMB=0
 * run tear-down       -DLOOKS=1 -DABORT=1 -DITEMS=3
 * run two-bodies      -DLOOKS=0 -DBODIES=2 -DITEMS=2
 * long tear-down-for-ever -DLOOKS=1 -DABORT=1
 * long two-entries    -DLOOKS=1 -DTSO=2
 * long three-threads  -DLOOKS=1 -DNT=3 -DITEMS=3
 * long two-bodies-look -DLOOKS=1 -DBODIES=2 -DITEMS=2
 * long two-bodies-for-ever -DLOOKS=1 -DBODIES=2 -DMEMB=0
 * mutant 1 -DLOOKS=0 the thief passes no barrier
 * mutant 2 -DLOOKS=0 the owner does not look at `wants`
 * mutant 3 -DLOOKS=0 the thief clears `wants` itself when it has taken the body
 * mutant 4 -DLOOKS=0 the owner takes its body for its own, though `wants` is TAKEN
 * mutant 5 -DLOOKS=0 who holds the body does not look again when it has entered the list
 * mutant 6 -DLOOKS=0 the body becomes HELD by a store, though it was woken
 * mutant 7 -DLOOKS=0 the owner looks at `wants` before it clears `lingers`
 * mutant 8 -DLOOKS=1 a thief asks although `wants` is TAKEN
 * mutant 9 -DLOOKS=0 -DBODIES=2 -DITEMS=2 a thief takes the body that it saw at first, not the one that lingers now
 * mutant 10 -DLOOKS=0 who holds the body passes no barrier between entering the list and looking again
 * mutant 11 -DLOOKS=1 a thief asks although another one has
 * mutant 12 -DLOOKS=0 a thief that was denied does not clear `wants`
 * mutant 13 -DLOOKS=0 the owner does not clear `wants` when it has lost its body
 * mutant 14 -DLOOKS=0 an owner does not look whether the monitor sleeps
 * mutant 15 -DLOOKS=0 -DMEMB=0 the owner clears `lingers` by a plain store, without membarrier
 * mutant 16 -DLOOKS=0 -DMEMB=0 the owner stores `lingers` plainly before it looks at the monitor, without membarrier
 * mutant 17 -DLOOKS=0 the monitor goes to sleep without looking once more who lingers
 * mutant 18 -DLOOKS=0 the monitor passes no barrier before it looks once more
 * mutant 19 -DLOOKS=0 the monitor does not steal
 * mutant 20 -DLOOKS=0 a thief whose swap fails leaves the body
 * mutant 21 -DLOOKS=1 a thief stores TAKEN, though it was denied
 * mutant 22 -DLOOKS=1 an owner denies by clearing the word, and another may ask
 * mutant 23 -DLOOKS=0 -DABORT=1 -DITEMS=3 a tear-down wakes no body that is held
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef MEMB
#define MEMB 1
#endif
#ifndef LOOKS
#define LOOKS 1
#endif
#ifndef ITEMS
#define ITEMS 0
#endif
#ifndef BODIES
#define BODIES 1
#endif
#ifndef ABORT
#define ABORT 0
#endif
#ifndef NT
#define NT 2
#endif
#define BUFFERS NT
#define MONITOR (NT + 1)
#define LINGERS(t) (t)
#define HEAD(c) (NT + (c))
#define TAIL(c) (NT + BODIES + (c))
byte lingers[NT], head[BODIES], tail[BODIES]; /* lingers: body + 1, or 0 */
#define STORE_TO(p, v) \
    if \
    :: (p) < NT -> lingers[p] = v \
    :: (p) >= NT && (p) < NT + BODIES -> head[(p) - NT] = v \
    :: else -> tail[(p) - NT - BODIES] = v \
    fi
#include "tso.h"
#if MEMB
#define STORES(p, v) STORE(me, p, v)
#else
#define STORES(p, v) atomic { DRAINED(me) -> STORE_TO(p, v) }
#endif

mtype = { RUNNING, WOKEN, HELD, QUEUED, ENDED };
mtype state[BODIES] = QUEUED;
bool waiting[BODIES];           /* in its channel's list */
byte holder[BODIES];            /* thread + 1 */
byte sent[BODIES], begun[BODIES]; /* the body's own count; the leaf's */
#if ITEMS
byte left[BODIES] = ITEMS;
#define OVER(b) (left[b] == 0 || aborted)
#define COUNT(b) left[b]--
#else
#define OVER(b) aborted
#define COUNT(b)
#endif
bool lies[BODIES], busy[BODIES];  /* the channel's place; the leaf's slot */
#define ASKED 1
#define TAKEN 2
#define DENIED 3
byte wants[NT];
bool watching = true, aborted;
bool looking = LOOKS; /* threads look; when they all sleep, or are in bodies, the monitor is left */

#define ROOM(b) (sent[b] == head[b] || OVER(b))
#define READY(c) (!busy[c] && tail[c] != begun[c] && !aborted)
#define SOME_READY (READY(0) || READY(BODIES - 1))
#define ASKABLE(t) (wants[t] == 0 || (MUT == 8 && wants[t] == TAKEN) || (MUT == 11 && wants[t] == ASKED))
#define STEALABLE(t) (lingers[t] != 0 && ASKABLE(t))
#define WATCHED(t) (lingers[t] != 0 && wants[t] != TAKEN)

inline wake(c)
{
    if
    :: atomic { state[c] == RUNNING -> state[c] = WOKEN }
    :: atomic { state[c] == HELD -> state[c] = QUEUED }
    :: atomic { state[c] != RUNNING && state[c] != HELD -> skip }
    fi
}

/* The leaf's slot is the caller's. */
inline run_leaf(c)
{
    d_step { assert(lies[c]); lies[c] = false; begun[c] = 1 - begun[c] };
    STORES(HEAD(c), begun[c]);
    if
    :: waiting[c] ->
       atomic { DRAINED(me) -> saw = waiting[c]; waiting[c] = false };
       if :: d_step { saw -> saw = 0 }; wake(c) :: else fi
    :: else
    fi;
    if
    :: true
    :: c == 0 -> tail[c] != begun[c] || OVER(c) /* in the kernel, until the next item was sent */
    fi;
    atomic { DRAINED(me) -> busy[c] = false }
}

/* The body is the caller's, whose wait for room nobody knows of. Afterwards it is over, or somebody else's. */
inline hold(me_, b, over)
{
    d_step { assert(holder[b] == me_); state[b] = RUNNING };
    waiting[b] = true;
    if :: MUT != 10 -> barrier_all() :: else fi;
    if
    :: MUT != 5 && ROOM(b) -> over = true
    :: else ->
       if
       :: MUT == 6 -> atomic { state[b] = HELD; holder[b] = 0 }
       :: atomic { MUT != 6 && state[b] == RUNNING -> state[b] = HELD; holder[b] = 0 }
       :: MUT != 6 && state[b] == WOKEN -> over = (MUT != 20)
       fi
    fi;
    if
    :: atomic { over -> waiting[b] = false; state[b] = RUNNING }
    :: else
    fi
}

/* The body that lingers on thread v becomes the caller's: b, or NONE. */
#define NONE 7
inline steal(me_, v, b)
{
    if :: MUT == 9 -> b = (lingers[v] == 0 -> NONE : lingers[v] - 1) :: else fi;
    if
    :: atomic { ASKABLE(v) -> wants[v] = ASKED };
       if :: MEMB && MUT != 1 -> barrier_all() :: else fi;
       atomic {
           if
           :: lingers[v] != 0 -> b = (MUT == 9 -> b : lingers[v] - 1)
           :: else -> b = NONE
           fi
       };
       if
       :: atomic { b != NONE && (wants[v] == ASKED || MUT == 21) -> wants[v] = (MUT == 3 -> 0 : TAKEN); holder[b] = me_ }
       :: atomic { else -> b = NONE; if :: MUT != 12 -> wants[v] = 0 :: else fi }
       fi
    :: atomic { !ASKABLE(v) -> b = NONE }
    fi
}

inline end_linger(mine)
{
    if :: MUT == 7 -> saw = wants[me] :: else fi;
    if
    :: MUT == 15 -> STORE(me, LINGERS(me), 0)
    :: else -> STORES(LINGERS(me), 0)
    fi;
    if :: MUT != 7 -> saw = wants[me] :: else fi;
    if
    :: saw && MUT != 2 ->
       if
       :: atomic { DRAINED(me) && wants[me] == ASKED -> wants[me] = (MUT == 22 -> 0 : DENIED); mine = true }
       :: atomic { DRAINED(me) && wants[me] == TAKEN -> mine = MUT == 4; if :: MUT != 13 -> wants[me] = 0 :: else fi }
       :: atomic { DRAINED(me) && (wants[me] == 0 || wants[me] == DENIED) -> mine = true }
       fi
    :: else -> mine = true
    fi;
    saw = 0
}

inline linger()
{
    if
    :: MUT == 16 -> STORE(me, LINGERS(me), b + 1)
    :: else -> STORES(LINGERS(me), b + 1)
    fi;
    if
    :: !watching && MUT != 14 -> watching = true
    :: else
    fi;
    run_leaf(c);
    end_linger(over)
}

#define CLAIM(x) atomic { DRAINED(me) && READY(x) -> busy[x] = true; c = x }
#define RESUME(x) \
    atomic { DRAINED(me) && state[x] == QUEUED -> assert(holder[x] == 0); state[x] = RUNNING; holder[x] = me + 1; b = x }

inline look_at(v)
{
    steal((me + 1), v, b);
    if
    :: b != NONE ->
       hold((me + 1), b, over);
       if
       :: d_step { over -> over = false }; goto up
       :: else -> b = NONE
       fi
    :: else
    fi
}

active [NT] proctype pool()
{
    byte me = _pid, b = NONE, c;
    byte saw;
    bool over;

base: /* the thread has no body */
    do
    :: RESUME(0); goto up
    :: CLAIM(0); run_leaf(c)
#if BODIES > 1
    :: RESUME(1); goto up
    :: CLAIM(1); run_leaf(c); c = 0
#endif
#if LOOKS
    :: atomic { looking && STEALABLE((me + 1) % NT) && DRAINED(me) -> skip }; look_at(((me + 1) % NT))
#if NT > 2
    :: atomic { looking && STEALABLE((me + 2) % NT) && DRAINED(me) -> skip }; look_at(((me + 2) % NT))
#endif
#endif
    :: (aborted || ITEMS) && !SOME_READY && state[0] == ENDED && state[BODIES - 1] == ENDED -> goto gone
    od;
up: /* the body runs; where there is no room, its thread lingers */
    do
    :: d_step { OVER(b) -> assert(holder[b] == me + 1); holder[b] = 0; state[b] = ENDED; b = NONE }; goto base
    :: atomic { ROOM(b) && !OVER(b) ->
           COUNT(b); assert(holder[b] == me + 1 && !lies[b]); lies[b] = true; sent[b] = 1 - sent[b] };
       STORES(TAIL(b), sent[b])
    :: atomic { !ROOM(b) && DRAINED(me) && READY(0) -> busy[0] = true; c = 0 };
       linger();
       if :: d_step { over -> over = false } :: else -> b = NONE; goto base fi
#if BODIES > 1
    :: atomic { !ROOM(b) && DRAINED(me) && READY(1) -> busy[1] = true; c = 1 };
       linger();
       c = 0;
       if :: d_step { over -> over = false } :: else -> b = NONE; goto base fi
#endif
    :: !ROOM(b) && !SOME_READY -> /* it gives up */
       hold((me + 1), b, over);
       if :: d_step { over -> over = false } :: else -> b = NONE; goto base fi
    od;
gone:
    skip
}

/* A tick that would change nothing is no step: it would hide that all others wait. */
active proctype monitor()
{
    byte b = NONE;
    bool over;

end:
    do
    :: atomic { MUT != 19 && watching && STEALABLE(0) -> skip }; steal(MONITOR, 0, b); goto stolen
    :: atomic { MUT != 19 && watching && STEALABLE(1) -> skip }; steal(MONITOR, 1, b); goto stolen
#if NT > 2
    :: atomic { MUT != 19 && watching && STEALABLE(2) -> skip }; steal(MONITOR, 2, b);
#endif
stolen:
       if
       :: b != NONE ->
          hold(MONITOR, b, over);
          if
          :: atomic { over -> over = false; holder[b] = 0; state[b] = QUEUED }
          :: else
          fi;
          b = NONE
       :: else
       fi
    :: atomic { watching && !WATCHED(0) && !WATCHED(1) && !WATCHED(NT - 1) -> watching = false };
       if :: MEMB && MUT != 18 -> barrier_all() :: else fi;
       if
       :: MUT != 17 && (WATCHED(0) || WATCHED(1) || WATCHED(NT - 1)) -> watching = true
       :: else
       fi
    :: d_step { looking -> looking = false }
#if ABORT
    :: atomic { !aborted -> aborted = true };
       if :: MUT != 23 -> wake(0) :: else fi;
       if :: BODIES > 1 -> wake((BODIES - 1)) :: else fi
#endif
    od
}

#if TSO > 0
active proctype flusher()
{
end:
    do
    :: atomic { buf[0].n > 0 -> flush_one(0) }
    :: atomic { buf[1].n > 0 -> flush_one(1) }
#if NT > 2
    :: atomic { buf[2].n > 0 -> flush_one(2) }
#endif
    od
}
#endif
