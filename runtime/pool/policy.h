/* What is decided by figures: pure functions over numbers. Times are ns, costs ns an item; 0 is a cost that nobody has
 * measured yet. Mechanism asks here, and but for the grain of fast rates and the looks of a lock, which are the platform's,
 * nothing else compares a figure with one that was tuned: another rule for
 * when a thread is added, or how long somebody waits, is a change of this file and of tests/unit/test_prt_policy.c.
 *
 * Each figure says what it comes from. Those that were measured were so on the two processors of docs/performance.md.
 */
#ifndef PRT_POLICY_H
#define PRT_POLICY_H

#include <prt/platform.h>

/* From a wake-up until the woken thread is at work; measured: 3 to 13 us, and the waker's own call takes 5 to 7. */
#define PRT_WAKE_NS 12000
/* By then it is, unless its processor is taken. */
#define PRT_AT_WORK_NS 20000
/* To move an item to another core; measured: a line of cache moves in 70 to 90, and several items share one. */
#define PRT_SPREAD_NS 50
/* A delay that nobody minds: to wake somebody for it would have taken as long. */
#define PRT_UNNOTICED_NS 5000
/* A backlog below this is done before another thread has the lines that it needs for it: some 20 of them. */
#define PRT_WORTH_NS 2000
/* 64 such bodies are done when a thread that is woken for them would be at work. */
#define PRT_QUICK_NS 300
/* Items that come closer than this are waited for, to be sent or taken several at once. */
#define PRT_CLOSE_NS 1000
/* The longest batch: what it keeps to itself is late by so much at most, by what its bodies cost so far. */
#define PRT_BATCH_NS 50000
/* Of the monitor. What is stuck is seen within two; to read the process's processor time, the dearest part of a tick,
 * takes a thousandth of it (measured). */
#define PRT_TICK_NS 1000000
/* Ticks in which what is merely late has come: an emit that had begun, a thread that waits for its processor. */
#define PRT_LATE_TICKS 10

/* ---- costs ------------------------------------------------------------------------------------------------------ */

#define PRT_CLOCK_NS 40 /* two looks at the clock; measured: 40 to 52 */

/* What a body cost, of so many that took `ns` together with two looks at the clock; at least 1. */
static inline uint64_t prt_cost_each_(uint64_t ns, uint64_t bodies)
{
    return (ns > PRT_CLOCK_NS ? ns - PRT_CLOCK_NS : 0) / bodies + 1;
}

/* Cheap bodies: a batch in so many is measured, and of those that are fed one by one; two looks at the clock cost as much
 * as some of them. Powers of two. */
#define PRT_MEASURE_EACH 8
#define PRT_MEASURE_FED_EACH 32

/* The largest of late, which fades by an eighth: one slow body in eight is remembered. And the average over eight. */
static inline uint64_t prt_cost_max_(uint64_t old, uint64_t each)
{
    const uint64_t faded = old - old / 8;

    return each > faded ? each : faded;
}

static inline uint64_t prt_cost_mean_(uint64_t old, uint64_t each)
{
    return old ? (7 * old + each) / 8 : each;
}

/* A thread that looks for work is back from a batch of such bodies before it is missed. */
static inline bool prt_cost_is_quick_(uint64_t cost)
{
    return cost > 0 && cost <= PRT_QUICK_NS;
}

/* Bodies that may wait for each other's results to be published. */
static inline bool prt_cost_is_unnoticed_(uint64_t cost)
{
    return cost > 0 && cost <= PRT_UNNOTICED_NS;
}

/* Bodies that run where their items are, since to move an item costs as much. */
static inline bool prt_cost_is_least_(uint64_t cost)
{
    return cost < PRT_SPREAD_NS;
}

/* Run beside a body that waits: for those that cost more, a thread that was woken would be at work by then. */
static inline bool prt_cost_is_beside_(uint64_t cost)
{
    return cost <= PRT_AT_WORK_NS;
}

/* Items that wait for their next attempt come back at times that are so far apart: those of one such time are woken
 * together, and cost one sleep and one wake-up of a thread between them. For delays of some 67 ms and more that is about a
 * millisecond, for shorter ones a sixty-fourth of the delay or less. A power of two, so that the times are the same for all. */
static inline uint64_t prt_backoff_grain_(uint64_t delay)
{
    uint64_t grain = 1;

    while (grain < PRT_TICK_NS && grain < delay / 128)
        grain *= 2;
    return grain;
}

/* A sender runs the body of the item that it has just sent if that costs no more than to wake somebody for it, and if
 * it has not just done so: what that body sends may wake a thread, and if that took so long, each item would be run so. */
static inline bool prt_cost_is_a_wake_(uint64_t cost)
{
    return cost > 0 && cost <= PRT_WAKE_NS;
}

static inline bool prt_at_once_again_(uint64_t since)
{
    return since >= PRT_AT_WORK_NS;
}

/* ---- batches ---------------------------------------------------------------------------------------------------- */

#define PRT_BATCH_MOST 256    /* bodies in one go: by then what a batch costs beside them is little for each */
#define PRT_MERGE_MOST 32     /* the same where other channels wait for their turn */
/* Of items that others may be preferred to: what comes to those waits for so long at most, as for a thread that is woken. */
#define PRT_BEHIND_NS PRT_AT_WORK_NS
#define PRT_WINDOW_MOST 64    /* items that a body without a bounded count gathers, at a lock for each window */
#define PRT_BOX_BYTES 8192    /* an outbox, or a hand, is larger than one body needs only within this: some lines of
                               * each worker stay in a first cache of 32 KiB */
#define PRT_BUDGET 16         /* batches of one slot, or slots of a cycle, before a thread at base level looks around */
#define PRT_PACED_BUDGET 1024 /* the same of a fast rate: several permits come due in each of some 100 naps */

/* How many bodies' items, of `size` bytes each and `body` of them for each body, memory of a worker's own is for. */
static inline uint64_t prt_box_bodies_(uint64_t body, uint64_t size)
{
    const uint64_t fit = PRT_BOX_BYTES / size / (body > 0 ? body : 1);

    return fit < 2 ? 1 : fit < PRT_BATCH_MOST ? fit : PRT_BATCH_MOST;
}

static inline uint64_t prt_window_items_(uint64_t size)
{
    return PRT_BOX_BYTES / size < PRT_WINDOW_MOST ? PRT_BOX_BYTES / size : PRT_WINDOW_MOST;
}

/* By time: how many bodies of `each`, which is known. */
static inline uint64_t prt_batch_bodies_(uint64_t each)
{
    return PRT_BATCH_NS / each < PRT_BATCH_MOST ? PRT_BATCH_NS / each : PRT_BATCH_MOST;
}

/* The same while more urgent items may come; `each`: 0 where it is not known. */
static inline uint64_t prt_batch_behind_(uint64_t bodies, uint64_t each)
{
    const uint64_t most = each > 0 && PRT_BEHIND_NS / each > 0 ? PRT_BEHIND_NS / each : 1;

    return bodies < most ? bodies : most;
}

/* How many items an ordered stage may run ahead, where `asked` were (0: nobody said): each worker can have one in hand
 * and one that waits for its turn; and no more than are ever in hand. */
static inline uint64_t prt_turns_ahead_(uint64_t asked, uint64_t workers)
{
    const uint64_t wanted = asked > 0 ? asked : 2 * workers;
    const uint64_t ahead = wanted > workers ? wanted : workers;

    return ahead < PRT_BATCH_MOST * workers ? ahead : PRT_BATCH_MOST * workers;
}

/* How much of that one batch takes. Bodies that run where their items are take all. Else each thread has its share; a
 * long one in two pieces, so that who is done before its turn begins with the other. 8 bodies that are not of the least
 * are a batch whose own cost is small. */
static inline uint64_t prt_turns_share_(uint64_t ahead, uint64_t workers, uint64_t cpus, uint64_t cost)
{
    const uint64_t whole = 8, each = ahead / (workers < cpus ? workers : cpus);

    if (prt_cost_is_least_(cost))
        return ahead;
    return each <= whole ? each : each / 2 > whole ? each / 2 : whole;
}

/* A body sends fast that has sent so many items in that time. */
#define PRT_SAMPLE 16 /* items between two looks at the clock, which cost as much as several of them */

static inline bool prt_sends_fast_(uint64_t items, uint64_t ns)
{
    return ns < items * PRT_CLOSE_NS;
}

/* A batch was stuck in a body, and the threads slept: the items in its hand waited until the monitor handed them back,
 * two ticks later. For twice as long the stage's batches hide nothing, and take one item: it loses less by that than by
 * one more such wait, and slow bodies seldom come alone. */
#define PRT_SHOWS_NS (4 * PRT_TICK_NS)
/* Of a stage with keys for longer, since it is the same keys whose bodies are slow, but no longer than the threads sleep: what is
 * taken one by one, with somebody else awake for the rest, costs nothing that they lack. A body of such a stage is taken to cost so
 * much meanwhile: nobody runs it beside another one, and who does is not taken to be back before he is missed. */
#define PRT_WARY_NS (1000 * PRT_TICK_NS)
#define PRT_WARY_COST_NS (2 * PRT_AT_WORK_NS)

/* ---- senders that wait for room --------------------------------------------------------------------------------- */

/* Their receiver goes on. Before more than half is free a sender that is woken would fill what there is and sleep
 * again. */
static inline bool prt_room_is_early_(uint64_t room, uint64_t cap)
{
    return room <= cap / 2;
}

/* What is queued keeps all receivers at work until the sender is. Where less than one body begins in a tick it would be
 * the monitor that wakes it, in the receiver's stead. */
static inline bool prt_queue_is_lull_(uint64_t queued, uint64_t mean, uint64_t receivers)
{
    return mean > 0 && mean < receivers * PRT_TICK_NS && queued * mean >= receivers * PRT_AT_WORK_NS;
}

/* ---- what is worth taking --------------------------------------------------------------------------------------- */

#define PRT_GATHERED 16  /* items for which a body that may wait is entered: its stack is cold */
#define PRT_STILL_LOOKS PRT_LOOKS(200) /* that saw nothing move, for a clock that stands still */

/* A slot leaves an output to its receiver from here on, rather than fill it. */
static inline bool prt_room_is_low_(uint64_t room, uint64_t cap)
{
    return room < cap / 2;
}

/* Whether a backlog costs enough to be worth another thread's while. */
static inline bool prt_backlog_is_worth_(uint64_t queued, uint64_t mean)
{
    return queued * mean >= PRT_WORTH_NS;
}

/* Whether a thread that looks for work takes what is queued, though somebody else may be at it. */
static inline bool prt_backlog_is_taken_(uint64_t queued, uint64_t mean, bool may_wait, bool room)
{
    return may_wait ? queued >= PRT_GATHERED : !prt_cost_is_least_(mean) && prt_backlog_is_worth_(queued, mean) && room;
}

/* How long it else leaves it there while nothing moves. Bodies that may wait are not run by their sender: waiting only
 * lets items gather. Where a result would go to an outbox, as long as a batch may take; of many stages, longer for
 * each, since who is at this one runs the others meanwhile. */
static inline uint64_t prt_patience_(bool may_wait, bool room, uint64_t many)
{
    return may_wait ? PRT_CLOSE_NS : (room ? PRT_UNNOTICED_NS : PRT_BATCH_NS) + many * PRT_CLOSE_NS;
}

static inline bool prt_patience_ends_(uint64_t still, uint64_t looks, uint64_t patience)
{
    return still >= patience || looks >= PRT_STILL_LOOKS;
}

/* ---- looking, spinning, sleeping -------------------------------------------------------------------------------- */

#define PRT_HINTED_FROM PRT_LOOKS(9) /* stages: fewer are quicker looked at than hints for them are kept */
#define PRT_ALL_EVERY 64 /* looks, of which one goes through all stages, upstream first: for what hints miss */

#define PRT_PARK_LOOKS PRT_LOOKS(24)  /* in vain before a thread parks: some 30 us, more than a wake-up */
#define PRT_EAGER_LOOKS PRT_LOOKS(20) /* the first of them, at short intervals */
#define PRT_CALM_LOOKS PRT_LOOKS(8)   /* that found others at work, before it sleeps between two looks */
#define PRT_CALM_NS 100000            /* for so long: each look costs the others the lines that it reads */
#define PRT_WAIT_LOOKS PRT_LOOKS(60)  /* at what a body waits for: to be held and woken would cost as much */
#define PRT_BUSY_LOOKS PRT_LOOKS(16)  /* the same where all processors are at work: more than a quick leaf takes */

/* Every so many looks a thread gives its processor away for a moment: whoever could bring what it looks for may be
 * ready to run, on this very one. Half as often where a body's own thread looks, since that one is at work elsewhere as
 * a rule. */
static inline bool prt_look_yields_(unsigned looks, bool with_body)
{
    return looks % (with_body ? 8 : 4) == 0;
}

/* Pauses between two looks, of 25 to 29 ns each (measured). */
static inline int prt_look_pauses_(unsigned idle)
{
    return idle < PRT_EAGER_LOOKS ? 8 : 300;
}

/* Whether one more thread may look for work: half the processors, while there is a place for it, and unless so many are
 * active that one of them will look before long. */
static inline bool prt_may_spin_(uint64_t spinning, uint64_t active, uint64_t places, uint64_t cpus)
{
    return spinning <= (cpus / 2 > 1 ? cpus / 2 : 1) && spinning + active <= places && active <= 4 * cpus;
}

/* How long a thread sleeps between two looks, while others get on (`moved`) or may. On one processor it stands in their
 * way: there for a tick; or for a batch, where nobody has got on since the last look. */
static inline uint64_t prt_doze_ns_(uint64_t cpus, bool moved)
{
    return cpus > 1 ? PRT_CALM_NS : moved ? PRT_TICK_NS : PRT_BATCH_NS;
}

/* How long a thread sleeps with a body or a slot in hand at most: for two ticks where another thread is there for all
 * other work; else for about as long as it takes to start one. */
static inline uint64_t prt_nap_ns_(bool others)
{
    return others ? 2 * PRT_TICK_NS : 256000;
}

/* ---- threads ---------------------------------------------------------------------------------------------------- */

#define PRT_BUSY_PERCENT 90
/* A thread too many ends when it has been parked for so long: a burst soon after finds it. And one each such time. */
#define PRT_IDLE_NS ((uint64_t)10000000000)
#define PRT_RETIRE_NS ((uint64_t)1000000000)

#define PRT_STUCK_NS ((uint64_t)10000000000) /* after a tear-down: a body that has not returned by then never will */
#define PRT_INTERRUPT_NS 50000000 /* between two signals to a source that hangs: a person does not notice it */
#define PRT_MIND_LOOKS PRT_LOOKS(100) /* in vain, a second in all, before the monitor ceases to mind */

/* Of those who look where the time goes (figures.h): slots in one look, each a line of cache, so that it takes tens of
 * microseconds; and threads that the kernel is asked about, each some 7 us (measured): 4 are 0.3 % of a processor. */
#define PRT_LOOK_SLOTS 1000
#define PRT_LOOK_THREADS 4
#define PRT_LOOK_NS 10000000

/* Until the next look: between half and one and a half times that, so that nothing regular always falls between two
 * (xorshift64*, Vigna). */
static inline uint64_t prt_look_ns_(uint64_t *random)
{
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return PRT_LOOK_NS / 2 + (*random * 2685821657736338717u >> 32) % PRT_LOOK_NS;
}

/* Of the monitor, where it has so many threads and stages to look at: each a few lines of cache. */
static inline uint64_t prt_tick_ns_(uint64_t looked_at)
{
    return PRT_TICK_NS + PRT_TICK_NS * looked_at / 256;
}

/* What a tick has found: monitor.c, look(). How many threads there are at the start, and at most: program/run.c. */
struct prt_need {
    bool any;       /* a stage is ready, or a slot may go on, and nobody served it since the last tick */
    bool moving;    /* some was served */
    unsigned unserved; /* ticks, of the one that has waited longest */
    unsigned behind;   /* ticks in a row at which a stage was ready although it was served, and nobody could be woken */
    uint64_t used;     /* percent of the processors, of late */
};

/* A mean of eight ticks that fades: the kernel may count what a thread uses milliseconds later. */
static inline uint64_t prt_recent_(uint64_t old, uint64_t more)
{
    return old + more - old / 8;
}

static inline bool prt_is_busy_(uint64_t used)
{
    return used >= PRT_BUSY_PERCENT;
}

/* Whether the program is at work and not merely now and then: by a quarter of a processor, since it may not be alone on the machine. */
static inline bool prt_is_at_work_(uint64_t used, uint64_t cpus)
{
    return used * cpus >= 25;
}

/* Whether the threads that run something sleep in their bodies. Two that share a processor while another is idle, as
 * the kernel may leave them for 10 ms, use half of one each: a third would only get in their way. */
static inline bool prt_are_asleep_(uint64_t running, uint64_t used, uint64_t cpus)
{
    return used < 50 && used * cpus < running * 25;
}

/* Whether threads are added: for what is unserved, while processors are free or nothing else moves, else when it has
 * waited for long; for a stage that is served and does not keep up, after three such ticks, while the threads sleep. */
static inline bool prt_may_grow_(const struct prt_need *need, uint64_t running, uint64_t cpus)
{
    if (need->any && (!prt_is_busy_(need->used) || need->unserved >= PRT_LATE_TICKS || !need->moving))
        return true;
    return need->behind >= 3 && prt_are_asleep_(running, need->used, cpus);
}

/* How many, where so many run: twice as many in all, but no more than would use up the rest of the processors. To start
 * a thread takes 20 to 50 us (measured), so 128 are a few ticks. */
static inline uint32_t prt_grow_by_(uint32_t running, uint64_t used)
{
    const uint64_t n = used > 50 ? running * (100 - used) / used : running;

    if (n > 128)
        return 128;
    return n > 0 && !prt_is_busy_(used) ? (uint32_t)n : 1;
}

#endif
