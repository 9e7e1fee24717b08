/* Stages of threads with a ring between each two: uneven bodies, expanders, many waiting senders.
 *
 *     pthreads_uneven JOB [items=N] [cap=N] [workers=N] [every=N] [odds=N] [nap=N] [toil=N]     see job.h and uneven.h
 */
#include <unistd.h>

#include "ring.h"
#include "window.h"

#include "../senders.h"
#include "../uneven.h"

struct worker {
    pthread_t thread;
    const struct job *job;
    uint64_t stage; /* whose draw it is */
    uint64_t number;
    struct ring *in, *out;
    uint64_t sum;
};

/* The workers of a stage. */
struct pool {
    struct worker *workers;
    size_t len;
};

static struct pool start(size_t len, void *(*body)(void *), struct worker worker)
{
    struct pool pool = { or_die(calloc(len, sizeof *pool.workers)), len };

    for (size_t i = 0; i < len; i++) {
        pool.workers[i] = worker;
        pool.workers[i].number = i;
        if (pthread_create(&pool.workers[i].thread, NULL, body, &pool.workers[i]) != 0)
            job_fail("pthreads", "cannot start a thread");
    }
    return pool;
}

/* Returns the sum of their sums. */
static uint64_t join(struct pool pool)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < pool.len; i++) {
        pthread_join(pool.workers[i].thread, NULL);
        sum += pool.workers[i].sum;
    }
    free(pool.workers);
    return sum;
}

static void *count(void *arg)
{
    struct worker *self = arg;

    for (uint64_t i = 0; i < self->job->items; i++)
        ring_send(self->out, i);
    ring_leave(self->out);
    return NULL;
}

/* Sends the numbers that come on the standard input. */
static void *read_numbers(void *arg)
{
    struct worker *self = arg;
    uint64_t numbers[512];
    ssize_t len;

    while ((len = read(STDIN_FILENO, numbers, sizeof numbers)) > 0)
        for (size_t i = 0; i < (size_t)len / sizeof *numbers; i++)
            ring_send(self->out, numbers[i]);
    ring_leave(self->out);
    return NULL;
}

static void *pass(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item))
        ring_send(self->out, uneven_body(self->job, self->stage, item));
    ring_leave(self->out);
    return NULL;
}

static void *pass_and_add(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item))
        self->sum += uneven_body(self->job, self->stage, item);
    return NULL;
}

static void *expand(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item)) {
        const uint64_t len = expand_len(item, self->stage);

        for (uint64_t i = 0; i < len; i++)
            ring_send(self->out, expand_item(item, i));
    }
    ring_leave(self->out);
    return NULL;
}

static uint64_t add(struct ring *in)
{
    uint64_t item, sum = 0;

    while (ring_receive(in, &item))
        sum += item;
    return sum;
}

static uint64_t uneven_of(const struct job *job, void *(*source)(void *))
{
    struct ring *a = ring_new(job->cap, 1), *b = ring_new(job->cap, (int)job->workers);
    struct pool sources = start(1, source, (struct worker){ .job = job, .out = a });
    struct pool workers = start(job->workers, pass, (struct worker){ .job = job, .in = a, .out = b });
    const uint64_t sum = add(b);

    join(sources);
    join(workers);
    return sum;
}

static uint64_t uneven(const struct job *job)
{
    return uneven_of(job, count);
}

static uint64_t uneven_read(const struct job *job)
{
    return uneven_of(job, read_numbers);
}

static uint64_t uneven_end(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 1);
    struct pool source = start(1, count, (struct worker){ .job = job, .out = a });
    struct pool workers = start(job->workers, pass_and_add, (struct worker){ .job = job, .in = a });

    join(source);
    return join(workers);
}

static uint64_t uneven_two(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 1), *b = ring_new(job->cap, (int)job->workers);
    struct pool source = start(1, count, (struct worker){ .job = job, .out = a });
    struct pool first = start(job->workers, pass, (struct worker){ .job = job, .in = a, .out = b });
    struct pool second = start(job->workers, pass_and_add, (struct worker){ .job = job, .stage = 1, .in = b });

    join(source);
    join(first);
    return join(second);
}

static void *put_in_order(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item))
        window_put(item, uneven_body(self->job, self->stage, item));
    return NULL;
}

static uint64_t uneven_ordered(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 1);
    struct pool source, workers;
    uint64_t sum = 0;

    window_init(job->cap);
    source = start(1, count, (struct worker){ .job = job, .out = a });
    workers = start(job->workers, put_in_order, (struct worker){ .job = job, .in = a });
    for (uint64_t i = 0; i < job->items; i++)
        sum = add_next(sum, window_next());
    join(source);
    join(workers);
    return sum;
}

static uint64_t expand_stages(const struct job *job, uint64_t stages)
{
    struct ring *ring = ring_new(job->cap, 1);
    struct pool source = start(1, count, (struct worker){ .job = job, .out = ring }), pools[3];
    uint64_t sum;

    for (uint64_t i = 0; i < stages; i++) {
        struct ring *out = ring_new(job->cap, (int)expand_workers(i));

        pools[i] = start(expand_workers(i), expand, (struct worker){ .stage = i, .in = ring, .out = out });
        ring = out;
    }
    sum = add(ring);
    join(source);
    for (uint64_t i = 0; i < stages; i++)
        join(pools[i]);
    return sum;
}

static uint64_t expand_two(const struct job *job)
{
    return expand_stages(job, 2);
}

static uint64_t expand_three(const struct job *job)
{
    return expand_stages(job, 3);
}

static void *send_some(void *arg)
{
    struct worker *self = arg;
    const uint64_t len = self->job->items / self->job->workers;

    senders_come();
    for (uint64_t i = 0; i < len; i++)
        ring_send(self->out, self->number * len + i);
    ring_leave(self->out);
    return NULL;
}

static uint64_t senders(const struct job *job)
{
    struct ring *a = ring_new(job->cap, (int)job->workers);
    struct pool pool = start(job->workers, send_some, (struct worker){ .job = job, .out = a });
    const int64_t from = senders_await(job->workers);
    const uint64_t sum = add(a);

    senders_print(from, job->items);
    join(pool);
    return sum;
}

int main(int argc, char **argv)
{
    static const struct job_row rows[] = {
        { "uneven", uneven },
        { "uneven-end", uneven_end },
        { "uneven-two", uneven_two },
        { "uneven-read", uneven_read },
        { "uneven-ordered", uneven_ordered },
        { "expand-two", expand_two },
        { "expand-three", expand_three },
        { "senders", senders },
    };

    return job_main(argc, argv, rows, sizeof rows / sizeof *rows);
}
