/* A stage that collects (collect.c). Items gather in the ring; nobody holds a slot for them. The stage is ready when M =
 * min(B, CAP) items are there, the deadline has passed, or the channel is closed. `mark`: a deadline is set for the items
 * before this position; `passed`: it has passed for those before this one. Both are positions, so that a take makes them
 * out of date by itself. A sender puts an item and then looks: it wakes somebody if no deadline covers the first item that
 * lies there, or M are there; else it wakes nobody. Who has taken a batch looks at what is left, and sets a mark for it; a
 * look that finds items and no mark does so too. The sender may block in the kernel at any item until all that it has sent
 * has been taken.
 *
 * WITHIN=0: no deadline; the sender never blocks. CAP < B: a full channel is all that can gather. T workers. W > 0: items
 * weigh 1, 2, 1, 2 ... as they were sent; W is enough, a body gets no more than that, but for a first item alone, and the
 * sender may block where there is enough until somebody has taken of it.
 *
 * run deadline    -DB=2 -DCAP=3 -DN=5
 * run small       -DB=3 -DCAP=2 -DN=5
 * run no-deadline -DB=3 -DCAP=2 -DN=5 -DWITHIN=0
 * run two-workers -DB=2 -DCAP=3 -DN=5 -DT=2
 * run weight      -DB=4 -DCAP=4 -DN=6 -DW=3 -DWITHIN=0
 * run weight-late -DB=4 -DCAP=4 -DN=5 -DW=3
 * run weight-two  -DB=4 -DCAP=4 -DN=5 -DW=3 -DT=2
 * mutant 1 -DB=2 -DCAP=3 -DN=5 a sender wakes only when M are there
 * mutant 2 -DB=2 -DCAP=3 -DN=5 who has taken a batch, or looks, sets no mark for what is left
 * mutant 3 -DB=3 -DCAP=2 -DN=5 -DWITHIN=0 ready only when B are there, though the channel holds less
 * mutant 4 -DB=2 -DCAP=3 -DN=5 -DT=2 the mark is a flag, which who takes clears before
 * mutant 5 -DB=2 -DCAP=3 -DN=5 the deadline passes and wakes nobody
 * mutant 6 -DB=3 -DCAP=4 -DN=5 -DWITHIN=0 what is left at the close is no batch
 * mutant 7 -DB=2 -DCAP=3 -DN=5 a sender looks at the mark before it puts
 * mutant 8 -DB=4 -DCAP=4 -DN=6 -DW=3 -DWITHIN=0 enough by weight is not looked at
 * mutant 9 -DB=4 -DCAP=4 -DN=6 -DW=3 -DWITHIN=0 -DT=2 what fits is looked at before the lock is taken
 * mutant 10 -DB=2 -DCAP=4 -DN=4 -DT=2 -DWITHIN=0 who takes does not look again whether there are enough, under the lock of those who take
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef WITHIN
#define WITHIN 1
#endif
#ifndef T
#define T 1
#endif
#ifndef W
#define W 0
#endif
#define M (MUT == 3 -> B : (B < CAP -> B : CAP))
byte put, taken, mark, passed;
bool closed, flag, gone;     /* flag, gone: MUT 4 */
byte waits, tokens;
#define Q (put - taken)
#define WEIGHT(from, to) ((to) - (from) + (to) / 2 - (from) / 2) /* of the items from one position to another */
#define HEAVY (W > 0 && MUT != 8 && WEIGHT(taken, put) >= W)
#define ARMED (MUT == 4 -> flag : mark > taken)
#define PASSED (MUT == 4 -> gone : passed > taken)
#define READY (Q >= M || HEAVY || (Q > 0 && (PASSED || (closed && MUT != 6))))
#define OVER (closed && Q == 0)

inline publish() { d_step { if :: waits > tokens -> tokens++ :: else fi } }
inline arm() { if :: WITHIN && MUT != 2 && Q > 0 && !ARMED -> atomic { mark = put; flag = true } :: else fi }

/* Under recv_lock, what a body gets. */
inline fit()
{
    k = 0;
    do
    :: k < B && k < Q && (W == 0 || k == 0 || WEIGHT(taken, taken + k + 1) <= W) -> k++
    :: else -> break
    od;
    skip
}

active proctype sender()
{
    bool covered;
    byte lain;

    do
    :: put < N ->
       Q < CAP;                       /* its wait for room: other models */
       covered = ARMED;
       put++;
       if :: MUT != 7 -> covered = ARMED :: else fi;
       if
       :: (MUT != 1 && WITHIN && !covered) || Q >= M || HEAVY -> publish()
       :: else
       fi;
       covered = false;
       if
       :: true
       :: WITHIN -> taken == put
       :: atomic { W > 0 && WEIGHT(taken, put) >= W -> lain = taken }; taken > lain
       fi
    :: put == N -> closed = true; publish(); break
    od
}

active [T] proctype thread()
{
    byte k;

    do
    :: READY ->
       if :: MUT == 4 -> atomic { gone = false; flag = false } :: else fi;
       if :: MUT == 9 -> d_step { fit() } :: else fi;
       atomic { /* under the lock of those who take, and recv_lock */
           if :: MUT != 9 && (READY || MUT == 10 || MUT == 4) -> d_step { fit() } :: else fi;
           assert(k == 0 || MUT == 4 || MUT == 9 || READY);
           assert(W == 0 || k <= 1 || WEIGHT(taken, taken + k) <= W);
           assert(taken + k <= put);
           taken = taken + k;
           k = 0
       };
       arm()
    :: OVER -> publish(); break
    :: atomic { !READY && !OVER -> waits++ };
       arm();
       if
       :: READY || OVER -> atomic { waits--; if :: tokens > 0 -> tokens-- :: else fi }
       :: else -> atomic { tokens > 0 || OVER -> waits--; if :: tokens > 0 -> tokens-- :: else fi }
       fi
    od
}

#if WITHIN
active proctype clock()
{
end:
    do
    :: atomic { ARMED && Q > 0 && !PASSED -> passed = mark; gone = true }; if :: MUT != 5 -> publish() :: else fi
    od
}
#endif
