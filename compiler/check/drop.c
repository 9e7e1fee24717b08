/* Channels that drop when they are full: what must be able to be full, and what may wait for which item it gets.
 */
#include "check/check.h"

#include "facts/inputs.h"

static const char *policy_name(const struct channel *channel)
{
    return channel->policy == DROP_NEWEST ? "drop newest" : "drop oldest";
}

/* ---- the channel ---- */

static void check_capacity(struct check *check, const struct channel *channel)
{
    const char *name = channel->decl.name.text;

    if (channel->cap_kind == CAP_GROWING) {
        diag_report(check->diags, "E0350", channel->policy_span, "'%s' grows as it needs, so it is never full and drops "
                                                                 "nothing", name);
        diag_hint(check->diags, "give it a capacity, channel %s %s[16] %s; or leave '%s' out", channel->type.text, name,
                  policy_name(channel), policy_name(channel));
    } else if (channel->cap_kind == CAP_RENDEZVOUS) {
        diag_report(check->diags, "E0350", channel->policy_span,
                    "'%s' holds nothing: its sender waits until a body begins with its item, so there is none to drop",
                    name);
        diag_hint(check->diags, "the latest item alone: channel %s %s[1] drop oldest;", channel->type.text, name);
    }
}

static void check_call(struct check *check, const struct channel *channel)
{
    const struct stage *called = channel_facts(channel)->called;

    if (!called)
        return;
    diag_report(check->diags, "W0350", channel->policy_span, "'%s' is never full, since '%s' is inline: it drops nothing",
                channel->decl.name.text, called->decl.name.text);
    diag_note(check->diags, called->inline_span, "'inline' is written here");
    diag_hint(check->diags, "leave one of the two out");
}

/* ---- who receives ---- */

/* It is asked for before the body begins, and until then the channel may drop the item that it was asked for. */
static void check_measured(struct check *check, const struct term *term, const char *word, const char *verb,
                           const struct channel *channel)
{
    if (!term->code.present)
        return;
    diag_report(check->diags, "E0351", term->span,
                "'%s' drops its oldest item until a body begins with it, so nobody can %s that before",
                channel->decl.name.text, verb);
    diag_note(check->diags, channel->policy_span, "'drop oldest' is written here");
    diag_hint(check->diags, "leave '%s' out, or let the channel 'drop newest'", word);
}

static void check_oldest(struct check *check, const struct stage *stage, const struct channel *channel)
{
    check_measured(check, &stage->rate.cost, "cost", "price", channel);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        check_measured(check, &bound->weight, "weight", "weigh", channel);
}

/* The n-th of one input no longer stands beside the n-th of the other. */
static void check_zip(struct check *check, const struct stage *stage, const struct source_ref *ref)
{
    if (!stage_is_zip(stage))
        return;
    diag_report(check->diags, "W0351", ref->name.span, "'%s' drops items when it is full, and from then on '%s' pairs others "
                                                       "than were sent together", ref->name.text, stage->decl.name.text);
    diag_note(check->diags, ref->channel->policy_span, "'%s' is written here", policy_name(ref->channel));
    diag_hint(check->diags, "let both halves of a pair travel as one item, and that be dropped");
}

static void check_receiver(struct check *check, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
            if (ref->channel && ref->channel->policy != DROP_NONE && ref->channel->cap_kind == CAP_BOUNDED) {
                check_zip(check, stage, ref);
                if (ref->channel->policy == DROP_OLDEST)
                    check_oldest(check, stage, ref->channel);
            }
}

void check_drop(struct check *check)
{
    CHECK_EACH(check, DECL_CHANNEL, struct channel, channel) {
        if (channel->policy == DROP_NONE)
            continue;
        check_capacity(check, channel);
        check_call(check, channel);
    }
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        check_receiver(check, stage);
}
