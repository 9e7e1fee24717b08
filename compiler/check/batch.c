/* Batches: what can be gathered.
 */
#include "check/check.h"

/* A sender to a rendezvous goes on when a body has its item: a second one never waits there. */
static void check_rendezvous(struct check *check, const struct input *input, const struct source_ref *source)
{
    const bool one = input->batch.kind == VALUE_INT && input->batch.i == 1;

    if (!source->channel || source->channel->cap_kind != CAP_RENDEZVOUS || one)
        return;
    diag_report(check->diags, "E0344", source->name.span, "'%s' holds nothing, so nothing gathers there",
                source->channel->decl.name.text);
    diag_note(check->diags, source->channel->decl.name.span, "'%s' is a rendezvous", source->channel->decl.name.text);
    diag_hint(check->diags, "let it hold a batch: channel %s %s[100];", source->channel->type.text,
              source->channel->decl.name.text);
}

static bool in_cycle(const struct check *check, const struct stage *stage, const struct channel *channel)
{
    const size_t *component = check->graph->component;

    return component[channel_node(check->graph, channel)] == component[stage_node(stage)];
}

/* Three items go round, and the batch waits for a tenth: nothing closes its channel, since they are on their way. */
static void check_cycle(struct check *check, const struct stage *stage, const struct input *input)
{
    if (input->within.kind != VALUE_NONE)
        return;
    for (const struct source_ref *source = input->sources; source; source = source->next) {
        if (!source->channel || !in_cycle(check, stage, source->channel))
            continue;
        diag_report(check->diags, "E0345", input->batch_span,
                    "'%s' gathers items that go round a cycle: it can wait for ever for one more", stage->decl.name.text);
        diag_note(check->diags, source->channel->decl.name.span, "'%s' is in the cycle", source->channel->decl.name.text);
        diag_hint(check->diags, "say how long they wait: within 50ms");
        return;
    }
}

/* Where a param says how much a channel holds, nobody knows before the program runs. */
static bool holds(const struct source_ref *source, int64_t *items)
{
    const struct channel *channel = source->channel;

    if (!channel || channel->cap_kind != CAP_BOUNDED || channel->cap.kind != VALUE_INT)
        return false;
    *items += channel->cap.i;
    return true;
}

static void check_room(struct check *check, const struct input *input)
{
    int64_t items = 0;

    for (const struct source_ref *source = input->sources; source; source = source->next)
        if (!holds(source, &items))
            return;
    if (input->batch.kind != VALUE_INT || input->batch.i <= items || !input->sources)
        return;
    diag_report(check->diags, "W0341", input->batch_span, "%s never %s more than %lld item%s, so no batch of '%s' has more",
                input->sources->next ? "these channels" : "its channel", input->sources->next ? "hold" : "holds",
                (long long)items, items == 1 ? "" : "s", input->name.text);
    diag_note(check->diags, input->sources->channel->decl.name.span, "'%s' is declared here",
              input->sources->channel->decl.name.text);
    diag_hint(check->diags, "give the channel room for a batch and what comes meanwhile, or gather fewer");
}

void check_batches(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        const struct input *input = stage->inputs;

        if (!input || !input->is_batch)
            continue;
        for (const struct source_ref *source = input->sources; source; source = source->next)
            check_rendezvous(check, input, source);
        check_cycle(check, stage, input);
        check_room(check, input);
    }
}
