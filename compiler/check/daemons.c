/* daemon: a source that keeps nothing running, beside others that do.
 */
#include "check/check.h"
#include "check/deadlock.h"

#include "facts/cycles.h"
#include "facts/inputs.h"
#include "facts/pull.h"
#include "text/memory.h"

static void report_inputs(struct check *check, const struct stage *stage)
{
    diag_report(check->diags, "E0330", stage->daemon_span, "'daemon' is for sources, and '%s' has an input",
                stage->decl.name.text);
    diag_hint(check->diags, "a stage ends with its inputs; leave 'daemon' out");
}

/* A cycle ends when nobody outside can send into it, and what a daemon may still send nobody knows. */
static void check_output(struct check *check, const struct stage *stage, const struct output *output, const int *cycles)
{
    const struct digraph *receivers = check->graph->forward;
    const size_t node = channel_node(check->graph, output->channel);

    for (size_t e = receivers->first[node]; e < receivers->first[node + 1]; e++) {
        const struct stage *to = check->graph->stages[receivers->to[e]];

        if (cycles[to->decl.index] == 0)
            continue;
        diag_report(check->diags, "E0331", output->name.span,
                    "'%s' is a daemon, and '%s' leads into a cycle, which ends when nobody can send into it",
                    stage->decl.name.text, output->name.text);
        diag_note(check->diags, to->decl.name.span, "'%s' is in the cycle", to->decl.name.text);
        diag_hint(check->diags, "leave 'daemon' out");
        return;
    }
}

static void check_outputs(struct check *check, const struct stage *stage, const int *cycles)
{
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (output->channel)
            check_output(check, stage, output, cycles);
}

static const struct stage *first_daemon(const struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (stage->daemon && !stage->inputs)
            return stage;
    return NULL;
}

static void check_others(struct check *check)
{
    const struct stage *daemon = first_daemon(check);

    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (!stage->inputs && !stage->daemon)
            return;
    if (!daemon)
        return;
    diag_report(check->diags, "E0332", daemon->daemon_span,
                "every source is a daemon, so nothing keeps the pipeline running");
    diag_hint(check->diags, "leave 'daemon' out in the source whose items the pipeline is for");
}

/* The channels that a source leads to which is no daemon. */
static bool *find_kept(const struct check *check)
{
    const struct digraph *forward = check->graph->forward;
    bool *kept = memory_take(check->memory, (forward->nnodes + 1) * sizeof *kept);

    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        kept[stage_node(stage)] = !stage->inputs && !stage->daemon;
    digraph_reach(forward, check->memory, kept);
    return kept;
}

static const struct source_ref *first_input(const struct check *check, const struct stage *stage, const bool *kept, bool wanted)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        if (input->sources && input->sources->channel
            && kept[channel_node(check->graph, input->sources->channel)] == wanted)
            return input->sources;
    return NULL;
}

/* A daemon sends no more once the pipeline drains, and what only daemons feed closes when all others have ended: those would
 * wait for room before the zip, and the zip for the daemon's item. */
static void check_zip(struct check *check, const struct stage *zip, const bool *kept)
{
    const struct source_ref *daemons = first_input(check, zip, kept, false);
    const struct source_ref *other = first_input(check, zip, kept, true);

    if (!daemons || !other)
        return;
    diag_report(check->diags, "E0333", daemons->name.span,
                "only daemons send to '%s', and an item of '%s' would wait for one of theirs for ever when they have ended",
                daemons->name.text, other->name.text);
    diag_hint(check->diags, "leave 'daemon' out in the source that pairs are made with");
}

static bool is_kept(const struct check *check, const struct input *input, const bool *kept)
{
    return kept[channel_node(check->graph, input->sources->channel)];
}

/* An input of others whose senders may wait for room while the body wants an item of `daemons`; NULL: there is none. */
static const struct input *full_while_wanted(const struct check *check, const struct stage *stage,
                                             const struct input *daemons, const bool *kept)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        if (is_kept(check, input, kept) && deadlock_waits_for_room(input->sources->channel)
            && pull_may_want(check->ast, stage, daemons, input))
            return input;
    return NULL;
}

/* The same of a body that takes its items itself: of the order in which it does nothing is known. */
static void check_pulled(struct check *check, const struct stage *stage, const bool *kept)
{
    for (const struct input *daemons = stage->inputs; daemons; daemons = daemons->next) {
        const struct input *full = is_kept(check, daemons, kept) ? NULL : full_while_wanted(check, stage, daemons, kept);

        if (!full)
            continue;
        diag_report(check->diags, "W0506", daemons->name.span,
                    "not proven that '%s' never waits for ever: only daemons send to '%s', and when they have ended, it may "
                    "want an item of that while '%s' is full",
                    stage->decl.name.text, daemons->sources->name.text, full->sources->name.text);
        diag_hint(check->diags, "next_any(%s, %s) waits for both; or leave 'daemon' out in the source",
                  daemons->name.text, full->name.text);
        return;
    }
}

static void check_receivers(struct check *check)
{
    const bool *kept = find_kept(check);

    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (stage_is_zip(stage))
            check_zip(check, stage, kept);
        else if (pull_is(stage))
            check_pulled(check, stage, kept);
}

void check_daemons(struct check *check)
{
    int *cycles = memory_take(check->memory, (check->graph->nstages + 1) * sizeof *cycles);

    cycles_number(check->graph, cycles);
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        if (!stage->daemon)
            continue;
        if (stage->inputs)
            report_inputs(check, stage);
        else
            check_outputs(check, stage, cycles);
    }
    if (check->whole && !check->ast->part) {
        check_others(check);
        if (first_daemon(check))
            check_receivers(check);
    }
}
