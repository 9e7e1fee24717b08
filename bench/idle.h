/* What a program costs that has nothing to do. */
#ifndef IDLE_H
#define IDLE_H

#include <sys/resource.h>

#include "latency.h"

static inline double idle_cpu_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* Waits until what came before has settled, then two seconds; prints the share of a core that went meanwhile. */
static inline void idle_measure(void)
{
    double before;

    sleep_ms(500);
    before = idle_cpu_ms();
    sleep_ms(2000);
    printf("idle=%.4f ", 100 * (idle_cpu_ms() - before) / 2000);
}

#endif
