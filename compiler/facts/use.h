/* Where numbers, durations and rates stand, and what may stand there: literals, or params that then have limits.
 */
#ifndef USE_H
#define USE_H

#include "tree/ast.h"

#define WORKERS_MAX 100000 /* of one stage */
#define RETRIES_MAX 1000000 /* of one item */
#define CAPACITY_MAX (INT64_C(1) << 32)

enum use_kind {
    USE_CAPACITY, USE_WORKERS,
    USE_IMPLIED, /* a bound that gives a stage its workers; it stands as a bound too */
    USE_BATCH, /* items of one */
    USE_WEIGHT, /* what they weigh together */
    USE_AHEAD, /* how far an ordered stage runs ahead */
    USE_BOUND, USE_BURST, USE_INTERVAL, USE_RATE,
    USE_RETRIES, USE_DELAY, USE_TIMEOUT,
    USE_DRAIN /* of the pipeline as a whole, which use_each() does not tell */
};

struct use {
    enum use_kind kind;
    const struct value *value;
    bool unread; /* the capacity of a channel in whose place a call stands */
};

/* use_each() tells each place of the declaration at which a value stands. */
void use_each(const struct decl *decl, void (*tell)(void *data, const struct use *use), void *data);

/* What is wanted there: VALUE_INT, VALUE_DURATION or VALUE_RATE; at most; and, of a param, at least: more than 0 for rates. */
enum value_kind use_wants(enum use_kind kind);
int64_t use_most(enum use_kind kind);
int64_t use_least(enum use_kind kind);

/* The limit of a drain, as it is written at the pipeline. */
struct use use_of_drain(const struct ast *ast);

/* Whether a param, or a literal, of that type may stand there. */
bool use_takes_param(enum use_kind kind, enum param_type type);
bool use_takes_value(enum use_kind kind, enum value_kind value);

/* Gives each param that stands somewhere its limits. After inline_link(). */
void use_limit_params(const struct ast *ast);

#endif
