/* Coroutines: threads of a test that take turns on one thread of the system. */
#ifndef CORO_H
#define CORO_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__x86_64__) || defined(__aarch64__)
#define CORO_OWN_SWITCH 1
#else
#include <ucontext.h>
#endif

struct coro {
#ifdef CORO_OWN_SWITCH
    void *sp; /* while it does not run */
#else
    ucontext_t context;
    void (*function)(void *);
    void *argument;
#endif
};

/* Makes stack `index`, of `coro_stacks_make(count)`, ready to run `function(argument)`, which must not return. What the
 * stack held is forgotten. */
void coro_stacks_make(unsigned count);
void coro_make(struct coro *coro, unsigned index, void (*function)(void *), void *argument);

/* Leaves `from`, which is the one that runs, and goes on with `to`. */
void coro_switch(struct coro *from, struct coro *to);

/* Whether the address lies on one of the stacks. */
bool coro_stacks_hold(const void *at);

#endif
