/* What platforms share that have POSIX threads, and words to sleep on (prt_wait(), prt_wake()). Besides what stands here,
 * platform/posix.c has prt_event_*(), prt_mutex_*(), prt_yield(), prt_guard(), prt_flush(), prt_exit() and
 * prt_forks(). */
#ifndef PRT_PLATFORM_POSIX_H
#define PRT_PLATFORM_POSIX_H

#include <prt/platform.h>

#include <pthread.h>

/* Starts `function(argument)` on a stack of that size, as prt_thread_start() says. Returns 0 or an errno value. */
int prt_posix_start_(pthread_t *thread, size_t stack, void *(*function)(void *), void *argument);

/* Makes ready for interrupts, at any time before the first; makes a system call that the thread blocks in return with EINTR. */
void prt_posix_interrupts_(void);
void prt_posix_interrupt_(pthread_t thread);

#endif
