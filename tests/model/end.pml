/* finish() in any body, and backwards (finish.c). source -> a -> middle (two slots) -> b -> sink; a and b have one place. The
 * sink may say finish() in any body; so may the middle. A stage that is asked (a swap: once) takes nothing more. Where it was
 * the last receiver of all that a stage sends to, that stage is asked in turn, a source to leave at its next emit; then the
 * channel is abandoned: what is put is refused, and who waits for room wakes. Whoever sees the stage over and nobody active
 * sets FIN, abandons the input once more, drops and counts what is queued, and closes the output.
 *
 * ENDLESS=1: the source leaves for no other reason, the sink finishes at its first item, and a body of the middle's second
 * slot may last until the source has left.
 *
 * Left out: windows, several inputs, inline stages, cycles, how threads park.
 *
 * run ends         -DN=3
 * run endless      -DN=3 -DENDLESS=1
 * mutant 1 -DN=3 -DENDLESS=1 who sends to a stage that has finished is not asked
 * mutant 2 -DN=4 -DENDLESS=1 the input is abandoned at FIN only
 * mutant 3 -DN=4 -DENDLESS=1 abandoning wakes nobody
 * mutant 4 -DN=3 what is queued is counted out when the channel is abandoned, and slots still take
 * mutant 5 -DN=3 FIN does not ask for nobody active
 * mutant 6 -DN=3 -DENDLESS=1 who has made the last slot free does not look whether the stage is over
 * passes 7 -DN=3 who sets FIN relies on the asker to have abandoned the input: what comes behind lies there until the run ends, and only a cycle would wait for it
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef ENDLESS
#define ENDLESS 0
#endif
#define A 0
#define COUNT(n) if :: !ENDLESS -> n++ :: else fi
#define B 1
bool occ[2], abandoned[2], closed[2], listed[3], event[3]; /* waiters: source, slots 0 and 1 */
byte sent[2], received[2], discarded[2];
bool asked[2], fin[2];       /* stages: 0 the middle, 1 the sink */
byte busy[2], fins;
bool leave, left;            /* the source is asked; has left */

inline wake_room(c)
{
    d_step {
        if :: c == A && listed[0] -> listed[0] = false; event[0] = true :: else fi;
        if :: c == B && listed[1] -> listed[1] = false; event[1] = true :: else fi;
        if :: c == B && listed[2] -> listed[2] = false; event[2] = true :: else fi
    }
}

inline abandon(c)
{
    abandoned[c] = true;
    if :: MUT == 4 && occ[c] -> COUNT(discarded[c]) :: else fi;
    if :: MUT != 3 -> wake_room(c) :: else fi
}

/* The stage that receives from c is asked, and so backwards. */
inline ask(s)
{
    if
    :: atomic { !asked[s] -> asked[s] = true };
       if
       :: MUT == 1 || s == 0 -> if :: MUT != 1 -> leave = true :: else fi; if :: MUT != 2 -> abandon(s) :: else fi
       :: MUT != 1 && s == 1 ->
          if
          :: atomic { !asked[0] -> asked[0] = true };
             if :: MUT != 2 -> abandon(B) :: else fi;
             leave = true;
             if :: MUT != 2 -> abandon(A) :: else fi
          :: asked[0] -> if :: MUT != 2 -> abandon(B) :: else fi
          fi
       fi
    :: asked[s]
    fi
}

#define OVER(s) (asked[s] || (closed[s] && !occ[s]))

inline try_fin(s)
{
    if
    :: MUT == 6
    :: MUT != 6 && OVER(s) ->
       if
       :: atomic { !fin[s] && (busy[s] == 0 || MUT == 5) -> fin[s] = true; fins++ };
          if :: MUT != 7 -> abandoned[s] = true :: else fi;
          atomic {
              if :: occ[s] -> occ[s] = false; if :: MUT != 4 -> COUNT(discarded[s]) :: else fi :: else fi
          };
          wake_room(s);
          if :: s == 0 -> closed[B] = true :: else fi
       :: else
       fi
    :: else
    fi
}

/* emit: waits for room; `w` is who waits. */
inline put(c, w)
{
    do
    :: atomic { abandoned[c] -> COUNT(sent[c]); COUNT(discarded[c]) }; break
    :: atomic { !abandoned[c] && !occ[c] -> assert(!closed[c]); occ[c] = true; COUNT(sent[c]) }; break
    :: occ[c] && !abandoned[c] ->
       listed[w] = true;
       if :: !occ[c] || abandoned[c] :: else -> atomic { event[w] -> event[w] = false } fi;
       listed[w] = false
    od
}

active proctype source()
{
    byte i;

    do
    :: leave -> break
    :: !leave && i < N -> put(A, 0); i++
    :: ENDLESS && !leave && i == N -> leave /* it has more, and is asked at the next */
    :: !ENDLESS && i == N -> break
    od;
    left = true;
    closed[A] = true
}

active [2] proctype middle()
{
    byte me = _pid;
    bool has;

    do
    :: fin[0] -> break
    :: atomic { !fin[0] && !OVER(0) && occ[A] -> busy[0]++ };
       if
       :: atomic { occ[A] && !asked[0] -> occ[A] = false; COUNT(received[A]); has = true }
       :: else
       fi;
       if
       :: has ->
          wake_room(A);
          if
          :: true
          :: ENDLESS && me == 2 -> left   /* sleeps until the source has left */
          fi;
          if
          :: put(B, me)
          :: !ENDLESS                    /* a filter */
          :: ask(0)                      /* finish() */
          fi
       :: else
       fi;
       atomic { has = false; busy[0]-- };
       try_fin(0)
    :: OVER(0) && !fin[0] -> try_fin(0); if :: fin[0] -> break :: busy[0] > 0 -> (busy[0] == 0 || fin[0]) fi
    od
}

active proctype sink()
{
    do
    :: fin[1] -> break
    :: atomic { !OVER(1) && occ[B] -> busy[1]++; occ[B] = false; COUNT(received[B]) };
       wake_room(B);
       if
       :: !ENDLESS
       :: ask(1)
       fi;
       busy[1]--;
       try_fin(1)
    :: OVER(1) && !fin[1] -> try_fin(1)
    od
}

active proctype ledger()
{
    atomic {
        fin[0] && fin[1] && left && busy[0] == 0 && busy[1] == 0 ->
        assert(fins == 2);
        assert(ENDLESS || (sent[A] == received[A] + discarded[A] + occ[A]));
        assert(ENDLESS || (sent[B] == received[B] + discarded[B] + occ[B]))
    }
}
