/* The machine that the platform with the virtual clock runs on, as a test wants it (virtual_machine.c). */
#ifndef VIRTUAL_MACHINE_H
#define VIRTUAL_MACHINE_H

#include <stdint.h>

/* How many processors prt_cpus() tells; 2 unless a test says otherwise. */
extern uint32_t machine_cpus;

/* How many more threads can be started before prt_thread_start() fails with EAGAIN, as under a limit of processes. */
extern uint32_t machine_threads;

/* Threads that the runtime has started and that have not ended. */
uint32_t machine_nthreads(void);

#endif
