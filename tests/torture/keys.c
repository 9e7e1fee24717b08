/* Items that are told apart by a key: of each key all arrive, in the order in which they came, one at a time or as many as its
 * bound allows, whatever other keys do; where they are gathered by it, with others of it alone. Every item is checked.
 */
#include "stage_kit.h"

enum { MOST_KEYS = 1 << 20, SOURCES = 3 };

struct pipe {
    uint64_t items;           /* of each source */
    uint64_t keys;            /* of an item: its id modulo this, */
    bool skewed;              /* or half of them the first */
    uint64_t spin;            /* how long a body works */
    uint64_t sleep;           /* ns that one body in 64 sleeps, */
    uint64_t sleeps_each;     /* or one in so many: what lies in its worker's hand goes back */
    int64_t bound;            /* bodies of a key at once; 0: any number */
    bool ordered;             /* results come in the order of the items */
    bool sorted;              /* or in that of each key */
    uint64_t collect;         /* of a key come so many at once; 0: one. And: */
    uint64_t heaviest;        /* what they weigh together, but for one alone; 0: nobody weighs them */
    bool tries;               /* one batch in five fails, having sent all, and comes again */
    uint64_t stop_at;         /* the item whose body asks for a drain; 0: none */
    struct kit_ledger *ledger;
    _Atomic uint64_t *last;   /* [key * SOURCES + source] of the item that began last, plus 1 */
    _Atomic int64_t *inside;  /* [key] bodies, or what they weigh */
    _Atomic uint64_t *of;     /* [key] which worker has had it, plus 1 */
    uint64_t next;            /* the sink's: which item is to come */
    uint64_t *sunk;           /* and [key * SOURCES + source] the item that came last, plus 1 */
    _Atomic uint64_t small;   /* batches that could have had more items */
};

static struct pipe pipe_;

static uint64_t key_of(const struct kit_item *item)
{
    const uint64_t n = item->id / SOURCES;

    if (pipe_.skewed && n % 2)
        return 0;
    return n * UINT64_C(0x9e3779b97f4a7c15) % pipe_.keys;
}

static void int_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(key_of(item));
}

static void text_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    char text[32];

    snprintf(text, sizeof text, "key %ju", (uintmax_t)key_of(item));
    *key = prt_key_of_text(worker, text);
}

/* Another one: of the same items, other pairs have it in common. */
static void other_key(struct prt_worker *worker, const void *item, struct prt_key *key)
{
    (void)worker;
    *key = prt_key_of_unsigned(((const struct kit_item *)item)->id / SOURCES % 5);
}

static uint64_t weight_of(struct prt_worker *worker, const void *item)
{
    (void)worker;
    return ((const struct kit_item *)item)->id % 4;
}

/* Of a batch: how many items it has. */
static uint64_t number_of(struct prt_worker *worker, const void *item)
{
    (void)item;
    return prt_waiting_n(&((struct kit_worker *)worker)->in[0]);
}

/* Of an item that is gathered, 0 to 9. */
static int64_t load_of(void *pipe, const void *item)
{
    (void)pipe;
    return (int64_t)(((const struct kit_item *)item)->id * 2654435761u % 10);
}

static void source_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;

    for (uint64_t i = 0; i < pipe_.items; i++) {
        const struct kit_item item = { .id = i * SOURCES + self->n[3], .sender = (uint32_t)self->n[3], .seq = (uint32_t)i };

        if (!prt_emit(&self->out[0], &item, sizeof item))
            return;
    }
}

static void second_init(struct prt_worker *base)
{
    ((struct kit_worker *)base)->n[3] = 1;
}

static void third_init(struct prt_worker *base)
{
    ((struct kit_worker *)base)->n[3] = 2;
}

static void work(const struct kit_item *item)
{
    for (volatile uint64_t i = 0; i < pipe_.spin; i++)
        ;
    if (pipe_.sleep && item->id % (pipe_.sleeps_each ? pipe_.sleeps_each : 64) == 0)
        kit_sleep(pipe_.sleep);
}

/* `by`: always the same worker. Else no more of the key at once than its bound allows. */
static void check_begin(uint64_t key, int64_t units, int worker, bool by)
{
    const int64_t inside = atomic_fetch_add(&pipe_.inside[key], units) + units;

    KIT_CHECK(pipe_.bound == 0 || inside <= pipe_.bound, "key %ju: bodies of %jd at once", (uintmax_t)key, (intmax_t)inside);
    if (by) {
        const uint64_t had = atomic_exchange(&pipe_.of[key], (uint64_t)worker + 1);

        KIT_CHECK(had == 0 || had == (uint64_t)worker + 1, "key %ju: worker %d after %ju", (uintmax_t)key, worker, (uintmax_t)had - 1);
    }
}

static void check_order(const struct kit_item *item, bool alone)
{
    const uint64_t key = key_of(item);
    const uint64_t last = atomic_exchange(&pipe_.last[key * SOURCES + item->sender], item->id + 1);

    if (alone)
        KIT_CHECK(last <= item->id, "key %ju: item %ju after %ju", (uintmax_t)key, (uintmax_t)item->id, (uintmax_t)last - 1);
}

static void body(struct kit_worker *self, const struct kit_item *item, bool by)
{
    const uint64_t key = key_of(item);

    check_begin(key, 1, self->worker, by);
    check_order(item, by || pipe_.bound == 1);
    work(item);
    atomic_fetch_sub(&pipe_.inside[key], 1);
    if (pipe_.stop_at && item->id == pipe_.stop_at)
        prt_stop(&self->base);
}

static void by_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        body(self, &item, true);
        prt_emit(&self->out[0], &item, sizeof item);
    }
}

static void keyed_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        body(self, &item, false);
        prt_emit(&self->out[0], &item, sizeof item);
    }
}

/* One key, in the order of each channel. */
static void check_batch(const struct kit_item *items, size_t n)
{
    uint64_t last[SOURCES] = { 0 };
    int64_t load = 0;

    KIT_CHECK(n > 0 && n <= pipe_.collect, "a batch of %zu", n);
    for (size_t i = 0; i < n; i++) {
        KIT_CHECK(key_of(&items[i]) == key_of(items), "item %ju, of another key than %ju", (uintmax_t)items[i].id, (uintmax_t)items->id);
        KIT_CHECK(last[items[i].sender] <= items[i].id, "item %ju after %ju", (uintmax_t)items[i].id, (uintmax_t)last[items[i].sender] - 1);
        last[items[i].sender] = items[i].id + 1;
        load += load_of(NULL, &items[i]);
    }
    KIT_CHECK(pipe_.heaviest == 0 || load <= (int64_t)pipe_.heaviest || n == 1, "%zu items weigh %jd", n, (intmax_t)load);
    atomic_fetch_add(&pipe_.small, n < pipe_.collect);
}

/* Whether this attempt fails. The next one is this worker's next, with the same items. */
static bool fails(struct kit_worker *self, const struct kit_item *items, size_t n)
{
    if (self->n[0]) {
        KIT_CHECK(self->n[0] == items->id + 1 && self->n[1] == n, "%zu items from %ju, not %ju from %ju", n, (uintmax_t)items->id,
                  (uintmax_t)self->n[1], (uintmax_t)self->n[0] - 1);
        self->n[0] = 0;
        return false;
    }
    if (!pipe_.tries || items->id / SOURCES % 5)
        return false;
    self->n[0] = items->id + 1;
    self->n[1] = n;
    return true;
}

static void batch(struct kit_worker *self, struct kit_item *items, size_t n, bool by)
{
    const uint64_t key = key_of(items);
    const bool again = fails(self, items, n);
    const int64_t units = pipe_.bound > 1 ? (int64_t)n : 1;

    check_begin(key, units, self->worker, by);
    check_batch(items, n);
    for (size_t i = 0; i < n; i++) {
        if (!again)
            check_order(&items[i], by || (pipe_.bound == 1 && !pipe_.tries));
        work(&items[i]);
        prt_emit(&self->out[0], &items[i], sizeof items[i]);
    }
    for (size_t i = 0; i < n; i++)
        if (pipe_.stop_at && items[i].id == pipe_.stop_at)
            prt_stop(&self->base);
    atomic_fetch_sub(&pipe_.inside[key], units);
    if (again)
        prt_fail(&self->base, "as it was told");
    if (pipe_.tries)
        prt_settle(&self->base, items, NULL);
}

static void batch_by_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    struct kit_item *const items = pipe_.tries ? prt_attempt_batch(&self->in[0], &n) : prt_receive_batch(&self->in[0], &n);

    if (items)
        batch(self, items, n, true);
}

static void batch_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    size_t n;
    struct kit_item *const items = pipe_.tries ? prt_attempt_batch(&self->in[0], &n) : prt_receive_batch(&self->in[0], &n);

    if (items)
        batch(self, items, n, false);
}

static void check_sunk(const struct kit_item *item)
{
    uint64_t *const last = &pipe_.sunk[key_of(item) * SOURCES + item->sender];

    KIT_CHECK(!pipe_.sorted || *last <= item->id, "item %ju comes out after %ju", (uintmax_t)item->id, (uintmax_t)*last - 1);
    *last = item->id + 1;
}

static void sink_run(struct prt_worker *base)
{
    struct kit_worker *const self = (struct kit_worker *)base;
    struct kit_item item;

    while (prt_receive(&self->in[0], &item, sizeof item)) {
        kit_ledger_note(pipe_.ledger, 0, &item);
        KIT_CHECK(!pipe_.ordered || item.id / SOURCES == pipe_.next, "item %ju in the place of %ju", (uintmax_t)item.id / SOURCES,
                  (uintmax_t)pipe_.next);
        pipe_.next++;
        check_sunk(&item);
    }
}

static const struct prt_keyed_spec by_int = { .kind = PRT_BY_KEY, .key = int_key, .name = "int" };
static const struct prt_keyed_spec by_text = { .kind = PRT_BY_KEY, .key = text_key, .name = "text" };

static void begin(uint64_t items, uint64_t keys)
{
    pipe_ = (struct pipe){ .items = items, .keys = keys };
    pipe_.last = calloc(keys * SOURCES, sizeof *pipe_.last);
    pipe_.inside = calloc(keys, sizeof *pipe_.inside);
    pipe_.of = calloc(keys, sizeof *pipe_.of);
    pipe_.sunk = calloc(keys * SOURCES, sizeof *pipe_.sunk);
    pipe_.ledger = kit_ledger_new(items * SOURCES);
    pipe_.ledger->unordered = true;
    if (!pipe_.last || !pipe_.inside || !pipe_.of || !pipe_.sunk)
        abort();
}

static void end(bool all, int sources)
{
    for (uint64_t i = 0; all && i < pipe_.items; i++)
        for (int j = 0; j < SOURCES; j++) {
            const uint64_t id = i * SOURCES + (uint64_t)j;
            const bool there = pipe_.ledger->seen[id / 64] >> (id % 64) & 1;

            KIT_CHECK(there == (j < sources), "item %ju: %d", (uintmax_t)id, there);
        }
    kit_ledger_free(pipe_.ledger);
    free(pipe_.last);
    free(pipe_.inside);
    free(pipe_.of);
    free(pipe_.sunk);
}

struct plan {
    const struct prt_keyed_spec *keyed;
    size_t nkeyed;
    uint32_t workers;
    uint64_t cap;
    int sources;             /* each with a channel of its own, merged */
    bool grows, expands, ordered, blocking, preferred;
    uint64_t named;          /* permits of a bound that the stage has too */
    double rate;             /* of a rate of the stage's own */
    bool by;
    uint64_t within;         /* of a batch */
};

static void gather(struct kit_stage *stage, const struct plan *plan)
{
    stage->spec.run = plan->by ? batch_by_run : batch_run;
    stage->spec.collect = pipe_.collect;
    stage->spec.within = plan->within;
    stage->most[0] = plan->expands ? 0 : (uint32_t)pipe_.collect;
    if (pipe_.heaviest > 0) {
        stage->spec.weight = pipe_.heaviest;
        stage->spec.weigh = load_of;
    }
    if (pipe_.tries) {
        stage->spec.retries = 1;
        stage->spec.backoff_low = stage->spec.backoff_high = 10000;
        stage->spec.on_fail = PRT_THEN_SKIP;
    }
}

static void run(const struct plan *plan)
{
    static void (*const inits[])(struct prt_worker *) = { NULL, second_init, third_init };
    static const char *const names[] = { "a", "b", "c" };
    struct prt_run *const run = kit_run_new(&pipe_);
    struct prt_chan *const out = kit_chan(run, "out", kit_kind(plan->workers, 1), plan->cap);
    struct prt_bound_use use = { 0 };
    struct kit_stage stage = {
        .spec = { .name = "keyed", .run = plan->by ? by_run : keyed_run, .leaf = !plan->expands, .workers = plan->workers,
                  .keyed = plan->keyed, .nkeyed = plan->nkeyed, .ordered = plan->ordered, .blocking = plan->blocking },
        .prefers = plan->preferred, .out = { out }, .most = { plan->expands ? 0 : 1 }
    };

    for (int i = 0; i < plan->sources; i++)
        stage.merge[i] = kit_chan(run, names[i], plan->grows ? PRT_GROWING : kit_kind(1, plan->workers), plan->cap);
    if (plan->named) {
        use.bound = prt_bound_add(run, &(struct prt_bound_spec){ .name = "named", .permits = plan->named });
        stage.spec.bounds = &use;
        stage.spec.nbounds = 1;
    }
    if (plan->rate > 0)
        stage.spec.rate = prt_rate_add(run, &(struct prt_rate_spec){ .name = "pace", .per_second = plan->rate, .burst = 1 });
    if (pipe_.collect > 0)
        gather(&stage, plan);
    pipe_.ordered = plan->ordered && pipe_.collect == 0;
    pipe_.sorted = plan->ordered || plan->by;
    for (int i = 0; i < plan->sources; i++)
        kit_add(run, &(struct kit_stage){ .spec = { .name = "source", .run = source_run, .init = inits[i] },
                                          .out = { stage.merge[i] } });
    kit_add(run, &stage);
    kit_add(run, &(struct kit_stage){ .spec = { .name = "sink", .run = sink_run, .leaf = true }, .in = { out } });
    KIT_CHECK(prt_run(run) == 0, "failed");
}

/* ---- by ----------------------------------------------------------------------------------------------------------- */

/* Workers, keys, capacity, spin, sources; text. */
static void by_case(const struct kit_case *self)
{
    begin(self->items, (uint64_t)self->arg[1]);
    pipe_.spin = (uint64_t)self->arg[3];
    run(&(struct plan){ .keyed = self->arg[5] ? &by_text : &by_int, .nkeyed = 1, .workers = (uint32_t)self->arg[0],
                        .cap = (uint64_t)self->arg[2], .sources = self->arg[4], .by = true });
    end(true, self->arg[4]);
}

static void by_grows(const struct kit_case *self)
{
    begin(self->items, 1000);
    run(&(struct plan){ .keyed = &by_int, .nkeyed = 1, .workers = (uint32_t)self->arg[0], .cap = 64, .sources = self->arg[1],
                        .grows = true, .by = true });
    end(true, self->arg[1]);
}

static void by_sleeps(const struct kit_case *self)
{
    begin(self->items, 100);
    pipe_.sleep = 1000000;
    run(&(struct plan){ .keyed = &by_int, .nkeyed = 1, .workers = 16, .cap = 256, .sources = 1, .by = true });
    end(true, 1);
}

static void by_expands(const struct kit_case *self)
{
    begin(self->items, 100);
    run(&(struct plan){ .keyed = &by_int, .nkeyed = 1, .workers = 4, .cap = 8, .sources = 2, .expands = true, .by = true });
    end(true, 2);
}

static void by_blocking(const struct kit_case *self)
{
    begin(self->items, 100);
    run(&(struct plan){ .keyed = &by_int, .nkeyed = 1, .workers = 4, .cap = 8, .sources = 1, .blocking = true, .by = true });
    end(true, 1);
}

/* ---- bounds ------------------------------------------------------------------------------------------------------- */

/* Workers, keys, capacity, bound, spin, sources. */
static void bound_case(const struct kit_case *self)
{
    const struct prt_keyed_spec keyed = { .kind = PRT_BOUND_PER_KEY, .key = int_key, .permits = (uint64_t)self->arg[3], .name = "int" };

    begin(self->items, (uint64_t)self->arg[1]);
    pipe_.bound = self->arg[3];
    pipe_.spin = (uint64_t)self->arg[4];
    run(&(struct plan){ .keyed = &keyed, .nkeyed = 1, .workers = (uint32_t)self->arg[0], .cap = (uint64_t)self->arg[2],
                        .sources = self->arg[5] });
    end(true, self->arg[5]);
}

static const struct prt_keyed_spec one_each = { .kind = PRT_BOUND_PER_KEY, .key = int_key, .permits = 1, .name = "int" };

static void bound_skewed(const struct kit_case *self)
{
    begin(self->items, 50);
    pipe_.bound = 1;
    pipe_.skewed = true;
    pipe_.sleep = 100000;
    run(&(struct plan){ .keyed = &one_each, .nkeyed = 1, .workers = 8, .cap = 128, .sources = 1 });
    end(true, 1);
}

/* Bodies that are known to be quick, but for one that sleeps now and then. */
static void bound_surprise(const struct kit_case *self)
{
    begin(self->items, (uint64_t)self->arg[0]);
    pipe_.bound = 1;
    pipe_.sleep = 20000000;
    pipe_.sleeps_each = 30011;
    run(&(struct plan){ .keyed = &one_each, .nkeyed = 1, .workers = 3, .cap = 1024, .sources = self->arg[1] });
    end(true, self->arg[1]);
}

static void bound_ordered(const struct kit_case *self)
{
    begin(self->items, (uint64_t)self->arg[0]);
    pipe_.bound = 1;
    pipe_.spin = 100;
    run(&(struct plan){ .keyed = &one_each, .nkeyed = 1, .workers = 4, .cap = 32, .sources = 1, .ordered = true,
                        .expands = self->arg[1] != 0, .named = (uint64_t)self->arg[2] });
    end(true, 1);
}

static void bound_grows(const struct kit_case *self)
{
    begin(self->items, 7);
    pipe_.bound = 1;
    run(&(struct plan){ .keyed = &one_each, .nkeyed = 1, .workers = 4, .cap = 64, .sources = 2, .grows = true });
    end(true, 2);
}

static void bound_blocking(const struct kit_case *self)
{
    begin(self->items, 7);
    pipe_.bound = 1;
    pipe_.sleep = 100000;
    run(&(struct plan){ .keyed = &one_each, .nkeyed = 1, .workers = 4, .cap = 32, .sources = 1, .blocking = true,
                        .ordered = self->arg[0] != 0 });
    end(true, 1);
}

/* Two keys, a worker for one of them, a bound of the stage with it. */
static void mixed(const struct kit_case *self)
{
    const struct prt_keyed_spec keyed[] = {
        { .kind = PRT_BY_KEY, .key = int_key, .name = "int" },
        { .kind = PRT_BOUND_PER_KEY, .key = other_key, .weight = weight_of, .permits = 3, .name = "other" },
        { .kind = PRT_RATE_PER_KEY, .key = int_key, .per_second = 1e6, .burst = 10, .name = "int" },
        { .kind = PRT_BOUND_PER_KEY, .key = text_key, .permits = 2, .name = "text" },
    };

    begin(self->items, 40);
    run(&(struct plan){ .keyed = keyed + !self->arg[0], .nkeyed = 4 - (size_t)!self->arg[0], .workers = 4, .cap = 64, .sources = 2,
                        .by = self->arg[0], .named = (uint64_t)self->arg[1], .rate = self->arg[2],
                        .expands = self->arg[3] != 0 });
    end(true, 2);
}

/* ---- rates -------------------------------------------------------------------------------------------------------- */

static void rate_case(const struct kit_case *self)
{
    const struct prt_keyed_spec keyed = { .kind = PRT_RATE_PER_KEY, .key = int_key, .per_second = self->arg[1], .burst = 2, .name = "int" };

    begin(self->items, (uint64_t)self->arg[0]);
    run(&(struct plan){ .keyed = &keyed, .nkeyed = 1, .workers = 4, .cap = 256, .sources = 1, .ordered = self->arg[2] != 0 });
    end(true, 1);
}

/* ---- batches ------------------------------------------------------------------------------------------------------ */

static const struct prt_keyed_spec per_int[] = { { .kind = PRT_BATCH_PER_KEY, .key = int_key, .name = "int" },
                                                 { .kind = PRT_BY_KEY, .key = int_key, .name = "int" } };
static const struct prt_keyed_spec per_text[] = { { .kind = PRT_BATCH_PER_KEY, .key = text_key, .name = "text" },
                                                  { .kind = PRT_BY_KEY, .key = text_key, .name = "text" } };

/* Keys, items in a batch, capacity, workers, sources; text; what they weigh. With room for all that can gather, no more batches
 * than keys go before they are whole: at the end. */
static void per_case(const struct kit_case *self)
{
    const uint64_t most = (uint64_t)self->arg[1], cap = (uint64_t)self->arg[2];

    begin(self->items, (uint64_t)self->arg[0]);
    pipe_.collect = most;
    pipe_.heaviest = (uint64_t)self->arg[6];
    run(&(struct plan){ .keyed = self->arg[5] ? per_text : per_int, .nkeyed = 1, .workers = (uint32_t)self->arg[3], .cap = cap,
                        .sources = self->arg[4] });
    if (cap > pipe_.keys * (most - 1) && pipe_.heaviest == 0)
        KIT_CHECK(pipe_.small <= pipe_.keys, "%ju batches are small", (uintmax_t)pipe_.small);
    end(true, self->arg[4]);
}

static void per_grows(const struct kit_case *self)
{
    begin(self->items, 1000);
    pipe_.collect = 7;
    run(&(struct plan){ .keyed = per_int, .nkeyed = 1, .workers = 3, .cap = 64, .sources = 2, .grows = true });
    KIT_CHECK(pipe_.small <= pipe_.keys, "%ju batches are small", (uintmax_t)pipe_.small);
    end(true, 2);
}

/* Whether by workers, whether bodies wait for room, whether a batch may fail. */
static void per_by(const struct kit_case *self)
{
    begin(self->items, 100);
    pipe_.collect = 5;
    pipe_.tries = self->arg[1];
    run(&(struct plan){ .keyed = per_int, .nkeyed = 2, .workers = 7, .cap = 64, .sources = 2, .by = true, .within = 50000,
                        .expands = self->arg[0] });
    end(true, 2);
}

/* Batches at once of a key, or items; workers, whether ordered, whether a batch may fail, keys. */
static void per_bound(const struct kit_case *self)
{
    const struct prt_keyed_spec keyed[] = { per_int[0],
                                            { .kind = PRT_BOUND_PER_KEY, .key = int_key, .permits = (uint64_t)self->arg[0], .name = "int",
                                              .weight = self->arg[0] > 1 ? number_of : NULL } };

    begin(self->items, (uint64_t)self->arg[4]);
    pipe_.collect = 4;
    pipe_.bound = self->arg[0];
    pipe_.tries = self->arg[3];
    pipe_.spin = 200;
    run(&(struct plan){ .keyed = keyed, .nkeyed = 2, .workers = (uint32_t)self->arg[1], .cap = 64, .sources = 1, .within = 20000,
                        .ordered = self->arg[2] });
    end(true, 1);
}

static void per_paced(const struct kit_case *self)
{
    const struct prt_keyed_spec keyed[] = { per_int[0],
                                            { .kind = PRT_RATE_PER_KEY, .key = int_key, .per_second = 5000, .burst = 2, .name = "int" } };

    begin(self->items, 50);
    pipe_.collect = 4;
    run(&(struct plan){ .keyed = keyed, .nkeyed = 2, .workers = 4, .cap = 256, .sources = 1, .ordered = self->arg[0] });
    end(true, 1);
}

static void per_blocking(const struct kit_case *self)
{
    begin(self->items, 10);
    pipe_.collect = 3;
    pipe_.sleep = 100000;
    run(&(struct plan){ .keyed = per_int, .nkeyed = 1, .workers = 4, .cap = 16, .sources = 2, .blocking = true, .within = 100000 });
    end(true, 2);
}

/* What is urgent waits for others of its key too, but not behind them; a bound of the stage comes after its keys. */
static void per_preferred(const struct kit_case *self)
{
    begin(self->items, 30);
    pipe_.collect = 6;
    run(&(struct plan){ .keyed = per_int, .nkeyed = 1, .workers = 4, .cap = 64, .sources = 2, .preferred = true,
                        .named = (uint64_t)self->arg[0], .within = 30000 });
    end(true, 2);
}

/* ---- the end ------------------------------------------------------------------------------------------------------ */

static void stops(const struct kit_case *self)
{
    begin(self->items, 20);
    pipe_.bound = 1;
    pipe_.stop_at = self->items / 2 * SOURCES;
    run(&(struct plan){ .keyed = self->arg[0] ? &by_int : &one_each, .nkeyed = 1, .workers = 4, .cap = 64, .sources = 1,
                        .by = self->arg[0] != 0 });
    end(false, 1);
}

/* Whether by workers; items in a batch, capacity, sources. */
static void stops_per(const struct kit_case *self)
{
    begin(self->items, 20);
    pipe_.collect = (uint64_t)self->arg[1];
    pipe_.stop_at = self->items / 2 * SOURCES;
    run(&(struct plan){ .keyed = per_int, .nkeyed = 1 + (size_t)self->arg[0], .workers = 4, .cap = (uint64_t)self->arg[2],
                        .sources = self->arg[3], .by = self->arg[0] });
    end(false, self->arg[3]);
}

static const struct kit_case cases[] = {
    { "by_1_worker", by_case, 300000, { 1, 100, 64, 0, 1, 0 } },
    { "by_2_workers", by_case, 300000, { 2, 1000, 1024, 0, 1, 0 } },
    { "by_4_workers_1_key", by_case, 200000, { 4, 1, 64, 0, 1, 0 } },
    { "by_many_keys", by_case, 500000, { 4, 1000000, 4096, 0, 1, 0 } },
    { "by_small", by_case, 30000, { 4, 100, 1, 0, 3, 0 } },
    { "by_text", by_case, 100000, { 3, 100, 64, 20, 2, 1 } },
    { "by_work", by_case, 50000, { 3, 100, 64, 2000, 1, 0 } },
    { "by_grows", by_grows, 100000, { 3, 2 } },
    { "by_grows_blocks", by_grows, 200000, { 3, 1 } },
    { "by_grows_many", by_grows, 200000, { 100, 1 } },
    { "by_sleeps", by_sleeps, 20000, { 0 } },
    { "by_expands", by_expands, 50000, { 0 } },
    { "by_blocking", by_blocking, 20000, { 0 } },
    { "bound_1", bound_case, 200000, { 4, 100, 256, 1, 0, 1 } },
    { "bound_1_of_1", bound_case, 50000, { 4, 1, 16, 1, 0, 2 } },
    { "bound_2", bound_case, 100000, { 4, 3, 64, 2, 100, 2 } },
    { "bound_many_keys", bound_case, 300000, { 4, 100000, 1024, 1, 0, 1 } },
    { "bound_small", bound_case, 20000, { 4, 10, 1, 1, 0, 3 } },
    { "bound_skewed", bound_skewed, 10000, { 0 } },
    { "bound_surprise", bound_surprise, 300000, { 100, 1 } },
    { "bound_surprise_few", bound_surprise, 200000, { 2, 2 } },
    { "bound_ordered", bound_ordered, 100000, { 10, 0, 0 } },
    { "bound_ordered_expands", bound_ordered, 30000, { 10, 1, 0 } },
    { "bound_ordered_named", bound_ordered, 30000, { 10, 1, 2 } },
    { "bound_grows", bound_grows, 50000, { 0 } },
    { "bound_blocking", bound_blocking, 10000, { 0 } },
    { "bound_blocking_ordered", bound_blocking, 10000, { 1 } },
    { "rate", rate_case, 20000, { 100, 5000, 0 } },
    { "rate_ordered", rate_case, 20000, { 10, 50000, 1 } },
    { "mixed", mixed, 50000, { 0, 0, 0, 0 } },
    { "mixed_by", mixed, 50000, { 1, 0, 0, 0 } },
    { "mixed_named", mixed, 30000, { 1, 2, 0, 0 } },
    { "mixed_paced", mixed, 20000, { 0, 2, 200000, 0 } },
    { "mixed_expands", mixed, 20000, { 1, 2, 100000, 1 } },
    { "per", per_case, 1200000, { 100, 8, 1024, 2, 1 } },
    { "per_1_worker", per_case, 1200000, { 100, 8, 1024, 1, 1 } },
    { "per_1_key", per_case, 800000, { 1, 5, 16, 3, 3 } },
    { "per_1_item", per_case, 400000, { 20, 1, 8, 3, 1 } },
    { "per_many_keys", per_case, 1200000, { 100000, 3, 4096, 2, 1 } },
    { "per_many_whole", per_case, 1200000, { 2000, 3, 4096, 2, 2 } },
    { "per_full", per_case, 200000, { 1000, 8, 16, 4, 2 } },
    { "per_small", per_case, 80000, { 10, 4, 1, 2, 3 } },
    { "per_large", per_case, 1200000, { 100, 100, 16384, 2, 1 } },
    { "per_large_3", per_case, 400000, { 20, 100, 2048, 2, 3 } },
    { "per_large_full", per_case, 200000, { 1000, 100, 256, 3, 2 } },
    { "per_text", per_case, 400000, { 100, 8, 1024, 3, 2, 1 } },
    { "per_weight", per_case, 400000, { 50, 8, 1024, 3, 1, 0, 20 } },
    { "per_weight_full", per_case, 200000, { 50, 8, 32, 3, 3, 1, 20 } },
    { "per_grows", per_grows, 200000, { 0 } },
    { "per_by", per_by, 400000, { 0, 0 } },
    { "per_by_expands", per_by, 200000, { 1, 0 } },
    { "per_by_tries", per_by, 80000, { 0, 1 } },
    { "per_bound", per_bound, 200000, { 1, 4, 0, 0, 20 } },
    { "per_bound_items", per_bound, 200000, { 6, 4, 0, 0, 2 } },
    { "per_bound_ordered", per_bound, 200000, { 1, 3, 1, 0, 20 } },
    { "per_bound_tries", per_bound, 80000, { 1, 4, 0, 1, 20 } },
    { "per_paced", per_paced, 80000, { 0 } },
    { "per_paced_ordered", per_paced, 80000, { 1 } },
    { "per_blocking", per_blocking, 5000, { 0 } },
    { "per_preferred", per_preferred, 200000, { 0 } },
    { "per_preferred_named", per_preferred, 120000, { 2 } },
    { "stops", stops, 50000, { 0 } },
    { "stops_by", stops, 50000, { 1 } },
    { "stops_per", stops_per, 200000, { 0, 4, 64, 1 } },
    { "stops_per_by", stops_per, 200000, { 1, 4, 64, 1 } },
    { "stops_per_large", stops_per, 200000, { 0, 70, 2048, 3 } },
};

int main(int argc, char **argv)
{
    return kit_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
