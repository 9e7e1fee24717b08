/* Bounds (bound.c; slot.c: prt_slot_hold_, prt_slot_take_bounds_): weighted permits, granted in the order of asking. W slots
 * ask for permits again and again, WEIGHT units or 1 (FIXED=1: slot 0 always 1, the others WEIGHT), run a body, and give
 * them back. Who gets none is held without a thread until it is granted; a grant is stored before its slot is woken. A
 * section under the bound's lock is one step. What is heavier than the bound takes all of it.
 *
 * TWO=1: a second bound of as many permits, of which each takes one, after the first. JOIN=1: two workers, each of which
 * sends to a channel of one place, which a join empties; they share one permit, and give it back before they wait for room.
 *
 * Left out: rates. A slot that waits for its rate gives its bounds back and asks for them anew, which is a body
 * without work here; the order of asking between stages of one rate is arithmetic under a lock and a timer, which the
 * harnesses rate_* and test_virtual_rate run. Left out too: a queued permit that a tear-down takes back.
 *
 * run weights        -DW=3 -DPERMITS=2 -DWEIGHT=2 -DFIXED=1
 * long any-weights   -DW=3 -DPERMITS=2 -DWEIGHT=2
 * run heavier        -DW=2 -DPERMITS=2 -DWEIGHT=3
 * run two-bounds     -DW=2 -DPERMITS=1 -DWEIGHT=1 -DTWO=1
 * run join           -DW=2 -DPERMITS=1 -DWEIGHT=1 -DJOIN=1
 * mutant 1 -DW=3 -DPERMITS=2 -DWEIGHT=2 who asks does not look whether others wait
 * mutant 2 -DW=3 -DPERMITS=2 -DWEIGHT=2 who gives back grants to one, whatever is free
 * mutant 3 -DW=3 -DPERMITS=2 -DWEIGHT=2 a permit is granted and its slot not woken
 * mutant 4 -DW=3 -DPERMITS=2 -DWEIGHT=2 the slot is woken before the grant is stored
 * mutant 5 -DW=3 -DPERMITS=2 -DWEIGHT=2 a slot does not look once more before it is held
 * mutant 6 -DW=2 -DPERMITS=2 -DWEIGHT=3 what is heavier than the bound waits for as much
 * mutant 7 -DW=2 -DPERMITS=1 -DWEIGHT=1 -DTWO=1 every other slot takes the bounds in the other order
 * mutant 8 -DW=2 -DPERMITS=1 -DWEIGHT=1 -DJOIN=1 the permit is given back when the result has been sent
 * mutant 9 -DW=3 -DPERMITS=2 -DWEIGHT=2 who gives back grants to any that fits
 * mutant 10 -DW=3 -DPERMITS=2 -DWEIGHT=2 who gives back grants to the first though it does not fit
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef TWO
#define TWO 0
#endif
#ifndef FIXED
#define FIXED 0
#endif
#ifndef JOIN
#define JOIN 0
#endif
mtype = { RUNNING, WOKEN, HELD };
mtype state[W] = RUNNING;
bool event[W];        /* queued, and taken by some thread */
byte units[W];        /* asked for */
bool granted[8];      /* of bound b, slot s: 4 * b + s */
byte wait[8], nwait[2]; /* each bound's queue */
byte free_units[2] = PERMITS;
byte giving;          /* threads between giving back and the last grant */
byte room[2];         /* JOIN: items in the channels */
#define UNITS(b, s) ((b) == 0 -> units[s] : 1)
#define FIRST(b) wait[4 * (b)]
#define FITS(b, s) (UNITS(b, s) <= free_units[b] || MUT == 10)

inline remove(b, i)
{
    d_step {
        k = i;
        do
        :: k + 1 < nwait[b] -> wait[4 * (b) + k] = wait[4 * (b) + k + 1]; k++
        :: else -> break
        od;
        nwait[b]--;
        wait[4 * (b) + nwait[b]] = 0;
        k = 0
    }
}

inline wake(s)
{
    if
    :: atomic { state[s] == RUNNING -> state[s] = WOKEN }
    :: atomic { state[s] == HELD -> state[s] = RUNNING; event[s] = true }
    :: atomic { state[s] == WOKEN -> skip }
    fi
}

inline take(b)
{
    state[me] = RUNNING; /* forgets wakes for earlier waits */
    atomic {
        if
        :: (nwait[b] == 0 || MUT == 1) && UNITS(b, me) <= free_units[b] ->
           assert(nwait[b] == 0); /* nobody is overtaken */
           free_units[b] = free_units[b] - UNITS(b, me);
           granted[4 * (b) + me] = true
        :: else -> wait[4 * (b) + nwait[b]] = me; nwait[b]++
        fi
    };
    do
    :: granted[4 * (b) + me] -> break
    :: !granted[4 * (b) + me] -> /* prt_slot_hold_() */
       state[me] = RUNNING;
       if
       :: MUT != 5 && granted[4 * (b) + me] -> break
       :: else
       fi;
       if
       :: atomic { state[me] == RUNNING -> state[me] = HELD }; atomic { event[me] -> event[me] = false }
       :: atomic { state[me] == WOKEN -> state[me] = RUNNING }
       fi
    od
}

inline grant(b, s)
{
    assert(UNITS(b, s) <= free_units[b]);
    free_units[b] = free_units[b] - UNITS(b, s);
    granted[4 * (b) + s] = true
}

inline give(b)
{
    atomic { giving++; granted[4 * (b) + me] = false; free_units[b] = free_units[b] + UNITS(b, me) };
    do
    :: atomic { nwait[b] > 0 && FITS(b, FIRST(b)) ->
           other = FIRST(b); remove(b, 0);
           if :: MUT != 4 -> grant(b, other) :: else fi };
       if :: MUT != 3 -> wake(other) :: else fi;
       if :: MUT == 4 -> atomic { grant(b, other) } :: else fi;
       if :: MUT == 2 -> break :: else fi
    :: atomic { MUT == 9 && nwait[b] > 1 && FITS(b, wait[4 * (b) + 1]) ->
           other = wait[4 * (b) + 1]; assert(false) } /* overtakes */
    :: atomic { nwait[b] == 0 || !FITS(b, FIRST(b)) -> break }
    od;
    atomic { giving--; other = 0 }
}

active [W] proctype slot()
{
    byte me = _pid, other, k;

    do
    :: atomic {
           if
           :: !FIXED || me > 0 -> units[me] = (MUT != 6 && WEIGHT > PERMITS -> PERMITS : WEIGHT)
           :: !FIXED || me == 0 -> units[me] = 1
           fi
       };
       if
       :: TWO && MUT == 7 && me % 2 == 1 -> take(1)
       :: else
       fi;
       take(0);
       if
       :: TWO && (MUT != 7 || me % 2 == 0) -> take(1)
       :: else
       fi;
       /* the body */
       if :: TWO -> give(1) :: else fi;
       if :: !JOIN || MUT != 8 -> give(0) :: else fi;
       if
       :: JOIN -> atomic { room[me % 2] < 1 -> room[me % 2]++ } /* leaves have an outbox: the slot alone waits */
       :: else
       fi;
       if :: JOIN && MUT == 8 -> give(0) :: else fi
    od
}

#if JOIN
active proctype join()
{
    do
    :: atomic { room[0] > 0 && room[1] > 0 -> room[0]--; room[1]-- }
    od
}
#endif

/* Enabled only where a permit lies idle though the first that waits could have it. */
active proctype idle_permits()
{
end:
    do
    :: atomic { giving == 0 && nwait[0] > 0 && UNITS(0, FIRST(0)) <= free_units[0] -> assert(false) }
    od
}
