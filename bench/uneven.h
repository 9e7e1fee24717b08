/* Bodies that are mostly quick and sometimes slow, and bodies that send more or fewer items. Which are slow, and how
 * many items come out, is drawn from the item's number: alike in all languages, whoever runs the body and when.
 *
 *     every=N    one in N is slow, at even distances; in the next stage it is another one
 *     odds=N     one in N is slow, drawn at random
 *     steps=N    what every body computes, see work()
 *     nap=N      a slow body sleeps so many microseconds
 *     toil=N     a slow body computes so many steps more */
#ifndef UNEVEN_H
#define UNEVEN_H

#include "job.h"

/* The number of an item are its low bits; the others are what was computed, so that nothing can be left out. */
#define UNEVEN_NUMBER UINT64_C(0xffffffff)

/* The end of splitmix64: every bit of x moves every bit of the result. */
static inline uint64_t uneven_draw(uint64_t x, uint64_t stage)
{
    x += (stage + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline bool uneven_is_slow(const struct job *job, uint64_t stage, uint64_t number)
{
    if (job->every)
        return (number + stage * (job->every / 4)) % job->every == job->every / 2;
    return job->odds && uneven_draw(number, stage) % job->odds == 0;
}

/* What a body makes of an item, without the nap. The slow take one step more at least, so that the sum tells which they
 * were. */
static inline uint64_t uneven_result(const struct job *job, uint64_t stage, uint64_t x)
{
    const uint64_t number = x & UNEVEN_NUMBER;
    const uint64_t toil = uneven_is_slow(job, stage, number) ? job->toil + 1 : 0;

    return number | (work(x, job->steps + toil) & ~UNEVEN_NUMBER);
}

/* A body of stage 0, 1, ... */
static inline uint64_t uneven_body(const struct job *job, uint64_t stage, uint64_t x)
{
    if (job->nap && uneven_is_slow(job, stage, x & UNEVEN_NUMBER)) {
        const struct timespec t = { (time_t)(job->nap / 1000000), (long)(job->nap % 1000000 * 1000) };

        nanosleep(&t, NULL);
    }
    return uneven_result(job, stage, x);
}

/* How many items an expander makes of one, 0 to 4, and which. */
static inline uint64_t expand_len(uint64_t x, uint64_t stage)
{
    return uneven_draw(x, stage) % 5;
}

static inline uint64_t expand_item(uint64_t x, uint64_t i)
{
    return triple(x) + i;
}

/* How many workers the expanders have that stand one behind the other. */
static inline uint64_t expand_workers(uint64_t stage)
{
    return stage == 0 ? 8 : 4;
}

#endif
