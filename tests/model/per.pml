/* Batches of items with one key (runtime/pool/store_groups.c, store_moves.c): N items of two keys, KEYS has a bit for each. One thread
 * at a time moves items from the ring into groups, MOST in each; a group gathers until it is full, until its deadline has passed
 * (WITHIN), until a channel of CAP items is full of such as gather, or until nothing more can come: closed, empty, and nobody moves.
 * The first three are found as an item enters or a timer rings, the last by each look. Groups that gather stand in a line, one timer
 * is set, for the first of it. A group that is complete is taken whole; its items count as queued until then. Who has moved gives the
 * token back, publishes what is there for others, and looks at the groups once more; a helper leaves then. Who has taken a group
 * publishes if there are others. A thread sleeps when it has announced that and found nothing. TORN: the run is torn down at any
 * step, and what was not taken is dropped.
 *
 * Left out: limits of the key (keyed.pml), workers for keys, attempts, memory that is short.
 *
 * run close          -DN=4 -DCAP=4 -DKEYS=2
 * run within         -DN=3 -DCAP=4 -DKEYS=2 -DWITHIN=1
 * run full           -DN=4 -DCAP=2 -DKEYS=6
 * run torn           -DN=3 -DCAP=2 -DKEYS=2 -DWITHIN=1 -DTORN=1
 * long full-within   -DN=5 -DCAP=2 -DKEYS=10 -DWITHIN=1
 * long within-5      -DN=5 -DCAP=4 -DKEYS=10 -DWITHIN=1
 * long torn-5        -DN=5 -DCAP=2 -DKEYS=6 -DWITHIN=1 -DTORN=1
 * long three         -DN=5 -DCAP=4 -DKEYS=8 -DMOST=3 -DWITHIN=1
 * mutant 1 -DN=4 -DCAP=2 -DKEYS=6 a channel that is full of what gathers makes no group complete
 * mutant 2 -DN=2 -DCAP=4 -DKEYS=2 who has moved does not look at the groups once more
 * mutant 3 -DN=3 -DCAP=4 -DKEYS=2 the channel closes and nobody is woken
 * mutant 4 -DN=3 -DCAP=4 -DKEYS=2 -DWITHIN=1 the deadline comes and nobody is woken
 * mutant 5 -DN=4 -DCAP=4 -DKEYS=2 -DWITHIN=1 the timer is not set for the next of the line
 * mutant 6 -DN=4 -DCAP=4 -DKEYS=6 who has moved does not publish what is complete
 * passes 7 -DN=3 -DCAP=4 -DKEYS=2 nothing more can come while somebody moves: who moves looks behind that, and a batch is smaller
 * mutant 8 -DN=3 -DCAP=2 -DKEYS=2 -DTORN=1 the end wakes one of those who sleep
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef MOST
#define MOST 2
#endif
#ifndef WITHIN
#define WITHIN 0
#endif
#ifndef TORN
#define TORN 0
#endif
#define KEY(i) ((KEYS >> (i)) & 1)
#define THREADS 2
byte put, moved, entered, begun, left; /* items: sent, out of the ring, in a group, taken; dropped */
byte gathers[2];              /* items of the key's group */
bit first;                    /* the key whose group is the first of the line */
chan complete = [N] of { byte }; /* the sizes of what is complete, in order */
bool closed, moving, torn, ended;
bool set, due;                /* the timer; it has rung */
bool helped;                  /* one thread has left, or is in a long body */
byte waits, tokens, threads = THREADS;
bool asked;                   /* by the sender: it waits for a deadline of what it has sent */

#define SOME (gathers[0] + gathers[1])
#define OVER (SOME > 0 && closed && put == moved && (MUT == 7 || !moving))
#define CAN_MOVE (put > moved && !moving)
#define CAN (CAN_MOVE || len(complete) > 0 || (due && SOME > 0) || OVER)

inline publish() { d_step { if :: waits > tokens -> tokens++ :: else fi } }

/* Within one section: the group leaves the line, and the timer is for the next. */
inline finish_group(k)
{
    complete ! gathers[k];
    gathers[k] = 0;
    if
    :: first == k && gathers[1 - k] > 0 -> first = 1 - k; due = false; set = (WITHIN && MUT != 5)
    :: SOME == 0 -> due = false; set = false
    :: else
    fi
}

inline enter_item(k)
{
    if
    :: SOME == 0 -> first = k; set = WITHIN
    :: else
    fi;
    gathers[k]++;
    entered++;
    if
    :: gathers[k] == MOST -> finish_group(k)
    :: else
    fi;
    if
    :: SOME == CAP && MUT != 1 -> finish_group(first)
    :: else
    fi
}

/* All of them when nothing more can come, else the first if its time has come. */
inline look_at_groups()
{
    do
    :: OVER || (due && SOME > 0) -> finish_group(first)
    :: else -> break
    od
}

active proctype sender()
{
    do
    :: put < N && !torn -> atomic { put - begun < CAP || torn; if :: !torn -> put++ :: else fi }; publish()
    :: WITHIN && put > 0 && !asked -> asked = true; atomic { begun == put || torn } /* it sends no more until all of it has gone */
    :: put == N || torn -> break
    od;
    closed = true;
    if
    :: MUT != 3 -> publish()
    :: else
    fi
}

active [THREADS] proctype thread()
{
    byte n;

    do
    :: torn || (closed && begun == N) -> break
    :: atomic { !torn && len(complete) > 0 -> complete ? n; assert(n > 0 && n <= MOST); begun = begun + n; n = 0 };
       if
       :: len(complete) > 0 -> publish()
       :: else
       fi;
       if
       :: true
       :: atomic { !helped -> helped = true }; begun == N || torn /* its body runs for as long as others have something to do */
       fi
    :: atomic { !torn && ((due && SOME > 0) || OVER) -> look_at_groups() };
       if
       :: len(complete) > 1 -> publish()
       :: else
       fi
    :: atomic { !torn && CAN_MOVE -> moving = true };
       do
       :: atomic { put > moved -> moved++ };
          atomic { enter_item(KEY(entered)) }
       :: put == moved -> break
       od;
       moving = false;
       if
       :: CAN_MOVE || (len(complete) > 0 && MUT != 6) -> publish()
       :: else
       fi;
       if
       :: MUT != 2 -> atomic { look_at_groups() };
          if
          :: len(complete) > 0 && MUT != 6 -> publish()
          :: else
          fi
       :: else
       fi;
       if
       :: true
       :: atomic { !helped -> helped = true; break } /* a helper returns to its body, and may not come back */
       fi
    :: atomic { !torn && !(closed && begun == N) && !CAN -> waits++ };
       if
       :: CAN || torn || (closed && begun == N) -> atomic { waits--; if :: tokens > 0 -> tokens-- :: else fi }
       :: else -> atomic { tokens > 0 -> waits--; tokens-- }
       fi
    od;
    atomic { threads--; tokens = (closed && begun == N -> waits : tokens) };
    if
    :: threads == 0 -> atomic {
           left = put - begun;
           if
           :: !torn -> assert(left == 0)
           :: else -> assert(len(complete) + SOME <= left)
           fi;
           ended = true
       }
    :: else
    fi
}

/* A deadline passes by time alone. */
active proctype clock()
{
end:
    do
    :: atomic { set -> set = false; due = true };
       if
       :: MUT != 4 -> publish()
       :: else
       fi
    od
}

active proctype killer()
{
end:
    if
    :: atomic { TORN && !ended -> torn = true; tokens = (MUT == 8 -> (waits > 0 -> 1 : 0) : waits) }
    fi
}
