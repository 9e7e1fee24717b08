/* Bodies that take their items themselves wait for one (pull.c, channel/pulls.c; slot.c: prt_slot_hold_, prt_slot_wake_;
 * docs/runtime.md, "Pulling"). A source sends to two channels in turn by plain stores, and looks at the pool's word behind each.
 * SLOTS bodies take from whichever has an item. One that finds none enters the lists of both, looks again, and becomes HELD; its
 * thread goes back and looks at everything before it sleeps, behind a barrier. In a list beside an item is ready: whoever looks
 * takes it out of that list and swaps HELD for RUNNING, or makes WOKEN what is not HELD yet. The source may block in the kernel at
 * any item until all that it has sent has been taken; so each item must be found. In the end it closes, and all bodies return.
 *
 * Left out: who of a list is first (any), which thread the lot gives (any), leaves that threads run meanwhile and the monitor
 * (park.pml, linger.pml), times, threads of blocking stages (harnesses pull_blocking*).
 *
 * run one          -DSLOTS=1 -DNT=1 -DN=3 -DTSO=2
 * run two-threads  -DSLOTS=1 -DNT=2 -DN=2
 * run two-bodies   -DSLOTS=2 -DNT=2 -DN=2 -DTSO=0
 * long two-of-tso  -DSLOTS=2 -DNT=2 -DN=3
 * mutant 1 -DSLOTS=1 -DNT=1 -DN=2 who held a body passes no barrier before it sleeps
 * mutant 2 -DSLOTS=1 -DNT=1 -DN=2 -DTSO=0 a body that waits enters no list
 * mutant 3 -DSLOTS=1 -DNT=1 -DN=2 -DTSO=0 who held a body does not look at what is ready before it sleeps, nor the body again
 * mutant 4 -DSLOTS=1 -DNT=2 -DN=2 -DTSO=0 a body becomes HELD by a store, not by compare and swap
 * mutant 5 -DSLOTS=1 -DNT=2 -DN=2 -DTSO=0 who takes a body out of a list that is not HELD yet does not make it WOKEN
 * mutant 6 -DSLOTS=1 -DNT=1 -DN=2 -DTSO=0 a body in a list of a closed channel is not ready
 * mutant 7 -DSLOTS=1 -DNT=1 -DN=2 -DTSO=0 a body looks whether all is closed when it has found it empty
 * mutant 8 -DSLOTS=1 -DNT=1 -DN=2 -DTSO=0 the source does not look at the word
 * mutant 9 -DSLOTS=1 -DNT=1 -DN=2 the source looks at the word before it stores the item
 * mutant 10 -DSLOTS=1 -DNT=2 -DN=2 -DTSO=0 a body that was HELD and is woken is not put into the queue
 * mutant 11 -DSLOTS=1 -DNT=2 -DN=2 a body does not look again before it is HELD: closed meanwhile, it is in no list
 * passes 12 -DSLOTS=2 -DNT=2 -DN=2 -DTSO=0 a body that goes on stays in the other list: it is woken once too often, and looks again
 */
#ifndef MUT
#define MUT 0
#endif
#define BUFFERS 1
#define SOURCE 0
byte tail[2];
#define STORE_TO(p, v) tail[p] = tail[p] + v
#include "tso.h"

mtype = { FREE, RUNNING, WOKEN, HELD, QUEUED, GONE };
mtype state[SLOTS] = FREE;
byte taken[2];
bool closed;
bool first[SLOTS], second[SLOTS]; /* in the list of one channel, of the other */
byte queue;                       /* bits: QUEUED and in the pool's queue */
byte gone;

bool lot[NT];                     /* taking a thread out of it is what ends its sleep */
byte spinning = NT;

#define EMPTY(c) (tail[c] == taken[c])
#define MAY_GO_ON(c) (!EMPTY(c) || (closed && MUT != 6))
#define LISTED(list) (list[0] || list[SLOTS - 1])
#define READY (LISTED(first) && MAY_GO_ON(0) || LISTED(second) && MAY_GO_ON(1))
#define UNBEGUN (state[0] == FREE || state[SLOTS - 1] == FREE)
#define WORK (READY || UNBEGUN || queue)
/* Of a channel that is closed and empty none will come. */
#define OVER(c) (closed && EMPTY(c))
#define WAIT_IS_OVER (!EMPTY(0) || !EMPTY(1) || closed)

inline needs()
{
    atomic {
        if
        :: spinning == 0 ->
           if
           :: lot[0] -> lot[0] = false; spinning++
           :: lot[NT - 1] -> lot[NT - 1] = false; spinning++
           :: else
           fi
        :: else
        fi
    }
}

active proctype source()
{
    byte sent;

    do
    :: sent < N ->
       if :: MUT == 9 -> needs() :: else fi;
       STORE(SOURCE, sent & 1, 1);
       if :: MUT != 8 && MUT != 9 -> needs() :: else fi;
       sent++;
       if
       :: true
       :: true -> taken[0] + taken[1] == sent
       fi
    :: sent == N -> break
    od;
    atomic { DRAINED(SOURCE) -> closed = true };
    if :: MUT != 8 -> needs() :: else fi;
    gone == SLOTS
}

/* A look took the body out of a list. Where it is not HELD its owner is made to look again; by then it may be HELD. */
inline claim()
{
    if
    :: atomic { state[s] == HELD -> state[s] = RUNNING; mine = true }
    :: else ->
       if
       :: atomic { state[s] == RUNNING && MUT != 5 -> state[s] = WOKEN }
       :: atomic { state[s] == HELD && MUT != 5 -> state[s] = QUEUED }; if :: MUT != 10 -> queue = queue | (1 << s) :: else fi
       :: else
       fi
    fi
}

active [NT] proctype thread()
{
    byte me = _pid - 1, s;
    bool mine, was_closed;

look:
    s = 0;
    mine = false;
    if
    :: atomic { queue & 1 -> queue = queue & 2; state[0] = RUNNING; s = 0 }; goto goes_on
#if SLOTS > 1
    :: atomic { queue & 2 -> queue = queue & 1; state[1] = RUNNING; s = 1 }; goto goes_on
    :: atomic { state[1] == FREE -> state[1] = RUNNING; s = 1 }; goto body
    :: atomic { first[1] && MAY_GO_ON(0) -> first[1] = false; s = 1 }; claim()
    :: atomic { second[1] && MAY_GO_ON(1) -> second[1] = false; s = 1 }; claim()
#endif
    :: atomic { state[0] == FREE -> state[0] = RUNNING; s = 0 }; goto body
    :: atomic { first[0] && MAY_GO_ON(0) -> first[0] = false; s = 0 }; claim()
    :: atomic { second[0] && MAY_GO_ON(1) -> second[0] = false; s = 0 }; claim()
    :: atomic { MUT == 3 || !WORK -> lot[me] = true; spinning-- }; goto sleeps
    fi;
    if :: mine -> goto goes_on :: else -> goto look fi;

goes_on: /* it may have been woken for an item that another has taken */
    if :: WAIT_IS_OVER -> goto forget :: else -> goto hold fi;

body:
    was_closed = closed;
    if
    :: atomic { !EMPTY(0) -> taken[0]++ }; goto body
    :: atomic { !EMPTY(1) -> taken[1]++ }; goto body
    :: d_step { EMPTY(0) && EMPTY(1) -> if :: MUT == 7 -> was_closed = true :: else fi }
    fi;
    if
    :: was_closed && (MUT != 7 || closed) ->
       atomic { state[s] = GONE; gone++; assert(EMPTY(0) && EMPTY(1)); s = 0; was_closed = false };
       needs();
       goto look
    :: else -> was_closed = false
    fi;

hold:
    state[s] = RUNNING; /* forgets wake-ups for earlier waits */
    if :: !OVER(0) && MUT != 2 -> first[s] = true :: else fi;
    if :: !OVER(1) && MUT != 2 -> second[s] = true :: else fi;
    if
    :: MUT != 11 && MUT != 3 && WAIT_IS_OVER -> goto forget
    :: else
    fi;
    if
    :: atomic { state[s] == RUNNING && MUT != 4 -> state[s] = HELD }; goto look
    :: MUT == 4 -> state[s] = HELD; goto look
    :: state[s] == WOKEN -> goto goes_on
    fi;

forget:
    if :: MUT != 12 -> first[s] = false; second[s] = false :: else fi;
    goto body;

sleeps:
    if :: MUT != 1 -> barrier_all() :: else fi;
    if
    :: MUT != 3 && WORK -> atomic { if :: lot[me] -> lot[me] = false; spinning++ :: else fi }
    :: else
    fi;
end_sleeps:
    !lot[me];
    goto look
}

#if TSO > 0
active proctype flusher()
{
end:
    do
    :: d_step { buf[0].n > 0 -> flush_one(0) }
    od
}
#endif
