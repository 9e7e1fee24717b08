/* Each job as a loop without any queue: what must arrive, and what the machine can do at most.
 *
 *     plain JOB items=N [steps=N]                on one core; see job.h
 *     plain share items=N workers=N steps=N      the pool's work dealt out beforehand, a thread for each worker
 *     plain calibrate                            how many steps take a microsecond
 */
#include <pthread.h>

#include "../uneven.h"

struct part {
    pthread_t thread;
    uint64_t from, to, steps, sum;
};

static uint64_t hop(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += i;
    return sum;
}

static uint64_t cast(const struct job *job)
{
    return 4 * hop(job);
}

static uint64_t five(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += shift(fold(triple(i)));
    return sum;
}

/* What merges of sorted streams give, whatever the number of streams. */
static uint64_t merge(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum = add_next(sum, i);
    return sum;
}

/* What comes last through a channel that drops. */
static uint64_t dropping(const struct job *job)
{
    return job->items - 1;
}

/* What a database has of all items. */
static uint64_t sqlite(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += triple(i);
    return sum;
}

static uint64_t zip(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += i * 3 + fold(i);
    return sum;
}

static uint64_t ordered(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum = add_next(sum, work(i, job->steps));
    return sum;
}

/* As many stages as workers; between source and sink each adds 1. */
static uint64_t stages(const struct job *job)
{
    return hop(job) + job->items * (job->workers - 2);
}

static uint64_t uneven(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += uneven_result(job, 0, i);
    return sum;
}

static uint64_t uneven_two(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += uneven_result(job, 1, uneven_result(job, 0, i));
    return sum;
}

static uint64_t uneven_ordered(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum = add_next(sum, uneven_result(job, 0, i));
    return sum;
}

/* What comes of one item behind the last of so many expanders. */
static uint64_t expanded(uint64_t x, uint64_t stage, uint64_t stages)
{
    uint64_t sum = 0;

    if (stage == stages)
        return x;
    for (uint64_t i = 0; i < expand_len(x, stage); i++)
        sum += expanded(expand_item(x, i), stage + 1, stages);
    return sum;
}

static uint64_t expand_two(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += expanded(i, 0, 2);
    return sum;
}

static uint64_t expand_three(const struct job *job)
{
    uint64_t sum = 0;

    for (uint64_t i = 0; i < job->items; i++)
        sum += expanded(i, 0, 3);
    return sum;
}

static void *add_part(void *arg)
{
    struct part *part = arg;
    uint64_t sum = 0;

    for (uint64_t i = part->from; i < part->to; i++)
        sum += work(i, part->steps);
    part->sum = sum;
    return NULL;
}

static uint64_t pool(const struct job *job)
{
    struct part all = { .to = job->items, .steps = job->steps };

    add_part(&all);
    return all.sum;
}

static uint64_t share(const struct job *job)
{
    struct part *parts = calloc(job->workers, sizeof *parts);
    uint64_t sum = 0;

    if (!parts)
        job_fail("share", "out of memory");
    for (uint64_t i = 0; i < job->workers; i++) {
        parts[i] = (struct part){ .from = job->items * i / job->workers,
                                  .to = job->items * (i + 1) / job->workers,
                                  .steps = job->steps };
        if (pthread_create(&parts[i].thread, NULL, add_part, &parts[i]) != 0)
            job_fail("share", "cannot start a thread");
    }
    for (uint64_t i = 0; i < job->workers; i++) {
        pthread_join(parts[i].thread, NULL);
        sum += parts[i].sum;
    }
    free(parts);
    return sum;
}

/* The best of many short tries: what disturbs only makes a step longer. */
static int calibrate(void)
{
    enum { STEPS = 1000000, TRIES = 50 };
    int64_t best = INT64_MAX;
    volatile uint64_t sink = 0;

    for (int i = 0; i < TRIES; i++) {
        const int64_t start = now();
        int64_t took;

        sink = sink + work(sink, STEPS);
        took = now() - start;
        if (took < best)
            best = took;
    }
    printf("steps=%.0f\n", 1000.0 * STEPS / (double)best);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct job_row rows[] = {
        { "hop", hop }, { "five", five }, { "inline", five }, { "pool", pool }, { "ordered", ordered }, { "many", hop },
        { "trip", hop }, { "silence", hop }, { "naps", hop },
        { "waits", hop }, { "backoff", hop }, { "idle", pool }, { "size", hop }, { "stages", stages }, { "idle-stages", stages }, { "share", share },
        { "uneven", uneven }, { "uneven-end", uneven }, { "uneven-read", uneven }, { "uneven-two", uneven_two },
        { "uneven-ordered", uneven_ordered }, { "expand-two", expand_two }, { "expand-three", expand_three },
        { "senders", hop }, { "zip", zip }, { "batches", hop }, { "prefer", hop }, { "cast", cast },
        { "merge", merge }, { "dropping", dropping }, { "sqlite", sqlite },
    };

    if (argc == 2 && strcmp(argv[1], "calibrate") == 0)
        return calibrate();
    return job_main(argc, argv, rows, sizeof rows / sizeof *rows);
}
