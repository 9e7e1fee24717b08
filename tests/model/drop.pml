/* A channel that drops its oldest item (drop.c). The one sender puts in place while there is room; else, under the lock of
 * the receiving end, it looks again, and exchanges its item with the oldest. A receiver takes a claim under that lock, waits
 * for a permit that may come at any time, and begins, under the lock, with what is the oldest then. Looks without the lock
 * read `taken` first and `tail` then. Nobody is woken for an exchange, since there are as many items as before.
 *
 * Before each item the sender may wait until all that it has sent was begun with or dropped: a lost wake-up leaves it
 * waiting for ever. Items are numbered, so order and what comes last can be seen. In the ring's place of an item that was
 * begun with or dropped lies 0.
 *
 * Left out: several senders, which have a lock (model many); turns, which are drawn under the same lock.
 *
 * run one             -DCAP=1 -DN=4 -DNR=1
 * run two             -DCAP=1 -DN=3 -DNR=2
 * run larger          -DCAP=2 -DN=3 -DNR=2
 * long larger-four    -DCAP=2 -DN=4 -DNR=2
 * long more           -DCAP=2 -DN=5 -DNR=3
 * mutant 1 -DCAP=1 -DN=3 -DNR=1 the exchange takes no lock
 * mutant 2 -DCAP=1 -DN=3 -DNR=1 the exchange leaves `taken` as it is
 * mutant 3 -DCAP=1 -DN=3 -DNR=1 `taken` moves before `tail`
 * mutant 4 -DCAP=1 -DN=3 -DNR=1 a receiver that sleeps does not look again
 * mutant 5 -DCAP=2 -DN=4 -DNR=2 a receiver begins with the item of its claim's number, not with the oldest
 * mutant 6 -DCAP=1 -DN=3 -DNR=1 under the lock the sender does not look again for room
 * mutant 7 -DCAP=1 -DN=3 -DNR=1 a put that found room after all wakes nobody
 */
#ifndef MUT
#define MUT 0
#endif
byte ring[CAP];
byte tail, head, taken;
bool lock, closed;
byte sent, begun, dropped, last;
bool waiting[NR], event[NR];
byte over;

#define AT(i) ring[(i) % CAP]
#define LOCK(broken) atomic { (broken) || !lock -> if :: !(broken) -> lock = true :: else fi }
#define UNLOCK(broken) if :: !(broken) -> lock = false :: else fi

inline wake_one()
{
    r = 0;
    do
    :: r < NR && !waiting[r] -> r++
    :: r < NR && waiting[r] -> waiting[r] = false; event[r] = true; break
    :: r == NR -> break
    od
}

active proctype sender()
{
    byte r, room;

    do
    :: sent < N ->
       if :: true -> begun + dropped == sent :: true fi;
       sent++;
       if
       :: tail - head < CAP -> AT(tail) = sent; tail++; wake_one()
       :: else ->
          LOCK(MUT == 1);
          if
          :: MUT != 6 && tail - head < CAP -> AT(tail) = sent; tail++; room = 1
          :: else ->
             assert(AT(head) != 0); /* somebody begins with it meanwhile, or has */
             AT(head) = 0;
             AT(tail) = sent;
             if :: MUT == 3 -> taken++ :: else fi;
             tail++;
             if :: MUT != 2 && MUT != 3 -> taken++ :: else fi;
             head++;
             dropped++;
             room = 0
          fi;
          UNLOCK(MUT == 1);
          if :: room && MUT != 7 -> wake_one() :: else fi
       fi
    :: sent == N -> break
    od;
    closed = true;
    r = 0;
    do :: r < NR -> event[r] = true; r++ :: r == NR -> break od;
    over++
}

active [NR] proctype receiver()
{
    byte seen, item, mine;
    bool ends;
    byte me = _pid - 1;

    do
    :: true ->
       ends = closed; /* closed first, then empty */
       seen = taken;
       if
       :: tail > seen ->
          LOCK(false);
          if
          :: tail > taken -> mine = taken; taken++; UNLOCK(false)
          :: else -> UNLOCK(false); goto again
          fi;
          LOCK(false); /* whenever its permit comes */
          if :: MUT == 5 -> item = AT(mine); AT(mine) = 0 :: else -> item = AT(head); AT(head) = 0 fi;
          assert(item > last); /* no item twice, none that is gone, and in order */
          last = item;
          head++;
          begun++;
          UNLOCK(false)
       :: else ->
          if :: ends -> break :: else fi;
          waiting[me] = true;
          seen = taken;
          if
          :: MUT != 4 && (closed || tail > seen) -> waiting[me] = false
          :: else -> event[me] -> event[me] = false; waiting[me] = false
          fi
       fi;
again: skip
    od;
    over++
}

active proctype ledger()
{
    over == NR + 1 ->
    assert(begun + dropped == N && last == N && head == tail && taken == tail)
}
