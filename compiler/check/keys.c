/* Keys and costs: where an option may look at the item that waits.
 */
#include "check/check.h"

#include "facts/pull.h"

/* ---- sources ---- */

static void check_source(struct check *check, const struct stage *stage)
{
    const struct term *cost = &stage->rate.cost;

    if (!cost->code.present)
        return;
    diag_report(check->diags, "E0370", cost->span, "'%s' is a source, so there is no item that could have a cost",
                stage->decl.name.text);
    diag_hint(check->diags, "leave 'cost' out, or give the rate to the stage that receives the items");
}

/* ---- all of it ---- */

void check_keys(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (!stage->inputs)
            check_source(check, stage);
}
