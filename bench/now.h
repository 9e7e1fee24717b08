/* The clock of the benchmarks. */
#ifndef NOW_H
#define NOW_H

#include <stdint.h>
#include <time.h>

static inline int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

#endif
