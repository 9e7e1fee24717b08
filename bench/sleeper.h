// Items of many keys at a steady pace, of which one key's sleep: how long the others take from being sent until their body has
// run. 20 items each millisecond, so that nobody has to wait for a processor.
#ifndef SLEEPER_H
#define SLEEPER_H

#include "keys.h"
#include "latency.h"

enum { SLEEPER_BURST = 20 };

struct sleeper {
    int64_t start, *sent, *took; // of each item; took: 0 of those that slept, -1 before the body
    uint64_t items, keys;
    int64_t nap_ms;
};

static inline uint32_t sleeper_key(const struct sleeper *sleeper, uint64_t item)
{
    return (uint32_t)(key_random(item) % sleeper->keys);
}

static inline struct sleeper sleeper_new(uint64_t items, uint64_t keys, int64_t nap_us)
{
    struct sleeper sleeper = { now(), latency_new(items).times, latency_new(items).times, items, keys, nap_us / 1000 };

    for (uint64_t i = 0; i < items; i++)
        sleeper.took[i] = -1;
    return sleeper;
}

static inline void sleeper_body(const struct sleeper *sleeper, struct keyed item)
{
    if (item.key == 0) {
        sleep_ms(sleeper->nap_ms);
        sleeper->took[item.x] = 0;
    } else {
        sleeper->took[item.x] = now() - sleeper->sent[item.x];
    }
}

static inline void sleeper_print(struct sleeper *sleeper)
{
    struct latency others = latency_new(sleeper->items);
    bool all = true;

    for (uint64_t i = 0; i < sleeper->items; i++) {
        all = all && sleeper->took[i] >= 0;
        if (sleeper->took[i] > 0)
            latency_add(&others, sleeper->took[i]);
    }
    latency_print(&others);
    job_print_checked(sleeper->start, sleeper->items, all);
    free(sleeper->sent);
    free(sleeper->took);
}

#endif
