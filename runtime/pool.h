/* The pool: threads that run slots, and the rule that no item is without a thread responsible for it (docs/runtime.md).
 *
 * `word` is the one thing that every publisher looks at. Its fields change together, by compare and swap:
 *   NEEDY     derived: nobody who is awake will find a new item, so its publisher must wake somebody
 *   DRAINING, ABORTED
 *   WATCHING  the monitor looks at every tick: a millisecond, or a little longer
 *   spinning  threads that look for work
 *   parked    threads asleep in the lot
 *   active    threads at base level that run leaves or go from slot to slot
 *   places    how many may be active before nobody is woken
 * A thread inside a body that may wait is in none of them, since it may block in the kernel: it has given its place
 * away, and has it back (`placed`) while it keeps finding channels full, since then it runs and helps.
 */
#ifndef PRT_POOL_H
#define PRT_POOL_H

#include "stage.h"
#include "rate.h"

/* What a thread that left a stage's items to others remembers of it. */
struct prt_seen {
    uint64_t head, since, looks; /* of the channel, plus 1; since when it has not moved; for how many looks */
};

#define PRT_HELP_NS 20000 /* bodies that cost more are not run while helping */
#define PRT_QUICK_OVER ((uint64_t)1) /* the batch was not quick: the monitor has counted the thread as active */

struct prt_thread {
    struct prt_thread *next;        /* of all threads of the run */
    struct prt_thread *next_parked;
    struct prt_run *run;
    struct prt_event event;
    bool parked;                    /* in the lot; under its lock */
    uint64_t parked_at;
    bool retire;                    /* taken out of the lot to end */
    bool left, moved;               /* stages were left to others since it looked in vain; some of them got on */
    unsigned idle, calm;            /* looks in a row that found nothing; looks that found others at work */
    prt_atomic_u64 quick;           /* runs a quick batch while counted as spinning: a number that no other run has */
    uint64_t quick_runs, quick_seen; /* its own; the monitor's */
    prt_atomic_u64 slot;            /* whose numbered batch it runs: a struct prt_slot *, or 0 */
    uint64_t batch_seen, slot_seen; /* the monitor's: the batch at its last look, and whose it was */
    unsigned batch_quiet;           /* the same: ticks in a row that found nothing hidden in it */
    uint64_t batch_done, slot_done; /* the same: one that hides nothing any more, and whose it is */
    prt_atomic_u64 placed;          /* in a body, and counted as active all the same: it found a channel full, so it runs */
    prt_atomic_u64 waits;           /* how often it did; its own */
    uint64_t waits_seen;            /* the monitor's */
    prt_atomic_u64 in_source;       /* the source whose own code it is in, where a signal may interrupt it: a struct
                                       prt_slot *, or 0 */
    const struct prt_slot *running; /* whose body or section it runs, or NULL; its own */
    struct prt_slot *dedicated;     /* a thread of a blocking stage: the only slot it runs */
    struct prt_thread_handle handle;
    unsigned dispatches;
    bool slow;                      /* what it ran last was not known to be quick */
    uint64_t rests;                 /* the pool's, when it last was to sleep between two looks */
    uint64_t at_once;               /* when it last ran what it had just sent */
    struct prt_seen *seen;          /* of each stage: the head when it was last looked at, and since when */
};

struct prt_pool {
    _Alignas(128) prt_atomic_u64 word;
    _Alignas(128) struct prt_mutex lot_lock;
    struct prt_thread *lot;         /* parked threads, the last to park first */
    prt_atomic_u64 dozer;           /* one that sleeps between two looks: a struct prt_thread *, or 0 */
    prt_atomic_u64 rests;           /* how often a body's thread went to sleep */
    struct prt_mutex entry_lock;    /* rule T1: who may enter a body that may wait */
    uint32_t first_threads;         /* that it starts with */
    uint32_t threads;               /* of the pool, started; the four below under entry_lock too */
    uint32_t inside;                /* in bodies that may wait */
    uint32_t empty_stages;          /* unfinished stages that may wait with nobody inside */
    struct prt_stage *late;         /* those with slots that rule T1 keeps from their tick */
    struct prt_mutex queue_lock;    /* slots that may go on */
    struct { struct prt_slot *first, *last; prt_atomic_u64 n; } queues[2]; /* those that a waiting body may run; others */
    prt_atomic_u64 shutdown;
    uint32_t cpus;
    uint32_t most_threads;
};

#define PRT_WATCHING ((uint64_t)8)
#define PRT_FIELD 14 /* bits */
#define PRT_FIELD_MAX ((1u << PRT_FIELD) - 1)
enum prt_field { PRT_SPINNING = 4, PRT_PARKED = 4 + PRT_FIELD, PRT_ACTIVE = 4 + 2 * PRT_FIELD, PRT_PLACES = 4 + 3 * PRT_FIELD };

static inline uint32_t prt_word_get_(uint64_t word, enum prt_field field)
{
    return (uint32_t)(word >> field) & PRT_FIELD_MAX;
}

/* Changes fields and flags together; returns the new word. */
uint64_t prt_pool_change_(struct prt_pool *pool, int spinning, int parked, int active);
uint64_t prt_pool_flags_(struct prt_pool *pool, uint64_t set, uint64_t clear);
uint64_t prt_pool_places_(struct prt_pool *pool, uint32_t places);

/* After an item was published, or anything else that makes a stage ready: sees to it that a thread finds it. */
void prt_pool_published_(struct prt_chan *chan); /* to this channel */
void prt_pool_needs_(struct prt_pool *pool);     /* anything */

/* Items were put into this channel: its receivers are found without a look at all stages. Only a hint, which may be late,
 * lost or wrong. */
void prt_pool_hint_(const struct prt_chan *chan);
bool prt_pool_hints_make_(struct prt_run *run); /* false: no memory */

/* Wakes up to `n` threads of a blocking stage that wait in its lot, and takes them out of it. */
void prt_pool_wake_dedicated_(struct prt_stage *stage, uint64_t n);

/* For a thread that goes to sleep, and that others may have taken for one that gets on. */
void prt_pool_rests_(struct prt_pool *pool);

/* For the thread of a body, before it sleeps: unless somebody else looks for work, what is ready is passed on; and who
 * sleeps between two looks wakes. */
void prt_pool_pass_on_(struct prt_run *run);

/* A slot that may go on (state QUEUED); a list of those that the caller has claimed and that are to run their `flush`, as
 * soon as rule T1 lets them in. */
void prt_pool_queue_(struct prt_pool *pool, struct prt_slot *slot);
void prt_pool_queue_ticks_(struct prt_stage *stage, struct prt_slot *slots);

/* Takes one out, RUNNING, of those that a waiting body may run (0) or of the others (1); NULL: there is none. */
struct prt_slot *prt_pool_dequeue_(struct prt_pool *pool, int which);

/* The thread of a body that waits for room takes its place back; gives it away to sleep. */
void prt_pool_hold_place_(struct prt_thread *thread);
void prt_pool_drop_place_(struct prt_thread *thread);

/* For a thread that runs a leaf at base level: sleeps until `until`, or a wake-up before, with its place given away, unless
 * that is too long to sleep with a slot in hand. Whether it did. */
bool prt_pool_nap_(struct prt_thread *thread, uint64_t until);

/* Whether threads are at work on as many processors as there are. */
static inline bool prt_pool_is_busy_(const struct prt_pool *pool)
{
    const uint64_t word = prt_load_relaxed(&pool->word);

    return prt_word_get_(word, PRT_ACTIVE) >= prt_word_get_(word, PRT_PLACES);
}

/* Whether a thread that scans now would find something. Wakes the monitor for what only a further thread could do. */
bool prt_pool_has_work_(struct prt_run *run);

/* Runs something that is ready, at base level; false: a look at everything found nothing, or left it to others. A thread
 * that was `*spinning` and went to work is not any more. */
bool prt_pool_look_(struct prt_thread *thread, bool *spinning);

/* Runs one batch of any ready leaf on the stack of a body that waits, of `chan`'s receiver first (NULL: none is). Returns
 * whether it did. A leaf whose output is full can still put one body's items into its outbox; that is slow and only
 * done where `into_outboxes` says so. */
bool prt_pool_help_(struct prt_thread *thread, const struct prt_chan *chan, bool into_outboxes);

/* What a body does first that is the channel's only sender and finds it full: has the receiver, if it is a quick leaf that
 * asks for nothing else, run on what is queued. Returns whether it did. */
bool prt_pool_pass_(struct prt_thread *thread, const struct prt_chan *chan);

/* Runs the receiver of an item that was just sent and for which somebody would have to be woken, if that is a leaf
 * cheaper than the wake. Returns whether it did. On the stack of a body that may wait. */
bool prt_pool_run_at_once_(struct prt_thread *thread, const struct prt_chan *chan);

/* Rule T1 (entry.c), for a slot of a stage that may wait: enters, or asks whether it could. Who would leave gets a slot
 * that was kept from its tick, to run it in its stead; NULL: there is none, and it has left. */
bool prt_pool_enter_(struct prt_stage *stage);
bool prt_pool_may_enter_(struct prt_stage *stage);
struct prt_slot *prt_pool_leave_(struct prt_stage *stage);
void prt_pool_stage_over_(struct prt_stage *stage);

/* For the monitor: a thread more; whether the rule keeps slots from their tick. */
void prt_pool_add_thread_(struct prt_pool *pool);
bool prt_pool_has_late_(struct prt_pool *pool);

bool prt_pool_wake_one_(struct prt_pool *pool);

/* Wakes the monitor, which looks at every tick from now on. */
void prt_pool_watch_(struct prt_run *run);

/* The monitor, which alone changes `threads`: whether there are more than at the start. */
static inline bool prt_pool_has_extra_(const struct prt_pool *pool)
{
    return pool->threads > pool->first_threads;
}

/* The same: takes the one out of the lot, to end, that parked first, if that was before `since` (prt_now() time) and rule
 * T1 can do without it. NULL: none. */
struct prt_thread *prt_pool_retire_(struct prt_pool *pool, uint64_t since);

/* What a thread of the pool, or of a blocking stage, does from start to end. */
void prt_pool_main_(void *thread);
void prt_dedicated_main_(void *thread);

#endif
