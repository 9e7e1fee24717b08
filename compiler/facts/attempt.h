/* What `on fail` and `timeout` mean for a stage's bodies.
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include "tree/ast.h"

#define HELD_MOST UINT32_MAX /* items that the body of a batch may leave in its worker's outbox, where they are held */

/* Whether a body may run again for the same item, or be late: then what it sends is held until it has returned. Not of a
 * source, which has no item. */
bool attempt_holds(const struct stage *stage);

/* Whether each body is an attempt, whose end decides what becomes of its item. */
bool attempt_counts(const struct stage *stage);

/* Whether an item may leave nothing behind, whatever count is written: proofs take "none to n". */
bool attempt_may_leave_out(const struct stage *stage);

/* The output of its letters; NULL: it has none. */
const struct output *attempt_letters(const struct stage *stage);

#endif
