/* Finishing a stage of two slots (stage.c): the word holds the free slots, how many are active, and FIN; a slot that is
 * held counts as active. Whoever finds the inputs closed and empty and nobody active sets FIN by compare and swap, runs
 * the finals and closes the outputs; closing is a publication. The slots have an outbox: the stage sends each item on,
 * and while its channel (one place) is full a slot is held without a thread. The channel's receiver reads what comes and
 * knows only from `closed` that no more will.
 *
 * DEDICATED=1, 2: a `blocking` stage of so many workers: threads of its own take items until the stage is over
 * (dedicated.c). The source wakes as many as there are items, and the end wakes all.
 *
 * FINALS=1: each slot's final sends an item, on a stack of the slot's own, and is held where there is no room; who ends
 * one begins the next, whichever thread that is, and who ends the last one closes the output.
 *
 * The pool's threads park and are woken (park.pml shows how); here a wake-up is one step.
 *
 * Left out: what shows an item late (batches), ticks of `flush`, channels of a cycle, which close by their own count
 * (cycle.pml), inner stages, and a receiver that ends first (`abandoned`).
 *
 * run small           -DN=2 -DNT=2
 * run delayed-stores  -DN=2 -DNT=2 -DTSO=1
 * run blocking-stage  -DN=3 -DNT=2 -DDEDICATED=1
 * run blocking-two    -DN=3 -DNT=2 -DDEDICATED=2 -DTSO=1
 * run finals          -DN=2 -DNT=2 -DFINALS=1
 * long more-items     -DN=4 -DNT=2 -DTSO=1
 * long more-threads   -DN=3 -DNT=3
 * mutant 1 -DN=2 -DNT=2 -DDEDICATED=1 `closed` is read after the input was seen empty
 * mutant 2 -DN=2 -DNT=2 FIN is set without looking whether a slot is active
 * mutant 3 -DN=2 -DNT=2 closing wakes nobody
 * mutant 4 -DN=2 -DNT=2 a held slot does not count as active
 * mutant 5 -DN=2 -DNT=2 FIN is a plain store, not a compare and swap
 * mutant 6 -DN=2 -DNT=2 the outputs close before the finals
 * mutant 10 -DN=2 -DNT=2 -DFINALS=1 the outputs close when the last final has begun, held or not
 * mutant 11 -DN=2 -DNT=2 -DFINALS=1 a thread that ends a final that was held does not begin the next one
 * mutant 12 -DN=2 -DNT=2 -DFINALS=1 a final that is held is not woken by room
 * mutant 8 -DN=2 -DNT=2 -DDEDICATED=2 a thread of a blocking stage that is about to sleep looks for the end first, for items second
 * passes 9 -DN=3 -DNT=2 -DDEDICATED=2 who has taken an item and sees more wakes nobody: bodies end here, so that who is awake comes to the rest
 * passes 1 -DN=2 -DNT=2 `closed` is read after the input was seen empty: a pool thread looks twice, before and after it chose to finish
 * passes 7 -DN=2 -DNT=2 a release is not followed by another look: who parks looks again
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef DEDICATED
#define DEDICATED 0
#endif
#ifndef FINALS
#define FINALS 0
#endif
#ifndef TSO
#define TSO 0
#endif
#define BUFFERS 1
byte tail; /* of the input: the source stores it plainly */
#define STORE_TO(p, v) tail = v
#include "tso.h"

byte taken;
bool closed;
byte nactive, nfree = 2, tag; /* the stage's word: changed in one step; the tag wraps */
bool fin;
byte finals;
byte out, delivered; /* the output: queued, read */
bool out_closed;
bool final_held, final_queued;
byte held, queued;   /* slots that wait for room; that may go on */
bool asleep[NT], over;

inline wake_one()
{
    atomic {
        if
        :: asleep[0] -> asleep[0] = false
        :: !asleep[0] && asleep[1] -> asleep[1] = false
        :: NT > 2 && !asleep[0] && !asleep[1] && asleep[NT - 1] -> asleep[NT - 1] = false
        :: else
        fi
    }
}

active proctype source()
{
    byte i;

    do
    :: i < N -> i++; STORE(0, 0, i); wake_one(); if :: DEDICATED > 1 && i - taken > 1 -> wake_one() :: else fi
    :: else -> break
    od;
    atomic { DRAINED(0) -> closed = true }; /* sequentially consistent */
    if :: MUT != 3 -> wake_one(); if :: DEDICATED > 1 -> wake_one() :: else fi :: else fi
}

active proctype receiver()
{
    do
    :: atomic { out > 0 -> out--; delivered++ };
       if
       :: atomic { held > 0 -> held--; queued++ }; wake_one()
       :: atomic { final_held && MUT != 12 -> final_held = false; final_queued = true }; wake_one()
       :: else
       fi
    :: atomic { out_closed && out == 0 -> skip }; break
    od;
    assert(delivered == N + 2 * FINALS);
    assert(nactive == 0 && held == 0 && queued == 0);
    assert(finals == (DEDICATED > 1 -> DEDICATED : 1 + FINALS))
}

/* Inputs closed and empty, looked at in this order. */
inline look_over()
{
    if
    :: MUT == 1 -> e = (tail == taken); c = closed
    :: else -> c = closed; e = (tail == taken)
    fi
}

/* A slot with an item in its outbox: in the channel, or held. */
inline flush()
{
    if
    :: atomic { out < 1 -> out++ }
    :: atomic { out >= 1 -> held++; nactive = nactive - (MUT == 4) }; goto next /* nobody's until there is room */
    fi
}

#if DEDICATED
active [DEDICATED] proctype dedicated()
{
    byte me = _pid - 2;
    bool c, e, last;

    do
    :: look_over();
       if
       :: c && e -> break
       :: else
       fi;
       if
       :: atomic { tail != taken -> taken++ };
          if :: tail != taken && MUT != 9 -> wake_one() :: else fi; /* another's item may have been taken */
          atomic { out < 1 -> out++ } /* its emit waits for room itself */
       :: else -> /* wait_for_work() */
          asleep[me] = true;
          barrier_all();
          if
          :: MUT == 8 -> look_over(); e = (c && e) || tail != taken
          :: MUT != 8 && tail != taken -> e = true
          :: else -> look_over(); e = c && e
          fi;
          if
          :: e -> asleep[me] = false
          :: else -> !asleep[me]
          fi
       fi;
       atomic { c = false; e = false }
    od;
    atomic { finals++; last = (finals == DEDICATED) };
    if :: last -> out_closed = true :: else fi
}
#else
active [NT] proctype pool()
{
    byte me = _pid - 2, mine;
    bool c, e, was_held;

    do
    :: if
       :: over -> goto end
#if FINALS
       :: atomic { !over && final_queued -> final_queued = false; was_held = true }; goto final
#endif
       :: atomic { !over && queued > 0 -> queued--; nactive = nactive + (MUT == 4) }; flush(); goto more
       :: atomic { !over && !fin && nfree > 0 && tail != taken -> nfree--; nactive++; tag = (tag + 1) & 3 };
more:     true;
          do
          :: look_over();
             if
             :: c && e -> break /* no further body */
             :: else ->
                if
                :: atomic { tail != taken -> taken++ }; flush()
                :: else -> break
                fi
             fi
          od;
          atomic { nactive--; nfree++; tag = (tag + 1) & 3 };
          if :: MUT == 7 -> goto park :: else fi
       :: !over && !fin && closed && tail == taken && (nactive == 0 || MUT == 2) -> /* ready to finish */
          mine = tag;
          look_over();
          if
          :: c && e && MUT == 2 -> fin = true
          :: c && e && MUT == 5 -> if :: !fin && nactive == 0 -> fin = true :: else -> goto next fi
          :: c && e && MUT != 2 && MUT != 5 ->
             if :: atomic { !fin && nactive == 0 && tag == mine -> fin = true } :: else -> goto next fi
          :: else -> goto next
          fi;
          if :: MUT == 6 -> out_closed = true :: else fi;
#if FINALS
final:    if
          :: atomic { out < 1 -> out++ }
          :: atomic { out >= 1 -> final_held = true };
             if :: MUT == 10 && finals == 1 -> out_closed = true :: else fi;
             was_held = false;
             goto next
          fi;
          finals++;
          if
          :: finals == 1 && MUT == 11 && was_held -> was_held = false; goto next
          :: finals == 1 && !(MUT == 11 && was_held) -> goto final
          :: else
          fi;
#else
          finals++;
#endif
          out_closed = true;
          over = true;
          wake_one();
          wake_one();
          if :: NT > 2 -> wake_one() :: else fi
       :: else ->
park:     asleep[me] = true;
          barrier_all();
          if
          :: over || queued > 0 || final_queued || (!fin && nfree > 0 && tail != taken) ||
             (!fin && closed && tail == taken && nactive == 0) -> asleep[me] = false
          :: else -> !asleep[me]
          fi
       fi;
next:  true;
       atomic { c = false; e = false; mine = 0 }
    od;
end: skip
}
#endif
#if TSO > 0
active proctype flusher()
{
    end: do
    :: atomic { buf[0].n > 0 -> flush_one(0) }
    od
}
#endif
