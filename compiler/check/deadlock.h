/* Proofs that stages cannot wait for each other for ever, as long as bodies return.
 *
 * A stage waits for room in the bounded channels that it sends to, so for one of the stages that receive from those. It
 * waits for permits of its bounds before a body begins, so for whoever holds them: a leaf gives its permits back when
 * its body returns, waiting for nothing; any other stage holds them while it waits for room. Nobody ever waits to send
 * to a channel that grows or drops. If this graph of waits has no cycle, nothing can wait for ever.
 *
 * Workers of an ordered stage wait for their turn too: each for those whose items came before. A leaf holds nothing
 * then; where another's bodies hold permits, these are granted in the order of the turns. So the body whose turn it is
 * waits for what it would wait for alone.
 *
 * Who waits for room before a zip also waits for items of its other inputs, and so for who sends those. Cycles by that way
 * that lead through a bound are found here; those that lead through channels alone are forks whose branches meet, for
 * which meet.c has proofs of its own.
 */
#ifndef DEADLOCK_H
#define DEADLOCK_H

#include "facts/graph.h"

/* A cycle of waits: its nodes in order, numbered as in struct graph; bound b is nstages + nchannels + b. */
struct wait_cycle {
    size_t *nodes;
    size_t n;
    struct wait_cycle *next;
};

#define WAIT_CYCLES_MAX 20 /* found; a file with more has these first */

/* Whether who sends to the channel may have to wait for room. */
bool deadlock_waits_for_room(const struct channel *channel);

/* The option by which the stage has the named bound; NULL: it has none. */
const struct bound_option *deadlock_option(const struct stage *stage, const struct bound_decl *decl);

/* Cycles of channels that all are bounded: one for each group of stages that wait for each other. */
struct wait_cycle *deadlock_channels(const struct graph *graph);

/* Cycles that lead through a named bound, where the channels alone have none. */
struct wait_cycle *deadlock_bounds(const struct graph *graph);

#endif
