/* Results in the order of their numbers: one waits in its place until those before it are there. */
#ifndef WINDOW_H
#define WINDOW_H

#include <pthread.h>

#include "ring.h"

struct window {
    pthread_mutex_t lock;
    pthread_cond_t moved, filled;
    uint64_t *results, cap, first;
    bool *is_there;
};

static struct window window;

static inline void window_init(uint64_t cap)
{
    window = (struct window){ .lock = PTHREAD_MUTEX_INITIALIZER,
                              .moved = PTHREAD_COND_INITIALIZER,
                              .filled = PTHREAD_COND_INITIALIZER,
                              .cap = cap,
                              .results = or_die(calloc(cap, sizeof *window.results)),
                              .is_there = or_die(calloc(cap, sizeof *window.is_there)) };
}

static inline void window_put(uint64_t number, uint64_t result)
{
    pthread_mutex_lock(&window.lock);
    while (number >= window.first + window.cap)
        pthread_cond_wait(&window.moved, &window.lock);
    window.results[number % window.cap] = result;
    window.is_there[number % window.cap] = true;
    if (number == window.first)
        pthread_cond_signal(&window.filled);
    pthread_mutex_unlock(&window.lock);
}

static inline uint64_t window_next(void)
{
    uint64_t result;

    pthread_mutex_lock(&window.lock);
    while (!window.is_there[window.first % window.cap])
        pthread_cond_wait(&window.filled, &window.lock);
    result = window.results[window.first % window.cap];
    window.is_there[window.first++ % window.cap] = false;
    pthread_cond_broadcast(&window.moved);
    pthread_mutex_unlock(&window.lock);
    return result;
}

#endif
