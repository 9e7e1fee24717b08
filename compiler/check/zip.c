/* Zips: what one can have. It takes an item of each input only when all have one, which it can tell since it alone
 * receives there. */
#include "check/check.h"
#include "facts/inputs.h"

static void check_workers(struct check *check, const struct stage *zip)
{
    if (!zip->has_workers)
        return;
    diag_report(check->diags, "E0340", zip->workers_span, "'%s' takes one item of each input, so it has one worker",
                zip->decl.name.text);
    diag_note(check->diags, zip->inputs->next->name.span, "this is a second input");
    diag_hint(check->diags, "let it send the pairs to a stage that has workers");
}

/* One worker never shares a bound of its stage's own. */
static void check_bounds(struct check *check, const struct stage *zip)
{
    for (const struct bound_option *bound = zip->bounds; bound; bound = bound->next) {
        if (bound->decl || bound->per.code.present) /* keys.c refuses these */
            continue;
        diag_report(check->diags, "W0340", bound->span, "'%s' has one worker, which shares this bound with nobody",
                    zip->decl.name.text);
        diag_hint(check->diags, "leave the bound out, or share one: bound NAME = N;");
        return;
    }
}

static void check_receivers(struct check *check, const struct stage *zip, const struct source_ref *source)
{
    const struct stage *other = graph_other_receiver(check->graph, source->channel, zip);

    if (!other || source->channel->broadcast)
        return;
    diag_report(check->diags, "E0341", source->name.span, "'%s' takes one item of each input, but '%s' receives from '%s' too",
                zip->decl.name.text, other->decl.name.text, source->channel->decl.name.text);
    diag_note(check->diags, other->decl.name.span, "this is the other stage");
    diag_hint(check->diags, "give each of the two a channel of its own");
}

static void check_input(struct check *check, const struct stage *zip, const struct input *input)
{
    if (input->is_batch) {
        diag_report(check->diags, "E0342", input->batch_span, "'%s' takes one item of each input, so it gathers none",
                    zip->decl.name.text);
        diag_hint(check->diags, "gather in a stage of its own, before or behind this one");
    } else if (input->sources && input->sources->next) {
        diag_report(check->diags, "E0342", input->sources->next->name.span,
                    "'%s' takes one item of each input, and '%s' comes from several channels: which of them gives a "
                    "pair's item would be left to chance", zip->decl.name.text, input->name.text);
        diag_hint(check->diags, "merge them in a stage before it: stage NAME (x <- %s | %s) -> CHANNEL { emit(x); }",
                  input->sources->name.text, input->sources->next->name.text);
    } else if (input->sources && input->sources->channel) {
        check_receivers(check, zip, input->sources);
    }
}

/* A cycle ends when nothing is in flight in it, and an item that lies before a zip without its partner is. */
static void check_cycle(struct check *check, const struct stage *zip)
{
    const size_t *component = check->graph->component;

    for (const struct input *input = zip->inputs; input; input = input->next) {
        const struct channel *channel = input->sources ? input->sources->channel : NULL;

        if (!channel || component[channel_node(check->graph, channel)] != component[stage_node(zip)])
            continue;
        diag_report(check->diags, "E0343", input->sources->name.span,
                    "'%s' is a zip in a cycle: an item of '%s' that has no partner would keep the cycle from ending",
                    zip->decl.name.text, channel->decl.name.text);
        diag_hint(check->diags, "let what goes round be merged, (x <- a | b), and pair items outside of the cycle");
        return;
    }
}

void check_zips(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        if (!stage_is_zip(stage))
            continue;
        check_workers(check, stage);
        check_bounds(check, stage);
        for (const struct input *input = stage->inputs; input; input = input->next)
            check_input(check, stage, input);
        check_cycle(check, stage);
    }
}
