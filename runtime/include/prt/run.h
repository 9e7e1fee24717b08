/* One running pipeline: how its channels, limits and stages are declared, and how it is run.
 *
 * Everything hangs from a `struct prt_run`, so two pipelines, or two copies of one, run in one process; only signals are
 * the process's, and go to the run that started last. Order of calls, all from one thread: prt_run_new(), then
 * prt_chan_add(), prt_rate_add(), prt_bound_add(), then prt_stage_add() in the order of the .pipe file, then prt_run() once.
 * Specs are read during the call only, names and strings must live as long as the run.
 */
#ifndef PRT_RUN_H
#define PRT_RUN_H

#include <prt/fail.h>
#include <prt/key.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the items of a channel wait in memory: chosen from how many workers are at each end. */
enum prt_chan_kind {
    PRT_ONE_TO_ONE,   /* one sending worker, one receiving worker: plain loads and stores */
    PRT_MANY_TO_ONE,  /* senders take turns under a lock, the receiver reads in place */
    PRT_ONE_TO_MANY,  /* the sender writes in place, receivers take turns under a lock */
    PRT_MANY_TO_MANY, /* a lock at each end */
    PRT_RENDEZVOUS,   /* [0]: a sender goes on once a body has begun with its item */
    PRT_GROWING       /* [*]: never full */
};

/* What becomes of an item that is sent to a full channel. */
enum prt_when_full {
    PRT_WAITS,        /* its sender waits for room */
    PRT_DROPS_NEWEST, /* it is discarded */
    PRT_DROPS_OLDEST  /* it takes the place of the one that has been there longest, which is discarded */
};

struct prt_chan_spec {
    const char *name;
    const char *place;          /* FILE:LINE of its declaration, for those who look at the run; NULL: not told */
    enum prt_chan_kind kind;
    enum prt_when_full full;    /* PRT_WAITS for PRT_RENDEZVOUS and PRT_GROWING */
    size_t item_size;           /* bytes; 0: an item takes one in the channel */
    uint64_t cap;               /* items, from 1; not read for PRT_RENDEZVOUS and PRT_GROWING */
    void (*drop)(void *item);   /* releases what an item owns; NULL where it owns nothing */
    int cycle;                  /* the cycle whose stages receive from here, from 1; 0 where there is none. A stage that
                                 * also receives from what such a cycle does, and sends back to it, is of that cycle. */
};

struct prt_rate_spec {
    const char *name;   /* for --rate and messages */
    double per_second;  /* above 0 */
    uint64_t burst;     /* permits that gather while nobody wants one, from 1 */
};

struct prt_bound_spec {
    const char *name;
    uint64_t permits; /* from 1 */
};

struct prt_bound_use {
    struct prt_bound *bound;
    /* Units that the body will hold for the item that waits in the worker's first input; NULL: one. Not where that is a
     * channel with PRT_DROPS_OLDEST: which item the body gets is open until it begins. */
    uint64_t (*weight)(struct prt_worker *worker, const void *item);
};

struct prt_in_spec {
    size_t at; /* offset of the worker's struct prt_in */
    struct prt_chan *const *chans; /* one, or several that are merged fairly */
    size_t nchans;
    bool preferred; /* not fairly: from one of them only while those before it are empty */
};

#define PRT_ANY UINT32_MAX

struct prt_out_spec {
    size_t at; /* offset of the worker's struct prt_out */
    struct prt_chan *chan;
    uint32_t most; /* most items that one body sends here; PRT_ANY where nobody knows. Of letters: for each item that it has */
    bool in_cycle; /* the receiver is in this stage's own cycle: items sent here while draining are discarded, where the
                    * channel grows or drops */
    size_t by;     /* who sends: 0 the stage itself, else the by-th of its inline stages */
    bool letters;  /* what failed for good is sent here, and no failure undoes that */
};

enum prt_on_fail { PRT_THEN_STOP, PRT_THEN_SKIP, PRT_THEN_LETTER };

/* A stage that runs within another, in calls of the one that sends to it. */
struct prt_inline_spec {
    const char *name;
    const char *place; /* as of a stage */
    const char *chan; /* the channel in whose place the call is */
    size_t by;        /* who calls: 0 the stage itself, else the by-th inline stage, one before this */
    size_t at;        /* offset of its worker structure in the caller's */
    size_t call_at;   /* offset of the caller's struct prt_call; 0: each of the caller's bodies calls exactly once */
    void (*init)(struct prt_worker *worker);
    void (*final)(struct prt_worker *worker);
    enum prt_on_fail on_fail;
    enum prt_shown shown; /* how an item is shown that fails there, */
    char *(*show)(const void *item, size_t *len); /* as in a stage, */
    size_t item_size;     /* and its bytes; these two where it may be dead too: */
    void (*drop)(void *item); /* what drops it; NULL: it owns nothing */
};

enum prt_keyed_kind { PRT_BATCH_PER_KEY, PRT_BY_KEY, PRT_RATE_PER_KEY, PRT_BOUND_PER_KEY };

/* An option of a stage that tells items apart by a key: which of them a body gets together, which worker they go to, or a limit
 * for each key. */
struct prt_keyed_spec {
    enum prt_keyed_kind kind;
    /* Called with the stage's worker 0, by any thread, beside bodies: it reads the item and params. Options with the same
     * function have the same key, which is asked for once for each item. */
    void (*key)(struct prt_worker *worker, const void *item, struct prt_key *key);
    /* Permits of the rate that the item takes, units of the bound that its body holds; NULL: one. Called as `key` is; where a body
     * gets several items, with a worker that has all of these, and under a lock. */
    uint64_t (*weight)(struct prt_worker *worker, const void *item);
    double per_second; /* of a rate: above 0; */
    uint64_t burst;    /* permits that gather while nobody wants one, from 1 */
    uint64_t permits;  /* of a bound: from 1 */
    const char *name;  /* for --stats */
};

struct prt_stage_spec {
    const char *name;
    const char *place; /* FILE:LINE of its declaration, for those who look at the run; NULL: not told */
    size_t size;      /* bytes of the worker structure, which begins with struct prt_worker base; int worker (its
                       * number); struct NAME *pipe */
    size_t align;     /* of it, a power of two; up to 64 need not be named */
    uint32_t workers; /* from 1 */
    bool fixed;       /* --workers may not change it */
    bool leaf;        /* bodies have a bounded count on every output, and neither block nor flush items */
    bool sleeps;      /* a leaf whose bodies call prt_wait_for(): a thread that keeps a waiting body runs none of them */
    bool daemon;      /* a source that keeps nothing running */
    bool blocking;    /* each worker has a thread of its own */
    bool ordered;     /* results leave in the order their inputs came */
    uint64_t ahead;   /* ordered: items that may have begun and not left, no fewer than the workers; 0: twice the workers */
    void (*run)(struct prt_worker *worker);   /* runs the body on each item of the batch; a source: once */
    void (*init)(struct prt_worker *worker);  /* may be NULL; prt_fail() in it tears the pipeline down */
    void (*final)(struct prt_worker *worker); /* may be NULL; may emit */
    void (*flush)(struct prt_worker *worker); /* may be NULL; may emit */
    uint64_t flush_every; /* ns */
    uint64_t every;       /* ns; above 0: a source whose body runs at start + k * every */
    enum prt_on_fail on_fail;
    enum prt_shown shown; /* how an item is shown that fails; its channel says how many bytes it has */
    char *(*show)(const void *item, size_t *len); /* PRT_SHOWN_RECORD: JSON on one line, from malloc; NULL: no memory. By any
                                                   * thread, under a lock */
    bool attempts;        /* its bodies are: they call prt_attempt() and prt_settle(), and the following is about them */
    bool holds;           /* what they send is held until they have returned: it is a leaf, and may have retries, or a timeout */
    uint32_t retries;     /* attempts after the first. A source may have some too, and holds nothing */
    uint64_t backoff_low, backoff_high; /* ns between attempts: the first delay, doubled each time up to the last */
    uint64_t timeout;     /* ns that an attempt may take; 0: no limit */
    struct prt_rate *rate; /* may be NULL */
    /* Permits of the rate that the body takes for the item that waits in the worker's first input; NULL: one. Of a stage with
     * inputs, and not where that is a channel with PRT_DROPS_OLDEST, as for a weight. */
    uint64_t (*cost)(struct prt_worker *worker, const void *item);
    const struct prt_bound_use *bounds; /* in the order of prt_bound_add() */
    size_t nbounds;
    /* In the order of the file; with at most one of PRT_BY_KEY. Then there is one input, and no channel that it receives from is a
     * rendezvous or drops the oldest. With `collect` the first is PRT_BATCH_PER_KEY, and the others have the same `key`. */
    const struct prt_keyed_spec *keyed;
    size_t nkeyed;
    uint64_t collect;     /* above 0: each body gets up to so many items of its only input at once */
    uint64_t within;      /* ns that the first of them (of its key, where there are keys) waits for the others at most; 0: no limit */
    uint64_t weight;      /* from 1, where there is a `weigh`: what they weigh together at most, but for one that is alone */
    int64_t (*weigh)(void *pipe, const void *item); /* what an item weighs, below 0: nothing. Called under a lock, by any thread
                           * that looks whether the stage is ready; it neither blocks nor changes anything. May be NULL:
                           * they are not weighed. No other stage receives there then */
    const struct prt_in_spec *ins;
    size_t nins; /* more than 1: one item of each (zip); 0 and no pulls: a source */
    const struct prt_in_spec *pulls; /* one channel each, from which its body takes items by prt_next(): it runs once in each
                                      * worker. Then there are no `ins`, and no rate, bounds, order, flush or cycle */
    size_t npulls;
    const struct prt_out_spec *outs;
    size_t nouts;
    const struct prt_inline_spec *inlines; /* what runs within it */
    size_t ninlines;
    int cycle; /* the cycle that the stage belongs to, from 1; 0 where there is none */
};

/* What --workers said about a stage, or --rate about a rate. */
struct prt_override {
    const char *name;  /* of the stage or the rate */
    bool is_rate;
    uint64_t workers;  /* from 1; where it is a stage */
    double per_second; /* above 0; where it is a rate */
};

/* What a program was told on its command line, and says of itself; zero bytes are the defaults. */
struct prt_settings {
    const char *doc;         /* what its file says that it does; NULL: nothing */
    uint64_t drain;          /* ns that draining may last before it is torn down; 0: no limit */
    bool stats, stats_json;
    bool progress, progress_plain; /* shown while it runs, on standard error; plain: as lines, else only where that is a terminal */
    const char *failures;    /* the file to which every failure is written; NULL: none */
    const struct prt_override *overrides; /* --workers and --rate */
    size_t noverrides;
};

struct prt_run_spec {
    const char *name;  /* the pipeline's */
    void *pipe;        /* what every worker's `pipe` points to */
    const struct prt_settings *settings;
    void (*init)(struct prt_worker *self, void *pipe);  /* the pipeline's own; may be NULL */
    void (*final)(struct prt_worker *self, void *pipe); /* may be NULL */
    /* Told of each body that failed for good, and each section; `stops`: that tears the run down. By any thread, with no lock
     * held. May be NULL. */
    void (*failed)(void *opaque, const char *stage, const char *reason, bool stops);
    void *opaque;
};

struct prt_chan *prt_chan_add(struct prt_run *run, const struct prt_chan_spec *spec);
struct prt_rate *prt_rate_add(struct prt_run *run, const struct prt_rate_spec *spec);
struct prt_bound *prt_bound_add(struct prt_run *run, const struct prt_bound_spec *spec);
struct prt_stage *prt_stage_add(struct prt_run *run, const struct prt_stage_spec *spec);

/* prt_run_new() makes a run; NULL and a message on standard error when memory is short.
 * The add calls return NULL when memory is short or an override does not fit; prt_run() then says why and fails, so
 * their results need no check. */
struct prt_run *prt_run_new(const struct prt_run_spec *spec);

/* prt_run() starts the threads, runs the pipeline to its end, frees the run and returns the program's exit status:
 * 0 all items done, 1 something failed or was skipped, or it could not start; more where prt_status() said so. It blocks
 * for as long as the pipeline runs. A program's main calls it; it handles SIGINT and SIGTERM while it runs. After a
 * signal's drain it raises that signal again with its default action and does not return. */
int prt_run(struct prt_run *run);

#ifdef __cplusplus
}
#endif

#endif
