/* errno for bodies, which may go on on another thread than they began on. The C library declares what is behind errno to
 * return the same each time, and compilers keep it across calls: a body would read another thread's, after an emit. Here
 * it is a call that may return something else each time. */
#ifndef PRT_ERRNO_H
#define PRT_ERRNO_H

#include <errno.h>

int *prt_errno_(void);

#undef errno
#define errno (*prt_errno_())

#endif
