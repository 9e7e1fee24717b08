/* Programs that run now and can be looked at: found by the descriptors that /proc shows of this user's processes.
 */
#ifndef PROGRAM_LIVE_H
#define PROGRAM_LIVE_H

#include <sys/types.h>

#include "live/table.h"

/* A program, and what was last seen of it. It may end at any moment. */
struct live_program {
    pid_t pid;
    const struct live_graph *graph;
    struct live_sample *before, *now; /* two copies of its figures; both 0 at first. What `all.at` says is when */
    bool answers;           /* it has made a copy since it was asked */
    /* Its own: */
    struct obstack *memory;
    struct live_sample *spare;
    int process, fd;        /* its directory in /proc, so that it is never another one's; the table, */
    char link[64];          /* and what that is to the program, in there */
    unsigned char *bytes;   /* the table, as it was read last */
    size_t size;
    void *knocks;           /* where it sleeps; never touched, or NULL */
};

struct live_programs {
    struct live_program *at;
    size_t n;
};

/* Those of this user, by their process's number; `only`: no other than that process, 0: all. */
struct live_programs live_find(pid_t only);
void live_free(struct live_programs *programs);

/* Asks the program for figures for the next two seconds. False: it has ended. */
bool live_want(const struct live_program *program);

/* Takes a sample, which is `now` then. False: there is none newer, or none that is whole. */
bool live_take(struct live_program *program);

/* What is `now` is `before` from now on. */
void live_mark(struct live_program *program);

/* Asks all of them, and waits until `before` and `now` are so far apart that a verdict can be had, `apart` ns at least, or for two
 * seconds: one that was stopped does not answer. Those that end meanwhile are taken out. */
void live_gather(struct live_programs *programs, uint64_t apart);

/* Whether it has ended, or is about something else by now. */
bool live_is_over(const struct live_program *program);

uint64_t live_clock(void); /* ns, as its times are */

#endif
