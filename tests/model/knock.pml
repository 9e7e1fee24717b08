/* How others have a monitor that sleeps look at them (program/live.c: prt_run_live_; platform/linux.c: prt_event_wait_knocked;
 * docs/live.md, "Asking for figures"). Readers are other processes: each pushes `wanted`, stores into `knocks` what
 * nobody else does, and wakes who sleeps there. A thread of the program sets its event meanwhile. The monitor sleeps
 * on both words at once.
 *
 * Each reader waits for one copy that was made since it asked, and asks again; the thread for its work to be done. Time passes for
 * `wanted` when all that asked have had a copy: it lies ahead by more than ten times as long as that takes. So if an order of steps
 * ends, the monitor sleeps on while somebody waits.
 *
 * Left out: knocks that lead to nothing, which are heard late and by a timer; kernels that let nobody sleep on two words, where
 * the monitor wakes once a second; the words' order in memory (a system call lies between each two of a reader's, and the monitor
 * only reads them, acquiring).
 *
 * run one           -DNR=1 -DNT=1
 * run two           -DNR=2 -DNT=0
 * mutant 1 -DNR=1 -DNT=1 the monitor looks at what is wanted before it notes which knock that answers
 * mutant 2 -DNR=1 -DNT=1 a reader knocks before it pushes what it wants
 * mutant 3 -DNR=1 -DNT=1 the monitor sleeps on its event's word alone
 * mutant 4 -DNR=1 -DNT=1 a reader wakes nobody
 * mutant 5 -DNR=1 -DNT=1 a reader wakes, but does not change the word
 * mutant 6 -DNR=2 -DNT=0 readers add one to the word by a read and a write: the second's may be what the monitor has answered
 * mutant 7 -DNR=1 -DNT=1 the monitor notes how often its event was set when it has done the work, and not before
 * mutant 8 -DNR=1 -DNT=1 the monitor sleeps on the knocks alone
 */
#ifndef MUT
#define MUT 0
#endif

bool wanted;
byte knocks, sets;      /* the second wraps around, at 4 here: nobody sleeps while it changes so often */
bool asleep, work;
bool asked[NR], served[NR];

#define WRAP(n) ((n) % 4)
#define KNOCK d_step { mine = (mine + 1) % 3; knock = 1 + 3 * me + mine }; knocks = knock /* for the time */
#define WAITS(r) (asked[r] && !served[r])
#define UNCHANGED ((MUT == 8 || sets == set) && (MUT == 3 || knocks == answered))

active [NR] proctype reader()
{
    byte me = _pid, knock, mine;

    do
    :: if :: MUT == 2 -> KNOCK; asleep = false :: else fi;
       d_step { wanted = true; asked[me] = true };
       if
       :: MUT != 2 && MUT != 5 && MUT != 6 -> KNOCK
       :: MUT == 6 -> knock = knocks; knocks = WRAP(knock + 1)
       :: else
       fi;
       if :: MUT != 2 && MUT != 4 -> asleep = false :: else fi;
       d_step { served[me] -> served[me] = false; asked[me] = false; knock = 0 }
    :: break /* it is gone, and wakes the monitor no more */
    od
}

active [NT] proctype thread()
{
    do
    :: work = true;
       sets = WRAP(sets + 1);
       asleep = false;
       !work
    :: break
    od
}

active proctype monitor()
{
    byte set, answered;
    bool wants;

    do
    :: if
       :: knocks != answered ->
          if :: MUT == 1 -> wants = wanted :: else fi;
          answered = knocks;
          if :: MUT != 1 -> wants = wanted :: else fi
       :: else
       fi;
       do
       :: d_step { wants && (WAITS(0) || WAITS(NR - 1)) -> /* a copy: who asked before it has one */
              served[0] = asked[0];
              served[NR - 1] = asked[NR - 1]
          }
       :: d_step { wants && !WAITS(0) && !WAITS(NR - 1) -> wanted = false }; /* the time has passed */
          answered = knocks;
          wants = wanted
       :: d_step { !wants -> skip }; break
       od;
       if :: MUT == 7 -> set = sets :: else fi;
       if
       :: d_step { UNCHANGED -> asleep = true }
       :: else
       fi;
end:   !asleep;
       if :: MUT != 7 -> set = sets :: else fi;
       work = false
    od
}
