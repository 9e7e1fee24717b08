/* Proofs that stages cannot wait for each other for ever, as long as bodies return.
 *
 * A stage waits for room in the bounded channels that it sends to, so for one of the stages that receive from those. It
 * waits for permits of its bounds before a body begins, so for whoever holds them: a leaf gives its permits back when
 * its body returns, waiting for nothing; any other stage holds them while it waits for room. Nobody ever waits to send
 * to a channel that grows. If this graph of waits has no cycle, nothing can wait for ever.
 *
 * Workers of an ordered stage wait for their turn too: each for those whose items came before. The body whose turn it is
 * waits for what it would wait for alone, unless others hold permits that it needs.
 */
#ifndef DEADLOCK_H
#define DEADLOCK_H

#include "graph.h"

/* A cycle of waits: its nodes in order, numbered as in struct graph; bound b is nstages + nchannels + b. */
struct wait_cycle {
    size_t *nodes;
    size_t n;
    struct wait_cycle *next;
};

/* The first bound that bodies of an ordered stage can hold while they wait for their turn, and for which the one whose
 * turn it is can wait; NULL where there is none. */
const struct bound_option *deadlock_turn(const struct stage *stage);

#define WAIT_CYCLES_MAX 20 /* found; a file with more has these first */

/* Cycles of channels that all are bounded: one for each group of stages that wait for each other. */
struct wait_cycle *deadlock_channels(const struct graph *graph);

/* Cycles that lead through a named bound, where the channels alone have none. */
struct wait_cycle *deadlock_bounds(const struct graph *graph);

#endif
