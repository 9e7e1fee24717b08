/* The processors that this process's cgroup allows. */
#ifndef PRT_CGROUP_H
#define PRT_CGROUP_H

#include <stdint.h>

/* At most `most`, from 1. `root` stands before every path that is read: "", or what a test made. */
uint32_t prt_cgroup_cpus_(const char *root, uint32_t most);

#endif
