/* Programs that are tests: what only shows once their names are known. What their lines say is checked where they become
 * programs (parts/tests.c).
 */
#include "check/check.h"
#include "tree/test.h"

void check_test(struct check *check)
{
    if (!check->ast->test)
        return;
    CHECK_EACH(check, DECL_PARAM, struct param, param) {
        if (!param->not_given || !param->decl.facts->used)
            continue;
        diag_report(check->diags, "E0628", check->ast->test->title, "this test gives no value for the param '%s', which has no default",
                    param->decl.name.text);
        diag_note(check->diags, param->decl.name.span, "'%s' is declared here", param->decl.name.text);
        diag_hint(check->diags, "write param %s = VALUE;", param->decl.name.text);
    }
}
