/* With threads and a textbook ring: a mutex and two condition variables.
 *
 *     pthreads JOB [items=N] [cap=N] [workers=N] [steps=N] [pace=N]     see job.h and the end of this file
 */
#include "ring.h"
#include "window.h"

#include "../latency.h"

struct worker {
    pthread_t thread;
    void *(*body)(void *);
    uint64_t (*call)(uint64_t);
    struct ring *in, *out;
    uint64_t from, to, steps, sum;
};

static uint64_t same(uint64_t x)
{
    return x;
}

static void *source(void *arg)
{
    struct worker *self = arg;

    for (uint64_t i = self->from; i < self->to; i++)
        ring_send(self->out, i);
    ring_leave(self->out);
    return NULL;
}

static void *stage(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item))
        ring_send(self->out, self->call(item));
    ring_leave(self->out);
    return NULL;
}

static void *pool_worker(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item))
        ring_send(self->out, work(item, self->steps));
    ring_leave(self->out);
    return NULL;
}

static void *sink(void *arg)
{
    struct worker *self = arg;
    uint64_t item, sum = 0;

    while (ring_receive(self->in, &item))
        sum += item;
    self->sum = sum;
    return NULL;
}

/* Runs the workers to their end. Returns the sum of their sums. */
static uint64_t run(struct worker *workers, size_t len)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < len; i++)
        if (pthread_create(&workers[i].thread, NULL, workers[i].body, &workers[i]) != 0)
            job_fail("pthreads", "cannot start a thread");
    for (size_t i = 0; i < len; i++) {
        pthread_join(workers[i].thread, NULL);
        sum += workers[i].sum;
    }
    return sum;
}

static uint64_t hop(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 1);
    struct worker workers[] = { { .body = source, .to = job->items, .out = a }, { .body = sink, .in = a } };

    return run(workers, 2);
}

static uint64_t five(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 1), *b = ring_new(job->cap, 1);
    struct ring *c = ring_new(job->cap, 1), *d = ring_new(job->cap, 1);
    struct worker workers[] = {
        { .body = source, .to = job->items, .out = a },
        { .body = stage, .call = triple, .in = a, .out = b },
        { .body = stage, .call = fold, .in = b, .out = c },
        { .body = stage, .call = shift, .in = c, .out = d },
        { .body = sink, .in = d },
    };

    return run(workers, 5);
}

static uint64_t pool_with(const struct job *job, void *(*body)(void *), struct worker end)
{
    struct ring *a = ring_new(job->cap, 1), *b = ring_new(job->cap, (int)job->workers);
    struct worker *workers = or_die(calloc(job->workers + 2, sizeof *workers));
    uint64_t sum;

    workers[0] = (struct worker){ .body = source, .to = job->items, .out = a };
    end.in = b;
    workers[1] = end;
    for (uint64_t i = 0; i < job->workers; i++)
        workers[2 + i] = (struct worker){ .body = body, .steps = job->steps, .in = a, .out = b };
    sum = run(workers, job->workers + 2);
    free(workers);
    return sum;
}

static uint64_t pool(const struct job *job)
{
    return pool_with(job, pool_worker, (struct worker){ .body = sink });
}

static uint64_t many(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 4);
    struct worker workers[8];

    for (uint64_t i = 0; i < 4; i++) {
        workers[i] = (struct worker){ .body = source, .from = job->items * i / 4, .to = job->items * (i + 1) / 4,
                                      .out = a };
        workers[4 + i] = (struct worker){ .body = sink, .in = a };
    }
    return run(workers, 8);
}

/* An item goes to another thread and comes back before the next one sets out. */
static uint64_t trip(const struct job *job)
{
    struct ring *forth = ring_new(1, 1), *back = ring_new(1, 1);
    struct worker echo = { .in = forth, .out = back, .call = same };
    struct latency latency = latency_new(job->items);
    int64_t sent = now();
    uint64_t item = 0, sum = 0;

    if (pthread_create(&echo.thread, NULL, stage, &echo) != 0)
        job_fail("pthreads", "cannot start a thread");
    for (uint64_t i = 0; i < job->items; i++) {
        int64_t at;

        ring_send(forth, i);
        ring_receive(back, &item);
        sum += item;
        at = now();
        latency_add(&latency, at - sent);
        sent = at;
    }
    ring_leave(forth);
    pthread_join(echo.thread, NULL);
    latency_print(&latency);
    return sum;
}

/* The first item after 1 ms of silence; when each was sent. */
static int64_t *silence_sent;

static void *silent_source(void *arg)
{
    struct worker *self = arg;

    for (uint64_t i = self->from; i < self->to; i++) {
        sleep_ms(1);
        silence_sent[i] = now();
        ring_send(self->out, i);
    }
    ring_leave(self->out);
    return NULL;
}

static uint64_t silence(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 1);
    struct worker sender = { .to = job->items, .out = a };
    struct latency latency = latency_new(job->items);
    uint64_t item, sum = 0;

    silence_sent = latency_new(job->items).times;
    if (pthread_create(&sender.thread, NULL, silent_source, &sender) != 0)
        job_fail("pthreads", "cannot start a thread");
    while (ring_receive(a, &item)) {
        latency_add(&latency, now() - silence_sent[item]);
        sum += item;
    }
    pthread_join(sender.thread, NULL);
    latency_print(&latency);
    return sum;
}

/* A thread for each worker, each of which waits 10 ms with each task. */
static void *napping_worker(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item)) {
        sleep_ms(10);
        ring_send(self->out, item);
    }
    ring_leave(self->out);
    return NULL;
}

static uint64_t naps(const struct job *job)
{
    return pool_with(job, napping_worker, (struct worker){ .body = sink });
}

/* A pool whose results come in the order of the input. */
static void *ordered_worker(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item))
        window_put(item, work(item, self->steps));
    return NULL;
}

static void *ordered_sink(void *arg)
{
    struct worker *self = arg;
    uint64_t sum = 0;

    for (uint64_t i = 0; i < self->to; i++)
        sum = add_next(sum, window_next());
    self->sum = sum;
    return NULL;
}

static uint64_t ordered(const struct job *job)
{
    window_init(job->cap);
    return pool_with(job, ordered_worker, (struct worker){ .body = ordered_sink, .to = job->items });
}

static void *endless_source(void *arg)
{
    struct worker *self = arg;

    for (uint64_t i = 0;; i++)
        ring_send(self->out, i);
    return NULL;
}

/* An absolute deadline for each item. Prints its own line. */
static int paced(const struct job *job)
{
    static struct worker sender; /* which goes on while the program ends */
    struct ring *a = ring_new(1024, 1);
    struct pace pace = { 0 };
    const int64_t start = now();
    uint64_t item = 0, permits = 0;

    sender.out = a;
    if (pthread_create(&sender.thread, NULL, endless_source, &sender) != 0)
        job_fail("pthreads", "cannot start a thread");
    do {
        const int64_t due = start + (int64_t)(permits++ * UINT64_C(1000000000) / job->pace);
        const struct timespec t = { due / 1000000000, due % 1000000000 };

        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
        ring_receive(a, &item);
    } while (pace_add(&pace, item));
    pace_print(&pace, (double)job->pace);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct job_row rows[] = {
        { "hop", hop },   { "five", five },       { "pool", pool }, { "many", many },
        { "trip", trip }, { "silence", silence }, { "naps", naps },     { "ordered", ordered },
    };

    if (argc == 3 && strcmp(argv[1], "paced") == 0) {
        const struct job job = job_parse(argc, argv);

        return paced(&job);
    }
    return job_main(argc, argv, rows, sizeof rows / sizeof *rows);
}
