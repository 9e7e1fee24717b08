/* A random pipeline as data: what write.c makes a .pipe file of, what oracle.c computes one item after the other, and
 * what run.c judges a run by. All of it follows from the seed.
 */
#ifndef RANDOM_GRAPH_H
#define RANDOM_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_STAGES = 24, MAX_CHANNELS = 32, MAX_PORTS = 3, MAX_SHARED = 2 };
enum { MAX_ITEMS = 30000 }; /* received by all stages together */

enum item_type { ITEM_PLAIN, ITEM_LARGE, ITEM_BOX, ITEM_RECORD, ITEM_TYPES };

/* How many items a body sends to an output. All but COUNT_ONE depend on the item's key. */
enum count { COUNT_ONE, COUNT_MAYBE, COUNT_THREE, COUNT_FEW, COUNT_MANY };

enum { GROWING = -1 };

enum policy { POLICY_WAIT, POLICY_NEWEST, POLICY_OLDEST };

struct channel {
    int cap; /* or GROWING */
    enum policy policy; /* what is full drops, or makes its senders wait */
    enum item_type type;
    int senders, receivers;
    bool in_cycle;
    bool letters; /* about items of its type that failed */
    int tap; /* a broadcast: the stage beside its receiver that gets the same items; 0: none */
};

struct port {
    int channel;
    enum count count;
    bool back; /* leads back into a cycle: sends only while the item's depth allows it */
};

struct bound_use {
    int shared; /* a named one, or -1 */
    int n;
    bool weighted;
};

struct stage {
    struct port out[MAX_PORTS];
    int in[2];
    int nin, nout;
    int batch, within_us; /* bodies get so many items at once; 0: one. And a deadline; 0: none */
    int batch_weight; /* they weigh no more than that, but for one alone; 0: nobody weighs them */
    int batch_per;    /* they are of one of so many keys; 0: of any */
    bool prefers;    /* one of its inputs to the other */
    bool is_zip;     /* takes an item of each input; else of any */
    bool to_zip;     /* on a way to one: what it sends comes in order, so it keeps its workers */
    bool may_leave;  /* it may be ended before all that the sequential run gives it has come */
    bool is_daemon;  /* a source */
    int all_of;      /* the source of which it gets all items, if nothing ends it; 0: none is known */
    int limit;       /* a worker that got so many items finishes the stage; 0: none does */
    int twin_of;     /* the stage whose bodies this one's equal, itself mostly */
    int workers;     /* 0: not written */
    bool ordered, is_inline, blocking, skips, may_fail, may_stop;
    int letters_to;  /* the channel that gets what it would skip; 0: none, since that is a source's */
    bool loses;      /* each of its batches fails, and leaves letters */
    bool holds;      /* keeps some items in its state, which a flush and the final send */
    bool final_sends;
    bool in_cycle;
    long rate;       /* 0: none; permits a second */
    int burst;
    int shared_rate; /* or -1 */
    struct bound_use bound;
    int by;          /* into so many keys; 0: it has none, as below */
    int rate_per, bound_per, per_n; /* limits for each of so many keys; the bound's permits */
    int every_us;    /* of a source: 0 runs once */
    int items;       /* of a source: how many inputs it makes up */
    int spin;        /* rounds of a loop in each body */
    int sleep_us, sleep_each; /* sleeps so long in one body of so many; 0: never */
};

struct graph {
    uint64_t seed;
    struct stage stages[MAX_STAGES];
    struct channel channels[MAX_CHANNELS];
    long rates[MAX_SHARED];
    int bounds[MAX_SHARED];
    int nstages, nchannels, nrates, nbounds;
    bool has_cycle;
    bool drops; /* a channel does: which items arrive depends on time */
};

/* Random numbers: the same from the same state, everywhere. */
uint64_t random_next(uint64_t *state);
int random_below(uint64_t *state, int n);
bool random_chance(uint64_t *state, int percent);

void graph_make(struct graph *graph, uint64_t seed);
void graph_write(const struct graph *graph);

/* Two tests of the program, behind it: one that passes, and one with a mistake on the line that ends with "// wrong". False:
 * none of its stages can be tested by themselves. */
bool graph_write_tests(const struct graph *graph);

/* ---- what a sequential run gives --------------------------------------------------------------------------------- */

struct keys {
    uint64_t *key;
    size_t n, room;
    unsigned alike; /* those that are alike modulo this come in that order in a run too; 0: in any */
};

struct expected {
    struct keys received[MAX_STAGES]; /* by the stage and its twins together, which stand at the first of them */
    uint64_t count[MAX_STAGES];       /* how many those are */
    uint64_t sent[MAX_CHANNELS];
    uint64_t skipped[MAX_STAGES];     /* with its twins, as above */
    uint64_t dead[MAX_STAGES];
    uint64_t total;
    bool too_many;                    /* gave up above the limit */
};

/* What happens when the sources get as far as they got, with so many workers of each stage. */
void oracle_run(const struct graph *graph, const uint64_t sent[MAX_STAGES], const int workers[MAX_STAGES],
                uint64_t limit, struct expected *expected);
void oracle_free(struct expected *expected);

/* Whether items of the stage may pass each other, whatever the number of its workers. */
bool graph_sets_aside(const struct stage *stage);

/* Of how many keys, where so many workers were asked for, the items come in order one by one if they are sent so. 0: of none. */
unsigned graph_orders(const struct stage *stage, int workers);

/* How many workers a stage really has where `workers` were asked for: those of an inline stage are its host's. */
int graph_workers(const struct graph *graph, const int workers[MAX_STAGES], int stage);

#endif
