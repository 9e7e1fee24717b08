/* The pool's word and a thread whose body waits (look.c: prt_pool_take_place_, prt_pool_drop_place_, prt_pool_alert_stage_;
 * monitor.c: uncount_placed; docs/runtime.md, "No item without a thread responsible for it"). A thread in a body that
 * may wait is in no count. Where its channel is full it lingers and runs leaves: it is placed, counted as active again,
 * and stays so when it goes on with the body, until it gives the body up or the monitor finds it stuck; who swaps
 * `placed` for 0 has the count. A thread that gives its body up is at base level, active, and looks.
 *
 * One source, which sends for ever, at any item may block in the kernel until all it sent was worked on, and may be
 * held where its channel (CAP places) is full; and one leaf, which may block in the kernel until the result before was
 * had. Each of two threads may run either. REND=1: the channel is a rendezvous, and before each item the source sends
 * two to another leaf: its thread may run one of those and leave the other, and the source go on without sending.
 *
 * Left out: stealing (linger.pml), what is fed (feed.pml), and what park.pml has: how threads park, pass work on
 * when they take some, and the monitor's sleep.
 *
 * run two-places      -DCAP=1 -DTSO=0 -DPLACES=2
 * long one-place      -DCAP=1 -DTSO=0
 * long delayed        -DCAP=1
 * long two-delayed    -DCAP=2 -DPLACES=2
 * long rendezvous     -DCAP=1 -DTSO=0 -DREND=1
 * mutant 1 -DCAP=1 -DTSO=0 -DREND=1 a thread that goes on with its body does not look at what it left
 * mutant 2 -DCAP=1 -DTSO=0 a thread that gives its body up takes itself for placed, whatever the monitor did
 * mutant 3 -DCAP=1 -DTSO=0 a thread is marked as placed before it is counted
 * mutant 4 -DCAP=1 -DTSO=0 the monitor takes a place back by a look and a store, not a swap
 * mutant 5 -DCAP=1 -DTSO=0 the monitor neither takes places back nor adds any
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef REND
#define REND 0
#endif
#ifndef PLACES
#define PLACES 1
#endif
#define MASK 3
#define NT 2
#define BUFFERS NT
byte tail, head;
#define STORE_TO(p, v) if :: (p) == 0 -> tail = v :: else -> head = v fi
#include "tso.h"
mtype = { HELD, QUEUED, RUNNING };
bool busy;              /* the leaf's slot */
mtype source = QUEUED;
byte sent, pending, done; /* done: leaf bodies that are over and not had */

byte spinning = NT, parked, acting, places = PLACES; /* the word */
bool watching = true;
bool placed[NT];
byte tokens;            /* threads taken out of the lot that have not woken yet */
#define NEEDY (spinning == 0 && ((parked > 0 && acting < places) || !watching))
#define READY (!busy && tail != head)
#if REND
byte z;                 /* queued for the other leaf */
bool z_busy, meets;
#define READY_Z (!z_busy && z > 0)
#define GOES_ON (meets -> sent == head : ROOM && z == 0)
#else
#define meets false
#define READY_Z false
#define GOES_ON ROOM
#endif
#define HAS_WORK (READY || READY_Z || source == QUEUED)

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
inline drop_place(t, mine)
{
    if
    :: MUT == 4 -> mine = placed[t]; placed[t] = false
    :: else -> d_step { mine = placed[t]; placed[t] = false }
    fi;
    d_step { if :: mine -> assert(acting > 0); acting--; mine = false :: else fi }
}

inline hold_place()
{
    if
    :: placed[me]
    :: !placed[me] && MUT == 3 -> placed[me] = true; acting++
    :: !placed[me] && MUT != 3 -> acting++; placed[me] = true
    fi
}

/* The slot is the caller's. */
inline run_leaf()
{
    STORE(me, 1, (head + 1) & MASK);
    atomic { DRAINED(me) -> if :: source == HELD -> source = QUEUED; needs(ok) :: else fi };
    if
    :: true
    :: true -> done == 0
    fi;
    atomic { done < 2 -> done++ };
    atomic { DRAINED(me) -> busy = false }
}

#if REND
inline run_z()
{
    atomic { z--; pending-- };
    atomic { if :: z == 0 && !meets && source == HELD -> source = QUEUED; needs(ok) :: else fi };
    atomic { DRAINED(me) -> z_busy = false }
}
#endif

/* A thread at base level looks for work no more. */
inline take()
{
    if
    :: d_step { spins -> spinning--; acting++; spins = false }; pass_on(ok)
    :: else
    fi
}

/* prt_pool_alert_stage_(): a thread goes on with a body, and may never look again. */
inline leave_stage(ready)
{
    if
    :: MUT != 1 && NEEDY -> if :: (ready) -> needs(ok) :: else fi
    :: else
    fi
}

#define ROOM (((sent - head) & MASK) < CAP)

active [NT] proctype pool()
{
    byte me = _pid;
    bool spins = true, ok, mine;

base:
    do
    :: atomic { source == QUEUED && DRAINED(me) -> source = RUNNING };
       take();
       acting--; /* it gives its place away */
       pass_on(ok);
       goto up
    :: atomic { READY && DRAINED(me) -> busy = true };
       take();
       run_leaf()
#if REND
    :: atomic { READY_Z && DRAINED(me) -> z_busy = true };
       take();
       run_z()
#endif
    :: d_step { !HAS_WORK && !spins -> spinning++; acting--; spins = true }
    :: d_step { !HAS_WORK && spins -> spinning--; parked++; spins = false };
       barrier_all();
       if
       :: NEEDY && HAS_WORK ->
          atomic { if :: parked > 0 -> parked--; spinning++ :: else -> tokens-- fi; spins = true }
       :: else -> atomic { tokens > 0 -> tokens--; spins = true }
       fi
    od;
up: /* with the source */
    do
    :: GOES_ON && !meets ->
#if REND
       d_step { z = 2; pending = pending + 3 };
       needs(ok);
       d_step { meets = true; sent = (sent + 1) & MASK };
#else
       d_step { sent = (sent + 1) & MASK; pending++ };
#endif
       STORE(me, 0, sent);
       needs(ok);
       if
       :: true
       :: !REND -> pending == 0 /* in the kernel */
       fi
    :: atomic { !GOES_ON && READY && DRAINED(me) -> busy = true };
       hold_place();
       run_leaf();
       leave_stage(READY)
#if REND
    :: atomic { !GOES_ON && READY_Z && DRAINED(me) -> z_busy = true };
       hold_place();
       run_z();
       leave_stage(READY_Z)
    :: meets && GOES_ON ->
       meets = false;
       if
       :: true
       :: true -> pending == 0
       fi
#endif
    :: atomic { DRAINED(me) && !GOES_ON -> source = HELD }; /* it gives up; how it is held: slot.pml */
       d_step { mine = placed[me]; placed[me] = false };
       d_step { if :: mine || MUT == 2 -> mine = false :: else -> acting++ fi };
       goto base
    od
}

active proctype sink()
{
    do
    :: atomic { done > 0 -> done--; pending-- }
    od
}

#define UNSERVED (watching && HAS_WORK)
#define STUCK(t) (MUT != 5 && watching && placed[t])
/* A tick is enabled only where it would change something (park.pml). */
active proctype monitor()
{
    bool ok, mine;

    do
    :: atomic {
           UNSERVED && (parked > 0 && acting < places || (MUT != 5 && acting >= places && places <= NT)) ->
           if :: acting >= places -> places++ :: else fi;
           wake_one(ok);
           ok = false
       }
    :: d_step { watching && !HAS_WORK && places > PLACES && places > acting + spinning -> places-- }
    :: STUCK(0) -> drop_place(0, mine); needs(ok) /* it has found no channel full for a tick */
    :: STUCK(1) -> drop_place(1, mine); needs(ok)
    :: d_step { watching && !HAS_WORK && spinning == 0 && !placed[0] && !placed[1] -> watching = false };
       barrier_all();
       if
       :: d_step { spinning > 0 || placed[0] || placed[1] || (NEEDY && HAS_WORK) -> watching = true }
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
    od
}
#endif
