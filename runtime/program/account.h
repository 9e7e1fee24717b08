/* An account of a run: what is known of it, as plain data that nothing changes behind the reader's back. Tables, JSON and the
 * verdict are made of this and nothing else. */
#ifndef PRT_ACCOUNT_H
#define PRT_ACCOUNT_H

#include "pool/figures.h"
#include "program/stats.h"

#define PRT_WHOLE 1000 /* shares are in thousandths */

/* What is remembered for an option with a key. Options of a stage with the same key share it, and only the first has it. */
struct prt_keys_account {
    const char *name; /* the option's */
    uint64_t most;    /* keys, most at once */
    size_t bytes;     /* that they take */
};

struct prt_stage_account {
    const char *name;
    const char *place;        /* FILE:LINE of its declaration; NULL: not told */
    uint32_t workers;
    bool fixed;               /* --workers does not change that */
    bool is_source;
    bool is_daemon;           /* it keeps nothing running: the rest does not wait for it */
    bool is_inline;           /* its bodies are calls: it has counts, and what follows is its caller's */
    bool has_ticks;           /* it counts those that it missed */
    struct prt_stage_counts counts;
    uint64_t received, sent;  /* items that its bodies have begun with, and that came into its channels, while bodies run;
                               * UINT64_MAX: nobody can tell these from other stages' */
    uint64_t missed;
    struct prt_keys_account *keys;
    size_t nkeys;
    const uint32_t *ins; size_t nins;   /* channels that it receives from, by their place in the account; */
    const uint32_t *outs; size_t nouts; /* and that it sends to, or what runs within it does */
    const char *rate;         /* its name; NULL: it has none */
    const char *bound;        /* of its bounds, the one that it waits for most; NULL: it has none */
    bool has_by;              /* a key of the item says which worker gets it */
    uint32_t busiest;         /* share of the looks that found the worker that was so most in a body */
    uint64_t looks;           /* at its workers; 0: no shares are known */
    uint32_t share[PRT_FORS]; /* of its workers' time, by what they waited for; NOTHING: they were in bodies and did not sleep
                               * there, KERNEL: they did, ROOM: or for the BEGINNING of what they had sent */
};

struct prt_chan_account {
    const char *name;
    struct prt_chan_counts counts;
    uint64_t given;           /* items that were sent there, those too that it did not take; while bodies run */
    uint32_t nsenders;        /* stages that send there, each inline one too */
    uint64_t queued;          /* just now, while bodies run */
    uint64_t capacity;        /* items; 0: a rendezvous; UINT64_MAX: it grows */
    uint64_t looks;
    uint64_t now, mean;       /* items that are queued; the mean in thousandths */
    size_t item_bytes;        /* that each takes there, without what it owns */
    bool owns;                /* an item may own memory */
    uint32_t full, empty;     /* shares of the looks */
    uint64_t senders;         /* that waited for room, on average, in thousandths */
    uint64_t wait_ns;         /* that an item waits in it, on average: the mean, divided by what goes through (Little's law);
                               * UINT64_MAX: nothing went through */
};

/* A body that has not returned, or had not for long. */
struct prt_hang_account {
    const struct prt_stage_account *stage; /* NULL: there is none */
    uint32_t worker;
    uint64_t thread;          /* the kernel's number; 0: not known */
    uint64_t ns;
    bool lasts;               /* it has not returned */
};

struct prt_circle_account {
    uint32_t n;               /* 0: there is none */
    struct {
        const struct prt_stage_account *stage;
        const char *of;       /* a channel, or a bound */
        bool room, bound;     /* it waits for room there, or for that bound; else for an item */
    } at[PRT_CIRCLE_MOST];    /* each waits for the next, and the last for the first */
    bool more;                /* others stand between that one and the first */
    uint64_t ns;              /* since when */
};

struct prt_account {
    const char *name;         /* the pipeline's */
    uint64_t ns;              /* that it took, from the start of its bodies */
    uint64_t looks;           /* so many times somebody looked */
    uint32_t cpus;            /* processors that it may use, */
    uint64_t used;            /* and how many it used on average, in thousandths */
    struct prt_stage_account *stages; /* an inline one stands behind its caller */
    size_t nstages;
    struct prt_chan_account *chans;
    size_t nchans;
    struct prt_hang_account hang;
    struct prt_circle_account circle;
};

/* An account of the run, with nothing in it but what does not change. Lives as long as the run; NULL: no memory. */
struct prt_account *prt_account_new_(struct prt_run *run);

/* Takes account, again and again, with these figures of the run, which may be of a part of it; NULL: nobody looked. `over`: the
 * threads are gone, else the monitor calls it. Only then stages have their counts; while bodies run there is what the words of
 * channels tell, which are stored for each batch anyway. */
void prt_account_take_(struct prt_account *account, const struct prt_run *run, const struct prt_figures *figures, bool over);

#endif
