/* Bodies wait as if each had a thread. `a`, a source, sends NX items to x and then as many to z as come of those, again
 * and again; `b` sends EXP items to y for each of x; `c`, a leaf, joins y and z. So c needs what a has still to send
 * while x is full. The capacities and counts of a whole sweep are in one run, which chooses: those 105 of 108 in which
 * a thread for each worker cannot deadlock (REF=1: with a thread for each worker; UNSAFE=1: the other three).
 *
 * BWAITS=1: b may wait too. A body that may wait begins when it has a stack. Where there is no room its thread lingers:
 * it runs leaves, and goes on with the body when there is room; it may give the body up, and while it is in a leaf the
 * body may be stolen: then it is held, and any of NT threads goes on with it when there is room. BWAITS=0: b is a leaf;
 * what finds no room lies in its outbox, and its slot is held.
 *
 * Each stage that may wait has one stack of its own; MORE are for all, until the memory is gone, which may be at any
 * time. WB: workers of b. ORDERED=1: they send in the order of their items. A slot has its stack before it takes an
 * item and draws a turn: a body that has begun needs nothing of its stage's other slots but their turns.
 *
 * Left out: how a body is stolen (linger.pml), held and woken (slot.pml); bodies that block in the kernel, for which
 * growth adds threads (park.pml); permits.
 *
 * run reference       -DREF=1 -DNT=0
 * run reference-two   -DREF=1 -DNT=0 -DWB=2 -DUNSAFE=1
 * run one-thread      -DNT=1
 * run two-threads     -DNT=2
 * run leaf-one-thread -DNT=1 -DBWAITS=0
 * run leaf-two-threads -DNT=2 -DBWAITS=0
 * run refused         -DNT=1 -DWB=2 -DMORE=1
 * run ordered         -DNT=1 -DWB=2 -DMORE=1 -DORDERED=1
 * long refused-two    -DNT=2 -DWB=2 -DMORE=1
 * long ordered-two    -DNT=2 -DWB=2 -DMORE=1 -DORDERED=1
 * long ordered-three  -DNT=3 -DWB=2 -DMORE=1 -DORDERED=1
 * mutant 1 -DNT=2 -DMORE=2 no stage has a stack of its own
 * mutant 2 -DNT=1 a thread that lingers does not give its body up, and nobody steals it
 * mutant 3 -DNT=2 a thread that lingers begins a body that may wait, and goes on with its own when that one has returned
 * mutant 4 -DNT=2 -DWB=2 -DORDERED=1 a slot takes an item and draws a turn, and then asks for a stack
 * mutant 5 -DNT=2 a stage's stack comes back to all stages
 * mutant 6 -DNT=2 -DWB=2 -DMORE=1 -DUNSAFE=1 the proof counts on an item in the hands of each worker of b
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef REF
#define REF 0
#endif
#ifndef UNSAFE
#define UNSAFE 0
#endif
#ifndef BWAITS
#define BWAITS 1
#endif
#ifndef WB
#define WB 1
#endif
#ifndef MORE
#define MORE 0
#endif
#ifndef ORDERED
#define ORDERED 0
#endif
byte cx, cy, cz, exp, nx; /* capacities; items of b for each of x; a's to x, in one round */
bool chosen;
byte x, y, z;
bool c_busy;

#define A 0
#define NONE 7
mtype = { FREE, TAKEN, RUNS, HELD }; /* TAKEN: a mutant's, an item in hand and no stack */
mtype st[WB + 1] = FREE;
byte at[WB + 1];            /* of a: items sent in this round; of b's bodies: what is still to be sent */
bool own[2] = true;         /* the stack of stage a, of stage b is unused */
byte more = MORE;
bool from_more[WB + 1];
byte turn[WB + 1], next_turn, out_turn;
bool box_busy;              /* BWAITS=0: b's slot */
byte box;

#define STAGE(k) ((k) != A)
#define TO_X (at[A] < nx)
#define ROOM(k) (STAGE(k) -> y < cy && (!ORDERED || turn[k] == out_turn) : (TO_X -> x < cx : z < cz))
#define STACK(k) ((MUT != 1 && own[STAGE(k)]) || more > 0)
#define READY_C (!c_busy && y > 0 && z > 0)
#define READY_LEAF_B (!BWAITS && !box_busy && (box > 0 -> y < cy : x > 0))

#define SAFE (cx > 1 || cy > 1 || exp < 2 || nx < 3)

inline send(k)
{
    if
    :: k == A ->
       if :: TO_X -> x++ :: else -> z++ fi;
       at[A] = (at[A] + 1 == nx + nx * exp -> 0 : at[A] + 1)
    :: else -> y++; at[k]--
    fi
}

inline get_stack(k)
{
    if
    :: MUT != 1 && own[STAGE(k)] -> own[STAGE(k)] = false
    :: else -> more--; from_more[k] = true
    fi
}

inline end_body(k)
{
    st[k] = FREE;
    if :: from_more[k] -> more++; from_more[k] = false :: else -> if :: MUT == 5 -> more++ :: else -> own[1] = true fi fi;
    out_turn = (ORDERED -> (out_turn + 1) & 3 : 0);
    turn[k] = 0
}

active proctype choose()
{
    atomic {
        if :: cx = 1 :: cx = 2 :: cx = 3 fi;
        if :: cy = 1 :: cy = 2 fi;
        if :: cz = 1 :: cz = 2 :: cz = 4 fi;
        if :: exp = 1 :: exp = 2 fi;
        if :: nx = 1 :: nx = 2 :: nx = 3 fi;
        if
        :: UNSAFE -> cx = 1; cy = 1; exp = 2; nx = 3
        :: !UNSAFE && !SAFE -> cx = 2
        :: else
        fi;
        chosen = true
    };
end:
    do /* a stack that was there for all is refused from now on */
    :: atomic { more > 0 -> more-- }
    od
}

#if REF
active proctype a()
{
    chosen;
    do
    :: atomic { ROOM(A) -> send(A) }
    od
}
active [WB] proctype b()
{
    byte me = _pid - 1;
    chosen;
    do
    :: atomic { x > 0 -> x--; at[me] = exp; turn[me] = next_turn; next_turn = (ORDERED -> (next_turn + 1) & 3 : 0) };
       do
       :: atomic { at[me] > 0 && ROOM(me) -> send(me) }
       :: atomic { at[me] == 0 -> out_turn = (ORDERED -> (out_turn + 1) & 3 : 0); break }
       od
    od
}
active proctype c()
{
    chosen;
    do
    :: atomic { READY_C -> y--; z-- }
    od
}
#endif

#define MORE_TO_SEND (k == A || at[k] > 0)
#define WAITS (MORE_TO_SEND && !ROOM(k))
inline may_be_stolen()
{
    if
    :: true
    :: atomic { MUT != 2 && outer == NONE -> st[k] = HELD; k = NONE }
    fi
}

#define BEGIN(k_) (STACK(k_) && (st[k_] == TAKEN || (st[k_] == FREE && (k_ == A || (MUT != 4 && x > 0)))))
inline take(k_)
{
    x--;
    at[k_] = exp;
    turn[k_] = next_turn;
    next_turn = (ORDERED -> (next_turn + 1) & 3 : 0)
}

inline begin(k_)
{
    get_stack(k_);
    if :: k_ != A && st[k_] == FREE -> take(k_) :: else fi;
    st[k_] = RUNS
}

/* One item, or what is left of the last one's; the slot is the caller's. */
inline leaf_b()
{
    atomic {
        if :: box == 0 -> x--; box = exp :: else fi;
        do
        :: box > 0 && y < cy -> box--; y++
        :: else -> break
        od;
        box_busy = false
    }
}

#if NT > 0
active [NT] proctype thread()
{
    byte k = NONE, outer = NONE;

    chosen;
base:
    do
    :: atomic { st[A] == HELD && ROOM(A) -> st[A] = RUNS; k = A; goto up }
    :: atomic { BEGIN(A) -> begin(A); k = A; goto up }
    :: atomic { READY_C -> c_busy = true }; atomic { y--; z--; c_busy = false }
#if BWAITS
#if MUT == 4
    :: atomic { st[1] == FREE && x > 0 -> take(1); st[1] = TAKEN }
    :: atomic { st[2] == FREE && x > 0 -> take(2); st[2] = TAKEN }
#endif
    :: atomic { st[1] == HELD && ROOM(1) -> st[1] = RUNS; k = 1; goto up }
    :: atomic { BEGIN(1) -> begin(1); k = 1; goto up }
#if WB > 1
    :: atomic { st[2] == HELD && ROOM(2) -> st[2] = RUNS; k = 2; goto up }
    :: atomic { BEGIN(2) -> begin(2); k = 2; goto up }
#endif
#else
    :: atomic { READY_LEAF_B -> box_busy = true }; leaf_b()
#endif
    od;
up: /* with body k; where there is no room, it lingers */
    do
    :: atomic { k != A && at[k] == 0 -> end_body(k); k = outer; outer = NONE; if :: k == NONE -> goto base :: else fi }
    :: atomic { MORE_TO_SEND && ROOM(k) -> send(k) }
    :: atomic { WAITS && MUT != 2 && outer == NONE -> st[k] = HELD; k = NONE; goto base } /* it gives up */
    :: atomic { WAITS && READY_C -> c_busy = true };
       may_be_stolen();
       atomic { y--; z--; c_busy = false; if :: k == NONE -> goto base :: else fi }
    :: atomic { WAITS && READY_LEAF_B -> box_busy = true };
       may_be_stolen();
       leaf_b();
       if :: k == NONE -> goto base :: else fi
    :: atomic { MUT == 3 && k == A && WAITS && st[1] == FREE && x > 0 && STACK(1) -> begin(1); outer = A; k = 1 }
    od
}
#endif
