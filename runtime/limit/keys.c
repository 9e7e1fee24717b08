/* The table of keys. */
#include "limit/keys.h"

#include <stdlib.h>

#define FIRST_BUCKETS 64
#define FIRST_CHUNK 16 /* entries */
#define MOST_CHUNK 4096
#define MOST_BUCKETS ((size_t)1 << 31) /* an entry knows 32 bits of its hash */

uint64_t prt_keys_most_ = UINT64_MAX;

struct prt_keys_chunk {
    struct prt_keys_chunk *next;
    _Alignas(16) unsigned char entries[];
};

/* ---- memory ------------------------------------------------------------------------------------------------------- */

static size_t entry_size(const struct prt_keys *keys)
{
    return sizeof(struct prt_entry) + keys->nlimits * sizeof(union prt_key_state);
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static bool chunk_add(struct prt_keys *keys)
{
    const size_t n = least(keys->nchunk == 0 ? FIRST_CHUNK : least(keys->nchunk * 2, MOST_CHUNK), prt_keys_most_ - keys->made);
    const size_t size = entry_size(keys);
    struct prt_keys_chunk *chunk = n > 0 ? malloc(sizeof *chunk + n * size) : NULL;

    if (!chunk)
        return false;
    keys->made += n;
    chunk->next = keys->chunks;
    keys->chunks = chunk;
    keys->nchunk = n;
    keys->bytes += sizeof *chunk + n * size;
    for (size_t i = n; i-- > 0;) {
        struct prt_entry *entry = (struct prt_entry *)(chunk->entries + i * size);

        entry->next = keys->free;
        keys->free = entry;
    }
    return true;
}

bool prt_keys_make_(struct prt_keys *keys)
{
    for (size_t i = 0; i < keys->nlimits; i++)
        keys->has_rates = keys->has_rates || keys->limits[i].is_rate;
    keys->buckets = calloc(FIRST_BUCKETS, sizeof *keys->buckets);
    keys->nbuckets = keys->room = FIRST_BUCKETS;
    keys->bytes = FIRST_BUCKETS * sizeof *keys->buckets;
    return keys->buckets && chunk_add(keys);
}

void prt_keys_free_(struct prt_keys *keys)
{
    while (keys->chunks) {
        struct prt_keys_chunk *next = keys->chunks->next;

        free(keys->chunks);
        keys->chunks = next;
    }
    free(keys->buckets);
    keys->buckets = NULL;
}

/* ---- the table ---------------------------------------------------------------------------------------------------- */

/* The finalizer of MurmurHash3, after which each bit depends on each one of the sum. */
uint64_t prt_key_mix_(struct prt_key key, uint64_t seed)
{
    uint64_t x = key.low ^ seed;

    x ^= key.high * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    x = (x ^ (x >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ (x >> 33);
}

/* The first buckets have been split: their numbers have a bit more. */
static struct prt_entry **bucket_of(const struct prt_keys *keys, uint32_t hash)
{
    size_t at = hash & (keys->room - 1);

    if (at >= keys->nbuckets)
        at = hash & (keys->room / 2 - 1);
    return &keys->buckets[at];
}

/* Without memory for more buckets what there is gets longer. */
static bool make_room(struct prt_keys *keys)
{
    struct prt_entry **more = keys->room < MOST_BUCKETS ? realloc(keys->buckets, 2 * keys->room * sizeof *more) : NULL;

    if (!more)
        return false;
    keys->bytes += keys->room * sizeof *more;
    keys->buckets = more;
    keys->room *= 2;
    return true;
}

static void split(struct prt_keys *keys)
{
    struct prt_entry *entry, *next;
    size_t at;

    if (keys->nbuckets == keys->room && !make_room(keys))
        return;
    at = keys->nbuckets - keys->room / 2;
    entry = keys->buckets[at];
    keys->buckets[at] = keys->buckets[keys->nbuckets] = NULL;
    keys->nbuckets++;
    for (; entry; entry = next) {
        struct prt_entry **bucket = bucket_of(keys, entry->hash);

        next = entry->next;
        entry->next = *bucket;
        *bucket = entry;
    }
}

/* What was found is first in its bucket from then on: of many keys that are remembered those in use are not looked for behind
 * others, each a line of cache and a page. */
static struct prt_entry *find(const struct prt_keys *keys, struct prt_key key, uint32_t hash)
{
    struct prt_entry **const first = bucket_of(keys, hash), **at = first, *entry;

    while ((entry = *at) && (entry->key.low != key.low || entry->key.high != key.high))
        at = &entry->next;
    if (!entry || at == first)
        return entry;
    *at = entry->next;
    entry->next = *first;
    *first = entry;
    return entry;
}

static void forget(struct prt_keys *keys, struct prt_entry *entry)
{
    struct prt_entry **at = bucket_of(keys, entry->hash);

    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    entry->next = keys->free;
    keys->free = entry;
    keys->n--;
}

/* ---- at rest ------------------------------------------------------------------------------------------------------ */

static void rest_enter(struct prt_keys *keys, struct prt_entry *entry)
{
    struct prt_entry *at = keys->rest ? keys->rest : entry;

    if (at == entry)
        entry->in.rest.before = entry->in.rest.after = entry;
    entry->in.rest.after = at;
    entry->in.rest.before = at->in.rest.before;
    entry->in.rest.before->in.rest.after = entry;
    at->in.rest.before = entry;
    keys->rest = at;
}

static void rest_leave(struct prt_keys *keys, struct prt_entry *entry)
{
    if (keys->rest == entry)
        keys->rest = entry->in.rest.after != entry ? entry->in.rest.after : NULL;
    entry->in.rest.before->in.rest.after = entry->in.rest.after;
    entry->in.rest.after->in.rest.before = entry->in.rest.before;
}

/* From when on nothing would change if the key were forgotten. */
static uint64_t rests_at(const struct prt_keys *keys, const struct prt_entry *entry, uint64_t now)
{
    uint64_t latest = now;

    for (size_t i = 0; i < keys->nlimits; i++) {
        const struct prt_key_limit *limit = &keys->limits[i];
        uint64_t full;

        if (!limit->is_rate)
            continue;
        full = prt_pace_due_(&entry->states[i].pace, limit->per_second, limit->most - 1);
        if (prt_time_is_before_(latest, full))
            latest = full;
    }
    return latest;
}

/* The next of the ring; whether it was forgotten. */
static bool sweep_one(struct prt_keys *keys, uint64_t now, uint64_t *at)
{
    struct prt_entry *entry = keys->rest;

    *at = rests_at(keys, entry, now);
    if (*at != now) {
        keys->rest = entry->in.rest.after;
        return false;
    }
    rest_leave(keys, entry);
    forget(keys, entry);
    return true;
}

static void sweep_two(struct prt_keys *keys, uint64_t now)
{
    uint64_t at;

    for (int i = 0; i < 2 && keys->rest; i++)
        sweep_one(keys, now, &at);
}

uint64_t prt_keys_sweep_(struct prt_keys *keys, uint64_t now)
{
    uint64_t earliest = PRT_NEVER, at;
    const struct prt_entry *first = keys->rest;

    while (keys->rest) {
        if (sweep_one(keys, now, &at))
            return 0;
        earliest = at < earliest ? at : earliest;
        if (keys->rest == first)
            break;
    }
    return earliest;
}

/* ---- use ---------------------------------------------------------------------------------------------------------- */

/* Apart, since where it is part of prt_keys_use_() gcc 12 keeps the key for it in memory, writes it there in two words and reads them
 * as one: the processor then waits for both writes, some 12 ns of each look that finds its key. */
static __attribute__((noinline)) struct prt_entry *add(struct prt_keys *keys, struct prt_key key, uint32_t hash, uint64_t now)
{
    struct prt_entry **bucket, *entry;

    sweep_two(keys, now);
    if (!keys->free && !chunk_add(keys))
        return NULL;
    if (keys->n >= keys->nbuckets)
        split(keys);
    entry = keys->free;
    keys->free = entry->next;
    bucket = bucket_of(keys, hash);
    entry->key = key;
    entry->hash = hash;
    entry->next = *bucket;
    *bucket = entry;
    for (size_t i = 0; i < keys->nlimits; i++) {
        const struct prt_key_limit *limit = &keys->limits[i];

        if (limit->is_rate)
            prt_pace_fill_(&entry->states[i].pace, limit->per_second, limit->most, now);
        else
            entry->states[i].held = 0;
    }
    if (++keys->n > keys->most_n)
        keys->most_n = keys->n;
    return entry;
}

struct prt_entry *prt_keys_use_(struct prt_keys *keys, struct prt_key key, uint64_t now)
{
    const uint32_t hash = (uint32_t)prt_key_mix_(key, keys->seed);
    struct prt_entry *entry = find(keys, key, hash);

    if (entry && entry->users > 0) {
        entry->users++;
        return entry;
    }
    if (entry)
        rest_leave(keys, entry);
    else
        entry = add(keys, key, hash, now);
    if (entry) {
        entry->users = 1;
        entry->in.queue.first = entry->in.queue.last = NULL;
    }
    return entry;
}

void prt_keys_leave_(struct prt_keys *keys, struct prt_entry *entry, uint64_t now)
{
    if (--entry->users > 0)
        return;
    if (keys->has_rates && rests_at(keys, entry, now) != now)
        rest_enter(keys, entry);
    else
        forget(keys, entry);
}
