/* An ordered stage (batch.c: draw_turn, port_pass_turn; stage.c: prt_stage_wake_turn_; slot.c; body.c). Who takes an item
 * draws a turn in the same section, enters itself as its holder, runs the body into its outbox, and sends when the
 * output's turn is its own; then it stores the next turn and wakes that turn's holder. A slot that may not send yet is
 * held. WAITS=1: bodies without a bounded count wait for the turn in the middle, on a stack of their own, and their slot
 * is held like any other, by their thread or by who stole them. BOUND=1: such a body holds the stage's one permit while
 * it waits; permits are granted in the order of the turns.
 *
 * The body sends nothing, one item, or fails (which sends nothing): the turn is passed on all the same. Turns wrap at 4 W.
 *
 * Left out: how a body is stolen (linger.pml), and that a slot has a stack before it draws (stacks.pml); room in the
 * output, whose wait is slot.pml's; several outputs, each of which has its turn; batches of more than one item, which
 * have one turn. The runtime's turns have 64 bits and do not wrap around; these do, at a multiple of W, so that
 * `holders` goes on.
 *
 * run leaf          -DWAITS=0
 * run waits         -DWAITS=1
 * run waits-bound   -DWAITS=1 -DBOUND=1
 * mutant 1 -DWAITS=0 the turn is not passed on where nothing was sent
 * mutant 2 -DWAITS=0 the next holder is not woken
 * mutant 3 -DWAITS=0 the next holder is looked up before the turn is stored
 * mutant 4 -DWAITS=0 a slot looks at the turn before it announces that it waits, and not after
 * mutant 5 -DWAITS=0 the turn is drawn after the lock is left
 * mutant 6 -DWAITS=0 a slot sends without its turn
 * mutant 7 -DWAITS=1 -DBOUND=1 permits go to whoever asks first
 * mutant 8 -DWAITS=1 who wakes the holder ends only the wait of a HELD slot: a RUNNING one is not made WOKEN
 * mutant 9 -DWAITS=0 a slot enters itself as the holder after it looked at the turn
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
#define MASK 7
#define TURNS (4 * W)
mtype = { FREE, RUNNING, WOKEN, HELD };
mtype state[W] = FREE;
byte taken, next_turn;   /* input items that were taken; turns that were drawn */
byte turn, begin_turn;   /* of the output; of the permits */
byte holders[8]; /* slot + 1; W of them */
bool event[W]; /* queued, and taken by some thread */
bool permit = BOUND;
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
    h = holders[(t) % W];
    if
    :: h > 0 ->
       wake_slot((h - 1))
    :: else
    fi;
    h = 0
}

/* slot_hold() for what `over` says; without a thread until somebody wakes the slot */
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

active [W] proctype slot()
{
    byte me = _pid, item, mine, h;
    bool sends;

    do
    :: state[me] = RUNNING;
       if
       :: MUT == 5 ->
          atomic { taken = (taken + 1) & MASK; item = taken };
          atomic { mine = next_turn; next_turn = (next_turn + 1) % TURNS }
       :: else ->
          atomic { taken = (taken + 1) & MASK; item = taken; mine = next_turn; next_turn = (next_turn + 1) % TURNS }
       fi;
       if :: MUT != 9 -> holders[mine % W] = me + 1 :: else fi;
#if BOUND
       if
       :: MUT != 7 -> HOLD(begin_turn == mine)
       :: else
       fi;
       atomic { permit -> permit = false }; /* queue and grant: bound.pml */
       begin_turn = (mine + 1) % TURNS;
       wake_turn(((mine + 1) % TURNS));
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
       if :: MUT == 9 -> holders[mine % W] = me + 1 :: else fi;
#endif
       atomic { assert(item == ((last + 1) & MASK)); last = item };
       if
       :: MUT == 1 && !sends
       :: MUT == 3 -> wake_turn(((mine + 1) % TURNS)); turn = (mine + 1) % TURNS
       :: else ->
          turn = (mine + 1) % TURNS;
          if :: MUT != 2 -> wake_turn(((mine + 1) % TURNS)) :: else fi
       fi;
       atomic { item = 0; mine = 0; sends = false };
       state[me] = FREE
    od
}
