/* What may be asked of the platform whose clock jumps (platform/virtual.c), besides what platform.h says. The runtime's own tests
 * are linked with it, and programs that are tests. */
#ifndef PRT_PLATFORM_VIRTUAL_H
#define PRT_PLATFORM_VIRTUAL_H

#include <prt/platform.h>

/* prt_virtual_sleep() is what a body calls instead of sleeping: it returns `ns` of virtual time later, or sooner with
 * false when prt_thread_interrupt() hits the thread, as a system call would with EINTR. */
bool prt_virtual_sleep(uint64_t ns);

/* The clock, without the price that prt_now() may have for a thread that polls. */
uint64_t prt_virtual_now(void);

/* From now on there is a world outside, in which time is real: while a thread waits for a descriptor, or all that run are
 * asleep in the kernel, and nobody else does anything, the clock here goes on as that one does. For programs, whose bodies
 * call what they like; called once, on the main thread, before others start. False, with errno, where that cannot be. */
bool prt_virtual_open(void);

/* How often the clock has moved: how often anybody woke because time passed. */
uint64_t prt_virtual_jumps(void);

#endif
