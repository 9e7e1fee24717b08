/* What all programs of the benchmark share, in C, C++ and C inside .pipe files: the clock, what is done with an item,
 * the command line of a peer, and the line that it prints.
 *
 *     PEER JOB [items=N] [cap=N] [workers=N] [steps=N] [of the job's own]
 *
 * prints `ns=` nanoseconds per item, from before the first thread to after the last, and `sum=` of what arrived. */
#ifndef JOB_H
#define JOB_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct job {
    const char *name;
    uint64_t items, cap, workers, steps;
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

static inline struct job job_parse(int argc, char **argv)
{
    struct job job = { argv[1], 1000000, 256, 4, 0 };

    if (argc < 2)
        job_fail("usage", "PEER JOB [items=N] [cap=N] [workers=N] [steps=N]");
    for (int i = 2; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        const size_t len = value ? (size_t)(value - argv[i]) : 0;
        uint64_t *to = len == 5 && strncmp(argv[i], "items", len) == 0   ? &job.items
                       : len == 3 && strncmp(argv[i], "cap", len) == 0   ? &job.cap
                       : len == 7 && strncmp(argv[i], "workers", len) == 0 ? &job.workers
                       : len == 5 && strncmp(argv[i], "steps", len) == 0 ? &job.steps
                                                                         : NULL;

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

#endif
