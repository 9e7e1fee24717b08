/* Which stages may finish before their inputs have ended: those that say finish(), and those that send to such.
 */
#ifndef ENDS_H
#define ENDS_H

#include "facts/graph.h"

/* Whether a body, section or function of the stage says finish(). */
bool ends_says_finish(const struct stage *stage);

/* Sets finishes[s] for each stage that may be asked to finish by one of its own or of those that it sends to. */
void ends_find(const struct graph *graph, bool *finishes);

#endif
