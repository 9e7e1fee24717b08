/* Builds tests. While a test is open, what it declares goes into a tree of its own. */
#include "tree/ast_build.h"
#include "tree/test.h"

struct ast *ast_test_open(struct ast *ast, struct span at, struct value title)
{
    struct test *test = NEW(ast, struct test);

    test->decl.span = at;
    test->decl.doc = title.s;
    test->title = title.span;
    test->outer = ast;
    test->last_run = &test->runs;
    test->last_given = &test->given;
    test->last_line = &test->lines;
    test->last_failure = &test->failures;
    test->body = ast_new(ast->sources, ast->source, ast->diags, ast->memory);
    test->body->test = test;
    return test->body;
}

struct ast *ast_test_close(struct ast *ast, struct span end, bool whole)
{
    struct test *test = ast->test;
    struct ast *outer = test->outer;

    test->broken = test->broken || !whole;
    ast_add(outer, &test->decl, DECL_TEST, span_join(test->decl.span, end), (struct name){ 0 });
    outer->ndecls += ast->ndecls;
    return outer;
}

/* Appends `item` to the list that ends at `last`. */
#define APPEND(last, item) (*(last) = (item), (last) = &(item)->next)

void test_runs(struct ast *ast, struct word *stages)
{
    struct test *test = ast->test;
    struct word *first;

    RING_OPEN(stages, first);
    *test->last_run = first;
    test->last_run = &stages->next;
}

void test_gives(struct ast *ast, struct given *given)
{
    APPEND(ast->test->last_given, given);
}

void test_says(struct ast *ast, struct test_line *line)
{
    APPEND(ast->test->last_line, line);
}

void test_fails(struct ast *ast, struct name stage, struct value text)
{
    struct test_failure *failure = NEW(ast, struct test_failure);

    failure->stage = stage;
    failure->text = text;
    APPEND(ast->test->last_failure, failure);
}

/* ---- items ---- */

struct test_item *test_item_value(struct ast *ast, struct value value)
{
    struct test_item *item = NEW(ast, struct test_item);

    item->value = value;
    item->span = value.span;
    return item;
}

struct test_item *test_item_code(struct ast *ast, enum test_item_kind kind, struct span at, struct code code)
{
    struct test_item *item = NEW(ast, struct test_item);

    item->kind = kind;
    item->span = at;
    item->code = code;
    return item;
}

struct test_item *test_item_add(struct test_item *last, struct test_item *item)
{
    return RING_ADD(last, item);
}

struct test_line *test_line_new(struct ast *ast, struct span at, struct name channel, struct test_item *items)
{
    struct test_line *line = NEW(ast, struct test_line);

    line->channel = channel;
    line->span = at;
    RING_OPEN(items, line->items);
    return line;
}

struct test_line *test_line_out(struct test_line *line, bool unordered)
{
    line->out = true;
    line->unordered = unordered;
    return line;
}
