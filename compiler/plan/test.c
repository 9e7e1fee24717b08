/* What a program that is a test has besides.
 */
#include "plan/make.h"
#include "text/memory.h"
#include "tree/test.h"

static const struct body *section_of_test(const struct ast *ast, enum decl_kind kind)
{
    AST_EACH(ast, kind, const struct section_decl, section)
        if (section->of_test)
            return section->code.body;
    return NULL;
}

static void make_failures(const struct make *make, struct planned_test *planned, const struct test *test)
{
    size_t n = 0;

    for (const struct test_failure *failure = test->failures; failure; failure = failure->next)
        n++;
    planned->failures = memory_take(make->memory, (n + 1) * sizeof *planned->failures);
    for (const struct test_failure *failure = test->failures; failure; failure = failure->next)
        planned->failures[planned->nfailures++] =
            (struct planned_failure){ failure->stage.text, failure->text.s, failure->stage.span };
}

/* Only one param of a program takes operands. */
static void make_operands(const struct make *make, struct planned_test *planned, const struct test *test)
{
    const struct given *given = test->given;
    size_t n = 0;

    while (given && given->kind != GIVEN_LIST)
        given = given->next;
    for (const struct text *text = given ? given->list : NULL; text; text = text->next)
        n++;
    planned->operands = memory_take(make->memory, (n + 1) * sizeof *planned->operands);
    for (const struct text *text = given ? given->list : NULL; text; text = text->next)
        planned->operands[planned->noperands++] = text->s;
}

void make_test(struct make *make)
{
    const struct ast *ast = make->facts->ast;
    struct planned_test *planned;

    if (!ast->test)
        return;
    planned = memory_take(make->memory, sizeof *planned);
    planned->title = ast->test->decl.doc;
    planned->span = ast->test->decl.span;
    planned->init = section_of_test(ast, DECL_INIT);
    planned->final = section_of_test(ast, DECL_FINAL);
    make_failures(make, planned, ast->test);
    make_operands(make, planned, ast->test);
    make->plan->test = planned;
    make->plan->several_sections |= planned->init || planned->final;
}
