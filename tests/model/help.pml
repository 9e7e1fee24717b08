/* Helping, and why it cannot deadlock (look.c: prt_pool_help_, pass_on_stage; body.c: wait_for). `a` may wait: three items
 * to x, then three to z, again and again. `b` is a leaf from x to y, `c` a leaf that joins y and z. x and y have one place, z
 * has three: with a thread for each worker this cannot deadlock, and c needs what a has still to send while x is full.
 *
 * Who waits in a's emit runs a ready leaf on its own stack, one item, and returns. What b has no room for stays in its
 * outbox, and its slot is held without a thread. NT threads of the pool run leaves beside; they park and are woken (by
 * steps that park.pml has in full). KERNEL=1: after a round a's body blocks until all of it has come through: what a help
 * left behind must be somebody else's.
 *
 * REND=1: x has three places, and the second item to z is a rendezvous: the body goes on when it has begun, and blocks
 * until b has had all three. It has published nothing then since its last help.
 *
 * Left out: the barriers (park.pml), bodies that cost too much to be helped, hints, and the place in the pool's word
 * that a waiting thread gives away (park.pml, pass.pml).
 *
 * run alone        -DNT=0 -DKERNEL=0
 * run one-thread   -DNT=1 -DKERNEL=1
 * run two-threads  -DNT=2 -DKERNEL=1
 * run rendezvous   -DNT=1 -DREND=1
 * long rendezvous-two -DNT=2 -DREND=1
 * mutant 1 -DNT=2 -DKERNEL=0 a help runs a body that waits for room on its own, on top of the one that waits
 * mutant 2 -DNT=1 -DREND=1 a helper does not look at the stage again when it has let go
 * passes 3 -DNT=1 -DKERNEL=1 a body that goes to sleep passes nothing on: it found nothing, and nobody counts on it; where its place matters is in park.pml
 * mutant 4 -DNT=1 -DKERNEL=1 a held slot is not queued when there is room
 * mutant 5 -DNT=0 -DKERNEL=0 a body that waits helps the receiver of its channel only
 * mutant 6 -DNT=1 -DKERNEL=1 a helper keeps the slot while its outbox is full
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef REND
#define REND 0
#endif
#ifndef KERNEL
#define KERNEL 0
#endif
#define XCAP (REND -> 3 : 1)
mtype = { FREE, BUSY, HELD, QUEUED };
mtype b = FREE;
bool c_busy, box;
byte x, y, z, got, ran; /* joined, and run by b, of this round */
byte spinning = NT, parked, tokens; /* tokens: threads taken out of the lot that have not woken yet */
#define NEEDY (spinning == 0 && parked > 0)
#define READY_B (b == FREE && x > 0)
#define READY_C (!c_busy && y > 0 && z > 0)
#define HAS_WORK (b == QUEUED || READY_B || READY_C)

inline needs()
{
    atomic { if :: NEEDY -> parked--; spinning++; tokens++ :: else fi }
}

inline pass_on()
{
    if
    :: NEEDY -> if :: HAS_WORK -> needs() :: else fi
    :: else
    fi
}

/* The slot is the caller's; afterwards it is free, or held. */
inline flush_b()
{
    if
    :: atomic { y < 1 -> y++; box = false }; needs(); b = FREE
    :: atomic { y >= 1 && MUT != 6 -> b = HELD }
    :: MUT == 6 && y >= 1 -> y < 1; atomic { y++; box = false }; needs(); b = FREE
    fi
}

inline run_b()
{
    if :: box :: else -> atomic { x--; box = true; ran++ } fi;
    flush_b()
}

inline run_c()
{
    atomic { y--; z--; got++; if :: b == HELD && MUT != 4 -> b = QUEUED :: else fi };
    needs();
    c_busy = false
}

/* On top of a body that waits. */
inline pass_on_stage(ready)
{
    if
    :: MUT != 2 && NEEDY -> if :: (ready) -> needs() :: else fi
    :: else
    fi
}

inline run_b_nested()
{
    atomic { x--; ran++ };
    do
    :: atomic { y < 1 -> y++; break }
    :: atomic { y >= 1 && READY_C -> c_busy = true }; run_c()
    od;
    needs();
    b = FREE
}

#define HELPABLE ((b == QUEUED || READY_B) && (MUT != 5 || to_x))
inline emit(to, cap, to_x)
{
    do
    :: atomic { to < cap -> to++ }; needs(); break
    :: atomic { to >= cap && (b == QUEUED || READY_B) && (MUT != 5 || to_x) -> b = BUSY };
       if :: MUT == 1 && !box -> run_b_nested() :: else -> run_b() fi;
       pass_on_stage(READY_B)
    :: atomic { to >= cap && READY_C && (MUT != 5 || !to_x) -> c_busy = true }; run_c(); pass_on_stage(READY_C)
    :: to >= cap && !HAS_WORK -> /* it sleeps; others may have found work in between, or left some */
       if :: MUT != 3 -> pass_on() :: else fi;
       to < cap
    od
}

/* The item that was sent last, the second to z, has begun. */
inline rendezvous()
{
    do
    :: got >= 2 -> break
    :: atomic { got < 2 && (b == QUEUED || READY_B) -> b = BUSY }; run_b(); pass_on_stage(READY_B)
    :: atomic { got < 2 && READY_C -> c_busy = true }; run_c(); pass_on_stage(READY_C)
    :: got < 2 && !HAS_WORK -> pass_on(); got >= 2
    od
}

active proctype a()
{
    do
    :: emit(x, XCAP, true);
       emit(x, XCAP, true);
       emit(x, XCAP, true);
       emit(z, 3, false);
       emit(z, 3, false);
       if :: REND -> rendezvous(); ran == 3 :: else fi;
       emit(z, 3, false);
       if
       :: KERNEL || REND -> atomic { got == 3 -> got = 0; ran = 0 }
       :: else -> atomic { got = 0; ran = 0 }
       fi
    od
}

inline take()
{
    if :: spins -> spinning--; spins = false :: else fi
}

#if NT > 0
active [NT] proctype pool()
{
    bool spins = true;

    do
    :: atomic { b == QUEUED -> b = BUSY; take() }; pass_on(); run_b()
    :: atomic { READY_B -> b = BUSY; take() }; pass_on(); run_b()
    :: atomic { READY_C -> c_busy = true; take() }; pass_on(); run_c()
    :: atomic { !HAS_WORK && !spins -> spinning++; spins = true }
    :: atomic { !HAS_WORK && spins -> spinning--; parked++; spins = false };
       if
       :: NEEDY && HAS_WORK ->
          atomic { if :: parked > 0 -> parked--; spinning++ :: else -> tokens-- fi; spins = true }
       :: else -> atomic { tokens > 0 -> tokens--; spins = true }
       fi
    od
}
#endif
