/* The textbook's ring between threads: a mutex and two condition variables. */
#ifndef RING_H
#define RING_H

#include <pthread.h>

#include "../job.h"

struct ring {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    uint64_t *items;
    size_t cap, first, len;
    int senders;
};

static inline void *or_die(void *p)
{
    if (!p)
        job_fail("pthreads", "out of memory");
    return p;
}

static inline struct ring *ring_new(size_t cap, int senders)
{
    struct ring *ring = or_die(malloc(sizeof *ring));

    *ring = (struct ring){ .items = or_die(malloc(cap * sizeof *ring->items)), .cap = cap, .senders = senders };
    pthread_mutex_init(&ring->lock, NULL);
    pthread_cond_init(&ring->not_empty, NULL);
    pthread_cond_init(&ring->not_full, NULL);
    return ring;
}

static inline void ring_send(struct ring *ring, uint64_t item)
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

static inline bool ring_receive(struct ring *ring, uint64_t *item)
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
static inline void ring_leave(struct ring *ring)
{
    pthread_mutex_lock(&ring->lock);
    if (--ring->senders == 0)
        pthread_cond_broadcast(&ring->not_empty);
    pthread_mutex_unlock(&ring->lock);
}

#endif
