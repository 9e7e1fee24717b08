/* The same jobs with threads and a textbook ring: a mutex and two condition variables.
 *
 *     ring plain|five|hop|pool ITEMS CAP
 *
 * prints nanoseconds per item and the sum of what arrived. `plain` does what five does in one loop, for the sum.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../now.h"

enum { POOL = 4 };

struct ring {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    uint64_t *items;
    size_t cap, first, len;
    int senders;
};

struct worker {
    pthread_t thread;
    uint64_t (*work)(uint64_t);
    struct ring *in, *out; /* NULL: a source, a sink */
    uint64_t items, sum;
};

static void *or_die(void *p)
{
    if (!p) {
        perror("ring");
        exit(1);
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

static uint64_t triple(uint64_t x)
{
    return x * 3 + 1;
}

static uint64_t fold(uint64_t x)
{
    return x ^ (x >> 7);
}

static uint64_t shift(uint64_t x)
{
    return x + 11;
}

static void *run_source(void *arg)
{
    struct worker *self = arg;

    for (uint64_t i = 0; i < self->items; i++)
        ring_send(self->out, i);
    ring_leave(self->out);
    return NULL;
}

static void *run_stage(void *arg)
{
    struct worker *self = arg;
    uint64_t item;

    while (ring_receive(self->in, &item))
        ring_send(self->out, self->work(item));
    ring_leave(self->out);
    return NULL;
}

static void *run_sink(void *arg)
{
    struct worker *self = arg;
    uint64_t item, sum = 0;

    while (ring_receive(self->in, &item))
        sum += item;
    self->sum = sum;
    return NULL;
}

/* Runs the workers to their end; the last one is the sink. Returns its sum. */
static uint64_t run(struct worker *workers, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        struct worker *worker = &workers[i];
        void *(*const body)(void *) = !worker->in ? run_source : !worker->out ? run_sink : run_stage;

        if (pthread_create(&worker->thread, NULL, body, worker) != 0) {
            fprintf(stderr, "ring: cannot start a thread\n");
            exit(1);
        }
    }
    for (size_t i = 0; i < len; i++)
        pthread_join(workers[i].thread, NULL);
    return workers[len - 1].sum;
}

static uint64_t run_five(uint64_t items, size_t cap)
{
    struct ring *a = ring_new(cap, 1), *b = ring_new(cap, 1), *c = ring_new(cap, 1), *d = ring_new(cap, 1);
    struct worker workers[] = {
        { .items = items, .out = a },
        { .in = a, .out = b, .work = triple },
        { .in = b, .out = c, .work = fold },
        { .in = c, .out = d, .work = shift },
        { .in = d },
    };

    return run(workers, 5);
}

static uint64_t run_hop(uint64_t items, size_t cap)
{
    struct ring *a = ring_new(cap, 1);
    struct worker workers[] = { { .items = items, .out = a }, { .in = a } };

    return run(workers, 2);
}

static uint64_t run_pool(uint64_t items, size_t cap)
{
    struct ring *a = ring_new(cap, 1), *b = ring_new(cap, POOL);
    struct worker workers[POOL + 2] = { { .items = items, .out = a } };

    for (int i = 1; i <= POOL; i++)
        workers[i] = (struct worker){ .in = a, .out = b, .work = triple };
    workers[POOL + 1] = (struct worker){ .in = b };
    return run(workers, POOL + 2);
}

static uint64_t run_plain(uint64_t items, size_t cap)
{
    uint64_t sum = 0;

    (void)cap;
    for (uint64_t i = 0; i < items; i++)
        sum += shift(fold(triple(i)));
    return sum;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        uint64_t (*run)(uint64_t items, size_t cap);
    } jobs[] = { { "plain", run_plain }, { "five", run_five }, { "hop", run_hop }, { "pool", run_pool } };

    for (size_t i = 0; argc == 4 && i < sizeof jobs / sizeof *jobs; i++) {
        const uint64_t items = strtoull(argv[2], NULL, 10);
        const size_t cap = strtoull(argv[3], NULL, 10);
        const int64_t start = now();

        if (strcmp(argv[1], jobs[i].name) == 0 && items > 0 && cap > 0) {
            const uint64_t sum = jobs[i].run(items, cap);

            printf("%.2f %" PRIu64 "\n", (double)(now() - start) / (double)items, sum);
            return 0;
        }
    }
    fprintf(stderr, "usage: ring plain|five|hop|pool ITEMS CAP\n");
    return 2;
}
