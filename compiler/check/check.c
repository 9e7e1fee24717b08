/* The list of checks.
 */
#include "check/check.h"
#include "facts/inline.h"

static bool imports(const struct ast *ast)
{
    for (const struct decl *decl = ast->decls; decl; decl = decl->next)
        if (decl->kind == DECL_IMPORT)
            return true;
    return false;
}

void ast_check(struct ast *ast, struct diags *diags)
{
    struct check check = { .ast = ast, .diags = diags, .graph = graph_new(ast) };

    check.whole = diag_errors(diags) == 0 && !imports(ast);
    inline_link(check.graph);
    check_later(&check);
    check_bodies(&check);
    inline_count(check.graph);
    check_names(&check);
    check_states(&check);
    check_types(&check);
    check_shape(&check);
    check_inline(&check);
    if (check.whole) {
        check_deadlock(&check);
        check_sense(&check);
    }
}
