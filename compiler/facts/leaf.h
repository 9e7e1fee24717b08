/* Leaves: stages whose bodies never wait for room. What runs within a stage belongs to it here.
 */
#ifndef LEAF_H
#define LEAF_H

#include "tree/ast.h"

#define LEAF_MOST 64 /* items that one body may leave in its worker's outbox */

/* A leaf's body never waits for room: it has a bounded count on every output, and nothing else of the stage waits. */
bool leaf_is(const struct stage *stage);

/* Whether one of the stage's outputs can be full (room.h), or its turn still to
 * come. */
bool leaf_may_wait(const struct stage *stage);

/* How many items a body may leave in its worker's outbox, for the stage to be a leaf. */
int64_t leaf_room(const struct stage *stage);

/* The largest count of all outputs: COUNT_ANY where one has no bound. */
int64_t leaf_most(const struct stage *stage);

/* Whether bodies of it, or of what runs within it, say wait_for. */
bool leaf_sleeps(const struct stage *stage);

/* Whether its flush sends. */
bool leaf_flush_sends(const struct stage *stage);

#endif
