/* A directed cycle of growing channels that ends by itself (cycle.c): the count of items in flight is raised before an
 * item is published and lowered after the body that received it has returned and its own items are counted; the channels
 * close when no sender from outside is left and the count is 0. Two sources from outside send N items each; a body sends
 * up to two items back, MORE in all. A worker counts and publishes each item as its body sends it; a leaf has them in its
 * outbox until the body has returned, counts only by how many they are more or fewer than the one it received, and
 * publishes then.
 *
 * Left out: items that are dropped, which lower the count like a body; drains and tear-downs, which do not wait for
 * it; how threads park.
 *
 * run small        -DN=1 -DMORE=2
 * run more         -DN=2 -DMORE=2
 * run leaves       -DN=1 -DMORE=2 -DWORKERS=0 -DLEAVES=2
 * run workers      -DN=1 -DMORE=2 -DWORKERS=2 -DLEAVES=0
 * long larger      -DN=3 -DMORE=5
 * long three       -DN=2 -DMORE=3 -DLEAVES=2
 * mutant 1 -DN=1 -DMORE=1 the count is raised after the item is published
 * mutant 2 -DN=1 -DMORE=1 the count is lowered before the body's own items are counted
 * mutant 3 -DN=1 -DMORE=1 closing does not ask whether a sender from outside is left
 * mutant 4 -DN=1 -DMORE=1 the last sender from outside does not look whether the count is 0
 * mutant 5 -DN=1 -DMORE=1 who lowers the count to 0 does not look at all
 * mutant 6 -DN=1 -DMORE=1 both look before they change their count
 * mutant 7 -DN=1 -DMORE=1 the count is lowered when the body begins
 * mutant 8 -DN=1 -DMORE=2 a leaf that sends more than it received does not count that
 * mutant 9 -DN=1 -DMORE=2 a leaf publishes before it counts
 * mutant 10 -DN=1 -DMORE=1 a leaf that sends nothing does not count that
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef WORKERS
#define WORKERS 1
#endif
#ifndef LEAVES
#define LEAVES 1
#endif
byte queued, inflight, outside = 2, hands, more = MORE;
byte done_items, all_items;
bool closed;

inline close_if()
{
    if
    :: MUT != 3 && outside != 0
    :: else -> /* a load each, in this order */
       if
       :: inflight != 0
       :: else -> closed = true
       fi
    fi
}

inline send()
{
    if
    :: MUT == 1 -> queued++; inflight++
    :: else -> inflight++; queued++
    fi;
    assert(!closed)
}

inline lower()
{
    if
    :: MUT == 6 -> if :: inflight == 1 && outside == 0 -> closed = true :: else fi; inflight--
    :: else ->
       atomic { inflight--; last = (inflight == 0) };
       if :: last && MUT != 5 -> close_if() :: else fi;
       last = false
    fi
}

active [2] proctype source()
{
    byte i;
    bool last;

    do
    :: i < N -> atomic { all_items++; i++ }; send()
    :: else -> break
    od;
    if
    :: MUT == 6 -> if :: outside == 1 && inflight == 0 -> closed = true :: else fi; outside--
    :: else ->
       atomic { outside--; last = (outside == 0) };
       if :: last && MUT != 4 -> close_if() :: else fi
    fi
}

active [WORKERS] proctype worker()
{
    byte n;
    bool last;

    do
    :: atomic { queued > 0 -> queued--; hands++ };
       if :: MUT == 2 || MUT == 7 -> lower() :: else fi;
       n = 0;
       do
       :: atomic { more > 0 && n < 2 -> more--; all_items++; n++ }; send()
       :: true -> break
       od;
       atomic { hands--; done_items++ };
       if :: MUT != 2 && MUT != 7 -> lower() :: else fi;
       n = 0
    :: atomic { closed && queued == 0 -> assert(hands == 0 && done_items == all_items && inflight == 0) }; break
    od
}

inline count()
{
    if
    :: n == 0 && MUT != 10 -> lower()
    :: n == 2 && MUT != 8 -> inflight++
    :: else
    fi
}

inline publish()
{
    do
    :: sent < n -> atomic { assert(!closed); queued++ }; sent++
    :: else -> break
    od
}

active [LEAVES] proctype leaf()
{
    byte n, sent;
    bool last;

    do
    :: atomic { queued > 0 -> queued--; hands++ };
       do
       :: atomic { more > 0 && n < 2 -> more--; all_items++; n++ }
       :: true -> break
       od;
       atomic { hands--; done_items++ };
       if
       :: MUT == 9 -> publish(); count()
       :: else -> count(); publish()
       fi;
       n = 0;
       sent = 0
    :: atomic { closed && queued == 0 -> assert(hands == 0 && done_items == all_items && inflight == 0) }; break
    od
}
