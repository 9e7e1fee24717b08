/* What becomes of the groups of prt/child.h when the process ends. */
#ifndef PRT_CHILDREN_H
#define PRT_CHILDREN_H

/* Kills them all. May be called in a signal's handler, whatever the thread was doing. */
void prt_children_kill_(void);

/* In a child that the process has forked, and before anything else there: they are its parent's, and are not to end with it. */
void prt_children_forget_(void);

#endif
