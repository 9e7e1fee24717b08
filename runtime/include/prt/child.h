/* Programs that bodies have started, each in a process group of its own: so Ctrl-C at a terminal does not end what a drain waits
 * for, and whoever has started them ends them. Where the process ends and nobody can do that any more, the runtime does:
 * by SIGKILL to each group, at the hard end and at a second SIGINT or SIGTERM. A forked child has none of them.
 */
#ifndef PRT_CHILD_H
#define PRT_CHILD_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* prt_child() says that the group `group`, 1 or more, is there; false: there is no memory for that. prt_child_gone() that it is
 * not, which comes before waitpid() takes its leader, since after that the number may be another group's. Any thread, at any
 * time; neither blocks. A group is told of once. */
bool prt_child(int group);
void prt_child_gone(int group);

#ifdef __cplusplus
}
#endif

#endif
