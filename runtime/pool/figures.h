/* Figures: where the time of a run goes, found by looking now and then, as a passer-by would: what each slot does, how full
 * each channel is, which threads sleep in the kernel. The monitor looks, and only in a run that somebody watches.
 *
 * Nothing is counted for it while items flow. Whoever waits is about to do something that costs a hundred times as much, so
 * there a slot says what it waits for (slot.h); that a body runs is what is left. Looks come at irregular times, a hundred in
 * a second on average, so that what happens at regular ones is met as often as it lasts.
 */
#ifndef PRT_FIGURES_H
#define PRT_FIGURES_H

#include "pool/still.h"

struct prt_run;

struct prt_stage_figures {
    uint64_t looks;           /* at its slots, one by one */
    uint64_t found[PRT_FORS]; /* that found one waiting for that; NOTHING: in its body */
    uint64_t *bounds;         /* of those for a bound: for which of the stage's; behind these, for its keys' */
    uint64_t *inside;         /* of those in bodies: which slot's */
    uint64_t threads, asleep; /* looks at threads in its bodies; those that found one asleep in the kernel */
};

struct prt_chan_figures {
    uint64_t looks;
    uint64_t queued;      /* at all of them together */
    uint64_t now;         /* at the last */
    uint64_t full, empty; /* looks that found it so */
    uint64_t senders;     /* slots found waiting for room there */
};

struct prt_figures {
    uint64_t next;      /* when to look next, prt_now() time */
    uint64_t looks;     /* so far */
    uint64_t cpu;       /* what the process has used of its processors meanwhile, ns; */
    uint64_t wall;      /* and how long that took */
    struct prt_stage_figures *stages; /* of each stage of the run, in the order of the list; */
    struct prt_chan_figures *chans;   /* and of each channel */
    /* Where the next look goes on, if this one could not look at all. */
    struct prt_stage *stage;
    uint32_t slot;
    uint32_t thread;
    struct prt_chan *chan;
    struct prt_stillness *still; /* what has not moved; NULL: not known */
    uint64_t random;
    uint64_t cpu_from, wall_from;
};

/* Figures of a run whose stages and channels are made, all 0; they live as long as the run. NULL: no memory. The thread that
 * called prt_run(). */
struct prt_figures *prt_figures_new_(struct prt_run *run);

/* What came between `from` and `to`, of one run. */
void prt_figures_between_(const struct prt_run *run, const struct prt_figures *from, const struct prt_figures *to,
                          struct prt_figures *between);

/* The monitor: before the first look, whoever it is for; at one; and when nobody will look any more, or for a while: processors
 * are accounted for until then. */
void prt_figures_begin_(struct prt_run *run, uint64_t now);
void prt_figures_look_(struct prt_run *run, uint64_t now);
void prt_figures_end_(struct prt_run *run);

#endif
