/* Stands between the runtime and platform/virtual.c: the linker sends these two calls here (ld's --wrap). */
#include "virtual_machine.h"

#include <errno.h>
#include <prt/platform.h>
#include <stdlib.h>

uint32_t machine_cpus = 2;
uint32_t machine_threads = UINT32_MAX;
static prt_atomic_u64 threads;

struct start {
    void (*function)(void *);
    void *argument;
};

int __real_prt_thread_start(struct prt_thread_handle *handle, size_t stack, void (*function)(void *), void *argument);
int __wrap_prt_thread_start(struct prt_thread_handle *handle, size_t stack, void (*function)(void *), void *argument);
uint32_t __wrap_prt_cpus(void);

uint32_t machine_nthreads(void)
{
    return (uint32_t)prt_load(&threads);
}

uint32_t __wrap_prt_cpus(void)
{
    return machine_cpus;
}

static void thread_main(void *opaque)
{
    const struct start start = *(struct start *)opaque;

    free(opaque);
    start.function(start.argument);
    prt_sub(&threads, 1);
}

/* One thread starts all others. */
int __wrap_prt_thread_start(struct prt_thread_handle *handle, size_t stack, void (*function)(void *), void *argument)
{
    struct start *const start = machine_threads > 0 ? malloc(sizeof *start) : NULL;
    int status;

    if (!start)
        return EAGAIN;
    if (machine_threads != UINT32_MAX)
        machine_threads--;
    *start = (struct start){ function, argument };
    prt_add(&threads, 1);
    status = __real_prt_thread_start(handle, stack, thread_main, start);
    if (status) {
        prt_sub(&threads, 1);
        free(start);
    }
    return status;
}
