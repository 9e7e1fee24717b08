/* What /proc tells of the threads of this process. */
#ifndef PRT_PLATFORM_PROC_H
#define PRT_PLATFORM_PROC_H

#include <prt/platform.h>

/* What the thread with this number does (gettid(); 0: nobody knows it yet), as prt_thread_look() says. */
enum prt_thread_state prt_proc_look_(uint64_t task);

#endif
