/* What a test has started and left behind: processes that became our children when their parents ended.
 */
#ifndef ORPHAN_H
#define ORPHAN_H

#include <stdbool.h>

/* In the child that becomes the test, whose address tells it from others: all that it starts bears its mark from now on. False where there is no memory. */
bool orphan_mark(const void *test);

/* Ends those of the test, and what they leave behind, until nothing is left. `alone`: no other test runs, so whoever is left is
 * of this one, or of one that has ended before and had taken the mark off. */
void orphans_end(const void *test, bool alone);

#endif
