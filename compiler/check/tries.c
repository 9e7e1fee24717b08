/* try_emit: it never waits, and leaves with its caller what it does not send.
 */
#include "check/check.h"

#include "facts/inline.h"
#include "facts/item.h"

static const struct output *output_of(const struct stage *stage, const struct call *call)
{
    for (const struct output *output = stage->outputs; output; output = output->next)
        if (output->place == call->output)
            return output;
    return NULL;
}

static void report_roomless(struct check *check, const struct call *call, const struct output *output, const char *why)
{
    diag_report(check->diags, "E0418", call->word, "try_emit asks for room, and '%s' has none to ask for: %s",
                output->name.text, why);
    diag_note(check->diags, output->channel->decl.name.span, "'%s' is declared here", output->name.text);
    diag_hint(check->diags, "emit_ok(…) sends there, as an expression");
}

/* A value that is not sent stays with who called: here nobody has it. */
static void check_taken(struct check *check, const struct call *call, const struct output *output)
{
    for (const struct call *inner = call->next; inner && inner->span.start < call->span.end; inner = inner->next) {
        if (inner->kind != CALL_TAKE || !item_owns(&output->channel->type))
            continue;
        diag_report(check->diags, "E0419", inner->span, "where there is no room, what this takes is lost");
        diag_note(check->diags, call->word, "try_emit sends its value only if there is room now");
        diag_hint(check->diags, "take it into a variable first, and release it where try_emit is false");
    }
}

static void check_try(struct check *check, const struct stage *stage, const struct call *call)
{
    const struct output *output = output_of(stage, call);

    if (!output || !output->channel)
        return;
    if (inline_calls(output))
        report_roomless(check, call, output, "its receiver is inline");
    else if (output->channel->cap_kind == CAP_RENDEZVOUS)
        report_roomless(check, call, output, "a sender goes on when a body begins with its item");
    else if (output->channel->broadcast)
        report_roomless(check, call, output, "it is a broadcast, and each of its receivers has room of its own");
    else if (output->channel->policy == DROP_OLDEST)
        report_roomless(check, call, output, "while it is full, what is sent takes the place of the oldest");
    check_taken(check, call, output);
}

/* For one version: it was emit_ok's name. */
static void warn_of_source(struct check *check, const struct call *call)
{
    diag_report(check->diags, "W0405", call->word, "try_emit no longer waits; emit_ok does");
    diag_hint(check->diags, "emit_ok(…) is false only where emit would leave; try_emit(…) also where there is no room now");
}

/* Returns whether a warning was given. */
static bool check_body(struct check *check, const struct stage *stage, const struct body *body, bool warned)
{
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next) {
        if (call->kind != CALL_TRY_EMIT)
            continue;
        check_try(check, stage, call);
        if (!stage->inputs && !warned)
            warn_of_source(check, call);
        warned = warned || !stage->inputs;
    }
    return warned;
}

void check_tries(struct check *check)
{
    bool warned = false;

    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        const struct functions *functions = stage_facts(stage)->functions;

        for (const struct function *function = functions ? functions->first : NULL; function; function = function->next)
            warned = check_body(check, stage, function->body, warned);
        warned = check_body(check, stage, stage->body.body, warned);
        warned = check_body(check, stage, stage->final.body, warned);
        warned = check_body(check, stage, stage->flush.body, warned);
    }
}
