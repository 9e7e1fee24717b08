/* What a signal that ends pipec takes along: the program that pipec waits for, and the temporary files.
 */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <signal.h>
#include <sys/types.h>

/* Between interrupt_hold() and interrupt_release() no signal ends pipec: what is made there and must go away is also
 * noted there. */
void interrupt_hold(sigset_t *before);
void interrupt_release(const sigset_t *before);

/* A file to remove. The name must live until interrupt_forget(). */
void interrupt_file(char *path);
void interrupt_forget(const char *path);

/* A directory to remove, which holds nothing but such files; NULL: none any more. */
void interrupt_directory(char *path);

/* The leader of the process group to end; 0: none any more. */
void interrupt_group(pid_t leader);

#endif
