/* Times in calls of the language: a duration with its unit, or C in nanoseconds.
 */
#ifndef TIME_H
#define TIME_H

#include "facts/body.h"
#include "tree/literal.h"

/* Finds the time of each call of the body that has one. */
void times_find(const struct sources *sources, struct body *body);

/* What a number of the language's is that is all of an argument; VALUE_NONE where C says what it means. */
struct value time_value(const struct sources *sources, struct span argument);

#endif
