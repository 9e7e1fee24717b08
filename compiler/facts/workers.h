/* How many workers a stage has, as far as the .pipe file tells.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "tree/ast.h"

/* The permits of a bound, its own or those of the one that it names. */
const struct value *bound_permits(const struct bound_option *bound);

/* The least of the bounds that count bodies, as far as it is known before the program runs; NULL: there is none. */
const struct value *workers_permits(const struct stage *stage);

/* The count of workers that is written, or that a bound stands for; NULL: `auto`, or one. */
const struct value *workers_count(const struct stage *stage);

/* Whether the stage may have several workers when the program runs: --workers may make them many of one. An inline
 * stage has as many as its host. */
bool workers_are_many(const struct stage *inner);

/* Whether it has several as the file stands, `auto` and params counted among them. */
bool workers_are_several(const struct stage *inner);

/* Whether it has, and so `ordered` means something: one worker keeps the order anyway. */
bool workers_are_ordered(const struct stage *stage);

#endif
