/* With threads and a textbook ring: a mutex and two condition variables.
 *
 *     pthreads hop|five|pool|ordered|many ITEMS…       see job.h
 */
#include <pthread.h>
#include <stdbool.h>

#include "../job.h"

struct ring {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    uint64_t *items;
    size_t cap, first, len;
    int senders;
};

struct worker {
    pthread_t thread;
    void *(*body)(void *);
    uint64_t (*call)(uint64_t);
    struct ring *in, *out;
    uint64_t from, to, steps, sum;
};

static void *or_die(void *p)
{
    if (!p) {
        job_fail("pthreads", "out of memory");
    }
    return p;
}

static struct ring *ring_new(size_t cap, int senders)
{
    struct ring *ring = or_die(malloc(sizeof *ring));

    *ring = (struct ring){ .items = or_die(malloc(cap * sizeof *ring->items)), .cap = cap, .senders = senders };
    pthread_mutex_init(&ring->lock, NULL);
    pthread_cond_init(&ring->not_empty, NULL);
    pthread_cond_init(&ring->not_full, NULL);
    return ring;
}

static void ring_send(struct ring *ring, uint64_t item)
{
    size_t at;

    pthread_mutex_lock(&ring->lock);
    while (ring->len == ring->cap)
        pthread_cond_wait(&ring->not_full, &ring->lock);
    at = ring->first + ring->len;
    ring->items[at < ring->cap ? at : at - ring->cap] = item;
    ring->len++;
    pthread_mutex_unlock(&ring->lock);
    pthread_cond_signal(&ring->not_empty);
}

static bool ring_receive(struct ring *ring, uint64_t *item)
{
    pthread_mutex_lock(&ring->lock);
    while (ring->len == 0 && ring->senders > 0)
        pthread_cond_wait(&ring->not_empty, &ring->lock);
    if (ring->len == 0) {
        pthread_mutex_unlock(&ring->lock);
        return false;
    }
    *item = ring->items[ring->first];
    ring->first = ring->first + 1 < ring->cap ? ring->first + 1 : 0;
    ring->len--;
    pthread_mutex_unlock(&ring->lock);
    pthread_cond_signal(&ring->not_full);
    return true;
}

/* One sender fewer; after the last one the ring is closed. */
static void ring_leave(struct ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    if (--ring->senders == 0)
        pthread_cond_broadcast(&ring->not_empty);
    pthread_mutex_unlock(&ring->lock);
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

static uint64_t pool(const struct job *job)
{
    struct ring *a = ring_new(job->cap, 1), *b = ring_new(job->cap, (int)job->workers);
    struct worker *workers = or_die(calloc(job->workers + 2, sizeof *workers));
    uint64_t sum;

    workers[0] = (struct worker){ .body = source, .to = job->items, .out = a };
    workers[1] = (struct worker){ .body = sink, .in = b };
    for (uint64_t i = 0; i < job->workers; i++)
        workers[2 + i] = (struct worker){ .body = pool_worker, .steps = job->steps, .in = a, .out = b };
    sum = run(workers, job->workers + 2);
    free(workers);
    return sum;
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

int main(int argc, char **argv)
{
    static const struct job_row rows[] = {
        { "hop", hop }, { "five", five }, { "pool", pool }, { "many", many }
    };

    return job_main(argc, argv, rows, sizeof rows / sizeof *rows);
}
