/* Counts by name: a hash table that grows, and keeps its own copy of each name.
 *
 * Open addressing with linear search, at most half full; the names lie one behind the other in large blocks. A name is
 * bytes with a length, so that it can be looked up where it stands in a text. Equal hashes are told apart by the names.
 */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    const char *name; /* not terminated; NULL: a free place */
    uint32_t len, hash;
    uint64_t count; /* how often */
    uint64_t sum;   /* of whatever the user adds up */
};

struct table_block {
    struct table_block *next;
    char names[];
};

struct table {
    struct entry *entries;
    size_t mask, used; /* mask + 1 places, a power of two; 0 before the first name */
    struct table_block *blocks;
    size_t left; /* bytes free in the first block, at its end */
};

/* The hash of a name is made byte by byte, so that a scanner can make it on its way. */
#define TABLE_HASH 2166136261u

static inline uint32_t table_hash_add(uint32_t hash, unsigned char byte)
{
    return (hash ^ byte) * 16777619u;
}

static inline uint32_t table_hash(const char *name, size_t len)
{
    uint32_t hash = TABLE_HASH;

    for (size_t i = 0; i < len; i++)
        hash = table_hash_add(hash, (unsigned char)name[i]);
    return hash;
}

static inline size_t table_place_(uint32_t hash, size_t mask)
{
    return (hash ^ hash >> 15) & mask;
}

static inline bool table_grow_(struct table *self)
{
    const size_t mask = self->mask ? 2 * self->mask + 1 : 4095;
    struct entry *entries = calloc(mask + 1, sizeof *entries);

    if (!entries)
        return false;
    for (size_t i = 0; self->entries && i <= self->mask; i++) {
        const struct entry *entry = &self->entries[i];
        size_t at = table_place_(entry->hash, mask);

        if (!entry->name)
            continue;
        while (entries[at].name)
            at = (at + 1) & mask;
        entries[at] = *entry;
    }
    free(self->entries);
    self->entries = entries;
    self->mask = mask;
    return true;
}

static inline char *table_keep_(struct table *self, const char *name, size_t len)
{
    if (len > self->left) {
        const size_t size = len > 65536 ? len : 65536;
        struct table_block *block = malloc(sizeof *block + size);

        if (!block)
            return NULL;
        block->next = self->blocks;
        self->blocks = block;
        self->left = size;
    }
    self->left -= len;
    return memcpy(self->blocks->names + self->left, name, len);
}

static inline struct entry *table_add_(struct table *self, size_t at, const char *name, size_t len, uint32_t hash)
{
    struct entry *entry;
    const char *kept;

    if (2 * self->used >= self->mask) {
        if (!table_grow_(self))
            return NULL;
        for (at = table_place_(hash, self->mask); self->entries[at].name; at = (at + 1) & self->mask)
            ;
    }
    kept = table_keep_(self, name, len);
    if (!kept)
        return NULL;
    entry = &self->entries[at];
    *entry = (struct entry){ .name = kept, .len = (uint32_t)len, .hash = hash };
    self->used++;
    return entry;
}

/* The entry of a name of less than 4 GiB, which is added with zeros where it is new; NULL where memory is short. It may
 * move when the next name is added. A table of zero bytes is an empty one. */
static inline struct entry *table_at(struct table *self, const char *name, size_t len, uint32_t hash)
{
    size_t at = 0;

    if (self->entries) {
        for (at = table_place_(hash, self->mask); self->entries[at].name; at = (at + 1) & self->mask) {
            struct entry *entry = &self->entries[at];

            if (entry->hash == hash && entry->len == len && memcmp(entry->name, name, len) == 0)
                return entry;
        }
    }
    return table_add_(self, at, name, len, hash);
}

/* Adds all counts and sums of `from` to those of `self`. Returns false where memory is short. */
static inline bool table_merge(struct table *self, const struct table *from)
{
    for (size_t i = 0; from->entries && i <= from->mask; i++) {
        const struct entry *entry = &from->entries[i];
        struct entry *mine;

        if (!entry->name)
            continue;
        mine = table_at(self, entry->name, entry->len, entry->hash);
        if (!mine)
            return false;
        mine->count += entry->count;
        mine->sum += entry->sum;
    }
    return true;
}

/* Packs the entries at the front of `entries` and sorts them. Returns how many there are. The table can only be printed
 * and freed after that. */
static inline size_t table_sort(struct table *self, int (*compare)(const void *a, const void *b))
{
    size_t len = 0;

    for (size_t i = 0; self->entries && i <= self->mask; i++)
        if (self->entries[i].name)
            self->entries[len++] = self->entries[i];
    if (len > 0)
        qsort(self->entries, len, sizeof *self->entries, compare);
    return len;
}

/* Orders entries by name, byte by byte. */
static inline int entry_compare_names(const struct entry *a, const struct entry *b)
{
    const int order = memcmp(a->name, b->name, a->len < b->len ? a->len : b->len);

    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static inline void table_free(struct table *self)
{
    while (self->blocks) {
        struct table_block *block = self->blocks;

        self->blocks = block->next;
        free(block);
    }
    free(self->entries);
    *self = (struct table){ 0 };
}

#endif
