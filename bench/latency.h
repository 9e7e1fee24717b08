/* How long single items take on their way: a list of times, and its percentiles. */
#ifndef LATENCY_H
#define LATENCY_H

#include "job.h"

struct latency {
    int64_t *times;
    size_t len;
};

static inline struct latency latency_new(uint64_t items)
{
    struct latency latency = { (int64_t *)calloc(items, sizeof(int64_t)), 0 };

    if (!latency.times)
        job_fail("latency", "out of memory");
    return latency;
}

static inline void latency_add(struct latency *latency, int64_t time)
{
    latency->times[latency->len++] = time;
}

static inline int latency_compare_(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Prints the percentiles before the line of job_print(). */
static inline void latency_print(struct latency *latency)
{
    qsort(latency->times, latency->len, sizeof *latency->times, latency_compare_);
    printf("p50=%" PRId64 " p99=%" PRId64 " ", latency->times[latency->len / 2], latency->times[latency->len * 99 / 100]);
    free(latency->times);
}

static inline void sleep_ms(int64_t ms)
{
    const struct timespec t = { (time_t)(ms / 1000), (long)(ms % 1000 * 1000000) };

    nanosleep(&t, NULL);
}

#endif
