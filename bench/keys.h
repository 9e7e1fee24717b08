// Keys of items: drawn once, alike in every program, so that drawing them costs a load.
#ifndef KEYS_H
#define KEYS_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { KEYS_DRAWN = 1 << 20 };

static inline uint64_t key_random(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

// Of `keys`, evenly, or with zipf != 0 key k about as often as 1/k has it. Exits where memory is short.
static inline uint32_t *keys_draw(uint64_t keys, int zipf)
{
    uint32_t *drawn = malloc(KEYS_DRAWN * sizeof *drawn);

    if (!drawn)
        exit(2);
    for (uint64_t i = 0; i < KEYS_DRAWN; i++) {
        const uint64_t random = key_random(i);
        const double even = (double)(random >> 11) / 9007199254740992.0;

        drawn[i] = zipf ? (uint32_t)(pow((double)keys + 1, even) - 1) : (uint32_t)(random % keys);
    }
    return drawn;
}

struct keyed {
    uint64_t x;
    uint32_t key;
};

#endif
