/* Weights of a batch's items: what one may say, and who else receives there.
 */
#include "check/check.h"

#include <string.h>

#include "facts/body.h"
#include "facts/decl.h"
#include "facts/functions.h"
#include "facts/inputs.h"
#include "text/ctoken.h"
#include "text/memory.h"

static const char *batch_name(const struct stage *stage)
{
    return stage->inputs->name.text;
}

/* Items are weighed while they lie in the channel, by whoever looks whether there are enough. */
static void check_calls(struct check *check, const struct stage *stage, const struct code *code)
{
    const struct call *call = code->body->calls;

    if (!call && !body_names(code->body, "self"))
        return;
    diag_report(check->diags, "E0365", call ? call->word : code->span,
                "%s means something in a body: what is weighed here waits for one", call ? call_name(call->kind) : "self");
    diag_hint(check->diags, "a weight is about the item, *%s, and params alone", batch_name(stage));
}

/* Those belong to the stage's workers. */
static void check_functions_of(struct check *check, const struct stage *stage, const struct code *code)
{
    const struct functions *functions = stage_facts(stage)->functions;

    for (const char *const *at = functions ? functions->names : NULL; at && *at; at++) {
        if (!body_names(code->body, *at))
            continue;
        diag_report(check->diags, "E0365", code->span, "'%s' is a function of the stage's workers, and what is weighed here waits "
                                                       "for one", *at);
        diag_hint(check->diags, "let it stand above the stage, between %%{ and %%}");
        return;
    }
}

static void check_whole(struct check *check, const struct stage *stage, const struct code *code)
{
    const char *length = memory_join(check->memory, batch_name(stage), "_len", "");
    struct ctoken word;

    if (ctoken_only_word(check->ast->sources, code->span, &word) && strcmp(word.word, batch_name(stage)) == 0) {
        diag_report(check->diags, "E0366", code->span, "'%s' is where items lie, and here one is weighed", word.word);
        diag_hint(check->diags, "the item is *%s", word.word);
        return;
    }
    if (!body_names(code->body, length))
        return;
    diag_report(check->diags, "E0366", code->span, "'%s' counts what a body gets, and here one item is weighed: *%s", length,
                batch_name(stage));
    diag_hint(check->diags, "what a whole batch holds of a bound is the bound's weight: bound N weight (%s)", length);
}

/* What others take away was weighed for nothing, and without end. */
static void check_receivers(struct check *check, const struct stage *stage, const struct source_ref *source)
{
    const struct channel *channel = source->channel;
    const struct stage *other = channel && !channel->broadcast ? graph_other_receiver(check->graph, channel, stage) : NULL;

    if (!other)
        return;
    diag_report(check->diags, "E0367", source->name.span, "'%s' weighs what waits in '%s', but '%s' receives from it too",
                stage->decl.name.text, source->name.text, other->decl.name.text);
    diag_note(check->diags, other->decl.name.span, "this is the other stage");
    diag_hint(check->diags, "give each of the two a channel of its own, or count items");
}

static void check_one(struct check *check, const struct input *input)
{
    if (input->batch.kind != VALUE_INT || input->batch.i != 1)
        return;
    diag_report(check->diags, "W0360", input->batch_weight.span, "a batch of one item is full, whatever that weighs");
    diag_hint(check->diags, "leave 'weight' out, or gather more: %s[1000]", input->name.text);
}

void check_weights(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        const struct code *code = stage_is_batch(stage) ? &stage->inputs->batch_weight : NULL;

        if (!code || !code->present)
            continue;
        check_calls(check, stage, code);
        check_functions_of(check, stage, code);
        check_whole(check, stage, code);
        for (const struct source_ref *source = stage->inputs->sources; source; source = source->next)
            check_receivers(check, stage, source);
        check_one(check, stage->inputs);
    }
}
