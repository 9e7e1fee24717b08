/* Items set aside for their key (runtime/pool/store_*.c): W slots, N items, two keys, the first item and every second one of key 0.
 * A body of key 0 needs that key's permit: a rate's, after which time must pass, or (BOUND) a bound's, which it gives back at
 * its end; then it looks at who waits for it. One thread at a time moves items from the ring into the store (`moving`; who
 * loses the swap does not wait), in order; it gives the token back, looks at the ring and the store once more, and publishes.
 * In the store items of a key are in their order; the first of each key may begin when its permit is there. ORDERED: turns are
 * drawn as items are moved; a slot whose result's turn has not come is held with it; the last free slot is for the item with the
 * lowest turn. What is set aside counts as queued. A thread sleeps when it has announced that and found nothing; one of them
 * may be a helper that leaves when it has moved.
 *
 * run rate           -DW=2 -DCAP=2 -DN=3
 * run unordered      -DW=2 -DCAP=2 -DN=3 -DORDERED=0
 * run bound          -DW=2 -DCAP=2 -DN=3 -DBOUND=1
 * long rate-5        -DW=2 -DCAP=3 -DN=5
 * long wide          -DW=3 -DCAP=2 -DN=5
 * long unordered-5   -DW=2 -DCAP=3 -DN=5 -DORDERED=0
 * long bound-5       -DW=2 -DCAP=3 -DN=5 -DBOUND=1 -DORDERED=0
 * mutant 1 -DW=2 -DCAP=3 -DN=4 the last free slot goes to any item
 * mutant 2 -DW=2 -DCAP=3 -DN=5 who has moved does not look again, at the ring and the store
 * mutant 3 -DW=2 -DCAP=3 -DN=5 two threads move at once
 * mutant 4 -DW=2 -DCAP=2 -DN=3 -DORDERED=0 what is set aside does not count as queued
 * mutant 5 -DW=2 -DCAP=3 -DN=5 the permit comes due and nobody looks at the key
 * mutant 6 -DW=2 -DCAP=3 -DN=3 -DORDERED=0 any item whose permit is there may begin, not only the first of its key
 * passes 7 -DW=2 -DCAP=2 -DN=3 a thread that goes to sleep does not look once more: here it finds nothing and announces that in one step
 * mutant 8 -DW=2 -DCAP=3 -DN=5 -DBOUND=1 who gives back looks at nobody
 */
#ifndef BOUND
#define BOUND 0
#endif
#ifndef MUT
#define MUT 0
#endif
#ifndef ORDERED
#define ORDERED 1
#endif
#define KEY(i) ((i) % 2)
byte put, moved, begun, sent; /* items: in the ring, out of it into the store, begun, sent (ordered) */
#define STORED ((MUT == 4) -> 0 : moved - begun)
#define QUEUED (put - moved + STORED)
bool moving[2];             /* the token; [1] only for MUT 3 */
bool has[N], was[N];          /* in the store; begun */
byte last0, last1;            /* the item of each key that began last, plus 1 */
bool due = true;              /* key 0's permit */
byte free = W;
byte waits;                   /* threads asleep; `wake` is what a publication does */
byte tokens;
bool left;

inline publish() { d_step { if :: waits > tokens -> tokens++ :: else fi } }

#define FIRST0 (has[0] -> 0 : (has[2 % N] && N > 2 -> 2 : (N > 4 && has[4 % N] -> 4 : N)))
#define FIRST1 (has[1] -> 1 : (N > 3 && has[3 % N] -> 3 : N))
#define OLDEST (was[0] == 0 -> 0 : (was[1] == 0 -> 1 : (was[2] == 0 -> 2 : (was[3] == 0 -> 3 : 4))))
#define SLOT_FOR(i) (free > 1 || !ORDERED || MUT == 1 || (free == 1 && (i) == OLDEST))
#define CAN0 (FIRST0 < N && due && free > 0 && SLOT_FOR(FIRST0))
#define CAN1 (FIRST1 < N && free > 0 && SLOT_FOR(FIRST1))
#define CAN_MOVE (put > moved && !moving[0])

active proctype sender()
{
    do
    :: put < N -> atomic { QUEUED < CAP -> assert(put - begun < CAP); put++ }; publish()
    :: put == N -> break
    od
}

inline begin(i)
{
    has[i] = false; was[i] = true; begun++; free--;
    if
    :: KEY(i) == 0 -> assert(i + 1 > last0); last0 = i + 1; due = false /* the permit is taken */
    :: KEY(i) == 1 -> assert(i + 1 > last1); last1 = i + 1
    fi
}

/* The body runs and gives back; then a leaf's result waits for its turn in the outbox, without a thread. */
proctype held(byte i)
{
    if
    :: BOUND && KEY(i) == 0 -> due = true;
       if
       :: MUT != 8 -> publish()
       :: else
       fi
    :: else
    fi;
    atomic { !ORDERED || sent == i -> sent++; free++ };
    if
    :: MUT != 8 || sent == N -> publish()
    :: else
    fi
}

active [2] proctype thread()
{
    byte i, me = _pid - 1;

    do
    :: sent == N -> break
    :: atomic { CAN0 -> i = FIRST0; begin(i); run held(i); i = 0 }
    :: atomic { CAN1 -> i = FIRST1; begin(i); run held(i); i = 0 }
    :: atomic { MUT == 6 && has[2 % N] && has[0] && due && free > 0 -> begin(2); run held(2) }
    :: atomic { put > moved && (!moving[0] || MUT == 3) -> moving[(MUT == 3 -> me : 0)] = true };
       do
       :: put > moved ->
          if
          :: MUT == 3 -> i = moved; (true); atomic { has[i] = true; moved = i + 1 }
          :: else -> atomic { i = moved; has[i] = true; moved++ }
          fi
       :: put == moved -> break
       od;
       atomic { moving[(MUT == 3 -> me : 0)] = false; i = 0 };
       if
       :: MUT != 2 && (put > moved || CAN0 || CAN1) -> publish()
       :: else
       fi;
       if
       :: true
       :: atomic { !left -> left = true; break } /* a helper returns to its body, and may not come back */
       fi
    :: atomic { sent < N && !CAN0 && !CAN1 && !CAN_MOVE -> waits++ };
       if
       :: MUT != 7 && (CAN0 || CAN1 || CAN_MOVE || sent == N) -> atomic { waits--; if :: tokens > 0 -> tokens-- :: else fi }
       :: else -> atomic { tokens > 0 || sent == N -> waits--; if :: tokens > 0 -> tokens-- :: else fi }
       fi
    od
}

/* The permit comes due by time alone. */
active proctype clock()
{
end:
    do
    :: atomic { !BOUND && !due -> due = true }; if :: MUT != 5 -> publish() :: else fi
    od
}
