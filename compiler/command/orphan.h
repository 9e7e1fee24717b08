/* What a test has started and left behind: processes that became our children when their parents ended.
 */
#ifndef ORPHAN_H
#define ORPHAN_H

#include "command/trial.h"

/* In the child that becomes the test: all that it starts bears its mark from now on. False where there is no memory. */
bool orphan_mark(const struct trial *trial);

/* Ends those of the test, and what they leave behind, until nothing is left. `alone`: no other test runs, so whoever is left is
 * of this one, or of one that has ended before and had taken the mark off. */
void orphans_end(const struct trial *trial, bool alone);

#endif
