/* How many items a body sends, and what follows from it: whether a stage is a leaf.
 */
#ifndef PROMISE_H
#define PROMISE_H

#include "facts/body.h"

#define LEAF_MOST 64 /* items that one body may leave in its worker's outbox */

/* What the tokens of the stage's body show; any number where it is a C function. */
struct count promise_seen(const struct stage *stage, const struct output *output);

/* What proofs may build on: what is written, else what is seen. */
struct count promise_of(const struct stage *stage, const struct output *output);

/* A leaf's body never waits for room: it has a bounded count on every output, and nothing else of the stage waits. What
 * runs within a stage belongs to it here and below. */
bool stage_is_leaf(const struct stage *stage);

/* Whether one of its outputs can be full (nobody waits to send to a channel that grows), or its turn still to come. */
bool stage_may_wait(const struct stage *stage);

/* Why it is one or not: a sentence without its full stop. */
const char *stage_why(struct ast *ast, const struct stage *stage);

/* Whether `body`, which may be absent, sends to `output`, or to any where that is NULL. */
bool body_emits(const struct body *body, const struct output *output);

#endif
