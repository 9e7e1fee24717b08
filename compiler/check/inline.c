/* Inline stages: a call has one caller, and brings one item at a time to a worker of the caller's.
 */
#include "check/check.h"
#include "facts/inline.h"
#include "facts/pull.h"

static void report_source(struct check *check, const struct stage *stage)
{
    diag_report(check->diags, "E0313", stage->inline_span, "'%s' is a source, so no stage calls it",
                stage->decl.name.text);
    diag_hint(check->diags, "leave 'inline' out; it goes to the stage that receives");
}

static void report_inputs(struct check *check, const struct stage *stage, struct span second)
{
    diag_report(check->diags, "E0314", second, "'%s' is inline, so that its items come from one channel",
                stage->decl.name.text);
    diag_note(check->diags, stage->inline_span, "'inline' is written here");
    diag_hint(check->diags, "leave 'inline' out, or let one stage send all of its items to one channel");
}

/* ---- options ---- */

struct excluded {
    bool present;
    struct span span;
    const char *word, *why, *hint;
};

static void check_option(struct check *check, const struct stage *stage, const struct excluded *option)
{
    if (!option->present)
        return;
    diag_report(check->diags, "E0317", option->span, "'%s' is inline, so it cannot have %s: %s",
                stage->decl.name.text, option->word, option->why);
    diag_note(check->diags, stage->inline_span, "'inline' is written here");
    diag_hint(check->diags, "%s", option->hint);
}

#define AT_SENDER "give it to the stage that sends, or leave 'inline' out"
#define NOT_INLINE "leave one of the two out"

static void check_options(struct check *check, const struct stage *stage)
{
    const struct bound_option *bound = stage->bounds;
    const struct excluded options[] = {
        { stage->has_workers, stage->workers_span, "'workers'", "it runs in the workers of its sender", AT_SENDER },
        { stage->rate.present, stage->rate.span, "'rate'", "a call cannot wait for its time", AT_SENDER },
        { bound, bound ? bound->span : stage->decl.span, "'bound'", "a call cannot wait for a permit", AT_SENDER },
        { stage->ordered, stage->ordered_span, "'ordered'", "each of its workers has the calls of one sender, in order",
          AT_SENDER },
        { stage->by.code.present, stage->by.span, "'by'", "an item stays with the worker that sends it", AT_SENDER },
        { stage->fail.retry, stage->fail.retry_span, "'retry'", "its sender would have to wait for the next attempt",
          NOT_INLINE },
        { stage->timeout.kind != VALUE_NONE, stage->timeout_span, "'timeout'", "the time of a call is its sender's",
          AT_SENDER },
        { stage->blocking, stage->blocking_span, "'blocking'", "it runs in the thread of its sender", AT_SENDER },
        { stage->flush.present, stage->flush_span, "'flush'", "nothing runs it between the items of its sender",
          "leave 'inline' out, or let the stage that sends have the flush" },
    };

    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        check_option(check, stage, &options[i]);
}

/* ---- the channel ---- */

static const struct stage *stage_at(const struct check *check, const struct digraph *ends, size_t node, size_t i)
{
    return check->graph->stages[ends->to[ends->first[node] + i]];
}

static const struct output *output_to(const struct stage *stage, const struct channel *channel)
{
    const struct output *output = stage->outputs;

    while (output->channel != channel)
        output = output->next;
    return output;
}

static void check_senders(struct check *check, const struct stage *stage, const struct channel *channel)
{
    const size_t node = channel_node(check->graph, channel);
    const struct digraph *senders = check->graph->backward;

    if (digraph_degree(senders, node) < 2)
        return;
    diag_report(check->diags, "E0315", stage->inline_span,
                "'%s' is inline, so it runs within the stage that sends to '%s', and there are %zu",
                stage->decl.name.text, channel->decl.name.text, digraph_degree(senders, node));
    for (size_t i = 0; i < 2; i++) {
        const struct stage *sender = stage_at(check, senders, node, i);

        diag_note(check->diags, output_to(sender, channel)->name.span, "'%s' sends to it", sender->decl.name.text);
    }
    diag_hint(check->diags, "leave 'inline' out");
}

static void check_receivers(struct check *check, const struct stage *stage, const struct channel *channel)
{
    const struct stage *other = graph_other_receiver(check->graph, channel, stage);

    if (!other)
        return;
    diag_report(check->diags, "E0316", stage->inline_span,
                "'%s' is inline, so that every item of '%s' goes to it, but '%s' receives from there too",
                stage->decl.name.text, channel->decl.name.text, other->decl.name.text);
    diag_note(check->diags, other->decl.name.span, "this is the other stage");
    diag_hint(check->diags, "give each of the two a channel of its own, or leave 'inline' out");
}

static void check_channel(struct check *check, const struct stage *stage, const struct channel *channel)
{
    if (channel->broadcast) {
        diag_report(check->diags, "E0316", stage->inline_span,
                    "'%s' is inline, so that every item of '%s' goes to it, but that is a broadcast",
                    stage->decl.name.text, channel->decl.name.text);
        diag_note(check->diags, channel->broadcast_span, "'broadcast' is written here");
        diag_hint(check->diags, "leave one of the two out");
    }
    check_senders(check, stage, channel);
    check_receivers(check, stage, channel);
}

/* ---- the chain ---- */

/* Each place where a chain that is too long has to be divided, so that leaving 'inline' out there is enough. */
static void check_depth(struct check *check, const struct stage *stage)
{
    const struct stage *host = inline_host(stage);
    const size_t depth = stage_facts(stage)->depth;

    if (host == stage || depth % (INLINE_CHAIN_MAX + 1) != 0)
        return;
    diag_report(check->diags, "E0607", stage->inline_span,
                "'%s' is number %zu of a chain of inline stages, which may have %d", stage->decl.name.text,
                depth, INLINE_CHAIN_MAX);
    diag_note(check->diags, host->decl.name.span, "the chain begins behind '%s'", host->decl.name.text);
    diag_hint(check->diags, "leave 'inline' out here, or in another stage of the chain");
}

/* ---- all of it ---- */

static void check_stage(struct check *check, const struct stage *stage)
{
    const struct input *input = stage->inputs;
    const struct source_ref *source = input ? input->sources : NULL;

    if (!input) {
        report_source(check, stage);
        return;
    }
    check_options(check, stage);
    if (input->next)
        report_inputs(check, stage, input->next->name.span);
    else if (source && source->next)
        report_inputs(check, stage, source->next->name.span);
    else if (input->is_batch)
        check_option(check, stage, &(struct excluded){ true, input->batch_span, "a batch", "a call brings one item",
                                                       "leave 'inline' out, or gather items in state" });
    else if (source && source->channel)
        check_channel(check, stage, source->channel);
    check_depth(check, stage);
}

void check_inline(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (stage->is_inline && !pull_is(stage))
            check_stage(check, stage);
}
