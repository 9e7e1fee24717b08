/* The checks: one file for each family of rules, each a walk over the resolved tree. To add a check: a row in
 * diag_codes.def, a function in its family's file, a golden case below tests/diag.
 */
#ifndef PIPEC_CHECK_H
#define PIPEC_CHECK_H

#include "facts/graph.h"

struct check {
    struct ast *ast;
    struct diags *diags;
    struct graph *graph;
    bool whole; /* nothing was wrong before, and all of it is here: what the tree lacks the program lacks too */
};

/* ast_check() reports everything that is wrong with a tree that went through ast_resolve(), also where that found
 * errors, and scans the bodies. */
void ast_check(struct ast *ast, struct diags *diags);

void check_later(struct check *check);    /* what this version does not have yet */
void check_names(struct check *check);    /* after the bodies, since these use names too */
void check_states(struct check *check);
void check_types(struct check *check);
void check_shape(struct check *check);
void check_inline(struct check *check);
void check_bodies(struct check *check);
void check_deadlock(struct check *check); /* deadlock.c */
void check_sense(struct check *check);

/* Declarations of one kind, in the order of the file: CHECK_EACH(check, DECL_STAGE, struct stage, stage) { … } */
#define CHECK_EACH(check, wanted, type, name) \
    for (type *name = (type *)(check)->ast->decls; name; name = (type *)((struct decl *)name)->next) \
        if (((struct decl *)name)->kind == (wanted))

#endif
