/* What a harness may use: a few threads, what only a test can ask of the world, and checks.
 *
 * A harness is a function that runs on thread 0. It sets up a small situation, starts threads (or calls prt_run()),
 * joins them, and checks what must hold however they were interleaved. It is run thousands of times, each time with
 * another schedule, so it must start from nothing each time, depend on nothing but itself, and end with all its threads
 * joined.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stdint.h>

enum sched_memory { SCHED_SC, SCHED_TSO, SCHED_WEAK, SCHED_MEMORIES };

#define SCHED_IN(memory) (1u << (memory))

struct sched_harness {
    const char *name;
    void (*run)(void);
    unsigned fails;     /* SCHED_IN() of the memories in which it must be found to fail: a test of the scheduler */
    bool small;         /* a few dozen points: exhaustive with more departures, and in all memories */
    bool confined;      /* searched only from sched_search(true) to sched_search(false), with more departures */
    bool no_barrier;    /* also without membarrier: prt_have_barrier_ false */
    uint32_t cpus;      /* what prt_cpus() tells; 0: 2 */
};

/* All harnesses, ended by one without a name (harnesses.c). */
extern const struct sched_harness sched_harnesses[];

void sched_spawn(const char *name, void (*function)(void *), void *argument);
void sched_join_all(void); /* those that sched_spawn() started */

/* A choice of the harness's own: 0 to n - 1, each is tried. The first is the plain case. */
unsigned sched_choose(unsigned n);

/* In a confined harness: what follows is searched, or goes on plainly, as everything does at first. So a search meets a
 * moment that lies deep in a run. */
void sched_search(bool on);

/* Sleeps until nobody can run unless time passes or the world outside acts: what a user at a terminal does, or a peer
 * on a network. False: prt_thread_interrupt() ended it first. */
bool sched_idle(void);

/* Sleeps; false: prt_thread_interrupt() ended it first. */
bool sched_sleep(uint64_t ns);

uint64_t sched_time(void); /* the clock, for nothing */

/* How many more threads can be started before prt_thread_start() fails. */
void sched_threads_left(unsigned n);

/* How many more stacks of bodies there is memory for; how many there are. */
void sched_stacks_left(unsigned n);
unsigned sched_stacks_used(void);

/* Calls what prt_signals() was given, as if the signal came to this thread; the signal that the run raised at its end,
 * 0: none. */
void sched_signal(int signal);
int sched_raised(void);

/* What the trace calls this memory. */
void sched_name(const void *at, uint64_t size, const char *name);

/* Ends the run as failed, with a reason. */
void sched_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4), noreturn));

#define SCHED_CHECK(condition, ...)                        \
    do {                                                   \
        if (!(condition))                                  \
            sched_fail(__FILE__, __LINE__, __VA_ARGS__);   \
    } while (0)

#endif
