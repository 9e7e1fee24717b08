/* How many items one run of a body can send to an output, and whether it sends there at all. */
#ifndef COUNT_H
#define COUNT_H

#include <stdint.h>

#include "facts/body.h"

struct count { int64_t least, most; /* COUNT_ANY: no bound */ };
#define COUNT_ANY INT64_MAX

/* body_count() tells how many items one run sends to an output, by its place, as far as the tokens show. */
struct count body_count(const struct body *body, size_t output);

/* body_emits() tells whether `body`, which may be absent, sends to the output, or to any where that is ANY_PLACE. */
bool body_emits(const struct body *body, size_t output);

/* body_calls() tells whether a call of that kind stands in `body`, which may be absent, that sends to the output, or any
 * where that is ANY_PLACE. An emit that passes the body's item itself is none: that is a call of another kind. */
bool body_calls(const struct body *body, enum call_kind kind, size_t output);

/* body_may_emit(): or hands its `self` on, to what may send anything. */
bool body_may_emit(const struct body *body, size_t output);

#endif
