/* Threads are enough (rule T1; entry.c, monitor.c). A (two workers, may wait) sends one item to x and four to z; M (may
 * wait) takes from x and sends two items to y for each; C, a leaf, takes one of y and two of z. Channels are as small as a
 * thread for each worker needs. What waits for room runs C meanwhile, and nothing else. BLOCKS=1: both bodies may also
 * block in the kernel until what they sent has come through.
 *
 * There are NT threads at the start: a processor, and one for each stage that may wait. GROW threads may be added at any
 * time, or creating them may fail: a thread that is never added is that. A thread that is idle may
 * retire, never below NT and only if the rest are enough for who is inside.
 *
 * Left out: how threads sleep and wake (park.pml), and workers that rule T1 keeps from a tick of `flush` (entry.c:
 * late), which whoever leaves a stage runs or lets in: harnesses flush_ticks*.
 *
 * run as-started     -DNT=3 -DGROW=0
 * run blocks         -DNT=3 -DGROW=0 -DBLOCKS=1
 * run grows          -DNT=3 -DGROW=2 -DBLOCKS=1
 * long grows-more    -DNT=4 -DGROW=3 -DBLOCKS=1
 * mutant 1 -DNT=2 -DGROW=0 -DBLOCKS=1 a thread takes any ready worker, whatever is left for the other stages
 * mutant 2 -DNT=3 -DGROW=1 -DBLOCKS=1 idle threads retire down to one
 * mutant 3 -DNT=3 -DGROW=0 -DBLOCKS=1 no thread is kept for leaves
 * mutant 4 -DNT=2 -DGROW=0 -DBLOCKS=1 one thread too few at the start
 * mutant 5 -DNT=3 -DGROW=2 -DBLOCKS=1 a thread retires as long as there are more than at the start
 */
#ifndef MUT
#define MUT 0
#endif
#ifndef BLOCKS
#define BLOCKS 0
#endif
byte threads = NT, idle = NT; /* idle: in no body that may wait */
byte x, y, z, in_a, in_m;
bool busy_c;
byte jobs; /* threads that run C at base level */
#define MAY_RETIRE (MUT == 2 -> threads > 1 : threads > NT && (MUT == 5 || threads - 1 >= INSIDE + EMPTY + 1))
#define EMPTY ((in_a == 0) + (in_m == 0))
#define INSIDE (in_a + in_m)
#define ENTRY(in) (MUT == 1 || in == 0 || threads > INSIDE + EMPTY + (MUT != 3))
#define READY_C (!busy_c && y > 0 && z > 1)

inline run_c()
{
    d_step { y--; z = z - 2; busy_c = false }
}

inline put(chan_, cap, n)
{
    do
    :: atomic { chan_ + n <= cap -> chan_ = chan_ + n; break }
    :: atomic { chan_ + n > cap && READY_C -> busy_c = true }; run_c()
    od
}

/* One process for each thread there may be; those above `threads` are not there. */
active [NT + GROW] proctype thread()
{
    do
    :: atomic { idle > 0 && in_a < 2 && ENTRY(in_a) -> idle--; in_a++ };
       put(x, 1, 1);
       put(z, 2, 2);
       put(z, 2, 2);
       if
       :: BLOCKS -> if :: true :: true -> x == 0 && y == 0 fi
       :: else
       fi;
       atomic { in_a--; idle++ }
    :: atomic { idle > 0 && in_m < 1 && x > 0 && ENTRY(in_m) -> idle--; in_m++; x-- };
       put(y, 1, 1);
       if
       :: BLOCKS -> if :: true :: true -> y == 0 fi
       :: else
       fi;
       put(y, 1, 1);
       if
       :: BLOCKS -> if :: true :: true -> y == 0 fi
       :: else
       fi;
       atomic { in_m--; idle++ }
    :: atomic { idle > 0 && READY_C -> idle--; busy_c = true; jobs++ };
       run_c();
       atomic { idle++; jobs-- }
    od
}

/* Adds and retires a bounded number of times: for ever, it would hide that all others wait. */
active proctype monitor()
{
    byte grown, retired;
end:
    do
    :: atomic { grown < GROW -> threads++; idle++; grown++ }
    :: atomic { idle > 0 && MAY_RETIRE && retired < NT + GROW -> threads--; idle--; retired++ }
    od
}
