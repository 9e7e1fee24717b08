/* A channel that drops its oldest item and has one sender, whose items own nothing (drop.c). The ring has places to spare.
 * The sender opens a window of as many under the lock of the receiving end, and writes there in place, whether the channel is
 * full or not: it never looks at what it drops. Who is at the receiving end, under its lock, first settles: of more than CAP
 * items the oldest are gone. So an item of those that are left is never written over while somebody copies it: that takes
 * more places than a window has, and the next window has to wait for the lock.
 *
 * Looks without the lock read `taken`, then `tail`, then `head`, and leave out what is promised or gone. The sender wakes
 * somebody for an item, unless the channel was full before it: then there are no more items than there were. Who begins where
 * all items were promised looks once more, since one may have come that was taken for such a one.
 *
 * Before each item the sender may wait until all that it has sent was begun with or dropped. Items are numbered: that of place
 * i is i + 1; 0 is one that is half written.
 *
 * run one             -DCAP=1 -DSIZE=2 -DN=4 -DNR=1
 * run larger          -DCAP=2 -DSIZE=4 -DN=4 -DNR=1
 * run wider           -DCAP=1 -DSIZE=4 -DN=5 -DNR=1
 * run two             -DCAP=1 -DSIZE=2 -DN=2 -DNR=2
 * long more           -DCAP=1 -DSIZE=2 -DN=3 -DNR=2
 * long larger-two     -DCAP=2 -DSIZE=4 -DN=3 -DNR=2
 * mutant 1 -DCAP=1 -DSIZE=2 -DN=4 -DNR=1 a window is opened without the lock
 * mutant 2 -DCAP=1 -DSIZE=2 -DN=4 -DNR=1 a window is one place wider
 * mutant 3 -DCAP=1 -DSIZE=2 -DN=3 -DNR=1 who settles leaves the claims as they are
 * mutant 4 -DCAP=1 -DSIZE=2 -DN=2 -DNR=2 who begins does not look again
 * mutant 5 -DCAP=1 -DSIZE=2 -DN=3 -DNR=1 the sender looks whether the channel was full before its item is there
 * mutant 6 -DCAP=1 -DSIZE=2 -DN=2 -DNR=1 a receiver that sleeps does not look again
 * mutant 7 -DCAP=1 -DSIZE=2 -DN=3 -DNR=1 who begins does not settle
 */
#ifndef MUT
#define MUT 0
#endif
byte ring[SIZE];
byte tail, head, taken, dropped;
bool lock, closed;
byte sent, begun, last;
bool waiting[NR], event[NR];
byte over;

#define AT(i) ring[(i) % SIZE]
#define LOCK atomic { !lock -> lock = true }
#define UNLOCK lock = false

inline wake_one(r)
{
    r = 0;
    do
    :: r < NR && !waiting[r] -> r++
    :: r < NR && waiting[r] -> waiting[r] = false; event[r] = true; break
    :: r == NR -> break
    od
}

/* What `seen` becomes of `tail` is what counts until the lock is given back. */
inline settle(seen, gone)
{
    seen = tail;
    gone = 0;
    if
    :: seen - head > CAP ->
       gone = seen - head - CAP;
       head = head + gone;
       if :: MUT != 3 -> taken = taken + gone :: else fi;
       dropped = dropped + gone
    :: else
    fi
}

/* Looks for items that are nobody's. */
#define NOBODYS(t, l, h) ((l) > (t) && CAP + (h) > (t))

active proctype sender()
{
    byte r, limit;
    bool was_full;

    do
    :: sent < N ->
       if :: true -> begun + dropped == sent :: true fi;
       if
       :: sent == limit ->
          if :: MUT != 1 -> LOCK; UNLOCK :: else fi;
          limit = sent + SIZE - CAP + (MUT == 2 -> 1 : 0)
       :: else
       fi;
       if :: MUT == 5 -> was_full = tail - head >= CAP :: else fi;
       AT(tail) = 0;
       AT(tail) = sent + 1;
       sent++;
       tail++;
       if :: MUT != 5 -> was_full = tail - 1 - head >= CAP :: else fi;
       if :: !was_full -> wake_one(r) :: else fi;
       atomic { r = 0; was_full = false }
    :: sent == N -> break
    od;
    if :: true -> begun + dropped == sent :: true fi;
    closed = true;
    r = 0;
    do :: r < NR -> event[r] = true; r++ :: r == NR -> break od;
    over++
}

active [NR] proctype receiver()
{
    byte t, l, h, gone, item, r;
    bool ends, promised;
    byte me = _pid - 1;

    do
    :: true ->
       ends = closed; /* closed first, then empty */
       t = taken;
       l = tail;
       h = head;
       if
       :: NOBODYS(t, l, h) ->
          LOCK;
          settle(l, gone);
          if
          :: l > taken -> taken++; UNLOCK
          :: else -> UNLOCK; goto again
          fi;
          LOCK; /* whenever its permit comes */
          if :: MUT == 7 -> l = tail :: else -> settle(l, gone) fi;
          promised = l == taken;
          item = AT(head);
          assert(item == head + 1 && AT(head) == item); /* nobody writes there meanwhile */
          assert(item > last && head < taken && taken - head <= CAP);
          last = item;
          begun++;
          head++;
          promised = promised && MUT != 4 && tail > taken;
          UNLOCK;
          if :: promised -> wake_one(r) :: else fi;
          if :: NR > 1 -> begun + dropped == sent :: true fi /* a body that waits for what others begin with */
       :: else ->
          if /* the stage ends when all has begun; until then others may leave an item */
          :: ends -> if :: head == tail -> break :: NOBODYS(taken, tail, head) -> goto again fi
          :: else
          fi;
          waiting[me] = true;
          t = taken;
          l = tail;
          h = head;
          if
          :: MUT != 6 && (closed || NOBODYS(t, l, h)) -> waiting[me] = false
          :: else -> event[me] -> event[me] = false; waiting[me] = false
          fi
       fi;
again:
       atomic { t = 0; l = 0; h = 0; gone = 0; item = 0; r = 0 }
    od;
    over++
}

active proctype ledger()
{
    over == NR + 1 ->
    assert(begun + dropped == N && last == N && head == tail && taken == tail)
}
