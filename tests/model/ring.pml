/* A growing channel (chan.c: chan_make_room, chan_grow): its ring doubles under both locks when a put finds no place, and
 * never shrinks. Senders put under `send_lock`; receivers take under `recv_lock`; who grows the ring has the first and
 * takes the second. A sender reads `taken`, the receivers' counter, without their lock.
 *
 * Sender 0 may block, at any item, until all it sent was received; each has at most MOST items on their way, so the ring
 * grows to 4 places at most. Old memory is overwritten when it is freed. Counters run on and wrap at 8; a ring has
 * 1, 2 or 4 places, of which the counter's low bits choose one. An item is its sender and its number, mod 4.
 *
 * Left out: `head` and senders that wait (a growing channel always has room), and memory that is refused, which tears
 * the pipeline down (harness chan_cannot_grow).
 *
 * run one-sender      -DNS=1 -DNR=2 -DMOST=3
 * run two-senders     -DNS=2 -DNR=1 -DMOST=1
 * long two-of-both    -DNS=2 -DNR=2 -DMOST=1
 * long larger         -DNS=2 -DNR=2 -DMOST=2
 * mutant 1 -DNS=2 -DNR=1 -DMOST=1 the ring doubles without the receivers' lock
 * mutant 2 -DNS=1 -DNR=1 -DMOST=3 the items keep their places in the larger ring
 * mutant 3 -DNS=2 -DNR=1 -DMOST=1 senders put without their lock
 * mutant 4 -DNS=1 -DNR=2 -DMOST=2 receivers take without their lock
 * mutant 5 -DNS=2 -DNR=1 -DMOST=1 tail is published before the item is written
 * mutant 6 -DNS=2 -DNR=1 -DMOST=1 a ring counts as full one item too late
 * mutant 7 -DNS=2 -DNR=1 -DMOST=1 the size is read before the ring grows, and the item goes to the place that it then had
 * mutant 8 -DNS=1 -DNR=1 -DMOST=3 what was put last is left behind in the old ring
 */
#ifndef MUT
#define MUT 0
#endif
#define MASK 7
#define GARBAGE 255
byte memory[8] = GARBAGE; /* places 1 to 7: rings of 1, 2 and 4 begin at 1, 2 and 4 */
byte size = 1;
byte tail, taken;
bool send_lock, recv_lock;
byte on_way[2];
byte next_of[2]; /* what the receivers will get of each sender; their lock makes it the order */
#define AT(size_, i) memory[(size_) + ((i) & ((size_) - 1))]
#define LOCK(lock, broken) atomic { (broken) || !lock -> if :: !(broken) -> lock = true :: else fi }
#define UNLOCK(lock, broken) if :: !(broken) -> lock = false :: else fi
#define FULL (((tail + 1 - seen) & MASK) > size + (MUT == 6))

inline grow()
{
    LOCK(recv_lock, MUT == 1);
    i = taken;
    do
    :: i != ((tail - (MUT == 8)) & MASK) ->
       if
       :: MUT == 2 -> memory[2 * size + (i & (size - 1))] = AT(size, i)
       :: else -> AT(2 * size, i) = AT(size, i)
       fi;
       i = (i + 1) & MASK
    :: else -> break
    od;
    i = 0;
    do
    :: i < size -> memory[size + i] = GARBAGE; i++
    :: else -> break
    od;
    size = 2 * size;
    i = 0;
    UNLOCK(recv_lock, MUT == 1)
}

active [NS] proctype sender()
{
    byte me = _pid, n, at, i, seen, old;

    do
    :: on_way[me] < MOST ->
       LOCK(send_lock, MUT == 3);
       at = tail;
       old = size;
       do
       :: seen = taken;
          if
          :: FULL -> grow()
          :: else -> break
          fi
       od;
       if
       :: MUT == 5 -> atomic { tail = (at + 1) & MASK; on_way[me]++ }; AT(size, at) = 4 * me + n
       :: MUT == 7 -> memory[size + (at & (old - 1))] = 4 * me + n; atomic { tail = (at + 1) & MASK; on_way[me]++ }
       :: else -> AT(size, at) = 4 * me + n; atomic { tail = (at + 1) & MASK; on_way[me]++ }
       fi;
       atomic { n = (n + 1) & 3; seen = 0; at = 0; old = 0 };
       UNLOCK(send_lock, MUT == 3)
    :: me == 0 -> on_way[0] == 0
    od
}

active [NR] proctype receiver()
{
    byte at, item;

    do
    :: tail != taken ->
       LOCK(recv_lock, MUT == 4);
       at = taken;
       if
       :: tail != at ->
          item = AT(size, at);
          assert(item != GARBAGE);
          atomic {
              assert(next_of[item / 4] == (item & 3));
              next_of[item / 4] = (next_of[item / 4] + 1) & 3
          };
          atomic { taken = (at + 1) & MASK; on_way[item / 4]-- }
       :: else
       fi;
       atomic { item = 0; at = 0 };
       UNLOCK(recv_lock, MUT == 4)
    od
}
