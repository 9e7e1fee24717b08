/* The pool's word: who is responsible for an item that is published (pool.c: park, prt_pool_needs_; look.c:
 * give_up, prt_pool_alert_, run_quick; monitor.c: tick, stop_watching; docs/runtime.md, "No item without a thread
 * responsible for it"). What a thread leaves to others, and a nap, end by the clock, and are not here.
 *
 * A source publishes an item for stage 0 and one for stage 1 by plain stores, and then blocks in the kernel until both
 * were worked on; so it goes on for ever. The body of stage 0 blocks in the kernel until stage 1's has run. WAITS=1: the
 * runtime knows that it may (its thread gives its place away); WAITS=0: it is a leaf that blocks without notice, and the
 * monitor has to find out. QUICK=1: a spinning thread may run a quick batch, counted as spinning still.
 *
 * Left out: which thread the lot gives (any), hints, threads that end (retire.pml). A thread
 * that growth starts is counted as spinning before it runs, as one that is woken; so all threads are here from the
 * beginning, and one that cannot be started is one that stops spinning and passes on.
 *
 * run waits            -DWAITS=1 -DPLACES=1 -DNT=2
 * run blocks           -DWAITS=0 -DPLACES=1 -DNT=2
 * run quick            -DWAITS=0 -DPLACES=1 -DNT=2 -DQUICK=1 -DTSO=0
 * run two-places       -DWAITS=1 -DPLACES=2 -DNT=2 -DTSO=2
 * long three-threads   -DWAITS=1 -DPLACES=2 -DNT=3 -DTSO=2
 * long three-quick     -DWAITS=0 -DPLACES=2 -DNT=3 -DTSO=2 -DQUICK=1
 * mutant 1 -DWAITS=1 -DPLACES=1 -DNT=2 who parks passes no barrier
 * mutant 2 -DWAITS=1 -DPLACES=1 -DNT=2 who parks does not look again
 * mutant 3 -DWAITS=1 -DPLACES=2 -DNT=2 a spinner that takes work does not pass on what is ready, nor when it gives its place away
 * mutant 4 -DWAITS=1 -DPLACES=2 -DNT=2 passing on looks without a barrier
 * mutant 5 -DWAITS=0 -DPLACES=1 -DNT=2 NEEDY asks only whether somebody is parked, not whether the monitor watches
 * mutant 6 -DWAITS=0 -DPLACES=1 -DNT=2 the monitor goes to sleep without looking once more
 * mutant 7 -DWAITS=0 -DPLACES=1 -DNT=2 the monitor does not add places
 * passes 8 -DWAITS=0 -DPLACES=1 -DNT=2 -DQUICK=1 the monitor leaves a stuck quick batch counted as spinning: it watches while anybody spins, and gives what is unserved a thread itself
 * mutant 9 -DWAITS=0 -DPLACES=1 -DNT=2 whoever finds nobody to wake does not wake the monitor
 * mutant 10 -DWAITS=1 -DPLACES=1 -DNT=2 the publisher looks at the word before it stores the item
 * mutant 11 -DWAITS=1 -DPLACES=2 -DNT=2 a thread that is woken is not counted as spinning before it runs
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef QUICK
#define QUICK 0
#endif
#define BUFFERS 1
#define SOURCE 0
byte queued[2];
#define STORE_TO(p, v) queued[p] = queued[p] + v
#include "tso.h"

byte spinning = NT, parked, acting, places = PLACES; /* the word: its fields change together, in one step */
bool watching = true;
#define WAKEABLE (parked > 0 && acting < places)
#if MUT == 5
#define NEEDY (spinning == 0 && WAKEABLE)
#else
#define NEEDY (spinning == 0 && (WAKEABLE || !watching))
#endif
#define READY(s) (queued[s] > 0 && !busy[s])
#define HAS_WORK (READY(0) || READY(1))

bool busy[2], done[2];
bool lot[NT];   /* taking a thread out of it is what ends its sleep */
byte quick[NT]; /* 0 none, 1 runs, 2 over: the monitor has counted the thread as active */
#define BATCH (quick[0] == 1 || quick[NT - 1] == 1 || (NT > 2 && quick[1] == 1))

inline wake_one(ok)
{
    if
    :: lot[0] -> lot[0] = false; ok = true
    :: lot[NT - 1] -> lot[NT - 1] = false; ok = true
    :: NT > 2 && lot[1] -> lot[1] = false; ok = true
    :: else -> ok = false
    fi;
    if :: ok -> parked--; spinning = spinning + (MUT != 11) :: else fi
}

/* One look at the word; then, each a step of its own, somebody is woken or the monitor is. */
inline needs(can, ok)
{
    if
    :: d_step { NEEDY -> can = acting < places };
       atomic { if :: can -> wake_one(ok) :: else -> ok = false fi; can = 0 };
       if
       :: d_step { !ok && MUT != 9 -> watching = true }
       :: else
       fi;
       ok = false
    :: else
    fi
}

inline pass_on(can, ok)
{
    if
    :: NEEDY ->
       if :: MUT != 4 -> barrier_all() :: else fi;
       if
       :: HAS_WORK -> needs(can, ok)
       :: else
       fi
    :: else
    fi
}

#if MUT == 10
#define PUBLISH(s) needs(can, ok); STORE(SOURCE, s, 1)
#else
#define PUBLISH(s) STORE(SOURCE, s, 1); needs(can, ok)
#endif

active proctype source()
{
    bool can, ok;

    do
    :: PUBLISH(0);
       PUBLISH(1);
       atomic { done[0] && done[1] -> done[0] = false; done[1] = false }
    od
}

/* A round has one item of each stage. */
inline body(s)
{
    if
    :: d_step { queued[s] > 0 -> queued[s]-- };
       if
       :: d_step { s == 0 && done[1] -> done[0] = true }
       :: d_step { s == 1 -> done[1] = true }
       fi
    :: else
    fi
}

active [NT] proctype pool()
{
    byte me = _pid - 1, s;
    bool spins = true, can, ok;

    do
    :: /* look for work */
       if
       :: atomic { READY(1) -> busy[1] = true; s = 1 }
       :: atomic { READY(0) -> busy[0] = true; s = 0 }
       :: d_step { !HAS_WORK && !spins -> spinning++; acting--; spins = true }; goto next
       :: d_step { !HAS_WORK && spins -> lot[me] = true; spinning--; parked++ }; goto lying
       fi;
       if
       :: d_step { QUICK && spins && watching -> quick[me] = 1 };
          body(s);
          busy[s] = false;
          d_step { spins = (quick[me] == 1); quick[me] = 0; s = 0 }
       :: else ->
          if
          :: d_step { spins -> spinning--; acting++; spins = false };
             if :: MUT != 3 -> pass_on(can, ok) :: else fi
          :: else
          fi;
          if
          :: d_step { WAITS && s == 0 -> acting-- };
             if :: MUT != 3 -> pass_on(can, ok) :: else fi;
             body(0);
             busy[0] = false;
             acting++
          :: else ->
             body(s);
             d_step { busy[s] = false; s = 0 }
          fi
       fi;
       goto next;
lying:
       if :: MUT != 1 -> barrier_all() :: else fi;
       if
       :: MUT != 2 && NEEDY && HAS_WORK ->
          atomic { if :: lot[me] -> lot[me] = false; spinning++; parked-- :: else fi }
       :: else
       fi;
       d_step { !lot[me] -> spinning = spinning + (MUT == 11); spins = true };
next:  skip
    od
}

/* Unserved for a tick: more places, and somebody wakes. */
#define GROW ((MUT != 7) && watching && HAS_WORK && (parked > 0 || (acting >= places && places < NT)))

/* A tick is enabled only where it would change something: a step that changes nothing would hide that all others wait. */
active proctype monitor()
{
    bool can, ok;

    do
    :: atomic {
           GROW -> if :: acting >= places && places < NT -> places++ :: else fi;
           wake_one(ok);
           ok = false
       }
    :: d_step { watching && !HAS_WORK && places > PLACES && places > acting + spinning -> places-- }
    :: d_step { MUT != 8 && watching && quick[0] == 1 -> quick[0] = 2; spinning--; acting++ }; needs(can, ok)
    :: d_step { MUT != 8 && watching && quick[NT - 1] == 1 -> quick[NT - 1] = 2; spinning--; acting++ }; needs(can, ok)
    :: d_step { watching && !HAS_WORK && spinning == 0 && !BATCH -> watching = false }; /* nothing to watch */
       barrier_all();
       if
       :: d_step { MUT != 6 && (spinning > 0 || BATCH || (NEEDY && HAS_WORK)) -> watching = true }
       :: else
       fi
    od
}

#if TSO > 0
active proctype flusher()
{
    do
    :: d_step { buf[0].n > 0 -> flush_one(0) }
    od
}
#endif
