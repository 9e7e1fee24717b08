/* Who decides: depth first with a bound, a few departures at random places, PCT, random, or a list that is repeated.
 *
 * Every choice has a plain answer, number 0: the thread goes on, a load returns the newest value, a store happens at
 * once, a sleep ends when it must. A schedule is the list of its departures from that, written CHOICE=ANSWER,..., and
 * replayed so.
 */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHOICES_MOST = 100000, CHANGES = 4 };

/* One choice on the path of the depth-first search. */
struct node {
    uint8_t n, pick;
    uint8_t spent;   /* departures before it that count */
    uint32_t costly; /* the answers that count, as bits */
};

struct choice_state choice;

static struct departure departures[CHOICES_MOST];
static struct node path[CHOICES_MOST];
static uint32_t depth;       /* nodes that are given; what follows is plain */
static uint32_t visited;     /* of the path, in this run */
static unsigned spent;
static uint32_t next_replay;
static uint64_t random_state;
static uint64_t change_at[CHANGES]; /* the choices at which something else happens */
static unsigned nchanges;           /* PCT: 2, that is depth 3; few: 1 to 4 */
static uint64_t low;                /* the least priority given so far */
static unsigned stay;               /* random: of 32 choices, so many go on with the same thread */

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

static uint64_t random_next(void) /* splitmix64 */
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static unsigned random_below(uint32_t n)
{
    return (unsigned)((random_next() >> 32) * n >> 32);
}

/* ---- a run ------------------------------------------------------------------------------------------------------ */

void choice_begin(void)
{
    static const unsigned stays[4] = { 16, 24, 29, 31 };

    choice.taken = departures;
    choice.n = choice.ntaken = 0;
    choice.broken = false;
    choice.plain = harness->confined;
    visited = 0;
    spent = 0;
    next_replay = 0;
    random_state = choice.seed * 0xd1342543de82ef95u + 1;
    stay = stays[random_below(4)];
    low = (uint64_t)1 << 32;
    nchanges = choice.strategy == STRATEGY_PCT ? 2 : 1 + random_below(CHANGES);
    for (unsigned i = 0; i < nchanges; i++)
        change_at[i] = random_below((uint32_t)(choice.length ? choice.length : 100));
}

static uint64_t priority_new(void)
{
    return ((uint64_t)1 << 33) + (random_next() >> 20);
}

void choice_thread_made(struct thread *thread)
{
    thread->priority = priority_new();
    thread->flusher = priority_new();
}

/* A thread that waits by looking comes after all others, or they would never run. */
void choice_yielded(struct thread *thread)
{
    if (choice.strategy == STRATEGY_PCT)
        thread->priority = --low;
}

static unsigned decided(unsigned pick)
{
    if (pick != 0 && choice.ntaken < CHOICES_MOST)
        departures[choice.ntaken++] = (struct departure){ choice.n, pick };
    choice.n++;
    return pick;
}

static bool replay_departs(void)
{
    while (next_replay < choice.nreplay && choice.replay[next_replay].at < choice.n)
        next_replay++;
    return next_replay < choice.nreplay && choice.replay[next_replay].at == choice.n;
}

static unsigned replayed(unsigned n)
{
    if (!replay_departs())
        return 0;
    return choice.replay[next_replay].pick < n ? choice.replay[next_replay].pick : n - 1;
}

/* ---- depth first ------------------------------------------------------------------------------------------------ */

void choice_depth_begin(void)
{
    depth = 0;
}

static unsigned depth_pick(unsigned n, uint32_t costly)
{
    struct node *const node = &path[visited];

    if (visited == CHOICES_MOST)
        fail("more than %d choices in a run: CHOICES_MOST in choice.c", CHOICES_MOST);
    if (visited < depth) {
        choice.broken = choice.broken || node->n != n || node->costly != costly;
    } else {
        *node = (struct node){ .n = (uint8_t)n, .pick = 0, .spent = (uint8_t)spent, .costly = costly };
    }
    visited++;
    if (node->pick >= n)
        return 0;
    spent += node->costly >> node->pick & 1;
    return node->pick;
}

bool choice_depth_next(void)
{
    for (depth = visited; depth > 0; depth--) {
        struct node *const node = &path[depth - 1];

        while (++node->pick < node->n)
            if (node->spent + (node->costly >> node->pick & 1) <= choice.bound)
                return true;
    }
    return false;
}

/* ---- PCT and random --------------------------------------------------------------------------------------------- */

static bool changes_now(void)
{
    for (unsigned i = 0; i < nchanges; i++)
        if (change_at[i] == choice.n)
            return true;
    return false;
}

static unsigned few_pick(unsigned n)
{
    return changes_now() ? random_below(n) : 0;
}

static uint64_t option_priority(const struct option *option)
{
    switch (option->kind) {
    case OPTION_THREAD:
        return option->thread->priority;
    case OPTION_FLUSH:
        return option->thread->flusher;
    default:
        return 0;
    }
}

static unsigned find(const struct option *options, unsigned n, enum option_kind kind)
{
    for (unsigned i = 0; i < n; i++)
        if (options[i].kind == kind)
            return i;
    return n;
}

/* The clock is nobody's: now and then the machine was busy elsewhere. */
static unsigned clock_pick(const struct option *options, unsigned n)
{
    const unsigned clock = find(options, n, OPTION_CLOCK);

    return clock < n && clock > 0 && random_below(96) == 0 ? clock : n;
}

static unsigned pct_pick(const struct option *options, unsigned n)
{
    const unsigned clock = clock_pick(options, n);
    unsigned best = 0;

    if (changes_now() && options[0].kind == OPTION_THREAD)
        options[0].thread->priority = --low;
    if (clock < n)
        return clock;
    for (unsigned i = 1; i < n; i++)
        if (option_priority(&options[i]) > option_priority(&options[best]))
            best = i;
    return best;
}

static unsigned random_pick(const struct option *options, unsigned n)
{
    const unsigned clock = clock_pick(options, n);
    const unsigned flush = find(options, n, OPTION_FLUSH);
    unsigned threads = 0;

    if (clock < n)
        return clock;
    if (flush < n && random_below(8) == 0)
        return flush + random_below(n - flush);
    while (threads < n && options[threads].kind == OPTION_THREAD)
        threads++;
    return threads < 2 ? 0 : random_below(threads);
}

bool choice_plain(void)
{
    bool plain = false;

    if (choice.plain)
        return true;
    switch (choice.strategy) {
    case STRATEGY_DEPTH:
        plain = spent >= choice.bound; /* whatever else could happen would cost more than is left */
        break;
    case STRATEGY_FEW:
        plain = !changes_now();
        break;
    case STRATEGY_RANDOM:
    case STRATEGY_WARM_UP:
        plain = random_below(32) < stay;
        break;
    case STRATEGY_REPLAY:
        plain = !replay_departs();
        break;
    case STRATEGY_PCT:
        break;
    }
    choice.n += plain;
    return plain;
}

/* ---- choices ---------------------------------------------------------------------------------------------------- */

const struct option *choose_option(const struct option *options, unsigned n)
{
    uint32_t costly = 0;
    unsigned pick = 0;

    if (choice.plain)
        return options;
    if (n == 1) {
        choice.n++;
        return options;
    }
    for (unsigned i = 1; i < n; i++)
        costly |= (uint32_t)(options[i].costs || choice.all_cost) << i;
    switch (choice.strategy) {
    case STRATEGY_DEPTH:
        pick = depth_pick(n, costly);
        break;
    case STRATEGY_FEW:
        pick = few_pick(n);
        break;
    case STRATEGY_PCT:
        pick = options[0].kind == OPTION_CLOCK ? random_below(n) : pct_pick(options, n);
        break;
    case STRATEGY_RANDOM:
    case STRATEGY_WARM_UP:
        pick = options[0].kind == OPTION_CLOCK ? random_below(n) : random_pick(options, n);
        break;
    case STRATEGY_REPLAY:
        pick = replayed(n);
        break;
    }
    return &options[decided(pick)];
}

unsigned choose_value(enum value_kind kind, unsigned n)
{
    unsigned pick = 0;

    if (n == 1 || (choice.plain && kind != VALUE_HARNESS))
        return 0;
    switch (choice.strategy) {
    case STRATEGY_DEPTH:
        pick = depth_pick(n, kind == VALUE_HARNESS ? 0 : ~(uint32_t)1);
        break;
    case STRATEGY_FEW:
        pick = kind == VALUE_HARNESS ? random_below(n) : few_pick(n);
        break;
    case STRATEGY_REPLAY:
        pick = replayed(n);
        break;
    default:
        if (kind == VALUE_HARNESS)
            pick = random_below(n);
        else if (kind == VALUE_DELAY)
            pick = random_below(2);
        else if (kind == VALUE_EARLY)
            pick = random_below(24) == 0;
        else if (random_below(3) == 0)
            pick = random_below(n);
        break;
    }
    return decided(pick);
}
