/* A channel with locked ends: two senders, NR receivers, senders that wait in its list (chan.c, body.c, batch.c). Who
 * begins items raises `head` and wakes the first of the list if there is room; a sender that waited passes on what it
 * will leave. A receiver of quick bodies (LATE=1) wakes nobody before half of the channel is free or it lets go.
 * REND=1: a rendezvous: the sender goes on when a body has begun with its item, and waits for that in the list too; who
 * begins wakes those whose items have begun, and one that waits for room.
 *
 * LOOP=1: each sender may block, at any item, until all that it sent has begun, or sender 0 until sender 1 has sent
 * another, and they go on for ever.
 * LOOP=0: each sends N items and ends; the last one to end closes the channel, and the receivers end when it is closed
 * and empty. A section under a lock is one step. Counters wrap at 4 (8 where CAP is 4).
 *
 * Left out: batches (an item is taken and begun by itself), what a sender does before it sleeps (linger.pml, feed.pml),
 * how the receivers' threads park (park.pml), and `abandoned`, which is stored before everybody in the list is woken,
 * like room.
 *
 * run loop          -DLOOP=1 -DCAP=1
 * long loop-cap-2   -DLOOP=1 -DCAP=2
 * long loop-2-receivers -DLOOP=1 -DCAP=2 -DNR=2
 * run end-2-receivers -DLOOP=0 -DCAP=1 -DN=1 -DNR=2
 * long late-wakes   -DLOOP=1 -DCAP=2 -DLATE=1
 * run rendezvous    -DLOOP=1 -DCAP=1 -DREND=1
 * run end           -DLOOP=0 -DCAP=2 -DN=2
 * run end-rendezvous -DLOOP=0 -DCAP=1 -DN=2 -DREND=1
 * long end-4        -DLOOP=0 -DCAP=4 -DN=4 -DLATE=1
 * long loop-3-senders -DLOOP=1 -DCAP=1 -DNS=3
 * long late-3-senders -DLOOP=0 -DCAP=2 -DN=2 -DNS=3 -DLATE=1
 * mutant 1 -DLOOP=1 -DCAP=2 senders put without the lock
 * mutant 2 -DLOOP=1 -DCAP=2 -DNR=2 receivers take without the lock
 * passes 3 -DLOOP=1 -DCAP=2 a sender that waited does not pass room on: every item that is put wakes one when it begins; room stands empty meanwhile
 * mutant 4 -DLOOP=1 -DCAP=1 a sender that waits does not look again
 * mutant 5 -DLOOP=1 -DCAP=1 a sender that goes on stays in the list
 * passes 6 -DLOOP=1 -DCAP=1 -DLATE=1 a receiver that lets go does not wake the senders that it kept asleep: the last item that begins frees more than half, and wakes
 * mutant 7 -DLOOP=0 -DCAP=1 -DN=2 -DREND=1 a rendezvous wakes one sender only: that whose item has begun, and none that waits for room
 * mutant 8 -DLOOP=0 -DCAP=2 -DN=2 every sender that ends closes the channel
 * mutant 9 -DLOOP=0 -DCAP=2 -DN=2 a receiver reads `closed` after it saw the channel empty
 * mutant 10 -DLOOP=1 -DCAP=1 room is counted from what left the ring, not from what began
 * mutant 11 -DLOOP=0 -DCAP=2 -DN=2 the last sender closes the channel before it puts its last item
 * mutant 12 -DLOOP=0 -DCAP=1 -DN=2 -DREND=1 a rendezvous wakes one of those that wait for a beginning, whosever item has begun
 * mutant 13 -DLOOP=0 -DCAP=1 -DN=2 -DREND=1 a rendezvous wakes only who waits for room
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef LATE
#define LATE 0
#endif
#ifndef REND
#define REND 0
#endif
#ifndef NS
#define NS 2
#endif
#ifndef NR
#define NR 1
#endif
#ifndef N
#define N 1
#endif
#if CAP > 2
#define MASK 7
#else
#define MASK 3
#endif
byte tail, taken, head, ring[CAP];
byte pending[NS]; /* of each sender: sent and not received yet */
bool moved;       /* sender 1 has put an item since sender 0 last waited for that */
byte total;       /* LOOP=0: received */
bool listed[NS];             /* in the list; who is woken first is left open */
bool meets[NS];              /* it waits there for the beginning of its item */
bool met;                    /* while somebody wakes: one of those was */
bool event[NS];
byte senders = NS;
bool closed;
byte ended; /* receivers */
#define QUEUED(from) ((tail - from) & MASK)
#define ROOM (QUEUED((MUT == 10 -> taken : head)) < CAP)

#define SOME (listed[0] || listed[1] || listed[NS - 1])
#define WAITS(who, what) (listed[who] && meets[who] == what)
inline wake_first()
{
    if
    :: WAITS(0, false) -> listed[0] = false; event[0] = true
    :: WAITS(1, false) -> listed[1] = false; event[1] = true
    :: NS > 2 && WAITS(NS - 1, false) -> listed[NS - 1] = false; event[NS - 1] = true
    :: else
    fi
}

#define BEGUN(who) (WAITS(who, true) && MUT != 13 && (MUT == 12 -> !met : pending[who] == 0))
inline pass_room()
{
    if
    :: SOME && REND -> atomic {
           if :: BEGUN(0) -> listed[0] = false; event[0] = true; met = true :: else fi;
           if :: BEGUN(1) -> listed[1] = false; event[1] = true; met = true :: else fi;
           if :: ROOM && (MUT != 7 || !met) -> wake_first() :: else fi;
           met = false
       }
    :: SOME && !REND -> if :: ROOM -> atomic { wake_first() } :: else fi
    :: else
    fi
}

/* prt_slot_hold_() for what `over` says */
#define PARK(over, meeting) \
    atomic { listed[me] = true; meets[me] = meeting }; \
    if \
    :: MUT != 4 && (over) \
    :: else -> atomic { event[me] -> event[me] = false } \
    fi; \
    d_step { if :: MUT != 5 -> listed[me] = false :: else fi; parked = true }

active [NS] proctype sender()
{
    byte me = _pid, n, at;
    bool parked;

    do
    :: LOOP || n < N ->
       if
       :: MUT == 11 && n == N - 1 -> senders--; if :: senders == 0 -> closed = true :: else fi
       :: else
       fi;
       do
       :: parked && ROOM -> /* woken for all the room, and about to use one place */
          if :: MUT != 3 && QUEUED(head) + 1 < CAP -> pass_room() :: else fi;
          parked = false
       :: atomic { MUT != 1 && !parked && ROOM ->
              ring[tail % CAP] = me; tail = (tail + 1) & MASK;
              pending[me]++; moved = moved || me == 1; n = (LOOP -> 0 : n + 1) };
          break
       :: MUT == 1 && !parked && ROOM ->
          at = tail;
          ring[at % CAP] = me;
          tail = (at + 1) & MASK;
          d_step { pending[me]++; moved = moved || me == 1 };
          break
       :: !ROOM -> PARK(ROOM, false)
       od;
       assert(QUEUED(head) <= CAP);
#if REND
       do
       :: pending[me] == 0 -> break
       :: pending[me] > 0 -> PARK(pending[me] == 0, true)
       od;
       parked = false;
#endif
       at = 0;
#if LOOP
       if
       :: true
       :: true -> pending[me] == 0
       :: me == 0 -> d_step { moved -> moved = false }
       fi
#endif
    :: !LOOP && n == N -> break
    od;
    if :: MUT != 11 -> atomic { senders--; closed = closed || senders == 0 || MUT == 8 } :: else fi
}

active [NR] proctype receiver()
{
    byte item, at;
    bool c, e;

    do
    ::
#if !LOOP
       if
       :: MUT == 9 -> e = (tail == taken); c = closed
       :: else -> c = closed; e = (tail == taken)
       fi;
       if
       :: d_step { c && e -> skip } -> break
       :: else -> d_step { c = false; e = false }
       fi;
#endif
       if
       :: atomic { MUT != 2 && tail != taken -> item = ring[taken % CAP]; taken = (taken + 1) & MASK }
       :: MUT == 2 && tail != taken -> at = taken; item = ring[at % CAP]; taken = (at + 1) & MASK
       :: tail == taken -> goto let_go
       fi;
       atomic { head = (head + 1) & MASK; pending[item]--; total = total + !LOOP; item = 0 }; /* the body begins */
       at = 0;
       if
       :: !LATE || REND || QUEUED(head) < CAP - CAP / 2 -> pass_room()
       :: else
       fi;
       goto next;
let_go:
       if :: LATE && MUT != 6 -> pass_room() :: else fi;
       (closed || tail != taken);
next:  true
    od;
    if :: LATE && MUT != 6 -> pass_room() :: else fi;
    if
    :: !LOOP -> /* both are at their end */
       atomic {
           ended++;
           if
           :: ended == NR -> assert(total == NS * N && tail == taken && taken == head)
           :: else
           fi
       }
    :: else
    fi
}

