/* Keys that are remembered, and what each of them has of a stage's limits (key_limits.h): permits of a rate, units of a bound.
 *
 * A key is remembered while an item that has it waits or its body runs, and after that until its rates have gathered all the
 * permits that they may: then it is as if it had never been seen. Each new key looks at two of those that nobody uses. So
 * there are about as many as are in use, and begin within burst / R.
 *
 * A hash table that grows by a bucket with each key (Litwin, "Linear hashing", VLDB 1980): no insertion waits for all others.
 * Nothing here has a lock; the caller's keeps threads apart.
 */
#ifndef PRT_KEYS_H
#define PRT_KEYS_H

#include <prt/run.h>

#include "limit/pace.h"

struct prt_node;

union prt_key_state {
    struct prt_pace pace; /* of a rate */
    uint64_t held;        /* of a bound: units */
};

struct prt_entry {
    struct prt_key key;
    struct prt_entry *next; /* in its bucket, or of those that are free */
    uint32_t hash;          /* low bits of it */
    uint32_t users;         /* items that wait or whose bodies run: fewer than there is memory for nodes */
    union {
        struct {
            struct prt_node *first, *last; /* that wait: the caller's */
        } queue;
        struct {
            struct prt_entry *before, *after; /* no users: in the ring of those that are at rest */
        } rest;
    } in;
    union prt_key_state states[]; /* of each limit */
};

/* A limit: what its spec says, and where its weight stands among those of an item. */
struct prt_key_limit {
    bool is_rate;
    double per_second;
    uint64_t most; /* of a rate: its burst; of a bound: its permits */
    size_t weight;
};

struct prt_keys {
    void (*key)(struct prt_worker *worker, const void *item, struct prt_key *key);
    struct prt_key_limit *limits;
    size_t nlimits;
    bool has_rates;
    uint64_t seed;
    struct prt_entry **buckets;
    size_t nbuckets;       /* in use; */
    size_t room;           /* of which there is memory for so many, a power of two */
    uint64_t n, most_n;    /* keys that are remembered; most at once */
    struct prt_entry *free;
    struct prt_entry *rest; /* one of the ring of those that nobody uses */
    struct prt_keys_chunk *chunks;
    size_t nchunk;         /* entries in the last one; */
    uint64_t made;         /* in all */
    size_t bytes;          /* that all of it takes */
};

/* How many entries a table may have: as many as there is memory for, but for tests that let there be few. */
extern uint64_t prt_keys_most_;

/* Prepares the table; `key`, `limits`, `nlimits` and `seed` are set. False: no memory. */
bool prt_keys_make_(struct prt_keys *keys);
void prt_keys_free_(struct prt_keys *keys);

/* A number of 64 bits that depends on all of the key; `seed`: what others cannot foresee. */
uint64_t prt_key_mix_(struct prt_key key, uint64_t seed);

/* The key's entry, with one user more. `now` is not read where there are no rates. NULL: there is no memory for another
 * one. */
struct prt_entry *prt_keys_use_(struct prt_keys *keys, struct prt_key key, uint64_t now);

/* A user less; without any the key is forgotten, now or when its rates have gathered what they may. */
void prt_keys_leave_(struct prt_keys *keys, struct prt_entry *entry, uint64_t now);

/* Forgets what can be; for who found no memory. Returns when to look again: 0, there is some; PRT_NEVER, when somebody
 * leaves. */
uint64_t prt_keys_sweep_(struct prt_keys *keys, uint64_t now);

#endif
