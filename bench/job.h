/* What all programs of the benchmark share, in C, C++ and C inside .pipe files: the clock, what is done with an item,
 * the command line of a peer, and the line that it prints.
 *
 *     PEER JOB [items=N] [cap=N] [workers=N] [steps=N] [pace=N] [every=N] [odds=N] [nap=N] [toil=N]
 *
 * prints `ns=` nanoseconds per item, from before the first thread to after the last, and `sum=` of what arrived. */
#ifndef JOB_H
#define JOB_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct job {
    const char *name;
    uint64_t items, cap, workers, steps, pace, size;
    uint64_t every, odds, nap, toil; /* see uneven.h */
};

static inline int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline uint64_t triple(uint64_t x)
{
    return x * 3 + 1;
}

static inline uint64_t fold(uint64_t x)
{
    return x ^ (x >> 7);
}

static inline uint64_t shift(uint64_t x)
{
    return x + 11;
}

/* What a pool does with an item. Each step waits for the one before, and no compiler can make one of two, so a step
 * takes as long in every language. */
static inline uint64_t work(uint64_t x, uint64_t steps)
{
    x = triple(x);
    for (uint64_t i = 0; i < steps; i++)
        x = (x ^ (x >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
    return x;
}

/* A sum that tells the order. */
static inline uint64_t add_next(uint64_t sum, uint64_t x)
{
    return sum * 31 + x;
}

static inline void job_fail(const char *why, const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", why, what);
    exit(2);
}

static inline uint64_t *job_argument(struct job *job, const char *name, size_t len)
{
    const struct {
        const char *name;
        uint64_t *value;
    } rows[] = { { "items", &job->items },
                 { "cap", &job->cap },
                 { "workers", &job->workers },
                 { "steps", &job->steps },
                 { "pace", &job->pace },
                 { "size", &job->size },
                 { "every", &job->every },
                 { "odds", &job->odds },
                 { "nap", &job->nap },
                 { "toil", &job->toil } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strlen(rows[i].name) == len && strncmp(name, rows[i].name, len) == 0)
            return rows[i].value;
    return NULL;
}

static inline struct job job_parse(int argc, char **argv)
{
    struct job job = { argv[1], 1000000, 256, 4, 0, 1000, 8, 0, 0, 0, 0 };

    if (argc < 2)
        job_fail("usage", "PEER JOB [items=N] [cap=N] [workers=N] [steps=N]");
    for (int i = 2; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        uint64_t *to = !value ? NULL : job_argument(&job, argv[i], (size_t)(value - argv[i]));

        if (!to)
            job_fail("no such argument", argv[i]);
        *to = strtoull(value + 1, NULL, 10);
    }
    return job;
}

static inline void job_print(int64_t start, uint64_t items, uint64_t sum)
{
    printf("ns=%.3f sum=%" PRIu64 "\n", (double)(now() - start) / (double)items, sum);
}

/* The same of a job whose sum follows from time; it has looked itself whether its answer is right. */
static inline void job_print_checked(int64_t start, uint64_t items, bool right)
{
    printf("ns=%.3f sum=%s\n", (double)(now() - start) / (double)items, right ? "ok" : "0");
}

/* A job of a peer; returns the sum of what arrived. */
struct job_row {
    const char *name;
    uint64_t (*run)(const struct job *job);
};

static inline int job_main(int argc, char **argv, const struct job_row *rows, size_t len)
{
    const struct job job = job_parse(argc, argv);
    const int64_t start = now();

    for (size_t i = 0; i < len; i++)
        if (strcmp(job.name, rows[i].name) == 0) {
            const uint64_t sum = rows[i].run(&job);

            job_print(start, job.items, sum);
            return 0;
        }
    job_fail("no such job", job.name);
    return 2;
}

/* How often something happened in two seconds, and in the right order. */
struct pace {
    int64_t first, last;
    uint64_t len;
};

/* Returns false after two seconds. */
static inline bool pace_add(struct pace *pace, uint64_t item)
{
    pace->last = now();
    if (item != pace->len)
        job_fail("pace", "an item is missing");
    if (pace->len++ == 0)
        pace->first = pace->last;
    return pace->last - pace->first < INT64_C(2000000000);
}

static inline void pace_print(const struct pace *pace, double per_second)
{
    const double got = (double)(pace->len - 1) * 1e9 / (double)(pace->last - pace->first);

    printf("error=%.4f sum=ok\n", 100 * (got > per_second ? got / per_second - 1 : 1 - got / per_second));
}

#endif
