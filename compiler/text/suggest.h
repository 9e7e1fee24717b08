/* "did you mean": the nearest of the names that would have fitted. */
#ifndef SUGGEST_H
#define SUGGEST_H

#include <stddef.h>

#define SUGGESTIONS_MAX 20 /* wrong names that are compared with all others; more would cost their square */

struct suggestion {
    const char *wrong;
    const char *best;  /* NULL where none is near enough */
    size_t distance;
};

struct suggestion suggestion_for(const char *wrong);
void suggestion_offer(struct suggestion *suggestion, const char *name);

#endif
