/* A thread that ends, and one that wakes it (pool.c: prt_pool_retire_, prt_pool_wake_one_, park;
 * monitor.c: retire_one, prt_monitor_start_).
 * Of NT threads growth added all but START; while there are more than that the monitor takes the one that has been
 * parked longest out of the lot, under the lot's lock, and tells it to end. It starts another thread when it likes, in
 * the memory of one that ended.
 *
 * A source publishes an item, wakes somebody if nobody spins, and goes on when the item was worked on; so it goes on for
 * ever. A waker that took a thread off another list (STRAY) sets its event at any time later, also when it has ended.
 *
 * Left out: the time after which a thread counts as idle.
 *
 * run two-threads    -DNT=2
 * run stray-wakes    -DNT=2 -DSTRAY=1
 * long three-threads -DNT=3 -DSTRAY=1 -DTIMES=2
 * long down-to-two   -DNT=3 -DSTART=2
 * mutant 1 -DNT=2 the thread that is to end is chosen and taken out of the lot in two steps
 * mutant 2 -DNT=2 a waker looks at the lot and takes a thread out of it in two steps
 * mutant 3 -DNT=2 a thread ends though there are no more than at the start
 * mutant 4 -DNT=2 -DSTRAY=1 the memory of a thread that has ended is freed at once
 * mutant 5 -DNT=2 a thread that is to end is counted as spinning, like one that is woken
 * mutant 6 -DNT=2 a thread that was told to end is put back to work without a look at the flag
 * mutant 7 -DNT=2 -DSTRAY=1 a thread whose wait ends for no reason takes that for its end
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef STRAY
#define STRAY 0
#endif
mtype = { NONE, RUNS, ENDED, FREED };
mtype life[NT] = RUNS;
#ifndef START
#define START 1
#endif
byte threads = NT;     /* of the pool */
byte spinning = NT, parked;
bool lot[NT], retire[NT], event[NT];
byte since[NT];        /* 1: parked first */
byte items, working;
#ifndef TIMES
#define TIMES 2
#endif
#define NEEDY (spinning == 0 && parked > 0)
#define READY (items > 0 && working == 0)

inline forget(t)
{
    d_step {
        k = 0;
        do
        :: k < NT -> since[k] = (since[k] > since[t] -> since[k] - 1 : since[k]); k++
        :: else -> break
        od;
        since[t] = 0;
        k = 0
    }
}

inline set_event(t)
{
    assert(life[t] != FREED);
    event[t] = true
}

inline choose(t)
{
    if
    :: lot[0] -> t = 0
    :: lot[1] -> t = 1
    :: NT > 2 && lot[NT - 1] -> t = NT - 1
    fi
}

/* Takes one out and counts it as spinning, in one section; then its event. */
inline needs(t)
{
    if
    :: NEEDY ->
       if
       :: MUT == 2 ->
          if
          :: atomic { parked > 0 -> choose(t) };
             atomic { lot[t] = false; forget(t); parked--; spinning++ };
             set_event(t)
          :: else
          fi
       :: else ->
          if
          :: atomic { parked > 0 -> choose(t); lot[t] = false; forget(t); parked--; spinning++ }; set_event(t)
          :: else
          fi
       fi;
       t = 0
    :: else
    fi
}

active proctype source()
{
    byte t, k;

    do
    :: items++;
       needs(t);
       items == 0 && working == 0
    od
}

active [NT] proctype pool()
{
    byte me = _pid - 1, t, k;
    bool spins = true;

    do
    :: atomic { spins && READY -> items--; working++; spinning--; spins = false };
       if :: NEEDY && READY -> needs(t) :: else fi;
       working--
    :: atomic { !spins -> spins = true; spinning++ }
    :: atomic { spins && !READY ->
           lot[me] = true; since[me] = parked + 1; parked++; spinning--; spins = false };
       if
       :: NEEDY && READY ->
          atomic { if :: lot[me] -> lot[me] = false; forget(me); parked--; spinning++ :: else fi }
       :: else
       fi;
       do /* while (lot_has(thread)) */
       :: atomic { !lot[me] -> break }
       :: atomic { lot[me] && event[me] -> event[me] = false };
          if :: MUT == 7 -> retire[me] = true; break :: else fi
       od;
       if
       :: atomic { retire[me] && MUT != 6 -> life[me] = ENDED };
          end:      atomic { life[me] == RUNS -> spins = true } /* started again, counted so by the monitor */
       :: atomic { !retire[me] || MUT == 6 -> spins = true }
       fi
    od
}

#define OLDEST(t) (lot[t] && since[t] == 1)
#define SPARE (threads > START || MUT == 3)
active proctype monitor()
{
    byte t, k, times;

end:
    do
    :: parked > 0 && SPARE && times < TIMES ->
       times++;
       if
       :: MUT == 1 ->
          if
          :: OLDEST(0) -> t = 0
          :: OLDEST(1) -> t = 1
          :: else -> goto none
          fi;
          atomic { lot[t] = false; retire[t] = true; threads--; parked = (parked > 0 -> parked - 1 : 0); forget(t) }
       :: else ->
          if
          :: atomic { SPARE && OLDEST(0) -> t = 0; lot[t] = false; retire[t] = true; threads--; parked--; forget(t) }
          :: atomic { SPARE && OLDEST(1) -> t = 1; lot[t] = false; retire[t] = true; threads--; parked--; forget(t) }
          :: atomic { NT > 2 && SPARE && OLDEST(NT - 1) ->
                 t = NT - 1; lot[t] = false; retire[t] = true; threads--; parked--; forget(t) }
          :: else -> goto none
          fi
       fi;
       if :: MUT == 5 -> spinning++ :: else fi;
       set_event(t);
       life[t] == ENDED; /* join */
       if :: MUT == 4 -> life[t] = FREED :: else fi;
       if
       :: true
       :: true -> /* growth starts one again, in the same memory */
          atomic { retire[t] = false; event[t] = false; threads++; spinning++; life[t] = RUNS }
       fi;
none:  t = 0 /* a bounded number of times: for ever, it would hide that all others wait */
    od
}

#if STRAY
active proctype stray()
{
    byte times;

end:
    do
    :: times < TIMES -> times++; if :: set_event(0) :: set_event(1) fi
    od
}
#endif
