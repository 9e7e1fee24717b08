/* The scheduler's own parts: threads.c runs them, choice.c decides, memory.c says what loads return, trace.c tells. */
#ifndef ENGINE_H
#define ENGINE_H

#include "coro.h"
#include "platform_sched.h"
#include "harness.h"

#undef memcpy
#undef raise

enum {
    STACKS = 64,        /* of bodies, at once */
    THREADS = 12,       /* at once, with thread 0 */
    BUFFERED = 24,      /* stores that one thread can delay */
    OPTIONS = 3 * THREADS + 2,
    OPS_MOST = 200000,  /* in one run; more is a livelock */
    IDLE_MOST = 3000,   /* times that only the clock moves in one run */
    STRETCH_MOST = 500  /* points of one thread in a row while others could run */
};

/* For each thread, how much of what it did is known: happens-before. */
struct clock {
    uint32_t of[THREADS];
};

struct delayed {
    uint64_t *at;
    uint64_t value;
    struct sched_site *site;
};

enum wait { WAIT_NOTHING, WAIT_WORD, WAIT_MUTEX, WAIT_EVENT, WAIT_JOIN, WAIT_SLEEP, WAIT_IDLE };

struct thread {
    struct coro coro;
    enum { UNUSED, READY, BLOCKED, DONE } state;
    unsigned id;
    char name[32];
    void (*function)(void *);
    void *argument;
    bool joined_by_harness;
    enum wait wait;
    const void *on;
    uint64_t deadline;
    bool interrupted;
    bool yielded;           /* waits for somebody to change something */
    uint64_t yielded_at;    /* world.changes */
    const struct sched_site *site; /* what it does or waits for */
    const char *doing;
    struct sched_site *polled; /* the place that read the clock last, and how often in a row */
    unsigned polls;
    int saved_errno;
    uint64_t priority, flusher; /* PCT: of the thread, of its store buffer */
    struct clock clock;
    struct delayed buffer[BUFFERED];
    unsigned nbuffer;
};

struct world {
    struct thread threads[THREADS];
    struct thread *self;
    unsigned nthreads;      /* used so far */
    struct coro host;
    uint64_t now;
    uint64_t earliest;      /* deadline of those who wait */
    uint64_t ops, points;   /* operations; those at which others could run */
    uint64_t changes;       /* of anything another thread could look at */
    unsigned idles;         /* in a row */
    unsigned quiets;        /* times in a row that all who can run waited for a change */
    unsigned stretch;       /* points in a row of the same thread */
    unsigned threads_left;
    bool failed, over;
    char reason[1024];
    void (*on_signal)(int signal, void *argument);
    void *signal_argument;
    int raised;
};

extern struct world world;
extern enum sched_memory memory;      /* of the current run */
extern const struct sched_harness *harness;
extern uint32_t cpus;

/* ---- threads.c */
void world_run(void);              /* one run of the harness */
void point(struct sched_site *site, const char *doing);
void counted(void);                /* an operation that is no point */
void changed(void);
void make_ready(struct thread *thread); /* it waits no more */
void block(enum wait wait, const void *on, uint64_t deadline, struct sched_site *site, const char *doing);
bool unblock_one(enum wait wait, const void *on);
void unblock_all(enum wait wait, const void *on);
struct thread *thread_new(const char *name, void (*function)(void *), void *argument);
void yield(struct sched_site *site);
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* ---- memory.c */
/* Stacks of bodies (platform_sched.c). When a run begins, those of the run before are forgotten. */
void stacks_begin(void);
bool stacks_hold(const void *at); /* one of bodies or of threads */

void memory_begin(void);
uint64_t memory_load(uint64_t *at, enum sched_order order, struct sched_site *site);
void memory_store(uint64_t *at, uint64_t value, enum sched_order order, struct sched_site *site);
/* The newest value, which the caller replaces at once; then what it becomes. A compare and swap may leave it. */
uint64_t memory_rmw_begin(uint64_t *at, struct sched_site *site);
void memory_rmw_end(uint64_t *at, uint64_t value);
void memory_drain(struct thread *thread);     /* all its delayed stores happen */
void memory_flush_one(struct thread *thread); /* the oldest does */
void memory_barrier(void);                    /* every thread passes a full barrier */
void memory_acquire_from(const void *object); /* locks and events carry what is known */
void memory_release_to(const void *object);
void memory_learn(const void *at, struct sched_site *site); /* whether locations of this place are shared */
bool memory_private(const struct sched_site *site);
void memory_copied(void *to, const void *from, size_t size, const struct sched_site *site);
void clock_join(struct clock *into, const struct clock *from);

/* ---- choice.c */
enum option_kind { OPTION_THREAD, OPTION_CLOCK, OPTION_FLUSH, OPTION_IDLE };

struct option {
    enum option_kind kind;
    struct thread *thread;
    bool costs; /* a departure: counted by the bound */
};

enum value_kind { VALUE_OLD, VALUE_DELAY, VALUE_EARLY, VALUE_HARNESS };

/* Whether the thread goes on, where it could: decided without a look at what else could happen. False: not decided. */
bool choice_plain(void);
const struct option *choose_option(const struct option *options, unsigned n);
unsigned choose_value(enum value_kind kind, unsigned n);
void choice_thread_made(struct thread *thread);
void choice_yielded(struct thread *thread);

enum strategy { STRATEGY_DEPTH, STRATEGY_FEW, STRATEGY_PCT, STRATEGY_RANDOM, STRATEGY_REPLAY, STRATEGY_WARM_UP };

struct departure {
    uint32_t at;   /* number of the choice */
    uint32_t pick; /* other than 0 */
};

extern struct choice_state {
    enum strategy strategy;
    uint64_t seed;
    unsigned bound;           /* departures, of STRATEGY_DEPTH */
    bool all_cost;            /* also a switch where a thread blocks */
    bool plain;               /* for now every answer but the harness's own is the plain one, and is not counted */
    uint64_t length;          /* choices in a run, about */
    uint32_t n;               /* choices so far */
    struct departure *taken;  /* of the current run */
    uint32_t ntaken;
    struct departure *replay; /* STRATEGY_REPLAY */
    uint32_t nreplay;
    bool broken;              /* a prefix did not come again as it was: the harness depends on something else */
} choice;

void choice_begin(void);      /* of a run */
void choice_depth_begin(void);
bool choice_depth_next(void); /* after a run: whether there is another */

/* ---- trace.c */
extern bool tracing;
void trace_op(const struct sched_site *site, const char *op, const void *at, uint64_t value, const char *more);
void trace_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void trace_names_forget(void);
void trace_state(void); /* what every thread does */

#endif
