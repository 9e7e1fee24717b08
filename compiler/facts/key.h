/* The keys of a stage: expressions by which its options tell items apart. Expressions of the same tokens are one key.
 */
#ifndef KEY_H
#define KEY_H

#include "tree/ast.h"

/* Whether the stage has any, and whether an option with one limits what begins: items wait for their key then, and others
 * pass. */
bool key_is_used(const struct stage *stage);
bool key_limits(const struct stage *stage);

/* The first option that has one; NULL: none has. */
const struct term *key_first(const struct stage *stage);

/* By which a batch gathers; NULL: by none. */
const struct term *key_of_batch(const struct stage *stage);

/* Where it is written, without blanks around it, if it is short, on one line, and without comments or quotes; else empty. */
struct span key_shown(const struct sources *sources, const struct term *key);

/* Whether both see the same and have the same tokens. */
bool key_is_same(const struct sources *sources, const struct term *a, const struct term *b);

/* A param of a part that stands for a key. */
bool key_is_param(const struct param *param);

#endif
