/* What becomes of items that fail: retries, time limits, and channels of letters with their two ends.
 */
#include "check/check.h"

#include <string.h>

#include "facts/attempt.h"
#include "facts/inline.h"
#include "facts/inputs.h"
#include "facts/leaf.h"
#include "facts/pull.h"
#include "facts/time.h"
#include "parts/instance.h"

/* ---- letters ---- */

static void report_alive(struct check *check, const struct stage *stage, const struct output *letters)
{
    const struct channel *channel = letters->channel;

    diag_report(check->diags, "E0335", letters->name.span, "'%s' carries items, and what fails in '%s' becomes a letter",
                channel->decl.name.text, stage->decl.name.text);
    diag_note(check->diags, channel->decl.name.span, "'%s' is declared here", channel->decl.name.text);
    diag_hint(check->diags, "a channel for letters says so: channel %s NAME[64] dead;",
              stage->inputs ? stage->inputs->sources->channel ? stage->inputs->sources->channel->type.text : "TYPE"
                            : channel->type.text);
}

/* A source has no item, so its letters are empty, whatever they could carry. */
static void check_lost_type(struct check *check, const struct stage *stage, const struct output *letters)
{
    const struct channel *from = stage->inputs ? stage->inputs->sources->channel : NULL;
    const struct channel *to = letters->channel;

    if (!from || !strcmp(from->type.text, to->item.text))
        return;
    diag_report(check->diags, "E0336", letters->name.span, "letters of '%s' are about %s, and '%s' receives %s",
                to->decl.name.text, to->item.text, stage->decl.name.text, from->type.text);
    diag_note(check->diags, to->item.span, "'%s' is declared here", to->decl.name.text);
    diag_note(check->diags, from->type.span, "and '%s' here", from->decl.name.text);
    diag_hint(check->diags, "give '%s' a channel of letters of its own: channel %s NAME[64] dead;", stage->decl.name.text,
              from->type.text);
}

static void check_letters(struct check *check, const struct stage *stage)
{
    const struct output *letters = attempt_letters(stage);

    if (!letters || !letters->channel)
        return;
    if (!letters->channel->dead) {
        report_alive(check, stage, letters);
    } else if (stage->inputs && stage->inputs->next) {
        diag_report(check->diags, "E0338", letters->name.span, "'%s' receives several items at once, and a letter is about one",
                    stage->decl.name.text);
        diag_note(check->diags, stage->inputs->next->name.span, "this is the second");
        diag_hint(check->diags, "on fail then skip; or join them in a stage of its own, which does not fail");
    } else {
        check_lost_type(check, stage, letters);
    }
}

/* ---- the other end ---- */

static void check_sent(struct check *check, const struct stage *stage)
{
    for (const struct output *output = output_first(stage); output; output = output_next(output)) {
        const struct channel *channel = output->channel;

        if (!channel || !channel->dead || stage->feeds)
            continue;
        diag_report(check->diags, "E0337", output->name.span, "'%s' carries letters, which no body writes",
                    channel->decl.name.text);
        diag_note(check->diags, channel->dead_span, "'dead' is written here");
        diag_hint(check->diags, "what fails goes there by itself: on fail then -> %s", channel->decl.name.text);
    }
}

/* A letter comes when its stage's body has returned: there is no call to be made. */
static void check_called(struct check *check, const struct stage *stage)
{
    const struct output *letters = attempt_letters(stage);
    const struct stage *called = letters && letters->channel ? channel_facts(letters->channel)->called : NULL;

    if (!called)
        return;
    diag_report(check->diags, "E0338", called->inline_span, "'%s' receives letters, which come when no body runs that could "
                "call it", called->decl.name.text);
    diag_note(check->diags, letters->name.span, "'%s' sends them", stage->decl.name.text);
    diag_hint(check->diags, "leave 'inline' out");
}

/* The part was written for items; a letter is a structure of the program's. */
static void check_made(struct check *check, const struct stage *stage)
{
    const struct source_ref *ref = stage->inputs ? stage->inputs->sources : NULL;

    for (; stage->instance && ref; ref = ref->next) {
        const char *instance = stage->instance->decl.name.text;
        const char *name = ref->channel ? ref->channel->decl.name.text : "";
        const size_t len = strlen(instance);

        if (!ref->channel || !ref->channel->dead || (!strncmp(name, instance, len) && name[len] == '.'))
            continue;
        diag_report(check->diags, "E0338", ref->name.span, "'%s' carries letters, and the part '%s' wants items", name,
                    stage->instance->part->decl.name.text);
        diag_note(check->diags, ref->channel->dead_span, "'dead' is written here");
        diag_hint(check->diags, "receive them in a stage that sends what the part is to have: emit(take(letter.item));");
    }
}

/* ---- what is held ---- */

static struct span held_span(const struct stage *stage)
{
    return stage->fail.retry ? stage->fail.retry_span : stage->timeout_span;
}

static const char *held_word(const struct stage *stage)
{
    return stage->fail.retry ? "retry" : "timeout";
}

static void check_held(struct check *check, const struct stage *stage)
{
    if (!attempt_holds(stage) || !output_first(stage))
        return;
    for (struct inline_walk walk = inline_start(stage); inline_next(&walk);) {
        if (walk.stage != stage || walk.count.most <= leaf_room(stage))
            continue;
        diag_report(check->diags, "E0339", held_span(stage),
                    "what '%s' sends is held until its body has returned, and nobody knows how much that is",
                    stage->decl.name.text);
        diag_note(check->diags, walk.output->name.span, "a body may send %s to '%s'",
                  walk.count.most == COUNT_ANY ? "any number of items" : "more than 64 items", walk.output->name.text);
        if (stage_is_batch(stage))
            diag_hint(check->diags, "write how many a body sends at most: -> %s[0..N]", walk.output->name.text);
        else
            diag_hint(check->diags, "write how many a body sends at most, up to %d: -> %s[0..N]", LEAF_MOST,
                      walk.output->name.text);
        return;
    }
    if (!leaf_flush_sends(stage))
        return;
    diag_report(check->diags, "E0339", held_span(stage), "'%s' has a flush that sends, and what its bodies send is held",
                stage->decl.name.text);
    diag_note(check->diags, stage->flush_span, "the flush is written here");
    diag_hint(check->diags, "gather in a stage of its own behind this one");
}

/* What an inline stage has done cannot be undone. */
static void check_calls(struct check *check, const struct stage *stage)
{
    for (const struct output *output = attempt_holds(stage) ? output_first(stage) : NULL; output;
         output = output_next(output)) {
        if (!inline_calls(output))
            continue;
        diag_report(check->diags, "E0440", held_span(stage), "a failure of '%s' undoes what it has sent, and what '%s' has "
                    "done by then stays done", stage->decl.name.text,
                    channel_facts(output->channel)->called->decl.name.text);
        diag_note(check->diags, channel_facts(output->channel)->called->inline_span, "'inline' is written here");
        diag_hint(check->diags, "leave 'inline' out, or '%s'", held_word(stage));
    }
}

static void check_timeout(struct check *check, const struct stage *stage)
{
    if (stage->timeout.kind == VALUE_NONE || stage->inputs)
        return;
    diag_report(check->diags, "E0441", stage->timeout_span, "'%s' is a source, so it has no item that could be late",
                stage->decl.name.text);
    diag_hint(check->diags, "give the timeout to the stage that does the work");
}

static void check_backoff(struct check *check, const struct stage *stage)
{
    const struct value *low = &stage->fail.backoff_low, *high = &stage->fail.backoff_high;

    if (low->kind != VALUE_DURATION || high->kind != VALUE_DURATION || low->i <= high->i)
        return;
    diag_report(check->diags, "E0442", (struct span){ low->span.start, high->span.end },
                "the first delay is longer than the longest");
    diag_hint(check->diags, "the shorter one stands first: backoff 100ms..30s");
}

/* ---- calls ---- */

/* The main stage of a part gets its `on fail` where it is used; of its other stages the part has told by itself. */
static bool retry_may_be_given(const struct check *check, const struct stage *stage)
{
    const struct part *part = check->ast->part;

    return stage->instance || (part && strcmp(stage->decl.name.text, part->decl.name.text) == 0);
}

void check_fail_after(struct check *check, const struct stage *stage, const struct call *call, bool in_body)
{
    const struct argument *delay = call->list;
    const struct span all = { call->word.start, call->arguments.end + 1 };
    const struct value value = delay ? time_value(check->ast->sources, delay->span) : (struct value){ 0 };

    if (!in_body || !(stage->fail.retry || retry_may_be_given(check, stage))) {
        diag_report(check->diags, "E0443", call->word, "fail_after says when to try again, and nothing is tried again here");
        diag_hint(check->diags, in_body ? "on fail retry 3; or fail(…), which has no delay"
                                        : "fail(…) says that this failed");
    } else if (call->count < 2 || delay->span.start == delay->span.end
               || delay->next->span.start == delay->next->span.end) {
        diag_report(check->diags, "E0444", all, "fail_after takes a delay, and a reason");
        diag_hint(check->diags, "fail_after(2s, \"busy: %%s\", host);");
    } else if (value.kind == VALUE_SIZE || value.kind == VALUE_RATE) {
        diag_report(check->diags, "E0444", delay->span, "fail_after wants a duration here, and this is a %s",
                    value.kind == VALUE_SIZE ? "size" : "rate");
        diag_hint(check->diags, "2s (ns us ms s m h d), or C in nanoseconds");
    }
}

void check_remaining(struct check *check, const struct stage *stage, const struct call *call, bool in_body)
{
    if (in_body && stage->timeout.kind != VALUE_NONE)
        return;
    diag_report(check->diags, "E0445", call->word, "remaining() is the time until an item's timeout, and there is none here");
    diag_hint(check->diags, in_body ? "write the timeout behind the stage's name: timeout 2s"
                                    : "it stands in the body of a stage with a timeout, and in its functions");
}

void check_attempts(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        if (pull_is(stage)) /* which has none of this (pull.c) */
            continue;
        check_letters(check, stage);
        check_sent(check, stage);
        check_called(check, stage);
        check_made(check, stage);
        check_held(check, stage);
        check_calls(check, stage);
        check_timeout(check, stage);
        check_backoff(check, stage);
    }
}
