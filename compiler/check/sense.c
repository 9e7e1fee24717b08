/* Sense: what is allowed and probably not meant. Warnings.
 */
#include "check/check.h"

#include <math.h>

#include "facts/flow.h"
#include "facts/inline.h"
#include "facts/inputs.h"
#include "facts/leaf.h"
#include "facts/pull.h"
#include "facts/workers.h"

static void check_workers(struct check *check, const struct stage *stage)
{
    /* An item that waits for its next attempt keeps its worker and gives the bound back; so does one whose results wait for
     * their turn, if its body never waits. */
    if (!stage->has_workers || stage->workers.kind != VALUE_INT || stage->fail.retry || (stage->ordered && leaf_is(stage)))
        return;
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        const struct value *permits = bound_permits(bound);

        if (bound->weight.code.present || bound->per.code.present || permits->kind != VALUE_INT || permits->i >= stage->workers.i)
            continue;
        diag_report(check->diags, "W0301", stage->workers_span,
                    "'%s' has %lld workers, and its bound lets %lld of them run", stage->decl.name.text,
                    (long long)stage->workers.i, (long long)permits->i);
        diag_note(check->diags, bound->decl ? bound->decl->decl.name.span : bound->span, "the bound is written here");
        diag_hint(check->diags, "leave 'workers' out: a stage has as many workers as its bound lets run");
        return;
    }
}

static void check_ordered(struct check *check, const struct stage *stage)
{
    if (!stage->ordered || stage->is_inline || pull_is(stage) || !inline_sends(stage) || !stage->inputs
        || workers_are_many(stage))
        return;
    diag_report(check->diags, "W0304", stage->ordered_span, "'%s' has one worker, and one worker keeps the order",
                stage->decl.name.text);
    diag_hint(check->diags, "leave 'ordered' out, or say how many workers share the work: workers 4 ordered");
}

static void check_weight(struct check *check, const struct stage *stage)
{
    const struct bound_option *bound = stage->bounds;

    if (!stage->inputs || stage_is_zip(stage) || stage->has_workers || !bound || bound->next || bound->decl
        || !bound->weight.code.present)
        return; /* a zip: zip.c tells, which knows that workers are none of its ways out */
    diag_report(check->diags, "W0302", bound->span, "one worker alone never shares its bound, so this limits nothing");
    diag_hint(check->diags, "say how many workers share it: workers 8 bound …");
}

static void check_rate(struct check *check, const struct stage *stage)
{
    const struct flow received = check->facts->flows->received[stage->decl.index];
    bool adjustable;
    const double rate = flow_rate(stage, &adjustable);

    if (!stage->inputs || isinf(rate) || isinf(received.per_second) || !received.limiter)
        return;
    if (adjustable || received.adjustable || rate <= received.per_second * (1 + 1e-9))
        return;
    diag_report(check->diags, "W0303", stage->rate.span,
                "'%s' cannot reach this rate: at most %g item%s a second come%s to it", stage->decl.name.text,
                received.per_second, received.per_second == 1 ? "" : "s", received.per_second == 1 ? "s" : "");
    diag_note(check->diags, received.limiter->decl.name.span, "'%s'%s through", received.limiter->decl.name.text,
              received.others ? " and others let no more" : " lets no more");
    diag_hint(check->diags, "leave this rate out, or raise the other");
}

void check_sense(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        check_workers(check, stage);
        check_ordered(check, stage);
        check_weight(check, stage);
        check_rate(check, stage);
    }
}
