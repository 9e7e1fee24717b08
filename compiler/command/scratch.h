/* The directory of a test, which goes away with it.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

/* An empty one; NULL, with errno, where that cannot be. scratch_remove() removes it with all that is in it by then, and frees the
 * path, which may be NULL. */
char *scratch_make(void);
void scratch_remove(char *path);

#endif
