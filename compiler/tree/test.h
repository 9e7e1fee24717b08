/* Tests: what is fed to channels of a few stages, and what is to come out of others. Channels and stages of the test's own
 * stand in a tree of their own, as those of a part do.
 */
#ifndef TEST_H
#define TEST_H

#include "tree/part.h"

/* A literal or `true` or `false`; (C expression); { C initializer }. */
enum test_item_kind { TEST_ITEM_VALUE, TEST_ITEM_EXPRESSION, TEST_ITEM_INITIALIZER };

struct test_item {
    enum test_item_kind kind;
    struct span span;
    struct value value;
    struct code code;
    struct test_item *next;
};

/* CHANNEL <- items; or CHANNEL -> items; */
struct test_line {
    struct name channel;
    struct span span;
    bool out;                 /* -> */
    bool unordered;
    struct test_item *items;  /* NULL: nothing */
    struct test_line *next;
};

/* fail STAGE "text"; */
struct test_failure { struct name stage; struct value text; struct test_failure *next; };

struct test {
    struct decl decl;         /* its doc is the title */
    struct span title;
    struct ast *body;         /* channels and stages of its own */
    struct ast *outer;        /* where it stands */
    bool broken;              /* an error of syntax is in it */
    struct word *runs, **last_run; /* stages of the file */
    struct given *given, **last_given; /* params */
    struct test_line *lines, **last_line; /* in the order of the file */
    struct test_failure *failures, **last_failure;
};

/* While a test is open, the tree that ast_test_open() returns is the one that is built; ast_test_close() returns what it
 * stands in. The functions below add to the test that is open. */
struct ast *ast_test_open(struct ast *ast, struct span at, struct value title);
struct ast *ast_test_close(struct ast *ast, struct span end, bool whole);

void test_runs(struct ast *ast, struct word *stages);
void test_gives(struct ast *ast, struct given *given);
void test_says(struct ast *ast, struct test_line *line);
void test_fails(struct ast *ast, struct name stage, struct value text);

struct test_item *test_item_value(struct ast *ast, struct value value);
struct test_item *test_item_code(struct ast *ast, enum test_item_kind kind, struct span at, struct code code);
struct test_item *test_item_add(struct test_item *last, struct test_item *item);
struct test_line *test_line_new(struct ast *ast, struct span at, struct name channel, struct test_item *items);
struct test_line *test_line_out(struct test_line *line, bool unordered);

#endif
