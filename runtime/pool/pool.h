/* The pool: threads that run slots, and the rule that no item is without a thread responsible for it (docs/runtime.md).
 *
 * `word` is the one thing that every publisher looks at. Its fields change together, by compare and swap:
 *   NEEDY     derived: nobody who is awake will find a new item, so its publisher must wake somebody
 *   DRAINING, ABORTED
 *   WATCHING  the monitor looks at every tick: a millisecond, or a little longer
 *   MINDING   it looks at every tenth tick for bodies whose thread is in a slow leaf, though it has no place
 *   spinning  threads that look for work
 *   parked    threads asleep in the lot
 *   active    threads at base level that run leaves or go from slot to slot
 *   places    how many may be active before nobody is woken
 * A thread inside a body that may wait is in none of them, since it may block in the kernel: it has given its place
 * away, and has it back (`placed`) while it keeps finding channels full, since then it runs leaves beside the body.
 */
#ifndef PRT_POOL_H
#define PRT_POOL_H

#include "pool/stage.h"

/* What a thread that left a stage's items to others remembers of it. */
struct prt_seen {
    uint64_t head, since, looks; /* of the channel, plus 1; since when it has not moved; for how many looks */
};

/* Whether the count is another than at the last look; then it is remembered with the time. */
static inline bool prt_seen_moved_(struct prt_seen *seen, uint64_t count, uint64_t now)
{
    if (seen->head == count + 1)
        return false;
    *seen = (struct prt_seen){ .head = count + 1, .since = now };
    return true;
}

#define PRT_QUICK_OVER ((uint64_t)1) /* the batch was not quick: the monitor has counted the thread as active */

struct prt_thread {
    /* Set before it starts. */
    struct prt_run *run;
    struct prt_slot *dedicated;     /* a thread of a blocking stage: the only slot it runs */
    struct prt_thread_handle handle;

    /* Everybody's, under the lock of the lot that it parks in. The event may be set without. */
    struct prt_event event;
    struct prt_thread *next_parked;
    uint64_t parked_at;
    bool parked;                    /* in the lot */
    bool retire;                    /* taken out of the lot to end */

    /* Its own, as it looks for work. */
    bool spared, moved;             /* stages were left to others since it looked in vain; some of them got on */
    bool slow;                      /* what it ran last was not known to be quick */
    unsigned idle, calm;            /* looks in a row that found nothing; looks that found others at work */
    unsigned dispatches;
    uint32_t linger_at;             /* its place in the pool's table of those who linger, perhaps */
    uint64_t sleeps;                /* the pool's, when it last was to sleep between two looks */
    uint64_t at_once;               /* when it last ran what it had just sent */
    uint64_t quick_runs;
    struct prt_seen *seen;          /* of each stage: the head when it was last looked at, and since when */
    struct prt_seen *seen_lingers;  /* of each place in that table: what it saw there last */

    /* Its own, as it runs bodies. */
    prt_atomic_u64 running;         /* whose body or section it runs: a struct prt_slot *, or 0; others look when all is lost */
    struct prt_base base;           /* where it is while it runs on a body's stack */
    struct prt_stack *stacks[PRT_STACKS_NEAR]; /* that it keeps for its next bodies */
    unsigned nstacks;

    /* Its own to set; the monitor looks, and may clear `placed` and replace `quick`, each by a swap. */
    prt_atomic_u64 quick;           /* runs a quick batch while counted as spinning: a number that no other run has */
    prt_atomic_u64 slot;            /* whose numbered batch it runs: a struct prt_slot *, or 0 */
    prt_atomic_u64 placed;          /* in a body, and counted as active all the same: it found a channel full, so it runs,
                                     * or its bodies cost little */
    prt_atomic_u64 in_source;       /* the source whose own code it is in unless that lingers, where a signal may interrupt
                                     * it: a struct prt_slot *, or 0 */

    /* Its own to set, and of who steals from it, each by a swap (linger.c). On lines of their own: others look here. */
    _Alignas(128) prt_atomic_u64 lingers; /* the body that may be stolen while it is in a leaf: a struct prt_slot *, or 0 */
    prt_atomic_u64 wanted;          /* whether somebody steals it */
    prt_atomic_u64 waits;           /* counts the leaves that it ran beside a body, its looks for one, and slots for which it
                                     * kept its place; its own */

    /* The monitor's: what it saw at its last look, of the words above. */
    _Alignas(128) struct prt_thread *next; /* of all threads of the run */
    uint64_t quick_seen, waits_seen, waits_minded;
    uint64_t batch_seen, slot_seen; /* the batch, and whose it was */
    uint64_t batch_done, slot_done; /* one that hides nothing any more */
    uint64_t running_seen, begins_seen; /* whose body, and how many batches that had begun */
    unsigned batch_quiet;           /* ticks in a row that found nothing hidden in it */
};

struct prt_pool {
    _Alignas(128) prt_atomic_u64 word;
    _Alignas(128) struct prt_mutex lot_lock;
    struct prt_thread *lot;         /* parked threads, the last to park first */
    prt_atomic_u64 dozer;           /* one that sleeps between two looks: a struct prt_thread *, or 0 */
    prt_atomic_u64 sleeps;          /* how often a body's thread went to sleep */
    uint32_t first_threads;         /* that it starts with */
    uint32_t threads;               /* of the pool, started; the monitor's */
    prt_atomic_u64 *lingerers;      /* threads with which bodies linger, perhaps: struct prt_thread *, or 0 */
    uint32_t nlingerers;
    struct prt_mutex queue_lock;    /* slots that may go on */
    struct prt_queue {
        struct prt_slot *first, *last;
        prt_atomic_u64 n;
        prt_atomic_u64 taken;       /* so far */
        uint64_t taken_seen;        /* the monitor's */
    } queues[2];                    /* leaves to run beside a waiting body; others */
    prt_atomic_u64 shutdown;
    prt_atomic_u64 interrupting;    /* the monitor interrupts sources that may hang in the kernel, just now */
    prt_atomic_u64 at_work;         /* the monitor's: whether the program was, at its last tick */
    uint32_t cpus;
    uint32_t most_threads;
};

#define PRT_WATCHING ((uint64_t)8)
#define PRT_MINDING ((uint64_t)1 << 60)
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

/* After anything was stored that makes a stage ready: sees to it that a thread finds it. What was put into a channel is
 * prt_pool_published_()'s affair. */
void prt_pool_needs_(struct prt_pool *pool);

/* A slot that may go on (state QUEUED). */
void prt_pool_queue_(struct prt_pool *pool, struct prt_slot *slot);

/* Takes one out, RUNNING, of those that may run beside a waiting body (0) or of the others (1); NULL: there is none. */
struct prt_slot *prt_pool_dequeue_(struct prt_pool *pool, int which);

/* Whether threads are at work on as many processors as there are. */
static inline bool prt_pool_is_busy_(const struct prt_pool *pool)
{
    const uint64_t word = prt_load_relaxed(&pool->word);

    return prt_word_get_(word, PRT_ACTIVE) >= prt_word_get_(word, PRT_PLACES);
}

bool prt_pool_wake_one_(struct prt_pool *pool);

/* Wakes the monitor, which looks at every tick from now on; at every tenth. */
void prt_pool_watch_(struct prt_run *run);
void prt_pool_mind_(struct prt_run *run);

/* The monitor, which alone changes `threads`: whether there are more than at the start. */
static inline bool prt_pool_has_extra_(const struct prt_pool *pool)
{
    return pool->threads > pool->first_threads;
}

/* The same: takes the one out of the lot, to end, that parked first, if that was before `since` (prt_now() time). NULL:
 * none. */
struct prt_thread *prt_pool_retire_(struct prt_pool *pool, uint64_t since);

/* What a thread of the pool does from start to end. */
void prt_pool_main_(void *thread);

#endif
