/* Cycles: which stages are counted together, and end together. */
#ifndef CYCLES_H
#define CYCLES_H

#include "facts/graph.h"

/* Sets numbers[s] for each stage: the cycle that it ends with, from 1 in the order of their first stages; 0 for a stage
 * that ends by itself. Returns how many cycles there are.
 *
 * A cycle ends when no stage outside sends to it any more and nothing is left inside, and that closes every channel
 * that its stages receive from. So another stage that receives from such a channel ends only after the cycle: should
 * what it sends come back to the cycle, by whatever way, it must not count as outside, or each would wait for the
 * other. */
int cycles_number(const struct graph *graph, int *numbers);

#endif
