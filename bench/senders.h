/* Very many senders that wait for room at once: the receiver takes nothing until all of them wait. */
#ifndef SENDERS_H
#define SENDERS_H

#include "latency.h"

enum { SENDERS_PATIENCE_MS = 2000 };

/* How many senders have come to their first item. */
static uint64_t senders_len;

static inline void senders_come(void)
{
    __atomic_add_fetch(&senders_len, 1, __ATOMIC_RELAXED);
}

/* Returns when all have come, or when the patience ends. Prints how many wait. Returns the time. */
static inline int64_t senders_await(uint64_t all)
{
    const int64_t until = now() + INT64_C(1000000) * SENDERS_PATIENCE_MS;

    while (__atomic_load_n(&senders_len, __ATOMIC_RELAXED) < all && now() < until)
        sleep_ms(1);
    sleep_ms(10);
    printf("waiting=%" PRIu64 " ", __atomic_load_n(&senders_len, __ATOMIC_RELAXED));
    return now();
}

/* How long an item took, from when the first was taken. */
static inline void senders_print(int64_t start, uint64_t items)
{
    printf("drain=%.3f ", (double)(now() - start) / (double)items);
}

#endif
