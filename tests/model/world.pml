/* When time passes in a test that waits for what is outside (platform/virtual.c: look_outside, is_outside). A thread of its own
 * looks again and again whether all threads of the program are asleep in the kernel; between two looks that find them so, time has
 * passed. It looks at one after the other while it has the lock of the clock, which the threads want too: one that wants it sleeps
 * as well.
 *
 * Each thread computes, calls into the clock, and is in the kernel for what is outside until that comes, as it likes. No time passes
 * for one that has been in no such call since the look before; nor does it pass from a look on at which one computed.
 *
 * Left out: waits within the clock (they are counted, and a look after one is the first again), descriptors, which end waits of
 * those, and the kernel's way to tell that a thread sleeps: a read is one step, and who is woken is not asleep from then on.
 *
 * run one             -DN=1
 * run two             -DN=2
 * mutant 1 -DN=1 a thread that wants the lock is looked at as if it were outside
 * mutant 2 -DN=1 whether anybody wants the lock is asked before who is asleep
 * mutant 3 -DN=1 one look is enough
 * mutant 4 -DN=1 a thread says that it wants the lock when it has got it
 * mutant 5 -DN=1 a thread that had to wait for the lock does not say so any more
 */
#ifndef MUT
#define MUT 0
#endif

bool locked;
byte entering;
bool asleep[N];   /* as the kernel tells it */
bool outside[N];  /* because of what is outside */
bool ran[N];      /* was outside at no time since the last look ended */
bool computed[N]; /* was not outside when the last look came to it */
bool computes[N]; /* when this one did */

inline unlock()
{
    d_step {
        locked = false;
        i = 0;
        do
        :: i < N -> asleep[i] = outside[i]; i++ /* those at the lock are woken */
        :: i == N -> break
        od;
        i = 0
    }
}

/* It computes between any two steps. */
active [N] proctype thread()
{
    byte me = _pid, i;

    do
    :: if :: MUT != 4 -> entering++ :: else fi;
       do
       :: atomic { !locked -> locked = true }; break
       :: d_step { locked -> asleep[me] = true };
          if :: MUT == 5 -> entering-- :: else fi;
          !asleep[me];
          if :: MUT == 5 -> entering++ :: else fi
       od;
       if :: MUT == 4 -> entering++ :: else fi;
       entering--;
       unlock()
    :: d_step { asleep[me] = true; outside[me] = true; ran[me] = false };
       d_step { asleep[me] = false; outside[me] = false }
    od
}

active proctype looker()
{
    byte i;
    bool is, was;

    do
    :: atomic { !locked -> locked = true };
       is = !(MUT == 2 && entering > 0);
       do
       :: d_step { i < N && is -> is = asleep[i]; computes[i] = !outside[i] }; i++
       :: i < N && !is -> break
       :: i == N -> break
       od;
       i = 0;
       if :: MUT != 1 && MUT != 2 -> is = is && entering == 0 :: else fi;
       d_step {
           do
           :: i < N ->
              assert(!is || !was || (!ran[i] && !computed[i]));
              i++
           :: i == N -> break
           od;
           i = 0
       };
       d_step {
           was = is || MUT == 3;
           do
           :: i < N -> ran[i] = !outside[i]; computed[i] = computes[i]; i++
           :: i == N -> break
           od;
           i = 0
       };
       unlock()
    od
}
