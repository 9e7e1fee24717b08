/* The checks: one file for each family of rules, each a walk over the tree and its facts, of which they write nothing.
 * To add a check: a row in diag_codes.def, a function in its family's file, a golden case below tests/diag.
 */
#ifndef PIPEC_CHECK_H
#define PIPEC_CHECK_H

#include "facts/body.h"
#include "facts/decl.h"
#include "facts/facts.h"

struct check {
    const struct ast *ast;
    const struct facts *facts;
    const struct graph *graph;
    struct diags *diags;
    struct obstack *memory; /* for what a check keeps */
    bool whole; /* nothing was wrong before, and all of it is here: what the tree lacks the program lacks too */
};

/* check_all() reports everything that is wrong with a tree, also where its names were wrong already. */
void check_all(const struct facts *facts, struct diags *diags);

void check_later(struct check *check);    /* what this version does not have yet */
void check_names(struct check *check);
void check_symbols(struct check *check);   /* names that would meet in the emitted C */
void check_parts(struct check *check);     /* a part by itself; what instances ask of the types they get */
void check_part_words(struct check *check); /* words.c: words of a part's C that stand for something else */
void check_states(struct check *check);
void check_types(struct check *check);
void check_records(struct check *check);
void check_shape(struct check *check);
void check_inline(struct check *check);
void check_zips(struct check *check);      /* what a zip can have */
void check_drop(struct check *check);      /* channels that drop when they are full */
void check_cast(struct check *check);      /* broadcasts */
void check_attempts(struct check *check);  /* retries, timeouts, letters */
void check_batches(struct check *check);   /* what a batch can have */
void check_weights(struct check *check);   /* weigh.c: what the weight of its items can say */
void check_keys(struct check *check);      /* by, per, cost: what looks at an item before its body */
void check_pull(struct check *check);      /* what bodies that take their items themselves can have, and next */
void check_bodies(struct check *check);
void check_functions(struct check *check); /* what stands in functions { } */
void check_tries(struct check *check);     /* try_emit */
void check_wait(struct check *check, const struct call *call, bool measures); /* wait_for; in an expression about an item */
void check_fail_after(struct check *check, const struct stage *stage, const struct call *call, bool in_body);
void check_remaining(struct check *check, const struct stage *stage, const struct call *call, bool in_body); /* or function */
void check_helpers(struct check *check);   /* the C between %{ and %} */
void check_test(struct check *check);      /* tests.c: a program that is a test */
void check_daemons(struct check *check);
void check_deadlock(struct check *check); /* deadlock.c */
void check_meetings(struct check *check); /* meet.c: forks whose branches meet in a zip */
void check_unproven(struct check *check); /* … in a body that takes its items itself */
void check_sense(struct check *check);
void check_scattered(struct check *check); /* state for each key in workers that get some of its items */

/* Of waits.c: a number of the language's as the time of a call is a duration; `code`: of the error where it is none. */
void check_time(struct check *check, const char *code, const struct call *call, const struct argument *time);

/* Of pull.c: a next in a stage that pulls; `elsewhere`: where it stands, if that is neither its body nor a function of
 * its. */
void check_next(struct check *check, const struct stage *stage, const struct call *call, const char *elsewhere);

/* Of bodies.c: the word of a call, and whether one is called so that means something in a stage of these homes. */
const char *call_name(enum call_kind kind);
bool call_is_named(const char *word, unsigned homes);

#define CHECK_EACH(check, wanted, type, name) AST_EACH((check)->ast, wanted, const type, name)

#endif
