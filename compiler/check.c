/* The list of checks.
 */
#include "check.h"

void ast_check(struct ast *ast, struct diags *diags)
{
    struct check check = { .ast = ast, .diags = diags, .graph = graph_new(ast) };

    check_later(&check);
    check_bodies(&check);
    check_names(&check);
    check_types(&check);
    check_shape(&check);
    check_deadlock(&check);
    check_sense(&check);
}
