/* Stages whose bodies take their items themselves: what stands at their inputs, the options that ask for a body for each
 * item, and the calls that take one.
 */
#include "check/check.h"

#include "facts/cycles.h"
#include "facts/pull.h"
#include "text/memory.h"

/* ---- inputs ---- */

static void check_kinds(struct check *check, const struct stage *stage)
{
    for (const struct input *input = stage->inputs->next; input; input = input->next) {
        if (input->pull == stage->inputs->pull)
            continue;
        diag_report(check->diags, "E0360", input->pull ? input->pull_span : input->name.span,
                    "'%s' takes some items itself, and gets others one by one", stage->decl.name.text);
        diag_note(check->diags, stage->inputs->pull ? stage->inputs->pull_span : stage->inputs->name.span,
                  "this input is of the other kind");
        diag_hint(check->diags, "write 'pull' before each input, or before none");
        return;
    }
}

static void check_sources(struct check *check, const struct input *input)
{
    const struct source_ref *second = input->sources ? input->sources->next : NULL;

    if (!input->pull || !second)
        return;
    diag_report(check->diags, "E0361", second->name.span, "'%s' is pulled, so that it reads one channel",
                input->name.text);
    diag_hint(check->diags, "give each channel an input of its own: (pull %s <- %s, pull … <- %s); "
                            "next_any(…) takes from whichever has an item",
              input->name.text, input->sources->name.text, second->name.text);
}

/* Of what each item gives. A body that takes many of them gives what it gives. */
static void check_counts(struct check *check, const struct stage *stage)
{
    for (const struct output *output = stage->outputs; output; output = output->next) {
        if (!output->counted)
            continue;
        diag_report(check->diags, "E0364", output->count_span,
                    "'%s' takes its items itself, so there is no item for which it could send so many",
                    stage->decl.name.text);
        diag_note(check->diags, stage->inputs->pull_span, "'pull' is written here");
        diag_hint(check->diags, "leave the count out");
    }
}

/* ---- options ---- */

struct excluded {
    bool present;
    struct span span;
    const char *word, *why, *hint;
};

#define AT_OTHERS "give it to a stage before or behind this one, or leave it out"

static void check_options(struct check *check, const struct stage *stage)
{
    const struct bound_option *bound = stage->bounds;
    const struct fail_option *fail = &stage->fail;
    const struct excluded options[] = {
        { stage->rate.present, stage->rate.span, "'rate'", "it counts bodies, and here one takes all items", AT_OTHERS },
        { bound, bound ? bound->span : stage->decl.span, "'bound'", "it counts bodies, and here one takes all items",
          AT_OTHERS },
        { stage->ordered, stage->ordered_span, "'ordered'", "its workers take what they ask for, so no order is given",
          "leave it out: what one worker takes and sends keeps its order" },
        { stage->by.code.present, stage->by.span, "'by'", "its workers take what they ask for, whatever its key",
          "leave 'by' or 'pull' out" },
        { stage->is_inline, stage->inline_span, "'inline'", "a call brings one item, and cannot wait for the next",
          "leave 'inline' or 'pull' out" },
        { stage->every.kind != VALUE_NONE, stage->every_span, "'every'", "its body runs once in each worker",
          "next_for(…, 5s) waits for an item so long and no longer" },
        { stage->flush.present, stage->flush_span, "'flush'", "its body does not end between items",
          "next_for(…, 5s) waits for an item so long and no longer" },
        { fail->retry, fail->retry_span, "'retry'", "there is no item with which its body could begin anew",
          "try again in the body, and fail when that did not help" },
        { fail->then == THEN_CHANNEL, fail->channel.span, "a channel for what failed",
          "no item is the one with which its body began", "emit what is to be kept" },
        { stage->timeout.kind != VALUE_NONE, stage->timeout_span, "'timeout'", "its body takes many items",
          "next_for(…, 5s) waits for an item so long and no longer" },
    };

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!options[i].present)
            continue;
        diag_report(check->diags, "E0362", options[i].span, "'%s' takes its items itself, so it cannot have %s: %s",
                    stage->decl.name.text, options[i].word, options[i].why);
        diag_note(check->diags, stage->inputs->pull_span, "'pull' is written here");
        diag_hint(check->diags, "%s", options[i].hint);
    }
}

/* ---- cycles ---- */

/* The first stage in a cycle that receives from the channel; NULL: there is none. */
static const struct stage *cycle_at(const struct check *check, const int *numbers, const struct channel *channel)
{
    const struct digraph *receivers = check->graph->forward;
    const size_t node = channel ? channel_node(check->graph, channel) : 0;

    for (size_t e = channel ? receivers->first[node] : 0; channel && e < receivers->first[node + 1]; e++)
        if (numbers[receivers->to[e]] > 0)
            return check->graph->stages[receivers->to[e]];
    return NULL;
}

/* An item of a cycle is in flight until its body has returned, and this one's waits for the cycle's end. */
static void check_cycle(struct check *check, const struct stage *stage, const int *numbers)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        const struct channel *channel = input->sources->channel;
        const struct stage *other = cycle_at(check, numbers, channel);

        if (!other)
            continue;
        if (other == stage)
            diag_report(check->diags, "E0363", input->pull_span,
                        "'%s' takes its items itself, and what it sends comes back to it", stage->decl.name.text);
        else
            diag_report(check->diags, "E0363", input->pull_span,
                        "'%s' takes items itself from '%s', which belongs to a cycle of stages", stage->decl.name.text,
                        channel->decl.name.text);
        if (other != stage)
            diag_note(check->diags, other->decl.name.span, "'%s' receives from it too, and what it sends comes back to it",
                      other->decl.name.text);
        diag_hint(check->diags, "a cycle ends when nobody has an item of it, and this body would wait for that with one: "
                                "leave 'pull' out");
        return;
    }
}

static void check_cycles(struct check *check)
{
    int *numbers = memory_take(check->memory, (check->graph->nstages + 1) * sizeof *numbers);

    cycles_number(check->graph, numbers);
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        if (pull_is(stage))
            check_cycle(check, stage, numbers);
}

/* ---- bodies ---- */

static void check_taken(struct check *check, const struct stage *stage)
{
    if (!stage->body.present || pull_is_hidden(stage))
        return;
    for (const struct input *input = stage->inputs; input; input = input->next) {
        if (!input->pull || pull_is_taken(check->ast, stage, input))
            continue;
        diag_report(check->diags, "E0462", input->name.span, "stage '%s' never takes from '%s'", stage->decl.name.text,
                    input->name.text);
        diag_hint(check->diags, "while (next(%s)) { … }; or leave this input out", input->name.text);
    }
}

static const struct input *known_input(const struct stage *stage)
{
    const struct input *input = stage->inputs;

    while (input->next && !input->pull)
        input = input->next;
    return input;
}

static struct span call_span(const struct call *call)
{
    return (struct span){ call->word.start, call->arguments.end + 1 };
}

static void report_arguments(struct check *check, const struct stage *stage, const struct call *call)
{
    const struct input *first = known_input(stage);
    const char *name = first->name.text;

    diag_report(check->diags, "E0460", call_span(call), "%s",
                call->kind == CALL_NEXT       ? "next takes the name of one input that is pulled"
                : call->kind == CALL_NEXT_FOR ? "next_for takes the name of one input that is pulled, and a time"
                                              : "next_any takes names of inputs that are pulled, each once");
    diag_note(check->diags, first->name.span, "such as this one");
    if (call->kind == CALL_NEXT)
        diag_hint(check->diags, "next(%s)", name);
    else if (call->kind == CALL_NEXT_FOR)
        diag_hint(check->diags, "next_for(%s, 250ms)", name);
    else
        diag_hint(check->diags, "next_any(%s, %s)", name, first->next ? first->next->name.text : "…");
}

/* Whether the call's arguments name inputs, each another, from the first to before `n`. */
static bool names_inputs(const struct check *check, const struct stage *stage, const struct call *call, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct input *input = pull_input(check->ast, stage, call, i);

        if (!input)
            return false;
        for (size_t k = 0; k < i; k++)
            if (pull_input(check->ast, stage, call, k) == input)
                return false;
    }
    return true;
}

static bool arguments_fit(const struct check *check, const struct stage *stage, const struct call *call)
{
    const struct argument *second = call->list ? call->list->next : NULL;

    switch (call->kind) {
    case CALL_NEXT:
        return call->count == 1 && names_inputs(check, stage, call, 1);
    case CALL_NEXT_FOR:
        return call->count == NEXT_FOR_ARGUMENTS && second->span.start < second->span.end
            && names_inputs(check, stage, call, 1);
    default:
        return call->count > 0 && names_inputs(check, stage, call, call->count);
    }
}

void check_next(struct check *check, const struct stage *stage, const struct call *call, const char *elsewhere)
{
    if (elsewhere) {
        diag_report(check->diags, "E0461", call->word, "%s cannot stand %s", call_name(call->kind), elsewhere);
        diag_hint(check->diags, "take items in the body, or in a function that it calls");
    } else if (!arguments_fit(check, stage, call)) {
        report_arguments(check, stage, call);
    } else if (call->kind == CALL_NEXT_FOR) {
        check_time(check, "E0460", call, call->list->next);
    }
}

/* ---- all of it ---- */

void check_pull(struct check *check)
{
    bool some = false;

    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        if (!stage->inputs)
            continue;
        check_kinds(check, stage);
        for (const struct input *input = stage->inputs; input; input = input->next)
            check_sources(check, input);
        if (!pull_is(stage))
            continue;
        some = true;
        check_counts(check, stage);
        check_options(check, stage);
        check_taken(check, stage);
    }
    if (some && check->whole)
        check_cycles(check);
}
