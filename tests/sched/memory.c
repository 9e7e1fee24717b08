/* What a load returns.
 *
 * SC: what was stored last. TSO: each thread's stores wait in a queue of its own, which it sees itself; they happen in
 * order, when the strategy says so, or before a read-modify-write, a sequentially consistent store, and sleeping.
 * Weak: C11 without out-of-thin-air. Each location keeps its last stores in the order they happened. A load may return
 * any of them, unless a later one happened before it, or was seen by somebody whose seeing happened before it, or the
 * same thread saw a later one before. What happened before is a clock for each thread; release and acquire pass it on.
 * A read-modify-write takes the newest; sequentially consistent loads see the last sequentially consistent store.
 * (After Relacy and loom. Stores do not happen before earlier loads of their thread: no load buffering.)
 *
 * In the weak memory the same clocks tell whether two copies of bytes, one of them a write, were ordered: data races.
 */
#include "engine.h"

enum { DEPTH = 5, SITES = 12, LOCATIONS = 4096, GRANULES = 2048, GRANULE = 8 };

struct store {
    uint64_t value;
    struct clock release;       /* what an acquiring load learns */
    uint32_t seen[THREADS];     /* when each thread first saw it, by its own clock; 0: never */
    bool seq_cst;
};

struct location {
    uintptr_t at;
    unsigned run;
    uint32_t users;             /* threads, as bits */
    struct sched_site *sites[SITES]; /* where it was used while one thread alone did */
    unsigned nsites;
    uint64_t n;                 /* stores, with the value it began with */
    struct store stores[DEPTH]; /* number i is at i % DEPTH */
};

struct granule {
    uintptr_t at;
    unsigned run;
    unsigned writer;
    uint32_t written;           /* by the writer's clock; 0: never */
    uint32_t read[THREADS];
};

static struct location locations[LOCATIONS];
static struct granule granules[GRANULES];
static unsigned run;
static unsigned learning; /* harness number; sites know it */
static bool learned;

void memory_begin(void)
{
    static const struct sched_harness *before;

    run++;
    if (harness != before) {
        before = harness;
        learning++;
    }
    learned = choice.strategy != STRATEGY_WARM_UP;
}

static unsigned hash(uintptr_t at, unsigned size)
{
    return (unsigned)(((uint64_t)at >> 3) * 0x9e3779b97f4a7c15u >> 40) & (size - 1);
}

static struct location *location_of(const void *at)
{
    unsigned i = hash((uintptr_t)at, LOCATIONS);

    for (unsigned tries = 0; locations[i].run == run; i = (i + 1) & (LOCATIONS - 1)) {
        if (locations[i].at == (uintptr_t)at)
            return &locations[i];
        if (++tries == LOCATIONS / 2)
            fail("too many atomic locations: LOCATIONS in memory.c");
    }
    locations[i].at = (uintptr_t)at;
    locations[i].run = run;
    locations[i].users = 0;
    locations[i].nsites = 0;
    locations[i].n = 0;
    return &locations[i];
}

/* ---- which places need no points -------------------------------------------------------------------------------- */

static void site_share(struct sched_site *site, bool shared)
{
    if (site->harness != learning) {
        site->harness = learning;
        site->shared = false;
    }
    site->shared = site->shared || shared;
}

/* A place is remembered until the location turns out to be shared; where there are too many, it counts as shared. */
static void location_remember(struct location *location, struct sched_site *site)
{
    for (unsigned i = 0; i < location->nsites; i++)
        if (location->sites[i] == site)
            return;
    if (location->nsites < SITES)
        location->sites[location->nsites++] = site;
    else
        site_share(site, true);
}

void memory_learn(const void *at, struct sched_site *site)
{
    struct location *location;

    if (learned)
        return;
    location = location_of(at);
    location->users |= 1u << world.self->id;
    site_share(site, (location->users & (location->users - 1)) != 0);
    if (!site->shared) {
        location_remember(location, site);
        return;
    }
    for (; location->nsites > 0; location->nsites--)
        site_share(location->sites[location->nsites - 1], true);
}

/* A place that was seen, and never with a location that two threads use. */
bool memory_private(const struct sched_site *site)
{
    return learned && site->harness == learning && !site->shared;
}

/* ---- clocks ----------------------------------------------------------------------------------------------------- */

void clock_join(struct clock *into, const struct clock *from)
{
    for (unsigned i = 0; i < THREADS; i++)
        if (from->of[i] > into->of[i])
            into->of[i] = from->of[i];
}

static struct store *store_at(struct location *location, uint64_t i)
{
    return &location->stores[i % DEPTH];
}

static struct store *store_add(struct location *location, uint64_t value)
{
    struct store *const store = store_at(location, location->n++);

    memset(store, 0, sizeof *store);
    store->value = value;
    return store;
}

/* The location with at least one store, the newest equal to what the memory holds: plain stores may have set it. */
static struct location *weak_location(const uint64_t *at)
{
    struct location *const location = location_of(at);

    if (location->n == 0 || store_at(location, location->n - 1)->value != *at) {
        struct store *store;

        location->n = 0;
        store = store_add(location, *at);
        for (unsigned i = 0; i < THREADS; i++)
            store->seen[i] = i < world.nthreads ? 1 : 0;
    }
    return location;
}

/* Nothing older than this store may be read by the thread. */
static bool store_is_known(const struct store *store, const struct thread *thread, enum sched_order order)
{
    if (order == SCHED_SEQ_CST && store->seq_cst)
        return true;
    for (unsigned i = 0; i < world.nthreads; i++)
        if (store->seen[i] && store->seen[i] <= thread->clock.of[i])
            return true;
    return false;
}

static void store_see(struct store *store, struct thread *thread)
{
    thread->clock.of[thread->id]++;
    if (!store->seen[thread->id])
        store->seen[thread->id] = thread->clock.of[thread->id];
}

static uint64_t weak_load(uint64_t *at, enum sched_order order)
{
    struct thread *const self = world.self;
    struct location *const location = weak_location(at);
    const uint64_t newest = location->n - 1;
    unsigned older = 0;
    struct store *store;

    while (older < newest && older + 1 < DEPTH && !store_is_known(store_at(location, newest - older), self, order))
        older++;
    if (older > 0)
        older = choose_value(VALUE_OLD, older + 1);
    store = store_at(location, newest - older);
    store_see(store, self);
    if (order != SCHED_RELAXED)
        clock_join(&self->clock, &store->release);
    return store->value;
}

static void weak_store(uint64_t *at, uint64_t value, enum sched_order order)
{
    struct thread *const self = world.self;
    struct store *const store = store_add(weak_location(at), value);

    store_see(store, self);
    if (order != SCHED_RELAXED)
        store->release = self->clock;
    store->seq_cst = order == SCHED_SEQ_CST;
    self->clock.of[self->id]++; /* what follows is not in what was released */
    *at = value;
}

/* ---- delayed stores --------------------------------------------------------------------------------------------- */

void memory_flush_one(struct thread *thread)
{
    const struct delayed first = thread->buffer[0];

    thread->nbuffer--;
    memmove(thread->buffer, thread->buffer + 1, thread->nbuffer * sizeof thread->buffer[0]);
    *first.at = first.value;
    changed();
    if (tracing)
        trace_note("T%u's store %s = %llu happens", thread->id, first.site->text, (unsigned long long)first.value);
}

void memory_drain(struct thread *thread)
{
    while (thread->nbuffer > 0)
        memory_flush_one(thread);
}

static uint64_t tso_load(const uint64_t *at)
{
    const struct thread *const self = world.self;

    for (unsigned i = self->nbuffer; i > 0; i--)
        if (self->buffer[i - 1].at == at)
            return self->buffer[i - 1].value;
    return *at;
}

static void tso_store(uint64_t *at, uint64_t value, struct sched_site *site)
{
    struct thread *const self = world.self;

    if (memory_private(site) && self->nbuffer == 0) {
        *at = value;
        return;
    }
    if (self->nbuffer == 0 && choose_value(VALUE_DELAY, 2) == 0) {
        *at = value;
        return;
    }
    if (self->nbuffer == BUFFERED)
        memory_flush_one(self);
    self->buffer[self->nbuffer++] = (struct delayed){ at, value, site };
}

/* ---- operations ------------------------------------------------------------------------------------------------- */

uint64_t memory_load(uint64_t *at, enum sched_order order, struct sched_site *site)
{
    memory_learn(at, site);
    switch (memory) {
    case SCHED_TSO:
        return tso_load(at);
    case SCHED_WEAK:
        return weak_load(at, order);
    default:
        return *at;
    }
}

void memory_store(uint64_t *at, uint64_t value, enum sched_order order, struct sched_site *site)
{
    memory_learn(at, site);
    if (memory == SCHED_TSO && order == SCHED_SEQ_CST)
        memory_drain(world.self);
    if (memory == SCHED_WEAK)
        weak_store(at, value, order);
    else if (memory == SCHED_TSO && order != SCHED_SEQ_CST)
        tso_store(at, value, site);
    else
        *at = value;
    changed();
}

uint64_t memory_rmw_begin(uint64_t *at, struct sched_site *site)
{
    memory_learn(at, site);
    if (memory == SCHED_TSO)
        memory_drain(world.self);
    if (memory == SCHED_WEAK) {
        struct location *const location = weak_location(at);
        struct store *const newest = store_at(location, location->n - 1);

        store_see(newest, world.self);
        clock_join(&world.self->clock, &newest->release);
    }
    return *at;
}

/* The store that a read-modify-write makes goes on with the release sequence; the clock has what it read already. */
void memory_rmw_end(uint64_t *at, uint64_t value)
{
    if (memory == SCHED_WEAK)
        weak_store(at, value, SCHED_SEQ_CST);
    else
        *at = value;
    changed();
}

void memory_barrier(void)
{
    struct clock all = { { 0 } };

    for (unsigned i = 0; i < world.nthreads; i++) {
        memory_drain(&world.threads[i]);
        clock_join(&all, &world.threads[i].clock);
    }
    for (unsigned i = 0; i < world.nthreads; i++)
        world.threads[i].clock = all;
    for (unsigned i = 0; i < world.nthreads; i++)
        world.threads[i].clock.of[i]++;
}

void memory_acquire_from(const void *object)
{
    const struct location *const location = memory == SCHED_WEAK ? location_of(object) : NULL;

    if (location && location->n > 0)
        clock_join(&world.self->clock, &location->stores[0].release);
}

void memory_release_to(const void *object)
{
    struct location *location;

    if (memory == SCHED_TSO)
        memory_drain(world.self);
    if (memory != SCHED_WEAK)
        return;
    location = location_of(object);
    if (location->n++ == 0)
        memset(&location->stores[0], 0, sizeof location->stores[0]);
    clock_join(&location->stores[0].release, &world.self->clock);
    world.self->clock.of[world.self->id]++;
}

/* ---- races ------------------------------------------------------------------------------------------------------ */

static struct granule *granule_of(uintptr_t at)
{
    unsigned i = hash(at, GRANULES);

    for (unsigned tries = 0; granules[i].run == run; i = (i + 1) & (GRANULES - 1)) {
        if (granules[i].at == at)
            return &granules[i];
        if (++tries == GRANULES / 2)
            fail("too much memory is copied: GRANULES in memory.c");
    }
    memset(&granules[i], 0, sizeof granules[i]);
    granules[i].at = at;
    granules[i].run = run;
    return &granules[i];
}

static void race(const char *what, unsigned other, const struct sched_site *site)
{
    fail("data race: T%u %s memory that T%u used, and nothing orders the two (%s:%d, %s)", world.self->id, what, other,
         site->file, site->line, site->text);
}

static void granule_written(struct granule *granule, const struct sched_site *site)
{
    const struct clock *const clock = &world.self->clock;

    if (granule->written > clock->of[granule->writer])
        race("writes", granule->writer, site);
    for (unsigned i = 0; i < THREADS; i++)
        if (granule->read[i] > clock->of[i])
            race("writes", i, site);
    granule->writer = world.self->id;
    granule->written = clock->of[world.self->id];
}

static void granule_read(struct granule *granule, const struct sched_site *site)
{
    const struct clock *const clock = &world.self->clock;

    if (granule->written > clock->of[granule->writer])
        race("reads", granule->writer, site);
    granule->read[world.self->id] = clock->of[world.self->id];
}

void memory_copied(void *to, const void *from, size_t size, const struct sched_site *site)
{
    if (memory != SCHED_WEAK || !world.self)
        return;
    if (!stacks_hold(to))
        for (uintptr_t at = (uintptr_t)to / GRANULE; at <= ((uintptr_t)to + size - 1) / GRANULE && size > 0; at++)
            granule_written(granule_of(at * GRANULE), site);
    if (!stacks_hold(from))
        for (uintptr_t at = (uintptr_t)from / GRANULE; at <= ((uintptr_t)from + size - 1) / GRANULE && size > 0; at++)
            granule_read(granule_of(at * GRANULE), site);
}
