/* An ordered stage (turns.c; batch.c: enter_turns; outbox.c: port_pass_turn; slot.c; body.c). Who takes an item draws a turn in the
 * same section, enters itself as its holder, runs the body into its outbox, and sends when the
 * output's turn is its own; then it stores the next turn and wakes that turn's holder. A slot that may not send yet is
 * held. WAITS=1: bodies without a bounded count wait for the turn in the middle, on a stack of their own, and their slot
 * is held like any other, by their thread or by who stole them. BOUND=1: such a body holds the stage's one permit while
 * it waits; permits are granted in the order of the turns.
 *
 * AHEAD=n: a batch is of one item or two, of as many as there is credit for: no more than n turns are drawn and not passed
 * on. Who finds no credit parks, and who passes a turn on wakes the one that is parked, if there is credit then (park.pml
 * has the pool's word in the place of this flag). A body that has left credit may hang until the other worker has an item.
 *
 * BACK=1: the second of two items goes back to the channel while the first one's body is stuck (handback.pml), and its
 * turn with it: whoever takes the item has that turn, and takes it before anything that would need a new one.
 *
 * The body sends nothing, one item, or fails (which sends nothing): the turn is passed on all the same. Turns wrap at 4 W, or 2 W.
 *
 * Left out: how a body is stolen (linger.pml), and that a slot has a stack before it draws (stacks.pml); room in the
 * output, whose wait is slot.pml's; several outputs, each of which has its turn. The runtime's turns have 64 bits and do
 * not wrap around; these do, at a multiple of W, so that `holders` goes on.
 *
 * run leaf          -DWAITS=0
 * run waits         -DWAITS=1
 * run waits-bound   -DWAITS=1 -DBOUND=1
 * run ahead-1       -DWAITS=0 -DAHEAD=1
 * run ahead-2       -DWAITS=0 -DAHEAD=2
 * run handed-back   -DWAITS=0 -DAHEAD=2 -DBACK=1
 * long handed-back-3 -DWAITS=0 -DAHEAD=3 -DBACK=1
 * mutant 1 -DWAITS=0 the turn is not passed on where nothing was sent
 * mutant 2 -DWAITS=0 the next holder is not woken
 * mutant 3 -DWAITS=0 the next holder is looked up before the turn is stored
 * mutant 4 -DWAITS=0 a slot looks at the turn before it announces that it waits, and not after
 * mutant 5 -DWAITS=0 the turn is drawn after the lock is left
 * mutant 6 -DWAITS=0 a slot sends without its turn
 * mutant 7 -DWAITS=1 -DBOUND=1 permits go to whoever asks first
 * mutant 8 -DWAITS=1 who wakes the holder ends only the wait of a HELD slot: a RUNNING one is not made WOKEN
 * mutant 9 -DWAITS=0 a slot enters itself as the holder after it looked at the turn
 * mutant 10 -DWAITS=0 -DAHEAD=2 who passes a turn on wakes nobody who waits for credit
 * mutant 11 -DWAITS=0 -DAHEAD=2 a thread looks for credit before it announces that it parks, and not after
 * mutant 12 -DWAITS=0 -DAHEAD=2 who passes a turn on looks who is parked before it stores the turn
 * mutant 13 -DWAITS=0 -DAHEAD=2 items are taken whether there is credit or not
 * mutant 14 -DWAITS=0 -DAHEAD=2 the next turn is one further, not as many as the batch drew
 * mutant 15 -DWAITS=0 -DAHEAD=2 -DBACK=1 who has handed an item back passes its turn on too
 * mutant 16 -DWAITS=0 -DAHEAD=2 -DBACK=1 who takes an item that was handed back draws another turn
 * mutant 17 -DWAITS=0 -DAHEAD=2 -DBACK=1 without credit nobody takes what was handed back
 * mutant 18 -DWAITS=0 -DAHEAD=2 -DBACK=1 nobody is woken for what was handed back
 * mutant 19 -DWAITS=0 -DAHEAD=3 -DBACK=1 a new turn is drawn while something lies there that was handed back
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef W
#define W 2
#endif
#ifndef BOUND
#define BOUND 0
#endif
#ifndef AHEAD
#define AHEAD 0
#endif
#if AHEAD
#define PLACES AHEAD
#else
#define PLACES W
#endif
#ifndef BACK
#define BACK 0
#endif
#if BACK /* as small as tells them apart */
#define MASK 3
#define TURNS (2 * PLACES)
#else
#define MASK 7
#define TURNS (4 * PLACES)
#endif
#define CREDIT (AHEAD - (next_turn + TURNS - turn) % TURNS)
mtype = { FREE, RUNNING, WOKEN, HELD };
mtype state[W] = FREE;
byte taken, next_turn;   /* input items that were taken; turns that were drawn */
byte turn, begin_turn;   /* of the output; of the permits */
byte holders[8]; /* slot + 1; PLACES of them */
bool event[W]; /* queued, and taken by some thread */
bool permit = BOUND;
bool parked[W], busy[W];  /* AHEAD: a thread with nothing to do; a worker with items */
byte back, back_turn;    /* BACK: the item that was handed back, plus 1, and its turn; 0: none */
byte last;               /* the item whose results were sent last */

inline wake_slot(s)
{
    if
    :: atomic { state[s] == RUNNING -> if :: MUT != 8 -> state[s] = WOKEN :: else fi }
    :: atomic { state[s] == HELD -> state[s] = RUNNING; event[s] = true }
    :: atomic { state[s] != RUNNING && state[s] != HELD -> skip }
    fi
}

inline wake_turn(t)
{
    h = holders[(t) % PLACES];
    if
    :: h > 0 ->
       wake_slot((h - 1))
    :: else
    fi;
    h = 0
}

/* prt_slot_hold_() for what `over` says; without a thread until somebody wakes the slot */
#define HOLD(over) \
    do \
    :: (over) -> break \
    :: !(over) -> \
       state[me] = RUNNING; \
       if \
       :: MUT != 4 && (over) -> break \
       :: else \
       fi; \
       if \
       :: atomic { state[me] == RUNNING -> state[me] = HELD }; atomic { event[me] -> event[me] = false } \
       :: atomic { state[me] == WOKEN -> state[me] = RUNNING } \
       fi \
    od

/* Without credit: parked until who passes a turn on says otherwise. */
#define PARK \
    parked[me] = true; \
    if \
    :: MUT != 11 && (CREDIT > 0 || (back > 0 && MUT != 17)) -> parked[me] = false \
    :: else -> !parked[me] \
    fi

active [W] proctype slot()
{
    byte me = _pid, item, mine, h, n = 1;
    bool sends, sees;

    do
    :: state[me] = RUNNING;
#if AHEAD
       do
       :: atomic {
             back > 0 && (CREDIT > 0 || MUT != 17) -> /* n is 1 */
             item = back - 1; mine = back_turn; back = 0; back_turn = 0; busy[me] = true;
             if
             :: MUT == 16 -> mine = next_turn; next_turn = (next_turn + 1) % TURNS
             :: else
             fi
          };
          break
       :: atomic {
             (CREDIT > 0 || MUT == 13) && (back == 0 || MUT == 19) ->
             if
             :: true
             :: CREDIT > 1 || MUT == 13 -> n = 2
             fi;
             item = (taken + 1) & MASK; taken = (taken + n) & MASK;
             mine = next_turn; next_turn = (next_turn + n) % TURNS;
             busy[me] = true
          };
          break
       :: CREDIT == 0 && (back == 0 || MUT == 17) -> PARK
       od;
       assert((next_turn + TURNS - turn) % TURNS <= AHEAD);
#else
       if
       :: MUT == 5 ->
          atomic { taken = (taken + 1) & MASK; item = taken };
          atomic { mine = next_turn; next_turn = (next_turn + 1) % TURNS }
       :: else ->
          atomic { taken = (taken + 1) & MASK; item = taken; mine = next_turn; next_turn = (next_turn + 1) % TURNS }
       fi;
#endif
       if :: MUT != 9 -> holders[mine % PLACES] = me + 1 :: else fi;
#if BOUND
       if
       :: MUT != 7 -> HOLD(begin_turn == mine)
       :: else
       fi;
       atomic { permit -> permit = false }; /* queue and grant: bound.pml */
       begin_turn = (mine + n) % TURNS;
       wake_turn(((mine + n) % TURNS));
#endif
#if AHEAD
       if
       :: CREDIT > 0 -> busy[1 - me]
       :: BACK && n == 2 && back == 0 ->
          atomic { n = (MUT == 15 -> 2 : 1); back = ((item + 1) & MASK) + 1; back_turn = (mine + 1) % TURNS };
          if
          :: MUT != 18 && parked[1 - me] -> parked[1 - me] = false
          :: else
          fi;
          back == 0 || busy[1 - me]
       :: true
       fi;
#endif
       if
       :: true -> sends = true
       :: true -> sends = false
       fi;
#if WAITS
       HOLD(turn == mine); /* the body's emit */
       if :: BOUND -> permit = true :: else fi;
#else
       if
       :: MUT != 6 -> HOLD(turn == mine)
       :: else
       fi;
       if :: MUT == 9 -> holders[mine % PLACES] = me + 1 :: else fi;
#endif
       atomic { assert(item == ((last + 1) & MASK)); last = (item + n - 1) & MASK };
       atomic { busy[me] = false; sees = MUT == 12 && parked[1 - me] };
       if
       :: MUT == 1 && !sends
       :: MUT == 3 -> wake_turn(((mine + n) % TURNS)); turn = (mine + n) % TURNS
       :: else ->
          turn = (MUT == 14 -> (mine + 1) % TURNS : (mine + n) % TURNS);
          if :: MUT != 2 -> wake_turn(((mine + n) % TURNS)) :: else fi
       fi;
#if AHEAD
       if
       :: MUT != 10 && CREDIT > 0 && (MUT == 12 -> sees : parked[1 - me]) -> parked[1 - me] = false
       :: else
       fi;
#endif
       atomic { item = 0; mine = 0; sends = false; n = 1; sees = false };
       state[me] = FREE
    od
}
