/* What the bodies of random pipelines share with the program that judges them: how many items follow from an item, and
 * where a run writes down what it did. An item's key follows from the path that it came, so that no two are alike and a
 * sequential run has the same ones.
 */
#ifndef RANDOM_KIT_H
#define RANDOM_KIT_H

#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { KIT_STAGES = 24, KIT_PORTS = 3, KIT_RECORDS = 80000, KIT_BLOCK = 32, KIT_DEPTH = 4, KIT_HELD = 8, KIT_PAD = 240 };

/* ---- what follows from an item ------------------------------------------------------------------------------------ */

static inline uint64_t kit_mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* The i-th item that the body of a stage sends to an output for the item `key`; a source's are 0, 1, 2, ... */
static inline uint64_t kit_key(uint64_t key, unsigned stage, unsigned out, unsigned i)
{
    return kit_mix(key + 0x9e3779b97f4a7c15u * (1 + i + 1000 * (1 + out + 10 * (uint64_t)stage)));
}

static inline uint64_t kit_final_key(unsigned stage, unsigned worker, unsigned out)
{
    return kit_mix(0xf1a1u + stage + 100u * out + ((uint64_t)worker << 20));
}

/* Of what a zip gets. */
static inline uint64_t kit_pair_key(uint64_t x, uint64_t y)
{
    return kit_mix(x + kit_mix(y));
}

static inline unsigned kit_draw(uint64_t key, unsigned stage, unsigned what, unsigned n)
{
    return (unsigned)(kit_mix(key ^ (stage * 131u + what) * 0xd6e8feb86659fd93u) % n);
}

/* `count` is one of enum count. */
static inline unsigned kit_count(uint64_t key, unsigned stage, unsigned out, int count)
{
    switch (count) {
    case 0: return 1;
    case 1: return kit_draw(key, stage, out, 2);
    case 2: return 3;
    case 3: return kit_draw(key, stage, out, 4);
    default: return kit_draw(key, stage, out, 40) == 0 ? 100 : 0;
    }
}

/* Round a cycle: on average less than one item follows from an item. */
static inline unsigned kit_back_count(uint64_t key, unsigned stage, unsigned out, unsigned depth)
{
    return depth >= KIT_DEPTH ? 0 : kit_draw(key, stage, out, 5) / 2;
}

static inline bool kit_skips(uint64_t key, unsigned stage)
{
    return kit_draw(key, stage, 77, 23) == 0;
}

static inline int kit_weight(uint64_t key, int n)
{
    return (int)kit_draw(key, 0, 99, (unsigned)n + 3) - 1; /* -1 to n + 1 */
}

/* Of an item that waits for a batch. */
static inline int kit_load(uint64_t key)
{
    return (int)kit_draw(key, 0, 98, 20);
}

static inline bool kit_holds(uint64_t key, unsigned stage)
{
    return kit_draw(key, stage, 55, 3) == 0;
}

/* ---- what a run writes down ----------------------------------------------------------------------------------------- */

struct kit_record {
    uint64_t key;
    uint16_t stage; /* 1 more than its number, so that what nobody wrote is 0 */
    uint16_t worker;
    uint32_t order; /* of this worker's */
};

struct kit_shared {
    _Atomic uint64_t next; /* place in the records */
    _Atomic int64_t boxes; /* made and not yet dropped */
    _Atomic uint32_t errors;
    char error[200]; /* the first */
    uint64_t sent[KIT_STAGES]; /* by each source */
    struct kit_record records[KIT_RECORDS];
};

#ifdef KIT_BODIES

static struct kit_shared *kit_shared;

struct item {
    uint64_t key;
    uint32_t seq;
    uint16_t port;
    uint16_t depth;
};

struct large {
    struct item item;
    unsigned char pad[KIT_PAD];
};

struct kit_worker {
    atomic_int inside;
    int stage, worker;
    uint32_t seq[KIT_PORTS];
    uint32_t last[KIT_STAGES * KIT_PORTS]; /* the number of the last item from each sender that has one worker */
    uint64_t place;                        /* where the next record goes */
    uint32_t records;
    struct item held[KIT_HELD];
    int nheld;
    unsigned long next; /* a source's next input */
    uint64_t tried_key; /* of the item at hand, … */
    int tried;          /* … and its attempts that have failed */
};

struct kit_bound {
    atomic_int held;
};

__attribute__((format(printf, 1, 2), unused)) static void kit_error(const char *format, ...)
{
    __builtin_va_list args;

    if (atomic_fetch_add(&kit_shared->errors, 1) > 0)
        return;
    __builtin_va_start(args, format);
    vsnprintf(kit_shared->error, sizeof kit_shared->error, format, args);
    __builtin_va_end(args);
}

__attribute__((constructor)) static void kit_begin(void)
{
    const char *path = getenv("RANDOM_SHARED");
    const int fd = path ? open(path, O_RDWR) : -1;

    kit_shared = mmap(NULL, sizeof *kit_shared, PROT_READ | PROT_WRITE,
                      fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
    if (kit_shared == MAP_FAILED)
        abort();
}

static inline void kit_leave(struct kit_worker **kit)
{
    atomic_store(&(*kit)->inside, 0);
}

/* A worker's body, flush and final never run at the same time. */
static inline struct kit_worker *kit_enter(struct kit_worker *kit)
{
    if (atomic_exchange(&kit->inside, 1))
        kit_error("stage s%d: two threads in worker %d", kit->stage, kit->worker);
    return kit;
}

#define KIT_ENTER(worker) __attribute__((cleanup(kit_leave), unused)) struct kit_worker *kit = kit_enter(worker)

/* Bodies of one bound together hold no more than its units. */
struct kit_permit {
    struct kit_bound *bound;
    int units;
};

static inline void kit_give_back(struct kit_permit *permit)
{
    atomic_fetch_sub(&permit->bound->held, permit->units);
}

static inline struct kit_permit kit_take(struct kit_bound *bound, int n, int weight)
{
    const int units = weight < 0 ? 0 : weight > n ? n : weight;
    const int held = atomic_fetch_add(&bound->held, units) + units;

    if (held > n)
        kit_error("a bound of %d units: bodies hold %d", n, held);
    return (struct kit_permit){ bound, units };
}

#define KIT_PERMIT(bound, n, weight) \
    __attribute__((cleanup(kit_give_back), unused)) struct kit_permit permit = kit_take(bound, n, weight)

#define KIT_KEY_PERMIT(bound, n) \
    __attribute__((cleanup(kit_give_back), unused)) struct kit_permit key_permit = kit_take(bound, n, 1)

/* A key's items go to one worker, whose number + 1 `worker` holds, of the stage and of each twin. */
static inline void kit_worker_of(atomic_int *worker, int now)
{
    int was = 0;

    if (!atomic_compare_exchange_strong(worker, &was, now + 1) && was != now + 1)
        kit_error("a key of worker %d goes to worker %d", was - 1, now);
}

/* Items of a sender that has one worker come in its order to a receiver that has one worker. */
static inline void kit_order(struct kit_worker *kit, const struct item *item)
{
    if (item->seq <= kit->last[item->port])
        kit_error("stage s%d: item %u of port %d after %u", kit->stage, (unsigned)item->seq, item->port,
                  (unsigned)kit->last[item->port]);
    kit->last[item->port] = item->seq;
}

/* Whether this attempt is to fail: up to two, of some items. */
static inline bool kit_tries(struct kit_worker *kit, uint64_t key, unsigned stage)
{
    if (kit->tried_key != key)
        kit->tried = 0;
    kit->tried_key = key;
    return kit_draw(key, stage, 88, 5) == 0 && kit->tried++ < 2;
}

/* Letters are about what was to fail, for the reason that it gave. */
static inline void kit_letter(struct kit_worker *kit, const struct item *item, unsigned stage, const char *reason, int attempts)
{
    if (!kit_skips(item->key, stage) || !reason || strcmp(reason, "skipped") != 0 || attempts < 1)
        kit_error("stage s%d: after %d attempts a letter about what has not failed", kit->stage, attempts);
}

/* Of a stage that loses every batch. */
static inline void kit_letter_of_all(struct kit_worker *kit, const char *reason, int attempts)
{
    if (!reason || strcmp(reason, "lost") != 0 || attempts != 1)
        kit_error("stage s%d: after %d attempts a letter that nobody wrote", kit->stage, attempts);
}

static inline void kit_record(struct kit_worker *kit, const struct item *item)
{
    struct kit_record *record;

    if (kit->place % KIT_BLOCK == 0)
        kit->place = atomic_fetch_add(&kit_shared->next, KIT_BLOCK);
    if (kit->place >= KIT_RECORDS) {
        kit_error("stage s%d: more items than there can be", kit->stage);
        return;
    }
    record = &kit_shared->records[kit->place++];
    record->key = item->key;
    record->worker = (uint16_t)kit->worker;
    record->order = kit->records++;
    record->stage = (uint16_t)(kit->stage + 1);
}

static inline bool kit_sleeps(uint64_t key, int sleep_each)
{
    return sleep_each > 0 && kit_draw(key, 0, 33, (unsigned)sleep_each) == 0;
}

static inline void kit_cost(uint64_t key, int spin, int sleep_us, int sleep_each)
{
    for (volatile int i = 0; i < spin; i++)
        ;
    if (kit_sleeps(key, sleep_each))
        nanosleep(&(struct timespec){ .tv_nsec = sleep_us * 1000L }, NULL);
}

static inline struct item kit_item(struct kit_worker *kit, unsigned out, uint64_t key, unsigned depth)
{
    return (struct item){ key, ++kit->seq[out], (uint16_t)(kit->stage * KIT_PORTS + (int)out), (uint16_t)depth };
}

static inline struct item kit_pair(struct item x, struct item y)
{
    x.key = kit_pair_key(x.key, y.key);
    return x;
}

/* An item of each type: as it is, in a large structure, in memory of its own. */
static inline struct item plain_make(struct item item)
{
    return item;
}

static inline struct item plain_item(struct item item)
{
    return item;
}

static inline struct large large_make(struct item item)
{
    struct large large = { .item = item };

    memset(large.pad, (int)(item.key & 255), sizeof large.pad);
    return large;
}

static inline struct item large_item(struct large large)
{
    for (size_t i = 0; i < sizeof large.pad; i++) {
        if (large.pad[i] != (large.item.key & 255)) {
            kit_error("a large item is torn");
            break;
        }
    }
    return large.item;
}

static inline struct item *box_make(struct item item)
{
    struct item *box = malloc(sizeof *box);

    if (!box)
        abort();
    atomic_fetch_add_explicit(&kit_shared->boxes, 1, memory_order_relaxed);
    *box = item;
    return box;
}

static inline struct item box_item(const struct item *box)
{
    return *box;
}

__attribute__((unused)) static struct item *box_clone(struct item *box)
{
    return box_make(*box);
}

__attribute__((unused)) static void box_drop(struct item *box)
{
    atomic_fetch_sub_explicit(&kit_shared->boxes, 1, memory_order_relaxed);
    free(box);
}

#endif
#endif
