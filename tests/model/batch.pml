/* A hidden batch (batch.c): bodies known to be quick show their progress when the batch is done. Should one of them wait
 * after all, the monitor publishes on its behalf what is done so far. The batch has a number; its end and the monitor's
 * look exclude each other by `batch_lock`. The owner's windows are his; the monitor reads how far they are.
 *
 * A worker takes two items in place, and its body sends one for each; the second body blocks until the receiver has had
 * the first result, or goes on. BOX=0: the window lies on the ring; BOX=1: results lie in the outbox, from where the
 * monitor sends what the channel (one place) has room for, and the owner the rest. Items are numbered (mod 8).
 *
 * Left out: receiving, which the monitor publishes in the same section; a batch within a body that waits, and
 * thread.slot, which tells the monitor whose batch it is: here there is one slot.
 *
 * run ring         -DBOX=0
 * run outbox       -DBOX=1
 * long ring-5      -DBOX=0 -DBATCHES=5
 * long outbox-5    -DBOX=1 -DBATCHES=5
 * mutant 1 -DBOX=0 the monitor publishes nothing
 * mutant 2 -DBOX=0 the monitor does not look whether the batch is still the one it saw
 * mutant 3 -DBOX=0 the monitor works without the lock
 * mutant 4 -DBOX=1 the monitor works without the lock
 * mutant 5 -DBOX=1 the owner sends what the monitor has sent already
 * mutant 6 -DBOX=0 the batch ends without the lock
 * passes 7 -DBOX=1 a batch has the same number as the one before: what the monitor publishes under the lock is right for whichever batch runs
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef BATCHES
#define BATCHES 3
#endif
#define MASK 7
byte next;                /* how far the bodies of the batch are: items sent; read by the monitor */
byte first;               /* BOX: items of the outbox that are sent */
byte start;               /* the item of the batch's first body */
byte base;                /* what tail was when the window was opened */
byte tail, head;          /* of the output */
byte batch, batches;      /* the number of the batch that runs, 0: none; of the last */
byte ring[4];
bool lock;
byte got;                 /* results that the receiver had */
#define LOCK(broken) atomic { (broken) || !lock -> if :: !(broken) -> lock = true :: else fi }
#define UNLOCK(broken) if :: !(broken) -> lock = false :: else fi

/* The receiver checks that each result comes once, in order. */
active proctype receiver()
{
end:
    do
    :: tail != head ->
       assert(((tail - head) & MASK) <= (BOX -> 1 : 2));
       assert(ring[head & 3] == got);
       atomic { got = (got + 1) & MASK; head = (head + 1) & MASK }
    od
}

active proctype owner()
{
    byte item, k;

    do
    :: batches < BATCHES && (BOX || tail == head) -> /* the window on the ring wants room for both */
       atomic { base = tail; start = item; next = 0; first = 0 };
       atomic { batches++; batch = (MUT == 7 -> 1 : batches) };
       k = 0;
       do
       :: k < 2 ->
          if
          :: k == 1 -> if :: true :: true -> got == item fi
          :: else
          fi;
          if :: !BOX -> ring[(base + k) & 3] = item :: else fi;
          atomic { k++; item = (item + 1) & MASK; next = k }
       :: else -> break
       od;
       LOCK(MUT == 6);
       batch = 0;
       UNLOCK(MUT == 6);
       if
       :: !BOX -> tail = (base + 2) & MASK
       :: else ->
          k = (MUT == 5 -> 0 : first);
          do
          :: k < 2 && tail == head -> ring[tail & 3] = (item - 2 + k) & MASK; atomic { tail = (tail + 1) & MASK; k++ }
          :: k == 2 -> break
          od
       fi;
       k = 0
    :: batches == BATCHES -> break
    od
}

/* It looks twice at the batch's number, a tick apart. A look that finds nothing new is no step: it would hide that all
 * others wait. */
active proctype monitor()
{
    byte seen, n;

end:
    do
    :: atomic {
           MUT != 1 && batch != 0 && next > (BOX -> first : 0) && (BOX -> tail == head : ((base + next) & MASK) != tail) ->
           seen = batch
       };
       (batch == seen || batch != seen); /* the tick */
       LOCK(MUT == 3 || MUT == 4);
       if
       :: MUT == 2 || batch == seen ->
          n = next;
          if
          :: !BOX -> tail = (base + n) & MASK
          :: BOX && n > first && tail == head ->
             ring[tail & 3] = (start + first) & MASK;
             tail = (tail + 1) & MASK;
             first = first + 1
          :: else
          fi
       :: else
       fi;
       UNLOCK(MUT == 3 || MUT == 4);
       atomic { seen = 0; n = 0 }
    od
}
