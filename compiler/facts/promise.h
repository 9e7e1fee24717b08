/* How many items a body sends to an output. */
#ifndef PROMISE_H
#define PROMISE_H

#include "facts/count.h"
#include "tree/ast.h"

/* What the tokens of the stage's body show; any number where it is a C function. */
struct count promise_seen(const struct stage *stage, const struct output *output);

/* What proofs may build on: what is written, else what is seen. */
struct count promise_of(const struct stage *stage, const struct output *output);

/* Whether the body of a stage that holds what it sends passes its item itself to the output. */
bool promise_is_passed(const struct stage *stage, const struct output *output);

/* Whether an emit to it stands in the body, `final` or `flush`. */
bool promise_is_sent(const struct stage *stage, const struct output *output);

/* Whether a call of that kind in any of them sends there. */
bool promise_has_call(const struct stage *stage, const struct output *output, enum call_kind kind);

#endif
