/* The live table: what a running program tells other programs of its user of itself. docs/live.md says how to find and read it.
 *
 * It is a memfd that cannot change its size. All numbers are of 64 bits but for `knocks`, in the byte order of the machine. Places
 * are bytes from the table's beginning, texts end with a zero byte and are anything that the author of the program wrote.
 * A text at 0 is none.
 *
 * Versions: what is added stands behind what there is, in the head as in the records of each list, so a reader takes `bytes` of
 * a list for the distance of its records and leaves alone what it does not know. A table of another version is not to be read.
 *
 * Who reads must believe nothing: any program can make such a table, and any process of the user can write into it. */
#ifndef PRT_LIVE_H
#define PRT_LIVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRT_LIVE_NAME "pipec-live" /* of the memfd: a descriptor of the process is a link to "/memfd:pipec-live (deleted)" */
#define PRT_LIVE_MAGIC UINT64_C(0x6576696c65706970) /* "pipelive" where the least byte comes first */
#define PRT_LIVE_VERSION 1
#define PRT_LIVE_NONE UINT64_MAX

#define PRT_LIVE_EVERY_NS UINT64_C(100000000)  /* between two copies of the figures, while somebody wants them */
#define PRT_LIVE_AHEAD_NS UINT64_C(5000000000) /* a `wanted` that is further ahead than this counts as none */
#define PRT_LIVE_KIND_BYTES 16                 /* with the zero bytes behind it, */
#define PRT_LIVE_VERDICT_BYTES 256             /* as these are */

/* `n` records, the first of them at the place `at`, each `bytes` behind the one before. */
struct prt_live_list {
    uint64_t at, n, bytes;
};

struct prt_live_head {
    uint64_t magic;      /* written last: before, there is no table; 0 when the run is over */
    uint64_t version;
    uint64_t bytes;      /* of the whole table */
    uint64_t pid;        /* of the program, as it sees itself: who has the table open and is another one is a reader */
    uint64_t started;    /* when its bodies began: CLOCK_MONOTONIC, ns, as all times are */
    uint64_t processors; /* that it may use */
    uint64_t name, doc;  /* texts: the pipeline's */
    struct prt_live_list stages;        /* struct prt_live_stage, in the order of the file, an inline one behind the one that calls it */
    struct prt_live_list chans;         /* struct prt_live_chan, in the order of the file; a broadcast has one for each receiver */
    struct prt_live_list ends;          /* uint64_t: channels, by their place in the list */
    struct prt_live_list figures;       /* struct prt_live_figures: one */
    struct prt_live_list stage_figures; /* struct prt_live_stage_figures, of each stage */
    struct prt_live_list chan_figures;  /* struct prt_live_chan_figures, of each channel */
    uint64_t unused[6];

    /* The readers', on a line of their own: */
    uint64_t wanted;     /* until when somebody wants figures; only ever pushed forward, and by PRT_LIVE_AHEAD_NS at most */
    uint32_t knocks;     /* set to a value that no other reader stores (half of the time) after `wanted` was pushed, and then
                          * whoever sleeps on it is woken (futex, not private) */
    uint32_t unused_knocks;
    uint64_t unused_readers[6];

    /* The program's, before and behind each copy: odd while it is made, and two more than before when it is done. All of the
     * last three lists is one copy. */
    uint64_t sequence;
};

enum prt_live_kind {
    PRT_LIVE_SOURCE = 1,   /* receives nothing */
    PRT_LIVE_INLINE = 2,   /* its bodies are calls of the one before it that is none: it has no figures of its own */
    PRT_LIVE_BLOCKING = 4, /* each worker has a thread */
    PRT_LIVE_ORDERED = 8,
    PRT_LIVE_DAEMON = 16,
    PRT_LIVE_FIXED = 32    /* --workers does not change how many workers it has */
};

struct prt_live_stage {
    uint64_t name;         /* text */
    uint64_t place;        /* text: where the .pipe file declares it, FILE:LINE */
    uint64_t workers;
    uint64_t kind;         /* enum prt_live_kind, any of them */
    uint64_t ins, nins;    /* it receives from the channels that stand in `ends` from the ins-th on; */
    uint64_t outs, nouts;  /* and sends, or what runs within it does, to these */
    uint64_t rate;         /* text: the name of its rate */
};

struct prt_live_chan {
    uint64_t name;         /* text */
    uint64_t place;        /* text, as of a stage */
    uint64_t capacity;     /* items; 0: a rendezvous; PRT_LIVE_NONE: it grows */
    uint64_t item_bytes;   /* of an item in the channel, without what it owns */
    uint64_t when_full;    /* 0 its sender waits, 1 the newest item is dropped, 2 the oldest */
    uint64_t owns;         /* 1: items may own memory besides */
};

/* Figures are counts that only grow, but where it says otherwise: two copies have what came between them. */

struct prt_live_figures {
    uint64_t at;           /* when the copy was made */
    uint64_t cpu;          /* processor time of the process, ns */
    uint64_t looks;        /* so often somebody looked what the workers do */
    uint64_t troubles;     /* items that failed, were skipped or are dead letters */
    uint64_t state;        /* 1: it drains; 2: it is torn down. No count */
    /* What holds the run back, of the last ten to twenty seconds that somebody looked at. No counts: */
    uint64_t verdict_stage; /* by its place in the list; PRT_LIVE_NONE: none */
    uint64_t verdict_share; /* in thousandths */
    char verdict_kind[PRT_LIVE_KIND_BYTES]; /* a word of docs/figures.md */
    char verdict[PRT_LIVE_VERDICT_BYTES];   /* the sentence */
};

struct prt_live_stage_figures {
    uint64_t looks;        /* at its workers, one by one; of these, */
    uint64_t inside;       /* so many found one in a body, */
    uint64_t kernel;       /* in wait_for() within one, */
    uint64_t item, room, rate, bound, turn, retry, thread, ended; /* and waiting for that */
    uint64_t threads;      /* looks at threads in its bodies; */
    uint64_t asleep;       /* of these, so many found one asleep in the kernel: that is the share of `inside` that was */
    uint64_t batches;      /* that its workers have begun, of one item or more */
    uint64_t item_ns;      /* that a body takes for an item, roughly; 0: not known. No count */
    uint64_t missed;       /* ticks */
    uint64_t received;     /* items that its bodies have begun with; PRT_LIVE_NONE: not known, since others receive there too, */
    uint64_t sent;         /* and that it has sent; PRT_LIVE_NONE: not known, since others send there too, or it calls a stage.
                            * These two an inline stage has too */
};

struct prt_live_chan_figures {
    uint64_t sent;         /* items that came to lie in it */
    uint64_t begun;        /* of these, bodies have begun with so many */
    uint64_t discarded;    /* items */
    uint64_t queued;       /* items that lie in it now. No count */
    uint64_t looks;
    uint64_t sum;          /* of the items that lay in it, at all looks together */
    uint64_t full, empty;  /* looks that found it so */
    uint64_t senders;      /* of all looks together, workers that waited for room there */
};

#ifdef __cplusplus
}
#endif

#endif
